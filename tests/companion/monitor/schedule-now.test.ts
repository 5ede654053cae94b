import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { phaseOf, Schedule } from '../../../companion/src/monitor/schedule.ts';

const WALL = Date.UTC( 2026, 9, 24, 23, 59, 30 );
const MINUTE = 60_000;

describe( 'a slot beside the plan', () => {
	const next_ms = WALL - ( WALL % MINUTE ) + phaseOf( 'm0', MINUTE );
	const cases: [
		string,
		{ line_ms: number; last_slot_ms: number | null; runs?: boolean },
		{ slot_ms: number; room_ms: number; missed_ms?: number } | null,
	][] = [
		[
			'of a new monitor is at once',
			{ line_ms: next_ms - 40_000, last_slot_ms: null },
			{ slot_ms: next_ms - 40_000, room_ms: 39_500 },
		],
		[
			'ends before the next planned one',
			{ line_ms: next_ms - 20_000, last_slot_ms: next_ms - MINUTE },
			{ slot_ms: next_ms - 20_000, room_ms: 19_500 },
		],
		[ 'leaves a planned one that is near its turn', { line_ms: next_ms - 2400, last_slot_ms: next_ms - MINUTE }, null ],
		[ 'is never that of the last slot', { line_ms: next_ms, last_slot_ms: next_ms }, null ],
		[
			'stands for one that was to be made up for',
			{ line_ms: next_ms + 5000, last_slot_ms: next_ms - MINUTE },
			{ slot_ms: next_ms + 5000, room_ms: 54_500, missed_ms: next_ms },
		],
		[ 'waits for a check that runs', { line_ms: next_ms - 20_000, last_slot_ms: null, runs: true }, null ],
	];
	for ( const [ name, { line_ms, last_slot_ms, runs }, expected ] of cases ) {
		it( name, () => {
			const schedule = new Schedule( 0, line_ms );
			schedule.add( { monitor_uid: 'm0', interval_ms: MINUTE, last_slot_ms } );
			if ( runs ) {
				schedule.now( 'm0' );
				schedule.look( 5, line_ms + 5 );
			}
			const begun = schedule.now( 'm0' );
			const missed_ms = begun?.missed?.first_slot_ms;
			assert.deepEqual(
				begun && { slot_ms: begun.due.slot_ms, room_ms: begun.due.end_mono_ms, ...( missed_ms !== undefined && { missed_ms } ) },
				expected
			);
		} );
	}

	it( 'leaves the plan as it is', () => {
		const schedule = new Schedule( 0, next_ms - 20_000 );
		schedule.add( { monitor_uid: 'm0', interval_ms: MINUTE, last_slot_ms: null } );
		schedule.finish( 'm0', schedule.now( 'm0' )?.due.slot_ms ?? 0 );
		const due: number[] = [];
		for ( let mono_ms = 1000; mono_ms <= 30_000; mono_ms += 1000 ) {
			due.push( ...schedule.look( mono_ms, next_ms - 20_000 + mono_ms ).due.map( ( one ) => one.slot_ms ) );
		}
		assert.deepEqual( due, [ next_ms ] );
	} );
} );
