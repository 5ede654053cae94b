<?php
declare( strict_types = 1 );

namespace Rollcall\Status;

/** What to say of a monitor now, from what is stored of it. */
final class MonitorState {
	/** A reading is too old when it is older than two intervals, at least two of this length, ... */
	public const LONG_SECONDS = 90;

	private const OLD_MS = 2 * self::LONG_SECONDS * 1000;

	/** ... and than the way of a result to WordPress takes: an idle exchange comes once a minute. */
	private const TRANSIT_MS = 60_000;

	/**
	 * Word of SCREEN_STATES, the first that holds: paused, no_reading, confirming, then the state.
	 *
	 * @param string   $state          Word of MONITOR_STATES: what the judge said last.
	 * @param int|null $last_slot_ms   Newest slot; null when it was never checked.
	 * @param int      $known_until_ms What came later is not known.
	 * @param bool     $is_silent      The companion is silent, as Silence says: nothing is known of now.
	 */
	public static function screen_state( bool $active, string $state, ?int $last_slot_ms, int $known_until_ms, int $interval_seconds, bool $is_confirming, bool $is_silent, int $now_ms ): string {
		return match ( true ) {
			! $active        => 'paused',
			null === $last_slot_ms || 'unknown' === $state || $is_silent || self::is_old( $known_until_ms, $interval_seconds, $now_ms ) => 'no_reading',
			$is_confirming   => 'confirming',
			default          => $state,
		};
	}

	/** Instant before which a reading of a monitor with this interval is too old. */
	public static function oldest_ms( int $interval_seconds, int $now_ms ): int {
		return $now_ms - max( 2 * $interval_seconds * 1000, self::OLD_MS ) - self::TRANSIT_MS;
	}

	private static function is_old( int $known_until_ms, int $interval_seconds, int $now_ms ): bool {
		return $known_until_ms < self::oldest_ms( $interval_seconds, $now_ms );
	}
}
