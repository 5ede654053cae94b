import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { phaseOf, Schedule, slotsOf } from '../../../companion/src/monitor/schedule.ts';
import { seededRandom } from './random.ts';
import { Simulated } from './simulated.ts';

const WALL = Date.UTC( 2026, 9, 24, 23, 59, 30 );
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe( 'the phase of a monitor', () => {
	it( 'spreads 10,000 monitors evenly over the interval', () => {
		const counts = Array.from( { length: 60 }, () => 0 );
		for ( let index = 0; index < 10_000; index++ ) {
			const second = Math.floor( phaseOf( `monitor-${ index }`, MINUTE ) / 1000 );
			counts[ second ] = ( counts[ second ] ?? 0 ) + 1;
		}
		assert.ok( Math.min( ...counts ) > 120 && Math.max( ...counts ) < 220 );
	} );

	it( 'is always the same, or every restart would leave a gap', () => {
		assert.deepEqual( [ phaseOf( 'a', MINUTE ), phaseOf( 'b', MINUTE ), phaseOf( 'a', 10_000 ) ], [ 41_715, 8274, 1715 ] );
	} );
} );

describe( 'the schedule', () => {
	it( 'checks 1,000 monitors within one interval of the start, each once and none at the same moment', () => {
		const simulated = new Simulated( WALL );
		simulated.add( 1000, MINUTE );
		simulated.run( MINUTE );
		assert.equal( new Set( simulated.ran.map( ( one ) => one.monitor_uid ) ).size, 1000 );
		assert.ok( simulated.mostWithin( 1000 ) < 45 );
	} );

	it( 'plans slots at the phase in every interval, and hands on no lateness', () => {
		const random = seededRandom( 7 );
		const simulated = new Simulated( WALL, { late_ms: () => random( 300 ) } );
		simulated.add( 1, MINUTE );
		simulated.run( 24 * HOUR );
		const phase_ms = phaseOf( 'm0', MINUTE );
		assert.equal( simulated.ran.length, 1440 );
		assert.ok( simulated.ran.every( ( { slot_ms } ) => slot_ms % MINUTE === phase_ms ) );
		assert.ok( simulated.ran.every( ( { slot_ms, mono_ms } ) => mono_ms + simulated.wall_off_ms - slot_ms <= 300 ) );
	} );

	it( 'checks no monitor more often than every 10 s', () => {
		const simulated = new Simulated( WALL );
		simulated.add( 1, 1000 );
		simulated.run( MINUTE );
		assert.equal( simulated.ran.length, 6 );
	} );

	it( 'lets every check end 500 ms before the next slot', () => {
		const simulated = new Simulated( WALL );
		simulated.add( 5, 10_000 );
		simulated.run( MINUTE );
		assert.ok( simulated.ran.every( ( { slot_ms, end_mono_ms } ) => end_mono_ms + simulated.wall_off_ms === slot_ms + 9500 ) );
	} );

	it( 'runs one check of a monitor at a time; the slots in between are missed', () => {
		const schedule = new Schedule( 0, WALL );
		schedule.add( { monitor_uid: 'm0', interval_ms: 10_000, last_slot_ms: null } );
		const simulated = { due: 0, missed: 0 };
		for ( let mono_ms = 0; mono_ms <= 40_000; mono_ms += 500 ) {
			const { due, missed } = schedule.look( mono_ms, WALL + mono_ms );
			simulated.due += due.length;
			simulated.missed += missed.flatMap( ( one ) => [ ...slotsOf( one ) ] ).length;
		}
		assert.deepEqual( simulated, { due: 1, missed: 3 } );
	} );

	it( 'checks a confirming monitor every 30 s from the slot that failed, and then in its own rhythm again', () => {
		const simulated = new Simulated( WALL );
		simulated.add( 1, 100_000 );
		while ( simulated.ran.length === 0 ) {
			simulated.run( 1000 );
		}
		const failed_ms = simulated.ran.at( -1 )?.slot_ms ?? 0;
		simulated.run( 20_000 ).schedule.setConfirming( 'm0', true );
		simulated.run( 60_000 ).schedule.setConfirming( 'm0', false );
		simulated.run( 10 * MINUTE );
		const after = simulated.ran.slice( 1 ).map( ( { slot_ms, confirming } ) => [ slot_ms - failed_ms, confirming ] );
		assert.deepEqual( after.slice( 0, 4 ), [
			[ 30_000, true ],
			[ 60_000, true ],
			[ 100_000, false ],
			[ 200_000, false ],
		] );
	} );

	it( 'gives no slot twice when a monitor is confirming after a check that began early', () => {
		const simulated = new Simulated( WALL );
		simulated.add( 1, 10_000 );
		while ( simulated.ran.length === 0 ) {
			simulated.run( 100 );
		}
		// So late for one slot that the next one is due in a second.
		simulated.run( ( simulated.ran[ 0 ]?.mono_ms ?? 0 ) + 9950 - simulated.mono_ms ).stop( 8900 );
		const early = simulated.ran.at( -1 );
		assert.ok( early && early.slot_ms > simulated.mono_ms + simulated.wall_off_ms );
		simulated.schedule.setConfirming( 'm0', true );
		simulated.run( 30_000 );
		assert.deepEqual( simulated.stored( 'm0' ), [ ...new Set( simulated.stored( 'm0' ) ) ] );
	} );

	it( 'does not run a second check of a monitor that gets another interval meanwhile', () => {
		const simulated = new Simulated( WALL, { lasts_ms: () => 30_000 } );
		simulated.add( 1, MINUTE );
		while ( simulated.ran.length === 0 ) {
			simulated.run( 100 );
		}
		simulated.add( 1, 10_000 );
		simulated.run( 25_000 );
		assert.equal( simulated.ran.length, 1 );
		simulated.run( 20_000 );
		assert.ok( simulated.ran.length > 1 );
	} );

	it( 'leaves a 10 s monitor its interval while it is confirming', () => {
		const simulated = new Simulated( WALL );
		simulated.add( 1, 10_000 );
		simulated.run( 10_000 ).schedule.setConfirming( 'm0', true );
		simulated.run( MINUTE );
		assert.equal( simulated.ran.length, 7 );
	} );

	it( 'never plans a slot again when a monitor gets another interval or is added twice', () => {
		const simulated = new Simulated( WALL );
		for ( const interval_ms of [ 10_000, 60_000, 25_000, 10_000, 10_000, 3_600_000, 11_000 ] ) {
			simulated.add( 1, interval_ms );
			simulated.run( 45_000 );
		}
		const slots = simulated.ran.map( ( one ) => one.slot_ms );
		assert.ok( slots.every( ( slot_ms, index ) => index === 0 || slot_ms > ( slots[ index - 1 ] ?? Infinity ) ) );
	} );

	it( 'forgets a monitor that is removed', () => {
		const simulated = new Simulated( WALL );
		simulated.add( 2, 10_000 );
		simulated.schedule.remove( 'm0' );
		simulated.run( MINUTE );
		assert.ok( simulated.ran.length > 0 && simulated.ran.every( ( one ) => one.monitor_uid === 'm1' ) );
	} );
} );

