import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DEADLINE_MS } from '../../../companion/src/exchange/transport.ts';
import { makeMonitoring, newHarness, type Harness } from './loop-harness.ts';
import { makeChange, makeIncident, makeOutcome, makeWork, uidFor } from './monitor-peer.ts';
import type { Fault, SeenCall } from './wordpress-peer.ts';

const MONITORS = 5;

/** Five monitors with a slot each, one of which went down. */
function commitSlot( { monitors }: Harness, slot: number ): void {
	if ( monitors.judgeEpoch() === 0 ) {
		monitors.setJudgeEpoch( 1 );
	}
	monitors.commit(
		Array.from( { length: MONITORS }, ( _, monitor ) =>
			monitor === 0
				? makeOutcome( monitor, slot, {
						changes: [ makeChange( { monitor_uid: uidFor( 0 ), seq: slot } ) ],
						incidents: [ makeIncident() ],
					} )
				: makeOutcome( monitor, slot )
		)
	);
}

const arrived = ( { peer }: Harness ): number => peer.monitoring.checkTimes.size;
const hasBatch = ( call: SeenCall ): boolean => call.exchange?.batch !== null;

/** Everything of so many slots, each row in one stored batch. */
function assertOnce( { peer, monitors, batches }: Harness, slots: number ): void {
	assert.equal( peer.monitoring.checkTimes.size, MONITORS * slots );
	assert.deepEqual( new Set( peer.monitoring.checkTimes.values() ), new Set( [ 1 ] ) );
	assert.equal( peer.monitoring.changes.size, slots );
	assert.deepEqual( new Set( peer.monitoring.changes.values() ), new Set( [ 1 ] ) );
	assert.equal( monitors.vitals( batches.monitoringCount() ).unsent_count, 0 );
}

const HTML = '<!doctype html><h1>Briefly unavailable for scheduled maintenance.</h1>';
const json = { 'content-type': 'application/json' };
const login = { location: 'https://wp.example/wp-login.php' };

/** Faults of the way in or out; none of them is an answer of WordPress. */
const faults: { [ name: string ]: Fault } = {
	'F2, the answer is lost after it was stored': { kind: 'drop' },
	'F8, 503 with Retry-After': { kind: 'answer', status: 503, headers: { 'retry-after': '30' }, body: HTML },
	'F9, 200 with HTML': { kind: 'answer', status: 200, body: HTML },
	'F9, a PHP warning before the JSON': { kind: 'mangle', change: ( body ) => `<b>Warning</b>: Undefined variable${ body }` },
	'F9, signed JSON that calls itself HTML': { kind: 'answer', status: 200, headers: { 'content-type': 'text/html' }, body: '{}' },
	'F11, a redirect to the login page': { kind: 'answer', status: 302, headers: login, body: '' },
	'F15, 403 of a security plugin': { kind: 'answer', status: 403, headers: json, body: '{"code":"rest_disabled","message":"no"}' },
	'F15, 404 everywhere': { kind: 'answer', status: 404, body: HTML },
	'a reset before anything was read': { kind: 'reset' },
};

for ( const [ name, fault ] of Object.entries( faults ) ) {
	test( `${ name }: checks go on, every row arrives once`, async ( context ) => {
		const harness = await newHarness( context );
		let faulty = 0;
		harness.peer.fault = ( call ) => ( ( hasBatch( call ) || faulty > 0 ) && faulty++ < 6 ? fault : null );
		commitSlot( harness, 1 );
		await harness.runUntil( () => faulty >= 3 );
		commitSlot( harness, 2 );
		const { unsent_count } = harness.monitors.vitals( harness.batches.monitoringCount() );
		assert.ok( unsent_count >= MONITORS, 'what was not signed for is here' );
		await harness.runUntil( () => arrived( harness ) === 2 * MONITORS && harness.batches.count() === 0 );
		assertOnce( harness, 2 );
		const hasty = harness.waits.filter( ( wait ) => wait < 5000 ).length;
		assert.ok( hasty <= 4, `no hot loop: ${ harness.waits }` );
		assert.equal( harness.state.counters().dead_letters, undefined );
	} );
}

test( 'F8: work that ends meanwhile, or a decision, does not cut short what Retry-After asks for', async ( context ) => {
	const harness = await newHarness( context );
	const fetched = Promise.withResolvers< void >();
	const { updateList } = harness.rooms;
	harness.rooms.updateList = async ( ...args ) => fetched.promise.then( () => updateList( ...args ) );
	harness.peer.addList();
	let urge = (): void => {};
	harness.monitoring = makeMonitoring( { onUrgent: ( callback ) => ( urge = callback ) } );
	const at_ms: number[] = [];
	harness.peer.fault = () => {
		at_ms.push( harness.peer.now() );
		if ( at_ms.length < 2 || at_ms.length > 4 ) {
			return null;
		}
		fetched.resolve();
		commitSlot( harness, at_ms.length );
		urge();
		return { kind: 'answer', status: 503, headers: { 'retry-after': '30' }, body: HTML };
	};
	await harness.runUntil( () => at_ms.length > 6 );
	const pauses = [ 2, 3, 4 ].map( ( call ) => ( at_ms[ call ] ?? 0 ) - ( at_ms[ call - 1 ] ?? 0 ) );
	assert.ok( Math.min( ...pauses ) >= 30_000, String( pauses ) );
} );

