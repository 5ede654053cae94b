import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CHECK_CODES, MONITOR_STATES, type CheckCode } from '../../../companion/src/contract/vocabulary.ts';
import { field, MemoryStore, SimulatedEngine, SITE, WALL, work, type Answer, type SimulatedOptions } from './simulated-engine.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const works = ( count: number, interval_seconds = 60 ) =>
	Array.from( { length: count }, ( _, number ) => work( number, { interval_seconds } ) );
const DOWN: Answer = { state: 'down' };
const codesOf = ( store: MemoryStore, monitor_uid: string ): CheckCode[] =>
	store
		.rows( monitor_uid )
		.flatMap(
			( row ) => Object.entries( CHECK_CODES ).find( ( [ , number ] ) => number === field( row, 'error_code' ) )?.[ 0 ] as CheckCode
		);
const isRising = ( slots: number[] ): boolean =>
	slots.every( ( slot_ms, index ) => index === 0 || slot_ms > ( slots[ index - 1 ] ?? Infinity ) );

/** The longest time between two checks of a monitor, on the clock that does not jump. */
const longestSilence = ( { asked }: SimulatedEngine, monitor_uid: string ): number => {
	const times = asked.filter( ( one ) => one.monitor_uid === monitor_uid ).map( ( { at_ms } ) => at_ms );
	return Math.max( ...times.slice( 1 ).map( ( at_ms, index ) => at_ms - ( times[ index ] ?? at_ms ) ) );
};

describe( 'when the clock jumps (F20)', () => {
	for ( const [ name, by_ms ] of [
		[ 'an hour ahead', HOUR ],
		[ 'an hour back', -HOUR ],
		[ 'a day ahead', 24 * HOUR ],
	] as const ) {
		it( `${ name }, checks neither burst nor fall silent, and it is told`, async () => {
			const simulated = new SimulatedEngine( works( 20 ) );
			await simulated.clock.run( 5 * MINUTE );
			const before = simulated.asked.length;
			simulated.clock.wall_off_ms += by_ms;
			await simulated.clock.run( 5 * MINUTE );
			assert.ok( Math.abs( simulated.asked.length - before - 100 ) <= 20, String( simulated.asked.length - before ) );
			for ( const { monitor_uid } of simulated.store.works ) {
				assert.ok( longestSilence( simulated, monitor_uid ) <= MINUTE * 1.0011 + 1 );
				assert.ok( isRising( simulated.store.slots( monitor_uid ) ) );
			}
			assert.equal( simulated.store.changes.filter( ( { state } ) => state === 'down' ).length, 0 );
			assert.ok( ( simulated.site.vitals().clock_jumped_at_ms ?? 0 ) > 0 );
			assert.deepEqual( simulated.events, [ 'clock_jump' ] );
		} );
	}
} );

describe( 'at the edges of the calendar (F22)', () => {
	for ( const [ name, at_ms ] of [
		[ 'the end of a year', Date.UTC( 2026, 11, 31, 23, 58 ) ],
		[ 'a leap day', Date.UTC( 2028, 1, 28, 23, 58 ) ],
		[ 'the end of 32 bits', Date.UTC( 2038, 0, 19, 3, 12, 7 ) ],
	] as const ) {
		it( `${ name }, every slot is stored as on other days`, async () => {
			const options: SimulatedOptions = {};
			const before = new SimulatedEngine( [], options );
			before.clock.wall_off_ms += at_ms - WALL;
			const simulated = before.killed( options );
			simulated.set( work( 0 ) );
			await simulated.clock.run( 5 * MINUTE );
			const [ first = 0, ...later ] = simulated.store.slots( 'm0' );
			assert.ok( first >= at_ms && first < at_ms + 5000 );
			assert.ok( later.length >= 4 && isRising( later ) );
			assert.deepEqual( new Set( codesOf( simulated.store, 'm0' ) ), new Set( [ 'ok' ] ) );
		} );
	}
} );

