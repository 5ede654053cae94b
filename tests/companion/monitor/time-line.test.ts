import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leadMs, lookAt, startTimeLine, type TimeEvent } from '../../../companion/src/monitor/time-line.ts';
import { seededRandom } from './random.ts';

const WALL = Date.UTC( 2026, 2, 29, 0, 59, 59 );
const HOUR = 3_600_000;

const cases: { name: string; mono: number; wall: number; line: number; events: TimeEvent[] }[] = [
	{ name: 'a second passes', mono: 1000, wall: 1000, line: 1000, events: [] },
	{ name: 'nothing passes', mono: 0, wall: 0, line: 0, events: [] },
	{ name: 'the wall is a little fast', mono: 1000, wall: 1010, line: 1010, events: [] },
	{ name: 'the wall is a little slow', mono: 1000, wall: 990, line: 999, events: [] },
	{
		name: 'the clock is set an hour ahead',
		mono: 300,
		wall: HOUR + 300,
		line: HOUR + 300,
		events: [ { kind: 'clock_jump', by_ms: HOUR } ],
	},
	{
		name: 'the clock is set a day ahead',
		mono: 300,
		wall: 24 * HOUR,
		line: 24 * HOUR,
		events: [ { kind: 'clock_jump', by_ms: 24 * HOUR - 300 } ],
	},
	{ name: 'the clock is set an hour back', mono: 1000, wall: 1000 - HOUR, line: 999, events: [ { kind: 'clock_jump', by_ms: -HOUR } ] },
	{ name: 'the loop was blocked for 8 s', mono: 9000, wall: 9000, line: 9000, events: [ { kind: 'stalled', by_ms: 8000 } ] },
	{ name: 'the loop was a second late', mono: 2000, wall: 2000, line: 2000, events: [] },
	{
		name: 'the process was stopped for ten minutes',
		mono: 600_000,
		wall: 600_000,
		line: 600_000,
		events: [ { kind: 'suspended', from_ms: WALL, to_ms: WALL + 600_000 } ],
	},
	{ name: 'a clock that should never go back does', mono: -50, wall: 0, line: 0, events: [] },
];
for ( const { name, mono, wall, line, events } of cases ) {
	test( `when ${ name }, the line and what is told are right`, () => {
		const looked = lookAt( startTimeLine( 5000, WALL ), 5000 + mono, WALL + wall );
		assert.deepEqual( looked.events, events );
		assert.equal( looked.line.line_ms - WALL, line );
	} );
}

test( 'begins at the last slot when the wall is behind it', () => {
	assert.equal( startTimeLine( 0, WALL, WALL + HOUR ).line_ms, WALL + HOUR );
	assert.equal( leadMs( startTimeLine( 0, WALL, WALL + HOUR ) ), HOUR );
	assert.equal( startTimeLine( 0, WALL, WALL - HOUR ).line_ms, WALL );
} );

test( 'comes back to the wall after small steps back, a millisecond each second', () => {
	let line = startTimeLine( 0, WALL, WALL + 500 );
	for ( let second = 1; second <= 500; second++ ) {
		( { line } = lookAt( line, second * 1000, WALL + second * 1000 ) );
	}
	assert.ok( Math.abs( leadMs( line ) ) < 1e-3 );
} );

// A line that went back would give two checks one identity: the second would be thrown away as a repetition.
for ( let seed = 1; seed <= 300; seed++ ) {
	test( `never goes back nor stands still, nor falls behind the wall (seed ${ seed })`, () => {
		const random = seededRandom( seed );
		let line = startTimeLine( 0, WALL );
		let mono_ms = 0;
		let off_ms = 0;
		for ( let step = 0; step < 300; step++ ) {
			const passed_ms = 1 + random( random( 20 ) === 0 ? 900_000 : 1000 );
			mono_ms += passed_ms;
			off_ms += random( 30 ) === 0 ? random( 200_000_000 ) - 100_000_000 : random( 3 ) - 1;
			const looked = lookAt( line, mono_ms, WALL + mono_ms + off_ms );
			assert.ok( looked.line.line_ms >= line.line_ms + passed_ms * 0.999 - 1e-3 );
			assert.ok( looked.line.line_ms >= WALL + mono_ms + off_ms );
			( { line } = looked );
		}
	} );
}
