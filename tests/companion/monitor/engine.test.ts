import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkRow as rowSchema, CHECK_ROW_FIELDS } from '../../../companion/src/contract/monitor.ts';
import { CHECK_CODES, MONITOR_STATES } from '../../../companion/src/contract/vocabulary.ts';
import { checkRow, emptyRow } from '../../../companion/src/monitor/check-row.ts';
import { phaseOf } from '../../../companion/src/monitor/schedule.ts';
import { field, SITE, SimulatedEngine, work, type Answer } from './simulated-engine.ts';

const MINUTE = 60_000;
const works = ( count: number, interval_seconds = 60 ) =>
	Array.from( { length: count }, ( _, number ) => work( number, { interval_seconds } ) );
const DOWN: Answer = { state: 'down' };

describe( 'the row of a check', () => {
	const phases = { dns_ms: 1.4, connect_ms: 12, tls_ms: null, first_byte_ms: 34.6, transfer_ms: 0, total_ms: 70_000 };
	const result = { state: 'up', error_code: 'ok', status_code: 200, phases, warnings: [ 'framing', 'body_capped' ] } as const;

	it( 'has the fields of the contract in their order', () => {
		const row = checkRow( 1_750_000_000_000, result, 2 );
		const [
			slot_ms,
			state,
			error_code,
			status_code,
			dns_ms,
			connect_ms,
			tls_ms,
			first_byte_ms,
			transfer_ms,
			total_ms,
			attempts,
			warnings,
		] = row.split( ',' );
		const read = {
			slot_ms,
			state,
			error_code,
			status_code,
			dns_ms,
			connect_ms,
			tls_ms,
			first_byte_ms,
			transfer_ms,
			total_ms,
			attempts,
			warnings,
		};
		assert.deepEqual( Object.keys( read ), [ ...CHECK_ROW_FIELDS ] );
		assert.equal( row, '1750000000000,1,1,200,1,12,,35,0,65535,2,3' );
	} );

	it( 'is what WordPress takes, also without a status or an answer', () => {
		const pattern = new RegExp( JSON.parse( JSON.stringify( rowSchema ) ).pattern );
		for ( const row of [
			checkRow( 1_750_000_000_000, { ...result, status_code: 999 }, 1 ),
			emptyRow( 1_750_000_000_000, 'missed' ),
		] ) {
			assert.match( row, pattern );
		}
	} );
} );

