<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Status\Histogram;
use Rollcall\Status\Uptime;

/**
 * Uptime of the windows that screens and visitors see, added up by the database. Every place that shows one asks here. Of today
 * the hours are read, which the last 24 hours need anyway: the day up to which a monitor is known has no row of its own yet.
 *
 * @phpstan-import-type Counts from Histogram
 * @phpstan-type Sums array<int, array{int, int}>
 */
final class UptimeSums {
	/** From 1,000 values on MariaDB makes a table of IN and reads every bucket of a monitor: 500 ms in the place of 15. */
	private const CHUNK = 500;

	/**
	 * Reachable and known milliseconds of the last 24 hours, the present one among them, and of the last 30 days of UTC, today
	 * among them. By monitor_id; one of which nothing is known is left out, here and below.
	 *
	 * @param list<int> $monitor_ids
	 * @return array{hours: Sums, days: Sums}
	 */
	public static function of( array $monitor_ids, int $now_ms ): array {
		$recent = self::recent( $monitor_ids, $now_ms, false );
		return array(
			'hours' => $recent['hours'],
			'days'  => self::added( self::past_days( $monitor_ids, $now_ms ), $recent['today'] ),
		);
	}

	/**
	 * The last 24 hours, those of them that are of today, and when asked for the histogram of the response times of all
	 * monitors: to read the same rows once more for it took as long again.
	 *
	 * @param list<int> $monitor_ids
	 * @return array{hours: Sums, today: Sums, histogram: Counts}
	 */
	public static function recent( array $monitor_ids, int $now_ms, bool $with_histogram ): array {
		$day_ms    = Uptime::start_ms( $now_ms, Uptime::DAY_MS );
		$from_ms   = Uptime::start_ms( $now_ms, Uptime::HOUR_MS ) - 23 * Uptime::HOUR_MS;
		$hours     = array();
		$today     = array();
		$histogram = array();
		foreach ( array_chunk( $monitor_ids, self::CHUNK ) as $chunk ) {
			if ( $with_histogram ) {
				UptimeBuckets::join_long_texts();
			}
			$rows = Sql::rows(
				"SELECT monitor_id, SUM(up_ms + degraded_ms) AS reachable_ms, SUM(down_ms) AS down_ms, SUM(CASE WHEN bucket_ms >= $day_ms THEN up_ms + degraded_ms ELSE 0 END) AS reachable_today_ms,
					SUM(CASE WHEN bucket_ms >= $day_ms THEN down_ms ELSE 0 END) AS down_today_ms" . ( $with_histogram ? ", GROUP_CONCAT(NULLIF(histogram, '')) AS histogram" : '' ) . '
				FROM {uptime_hourly} WHERE monitor_id IN (' . implode( ',', $chunk ) . ") AND bucket_ms >= $from_ms GROUP BY monitor_id"
			);
			foreach ( $rows as $row ) {
				$monitor_id           = (int) $row['monitor_id'];
				$hours[ $monitor_id ] = array( (int) $row['reachable_ms'], (int) $row['reachable_ms'] + (int) $row['down_ms'] );
				$today[ $monitor_id ] = array( (int) $row['reachable_today_ms'], (int) $row['reachable_today_ms'] + (int) $row['down_today_ms'] );
			}
			$histogram = Histogram::merge( array( $histogram, Histogram::merge( self::parsed( $rows ) ) ) );
		}
		return array(
			'hours'     => self::known( $hours ),
			'today'     => self::known( $today ),
			'histogram' => $histogram,
		);
	}

	/**
	 * The 29 days of UTC before today. Of a monitor that is not known up to today the hours of its last day are read.
	 *
	 * @param list<int> $monitor_ids
	 * @return Sums
	 */
	public static function past_days( array $monitor_ids, int $now_ms ): array {
		$to_ms   = Uptime::start_ms( $now_ms, Uptime::DAY_MS );
		$from_ms = $to_ms - 29 * Uptime::DAY_MS;
		$sums    = array();
		$open    = array();
		foreach ( array_chunk( $monitor_ids, self::CHUNK ) as $chunk ) {
			$in    = 'monitor_id IN (' . implode( ',', $chunk ) . ')';
			$sums += self::sums( 'uptime_daily', "$in AND bucket_ms >= $from_ms AND bucket_ms < $to_ms" );
			foreach ( Sql::pairs( "SELECT monitor_id AS id, known_until_ms AS value FROM {monitors} WHERE $in AND known_until_ms >= $from_ms AND known_until_ms < $to_ms" ) as $monitor_id => $known_until_ms ) {
				$day_ms              = Uptime::start_ms( (int) $known_until_ms, Uptime::DAY_MS );
				$open[ $monitor_id ] = array( $day_ms, $day_ms + Uptime::DAY_MS );
			}
		}
		foreach ( KeyRanges::conditions( $open, 'bucket_ms', Uptime::HOUR_MS ) as $condition ) {
			$sums = self::added( $sums, self::sums( 'uptime_hourly', $condition ) );
		}
		return $sums;
	}

	/**
	 * Times of windows that do not overlap.
	 *
	 * @param Sums $sums
	 * @param Sums $more
	 * @return Sums
	 */
	public static function added( array $sums, array $more ): array {
		foreach ( $more as $monitor_id => [ $reachable_ms, $known_ms ] ) {
			[ $reachable_before_ms, $known_before_ms ] = $sums[ $monitor_id ] ?? array( 0, 0 );
			$sums[ $monitor_id ]                       = array( $reachable_before_ms + $reachable_ms, $known_before_ms + $known_ms );
		}
		return $sums;
	}

	/**
	 * Shares of the known time in which monitors were reachable, 0 to 1.
	 *
	 * @param Sums $sums
	 * @return array<int, float>
	 */
	public static function ratios( array $sums ): array {
		return array_map( static fn ( array $sum ): float => (float) ( $sum[0] / $sum[1] ), $sums );
	}

	/**
	 * One after the other: all at once they are some 60 MB.
	 *
	 * @param list<array<string, string|null>> $rows
	 * @return \Generator<int, Counts>
	 */
	private static function parsed( array $rows ): \Generator {
		foreach ( $rows as $row ) {
			yield Histogram::parse( (string) ( $row['histogram'] ?? '' ) );
		}
	}

	/**
	 * @param 'uptime_hourly'|'uptime_daily' $table
	 * @return Sums
	 */
	private static function sums( string $table, string $condition ): array {
		$sums = array();
		foreach ( Sql::rows( "SELECT monitor_id, SUM(up_ms + degraded_ms) AS reachable_ms, SUM(down_ms) AS down_ms FROM {{$table}} WHERE $condition GROUP BY monitor_id" ) as $row ) {
			$sums[ (int) $row['monitor_id'] ] = array( (int) $row['reachable_ms'], (int) $row['reachable_ms'] + (int) $row['down_ms'] );
		}
		return self::known( $sums );
	}

	/**
	 * @param Sums $sums
	 * @return Sums
	 */
	private static function known( array $sums ): array {
		return array_filter( $sums, static fn ( array $sum ): bool => $sum[1] > 0 );
	}
}
