<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/**
 * What is known of monitors now: the columns of `monitors` that only results of checks set.
 *
 * @phpstan-import-type Reading from \Rollcall\Contract\Shapes
 * @phpstan-type KnownMonitor array{monitor_id: int, known_until_ms: int, last_slot_ms: int}
 */
final class MonitorReadings {
	/** Monitors of one statement: each column is a list of cases. */
	private const ROWS = 100;

	/**
	 * The monitors of uids; unknown and deleted ones are absent.
	 *
	 * @param list<string> $monitor_uids
	 * @return array<string, KnownMonitor> By monitor_uid; last_slot_ms is -1 when there is none.
	 */
	public static function known( array $monitor_uids ): array {
		$known = array();
		foreach ( array_chunk( $monitor_uids, 1000 ) as $chunk ) {
			foreach ( Sql::rows( 'SELECT monitor_uid, monitor_id, known_until_ms, last_slot_ms FROM {monitors} WHERE monitor_uid IN (' . Sql::places( count( $chunk ), '%s' ) . ') AND deleted_at_ms IS NULL', ...$chunk ) as $row ) {
				$known[ (string) $row['monitor_uid'] ] = array(
					'monitor_id'     => (int) $row['monitor_id'],
					'known_until_ms' => (int) $row['known_until_ms'],
					'last_slot_ms'   => (int) ( $row['last_slot_ms'] ?? -1 ),
				);
			}
		}
		return $known;
	}

	/**
	 * Stores newest readings.
	 *
	 * @param array<int, Reading> $readings By monitor_id.
	 */
	public static function store( array $readings ): void {
		self::set(
			array_map(
				static fn ( array $reading ): array => array(
					'last_slot_ms'          => $reading['slot_ms'],
					'last_state'            => Contract::number( 'MONITOR_STATES', $reading['state'] ),
					'last_status_code'      => $reading['status_code'],
					'last_response_time_ms' => null === $reading['response_time_ms'] ? null : min( 2147483647, $reading['response_time_ms'] ),
					'last_error_code'       => Contract::number( 'CHECK_CODES', $reading['error_code'] ),
					'last_error_message'    => mb_substr( $reading['error_message'], 0, 500 ),
					'is_confirming'         => (int) $reading['is_confirming'],
					'mail_state'            => null === $reading['mail_state'] ? null : Contract::number( 'MAIL_STATES', $reading['mail_state'] ),
				),
				$readings
			)
		);
	}

	/**
	 * Until when monitors are known.
	 *
	 * @param array<int, int> $known_until By monitor_id; higher ones than are stored.
	 */
	public static function raise( array $known_until ): void {
		self::set( array_map( static fn ( int $known_until_ms ): array => array( 'known_until_ms' => $known_until_ms ), $known_until ) );
	}

	/**
	 * Gives monitors the state of their newest change.
	 *
	 * @param list<int> $monitor_ids
	 */
	public static function take_states( array $monitor_ids ): void {
		self::set(
			array_map(
				static fn ( array $newest ): array => array(
					'state'          => $newest['state'],
					'state_since_ms' => $newest['changed_at_ms'],
				),
				StateChanges::newest( $monitor_ids )
			)
		);
	}

	/**
	 * Sets the same columns of many monitors.
	 *
	 * @param array<int, array<string, int|string|null>> $values By monitor_id.
	 */
	private static function set( array $values ): void {
		ksort( $values );
		foreach ( array_chunk( $values, self::ROWS, true ) as $chunk ) {
			$cases = array();
			$texts = array();
			foreach ( array_keys( reset( $chunk ) ) as $column ) {
				$cases[ $column ] = "$column = CASE monitor_id";
				foreach ( $chunk as $monitor_id => $row ) {
					$value = $row[ $column ];
					if ( is_string( $value ) ) {
						$texts[] = $value;
						$value   = '%s';
					}
					$cases[ $column ] .= " WHEN $monitor_id THEN " . ( $value ?? 'NULL' );
				}
				$cases[ $column ] .= " ELSE $column END";
			}
			Sql::run( 'UPDATE {monitors} SET ' . implode( ', ', $cases ) . ' WHERE monitor_id IN (' . implode( ',', array_keys( $chunk ) ) . ')', ...$texts );
		}
	}
}
