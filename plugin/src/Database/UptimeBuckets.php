<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Status\Uptime;

/**
 * The rows of `uptime_hourly` and `uptime_daily`; the histogram is text as it is stored.
 *
 * @phpstan-import-type Windows from Checks
 * @phpstan-type Bucket array{up_ms: int, degraded_ms: int, down_ms: int, unknown_ms: int, maintenance_ms: int, check_count: int, failed_count: int, histogram: string}
 * @phpstan-type Buckets array<int, array<int, Bucket>>
 */
final class UptimeBuckets {
	/** A bucket of which nothing is known. */
	public const NOTHING = Uptime::NOTHING + array(
		'check_count'  => 0,
		'failed_count' => 0,
		'histogram'    => '',
	);

	/** Rows of one statement. */
	private const ROWS = 500;

	/**
	 * Hours or days of monitors, as they are stored; those of which nothing is known are absent.
	 *
	 * @param 'uptime_hourly'|'uptime_daily' $table
	 * @param Windows                        $windows Whole hours or days.
	 * @return Buckets By monitor_id and first instant.
	 */
	public static function stored( string $table, array $windows ): array {
		$stored = array();
		foreach ( KeyRanges::conditions( $windows, 'bucket_ms', 'uptime_daily' === $table ? Uptime::DAY_MS : Uptime::HOUR_MS ) as $condition ) {
			foreach ( Sql::rows( "SELECT * FROM {{$table}} WHERE $condition" ) as $row ) {
				$stored[ (int) $row['monitor_id'] ][ (int) $row['bucket_ms'] ] = array(
					'up_ms'          => (int) $row['up_ms'],
					'degraded_ms'    => (int) $row['degraded_ms'],
					'down_ms'        => (int) $row['down_ms'],
					'unknown_ms'     => (int) $row['unknown_ms'],
					'maintenance_ms' => (int) $row['maintenance_ms'],
					'check_count'    => (int) $row['check_count'],
					'failed_count'   => (int) $row['failed_count'],
					'histogram'      => (string) $row['histogram'],
				);
			}
		}
		return $stored;
	}

	/**
	 * Days that have hours and no row of their own, before an instant.
	 *
	 * @param non-empty-list<int> $monitor_ids
	 * @return array<int, Windows> By the day's first instant.
	 */
	public static function days_without_row( array $monitor_ids, int $before_ms ): array {
		$day  = 'h.bucket_ms - h.bucket_ms % ' . Uptime::DAY_MS;
		$days = array();
		$rows = Sql::rows(
			"SELECT h.monitor_id, $day AS day_ms FROM {uptime_hourly} h LEFT JOIN {uptime_daily} d ON d.monitor_id = h.monitor_id AND d.bucket_ms = $day
			WHERE h.monitor_id IN (" . implode( ',', $monitor_ids ) . ") AND h.bucket_ms < $before_ms AND d.monitor_id IS NULL GROUP BY h.monitor_id, $day"
		);
		foreach ( $rows as $row ) {
			$day_ms = (int) $row['day_ms'];

			$days[ $day_ms ][ (int) $row['monitor_id'] ] = array( $day_ms, $day_ms + Uptime::DAY_MS );
		}
		return $days;
	}

	/**
	 * Puts buckets in the place of all that windows have. What is there is not read: nearly all of them have changed.
	 *
	 * @param 'uptime_hourly'|'uptime_daily' $table
	 * @param Windows                        $windows Whole hours or days.
	 * @param Buckets                        $fresh   In these windows.
	 */
	public static function replace( string $table, array $windows, array $fresh ): void {
		$step_ms = 'uptime_daily' === $table ? Uptime::DAY_MS : Uptime::HOUR_MS;
		$tuples  = array();
		$gone    = array();
		foreach ( $windows as $monitor_id => [ $from_ms, $to_ms ] ) {
			$of_monitor = $fresh[ $monitor_id ] ?? array();
			$gap_ms     = $from_ms;
			ksort( $of_monitor );
			foreach ( $of_monitor as $bucket_ms => $bucket ) {
				$tuples[] = "($monitor_id,$bucket_ms,{$bucket['up_ms']},{$bucket['degraded_ms']},{$bucket['down_ms']},{$bucket['unknown_ms']},{$bucket['maintenance_ms']},{$bucket['check_count']},{$bucket['failed_count']},'{$bucket['histogram']}')";
				if ( $gap_ms < $bucket_ms ) {
					$gone[] = "(monitor_id = $monitor_id AND bucket_ms >= $gap_ms AND bucket_ms < $bucket_ms)";
				}
				$gap_ms = $bucket_ms + $step_ms;
			}
			if ( $gap_ms < $to_ms ) {
				$gone[] = "(monitor_id = $monitor_id AND bucket_ms >= $gap_ms AND bucket_ms < $to_ms)";
			}
		}
		foreach ( array_chunk( $gone, 200 ) as $chunk ) {
			Sql::run( "DELETE FROM {{$table}} WHERE " . implode( ' OR ', $chunk ) );
		}
		$columns = implode( ', ', array( 'monitor_id', 'bucket_ms', ...array_keys( self::NOTHING ) ) );
		foreach ( array_chunk( $tuples, self::ROWS ) as $chunk ) {
			// Of 4,000 rows it took 26 ms of the server, ON DUPLICATE KEY UPDATE 37.
			Sql::run( "REPLACE INTO {{$table}} ($columns) VALUES " . implode( ',', $chunk ) );
		}
	}

	/** Lets GROUP_CONCAT join times and histograms, up to a million bytes, in this session: MySQL cuts after 1,024. */
	public static function join_long_texts(): void {
		if ( Sql::is_server() ) {
			Sql::run( 'SET SESSION group_concat_max_len = 1000000' );
		}
	}
}
