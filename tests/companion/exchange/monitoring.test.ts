import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job } from '../../../companion/src/contract/exchange.ts';
import type { Monitoring } from '../../../companion/src/exchange/rooms.ts';
import { makeMonitoring, makeRooms, newHarness, type Harness } from './loop-harness.ts';
import { makeChange, makeIncident, makeOutcome, makeReading, makeWork, slotFor, uidFor } from './monitor-peer.ts';

const times = ( { peer }: Harness ): Set< number > => new Set( peer.monitoring.checkTimes.values() );
const checkCount = ( { peer }: Harness ): number => [ ...peer.monitoring.checks.values() ].reduce( ( sum, slots ) => sum + slots.size, 0 );
const works = ( count: number ) =>
	Array.from( { length: count }, ( _, index ) => makeWork( { monitor_uid: uidFor( index + 1 ), revision: index + 1 } ) );

/** An engine that notes what it is told. */
function noting( over: Partial< Monitoring > = {} ): { told: string[]; monitoring: Monitoring } {
	const told: string[] = [];
	const monitoring = makeMonitoring( {
		changed: () => void told.push( 'changed' ),
		setEpoch: ( epoch ) => void told.push( `epoch ${ epoch }` ),
		setContact: ( url ) => void ( told.at( -1 ) === `contact ${ url }` || told.push( 'contact' ) ),
		heard: ( beats, until_ms ) => void ( beats.length > 0 && told.push( `heard ${ beats.length } until ${ until_ms }` ) ),
		checkNow: ( job_uid, uids ) => void told.push( `check ${ job_uid.slice( 0, 2 ) } ${ uids.length }` ),
		forgetJob: ( job_uid ) => void told.push( `forget ${ job_uid.slice( 0, 2 ) }` ),
		restored: ( known ) =>
			void told.push( `restored ${ [ ...known ].map( ( [ uid, ms ] ) => `${ parseInt( uid, 16 ) } ${ ms }` ).join() }` ),
		...over,
	} );
	return { told, monitoring };
}

test( 'the work list comes page by page, and what was on no page is gone', async ( context ) => {
	const harness = await newHarness( context );
	const { told, monitoring } = noting();
	harness.monitoring = monitoring;
	harness.peer.monitoring.monitors = works( 1100 );
	await harness.runUntil( () => harness.monitors.revision() === 1100 );
	assert.equal( harness.monitors.activeMonitors().length, 1100 );
	assert.deepEqual(
		told.filter( ( line ) => line !== 'contact' ),
		[ 'epoch 1', 'changed' ]
	);
	assert.ok( harness.waits.filter( ( wait ) => wait > 6000 ).length < 3, 'pages are not waited for' );
	harness.monitoring = noting().monitoring;
	await harness.runUntil( () => harness.peer.calls.at( -1 )?.exchange?.cursors.monitors_revision === 1100 );
} );

test( 'what was committed arrives once, with the vitals beside it', async ( context ) => {
	const harness = await newHarness( context );
	harness.monitors.setJudgeEpoch( 1 );
	harness.monitors.commit( [ makeOutcome( 1, 1, { changes: [ makeChange() ], incidents: [ makeIncident() ] } ), makeOutcome( 2, 1 ) ] );
	await harness.runUntil( () => harness.peer.monitoring.vitals?.unsent_count === 0 );
	const { monitoring } = harness.peer;
	assert.deepEqual(
		[ checkCount( harness ), [ ...times( harness ) ], monitoring.changes.size, monitoring.incidents.size ],
		[ 2, [ 1 ], 1, 1 ]
	);
	assert.equal( monitoring.readings.get( uidFor( 2 ) )?.slot_ms, slotFor( 1 ) );
	assert.equal( harness.peer.calls[ 0 ]?.exchange?.vitals?.unsent_count, 6 );
	assert.ok( ( harness.peer.calls[ 0 ]?.exchange?.vitals?.oldest_unsent_at_ms ?? 0 ) > 0 );
	assert.equal( monitoring.vitals?.oldest_unsent_at_ms, null );
} );