describe( 'when the process slept for ten minutes (F23)', () => {
	it( 'what was under way counts for nothing, and each monitor has one check to make up, spread over the interval', async () => {
		const simulated = new SimulatedEngine( works( 60 ), { answer: () => ( { ...DOWN, lasts_ms: 3000 } ) } );
		await simulated.clock.run( 2 * MINUTE );
		const before = simulated.asked.length;
		const confirmed = simulated.store.changes.length;
		simulated.clock.stop( 10 * MINUTE );
		const woke_ms = simulated.clock.mono_ms;
		await simulated.clock.run( 1000 );
		assert.ok( simulated.asked.length - before <= 5, 'no burst' );
		assert.ok( simulated.store.changes.slice( confirmed ).every( ( { error_code } ) => error_code === 'suspended' ) );
		await simulated.clock.run( MINUTE );
		const after = simulated.asked.slice( before ).filter( ( { at_ms } ) => at_ms < woke_ms + MINUTE );
		assert.equal( new Set( after.map( ( { monitor_uid } ) => monitor_uid ) ).size, 60 );
		for ( const { monitor_uid } of simulated.store.works ) {
			assert.ok( codesOf( simulated.store, monitor_uid ).includes( 'suspended' ) );
			assert.ok( isRising( simulated.store.slots( monitor_uid ) ) );
		}
		assert.ok( ( simulated.site.vitals().suspended_at_ms ?? 0 ) > 0 );
		assert.equal( simulated.site.vitals().stalled_count, 0 );
	} );
} );

describe( 'when the event loop is blocked for 8 s (F24)', () => {
	const blocked = async ( error_code: CheckCode, by_ms: number ) => {
		let is_slow = false;
		const simulated = new SimulatedEngine( works( 1 ), {
			answer: () => ( is_slow ? { state: 'down', error_code, lasts_ms: 5000 } : {} ),
		} );
		await simulated.clock.run( 3 * MINUTE );
		is_slow = true;
		const asked = simulated.asked.length;
		while ( simulated.asked.length === asked ) {
			await simulated.clock.run( 100 );
		}
		simulated.clock.stop( by_ms );
		await simulated.clock.run( 1000 );
		return simulated;
	};

	it( 'time limits that fired late are our own failure', async () => {
		const simulated = await blocked( 'header_timeout', 8000 );
		assert.equal( codesOf( simulated.store, 'm0' ).at( -1 ), 'check_failed_internally' );
		assert.ok( simulated.site.vitals().loop_lag_ms >= 2000 );
	} );

	it( 'what the target answered is believed all the same', async () => {
		const simulated = await blocked( 'http_status', 8000 );
		await simulated.clock.run( 20_000 );
		assert.equal( codesOf( simulated.store, 'm0' ).at( -1 ), 'http_status' );
	} );

	/** Checks of targets that take three seconds, of which some begin after the stall and have to end before the next slot. */
	const begunLate = async ( answer: Answer ) => {
		const simulated = new SimulatedEngine( works( 20, 10 ), { answer: () => ( { lasts_ms: 3000, ...answer } ) } );
		await simulated.clock.run( MINUTE );
		simulated.clock.stop( 8000 );
		await simulated.clock.run( 2000 );
		return simulated;
	};

	it( 'a check that began so late that its time limit was cut says nothing of the target', async () => {
		const { store } = await begunLate( {} );
		const codes = new Set( store.works.flatMap( ( { monitor_uid } ) => codesOf( store, monitor_uid ) ) );
		assert.deepEqual( codes, new Set( [ 'ok', 'check_failed_internally' ] ) );
	} );

	it( 'a failure that was found within the cut time is believed', async () => {
		const { store } = await begunLate( { state: 'down', error_code: 'connect_timeout', lasts_ms: 500 } );
		const codes = new Set( store.works.flatMap( ( { monitor_uid } ) => codesOf( store, monitor_uid ).slice( -1 ) ) );
		assert.ok( codes.has( 'connect_timeout' ) && ! codes.has( 'ok' ) );
	} );
} );