describe( 'after a restart', () => {
	const slot_ms = WALL - ( WALL % MINUTE ) + phaseOf( 'm0', MINUTE ) - MINUTE;
	const resumed = ( at_ms: number, last_slot_ms: number ) => {
		const simulated = new Simulated( at_ms );
		const missed = simulated.schedule.add( { monitor_uid: 'm0', interval_ms: MINUTE, last_slot_ms } );
		simulated.run( MINUTE );
		return {
			missed: missed && [ ...slotsOf( missed ) ].map( ( at ) => at - slot_ms ),
			ran: simulated.ran.map( ( one ) => one.slot_ms - slot_ms ),
		};
	};

	it( 'a check that ran when the process was killed runs again, with the same identity', () => {
		assert.deepEqual( resumed( slot_ms + 5000, slot_ms - MINUTE ), { missed: null, ran: [ 0, MINUTE ] } );
	} );

	it( 'a slot of which the result is stored does not', () => {
		assert.deepEqual( resumed( slot_ms + 5000, slot_ms ), { missed: null, ran: [ MINUTE ] } );
	} );

	it( 'older slots are missed, and one check makes up for them', () => {
		assert.deepEqual( resumed( slot_ms + 5000, slot_ms - 4 * MINUTE ), {
			missed: [ -3 * MINUTE, -2 * MINUTE, -MINUTE ],
			ran: [ 0, MINUTE ],
		} );
	} );

	it( 'nothing is made up for when the next slot is about to come', () => {
		assert.deepEqual( resumed( slot_ms + MINUTE - 2900, slot_ms - MINUTE ), { missed: [ 0 ], ran: [ MINUTE ] } );
	} );

	it( 'a slot that is to be made up for is not lost when the monitor is confirming', () => {
		const simulated = new Simulated( slot_ms + 5000 );
		simulated.schedule.add( { monitor_uid: 'm0', interval_ms: MINUTE, last_slot_ms: slot_ms - MINUTE } );
		simulated.schedule.setConfirming( 'm0', true );
		simulated.run( MINUTE );
		assert.equal( simulated.stored( 'm0' )[ 0 ], slot_ms );
	} );

	it( 'no slot comes twice though the clock is an hour behind', () => {
		const simulated = new Simulated( WALL - HOUR, { last_line_ms: WALL } );
		simulated.schedule.add( { monitor_uid: 'm0', interval_ms: MINUTE, last_slot_ms: WALL - 20 } );
		simulated.run( 10 * MINUTE );
		assert.equal( simulated.ran.length, 10 );
		assert.ok( simulated.ran.every( ( one ) => one.slot_ms > WALL - 20 ) );
		assert.ok( simulated.schedule.lead_ms > HOUR - 1000 );
	} );
} );

