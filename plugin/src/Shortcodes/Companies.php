<?php
declare( strict_types = 1 );

namespace Rollcall\Shortcodes;

use Rollcall\Database\CompaniesWall;
use Rollcall\Database\Migrator;
use Rollcall\RollcallError;
use Rollcall\Settings;

/**
 * `[rollcall_companies]`: the companies that users work at. Nothing until it is switched on, and only companies with as
 * many users as the setting asks for. Names and batches only: a logo from elsewhere would tell its host who visits.
 *
 * @phpstan-type Attributes array{limit: int, show_batch: bool}
 */
final class Companies implements Piece {
	public const TAG   = 'companies';
	public const BLOCK = 'rollcall/companies';
	public const STYLE = 'rollcall-companies';

	private const LIMIT     = 24;
	private const MAX_LIMIT = 100;
	/** What switches a flag of a shortcode off. */
	private const NO = array( '0', 'no', 'false', 'off', '' );

	/**
	 * Attributes as numbers and flags, whatever was given; nothing else of it is used.
	 *
	 * @param array<int|string, mixed> $given
	 * @return Attributes
	 */
	public static function attributes( array $given ): array {
		$limit = $given['limit'] ?? self::LIMIT;
		$batch = $given['show_batch'] ?? true;
		return array(
			'limit'      => is_numeric( $limit ) ? max( 1, min( self::MAX_LIMIT, (int) $limit ) ) : self::LIMIT,
			'show_batch' => is_bool( $batch ) ? $batch : ! in_array( strtolower( is_scalar( $batch ) ? (string) $batch : '1' ), self::NO, true ),
		);
	}

	/**
	 * The HTML; empty when it is switched off, when there is nothing to show, or when the tables are not ready.
	 *
	 * @param array<int|string, mixed> $given Attributes of shortcode or block.
	 */
	public static function render( array $given ): string {
		$settings = Settings::get();
		if ( ! $settings['companies_wall_enabled'] || ! Migrator::is_current() ) {
			return '';
		}
		$attributes = self::attributes( $given );
		try {
			$wall = CompaniesWall::newest( $settings['companies_wall_minimum'], $attributes['limit'] );
		} catch ( RollcallError $error ) {
			// phpcs:ignore WordPress.PHP.DevelopmentFunctions.error_log_error_log -- a visitor cannot mend it.
			error_log( 'Rollcall: the companies wall was not drawn: ' . $error->getMessage() );
			return '';
		}
		if ( null === $wall || array() === $wall['companies'] ) {
			return '';
		}
		wp_enqueue_style( self::STYLE );
		return self::template( $wall['companies'], $attributes['show_batch'], $wall['as_of_ms'] );
	}

	/** Hook init: tells WordPress of the style; a page gets it, inline, only when it shows the wall. */
	public static function register_style(): void {
		$file = dirname( ROLLCALL_FILE ) . '/templates/companies.css';
		wp_register_style( self::STYLE, plugins_url( 'templates/companies.css', ROLLCALL_FILE ), array(), ROLLCALL_VERSION );
		wp_style_add_data( self::STYLE, 'path', $file );
	}

	/** @param list<array{name: string, batch: string}> $companies */
	private static function template( array $companies, bool $show_batch, int $as_of_ms ): string {
		$format = get_option( 'date_format' );
		$as_of  = (string) wp_date( is_string( $format ) ? $format : 'Y-m-d', intdiv( $as_of_ms, 1000 ) );
		ob_start();
		require dirname( __DIR__, 2 ) . '/templates/companies.php';
		return trim( (string) ob_get_clean() );
	}
}
