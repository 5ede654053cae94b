<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

/** Uptime of the windows that screens and visitors see, added up by the database. Every place that shows one asks here. */
final class UptimeSums {
	private const HOUR_MS = 3_600_000;
	private const DAY_MS  = 86_400_000;

	/** From 1,000 values on MariaDB makes a table of IN and reads every bucket of a monitor: 500 ms in the place of 15. */
	private const CHUNK = 500;

	/**
	 * Reachable and known milliseconds of the last 24 hours, the present one among them.
	 *
	 * @param list<int> $monitor_ids
	 * @return array<int, array{int, int}> By monitor_id; one of which nothing is known is left out.
	 */
	public static function last_24h( array $monitor_ids, int $now_ms ): array {
		return self::since( 'uptime_hourly', $monitor_ids, self::start_24h_ms( $now_ms ) );
	}

	/**
	 * The same of the last 30 days of UTC, today among them. Of the day up to which a monitor is known the hours are read: it has
	 * no row of its own yet.
	 *
	 * @param list<int> $monitor_ids
	 * @return array<int, array{int, int}>
	 */
	public static function last_30d( array $monitor_ids, int $now_ms ): array {
		$from_ms = ( intdiv( $now_ms, self::DAY_MS ) - 29 ) * self::DAY_MS;
		$sums    = self::since( 'uptime_daily', $monitor_ids, $from_ms );
		foreach ( self::open_days( $monitor_ids, $from_ms ) as $day_ms => $of_day ) {
			foreach ( self::since( 'uptime_hourly', $of_day, $day_ms ) as $monitor_id => [ $reachable_ms, $known_ms ] ) {
				[ $reachable_before_ms, $known_before_ms ] = $sums[ $monitor_id ] ?? array( 0, 0 );
				$sums[ $monitor_id ]                       = array( $reachable_before_ms + $reachable_ms, $known_before_ms + $known_ms );
			}
		}
		return $sums;
	}

	/**
	 * Shares of the known time in which monitors were reachable, 0 to 1.
	 *
	 * @param array<int, array{int, int}> $sums
	 * @return array<int, float>
	 */
	public static function ratios( array $sums ): array {
		$ratios = array();
		foreach ( $sums as $monitor_id => [ $reachable_ms, $known_ms ] ) {
			$ratios[ $monitor_id ] = $reachable_ms / $known_ms;
		}
		return $ratios;
	}

	/**
	 * Histograms of the hours of the last 24, as text.
	 *
	 * @param list<int> $monitor_ids
	 * @return \Generator<int, string>
	 */
	public static function histograms_24h( array $monitor_ids, int $now_ms ): \Generator {
		foreach ( array_chunk( $monitor_ids, self::CHUNK ) as $chunk ) {
			yield from Sql::column(
				'SELECT histogram FROM {uptime_hourly} WHERE monitor_id IN (' . Sql::places( count( $chunk ) ) . ') AND bucket_ms >= %d',
				...array( ...$chunk, self::start_24h_ms( $now_ms ) )
			);
		}
	}

	/**
	 * @param 'uptime_hourly'|'uptime_daily' $table
	 * @param list<int>                      $monitor_ids
	 * @return array<int, array{int, int}>
	 */
	private static function since( string $table, array $monitor_ids, int $from_ms ): array {
		$sums = array();
		foreach ( array_chunk( $monitor_ids, self::CHUNK ) as $chunk ) {
			$rows = Sql::rows(
				"SELECT monitor_id, SUM(up_ms + degraded_ms) AS reachable_ms, SUM(down_ms) AS down_ms FROM {{$table}}
					WHERE monitor_id IN (" . Sql::places( count( $chunk ) ) . ') AND bucket_ms >= %d GROUP BY monitor_id',
				...array( ...$chunk, $from_ms )
			);
			foreach ( $rows as $row ) {
				$known_ms = (int) $row['reachable_ms'] + (int) $row['down_ms'];
				if ( $known_ms > 0 ) {
					$sums[ (int) $row['monitor_id'] ] = array( (int) $row['reachable_ms'], $known_ms );
				}
			}
		}
		return $sums;
	}

	/**
	 * Monitors by the day up to which they are known; of most it is the same one.
	 *
	 * @param list<int> $monitor_ids
	 * @return array<int, non-empty-list<int>>
	 */
	private static function open_days( array $monitor_ids, int $from_ms ): array {
		$days = array();
		foreach ( array_chunk( $monitor_ids, self::CHUNK ) as $chunk ) {
			foreach ( Sql::pairs( 'SELECT monitor_id AS id, known_until_ms AS value FROM {monitors} WHERE monitor_id IN (' . implode( ',', $chunk ) . ") AND known_until_ms >= $from_ms" ) as $monitor_id => $known_until_ms ) {
				$days[ intdiv( (int) $known_until_ms, self::DAY_MS ) * self::DAY_MS ][] = $monitor_id;
			}
		}
		return $days;
	}

	private static function start_24h_ms( int $now_ms ): int {
		return ( intdiv( $now_ms, self::HOUR_MS ) - 23 ) * self::HOUR_MS;
	}
}