test( 'a minute of ten thousand monitors goes out in full batches, one after the other', async ( context ) => {
	const harness = await newHarness( context );
	for ( let slot = 0; slot < 4; slot++ ) {
		harness.monitors.commit( Array.from( { length: 10_000 }, ( _, monitor ) => makeOutcome( monitor, slot ) ) );
	}
	await harness.runUntil( () => checkCount( harness ) === 40_000 );
	assert.deepEqual( [ ...times( harness ) ], [ 1 ] );
	assert.equal( harness.peer.monitoring.readings.size, 10_000 );
	assert.ok( Math.max( ...harness.peer.calls.map( ( call ) => Buffer.byteLength( call.body ) ) ) < 1_048_576 );
	assert.ok( harness.peer.calls.length < 25, String( harness.peer.calls.length ) );
} );

test( 'checks alone wake nobody: a quiet site is called once a minute', async ( context ) => {
	const harness = await newHarness( context );
	let slot = 0;
	harness.peer.fault = () => {
		harness.monitors.commit( [ makeOutcome( 1, ++slot ) ] );
		return null;
	};
	await harness.runUntil( () => harness.waits.length >= 8, { random: () => 0.5 } );
	assert.deepEqual( new Set( harness.waits.slice( 0, 8 ) ), new Set( [ 60_000 ] ) );
} );

// Monitors of later pages would be told as paused, when the list begins anew because the file was damaged.
test( 'the engine reads a list of many pages once it is whole', async ( context ) => {
	const harness = await newHarness( context );
	const { monitoring } = harness.peer;
	const read: number[] = [];
	harness.monitoring = makeMonitoring( { changed: () => void read.push( harness.monitors.activeMonitors().length ) } );
	monitoring.page_size = 2;
	monitoring.monitors = Array.from( { length: 5 }, ( _, index ) =>
		makeWork( { monitor_uid: uidFor( index + 1 ), revision: index + 1 } )
	);
	await harness.runUntil( () => read.at( -1 ) === 5 );
	harness.database.quarantine( 1 );
	await harness.runUntil( () => harness.monitors.activeMonitors().length === 5 && read.length > 1 );
	assert.deepEqual( read, [ 5, 5 ] );
} );

test( 'a decision ends the wait at once, but a storm of them is no hot loop', async ( context ) => {
	const harness = await newHarness( context );
	let urge = (): void => {};
	harness.monitoring = makeMonitoring( { onUrgent: ( callback ) => ( urge = callback ) } );
	harness.monitors.setJudgeEpoch( 1 );
	let seq = 0;
	const decide = (): void => {
		harness.monitors.commit( [ makeOutcome( 1, ++seq, { changes: [ makeChange( { seq } ) ] } ) ] );
		urge();
	};
	await harness.runUntil( () => {
		if ( harness.waits.length > 0 && seq === 0 ) {
			decide();
		}
		return harness.peer.monitoring.changes.size === 1;
	} );
	assert.ok( harness.clock.ahead_ms < 61_100 );
	const before_ms = Date.now() + harness.clock.ahead_ms;
	const calls = harness.peer.calls.length;
	const storm = setInterval( decide, 1 );
	await harness.runUntil( () => harness.peer.monitoring.changes.size > 100 );
	clearInterval( storm );
	const passed_ms = Date.now() + harness.clock.ahead_ms - before_ms;
	assert.ok(
		harness.peer.calls.length - calls <= passed_ms / 900 + 2,
		`${ harness.peer.calls.length - calls } calls in ${ passed_ms } ms`
	);
} );

test( 'a decision does not cut short what the site asked to wait', async ( context ) => {
	const harness = await newHarness( context );
	let urge = (): void => {};
	harness.monitoring = makeMonitoring( { onUrgent: ( callback ) => ( urge = callback ) } );
	harness.peer.fault = () => ( { kind: 'answer', status: 503, headers: { 'retry-after': '30' }, body: '' } );
	const storm = setInterval( () => urge(), 1 );
	await harness.runUntil( () => harness.waits.length >= 5 );
	clearInterval( storm );
	assert.ok(
		harness.waits.every( ( wait ) => wait >= 30_000 ),
		String( harness.waits )
	);
} );

