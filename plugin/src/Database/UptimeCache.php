<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;
use Rollcall\Status\Histogram;
use Rollcall\Status\Uptime;

/**
 * Uptime of hours and days of UTC. An hour that is touched is worked out anew in full from its checks and the state changes, so
 * that it does not depend on the order in which they came, nor on what was stored. A day is the sum of its hours and changes by
 * what these change: to add up 24 of them took most of the time of a batch. A bucket of which nothing is known has no row.
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

	/** What a day is the sum of. */
	private const SUMMED = array( 'up_ms', 'degraded_ms', 'down_ms', 'maintenance_ms', 'check_count', 'failed_count' );

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
			$stored = UptimeBuckets::stored( 'uptime_hourly', $group );
			$counts = self::counts( $group, $stored, $now_ms );
			$fresh  = self::hours( $group, $known_until, $newest, $counts );
			UptimeBuckets::replace( 'uptime_hourly', $stored, $fresh );
			$days = UptimeBuckets::stored( 'uptime_daily', array_map( static fn ( array $window ): array => array( Uptime::start_ms( $window[0], Uptime::DAY_MS ), Uptime::start_ms( $window[1] - 1, Uptime::DAY_MS ) + Uptime::DAY_MS ), $group ) );
			UptimeBuckets::replace( 'uptime_daily', $days, self::days( $days, $stored, $fresh ) );
		}
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
	 * @param Buckets $stored
	 * @return Buckets Times of them are not these.
	 */
	private static function counts( array $windows, array $stored, int $now_ms ): array {
		// Checks of hours before this one may be gone by now; what was counted of them stays.
		$kept_ms = Uptime::start_ms( $now_ms - self::CHECK_DAYS * Uptime::DAY_MS, Uptime::HOUR_MS ) + Uptime::HOUR_MS;
		$counts  = array_map( static fn ( array $hours ): array => array_filter( $hours, static fn ( int $hour_ms ): bool => $hour_ms < $kept_ms, ARRAY_FILTER_USE_KEY ), $stored );
		$counted = array_map( static fn ( array $window ): array => array( max( $window[0], $kept_ms ), $window[1] ), $windows );
		foreach ( Checks::by_hour( array_filter( $counted, static fn ( array $window ): bool => $window[0] < $window[1] ) ) as $monitor_id => $hours ) {
			foreach ( $hours as $hour_ms => $hour ) {
				$counts[ $monitor_id ][ $hour_ms ] = array( 'histogram' => Histogram::text( $hour['histogram'] ) ) + $hour + UptimeBuckets::NOTHING;
			}
		}
		return $counts;
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
	 * Days after hours of theirs have changed.
	 *
	 * @param Buckets $days   As they are stored.
	 * @param Buckets $stored Hours as they were.
	 * @param Buckets $fresh  The same hours now.
	 * @return Buckets
	 */
	private static function days( array $days, array $stored, array $fresh ): array {
		foreach ( $fresh + $stored as $monitor_id => $of_monitor ) {
			foreach ( $of_monitor + ( $stored[ $monitor_id ] ?? array() ) as $hour_ms => $hour ) {
				$was = $stored[ $monitor_id ][ $hour_ms ] ?? UptimeBuckets::NOTHING;
				$now = $fresh[ $monitor_id ][ $hour_ms ] ?? UptimeBuckets::NOTHING;
				if ( $was !== $now ) {
					$day_ms = Uptime::start_ms( $hour_ms, Uptime::DAY_MS );

					$days[ $monitor_id ][ $day_ms ] = self::changed( $days[ $monitor_id ][ $day_ms ] ?? UptimeBuckets::NOTHING, $was, $now );
				}
			}
		}
		return array_map( static fn ( array $of_monitor ): array => array_filter( $of_monitor, static fn ( array $day ): bool => $day['unknown_ms'] < Uptime::DAY_MS || $day['check_count'] > 0 ), $days );
	}

	/**
	 * A day of which an hour has changed.
	 *
	 * @param Bucket $day
	 * @param Bucket $was
	 * @param Bucket $now
	 * @return Bucket
	 */
	private static function changed( array $day, array $was, array $now ): array {
		foreach ( self::SUMMED as $column ) {
			$day[ $column ] += $now[ $column ] - $was[ $column ];
		}
		$day['unknown_ms'] = Uptime::DAY_MS - $day['up_ms'] - $day['degraded_ms'] - $day['down_ms'] - $day['maintenance_ms'];
		if ( $was['histogram'] !== $now['histogram'] ) {
			$day['histogram'] = Histogram::text_with( $day['histogram'], Histogram::difference( $now['histogram'], $was['histogram'] ) );
		}
		return $day;
	}
}
