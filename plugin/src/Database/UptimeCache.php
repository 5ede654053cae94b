<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Status\Histogram;
use Rollcall\Status\Uptime;

/**
 * Uptime of hours and days of UTC, worked out anew in full from checks and state changes whenever one of them comes in, so
 * that the order in which they come does not matter. A bucket of which nothing is known has no row.
 *
 * @phpstan-import-type UptimeParts from Uptime
 * @phpstan-import-type HourOfChecks from Checks
 * @phpstan-import-type Counts from Histogram
 * @phpstan-import-type Windows from Checks
 * @phpstan-type Bucket array{up_ms: int, degraded_ms: int, down_ms: int, unknown_ms: int, maintenance_ms: int, check_count: int, failed_count: int, histogram: Counts}
 */
final class UptimeCache {
	/** Days that checks, and hours, are kept; Pruning asks here. */
	public const CHECK_DAYS = 14;
	public const HOUR_DAYS  = 400;

	private const EMPTY_HOUR = array(
		'check_count'  => 0,
		'failed_count' => 0,
		'histogram'    => array(),
	);

	/** Windows of one statement. */
	private const WINDOWS = 200;

	/**
	 * Works out hours and their days anew.
	 *
	 * @param Windows         $windows     What was touched: from and to by monitor_id.
	 * @param array<int, int> $known_until By monitor_id.
	 */
	public static function recompute( array $windows, array $known_until, int $now_ms ): void {
		$oldest_ms = Uptime::start_ms( $now_ms - self::HOUR_DAYS * Uptime::DAY_MS, Uptime::DAY_MS );
		$hours     = array();
		foreach ( $windows as $monitor_id => [ $from_ms, $to_ms ] ) {
			if ( $to_ms >= $oldest_ms ) {
				$hours[ $monitor_id ] = array( Uptime::start_ms( max( $from_ms, $oldest_ms ), Uptime::HOUR_MS ), Uptime::start_ms( $to_ms, Uptime::HOUR_MS ) + Uptime::HOUR_MS );
			}
		}
		foreach ( array_chunk( $hours, self::WINDOWS, true ) as $chunk ) {
			self::replace( 'uptime_hourly', $chunk, self::hours( $chunk, $known_until, $now_ms ) );
			$days = array_map( static fn ( array $window ): array => array( Uptime::start_ms( $window[0], Uptime::DAY_MS ), Uptime::start_ms( $window[1] - 1, Uptime::DAY_MS ) + Uptime::DAY_MS ), $chunk );
			self::replace( 'uptime_daily', $days, self::days( $days ) );
		}
	}

	/**
	 * Hours or days of monitors, as they are stored; those of which nothing is known are absent.
	 *
	 * @param 'uptime_hourly'|'uptime_daily' $table
	 * @param Windows                        $windows
	 * @return \Generator<array{int, int, Bucket}> Each with its monitor_id and first instant, in no order.
	 */
	public static function between( string $table, array $windows ): \Generator {
		foreach ( array_chunk( $windows, self::WINDOWS, true ) as $chunk ) {
			foreach ( Sql::rows( "SELECT * FROM {{$table}} WHERE " . self::ranges( $chunk ) ) as $row ) {
				$bucket = array( 'histogram' => Histogram::parse( (string) $row['histogram'] ) );
				foreach ( array( ...array_keys( Uptime::NOTHING ), 'check_count', 'failed_count' ) as $column ) {
					$bucket[ $column ] = (int) $row[ $column ];
				}
				/** @var Bucket $bucket */
				yield array( (int) $row['monitor_id'], (int) $row['bucket_ms'], $bucket );
			}
		}
	}

	/**
	 * @param Windows         $windows
	 * @param array<int, int> $known_until
	 * @return array<int, array<int, Bucket>>
	 */
	private static function hours( array $windows, array $known_until, int $now_ms ): array {
		$changes = StateChanges::within( $windows );
		$checks  = self::checks( $windows, $now_ms );
		$hours   = array();
		foreach ( $windows as $monitor_id => [ $from_ms, $to_ms ] ) {
			$source = array(
				'changes'        => $changes[ $monitor_id ] ?? array(),
				'maintenance'    => array(),
				'known_until_ms' => $known_until[ $monitor_id ] ?? 0,
			);
			foreach ( Uptime::by( Uptime::HOUR_MS, $source, $from_ms, $to_ms ) as $hour_ms => $parts ) {
				$counts = $checks[ $monitor_id ][ $hour_ms ] ?? self::EMPTY_HOUR;
				if ( Uptime::HOUR_MS > $parts['unknown_ms'] || $counts['check_count'] > 0 ) {
					$hours[ $monitor_id ][ $hour_ms ] = $parts + $counts;
				}
			}
		}
		return $hours;
	}

