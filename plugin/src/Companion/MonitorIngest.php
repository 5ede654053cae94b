<?php
declare( strict_types = 1 );

namespace Rollcall\Companion;

use Rollcall\Database\Checks;
use Rollcall\Database\Companions;
use Rollcall\Database\Incidents;
use Rollcall\Database\JudgeEpoch;
use Rollcall\Database\MonitorReadings;
use Rollcall\Database\StateChanges;
use Rollcall\Database\UptimeCache;
use Rollcall\RollcallError;
use Rollcall\Status\Uptime;

/**
 * Stores what a batch says of monitors, inside its transaction. Any order, repetition and splitting of batches gives the same
 * tables: rows are added by key or the newer one holds, and what is worked out from them is what all rows together give.
 *
 * @phpstan-import-type Incident from \Rollcall\Contract\Shapes
 * @phpstan-import-type MonitorChecks from \Rollcall\Contract\Shapes
 * @phpstan-import-type Reading from \Rollcall\Contract\Shapes
 * @phpstan-import-type StateChange from \Rollcall\Contract\Shapes
 * @phpstan-import-type KnownMonitor from MonitorReadings
 * @phpstan-import-type Newest from StateChanges
 * @phpstan-import-type Refused from Ingest
 * @phpstan-type MonitorRows array{checks: list<MonitorChecks>, readings: list<Reading>, state_changes: list<StateChange>, incidents: list<Incident>}
 */
final class MonitorIngest {
	/**
	 * A time that lies further ahead is none: it would be known for ever until then. The companion keeps to our time, to five
	 * minutes; what is delivered late is of the past, however late.
	 */
	private const AHEAD_MS = 600_000;

	/** @var array<string, KnownMonitor> */
	private array $monitors;

	/** @var list<Refused> */
	private array $refused = array();

	private int $stored = 0;

	/** @var array<int, array{int, int}> Earliest and latest instant that was touched, by monitor_id. */
	private array $touched = array();

	/** @var array<int, true> Monitors of which decisions came, by monitor_id. */
	private array $decided = array();

	/** @var array<int, Newest> Changes that came, by monitor_id. */
	private array $newest = array();

	/** @var array<int, Reading> Those that are newer than what is stored, by monitor_id. */
	private array $readings = array();

	/** @param MonitorRows $rows */
	private function __construct( array $rows, private int $location_id, private int $now_ms ) {
		$uids           = array_merge( ...array_map( static fn ( string $kind ): array => array_column( $rows[ $kind ], 'monitor_uid' ), array( 'checks', 'readings', 'state_changes', 'incidents' ) ) );
		$this->monitors = MonitorReadings::known( array_values( array_unique( $uids ) ) );
	}

	/**
	 * Stores the rows; those of unknown monitors are named, the others are stored. Runs before anything is read in the transaction.
	 *
	 * @param MonitorRows $rows
	 * @param string $companion_id Whose rows they are. Those of one that stands by are its own checks and nothing else.
	 * @return array{stored: int, refused: list<Refused>}
	 * @throws RollcallError With stale_lease, when another companion decides since these decisions were made.
	 */
	public static function store( array $rows, string $companion_id, int $now_ms ): array {
		if ( array() === $rows['checks'] && array() === $rows['readings'] && array() === $rows['state_changes'] && array() === $rows['incidents'] ) {
			return array(
				'stored'  => 0,
				'refused' => array(),
			);
		}
		$epochs      = array_merge( array_column( $rows['state_changes'], 'judge_epoch' ), array_column( $rows['incidents'], 'judge_epoch' ) );
		$location_id = self::hold_lease( $epochs, $companion_id );
		$ingest      = new self( $rows, $location_id, $now_ms );
		$ingest->checks( $rows['checks'] );
		if ( Checks::JUDGE === $location_id ) {
			$ingest->state_changes( $rows['state_changes'] );
			$ingest->readings( $rows['readings'] );
			$ingest->incidents( $rows['incidents'] );
			$ingest->work_out();
		} else {
			// What it read last while it still decided; the judge's own reading holds.
			$ingest->stored += count( $rows['readings'] );
		}
		return array(
			'stored'  => $ingest->stored,
			'refused' => $ingest->refused,
		);
	}

	/**
	 * One batch at a time, and decisions only of the judge that holds the lease.
	 *
	 * @param list<int> $epochs Of the decisions.
	 * @return int Where the checks of the companion count. It is its role now that tells, not what the rows say.
	 */
	private static function hold_lease( array $epochs, string $companion_id ): int {
		$current     = JudgeEpoch::hold();
		$location_id = Companions::location_of( $companion_id );
		if ( array() !== $epochs && ( min( $epochs ) < $current || Checks::JUDGE !== $location_id ) ) {
			throw new RollcallError( 'stale_lease', 'The batch has decisions of judge ' . min( $epochs ) . "; judge $current decides now." );
		}
		if ( array() !== $epochs && max( $epochs ) > $current ) {
			JudgeEpoch::set( max( $epochs ) );
		}
		return $location_id;
	}

	/** @param list<MonitorChecks> $groups */
	private function checks( array $groups ): void {
		$rows = array();
		foreach ( $groups as $group ) {
			$known = $this->known( 'checks', $group['monitor_uid'], count( $group['rows'] ) );
			if ( null === $known ) {
				continue;
			}
			[ $texts, $from_ms, $to_ms ] = $this->near( $group );
			$rows[ $known['monitor_id'] ][ $this->location_id ] = array_merge( $rows[ $known['monitor_id'] ][ $this->location_id ] ?? array(), $texts );
			if ( Checks::JUDGE === $this->location_id && $to_ms > 0 ) {
				$this->touch( $known['monitor_id'], $from_ms );
				$this->touch( $known['monitor_id'], $to_ms );
			}
		}
		Checks::insert( $rows );
	}

