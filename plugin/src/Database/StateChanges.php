<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/**
 * What the judge decided of each monitor. At one instant the higher (judge_epoch, seq) holds.
 *
 * @phpstan-import-type StateChange from \Rollcall\Contract\Shapes
 * @phpstan-import-type Change from \Rollcall\Status\Uptime
 * @phpstan-import-type Windows from Checks
 * @phpstan-type Newest array{state: int, changed_at_ms: int}
 */
final class StateChanges {
	/** Monitors of one statement. */
	private const MONITORS = 500;

	private const NEWEST_FIRST = 'ORDER BY c.changed_at_ms DESC, c.judge_epoch DESC, c.seq DESC LIMIT 1';

	/**
	 * Stores rows; those that are there stay as they are.
	 *
	 * @param list<array{int, StateChange}> $changes Each with its monitor_id.
	 */
	public static function insert( array $changes ): void {
		$rows = array_map(
			static fn ( array $change ): array => array(
				'monitor_id'    => $change[0],
				'judge_epoch'   => $change[1]['judge_epoch'],
				'seq'           => $change[1]['seq'],
				'changed_at_ms' => $change[1]['changed_at_ms'],
				'kind'          => Contract::number( 'CHANGE_KINDS', $change[1]['kind'] ),
				'state'         => Contract::number( 'MONITOR_STATES', $change[1]['state'] ),
				'error_code'    => Contract::number( 'CHECK_CODES', $change[1]['error_code'] ),
				'message'       => mb_substr( $change[1]['message'], 0, 500 ),
			),
			$changes
		);
		usort( $rows, static fn ( array $one, array $other ): int => array( $one['monitor_id'], $one['judge_epoch'], $one['seq'] ) <=> array( $other['monitor_id'], $other['judge_epoch'], $other['seq'] ) );
		Sql::insert( 'state_changes', $rows, ignore: true );
	}

	/**
	 * The changes of windows, and the one before each that holds when it begins, in no order.
	 *
	 * @param Windows $windows
	 * @return array<int, list<Change>> By monitor_id; a monitor without changes is absent.
	 */
	public static function within( array $windows ): array {
		$changes = array();
		foreach ( self::starts( $windows ) as $monitor_id => $start_ms ) {
			$windows[ $monitor_id ] = array( $start_ms, $windows[ $monitor_id ][1] );
		}
		foreach ( KeyRanges::conditions( $windows, 'changed_at_ms' ) as $condition ) {
			foreach ( Sql::rows( "SELECT monitor_id, changed_at_ms, judge_epoch, seq, state FROM {state_changes} WHERE $condition" ) as $row ) {
				$changes[ (int) $row['monitor_id'] ][] = array(
					'at_ms' => (int) $row['changed_at_ms'],
					'epoch' => (int) $row['judge_epoch'],
					'seq'   => (int) $row['seq'],
					'state' => Contract::word( 'MONITOR_STATES', (int) $row['state'] ),
				);
			}
		}
		return $changes;
	}

	/**
	 * The states that hold now, and since when: another judge tells them again, and they are held since the first of these changes.
	 *
	 * @param list<int> $monitor_ids
	 * @return array<int, Newest> By monitor_id; a monitor without changes is absent.
	 */
	public static function newest( array $monitor_ids ): array {
		$newest = array();
		foreach ( array_chunk( $monitor_ids, self::MONITORS ) as $chunk ) {
			$rows     = Sql::rows(
				'SELECT m.monitor_id, (SELECT c.state FROM {state_changes} c WHERE c.monitor_id = m.monitor_id ' . self::NEWEST_FIRST . ') AS state,
					(SELECT MAX(c.changed_at_ms) FROM {state_changes} c WHERE c.monitor_id = m.monitor_id) AS changed_at_ms
				FROM {monitors} m WHERE m.monitor_id IN (' . implode( ',', $chunk ) . ')'
			);
			$by_state = array();
			foreach ( $rows as $row ) {
				if ( null !== $row['state'] ) {
					$by_state[ (int) $row['state'] ][ (int) $row['monitor_id'] ] = (int) $row['changed_at_ms'];
				}
			}
			foreach ( $by_state as $state => $told ) {
				$since = self::since( $state, array_keys( $told ) );
				foreach ( $told as $monitor_id => $told_ms ) {
					$newest[ $monitor_id ] = array(
						'state'         => $state,
						'changed_at_ms' => $since[ $monitor_id ] ?? $told_ms,
					);
				}
			}
		}
		return $newest;
	}

	/**
	 * Instants of the first changes to a state after the newest one to another.
	 *
	 * @param non-empty-list<int> $monitor_ids
	 * @return array<int, int> By monitor_id; one whose changes are all of one instant is absent.
	 */
	private static function since( int $state, array $monitor_ids ): array {
		$since = Sql::pairs(
			'SELECT m.monitor_id AS id, (SELECT MIN(c.changed_at_ms) FROM {state_changes} c WHERE c.monitor_id = m.monitor_id AND c.changed_at_ms > COALESCE((
					SELECT o.changed_at_ms FROM {state_changes} o WHERE o.monitor_id = m.monitor_id AND o.state <> ' . $state . ' ORDER BY o.changed_at_ms DESC LIMIT 1
				), -1)) AS value
			FROM {monitors} m WHERE m.monitor_id IN (' . implode( ',', $monitor_ids ) . ')'
		);
		return array_map( 'intval', array_filter( $since, static fn ( string $value ): bool => '' !== $value ) );
	}

	/**
	 * Instants of the newest changes up to the beginnings of windows.
	 *
	 * @param Windows $windows
	 * @return array<int, int> By monitor_id; a monitor without one is absent.
	 */
	private static function starts( array $windows ): array {
		$by_from = array();
		foreach ( $windows as $monitor_id => [ $from_ms ] ) {
			$by_from[ $from_ms ][] = $monitor_id;
		}
		$starts = array();
		foreach ( $by_from as $from_ms => $monitor_ids ) {
			foreach ( array_chunk( $monitor_ids, self::MONITORS ) as $chunk ) {
				$starts += Sql::pairs(
					'SELECT m.monitor_id AS id, (SELECT c.changed_at_ms FROM {state_changes} c WHERE c.monitor_id = m.monitor_id AND c.changed_at_ms <= ' . $from_ms . ' ORDER BY c.changed_at_ms DESC LIMIT 1) AS value
					FROM {monitors} m WHERE m.monitor_id IN (' . implode( ',', $chunk ) . ')'
				);
			}
		}
		return array_map( 'intval', array_filter( $starts, static fn ( string $value ): bool => '' !== $value ) );
	}
}
