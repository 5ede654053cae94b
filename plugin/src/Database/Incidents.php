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
	 * How many monitors that are watched have an open one. Of one that is up it is over, even if nobody said so: a companion that
	 * was replaced, or a database that was restored, leaves incidents whose end never comes.
	 *
	 * @param bool $of_public Only those that visitors see.
	 */
	public static function open_count( bool $of_public = false ): int {
		$up = Contract::number( 'MONITOR_STATES', 'up' ) . ', ' . Contract::number( 'MONITOR_STATES', 'degraded' );
		return (int) Sql::value(
			"SELECT COUNT(DISTINCT i.monitor_id) FROM {incidents} i JOIN {monitors} m ON m.monitor_id = i.monitor_id
				WHERE i.resolved_at_ms IS NULL AND m.active = 1 AND m.state NOT IN ($up)" . ( $of_public ? ' AND m.is_public = 1' : '' )
		);
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