describe( 'when the clock jumps (F20)', () => {
	for ( const [ name, by_ms ] of [
		[ 'an hour ahead', HOUR ],
		[ 'an hour back', -HOUR ],
		[ 'a day ahead', 24 * HOUR ],
		[ 'a day back', -24 * HOUR ],
		[ '7.3 s ahead', 7300 ],
		[ '7.3 s back', -7300 ],
	] as const ) {
		for ( const interval_ms of [ 10_000, MINUTE, 7 * MINUTE, HOUR ] ) {
			it( `${ name }, checks every ${ interval_ms / 1000 } s neither burst nor fall silent`, () => {
				const simulated = new Simulated( WALL );
				simulated.add( 200, interval_ms );
				simulated.run( 2 * interval_ms + 12_345 );
				const usual = simulated.mostWithin( interval_ms );
				simulated.setClock( by_ms ).run( 3 * interval_ms );
				assert.deepEqual( simulated.events, [ { kind: 'clock_jump', by_ms } ] );
				// A line that leads runs slower by a thousandth; a check never moves by more than it may be late.
				assert.ok( simulated.longestSilence() <= interval_ms * 1.0011 + 1 );
				assert.ok( simulated.mostWithin( interval_ms ) <= usual * 2 );
				assert.ok( simulated.mostWithin( interval_ms / 10 ) <= usual * 0.35 );
				for ( const uid of [ 'm0', 'm99', 'm199' ] ) {
					const stored = simulated.stored( uid );
					assert.equal( new Set( stored ).size, stored.length );
				}
			} );
		}
	}

	it( 'a day ahead, no slot is in the future and none is missed', () => {
		const simulated = new Simulated( WALL );
		simulated.add( 1, HOUR );
		simulated
			.run( 2 * HOUR )
			.setClock( 24 * HOUR )
			.run( 2 * HOUR );
		assert.deepEqual( simulated.missed, [] );
		assert.ok( simulated.ran.every( ( one ) => one.slot_ms <= WALL + 4 * HOUR ) );
	} );

	it( 'when WordPress says that it is a day later, the slots of that day are missed', () => {
		const simulated = new Simulated( WALL );
		simulated.add( 1, HOUR );
		simulated.run( 2 * HOUR ).schedule.follow( WALL + 26 * HOUR );
		simulated.run( 2 * HOUR );
		const stored = simulated.stored( 'm0' );
		assert.deepEqual(
			simulated.missed.map( ( one ) => [ ...slotsOf( one ) ].length ),
			[ 24 ]
		);
		assert.ok( stored.every( ( at, index ) => index === 0 || at - ( stored[ index - 1 ] ?? 0 ) === HOUR ) );
	} );
} );