test( 'another epoch voids what was decided before; checks arrive, and the engine is told', async ( context ) => {
	const harness = await newHarness( context );
	const { told, monitoring } = noting();
	harness.monitoring = monitoring;
	harness.monitors.setJudgeEpoch( 1 );
	harness.monitors.commit( [ makeOutcome( 1, 1, { changes: [ makeChange() ], incidents: [ makeIncident() ] } ) ] );
	harness.peer.monitoring.judge_epoch = 4;
	await harness.runUntil( () => checkCount( harness ) === 1 );
	assert.deepEqual( [ harness.peer.monitoring.changes.size, harness.peer.monitoring.incidents.size ], [ 0, 0 ] );
	assert.deepEqual(
		told.filter( ( line ) => line.startsWith( 'epoch' ) ),
		[ 'epoch 1', 'epoch 4' ]
	);
	assert.ok( harness.waits.every( ( wait ) => wait >= 0 ) && harness.peer.calls.length < 5 );
	harness.monitors.commit( [
		makeOutcome( 1, 2, { changes: [ makeChange() ] } ),
		makeOutcome( 1, 3, { changes: [ makeChange( { judge_epoch: 4, kind: 'reading' } ) ] } ),
	] );
	await harness.runUntil( () => checkCount( harness ) === 3 );
	assert.deepEqual( [ ...harness.peer.monitoring.changes.keys() ], [ `${ uidFor( 1 ) } 4 1` ] );
	assert.equal( harness.peer.calls.at( -1 )?.exchange?.judge_epoch, 4 );
} );

test( 'on standby checks go under their own location and decisions stay here, until it decides', async ( context ) => {
	const harness = await newHarness( context );
	const { told, monitoring } = noting();
	harness.monitoring = monitoring;
	harness.monitors.setJudgeEpoch( 1 );
	harness.peer.monitoring.standby_location_id = 7;
	await harness.runUntil( () => harness.peer.calls.length >= 2 );
	assert.equal(
		told.findLast( ( line ) => line.startsWith( 'epoch' ) ),
		'epoch 0'
	);
	harness.monitors.commit( [
		makeOutcome( 1, 1, { changes: [ makeChange() ], incidents: [ makeIncident() ], reading: makeReading() } ),
	] );
	await harness.runUntil( () => checkCount( harness ) === 1 );
	const sent = harness.peer.calls.flatMap( ( call ) => call.exchange?.batch ?? [] );
	assert.deepEqual(
		sent.map( ( batch ) => [
			batch.checks.map( ( group ) => group.location_id ),
			batch.state_changes,
			batch.incidents,
			batch.readings,
		] ),
		[ [ [ 7 ], [], [], [] ] ]
	);
	Object.assign( harness.peer.monitoring, { standby_location_id: null, judge_epoch: 2 } );
	await harness.runUntil( () => told.includes( 'epoch 2' ) );
	harness.monitors.commit( [ makeOutcome( 1, 2, { changes: [ makeChange( { judge_epoch: 2, kind: 'reading' } ) ] } ) ] );
	await harness.runUntil( () => checkCount( harness ) === 2 );
	assert.deepEqual( [ ...harness.peer.monitoring.changes.keys() ], [ `${ uidFor( 1 ) } 2 1` ] );
} );

test( 'on standby nothing is urgent, and the engine hears of the role again after a restart', async ( context ) => {
	const harness = await newHarness( context );
	let urge = (): void => {};
	harness.monitoring = makeMonitoring( { onUrgent: ( callback ) => ( urge = callback ) } );
	harness.peer.monitoring.standby_location_id = 7;
	let slot = 0;
	harness.peer.fault = () => {
		const seq = ++slot;
		const incidents = [ makeIncident( { judge_epoch: 0 } ) ];
		harness.monitors.commit( [ makeOutcome( 1, seq, { changes: [ makeChange( { seq, judge_epoch: 0 } ) ], incidents } ) ] );
		return null;
	};
	const storm = setInterval( () => harness.waits.length > 0 && urge(), 1 );
	await harness.runUntil( () => harness.waits.length >= 6, { random: () => 0.5 } );
	clearInterval( storm );
	assert.deepEqual( new Set( harness.waits.slice( 1, 6 ) ), new Set( [ 60_000 ] ) );
	const { told, monitoring } = noting();
	harness.monitoring = monitoring;
	await harness.runUntil( () => told.length > 1 );
	assert.deepEqual(
		told.filter( ( line ) => line.startsWith( 'epoch' ) ),
		[ 'epoch 0' ]
	);
} );