	/**
	 * Counts of hours; of those whose checks may be gone by now, the stored ones.
	 *
	 * @param Windows $windows
	 * @return array<int, array<int, HourOfChecks>>
	 */
	private static function checks( array $windows, int $now_ms ): array {
		$kept_ms = Uptime::start_ms( $now_ms - self::CHECK_DAYS * Uptime::DAY_MS, Uptime::HOUR_MS ) + Uptime::HOUR_MS;
		$kept    = array();
		$gone    = array();
		foreach ( $windows as $monitor_id => [ $from_ms, $to_ms ] ) {
			if ( $to_ms > $kept_ms ) {
				$kept[ $monitor_id ] = array( max( $from_ms, $kept_ms ), $to_ms );
			}
			if ( $from_ms < $kept_ms ) {
				$gone[ $monitor_id ] = array( $from_ms, min( $to_ms, $kept_ms ) );
			}
		}
		$hours = Checks::by_hour( $kept );
		foreach ( self::between( 'uptime_hourly', $gone ) as [ $monitor_id, $hour_ms, $bucket ] ) {
			$hours[ $monitor_id ][ $hour_ms ] = array_intersect_key( $bucket, self::EMPTY_HOUR );
		}
		return $hours;
	}

	/**
	 * @param Windows $windows
	 * @return array<int, array<int, Bucket>>
	 */
	private static function days( array $windows ): array {
		$days = array();
		foreach ( self::between( 'uptime_hourly', $windows ) as [ $monitor_id, $hour_ms, $hour ] ) {
			$day_ms = Uptime::start_ms( $hour_ms, Uptime::DAY_MS );
			$known  = $days[ $monitor_id ][ $day_ms ] ?? null;
			if ( null === $known ) {
				$days[ $monitor_id ][ $day_ms ] = array( 'unknown_ms' => $hour['unknown_ms'] + Uptime::DAY_MS - Uptime::HOUR_MS ) + $hour;
				continue;
			}
			foreach ( $hour['histogram'] as $bucket => $count ) {
				$known['histogram'][ $bucket ] = ( $known['histogram'][ $bucket ] ?? 0 ) + $count;
			}
			foreach ( array( 'up_ms', 'degraded_ms', 'down_ms', 'maintenance_ms', 'check_count', 'failed_count' ) as $column ) {
				$known[ $column ] += $hour[ $column ];
			}
			// An hour without a row is unknown.
			$known['unknown_ms'] += $hour['unknown_ms'] - Uptime::HOUR_MS;

			$days[ $monitor_id ][ $day_ms ] = $known;
		}
		return $days;
	}

	/**
	 * Puts buckets in the place of all that the windows have.
	 *
	 * @param 'uptime_hourly'|'uptime_daily'   $table
	 * @param Windows                          $windows
	 * @param array<int, array<int, Bucket>> $buckets
	 */
	private static function replace( string $table, array $windows, array $buckets ): void {
		Sql::run( "DELETE FROM {{$table}} WHERE " . self::ranges( $windows ) );
		$tuples = array();
		foreach ( $buckets as $monitor_id => $of_monitor ) {
			foreach ( $of_monitor as $bucket_ms => $bucket ) {
				$tuples[] = "($monitor_id,$bucket_ms,{$bucket['up_ms']},{$bucket['degraded_ms']},{$bucket['down_ms']},{$bucket['unknown_ms']},{$bucket['maintenance_ms']},{$bucket['check_count']},{$bucket['failed_count']},'" . Histogram::text( $bucket['histogram'] ) . "')";
			}
		}
		foreach ( array_chunk( $tuples, 500 ) as $chunk ) {
			Sql::run( "INSERT INTO {{$table}} (monitor_id, bucket_ms, up_ms, degraded_ms, down_ms, unknown_ms, maintenance_ms, check_count, failed_count, histogram) VALUES " . implode( ',', $chunk ) );
		}
	}

	/** @param Windows $windows */
	private static function ranges( array $windows ): string {
		$ranges = array();
		foreach ( $windows as $monitor_id => [ $from_ms, $to_ms ] ) {
			$ranges[] = "(monitor_id = $monitor_id AND bucket_ms >= $from_ms AND bucket_ms < $to_ms)";
		}
		return implode( ' OR ', $ranges );
	}
}