describe( 'when the process was stopped for ten minutes (F23)', () => {
	for ( const interval_ms of [ 10_000, MINUTE, 5 * MINUTE, HOUR ] ) {
		it( `checks every ${ interval_ms / 1000 } s are made up for once, spread over the interval`, () => {
			const simulated = new Simulated( WALL, { lasts_ms: () => 4000 } );
			const uids = simulated.add( 500, interval_ms );
			simulated.run( 2 * interval_ms );
			const before = simulated.ran.length;
			simulated.stop( 10 * MINUTE );
			const stopped_ms = simulated.mono_ms;
			simulated.run( interval_ms );
			const after = simulated.ran.slice( before );
			assert.equal( new Set( after.map( ( one ) => one.monitor_uid ) ).size, 500 );
			assert.equal( after.filter( ( one ) => one.mono_ms === stopped_ms ).length, 0 );
			assert.ok( simulated.mostWithin( interval_ms / 10, stopped_ms ) <= 200 );
			assert.ok( simulated.missed.every( ( one ) => one.reason === 'suspended' ) );
			simulated.run( interval_ms );
			for ( const uid of uids ) {
				const slots = after.filter( ( one ) => one.monitor_uid === uid ).map( ( one ) => one.slot_ms );
				const late = slots.filter( ( slot_ms ) => slot_ms < stopped_ms + simulated.wall_off_ms );
				assert.ok( late.length <= 1, `${ uid } is made up for ${ late.length } times` );
			}
		} );
	}

	it( 'every slot has run or is told as suspended', () => {
		const simulated = new Simulated( WALL, { lasts_ms: () => 9000 } );
		const uids = simulated.add( 300, MINUTE );
		simulated
			.run( 2 * MINUTE )
			.stop( 10 * MINUTE )
			.run( 5 * MINUTE );
		for ( const uid of uids ) {
			const stored = [ ...new Set( simulated.stored( uid ) ) ];
			assert.ok(
				stored.every( ( at, index ) => index === 0 || at - ( stored[ index - 1 ] ?? 0 ) === MINUTE ),
				uid
			);
		}
	} );
} );

describe( 'when the loop is blocked for 8 s (F24)', () => {
	it( 'says so, and loses no slot', () => {
		const simulated = new Simulated( WALL );
		const uids = simulated.add( 100, MINUTE );
		simulated
			.run( MINUTE )
			.stop( 9000 )
			.run( 2 * MINUTE );
		assert.deepEqual(
			simulated.events.map( ( event ) => event.kind ),
			[ 'stalled' ]
		);
		assert.deepEqual( simulated.missed, [] );
		assert.ok( uids.every( ( uid ) => simulated.stored( uid ).length >= 3 ) );
	} );
} );

describe( 'time itself (F22)', () => {
	for ( const at of [
		'2026-12-31T23:59:30Z',
		'2028-02-28T23:59:30Z',
		'2038-01-19T03:13:50Z',
		'2106-02-07T06:28:00Z',
		'1970-01-01T00:00:05Z',
	] ) {
		it( `goes on over ${ at }`, () => {
			const simulated = new Simulated( Date.parse( at ) );
			simulated.add( 10, 10_000 );
			simulated.run( 2 * MINUTE );
			assert.equal( simulated.ran.length, 120 );
			assert.ok( simulated.ran.every( ( one ) => Number.isSafeInteger( one.slot_ms ) ) );
		} );
	}
} );

// A slot that is neither run nor told is a hole that nobody sees; one that comes twice is thrown away as a repetition.
describe( 'whatever happens', () => {
	for ( let seed = 1; seed <= 60; seed++ ) {
		it( `every slot is stored once, and no monitor is forgotten (seed ${ seed })`, () => {
			const random = seededRandom( seed );
			const interval_ms = [ 10_000, 30_000, MINUTE, 7 * MINUTE ][ random( 4 ) ] ?? MINUTE;
			const simulated = new Simulated( WALL, { late_ms: () => random( 40 ), lasts_ms: () => random( 12_000 ) } );
			const uids = simulated.add( 20, interval_ms );
			for ( let step = 0; step < 12; step++ ) {
				const action = random( 4 );
				if ( action === 0 ) {
					simulated.stop( random( 20 * MINUTE ) );
				} else if ( action === 1 ) {
					simulated.setClock( random( 2 * HOUR ) - HOUR );
				}
				simulated.run( random( 3 * interval_ms ) );
			}
			const before = simulated.ran.length;
			simulated.run( interval_ms * 1.01 + 100 );
			assert.equal( new Set( simulated.ran.slice( before ).map( ( one ) => one.monitor_uid ) ).size, 20 );
			for ( const uid of uids ) {
				const ran = simulated.ran.filter( ( one ) => one.monitor_uid === uid );
				assert.ok( ran.every( ( one ) => one.end_mono_ms - one.mono_ms >= 1000 ) );
				const told = new Set( simulated.stored( uid ) );
				const grid = told.values().every( ( at ) => ( at - phaseOf( uid, interval_ms ) ) % interval_ms === 0 );
				assert.ok( grid );
				assert.equal( told.size, 1 + ( Math.max( ...told ) - Math.min( ...told ) ) / interval_ms, uid );
			}
		} );
	}
} );
