<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/**
 * Checks, as rows of the contract: `slot_ms,state,error_code,status_code,dns_ms,connect_ms,tls_ms,first_byte_ms,transfer_ms,
 * total_ms,attempts,warnings`, words by their numbers. They go from text to statement without being taken apart.
 * Windows are whole hours or days, from and to by monitor_id.
 *
 * @phpstan-import-type Counts from \Rollcall\Status\Histogram
 * @phpstan-type HourOfChecks array{check_count: int, failed_count: int, histogram: Counts}
 * @phpstan-type Windows array<int, array{int, int}>
 */
final class Checks {
	private const COLUMNS = 'monitor_id, location_id, slot_ms, state, error_code, status_code, dns_ms, connect_ms, tls_ms, first_byte_ms, transfer_ms, total_ms, attempts, warnings';

	/** Greatest values of the columns from slot_ms on. */
	private const GREATEST = array( PHP_INT_MAX, 255, 255, 65535, 65535, 65535, 65535, 65535, 65535, 65535, 255, 255 );

	/** Rows of one statement: 60 kB. */
	private const ROWS = 1000;

	/** The judge's own location: uptime and response times are what it saw. */
	public const JUDGE = 1;

	private const HOUR_MS = 3_600_000;

	private const NOTHING = array(
		'check_count'  => 0,
		'failed_count' => 0,
		'histogram'    => array(),
	);

	/**
	 * Stores rows; those whose slot is there stay as they are. In the order of the key: it took half the time of any other.
	 *
	 * @param array<int, array<int, list<string>>> $rows By monitor_id and location_id.
	 */
	public static function insert( array $rows ): void {
		ksort( $rows );
		$tuples = array();
		foreach ( $rows as $monitor_id => $locations ) {
			ksort( $locations );
			foreach ( $locations as $location_id => $texts ) {
				sort( $texts, SORT_STRING );
				foreach ( $texts as $text ) {
					$tuples[] = "($monitor_id,$location_id," . self::tuple( $text ) . ')';
				}
			}
		}
		foreach ( array_chunk( $tuples, self::ROWS ) as $chunk ) {
			Sql::run( 'INSERT IGNORE INTO {checks} (' . self::COLUMNS . ') VALUES ' . implode( ',', $chunk ) );
		}
	}

	/**
	 * Counts and response times of hours. The histogram has what was reachable only: a time-out says nothing of the site's speed.
	 *
	 * @param Windows $windows
	 * @return array<int, array<int, HourOfChecks>> By monitor_id and the hour's first instant; hours without checks are absent.
	 */
	public static function by_hour( array $windows ): array {
		$hours = array();
		foreach ( self::counted( $windows ) as $row ) {
			$monitor_id = (int) $row['monitor_id'];
			$hour_ms    = (int) $row['hour_ms'];
			$bucket     = (int) $row['bucket'];
			$hour       = $hours[ $monitor_id ][ $hour_ms ] ?? self::NOTHING;

			$hour['check_count']  += (int) $row['checks'];
			$hour['failed_count'] += (int) $row['failed'];
			if ( $bucket >= 0 ) {
				$hour['histogram'][ $bucket ] = (int) $row['checks'];
			}
			$hours[ $monitor_id ][ $hour_ms ] = $hour;
		}
		return $hours;
	}

	/**
	 * @param Windows $windows
	 * @return \Generator<array<string, string|null>>
	 */
	private static function counted( array $windows ): \Generator {
		$down = Contract::number( 'MONITOR_STATES', 'down' );
		foreach ( KeyRanges::conditions( $windows, 'slot_ms', null, ' AND location_id = ' . self::JUDGE ) as $condition ) {
			yield from Sql::rows(
				'SELECT monitor_id, slot_ms - slot_ms % ' . self::HOUR_MS . " AS hour_ms, CASE WHEN state < $down THEN " . self::bucket() . " ELSE -1 END AS bucket,
					COUNT(*) AS checks, SUM(CASE WHEN state = $down THEN 1 ELSE 0 END) AS failed
				FROM {checks} WHERE $condition GROUP BY monitor_id, hour_ms, bucket"
			);
		}
	}

	/** Histogram::bucket_of() of total_ms, as the database works it out. */
	private static function bucket(): string {
		$cases = 'CASE WHEN total_ms < 64 THEN total_ms';
		for ( $shift = 1; $shift < 10; $shift++ ) {
			$cases .= ' WHEN total_ms < ' . ( 64 << $shift ) . ' THEN ' . 32 * $shift . " + (total_ms >> $shift)";
		}
		return "$cases ELSE 320 + (total_ms >> 10) END";
	}

	/** The values of a row that matches the contract's pattern; what a column cannot hold becomes the greatest that it can. */
	private static function tuple( string $text ): string {
		if ( 1 === preg_match( '/^\d+,\d,[2-9]\d\d,|,\d{5},|,[2-9]\d\d$/D', $text ) ) {
			$values = array();
			foreach ( explode( ',', $text ) as $place => $value ) {
				$values[] = '' === $value ? '' : (string) min( (int) $value, self::GREATEST[ $place ] ?? 0 );
			}
			$text = implode( ',', $values );
		}
		return str_replace( ',,', ',NULL,', str_replace( ',,', ',NULL,', $text ) );
	}
}
