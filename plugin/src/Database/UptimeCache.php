<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Status\Histogram;
use Rollcall\Status\Uptime;

/**
 * Uptime of hours and days of UTC. An hour is worked out anew in full from checks and state changes whenever one of them comes
 * in, so that the order in which they come does not matter; a day is the sum of its hours and changes by what these change. (To
 * add up 24 hours of 4,000 monitors in each batch took as long as all the rest.) A bucket of which nothing is known has no row.
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

	/** Windows of one statement, and hours of a group of them. */
	private const WINDOWS = 200;
	private const HOURS   = 2000;

	private const COLUMNS = array( 'monitor_id', 'bucket_ms', 'up_ms', 'degraded_ms', 'down_ms', 'unknown_ms', 'maintenance_ms', 'check_count', 'failed_count', 'histogram' );

	/** What a day is the sum of. */
	private const SUMMED = array( 'up_ms', 'degraded_ms', 'down_ms', 'maintenance_ms', 'check_count', 'failed_count' );

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
		foreach ( self::groups( $hours ) as $group ) {
			$stored = self::stored( 'uptime_hourly', $group );
			$fresh  = self::hours( $group, $known_until, $stored, $now_ms );
			self::replace( 'uptime_hourly', $stored, $fresh );
			$days = self::stored( 'uptime_daily', array_map( static fn ( array $window ): array => array( Uptime::start_ms( $window[0], Uptime::DAY_MS ), $window[1] ), $group ) );
			self::replace( 'uptime_daily', $days, self::days( $days, $stored, $fresh ) );
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
			if ( array() !== $group && ( count( $group ) >= self::WINDOWS || $hours + $more > self::HOURS ) ) {
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
	 * The same, by monitor_id and first instant.
	 *
	 * @param 'uptime_hourly'|'uptime_daily' $table
	 * @param Windows                        $windows
	 * @return array<int, array<int, Bucket>>
	 */
	private static function stored( string $table, array $windows ): array {
		$stored = array();
		foreach ( self::between( $table, $windows ) as [ $monitor_id, $bucket_ms, $bucket ] ) {
			$stored[ $monitor_id ][ $bucket_ms ] = $bucket;
		}
		return $stored;
	}

	/**
	 * @param Windows                        $windows
	 * @param array<int, int>                $known_until
	 * @param array<int, array<int, Bucket>> $stored
	 * @return array<int, array<int, Bucket>>
	 */
	private static function hours( array $windows, array $known_until, array $stored, int $now_ms ): array {
		// Checks of hours before this one may be gone by now; what was counted of them stays.
		$kept_ms = Uptime::start_ms( $now_ms - self::CHECK_DAYS * Uptime::DAY_MS, Uptime::HOUR_MS ) + Uptime::HOUR_MS;
		$kept    = array_filter( array_map( static fn ( array $window ): array => array( max( $window[0], $kept_ms ), $window[1] ), $windows ), static fn ( array $window ): bool => $window[0] < $window[1] );
		$changes = StateChanges::within( $windows );
		$checks  = Checks::by_hour( $kept );
		$hours   = array();
		foreach ( $windows as $monitor_id => [ $from_ms, $to_ms ] ) {
			$source = array(
				'changes'        => $changes[ $monitor_id ] ?? array(),
				'maintenance'    => array(),
				'known_until_ms' => $known_until[ $monitor_id ] ?? 0,
			);
			foreach ( Uptime::by( Uptime::HOUR_MS, $source, $from_ms, $to_ms ) as $hour_ms => $parts ) {
				$counts = $hour_ms < $kept_ms ? $stored[ $monitor_id ][ $hour_ms ] ?? self::EMPTY_HOUR : $checks[ $monitor_id ][ $hour_ms ] ?? self::EMPTY_HOUR;
				if ( Uptime::HOUR_MS > $parts['unknown_ms'] || $counts['check_count'] > 0 ) {
					$hours[ $monitor_id ][ $hour_ms ] = $parts + $counts;
				}
			}
		}
		return $hours;
	}

	/**
	 * Days after hours of theirs have changed.
	 *
	 * @param array<int, array<int, Bucket>> $days   As they are stored.
	 * @param array<int, array<int, Bucket>> $stored Hours as they were.
	 * @param array<int, array<int, Bucket>> $fresh  The same hours now.
	 * @return array<int, array<int, Bucket>>
	 */
	private static function days( array $days, array $stored, array $fresh ): array {
		foreach ( array( array( -1, $stored ), array( 1, $fresh ) ) as [ $sign, $hours ] ) {
			foreach ( $hours as $monitor_id => $of_monitor ) {
				foreach ( $of_monitor as $hour_ms => $hour ) {
					$day_ms = Uptime::start_ms( $hour_ms, Uptime::DAY_MS );

					$days[ $monitor_id ][ $day_ms ] = self::changed( $days[ $monitor_id ][ $day_ms ] ?? Uptime::NOTHING + self::EMPTY_HOUR, $hour, $sign );
				}
			}
		}
		return array_map( static fn ( array $of_monitor ): array => array_filter( $of_monitor, static fn ( array $day ): bool => $day['unknown_ms'] < Uptime::DAY_MS || $day['check_count'] > 0 ), $days );
	}

	/**
	 * A day with an hour more, or less.
	 *
	 * @param Bucket $day
	 * @param Bucket $hour
	 * @return Bucket
	 */
	private static function changed( array $day, array $hour, int $sign ): array {
		foreach ( self::SUMMED as $column ) {
			$day[ $column ] += $sign * $hour[ $column ];
		}
		foreach ( $hour['histogram'] as $bucket => $count ) {
			$day['histogram'][ $bucket ] = ( $day['histogram'][ $bucket ] ?? 0 ) + $sign * $count;
			if ( 0 === $day['histogram'][ $bucket ] ) {
				unset( $day['histogram'][ $bucket ] );
			}
		}
		$day['unknown_ms'] = Uptime::DAY_MS - $day['up_ms'] - $day['degraded_ms'] - $day['down_ms'] - $day['maintenance_ms'];
		return $day;
	}

	/**
	 * Puts buckets in the place of what is stored; those that are as they were are not written.
	 *
	 * @param 'uptime_hourly'|'uptime_daily' $table
	 * @param array<int, array<int, Bucket>> $stored
	 * @param array<int, array<int, Bucket>> $fresh
	 */
	private static function replace( string $table, array $stored, array $fresh ): void {
		$tuples = array();
		$gone   = array();
		foreach ( $fresh as $monitor_id => $of_monitor ) {
			foreach ( $of_monitor as $bucket_ms => $bucket ) {
				$tuple = self::tuple( $monitor_id, $bucket_ms, $bucket );
				$known = $stored[ $monitor_id ][ $bucket_ms ] ?? null;
				if ( null === $known || self::tuple( $monitor_id, $bucket_ms, $known ) !== $tuple ) {
					$tuples[] = $tuple;
				}
			}
		}
		foreach ( $stored as $monitor_id => $of_monitor ) {
			foreach ( array_diff_key( $of_monitor, $fresh[ $monitor_id ] ?? array() ) as $bucket_ms => $bucket ) {
				$gone[] = "(monitor_id = $monitor_id AND bucket_ms = $bucket_ms)";
			}
		}
		foreach ( array_chunk( $gone, self::WINDOWS ) as $chunk ) {
			Sql::run( "DELETE FROM {{$table}} WHERE " . implode( ' OR ', $chunk ) );
		}
		$set = implode( ', ', array_map( static fn ( string $column ): string => "$column = VALUES($column)", array_slice( self::COLUMNS, 2 ) ) );
		foreach ( array_chunk( $tuples, 500 ) as $chunk ) {
			Sql::run( "INSERT INTO {{$table}} (" . implode( ', ', self::COLUMNS ) . ') VALUES ' . implode( ',', $chunk ) . " ON DUPLICATE KEY UPDATE $set" );
		}
	}

	/** @param Bucket $bucket */
	private static function tuple( int $monitor_id, int $bucket_ms, array $bucket ): string {
		return "($monitor_id,$bucket_ms,{$bucket['up_ms']},{$bucket['degraded_ms']},{$bucket['down_ms']},{$bucket['unknown_ms']},{$bucket['maintenance_ms']},{$bucket['check_count']},{$bucket['failed_count']},'" . Histogram::text( $bucket['histogram'] ) . "')";
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
