<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/**
 * What is known of monitors now: the columns of `monitors` that only results of checks set.
 *
 * @phpstan-import-type Reading from \Rollcall\Contract\Shapes
 * @phpstan-import-type Newest from StateChanges
 * @phpstan-type KnownMonitor array{monitor_id: int, known_until_ms: int, last_slot_ms: int, newest: Newest}
 */
final class MonitorReadings {
	/** Monitors of one statement: a column is a list of cases, each of which is asked in turn. */
	private const ROWS = 250;

	/** From 1,000 values on MariaDB makes a table of IN. */
	private const UIDS = 500;

	/**
	 * The monitors of uids; unknown and deleted ones are absent.
	 *
	 * @param list<string> $monitor_uids
	 * @return array<string, KnownMonitor> By monitor_uid; last_slot_ms is -1 when there is none. Without a change the state is unknown since ever.
	 */
	public static function known( array $monitor_uids ): array {
		$known = array();
		// Without placeholders: to prepare 500 of them takes as long as the statement.
		$monitor_uids = array_filter( $monitor_uids, static fn ( string $uid ): bool => ctype_xdigit( $uid ) );
		foreach ( array_chunk( $monitor_uids, self::UIDS ) as $chunk ) {
			foreach ( Sql::rows( "SELECT monitor_uid, monitor_id, known_until_ms, last_slot_ms, state, state_since_ms FROM {monitors} WHERE monitor_uid IN ('" . implode( "','", $chunk ) . "') AND deleted_at_ms IS NULL" ) as $row ) {
				$known[ (string) $row['monitor_uid'] ] = array(
					'monitor_id'     => (int) $row['monitor_id'],
					'known_until_ms' => (int) $row['known_until_ms'],
					'last_slot_ms'   => (int) ( $row['last_slot_ms'] ?? -1 ),
					'newest'         => array(
						'state'         => null === $row['state_since_ms'] ? Contract::number( 'MONITOR_STATES', 'unknown' ) : (int) $row['state'],
						'changed_at_ms' => (int) $row['state_since_ms'],
					),
				);
			}
		}
		return $known;
	}

	/**
	 * Stores newest readings, and until when monitors are known.
	 *
	 * @param array<int, Reading> $readings    By monitor_id.
	 * @param array<int, int>     $known_until By monitor_id; higher ones than are stored.
	 */
	public static function store( array $readings, array $known_until ): void {
		$values = array_map(
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
		);
		$both   = array();
		$raised = array();
		foreach ( $known_until as $monitor_id => $known_until_ms ) {
			$raise = array( 'known_until_ms' => $known_until_ms );
			if ( isset( $values[ $monitor_id ] ) ) {
				$both[ $monitor_id ] = $raise + $values[ $monitor_id ];
			} else {
				$raised[ $monitor_id ] = $raise;
			}
		}
		self::set( $both );
		self::set( array_diff_key( $values, $both ) );
		self::set( $raised );
	}

	/**
	 * Gives monitors the state of their newest change.
	 *
	 * @param list<int> $monitor_ids
	 * @return array<int, Newest> By monitor_id.
	 */
	public static function take_states( array $monitor_ids ): array {
		$newest = StateChanges::newest( $monitor_ids );
		self::set(
			array_map(
				static fn ( array $change ): array => array(
					'state'          => $change['state'],
					'state_since_ms' => $change['changed_at_ms'],
				),
				$newest
			)
		);
		return $newest;
	}

	/**
	 * Sets the same columns of many monitors.
	 *
	 * @param array<int, array<string, int|string|null>> $values By monitor_id.
	 */
	private static function set( array $values ): void {
		ksort( $values );
		foreach ( array_chunk( $values, self::ROWS, true ) as $chunk ) {
			$set   = array();
			$texts = array();
			foreach ( array_keys( reset( $chunk ) ) as $column ) {
				[ $value, $used ] = self::cases( array_map( static fn ( array $row ): int|string|null => $row[ $column ], $chunk ) );
				$set[]            = "$column = $value";
				$texts            = array_merge( $texts, $used );
			}
			Sql::run( 'UPDATE {monitors} SET ' . implode( ', ', $set ) . ' WHERE monitor_id IN (' . implode( ',', array_keys( $chunk ) ) . ')', ...$texts );
		}
	}

	/**
	 * What a column is set to: most monitors have the same text, state and code, and need no case of their own.
	 *
	 * @param non-empty-array<int, int|string|null> $values By monitor_id.
	 * @return array{string, list<string>} Expression, and its texts.
	 */
	private static function cases( array $values ): array {
		$else  = reset( $values );
		$cases = '';
		$texts = array();
		foreach ( $values as $monitor_id => $value ) {
			if ( $value !== $else ) {
				$cases .= " WHEN $monitor_id THEN " . ( is_string( $value ) ? '%s' : $value ?? 'NULL' );
				if ( is_string( $value ) ) {
					$texts[] = $value;
				}
			}
		}
		if ( is_string( $else ) ) {
			$texts[] = $else;
		}
		$else = is_string( $else ) ? '%s' : $else ?? 'NULL';
		return array( '' === $cases ? (string) $else : "CASE monitor_id$cases ELSE $else END", $texts );
	}
}