test( 'F2: the batch is sent again under its id, and WordPress stores nothing twice', async ( context ) => {
	const harness = await newHarness( context );
	let drops = 0;
	harness.peer.fault = ( call ) => ( hasBatch( call ) && drops++ < 1 ? { kind: 'drop' } : null );
	commitSlot( harness, 1 );
	await harness.runUntil( () => harness.batches.count() === 0 && drops > 1 );
	assert.equal( harness.peer.duplicate_batches, 1 );
	assertOnce( harness, 1 );
} );

test( 'F10: an answer that is cut at any byte is none', async ( context ) => {
	const harness = await newHarness( context );
	harness.peer.monitoring.monitors = [ makeWork() ];
	let length = 0;
	let at = 0;
	let cuts = 0;
	harness.peer.fault = ( call ) =>
		hasBatch( call )
			? {
					kind: 'mangle',
					change( body ) {
						length = body.length;
						// Each of them one by one would take minutes; the steps are odd, and the ends are gone through whole.
						at += at < 80 || at > length - 100 ? 1 : 37;
						if ( at >= length ) {
							return body;
						}
						cuts++;
						return body.slice( 0, at );
					},
				}
			: null;
	commitSlot( harness, 1 );
	await harness.runUntil( () => length > 0 && at >= length && harness.batches.count() === 0 );
	assert.ok( cuts > 150, String( cuts ) );
	assert.equal( harness.peer.duplicate_batches, cuts );
	assertOnce( harness, 1 );
	assert.equal( harness.state.counters().dead_letters, undefined );
} );

test( 'F12: an answer of one byte a second ends at the deadline, and the same batch goes out again', async ( context ) => {
	const harness = await newHarness( context );
	// Its 30 s pass in 0.3 s.
	const { timeout } = AbortSignal;
	const asked: number[] = [];
	context.mock.method( AbortSignal, 'timeout', ( ms: number ) => {
		asked.push( ms );
		return timeout.call( AbortSignal, ms / 100 );
	} );
	let slow = 0;
	harness.peer.fault = ( call ) => ( hasBatch( call ) && slow++ < 2 ? { kind: 'slow', bytes_a_second: 1 } : null );
	commitSlot( harness, 1 );
	await harness.runUntil( () => harness.batches.count() === 0 && slow > 2, { deadline_ms: DEADLINE_MS } );
	assert.deepEqual( new Set( asked ), new Set( [ 30_000 ] ) );
	assert.equal( harness.peer.duplicate_batches, 2 );
	assertOnce( harness, 1 );
} );

test( 'F13: what is too large is halved down to the slot, and all of it arrives', async ( context ) => {
	const harness = await newHarness( context );
	for ( let slot = 1; slot <= 40; slot++ ) {
		commitSlot( harness, slot );
	}
	harness.peer.fault = ( call ) => ( call.body.length > 2600 && hasBatch( call ) ? { kind: 'answer', status: 413, body: HTML } : null );
	await harness.runUntil( () => arrived( harness ) === 40 * MONITORS && harness.batches.count() === 0 );
	assertOnce( harness, 40 );
	assert.equal( harness.state.counters().dead_letters, undefined );
} );

for ( const [ name, status ] of [
	[ 'too large', 413 ],
	[ 'refused by a firewall', 403 ],
] as const ) {
	test( `F13: one slot that is ${ name } alone is given up and counted, the others arrive`, async ( context ) => {
		const harness = await newHarness( context );
		for ( let slot = 1; slot <= 4; slot++ ) {
			commitSlot( harness, slot );
		}
		const bad = JSON.stringify( makeOutcome( 3, 3 ).rows ).slice( 2, 15 );
		const isBad = ( call: SeenCall ): boolean =>
			call.exchange?.batch?.checks.some(
				( group ) => group.monitor_uid === uidFor( 3 ) && group.rows.some( ( row ) => row.startsWith( bad ) )
			) === true;
		harness.peer.fault = ( call ) => ( isBad( call ) ? { kind: 'answer', status, body: HTML } : null );
		await harness.runUntil( () => arrived( harness ) === 4 * MONITORS - 1 && harness.peer.monitoring.vitals?.unsent_count === 0 );
		assert.deepEqual( new Set( harness.peer.monitoring.checkTimes.values() ), new Set( [ 1 ] ) );
		assert.equal( harness.peer.monitoring.vitals?.dead_letter_count, 1 );
	} );
}