test( 'one that lost its place sends what a batch held of checks, and nothing of what it decided', async ( context ) => {
	const harness = await newHarness( context );
	harness.monitors.setJudgeEpoch( 1 );
	harness.monitors.commit( [
		makeOutcome( 1, 1, { changes: [ makeChange() ], incidents: [ makeIncident() ], reading: makeReading() } ),
	] );
	Object.assign( harness.peer.monitoring, { standby_location_id: 2, judge_epoch: 2 } );
	await harness.runUntil( () => checkCount( harness ) === 1 );
	assert.deepEqual(
		harness.log.filter( ( line ) => line.event === 'stale_lease' ).map( ( line ) => line.fields.judge_epoch ),
		[ 1 ]
	);
	assert.deepEqual( [ harness.peer.monitoring.changes.size, harness.peer.monitoring.incidents.size ], [ 0, 0 ] );
	assert.deepEqual( harness.peer.calls.findLast( ( call ) => call.exchange?.batch )?.exchange?.batch?.readings, [] );
} );

test( 'a refusal as stale without a newer epoch waits and keeps everything', async ( context ) => {
	const harness = await newHarness( context );
	harness.monitors.setJudgeEpoch( 1 );
	harness.monitors.commit( [ makeOutcome( 1, 1, { changes: [ makeChange() ] } ) ] );
	const payload = { error_code: 'stale_lease', error_message: 'no', contract_version: 1 };
	harness.peer.refusal = ( call ) => ( call.exchange?.batch ? { status: 409, payload } : null );
	await harness.runUntil( () => harness.waits.length >= 5 );
	assert.ok(
		harness.waits.every( ( wait ) => wait >= 5000 ),
		String( harness.waits )
	);
	harness.peer.refusal = () => null;
	await harness.runUntil( () => harness.peer.monitoring.changes.size === 1 );
	assert.equal( checkCount( harness ), 1 );
} );

test( 'a restored backup gets the whole list asked for, and the engine hears what was lost', async ( context ) => {
	const harness = await newHarness( context );
	const { told, monitoring } = noting();
	harness.monitoring = monitoring;
	harness.peer.monitoring.monitors = works( 3 );
	harness.peer.monitoring.page_size = 2;
	harness.peer.generation.counter = 50;
	harness.monitors.commit( [ 1, 2, 3 ].map( ( monitor ) => makeOutcome( monitor, 9 ) ) );
	await harness.runUntil( () => checkCount( harness ) === 3 && harness.monitors.revision() === 3 );
	harness.peer.generation = { id: harness.peer.generation.id, counter: 7 };
	harness.peer.monitoring.monitors = [ 9, 2, null ].map( ( slot, index ) =>
		makeWork( { monitor_uid: uidFor( index + 1 ), revision: index + 1, known_until_ms: slot === null ? null : slotFor( slot ) } )
	);
	await harness.runUntil( () => told.some( ( line ) => line.startsWith( 'restored' ) ) );
	assert.deepEqual(
		told.filter( ( line ) => line.startsWith( 'restored' ) ),
		[ `restored 2 ${ slotFor( 2 ) },3 ${ makeWork().created_at_ms }` ]
	);
} );

test( 'beats are passed on, and a full page of them is not taken for all', async ( context ) => {
	const harness = await newHarness( context );
	const { told, monitoring } = noting();
	harness.monitoring = monitoring;
	harness.peer.monitoring.monitors = [ makeWork( { monitor_uid: uidFor( 1 ), type: 'push', url: '' } ) ];
	harness.peer.monitoring.beats = Array.from( { length: 700 }, ( _, index ) => ( {
		monitor_uid: uidFor( 1 ),
		beat_at_ms: 1000 + index,
	} ) );
	await harness.runUntil( () => harness.monitors.beatsAfterMs() === 1699 );
	const heard = told.filter( ( line ) => line.startsWith( 'heard' ) );
	assert.equal( heard[ 0 ], 'heard 500 until 1499' );
	assert.match( heard[ 1 ] ?? '', /^heard 200 until \d{13}$/ );
	assert.equal( harness.monitors.activeMonitors()[ 0 ]?.last_beat_at_ms, 1699 );
} );

const CHECK: Job = {
	job_uid: 'c'.repeat( 32 ),
	kind: 'check',
	list_uid: null,
	host: null,
	hosts: [],
	webhook: null,
	monitor_uids: [ uidFor( 1 ), uidFor( 2 ) ],
};