describe( 'the engine', () => {
	it( 'checks every new monitor within 5 s, and then at its phase', async () => {
		const simulated = new SimulatedEngine( works( 20 ) );
		await simulated.clock.run( 5000 );
		assert.equal( new Set( simulated.asked.map( ( { monitor_uid } ) => monitor_uid ) ).size, 20 );
		await simulated.clock.run( 10 * MINUTE );
		for ( const { monitor_uid } of simulated.store.works ) {
			const [ , ...later ] = simulated.store.slots( monitor_uid );
			assert.ok( later.length >= 9 );
			assert.ok( later.every( ( slot_ms ) => slot_ms % MINUTE === phaseOf( `${ SITE } ${ monitor_uid }`, MINUTE ) ) );
		}
	} );

	it( 'checks a monitor that is added at once, and a changed one again', async () => {
		const simulated = new SimulatedEngine( works( 1, 3600 ) );
		await simulated.clock.run( 10_000 );
		simulated.set( work( 7, { interval_seconds: 3600 } ) );
		await simulated.clock.run( 3000 );
		assert.deepEqual(
			simulated.asked.map( ( { monitor_uid } ) => monitor_uid ),
			[ 'm0', 'm7' ]
		);
		simulated.set( work( 7, { interval_seconds: 3600, revision: 99, url: 'https://other.example/' } ) );
		await simulated.clock.run( 3000 );
		assert.deepEqual(
			simulated.asked.map( ( { monitor_uid } ) => monitor_uid ),
			[ 'm0', 'm7', 'm7' ]
		);
	} );

	it( 'asks again after 2 s and 10 s, and a blip is up with 2 attempts and no incident (F28)', async () => {
		const simulated = new SimulatedEngine( works( 1 ), { answer: ( _work, _at, tries ) => ( tries === 3 ? DOWN : {} ) } );
		await simulated.clock.run( 10 * MINUTE );
		const attempts = simulated.store.rows( 'm0' ).map( ( row ) => [ field( row, 'state' ), field( row, 'attempts' ) ] );
		assert.deepEqual(
			attempts.filter( ( [ , count ] ) => count !== 1 ),
			[ [ MONITOR_STATES.up, 2 ] ]
		);
		assert.equal( simulated.store.incidents.length, 0 );
		const [ blip, retry ] = [ simulated.asked[ 3 ]?.at_ms ?? 0, simulated.asked[ 4 ]?.at_ms ?? 0 ];
		assert.ok( retry - blip >= 2020 && retry - blip < 2100, String( retry - blip ) );
	} );

	it( 'opens an incident at the first slot that failed once 2 of 3 agree, and closes it the same way', async () => {
		let is_down = false;
		const simulated = new SimulatedEngine( works( 1 ), { answer: () => ( is_down ? DOWN : {} ) } );
		await simulated.clock.run( 3 * MINUTE );
		is_down = true;
		const before = simulated.store.slots( 'm0' ).length;
		await simulated.clock.run( 3 * MINUTE );
		const first_ms = simulated.store.slots( 'm0' )[ before ];
		assert.equal( simulated.store.incidents.length, 1 );
		assert.equal( simulated.store.incidents[ 0 ]?.opened_at_ms, first_ms );
		assert.equal( simulated.store.incidents[ 0 ]?.message, 'GET https://d0.example/ failed: connect_refused.' );
		assert.equal( simulated.store.slots( 'm0' )[ before + 1 ], ( first_ms ?? 0 ) + 30_000, 'a change is confirmed after 30 s' );
		is_down = false;
		await simulated.clock.run( 3 * MINUTE );
		assert.ok( ( simulated.store.incidents[ 0 ]?.resolved_at_ms ?? 0 ) > ( first_ms ?? Infinity ) );
		assert.deepEqual(
			simulated.store.changes.map( ( { seq, state } ) => [ seq, state ] ),
			[
				[ 1, 'up' ],
				[ 2, 'down' ],
				[ 3, 'up' ],
			]
		);
		assert.equal( simulated.urgent, 5, 'each decision, and each change that begins to be confirmed' );
	} );

	it( 'asks the targets of one domain one after the other, when they are sites of others', async () => {
		const polite = works( 8 ).map( ( one ) => ( { ...one, is_polite: true, url: 'https://one.example/' } ) );
		const simulated = new SimulatedEngine( polite, { answer: () => ( { lasts_ms: 300 } ) } );
		await simulated.clock.run( 5 * MINUTE );
		assert.equal( simulated.most_running, 1 );
		assert.ok( simulated.asked.length >= 40 );
	} );

	it( 'counts monitors that finish no slot within two intervals, and tells of each once', async () => {
		const simulated = new SimulatedEngine( works( 10, 10 ), {
			answer: ( { monitor_uid } ) => ( monitor_uid < 'm5' ? { lasts_ms: null } : {} ),
			limits: { timed: 3, timed_slow: 1, total: 3 },
		} );
		await simulated.clock.run( MINUTE );
		assert.equal( simulated.site.vitals().stalled_count, 0, 'a check that hangs is ended' );
		const busy = new SimulatedEngine( works( 10, 10 ), {
			answer: () => ( { lasts_ms: 8000 } ),
			limits: { timed: 1, timed_slow: 1, total: 1 },
		} );
		await busy.clock.run( 5 * MINUTE );
		assert.ok( busy.site.vitals().stalled_count >= 5 );
		const told = busy.events.filter( ( event ) => event === 'monitor_stalled' ).length;
		assert.ok( told >= 5 && told < 60, String( told ) );
	} );

	it( 'ends a check that does not end itself as one of our own failures', async () => {
		const simulated = new SimulatedEngine( works( 1, 10 ), { answer: () => ( { lasts_ms: null } ) } );
		await simulated.clock.run( MINUTE );
		const states = new Set( simulated.store.rows( 'm0' ).map( ( row ) => field( row, 'error_code' ) ) );
		assert.deepEqual( states, new Set( [ CHECK_CODES.check_failed_internally ] ) );
		assert.equal( simulated.running, 1 );
	} );

	it( 'stops within its patience, and stores nothing that nobody found (F3)', async () => {
		const simulated = new SimulatedEngine( works( 100 ), {
			answer: ( { monitor_uid } ) => ( monitor_uid.endsWith( '0' ) ? { lasts_ms: null } : monitor_uid.endsWith( '1' ) ? DOWN : {} ),
		} );
		await simulated.clock.run( 2 * MINUTE + 500 );
		const before = simulated.store.outcomes.length;
		const asked = simulated.asked.length;
		const stopped = simulated.engine.stop( 5000 );
		await simulated.clock.run( 5000 );
		await stopped;
		assert.equal( simulated.asked.length, asked, 'nothing more is begun' );
		const late = simulated.store.outcomes.slice( before ).flatMap( ( { rows } ) => rows );
		assert.ok(
			late.every( ( row ) => field( row, 'state' ) === MONITOR_STATES.up ),
			late.join( ' ' )
		);
		assert.equal( simulated.running, 0 );
	} );
} );