// Such a row was taken for a damaged file once, and everything that waited went aside with it.
test( 'a row that the contract does not allow costs itself alone', async ( context ) => {
	const harness = await newHarness( context );
	harness.monitors.setJudgeEpoch( 1 );
	harness.monitors.commit( [
		makeOutcome( 1, 1 ),
		makeOutcome( 2, 1, { rows: [ 'no row' ] } ),
		makeOutcome( 3, 1, { changes: [ makeChange( { monitor_uid: uidFor( 3 ) } ) ] } ),
	] );
	await harness.runUntil( () => harness.peer.monitoring.vitals?.dead_letter_count === 1 && harness.batches.count() === 0 );
	assert.equal( arrived( harness ), 2 );
	assert.equal( harness.peer.monitoring.changes.size, 1 );
	assert.equal( harness.database.quarantines(), 0 );
} );

test( 'a decision that a firewall takes for an attack arrives without its text', async ( context ) => {
	const harness = await newHarness( context );
	harness.monitors.setJudgeEpoch( 1 );
	const attack = { message: 'GET https://a.example/?q=<script> answered 503.' };
	harness.monitors.commit( [
		makeOutcome( 1, 1, { changes: [ makeChange( attack ) ], incidents: [ makeIncident( attack ) ] } ),
		makeOutcome( 2, 1 ),
	] );
	harness.peer.fault = ( call ) => ( call.body.includes( '<script>' ) ? { kind: 'answer', status: 406, body: '' } : null );
	await harness.runUntil( () => harness.peer.monitoring.incidents.size === 1 && arrived( harness ) === 2 );
	assert.deepEqual(
		harness.peer.monitoring.change_rows.map( ( change ) => [ change.state, change.message ] ),
		[ [ 'down', '' ] ]
	);
	assert.equal( harness.state.counters().dead_letters, undefined );
} );

for ( const hours of [ 1, -1 ] ) {
	test( `F14: with a clock ${ hours } h off nothing is lost, and slots stay what they were`, async ( context ) => {
		const harness = await newHarness( context );
		harness.peer.clock_ahead_ms = -hours * 3_600_000;
		commitSlot( harness, 1 );
		await harness.runUntil( () => arrived( harness ) === MONITORS && harness.batches.count() === 0 );
		assertOnce( harness, 1 );
		assert.equal( harness.log.find( ( line ) => line.event === 'clock_skew' )?.fields.seconds, -hours * 3600 );
	} );
}

test( 'F18: a file that is damaged while running is put aside, checks go on, and what was lost is counted', async ( context ) => {
	const harness = await newHarness( context );
	harness.peer.monitoring.monitors = [ makeWork( { monitor_uid: uidFor( 1 ) } ) ];
	await harness.runUntil( () => harness.monitors.activeMonitors().length === 1 );
	for ( let slot = 1; slot <= 300; slot++ ) {
		commitSlot( harness, slot );
	}
	harness.database.all( 'PRAGMA wal_checkpoint( TRUNCATE )' );
	const path = join( harness.folder, 'rollcall.sqlite' );
	writeFileSync( path, Buffer.alloc( 200_000, 'no page of a database ' ) );
	harness.database.all( 'PRAGMA cache_size = 0' );
	harness.database.all( 'PRAGMA shrink_memory' );
	for ( let slot = 301; slot <= 310; slot++ ) {
		commitSlot( harness, slot );
	}
	await harness.runUntil(
		() => harness.peer.monitoring.vitals?.quarantine_count === 1 && harness.monitors.activeMonitors().length === 1
	);
	await harness.runUntil( () => harness.monitors.vitals( harness.batches.monitoringCount() ).unsent_count === 0 );
	const { dropped_count } = harness.monitors.vitals( 0 );
	assert.equal( arrived( harness ) + dropped_count, 310 * MONITORS );
	assert.ok( arrived( harness ) >= MONITORS );
} );

test( 'F18: checks of a batch that was under way are counted as lost, unless it arrives', async ( context ) => {
	const harness = await newHarness( context );
	let calls = 0;
	commitSlot( harness, 1 );
	harness.peer.fault = () => ( calls++ < 2 ? { kind: 'answer', status: 503, body: HTML } : null );
	await harness.runUntil( () => calls === 1 );
	assert.equal( harness.batches.count(), 1 );
	harness.database.quarantine( 1 );
	assert.equal( harness.monitors.vitals( 0 ).dropped_count, MONITORS );
	commitSlot( harness, 2 );
	harness.peer.fault = ( call ) => {
		if ( hasBatch( call ) && harness.database.quarantines() === 1 ) {
			harness.database.quarantine( 2 );
		}
		return null;
	};
	await harness.runUntil( () => harness.database.quarantines() === 2 && harness.monitors.vitals( 0 ).dropped_count === MONITORS );
	assert.equal( arrived( harness ), MONITORS );
} );
