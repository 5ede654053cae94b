import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreedTime, leadMs, lookAt, startTimeLine, type TimeEvent } from '../../../companion/src/monitor/time-line.ts';
import { seededRandom } from './random.ts';

const WALL = Date.UTC( 2026, 2, 29, 0, 59, 59 );
const HOUR = 3_600_000;

const cases: { name: string; mono: number; wall: number; line: number; events: TimeEvent[] }[] = [
	{ name: 'a second passes', mono: 1000, wall: 1000, line: 1000, events: [] },
	{ name: 'nothing passes', mono: 0, wall: 0, line: 0, events: [] },
	{ name: 'the wall is a little fast', mono: 1000, wall: 1010, line: 1000, events: [] },
	{ name: 'the wall is a little slow', mono: 1000, wall: 990, line: 1000, events: [] },
	{
		name: 'the clock is set an hour ahead',
		mono: 300,
		wall: HOUR + 300,
		line: 300,
		events: [ { kind: 'clock_jump', by_ms: HOUR } ],
	},
	{
		name: 'the clock is set a day ahead',
		mono: 300,
		wall: 24 * HOUR,
		line: 300,
		events: [ { kind: 'clock_jump', by_ms: 24 * HOUR - 300 } ],
	},
	{ name: 'the clock is set an hour back', mono: 1000, wall: 1000 - HOUR, line: 1000, events: [ { kind: 'clock_jump', by_ms: -HOUR } ] },
	{
		name: 'the clock is set 30 days ahead',
		mono: 300,
		wall: 720 * HOUR,
		line: 300,
		events: [ { kind: 'clock_jump', by_ms: 720 * HOUR - 300 } ],
	},
	{
		name: 'the clock is set 30 days back',
		mono: 300,
		wall: -720 * HOUR,
		line: 300,
		events: [ { kind: 'clock_jump', by_ms: -720 * HOUR - 300 } ],
	},
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

test( 'time that the machine slept passes, although the monotonic clock did not count it', () => {
	const { line, events } = lookAt( startTimeLine( 5000, WALL ), 6000, WALL + HOUR + 1000, HOUR );
	assert.equal( line.line_ms - WALL, HOUR + 1000 );
	assert.deepEqual( events, [ { kind: 'suspended', from_ms: WALL, to_ms: WALL + HOUR + 1000 } ] );
} );

for ( const [ name, offset_ms ] of [
	[ 'behind', 24 * HOUR ],
	[ 'ahead', -24 * HOUR ],
] as const ) {
	test( `begins at the time of WordPress when the wall is a day ${ name } of it`, () => {
		assert.equal( startTimeLine( 0, WALL, 0, offset_ms ).line_ms, WALL + offset_ms );
	} );
}

for ( const { name, sites, agreed } of [
	{ name: 'none', sites: [], agreed: null },
	{ name: 'one', sites: [ 500 ], agreed: 500 },
	{ name: 'two that agree', sites: [ 500, 500 ], agreed: 500 },
	{ name: 'two, of which one is a day ahead', sites: [ 1, 24 * HOUR ], agreed: 1 },
	{ name: 'two, of which one is a day behind', sites: [ -24 * HOUR, 1 ], agreed: 0 },
	{ name: 'three, of which one is a day ahead', sites: [ 24 * HOUR, 700, 500 ], agreed: 700 },
	{ name: 'three that all say that ours is a day behind', sites: [ 24 * HOUR, 24 * HOUR + 1, 24 * HOUR + 2 ], agreed: 24 * HOUR + 1 },
] ) {
	test( `follows the time that most clocks agree on: ${ name }`, () => {
		assert.equal( agreedTime( sites, 0 ), agreed );
	} );
}

// A line that went back would give two checks one identity: the second would be thrown away as a repetition.
for ( let seed = 1; seed <= 300; seed++ ) {
	test( `neither goes back nor leaves the time of WordPress, whatever the wall does (seed ${ seed })`, () => {
		const random = seededRandom( seed );
		let line = startTimeLine( 0, WALL );
		let mono_ms = 0;
		for ( let step = 0; step < 300; step++ ) {
			mono_ms += 1 + random( random( 20 ) === 0 ? 900_000 : 1000 );
			const looked = lookAt( line, mono_ms, WALL + mono_ms + random( 200_000_000 ) - 100_000_000 );
			assert.ok( Math.abs( looked.line.line_ms - WALL - mono_ms ) < 1e-3 );
			( { line } = looked );
		}
	} );
}
