<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;
use Rollcall\Status\Histogram;

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
		$single = array_filter( $windows, static fn ( array $window ): bool => self::HOUR_MS === $window[1] - $window[0] );
		$hours  = array();
		if ( array() !== $windows ) {
			UptimeBuckets::join_long_texts();
		}
		foreach ( array( 'monitor_id' => $single, 'monitor_id, slot_ms - slot_ms % ' . self::HOUR_MS => array_diff_key( $windows, $single ) ) as $group => $of_group ) {
			foreach ( self::counted( $of_group, $group ) as $row ) {
				$slot_ms = (int) $row['slot_ms'];

				$hours[ (int) $row['monitor_id'] ][ $slot_ms - $slot_ms % self::HOUR_MS ] = array(
					'check_count'  => (int) $row['checks'],
					'failed_count' => (int) $row['failed'],
					'histogram'    => Histogram::of_times( (string) $row['times'] ),
				);
			}
		}
		return $hours;
	}

	/**
	 * Checks of one hour by monitor come in the order of the key: the database needs no table of its own for their groups.
	 *
	 * @param Windows $windows
	 * @return \Generator<array<string, string|null>>
	 */
	private static function counted( array $windows, string $group ): \Generator {
		$down = Contract::number( 'MONITOR_STATES', 'down' );
		foreach ( KeyRanges::conditions( $windows, 'slot_ms', null, ' AND location_id = ' . self::JUDGE ) as $condition ) {
			yield from Sql::rows(
				"SELECT monitor_id, MIN(slot_ms) AS slot_ms, COUNT(*) AS checks, SUM(CASE WHEN state = $down THEN 1 ELSE 0 END) AS failed,
					GROUP_CONCAT(CASE WHEN state < $down THEN total_ms END) AS times
				FROM {checks} WHERE $condition GROUP BY $group"
			);
		}
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
