<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;
use Rollcall\Status\Histogram;
use Rollcall\Status\Uptime;

/**
 * Uptime of hours and days of UTC. Whatever is touched is worked out anew in full: an hour from its checks and the state changes,
 * a day from its hours, so that neither depends on the order in which they came, nor on what was stored. The day up to which a
 * monitor is known has no row until a later one is known: it would change with every batch and took a quarter of its time;
 * UptimeSums reads its hours, and before these are removed it is worked out, too. A bucket of which nothing is known has no row.
 *
 * @phpstan-import-type Windows from Checks
 * @phpstan-import-type Newest from StateChanges
 * @phpstan-import-type Bucket from UptimeBuckets
 * @phpstan-import-type Buckets from UptimeBuckets
 */
final class UptimeCache {
	/** Days that checks, and hours, are kept; Pruning asks here. */
	public const CHECK_DAYS = 14;
	public const HOUR_DAYS  = 400;

	/** Monitors and hours of a group that is worked out at once: some 10 MB. */
	private const MONITORS = 1000;
	private const HOURS    = 4000;

	/** Monitors whose days are added up at once. */
	private const MONITORS_OF_DAYS = 100;

	/**
	 * Brings hours and their days up to date.
	 *
	 * @param Windows            $windows     What was touched: from and to by monitor_id.
	 * @param array<int, int>    $known_until By monitor_id.
	 * @param array<int, Newest> $newest      The newest changes of monitors; of those that are absent the changes are read.
	 */
	public static function recompute( array $windows, array $known_until, int $now_ms, array $newest = array() ): void {
		$oldest_ms = Uptime::start_ms( $now_ms - self::HOUR_DAYS * Uptime::DAY_MS, Uptime::DAY_MS );
		$hours     = array();
		foreach ( $windows as $monitor_id => [ $from_ms, $to_ms ] ) {
			if ( $to_ms >= $oldest_ms ) {
				$hours[ $monitor_id ] = array( Uptime::start_ms( max( $from_ms, $oldest_ms ), Uptime::HOUR_MS ), Uptime::start_ms( $to_ms, Uptime::HOUR_MS ) + Uptime::HOUR_MS );
			}
		}
		foreach ( self::groups( $hours ) as $group ) {
			UptimeBuckets::replace( 'uptime_hourly', $group, self::hours( $group, $known_until, $newest, self::counts( $group, $now_ms ) ) );
			self::days( $group, $known_until );
		}
	}

	/**
	 * Works out the days that have no row of their own, before their hours are removed: the last ones of monitors that were
	 * silent since. Others may remove hours, too: it asks again when no batch and no other one is at it.
	 *
	 * @param non-empty-list<int> $monitor_ids
	 * @param int                 $before_ms   A day's first instant.
	 */
	public static function keep_days( array $monitor_ids, int $before_ms ): void {
		if ( array() === UptimeBuckets::days_without_row( $monitor_ids, $before_ms ) ) {
			return;
		}
		Transaction::run(
			static function () use ( $monitor_ids, $before_ms ): void {
				JudgeEpoch::hold();
				foreach ( UptimeBuckets::days_without_row( $monitor_ids, $before_ms ) as $windows ) {
					self::add_up( $windows );
				}
			}
		);
	}

	/**
	 * Windows in groups whose rows fit into memory.
	 *
	 * @param Windows $windows
	 * @return list<Windows>
	 */
	private static function groups( array $windows ): array {
		$groups = array();
		$group  = array();
		$hours  = 0;
		foreach ( $windows as $monitor_id => $window ) {
			$more = intdiv( $window[1] - $window[0], Uptime::HOUR_MS );
			if ( array() !== $group && ( count( $group ) >= self::MONITORS || $hours + $more > self::HOURS ) ) {
				$groups[] = $group;
				$group    = array();
				$hours    = 0;
			}
			$group[ $monitor_id ] = $window;
			$hours               += $more;
		}
		return array() === $group ? $groups : array( ...$groups, $group );
	}

	/**
	 * How many checks hours have now, and how long these took; hours without any are absent.
	 *
	 * @param Windows $windows
	 * @return Buckets Times of them are not these.
	 */
	private static function counts( array $windows, int $now_ms ): array {
		// Checks of hours before this one may be gone by now; what was counted of them stays.
		$kept_ms = Uptime::start_ms( $now_ms - self::CHECK_DAYS * Uptime::DAY_MS, Uptime::HOUR_MS ) + Uptime::HOUR_MS;
		$counts  = UptimeBuckets::stored( 'uptime_hourly', self::some( array_map( static fn ( array $window ): array => array( $window[0], min( $window[1], $kept_ms ) ), $windows ) ) );
		foreach ( Checks::by_hour( self::some( array_map( static fn ( array $window ): array => array( max( $window[0], $kept_ms ), $window[1] ), $windows ) ) ) as $monitor_id => $hours ) {
			foreach ( $hours as $hour_ms => $hour ) {
				$counts[ $monitor_id ][ $hour_ms ] = array( 'histogram' => Histogram::text( $hour['histogram'] ) ) + $hour + UptimeBuckets::NOTHING;
			}
		}
		return $counts;
	}

