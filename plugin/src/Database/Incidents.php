<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;
use Rollcall\Status\Uptime;

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
	 * Ends those whose end nobody told. A monitor has at most one open incident: the newest judge knows of it, and may not have known
	 * of those before. The judge was replaced, or lost what it was yet to send. Such an incident ends where the next one begins, or
	 * at the first change to up that was told after the judge that stands for it spoke of it. Whatever a judge says of its end holds
	 * instead. `resolved_by` stays null, so that it is worked out anew while the changes behind it are kept.
	 *
	 * @param list<int> $monitor_ids
	 */
	public static function end_untold( array $monitor_ids, int $now_ms ): void {
		$down = Contract::number( 'MONITOR_STATES', 'down' );
		$kept = $now_ms - UptimeCache::HOUR_DAYS * Uptime::DAY_MS;
		foreach ( array_chunk( $monitor_ids, 500 ) as $chunk ) {
			$untold = Sql::rows(
				'SELECT i.incident_uid, i.opened_at_ms, i.resolved_at_ms, (
					SELECT MIN(n.opened_at_ms) FROM {incidents} n WHERE n.monitor_id = i.monitor_id
						AND (n.judge_epoch > i.judge_epoch OR (n.judge_epoch = i.judge_epoch AND n.opened_at_ms > i.opened_at_ms))
				) AS next_at_ms, (
					SELECT MIN(c.changed_at_ms) FROM {state_changes} c
					WHERE c.monitor_id = i.monitor_id AND c.changed_at_ms > i.opened_at_ms AND c.state IN (' . self::up_states() . ") AND (c.judge_epoch > i.judge_epoch OR (
						c.judge_epoch = i.judge_epoch AND c.seq > COALESCE((
							SELECT MAX(o.seq) FROM {state_changes} o
							WHERE o.monitor_id = i.monitor_id AND o.judge_epoch = i.judge_epoch AND o.changed_at_ms = i.opened_at_ms AND o.state = $down
						), 0)
					))
				) AS up_at_ms
				FROM {incidents} i WHERE i.resolved_by IS NULL AND (i.resolved_at_ms IS NULL OR i.opened_at_ms >= $kept)
					AND i.monitor_id IN (" . implode( ',', $chunk ) . ') ORDER BY i.incident_uid'
			);
			foreach ( $untold as $incident ) {
				self::set_end( $incident );
			}
		}
	}

	/** @param array<string, string|null> $incident With opened_at_ms, resolved_at_ms, next_at_ms and up_at_ms. */
	private static function set_end( array $incident ): void {
		$ends = array_filter( array( $incident['next_at_ms'], $incident['up_at_ms'] ), 'is_string' );
		// The judge of the next one may have found it earlier.
		$end_ms = array() === $ends ? null : (string) max( (int) $incident['opened_at_ms'], min( array_map( 'intval', $ends ) ) );
		if ( $end_ms !== $incident['resolved_at_ms'] ) {
			Sql::run( 'UPDATE {incidents} SET resolved_at_ms = ' . ( $end_ms ?? 'NULL' ) . ' WHERE incident_uid = %s', (string) $incident['incident_uid'] );
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
			'SELECT COUNT(*) ' . Monitors::ACTIVE . " AND m.state NOT IN ($up)" . ( $of_public ? ' AND m.is_public = 1' : '' )
				. ' AND m.monitor_id IN (SELECT monitor_id FROM {incidents} WHERE resolved_at_ms IS NULL)'
		);
	}

	private static function up_states(): string {
		return Contract::number( 'MONITOR_STATES', 'up' ) . ', ' . Contract::number( 'MONITOR_STATES', 'degraded' );
	}

	/**
	 * What decides which of two rows holds: the higher one.
	 *
	 * @param Incident $incident
	 * @return array{int, int}
	 */
	private static function rank( array $incident ): array {
		return array( $incident['judged_at_ms'], self::told_end_ms( $incident ) ?? 0 );
	}

	/**
	 * Without somebody who ended it an incident is open.
	 *
	 * @param Incident $incident
	 */
	private static function told_end_ms( array $incident ): ?int {
		return null === $incident['resolved_by'] ? null : $incident['resolved_at_ms'];
	}

	/**
	 * @param list<string> $incident_uids
	 * @return array<string, array{int, int}>
	 */
	private static function ranks( array $incident_uids ): array {
		$ranks = array();
		foreach ( Sql::rows( 'SELECT incident_uid, judged_at_ms, CASE WHEN resolved_by IS NULL THEN 0 ELSE resolved_at_ms END AS told_end_ms FROM {incidents} WHERE incident_uid IN (' . Sql::places( count( $incident_uids ), '%s' ) . ')', ...$incident_uids ) as $row ) {
			$ranks[ (string) $row['incident_uid'] ] = array( (int) $row['judged_at_ms'], (int) $row['told_end_ms'] );
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
			'resolved_at_ms' => self::told_end_ms( $incident ),
			'resolved_by'    => null === $incident['resolved_by'] ? null : Contract::number( 'RESOLVERS', $incident['resolved_by'] ),
			'group_uid'      => $incident['group_uid'],
			'is_flapping'    => $incident['is_flapping'],
			'judged_at_ms'   => $incident['judged_at_ms'],
		);
	}
}
