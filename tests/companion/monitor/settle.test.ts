import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StateChange } from '../../../companion/src/contract/monitor.ts';
import type { CheckCode, MonitorState } from '../../../companion/src/contract/vocabulary.ts';
import type { MonitorResult } from '../../../companion/src/monitor/ports.ts';
import { settleGap, settleSlot, type Judging } from '../../../companion/src/monitor/settle.ts';
import { NO_PROGRESS, type Progress } from '../../../companion/src/monitor/watched.ts';
import { seededRandom } from './random.ts';

const CODES: Record< MonitorState, CheckCode > = { up: 'ok', degraded: 'too_slow', down: 'http_status', unknown: 'self_offline' };

const result = ( state: MonitorState ): MonitorResult => ( {
	state,
	error_code: CODES[ state ],
	error_message: '',
	status_code: null,
	phases: { dns_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: null, transfer_ms: null, total_ms: 5 },
	assertions: [],
	warnings: [],
	mail_state: null,
} );

const judging = ( slot_ms: number ): Judging => ( { monitor_uid: 'a'.repeat( 32 ), epoch: 1, line_ms: slot_ms } );

/** What WordPress shows: at one instant the later decision holds. */
function shown( changes: readonly StateChange[] ): MonitorState | null {
	const newest = changes.toSorted( ( a, b ) => a.changed_at_ms - b.changed_at_ms || a.seq - b.seq ).at( -1 );
	return newest?.state ?? null;
}

/** Slots 30 s apart. `pause` is not one: nothing is known from then on. */
function follow(
	steps: readonly ( MonitorState | 'pause' )[],
	check: ( progress: Progress, changes: readonly StateChange[] ) => void
): void {
	let progress = NO_PROGRESS;
	const changes: StateChange[] = [];
	steps.forEach( ( step, index ) => {
		const slot_ms = 1_800_000_000_000 + index * 30_000;
		const settled =
			step === 'pause'
				? settleGap( progress, { slot_ms, error_code: 'paused', message: '' }, judging( slot_ms ) )
				: settleSlot( progress, { slot_ms, result: result( step ), attempts: 1 }, judging( slot_ms ) );
		progress = settled.progress;
		changes.push( ...settled.outcome.changes );
		check( progress, changes );
	} );
}

describe( 'the newest change says the present state', () => {
	const rows: ( MonitorState | 'pause' )[][] = [
		[ 'up', 'down', 'unknown', 'up', 'down' ],
		[ 'up', 'down', 'down', 'up', 'unknown', 'down', 'up' ],
		[ 'up', 'down', 'pause', 'up', 'down' ],
	];
	for ( const steps of rows ) {
		it( `also when a vote is older than a gap: ${ steps.join( ', ' ) }`, () => {
			follow( steps, ( { judged, is_paused }, changes ) => {
				assert.equal( shown( changes ), judged.has_reading && ! is_paused ? judged.state : 'unknown' );
			} );
		} );
	}

	/** A state that is shown wrongly stays until the next change: a site that is down would be up for as long as it is down. */
	it( 'whatever comes', () => {
		const random = seededRandom( 5 );
		const words = [ 'up', 'up', 'down', 'down', 'degraded', 'unknown', 'pause' ] as const;
		for ( let turn = 0; turn < 3000; turn++ ) {
			const steps = Array.from( { length: 12 }, () => words[ random( words.length ) ] ?? 'up' );
			follow( [ 'up', ...steps ], ( { judged, is_paused, incident }, changes ) => {
				const present = judged.has_reading && ! is_paused ? judged.state : 'unknown';
				assert.equal( shown( changes ), present, steps.join( ', ' ) );
				assert.ok( present === 'unknown' || ( incident !== null ) === ( present === 'down' ), steps.join( ', ' ) );
			} );
		}
	} );
} );
