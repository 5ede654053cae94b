<?php
declare( strict_types = 1 );

namespace Rollcall\Shortcodes;

use Rollcall\Clock;
use Rollcall\Status\Dashboard;
use Rollcall\Status\Snapshot;
use Rollcall\Status\StateWords;

/**
 * `[rollcall_status]`: the public monitors with their states, and figures of all of them. Nothing of it needs script or a nonce,
 * so that a page cache may keep it; it says of when it is.
 *
 * @phpstan-import-type Seen from Snapshot
 * @phpstan-import-type PublicMonitor from Snapshot
 * @phpstan-type Attributes array{limit: int, show_stats: bool}
 * @phpstan-type Moment array{iso: string, text: string}
 * @phpstan-type Row array{name: string, state: string, mark: string, word: string, since: Moment|null, uptime: string, response_time: string, checked: Moment|null}
 */
final class Status implements Piece {
	public const TAG   = 'status';
	public const BLOCK = 'rollcall/status';
	public const STYLE = 'rollcall-status';

	private const LIMIT = 1000;
	/** What switches a flag of a shortcode off. */
	private const NO = array( '0', 'no', 'false', 'off', '' );
	/** Beside the word, so that states differ in shape too. */
	private const MARKS = array( 'up' => '✓', 'degraded' => '!', 'down' => '✕', 'confirming' => '…' );
	/** What is shown for a figure that is not known. */
	private const NOTHING = '–';

	/**
	 * Attributes as a number and a flag, whatever was given; nothing else of it is used.
	 *
	 * @param array<int|string, mixed> $given
	 * @return Attributes
	 */
	public static function attributes( array $given ): array {
		$limit = $given['limit'] ?? self::LIMIT;
		$stats = $given['show_stats'] ?? true;
		return array(
			'limit'      => is_numeric( $limit ) ? max( 1, min( self::LIMIT, (int) $limit ) ) : self::LIMIT,
			'show_stats' => is_bool( $stats ) ? $stats : ! in_array( strtolower( is_scalar( $stats ) ? (string) $stats : '1' ), self::NO, true ),
		);
	}

	/**
	 * The HTML; a line that says so while nothing can be read, or nothing is public.
	 *
	 * @param array<int|string, mixed> $given Attributes of shortcode or block.
	 */
	public static function render( array $given ): string {
		$attributes = self::attributes( $given );
		$now_ms     = Clock::now_ms();
		$seen       = Snapshot::or_null( $now_ms );
		wp_enqueue_style( self::STYLE );
		return self::template( $seen, $attributes, $now_ms );
	}

	/** Hook init: tells WordPress of the style; a page gets it, inline, only when it shows the status. */
	public static function register_style(): void {
		wp_register_style( self::STYLE, plugins_url( 'templates/status.css', ROLLCALL_FILE ), array(), ROLLCALL_VERSION );
		wp_style_add_data( self::STYLE, 'path', dirname( ROLLCALL_FILE ) . '/templates/status.css' );
	}

	/**
	 * @param Seen|null  $seen
	 * @param Attributes $attributes
	 */
	private static function template( ?array $seen, array $attributes, int $now_ms ): string {
		$monitors  = $seen['monitors'] ?? array();
		$rows      = array_map( array( self::class, 'row' ), array_slice( $monitors, 0, $attributes['limit'] ) );
		$left_out  = count( $monitors ) - count( $rows );
		$is_known  = null !== $seen;
		$is_silent = $seen['is_silent'] ?? false;
		$stats     = $attributes['show_stats'] && ( ! $is_known || array() !== $monitors ) ? self::stats( Dashboard::of( $seen, $now_ms )['stats'] ) : array();
		$known     = self::moment( $seen['known_until_ms'] ?? null );
		$as_of     = self::moment( $seen['generated_at_ms'] ?? null, ' T' );
		ob_start();
		require dirname( __DIR__, 2 ) . '/templates/status.php';
		return trim( (string) ob_get_clean() );
	}

	/**
	 * @param PublicMonitor $monitor
	 * @return Row
	 */
	private static function row( array $monitor ): array {
		return array(
			'name'          => '' === $monitor['name'] ? __( 'Monitor without a name', 'rollcall' ) : $monitor['name'],
			'state'         => $monitor['screen_state'],
			'mark'          => self::MARKS[ $monitor['screen_state'] ] ?? '?',
			'word'          => StateWords::of( $monitor['screen_state'] ),
			'since'         => self::moment( $monitor['since_ms'] ),
			'uptime'        => self::figure( $monitor['uptime_30d'], 'percent' ),
			'response_time' => self::figure( null === $monitor['response_time_ms'] ? null : $monitor['response_time_ms'] / 1000, 'seconds' ),
			'checked'       => self::moment( $monitor['last_checked_ms'] ),
		);
	}

	/**
	 * Text by name of the figure.
	 *
	 * @param list<array{key: string, label: string, value: float|int|null, unit: string}> $stats
	 * @return array<string, string>
	 */
	private static function stats( array $stats ): array {
		$texts = array();
		foreach ( $stats as $stat ) {
			$texts[ $stat['label'] ] = self::figure( $stat['value'], $stat['unit'] );
		}
		return $texts;
	}

	/** A figure as people read it. Percent are cut, not rounded: 100 % is said only when nothing was lost. */
	private static function figure( int|float|null $value, string $unit ): string {
		if ( null === $value ) {
			return self::NOTHING;
		}
		return match ( $unit ) {
			/* translators: %s: a number, such as 99.98. */
			'percent' => sprintf( __( '%s %%', 'rollcall' ), number_format_i18n( floor( $value * 100 + 1e-6 ) / 100, 100.0 === (float) $value ? 0 : 2 ) ),
			/* translators: %s: a number of seconds, such as 0.412. */
			'seconds' => sprintf( __( '%s s', 'rollcall' ), number_format_i18n( (float) $value, 3 ) ),
			default   => number_format_i18n( (float) $value ),
		};
	}

	/**
	 * An instant for machines and, in the site's own format and time zone, for people.
	 *
	 * @return Moment|null
	 */
	private static function moment( ?int $instant_ms, string $zone = '' ): ?array {
		if ( null === $instant_ms ) {
			return null;
		}
		$formats = array_filter( array( get_option( 'date_format' ), get_option( 'time_format' ) ), 'is_string' );
		return array(
			'iso'  => gmdate( 'Y-m-d\TH:i:s\Z', intdiv( $instant_ms, 1000 ) ),
			'text' => (string) wp_date( implode( ' ', $formats ) . $zone, intdiv( $instant_ms, 1000 ) ),
		);
	}
}