describe( 'check now', () => {
	it( 'checks what was asked for beside the plan, and tells how far it is', async () => {
		const simulated = new SimulatedEngine( works( 30, 3600 ) );
		await simulated.clock.run( MINUTE );
		simulated.site.checkNow( 'job', [ 'm3', 'm4', 'unknown' ] );
		assert.deepEqual( simulated.site.jobProgress( 'job' ), { done: 0, total: 2 } );
		const urgent = simulated.urgent;
		await simulated.clock.run( 1000 );
		assert.deepEqual( simulated.site.jobProgress( 'job' ), { done: 2, total: 2 } );
		assert.equal( simulated.urgent, urgent + 1 );
		assert.equal( simulated.asked.length, 32 );
		simulated.site.forgetJob( 'job' );
		assert.equal( simulated.site.jobProgress( 'job' ), null );
	} );

	it( 'of all monitors ends, also when they are many and slow, and leaves the plan its room', async () => {
		const simulated = new SimulatedEngine( works( 1000 ), { answer: () => ( { lasts_ms: 400 } ) } );
		await simulated.clock.run( 2 * MINUTE );
		simulated.site.checkNow( 'job', [] );
		await simulated.clock.run( 30_000 );
		assert.deepEqual( simulated.site.jobProgress( 'job' ), { done: 1000, total: 1000 } );
		const missed = simulated.store.works.flatMap( ( one ) => simulated.store.rows( one.monitor_uid ) );
		assert.ok( missed.every( ( row ) => field( row, 'error_code' ) === CHECK_CODES.ok ) );
	} );

	it( 'waits for a check that runs, and then checks anew', async () => {
		const simulated = new SimulatedEngine( works( 1, 3600 ), { answer: () => ( { lasts_ms: 4000 } ) } );
		await simulated.clock.run( 2000 );
		simulated.site.checkNow( 'job', [ 'm0' ] );
		await simulated.clock.run( 2500 );
		assert.deepEqual( simulated.site.jobProgress( 'job' ), { done: 0, total: 1 } );
		await simulated.clock.run( 6000 );
		assert.deepEqual( simulated.site.jobProgress( 'job' ), { done: 1, total: 1 } );
		assert.equal( simulated.asked.length, 2 );
	} );

	it( 'does not wait for a monitor that is paused meanwhile', async () => {
		const simulated = new SimulatedEngine( works( 2, 3600 ), { answer: () => ( { lasts_ms: 4000 } ) } );
		await simulated.clock.run( 1000 );
		simulated.site.checkNow( 'job', [ 'm0' ] );
		simulated.set( work( 0, { active: false } ) );
		await simulated.clock.run( 2000 );
		assert.deepEqual( simulated.site.jobProgress( 'job' ), { done: 1, total: 1 } );
	} );
} );