	/**
	 * The rows that do not lie too far ahead, and their first and last slot; the last is 0 when there is none.
	 *
	 * @param MonitorChecks $group
	 * @return array{list<string>, int, int}
	 */
	private function near( array $group ): array {
		$texts   = array();
		$from_ms = PHP_INT_MAX;
		$to_ms   = 0;
		foreach ( $group['rows'] as $row ) {
			$slot_ms = (int) $row;
			if ( ! $this->is_too_far( 'checks', $group['monitor_uid'], $slot_ms ) ) {
				$texts[] = $row;
				$from_ms = $slot_ms > 0 ? min( $from_ms, $slot_ms ) : $from_ms;
				$to_ms   = max( $to_ms, $slot_ms );
			}
		}
		return array( $texts, $from_ms, $to_ms );
	}

	/** @param list<StateChange> $changes */
	private function state_changes( array $changes ): void {
		$rows = array();
		foreach ( $changes as $change ) {
			$known = $this->known( 'state_changes', $change['monitor_uid'], 1 );
			if ( null === $known || $this->is_too_far( 'state_changes', $change['monitor_uid'], $change['changed_at_ms'] ) ) {
				continue;
			}
			$rows[] = array( $known['monitor_id'], $change );

			$this->decided[ $known['monitor_id'] ] = true;
			// It holds until the next one; at the latest until nothing is known any more.
			$this->touch( $known['monitor_id'], $change['changed_at_ms'] );
			$this->touch( $known['monitor_id'], $known['known_until_ms'] );
		}
		StateChanges::insert( $rows );
		$this->newest = MonitorReadings::take_states( array_values( array_unique( array_column( $rows, 0 ) ) ) );
	}

	/** @param list<Reading> $readings */
	private function readings( array $readings ): void {
		foreach ( $readings as $reading ) {
			$known = $this->known( 'readings', $reading['monitor_uid'], 1 );
			if ( null === $known || $this->is_too_far( 'readings', $reading['monitor_uid'], $reading['slot_ms'] ) ) {
				continue;
			}
			$this->touch( $known['monitor_id'], $reading['slot_ms'] );
			if ( $reading['slot_ms'] > ( $this->readings[ $known['monitor_id'] ]['slot_ms'] ?? $known['last_slot_ms'] ) ) {
				$this->readings[ $known['monitor_id'] ] = $reading;
			}
		}
	}

	/** @param list<Incident> $incidents */
	private function incidents( array $incidents ): void {
		$rows = array();
		foreach ( $incidents as $incident ) {
			$known = $this->known( 'incidents', $incident['monitor_uid'], 1 );
			if ( null !== $known && ! $this->is_too_far( 'incidents', $incident['monitor_uid'], max( $incident['opened_at_ms'], $incident['resolved_at_ms'] ?? 0 ) ) ) {
				$rows[] = array( $known['monitor_id'], $incident );

				$this->decided[ $known['monitor_id'] ] = true;
			}
		}
		Incidents::store( $rows );
		Incidents::end_untold( array_keys( $this->decided ), $this->now_ms );
	}

	/** Stores readings, raises known_until_ms, and works out the hours that were touched. */
	private function work_out(): void {
		$known_until = array();
		$raised      = array();
		$newest      = $this->newest;
		foreach ( $this->monitors as [ 'monitor_id' => $monitor_id, 'known_until_ms' => $known_until_ms, 'newest' => $known_newest ] ) {
			$newest[ $monitor_id ]    ??= $known_newest;
			$touched_ms                 = $this->touched[ $monitor_id ][1] ?? 0;
			$known_until[ $monitor_id ] = max( $known_until_ms, $touched_ms );
			if ( $touched_ms > $known_until_ms ) {
				$raised[ $monitor_id ] = $touched_ms;
				// The state goes on from where it was known.
				$this->touch( $monitor_id, $known_until_ms );
			}
		}
		MonitorReadings::store( $this->readings, $raised );
		ksort( $this->touched );
		UptimeCache::recompute( $this->touched, $known_until, $this->now_ms, $newest );
	}

	private function touch( int $monitor_id, int $instant_ms ): void {
		if ( 0 === $instant_ms ) {
			return;
		}
		[ $from_ms, $to_ms ]          = $this->touched[ $monitor_id ] ?? array( $instant_ms, $instant_ms );
		$this->touched[ $monitor_id ] = array( min( $from_ms, $instant_ms ), max( $to_ms, $instant_ms ) );
	}

	/**
	 * The monitor of rows, which counts them; null when it is unknown.
	 *
	 * @return KnownMonitor|null
	 */
	private function known( string $kind, string $monitor_uid, int $rows ): ?array {
		$known = $this->monitors[ $monitor_uid ] ?? null;
		if ( null === $known ) {
			$this->refuse( $kind, $monitor_uid, 'not_found' );
			return null;
		}
		$this->stored += $rows;
		return $known;
	}

	private function is_too_far( string $kind, string $monitor_uid, int $instant_ms ): bool {
		if ( $instant_ms <= $this->now_ms + self::AHEAD_MS ) {
			return false;
		}
		--$this->stored;
		$this->refuse( $kind, $monitor_uid, 'clock_skew' );
		return true;
	}

	private function refuse( string $kind, string $monitor_uid, string $error_code ): void {
		$this->refused[] = array(
			'kind'       => $kind,
			'key'        => $monitor_uid,
			'error_code' => $error_code,
		);
	}
}