test( 'check now: the job is done only once what it found was stored', async ( context ) => {
	const harness = await newHarness( context );
	let done = 0;
	const { told, monitoring } = noting( { jobProgress: () => ( { done, total: 2 } ) } );
	harness.monitoring = monitoring;
	harness.peer.jobs = [ CHECK ];
	await harness.runUntil( () => {
		if ( done < 2 && harness.peer.job_rows.length > done ) {
			harness.monitors.commit( [ makeOutcome( ++done, 1 ) ] );
		}
		return told.includes( 'forget cc' );
	} );
	assert.equal( harness.peer.jobs.length, 0 );
	assert.deepEqual( harness.peer.monitoring.order.at( -1 ), 'job done' );
	assert.equal( checkCount( harness ), 2 );
	assert.ok( harness.peer.job_rows.some( ( row ) => row.state === 'running' && row.done === 1 && row.total === 2 ) );
	assert.equal( told.filter( ( line ) => line === 'check cc 2' ).length, 1 );
} );

test( 'check now counts no check before WordPress has its row', async ( context ) => {
	const harness = await newHarness( context );
	let done = 0;
	const jobProgress = () => {
		if ( done < 2 ) {
			harness.monitors.commit( [ makeOutcome( ++done, 1 ) ] );
		}
		return { done, total: 2 };
	};
	const { told, monitoring } = noting( { jobProgress } );
	harness.monitoring = monitoring;
	harness.peer.jobs = [ CHECK ];
	await harness.runUntil( () => told.includes( 'forget cc' ) );
	const said = new Set( harness.peer.job_rows.map( ( row ) => `${ row.state } ${ row.done }` ) );
	assert.deepEqual( [ ...said ], [ 'running 0', 'done 2' ] );
} );

test( 'check now is cancelled', async ( context ) => {
	const harness = await newHarness( context );
	const { told, monitoring } = noting( { jobProgress: () => ( { done: 0, total: 2 } ) } );
	harness.monitoring = monitoring;
	harness.peer.jobs = [ CHECK ];
	await harness.runUntil( () => harness.peer.job_rows.length > 0 );
	harness.peer.commands = [ { kind: 'cancel_job', kid: null, nonce: null, job_uid: CHECK.job_uid } ];
	await harness.runUntil( () => harness.peer.jobs.length === 0 );
	assert.equal( harness.peer.job_rows.at( -1 )?.state, 'cancelled' );
	assert.ok( told.includes( 'forget cc' ) );
} );

test( 'F66: the dead-man address is called after checks were stored, at most about once a minute, and never while monitors stall', async ( context ) => {
	const harness = await newHarness( context );
	const pings: string[] = [];
	let slot = 0;
	let stalled_count = 1;
	let status = 200;
	const idle = makeMonitoring().vitals();
	harness.monitoring = makeMonitoring( { vitals: () => ( { ...idle, stalled_count } ) } );
	harness.rooms = {
		...makeRooms(),
		ping: async ( { url } ) => {
			pings.push( url );
			return status;
		},
	};
	harness.peer.monitoring.dead_man_url = 'https://alive.example/secret';
	await harness.runUntil( () => harness.waits.length >= 3 );
	harness.peer.fault = () => {
		harness.monitors.commit( [ makeOutcome( 1, ++slot ) ] );
		return null;
	};
	await harness.runUntil( () => harness.waits.length >= 6 );
	assert.deepEqual( pings, [], 'nothing was stored at first, and then a monitor stalled' );
	stalled_count = 0;
	harness.waits.length = 0;
	await harness.runUntil( () => pings.length >= 3 );
	assert.ok( harness.waits.length <= 5 );
	assert.deepEqual( new Set( pings ), new Set( [ 'https://alive.example/secret' ] ) );
	await harness.runUntil( () => harness.peer.monitoring.vitals?.dead_man_at_ms !== null && pings.length >= 5 );
	status = 500;
	await harness.runUntil( () => typeof harness.peer.monitoring.vitals?.dead_man_error === 'string' );
	assert.equal( harness.peer.monitoring.vitals?.dead_man_error, 'GET https://alive.example answered 500.' );
	assert.ok( ! JSON.stringify( harness.log ).includes( 'secret' ) );
} );
