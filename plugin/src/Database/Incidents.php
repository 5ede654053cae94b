<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/**
 * Times in which a monitor was down.
 *
 * @phpstan-import-type Incident from \Rollcall\Contract\Shapes
 */
final class Incidents {
	private const COLUMNS = array( 'monitor_id', 'judge_epoch', 'opened_at_ms', 'error_code', 'message', 'resolved_at_ms', 'resolved_by', 'group_uid', 'is_flapping', 'judged_at_ms' );

	/**
	 * Stores rows where they were judged later than what is there; of two of the same instant the one that ended later holds.
	 *
	 * @param list<array{int, Incident}> $incidents Each with its monitor_id.
	 */
	public static function store( array $incidents ): void {
		$newest = array();
		foreach ( $incidents as [ $monitor_id, $incident ] ) {
			$known = $newest[ $incident['incident_uid'] ][1] ?? null;
			if ( null === $known || self::rank( $incident ) > self::rank( $known ) ) {
				$newest[ $incident['incident_uid'] ] = array( $monitor_id, $incident );
			}
		}
		foreach ( array_chunk( $newest, 200, true ) as $chunk ) {
			foreach ( self::ranks( array_keys( $chunk ) ) as $incident_uid => $rank ) {
				if ( $rank >= self::rank( $chunk[ $incident_uid ][1] ) ) {
					unset( $chunk[ $incident_uid ] );
				}
			}
			ksort( $chunk );
			Sql::upsert( 'incidents', array_map( static fn ( array $incident ): array => self::row( ...$incident ), array_values( $chunk ) ), self::COLUMNS );
		}
	}

	/**
	 * Ends those whose end nobody told, when their monitor was up again: whoever told that may not have known of them. The judge
	 * was replaced, or lost what it was yet to send. They end at the first change to up that was told after the judge that stands
	 * for them spoke of them. Whatever a judge says of their end later holds instead.
	 *
	 * @param list<int> $monitor_ids
	 */
	public static function end_where_up( array $monitor_ids ): void {
		$down = Contract::number( 'MONITOR_STATES', 'down' );
		foreach ( array_chunk( $monitor_ids, 500 ) as $chunk ) {
			$ends = Sql::rows(
				'SELECT i.incident_uid, i.resolved_at_ms, MIN(c.changed_at_ms) AS up_at_ms FROM {incidents} i JOIN {state_changes} c
					ON c.monitor_id = i.monitor_id AND c.changed_at_ms > i.opened_at_ms AND c.state IN (' . self::up_states() . ") AND (c.judge_epoch > i.judge_epoch OR (
						c.judge_epoch = i.judge_epoch AND c.seq > COALESCE((
							SELECT MAX(o.seq) FROM {state_changes} o
							WHERE o.monitor_id = i.monitor_id AND o.judge_epoch = i.judge_epoch AND o.changed_at_ms = i.opened_at_ms AND o.state = $down
						), 0)
					))
				WHERE i.resolved_by IS NULL AND i.monitor_id IN (" . implode( ',', $chunk ) . ')
				GROUP BY i.incident_uid, i.resolved_at_ms ORDER BY i.incident_uid'
			);
			foreach ( $ends as [ 'incident_uid' => $incident_uid, 'resolved_at_ms' => $known_ms, 'up_at_ms' => $up_at_ms ] ) {
				if ( null === $known_ms || (int) $known_ms !== (int) $up_at_ms ) {
					Sql::run( 'UPDATE {incidents} SET resolved_at_ms = %d WHERE incident_uid = %s', (int) $up_at_ms, (string) $incident_uid );
				}
			}
		}
	}

	/**
	 * How many monitors that are watched have an open one. Of one that is up it is over, even if nobody said so: a companion that
	 * was replaced, or a database that was restored, leaves incidents whose end never comes.
	 *
	 * @param bool $of_public Only those that visitors see.
	 */
	public static function open_count( bool $of_public = false ): int {
		$up = self::up_states();
		return (int) Sql::value(
			"SELECT COUNT(DISTINCT i.monitor_id) FROM {incidents} i JOIN {monitors} m ON m.monitor_id = i.monitor_id
				WHERE i.resolved_at_ms IS NULL AND m.active = 1 AND m.state NOT IN ($up)" . ( $of_public ? ' AND m.is_public = 1' : '' )
		);
	}

	private static function up_states(): string {
		return Contract::number( 'MONITOR_STATES', 'up' ) . ', ' . Contract::number( 'MONITOR_STATES', 'degraded' );
	}

	/**
	 * What decides which of two rows holds: the higher one.
	 *
	 * @param array{judged_at_ms: int, resolved_at_ms: int|null} $incident
	 * @return array{int, int}
	 */
	private static function rank( array $incident ): array {
		return array( $incident['judged_at_ms'], $incident['resolved_at_ms'] ?? 0 );
	}

	/**
	 * @param list<string> $incident_uids
	 * @return array<string, array{int, int}>
	 */
	private static function ranks( array $incident_uids ): array {
		$ranks = array();
		foreach ( Sql::rows( 'SELECT incident_uid, judged_at_ms, resolved_at_ms FROM {incidents} WHERE incident_uid IN (' . Sql::places( count( $incident_uids ), '%s' ) . ')', ...$incident_uids ) as $row ) {
			$ranks[ (string) $row['incident_uid'] ] = array( (int) $row['judged_at_ms'], (int) $row['resolved_at_ms'] );
		}
		return $ranks;
	}

	/**
	 * @param Incident $incident
	 * @return array<string, int|string|bool|null>
	 */
	private static function row( int $monitor_id, array $incident ): array {
		return array(
			'incident_uid'   => $incident['incident_uid'],
			'monitor_id'     => $monitor_id,
			'judge_epoch'    => $incident['judge_epoch'],
			'opened_at_ms'   => $incident['opened_at_ms'],
			'error_code'     => Contract::number( 'CHECK_CODES', $incident['error_code'] ),
			'message'        => mb_substr( $incident['message'], 0, 500 ),
			'resolved_at_ms' => $incident['resolved_at_ms'],
			'resolved_by'    => null === $incident['resolved_by'] ? null : Contract::number( 'RESOLVERS', $incident['resolved_by'] ),
			'group_uid'      => $incident['group_uid'],
			'is_flapping'    => $incident['is_flapping'],
			'judged_at_ms'   => $incident['judged_at_ms'],
		);
	}
}