describe( 'when our own network is away (F25)', () => {
	const offline = ( over: SimulatedOptions = {} ) => {
		const state = { is_up: true };
		const simulated = new SimulatedEngine( works( 20, 10 ), {
			answer: () => ( state.is_up ? {} : { state: 'down', error_code: 'unreachable' } ),
			anchors: [ 'a', 'b' ],
			is_anchor_up: () => state.is_up,
			...over,
		} );
		return { simulated, state };
	};

	it( 'no result is a failure, no incident is opened, and it is told once', async () => {
		const { simulated, state } = offline();
		await simulated.clock.run( MINUTE );
		assert.equal( simulated.anchors_asked, 0, 'anchors are asked only when a target failed' );
		state.is_up = false;
		await simulated.clock.run( 10 * MINUTE );
		assert.ok( ( simulated.site.vitals().offline_since_ms ?? 0 ) > 0 );
		for ( const { monitor_uid } of simulated.store.works ) {
			assert.deepEqual( new Set( codesOf( simulated.store, monitor_uid ).slice( 8 ) ), new Set( [ 'self_offline' ] ) );
		}
		state.is_up = true;
		await simulated.clock.run( MINUTE );
		assert.equal( simulated.site.vitals().offline_since_ms, null );
		assert.deepEqual( simulated.store.incidents, [] );
		assert.deepEqual( simulated.events, [ 'own_network_away', 'own_network_back' ] );
		assert.equal( simulated.store.changes.filter( ( { kind, state: to } ) => kind === 'reading' && to === 'up' ).length, 20 );
	} );

	it( 'targets of our own network are down all the same, and nobody is asked for them', async () => {
		const { simulated, state } = offline( { isInternal: () => true } );
		state.is_up = false;
		await simulated.clock.run( 3 * MINUTE );
		assert.equal( simulated.store.incidents.length, 20 );
		assert.equal( simulated.anchors_asked, 0 );
	} );

	it( 'without anchors every failure is believed', async () => {
		const { simulated, state } = offline( { anchors: [] } );
		state.is_up = false;
		await simulated.clock.run( 3 * MINUTE );
		assert.equal( simulated.store.incidents.length, 20 );
	} );
} );

describe( 'when 60 % of the targets fail and the anchors are fine (F26)', () => {
	it( 'incidents are opened, of one group that is told once', async () => {
		let is_down = false;
		const simulated = new SimulatedEngine( works( 50 ), {
			answer: ( { monitor_uid } ) => ( is_down && Number( monitor_uid.slice( 1 ) ) < 30 ? DOWN : {} ),
			anchors: [ 'a' ],
		} );
		await simulated.clock.run( 3 * MINUTE );
		is_down = true;
		await simulated.clock.run( 5 * MINUTE );
		const { incidents } = simulated.store;
		assert.equal( incidents.length, 30 );
		const groups = new Set( incidents.map( ( { group_uid } ) => group_uid ) );
		assert.equal( groups.size, 1 );
		assert.match( [ ...groups ][ 0 ] ?? '', /^[0-9a-f]{32}$/ );
		assert.deepEqual( simulated.events, [ 'many_monitors_down' ] );
		const written = simulated.store.outcomes.flatMap( ( outcome ) => outcome.incidents ).length;
		assert.ok( written <= 60, `each is written when it opens and when its group is found, not ${ written } times` );
	} );
} );

describe( 'when a monitor is up and down again and again (F27)', () => {
	it( 'its incidents say so, each result is kept, and it is told when it begins and when it settles', async () => {
		let is_settled = false;
		const simulated = new SimulatedEngine( works( 1, 30 ), {
			answer: ( _work, at_ms ) => ( ! is_settled && Math.floor( at_ms / 120_000 ) % 2 === 1 ? DOWN : {} ),
		} );
		await simulated.clock.run( 20 * MINUTE );
		assert.deepEqual( simulated.events, [ 'flapping_began' ] );
		assert.ok( simulated.store.incidents.some( ( { is_flapping } ) => is_flapping ) );
		is_settled = true;
		await simulated.clock.run( 20 * MINUTE );
		assert.deepEqual( simulated.events, [ 'flapping_began', 'flapping_settled' ] );
		const slots = simulated.store.slots( 'm0' );
		assert.ok( slots.length >= 80 && isRising( slots ) );
		assert.equal( simulated.store.incidents.filter( ( { resolved_at_ms } ) => resolved_at_ms === null ).length, 0 );
	} );
} );