	/**
	 * @param Windows $windows
	 * @return Windows Those that are not empty.
	 */
	private static function some( array $windows ): array {
		return array_filter( $windows, static fn ( array $window ): bool => $window[0] < $window[1] );
	}

	/**
	 * @param Windows            $windows
	 * @param array<int, int>    $known_until
	 * @param array<int, Newest> $newest
	 * @param Buckets            $counts
	 * @return Buckets
	 */
	private static function hours( array $windows, array $known_until, array $newest, array $counts ): array {
		$changing = array_filter( $windows, static fn ( array $window, int $monitor_id ): bool => ( $newest[ $monitor_id ]['changed_at_ms'] ?? PHP_INT_MAX ) > $window[0], ARRAY_FILTER_USE_BOTH );
		$changes  = StateChanges::within( $changing );
		$hours    = array();
		foreach ( $windows as $monitor_id => [ $from_ms, $to_ms ] ) {
			$until_ms = $known_until[ $monitor_id ] ?? 0;
			if ( isset( $changing[ $monitor_id ] ) ) {
				$source = array(
					'changes'        => $changes[ $monitor_id ] ?? array(),
					'maintenance'    => array(),
					'known_until_ms' => $until_ms,
				);
				$parts  = Uptime::by( Uptime::HOUR_MS, $source, $from_ms, $to_ms );
			} else {
				$parts = Uptime::unchanged( Contract::word( 'MONITOR_STATES', $newest[ $monitor_id ]['state'] ), $until_ms, $from_ms, $to_ms );
			}
			foreach ( $parts as $hour_ms => $of_hour ) {
				$of_checks = $counts[ $monitor_id ][ $hour_ms ] ?? UptimeBuckets::NOTHING;
				if ( Uptime::HOUR_MS > $of_hour['unknown_ms'] || $of_checks['check_count'] > 0 ) {
					$hours[ $monitor_id ][ $hour_ms ] = array(
						...$of_hour,
						'check_count'  => $of_checks['check_count'],
						'failed_count' => $of_checks['failed_count'],
						'histogram'    => $of_checks['histogram'],
					);
				}
			}
		}
		return $hours;
	}

	/**
	 * Works out the days of hours, but for the one up to which a monitor is known.
	 *
	 * @param Windows         $windows
	 * @param array<int, int> $known_until
	 */
	private static function days( array $windows, array $known_until ): void {
		$days = array();
		foreach ( $windows as $monitor_id => [ $from_ms, $to_ms ] ) {
			$days[ $monitor_id ] = array(
				Uptime::start_ms( $from_ms, Uptime::DAY_MS ),
				min( Uptime::start_ms( $to_ms - 1, Uptime::DAY_MS ) + Uptime::DAY_MS, Uptime::start_ms( $known_until[ $monitor_id ] ?? 0, Uptime::DAY_MS ) ),
			);
		}
		self::add_up( self::some( $days ) );
	}

	/**
	 * Works out days from their hours.
	 *
	 * @param Windows $windows Whole days.
	 */
	private static function add_up( array $windows ): void {
		foreach ( array_chunk( $windows, self::MONITORS_OF_DAYS, true ) as $chunk ) {
			$sums = array();
			foreach ( UptimeBuckets::stored( 'uptime_hourly', $chunk ) as $monitor_id => $hours ) {
				$of_days = array();
				foreach ( $hours as $hour_ms => $hour ) {
					$of_days[ Uptime::start_ms( $hour_ms, Uptime::DAY_MS ) ][] = $hour;
				}
				$sums[ $monitor_id ] = array_map( array( self::class, 'day' ), $of_days );
			}
			UptimeBuckets::replace( 'uptime_daily', $chunk, $sums );
		}
	}

	/**
	 * The sum of the hours of a day.
	 *
	 * @param list<Bucket> $hours Those of which anything is known.
	 * @return Bucket
	 */
	private static function day( array $hours ): array {
		$times                = Uptime::add( $hours );
		$times['unknown_ms'] += ( 24 - count( $hours ) ) * Uptime::HOUR_MS;
		return array(
			...$times,
			'check_count'  => array_sum( array_column( $hours, 'check_count' ) ),
			'failed_count' => array_sum( array_column( $hours, 'failed_count' ) ),
			'histogram'    => Histogram::text( Histogram::merge( array_map( array( Histogram::class, 'parse' ), array_column( $hours, 'histogram' ) ) ) ),
		);
	}
}
