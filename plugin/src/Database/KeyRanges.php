<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

/**
 * Conditions that find rows of many monitors, of each in its window of time, by a key of monitor_id and an instant. Monitors of
 * one window share IN lists: 6,000 buckets took MariaDB 278 ms as ranges joined by OR, 200 a statement, and 17 ms as IN lists.
 *
 * @phpstan-import-type Windows from Checks
 */
final class KeyRanges {
	/** Ranges of one statement that are joined by OR; SQLite refuses an expression that is deeper than 1,000. */
	private const RANGES = 200;

	/** From 1,000 values on MariaDB makes a table of IN and reads every row of a monitor. */
	private const MONITORS = 500;

	/** Rows of one statement that are named by monitor and instant, and instants that are named. */
	private const PAIRS    = 2000;
	private const INSTANTS = 100;

	/** A window that fewer monitors have is a range. */
	private const SHARED = 8;

	/**
	 * Conditions, one a statement, that together hold for the rows of all windows.
	 *
	 * @param Windows  $windows
	 * @param string   $column  The instant's.
	 * @param int|null $step_ms The column has whole multiples of this only; null when it may have any instant.
	 * @return list<string>
	 */
	public static function conditions( array $windows, string $column, ?int $step_ms = null, string $also = '' ): array {
		$shared = array();
		foreach ( $windows as $monitor_id => [ $from_ms, $to_ms ] ) {
			$shared[ "$from_ms $to_ms" ][] = $monitor_id;
		}
		$conditions = array();
		$ranges     = array();
		foreach ( $shared as $monitor_ids ) {
			[ $from_ms, $to_ms ] = $windows[ $monitor_ids[0] ];
			$instants            = null === $step_ms || $to_ms - $from_ms > self::INSTANTS * $step_ms ? array() : range( $from_ms, $to_ms - $step_ms, $step_ms );
			$when                = array() === $instants ? "$column >= $from_ms AND $column < $to_ms" : "$column IN (" . implode( ',', $instants ) . ')';
			if ( count( $monitor_ids ) < self::SHARED ) {
				foreach ( $monitor_ids as $monitor_id ) {
					$ranges[] = "(monitor_id = $monitor_id$also AND $when)";
				}
				continue;
			}
			foreach ( array_chunk( $monitor_ids, max( 1, min( self::MONITORS, intdiv( self::PAIRS, max( 1, count( $instants ) ) ) ) ) ) as $chunk ) {
				$conditions[] = 'monitor_id IN (' . implode( ',', $chunk ) . ")$also AND $when";
			}
		}
		foreach ( array_chunk( $ranges, self::RANGES ) as $chunk ) {
			$conditions[] = implode( ' OR ', $chunk );
		}
		return $conditions;
	}
}
