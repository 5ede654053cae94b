<?php
declare( strict_types = 1 );

namespace Rollcall\Shortcodes;

use Rollcall\Database\Lists;
use Rollcall\Database\Migrator;
use Rollcall\Matching\VisitorMatch;
use Rollcall\Rest\Resource;
use Rollcall\Rest\VisitorMatch as Route;
use Rollcall\RollcallError;
use Rollcall\Settings;

/**
 * `[rollcall_matcher]`: visitors see which companies are in a list of theirs. Its addresses are read in the browser, and
 * only the domains are sent here. Without script it says how it works.
 *
 * @phpstan-import-type StoredList from Lists
 * @phpstan-type Attributes array{show_steps: bool}
 * @phpstan-type Link array{text: string, url: string}
 */
final class Matcher implements Piece {
	public const TAG   = 'matcher';
	public const BLOCK = 'rollcall/matcher';
	public const STYLE = 'rollcall-matcher';

	/** What switches a flag of a shortcode off. */
	private const NO = array( '0', 'no', 'false', 'off', '' );

	/**
	 * Attributes as flags, whatever was given; nothing else of it is used.
	 *
	 * @param array<int|string, mixed> $given
	 * @return Attributes
	 */
	public static function attributes( array $given ): array {
		$steps = $given['show_steps'] ?? true;
		return array( 'show_steps' => is_bool( $steps ) ? $steps : ! in_array( strtolower( is_scalar( $steps ) ? (string) $steps : '1' ), self::NO, true ) );
	}

	/**
	 * The HTML; a line that says so while there is no list that visitors may look into.
	 *
	 * @param array<int|string, mixed> $given Attributes of shortcode or block.
	 */
	public static function render( array $given ): string {
		$attributes = self::attributes( $given );
		try {
			$lists = Migrator::is_current() ? Lists::visible_to_visitors() : array();
		} catch ( RollcallError $error ) {
			// phpcs:ignore WordPress.PHP.DevelopmentFunctions.error_log_error_log -- a visitor cannot mend it.
			error_log( 'Rollcall: the matcher for visitors was not drawn: ' . $error->getMessage() );
			$lists = array();
		}
		wp_enqueue_style( self::STYLE );
		if ( array() !== $lists ) {
			wp_interactivity_config( self::BLOCK, array( 'url' => rest_url( Resource::NAMESPACE . Route::ROUTE ), 'texts' => self::texts() ) );
		}
		return self::template( $lists, $attributes['show_steps'] );
	}

	/** Hook init: tells WordPress of the style; a page gets it, inline, only when it shows the matcher. */
	public static function register_style(): void {
		wp_register_style( self::STYLE, plugins_url( 'templates/matcher.css', ROLLCALL_FILE ), array(), ROLLCALL_VERSION );
		wp_style_add_data( self::STYLE, 'path', dirname( ROLLCALL_FILE ) . '/templates/matcher.css' );
	}

	/** @param list<StoredList> $lists */
	private static function template( array $lists, bool $show_steps ): string {
		$about   = VisitorMatch::about( $lists );
		$format  = get_option( 'date_format' );
		$updated = null === $about['list_updated_at'] ? '' : (string) wp_date( is_string( $format ) ? $format : 'Y-m-d', (int) strtotime( $about['list_updated_at'] ) );
		$title   = $about['list_title'];
		$links   = self::links( $lists );
		$is_open = array() !== $lists;
		$context = wp_interactivity_data_wp_context( self::context() );
		ob_start();
		require dirname( __DIR__, 2 ) . '/templates/matcher.php';
		return trim( (string) ob_get_clean() );
	}

	/**
	 * What the script begins with; the same in every matcher of a page.
	 *
	 * @return array<string, mixed>
	 */
	private static function context(): array {
		return array(
			'is_waiting'  => true,
			'is_busy'     => false,
			'has_matches' => false,
			'progress'    => 0,
			'message'     => '',
			'error'       => '',
			'rows'        => array(),
		);
	}

	/**
	 * Where the lists come from, and where they are kept when anyone may see that.
	 *
	 * @param list<StoredList> $lists
	 * @return list<Link>
	 */
	private static function links( array $lists ): array {
		$links = array();
		foreach ( $lists as $list ) {
			// A list by a secret address is nobody's business.
			if ( 'yc' === $list['source'] && '' !== esc_url( $list['url'], array( 'http', 'https' ) ) ) {
				$links[] = array( 'text' => __( 'sourced here', 'rollcall' ), 'url' => $list['url'] );
			}
			if ( Lists::DEFAULT_UID === $list['list_uid'] && Settings::get()['companies_public'] ) {
				$links[] = array( 'text' => __( 'cached here', 'rollcall' ), 'url' => rest_url( Resource::NAMESPACE . '/companies.json' ) );
			}
		}
		return $links;
	}

	/**
	 * Texts of the script: WordPress before 7.0 cannot translate a module's.
	 *
	 * @return array<string, mixed>
	 */
	private static function texts(): array {
		return array(
			/* translators: %s: a number from 0 to 100. */
			'reading'   => __( 'Reading the list in your browser: %s %%', 'rollcall' ),
			/* translators: 1: domains asked so far, 2: domains in all. */
			'asking'    => __( 'Looking up domains: %1$s of %2$s', 'rollcall' ),
			/* translators: 1: number of companies, 2: number of domains looked up. */
			'found'     => __( 'Companies found: %1$s. Domains looked up: %2$s.', 'rollcall' ),
			/* translators: %s: number of domains looked up. */
			'none'      => __( 'No company of the list is among them. Domains looked up: %s.', 'rollcall' ),
			'empty'     => __( 'There is no e-mail address or domain in it.', 'rollcall' ),
			'cancelled' => __( 'Cancelled.', 'rollcall' ),
			/* translators: %s: number of domains. */
			'too_many'  => __( 'Only the first %s domains were looked up.', 'rollcall' ),
			/* translators: %s: number of minutes. */
			'limited'   => __( 'That was a lot of look-ups. Try again in about this many minutes: %s.', 'rollcall' ),
			'failed'    => __( 'The domains could not be looked up. Check your connection and try again.', 'rollcall' ),
			'no_text'   => __( 'This file is not text. Save it as CSV and drop it again.', 'rollcall' ),
			'statuses'  => array(
				'active'   => __( 'Active', 'rollcall' ),
				'inactive' => __( 'Inactive', 'rollcall' ),
				'acquired' => __( 'Acquired', 'rollcall' ),
				'public'   => __( 'Public', 'rollcall' ),
				'unknown'  => __( 'Unknown', 'rollcall' ),
			),
			'former'    => __( 'former domain', 'rollcall' ),
		);
	}
}