describe( 'decisions', () => {
	it( 'of another epoch tell each monitor its present state, and its open incident', async () => {
		const simulated = new SimulatedEngine( works( 2 ), { answer: ( { monitor_uid } ) => ( monitor_uid === 'm1' ? DOWN : {} ) } );
		await simulated.clock.run( 5 * MINUTE );
		const before = simulated.store.changes.length;
		simulated.site.setEpoch( 2 );
		await simulated.clock.run( 2 * MINUTE );
		const told = simulated.store.changes
			.slice( before )
			.map( ( { monitor_uid, judge_epoch, kind, state } ) => [ monitor_uid, judge_epoch, kind, state ] );
		assert.deepEqual( told.toSorted(), [
			[ 'm0', 2, 'reading', 'up' ],
			[ 'm1', 2, 'reading', 'down' ],
		] );
		assert.deepEqual(
			simulated.store.incidents.map( ( { judge_epoch, resolved_at_ms } ) => [ judge_epoch, resolved_at_ms ] ),
			[ [ 2, null ] ]
		);
	} );

	it( 'of a standby that takes over tell of its open incident under a number of its own', async () => {
		const simulated = new SimulatedEngine( works( 1 ), { answer: () => DOWN } );
		simulated.site.setEpoch( 0 );
		await simulated.clock.run( 5 * MINUTE );
		const [ found ] = simulated.store.incidents;
		assert.deepEqual( [ found?.judge_epoch, found?.resolved_at_ms ], [ 0, null ] );
		simulated.site.setEpoch( 2 );
		await simulated.clock.run( 2 * MINUTE );
		const taken = simulated.store.incidents.at( -1 );
		assert.deepEqual( [ taken?.judge_epoch, taken?.opened_at_ms, taken?.resolved_at_ms ], [ 2, found?.opened_at_ms, null ] );
		assert.notEqual( taken?.incident_uid, found?.incident_uid );
		const { incident_uid } = taken ?? {};
		simulated.site.setEpoch( 3 );
		await simulated.clock.run( 2 * MINUTE );
		assert.equal( simulated.store.incidents.find( ( { judge_epoch } ) => judge_epoch === 3 )?.incident_uid, incident_uid );
	} );

	for ( const [ name, epoch ] of [
		[ 'the epoch of then', 1 ],
		[ 'an epoch that it has not heard of yet', 2 ],
	] as const ) {
		it( `under ${ name } have numbers that none had, when an old copy of the state folder goes on with an unchanged list`, async () => {
			let tries = 0;
			const answer = (): Answer => ( Math.floor( tries++ / 12 ) % 2 === 0 ? {} : DOWN );
			const first = new SimulatedEngine( works( 1 ), { answer } );
			await first.clock.run( 30 * MINUTE );
			const copy = new MemoryStore();
			copy.works = first.store.works;
			copy.commit( first.store.outcomes );
			const before = copy.changes.length;
			first.site.setEpoch( epoch );
			await first.clock.run( 60 * MINUTE );
			const told = first.store.changes;
			assert.ok( told.length - before >= 3 );
			first.clock.forgetTimers();
			const second = new SimulatedEngine( copy.works, { answer, store: copy, clock: first.clock } );
			await first.clock.run( MINUTE );
			second.site.setEpoch( epoch );
			await first.clock.run( 60 * MINUTE );
			const anew = copy.changes.slice( before );
			assert.ok( anew.length >= 3 );
			const numbers = [ ...told, ...anew ].map( ( { judge_epoch, seq } ) => `${ judge_epoch } ${ seq }` );
			assert.equal( new Set( numbers ).size, numbers.length );
			const of_epoch = [ ...told, ...anew ].filter( ( { judge_epoch } ) => judge_epoch === epoch ).map( ( { seq } ) => seq );
			assert.deepEqual(
				of_epoch,
				of_epoch.toSorted( ( a, b ) => a - b )
			);
		} );
	}

	it( 'after a restored backup nothing is known from then on, until the next slot', async () => {
		const simulated = new SimulatedEngine( works( 2 ) );
		await simulated.clock.run( 5 * MINUTE );
		const before = simulated.store.changes.length;
		const known_ms = simulated.store.slots( 'm0' )[ 1 ] ?? 0;
		simulated.site.restored(
			new Map( [
				[ 'm0', known_ms ],
				[ 'gone', 1 ],
			] )
		);
		await simulated.clock.run( 2 * MINUTE );
		const told = simulated.store.changes
			.slice( before )
			.map( ( { monitor_uid, changed_at_ms, state, error_code } ) => [ monitor_uid, changed_at_ms, state, error_code ] );
		assert.deepEqual( told, [
			[ 'm0', known_ms, 'unknown', 'restored' ],
			[ 'm0', simulated.store.slots( 'm0' ).at( -2 ), 'up', 'ok' ],
		] );
	} );

	it( 'of a monitor that is paused say so, and nothing is missed while it is', async () => {
		const simulated = new SimulatedEngine( works( 1 ) );
		await simulated.clock.run( 3 * MINUTE );
		simulated.set( work( 0, { active: false, revision: 50 } ) );
		await simulated.clock.run( HOUR );
		simulated.set( work( 0, { revision: 51 } ) );
		await simulated.clock.run( 2 * MINUTE );
		assert.deepEqual(
			simulated.store.changes.map( ( { state, error_code } ) => [ state, error_code ] ),
			[
				[ 'up', 'ok' ],
				[ 'unknown', 'paused' ],
				[ 'up', 'ok' ],
			]
		);
		assert.deepEqual( new Set( codesOf( simulated.store, 'm0' ) ), new Set( [ 'ok' ] ) );
	} );

	it( 'after the store was lost go on behind what WordPress knows', async () => {
		const simulated = new SimulatedEngine( works( 1 ) );
		await simulated.clock.run( 5 * MINUTE );
		const known_until_ms = simulated.store.slots( 'm0' ).at( -1 ) ?? 0;
		simulated.clock.forgetTimers();
		await simulated.clock.run( 3 * MINUTE );
		const again = new SimulatedEngine( [ work( 0, { known_until_ms } ) ], { clock: simulated.clock } );
		await again.clock.run( 2 * MINUTE );
		assert.ok( again.store.slots( 'm0' ).every( ( slot_ms ) => slot_ms > known_until_ms ) );
		assert.ok( again.store.changes.every( ( { seq } ) => seq > 90_000_000 ) );
		assert.equal( codesOf( again.store, 'm0' )[ 0 ], 'missed' );
	} );
} );

describe( 'beats', () => {
	it( 'are handed to the check as WordPress knows them, and not at all when it is silent', async () => {
		const simulated = new SimulatedEngine(
			[ work( 0, { type: 'push', url: '', last_beat_at_ms: 5 } ) ].map( ( one ) => ( { ...one, url: 'https://push.example/' } ) )
		);
		simulated.site.heard( [ { monitor_uid: 'm0', beat_at_ms: 9 } ], 1000 );
		await simulated.clock.run( 2 * MINUTE );
		assert.deepEqual( simulated.asked.at( -1 )?.options.beat, { last_beat_at_ms: 9, heard_until_ms: 1000 } );
		await simulated.clock.run( 3 * MINUTE );
		assert.equal( simulated.asked.at( -1 )?.options.beat, null );
		const again = simulated.killed( {} );
		await again.clock.run( MINUTE );
		assert.equal( again.asked.at( -1 )?.options.site_id, SITE );
		assert.equal( MONITOR_STATES.up, field( again.store.rows( 'm0' ).at( -1 ) ?? '', 'state' ) );
	} );
} );
