import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { MonitorPage, MonitorWork } from '../../../companion/src/contract/monitor.ts';
import type { MonitorStore as EnginePort } from '../../../companion/src/monitor/ports.ts';
import { resume } from '../../../companion/src/monitor/watched.ts';
import { openDatabase, type Database } from '../../../companion/src/store/database.ts';
import { monitorStore, type MonitorStore } from '../../../companion/src/store/monitor-store.ts';
import type { MonitoringRows } from '../../../companion/src/store/pending-batch.ts';
import {
	makeChange,
	makeIncident,
	makeOutcome,
	makeReading,
	makeWork,
	rowFor,
	SLOT_MS,
	slotFor,
	uidFor,
} from '../exchange/monitor-peer.ts';

const SITE = 'a'.repeat( 32 );
const DAY_MS = 86_400_000;

type Opened = { database: Database; store: MonitorStore; clock: { now_ms: number }; reopen: () => MonitorStore };

function open( context: TestContext, quota_bytes?: number ): Opened {
	const folder = mkdtempSync( join( tmpdir(), 'rollcall-monitors-' ) );
	const database = openDatabase( folder, 0 );
	context.after( () => {
		database.close();
		rmSync( folder, { recursive: true } );
	} );
	const clock = { now_ms: 1000 };
	const reopen = (): MonitorStore =>
		monitorStore( { database, site_id: SITE, now: () => clock.now_ms, ...( quota_bytes !== undefined && { quota_bytes } ) } );
	return { database, store: reopen(), clock, reopen };
}

function takeAll( store: MonitorStore, maximum_bytes = 800_000 ): MonitoringRows[] {
	const taken: MonitoringRows[] = [];
	for ( let before = -1; taken.length > before; ) {
		before = taken.length;
		store.take( maximum_bytes, ( rows ) => void taken.push( rows ) );
	}
	return taken;
}

const page = ( rows: MonitorWork[], over: Partial< MonitorPage > = {} ): MonitorPage => ( {
	after: 0,
	revision: rows.at( -1 )?.revision ?? 0,
	has_more: false,
	rows,
	...over,
} );

const uidsOf = ( store: MonitorStore ): string[] => store.activeMonitors().map( ( work ) => work.monitor_uid );

test( 'the engine may be given the store as it is', ( context ) => {
	const port: EnginePort = open( context ).store;
	assert.deepEqual( port.activeMonitors(), [] );
} );

test( 'what was committed is taken once: decisions, the newest reading, and checks grouped by their monitor', ( context ) => {
	const { store } = open( context );
	const change = makeChange();
	const resolved = makeIncident( { resolved_at_ms: SLOT_MS + 1, resolved_by: 'check', judged_at_ms: SLOT_MS + 1 } );
	store.commit( [ makeOutcome( 1, 1 ), makeOutcome( 2, 1, { changes: [ change ], incidents: [ makeIncident() ] } ) ] );
	store.commit( [ makeOutcome( 1, 2, { incidents: [ resolved ] } ) ] );
	const rows = [ slotFor( 1 ), slotFor( 2 ) ].map( rowFor );
	const reading = ( monitor: number, slot: number ) => makeReading( { monitor_uid: uidFor( monitor ), slot_ms: slotFor( slot ) } );
	assert.deepEqual( takeAll( store ), [
		{
			state_changes: [ change ],
			incidents: [ resolved ],
			readings: [ reading( 1, 2 ), reading( 2, 1 ) ],
			checks: [
				{ monitor_uid: uidFor( 1 ), location_id: 1, rows },
				{ monitor_uid: uidFor( 2 ), location_id: 1, rows: rows.slice( 0, 1 ) },
			],
		},
	] );
	assert.equal( store.vitals( 0 ).unsent_count, 0 );
} );

test( 'what is taken stays when it could not be kept elsewhere', ( context ) => {
	const { store } = open( context );
	store.commit( [ makeOutcome( 1, 1, { changes: [ makeChange() ] } ) ] );
	const fail = (): never => {
		throw new Error( 'stop' );
	};
	assert.throws( () => store.take( 800_000, fail ) );
	assert.equal( store.vitals( 0 ).unsent_count, 3 );
	assert.equal( takeAll( store ).length, 1 );
} );

test( 'batches stay below their size and lose nothing, and decisions are in the first of them', ( context ) => {
	const { store } = open( context );
	for ( let slot = 0; slot < 20; slot++ ) {
		store.commit( Array.from( { length: 500 }, ( _, monitor ) => makeOutcome( monitor, slot ) ) );
	}
	store.commit( [ makeOutcome( 7, 20, { changes: [ makeChange( { monitor_uid: uidFor( 7 ) } ) ] } ) ] );
	const batches = takeAll( store, 100_000 );
	assert.ok( batches.length > 4 );
	assert.equal( batches[ 0 ]?.state_changes.length, 1 );
	for ( const batch of batches ) {
		assert.ok( Buffer.byteLength( JSON.stringify( batch ) ) < 102_000 );
		assert.ok( batch.checks.length > 0 || batch.readings.length > 0 );
	}
	const slots = batches.flatMap( ( { checks } ) =>
		checks.flatMap( ( { monitor_uid, rows } ) => rows.map( ( row ) => monitor_uid + row ) )
	);
	assert.equal( slots.length, 10_001 );
	assert.equal( new Set( slots ).size, 10_001 );
	assert.equal( batches.flatMap( ( batch ) => batch.readings ).length, 500 );
} );

test( 'progress and the highest slot outlive the process, and belong to their site', ( context ) => {
	const { store, database, reopen } = open( context );
	store.commit( [ makeOutcome( 1, 5 ), makeOutcome( 1, 6 ), makeOutcome( 2, 4 ) ] );
	const again = reopen();
	assert.equal( again.progressOf( uidFor( 1 ) ), '{"slot":6}' );
	assert.equal( again.progressOf( uidFor( 3 ) ), null );
	assert.equal( again.lastLineMs(), slotFor( 6 ) );
	assert.equal( again.vitals( 0 ).unsent_count, 5 );
	assert.equal( again.vitals( 0 ).oldest_unsent_at_ms, 1000 );
	const other = monitorStore( { database, site_id: 'b'.repeat( 32 ), now: () => 0 } );
	assert.equal( other.progressOf( uidFor( 1 ) ), null );
	assert.equal( other.lastLineMs(), 0 );
	assert.deepEqual( takeAll( other ), [] );
} );

test( 'a gap of many slots is one outcome and all of it is taken', ( context ) => {
	const { store } = open( context );
	store.commit( [ makeOutcome( 1, 0, { rows: Array.from( { length: 2500 }, ( _, slot ) => rowFor( slotFor( slot ) ) ) } ) ] );
	assert.equal( takeAll( store, 30_000 ).flatMap( ( { checks } ) => checks.flatMap( ( { rows } ) => rows ) ).length, 0 );
	const taken = takeAll( store ).flatMap( ( { checks } ) => checks.flatMap( ( { rows } ) => rows ) );
	assert.equal( new Set( taken ).size, 2500 );
} );

test( 'beyond the quota the oldest checks are dropped and counted, decisions are not', ( context ) => {
	const { store, clock, reopen } = open( context, 100_000 );
	for ( let slot = 0; slot < 3000; slot++ ) {
		clock.now_ms += 100;
		store.commit( [ makeOutcome( 1, slot, { changes: [ makeChange( { seq: slot + 1 } ) ] } ) ] );
	}
	clock.now_ms += 20_000;
	store.commit( [ makeOutcome( 1, 3000 ) ] );
	const { dropped_count } = store.vitals( 0 );
	const taken = takeAll( store );
	const rows = taken.flatMap( ( { checks } ) => checks.flatMap( ( group ) => group.rows ) );
	assert.ok( dropped_count > 1500 );
	assert.equal( rows.length + dropped_count, 3001 );
	assert.equal( rows.at( -1 ), rowFor( slotFor( 3000 ) ), 'the newest ones stay' );
	assert.equal( taken.flatMap( ( batch ) => batch.state_changes ).length, 3000 );
	assert.equal( reopen().vitals( 0 ).dropped_count, dropped_count );
} );

test( 'checks are kept for seven days, decisions for ever', ( context ) => {
	const { store, clock } = open( context );
	const later = 1 + ( 7 * DAY_MS ) / 10_000;
	store.trustTime();
	store.commit( [ makeOutcome( 1, 1, { changes: [ makeChange() ] } ), makeOutcome( 2, 1 ) ] );
	clock.now_ms += 7 * DAY_MS;
	store.commit( [ makeOutcome( 1, later ) ] );
	assert.equal( store.vitals( 0 ).dropped_count, 0 );
	clock.now_ms += 10_000;
	store.commit( [ makeOutcome( 1, later + 1 ) ] );
	assert.equal( store.vitals( 0 ).dropped_count, 2 );
	const [ batch ] = takeAll( store );
	const rows = [ later, later + 1 ].map( ( slot ) => rowFor( slotFor( slot ) ) );
	assert.deepEqual( batch?.checks, [ { monitor_uid: uidFor( 1 ), location_id: 1, rows } ] );
	assert.equal( batch?.state_changes.length, 1 );
} );

for ( const days of [ 30, -30 ] ) {
	test( `a clock that is set ${ days } days makes no check older, nor does a line that nobody confirmed`, ( context ) => {
		const { store, clock, reopen } = open( context );
		clock.now_ms += 100 * DAY_MS;
		store.trustTime();
		store.commit( [ makeOutcome( 1, 1 ) ] );
		clock.now_ms += days * DAY_MS;
		store.commit( [ makeOutcome( 1, 2 ) ] );
		assert.equal( store.vitals( 0 ).oldest_unsent_at_ms, clock.now_ms - 10_000 );
		const again = reopen();
		clock.now_ms += 10_000;
		again.commit( [ makeOutcome( 1, 3 + ( 30 * DAY_MS ) / 10_000 ) ] );
		assert.equal( again.vitals( 0 ).dropped_count, 0 );
		assert.equal( takeAll( again )[ 0 ]?.checks[ 0 ]?.rows.length, 3 );
	} );
}

test( 'a new epoch voids decisions of the one before, also those that come late', ( context ) => {
	const { store, reopen } = open( context );
	const old = { changes: [ makeChange() ], incidents: [ makeIncident() ] };
	store.commit( [ makeOutcome( 1, 1, old ) ] );
	store.setJudgeEpoch( 2 );
	assert.equal( store.hasDecisions(), false );
	store.commit( [ makeOutcome( 1, 2, old ), makeOutcome( 1, 3, { changes: [ makeChange( { judge_epoch: 2 } ) ] } ) ] );
	assert.equal( reopen().judgeEpoch(), 2 );
	const [ batch ] = takeAll( store );
	assert.deepEqual(
		batch?.state_changes.map( ( change ) => change.judge_epoch ),
		[ 2 ]
	);
	assert.deepEqual( batch?.incidents, [] );
	assert.equal( batch?.checks[ 0 ]?.rows.length, 3 );
} );

test( 'pages are taken in order, paused and deleted monitors are not active, and the cursor moves with them', ( context ) => {
	const { store, reopen } = open( context );
	const work = ( number: number, revision: number, over: Partial< MonitorWork > = {} ) =>
		makeWork( { monitor_uid: uidFor( number ), revision, ...over } );
	assert.equal( store.takePage( page( [ work( 1, 4 ), work( 2, 5 ) ], { has_more: true } ) ), true );
	assert.equal( store.takePage( page( [ work( 3, 6 ) ], { after: 4 } ) ), false, 'it was asked with another cursor' );
	assert.equal( store.takePage( page( [ work( 3, 6, { active: false } ) ], { after: 5 } ) ), true );
	assert.deepEqual( uidsOf( store ), [ uidFor( 1 ), uidFor( 2 ) ] );
	assert.equal( store.takePage( page( [], { after: 6, revision: 6 } ) ), false );
	store.commit( [ makeOutcome( 2, 1 ) ] );
	assert.equal( store.takePage( page( [ work( 1, 7, { active: false } ), work( 2, 8, { deleted: true } ) ], { after: 6 } ) ), true );
	const again = reopen();
	assert.deepEqual( uidsOf( again ), [] );
	assert.equal( again.revision(), 8 );
	assert.equal( again.progressOf( uidFor( 2 ) ), null );
} );

// A store that was lost must not number decisions anew under an epoch that WordPress knows: it would keep the old ones.
test( 'after the store was lost decisions get numbers that no earlier one had', ( context ) => {
	const { store } = open( context );
	store.takePage( page( [ makeWork( { monitor_uid: uidFor( 1 ), known_until_ms: slotFor( 9 ), last_beat_at_ms: 5 } ) ] ) );
	const [ work ] = store.activeMonitors();
	assert.ok( work !== undefined );
	assert.deepEqual( [ work.known_until_ms, work.last_beat_at_ms ], [ slotFor( 9 ), 5 ] );
	const progress = resume( work, store.progressOf( work.monitor_uid ), { line_ms: slotFor( 20 ), epoch: 1, is_start: false } );
	assert.equal( progress.judged.last_slot_ms, slotFor( 9 ) );
	assert.ok( progress.seq > 1_000_000, String( progress.seq ) );
} );

test( 'a monitor may have more slots than a group of a batch holds', ( context ) => {
	const { store } = open( context );
	const slots = Array.from( { length: 6000 }, ( _, index ) => rowFor( slotFor( index ) ) );
	store.commit( [ makeOutcome( 1, 6000, { rows: slots } ) ] );
	const [ taken ] = takeAll( store );
	assert.deepEqual(
		taken?.checks.map( ( group ) => group.rows.length ),
		[ 5000, 1000 ]
	);
	assert.deepEqual(
		taken?.checks.flatMap( ( group ) => group.rows ),
		slots
	);
} );

test( 'a list from the beginning replaces the one that was there, at its last page', ( context ) => {
	const { store } = open( context );
	const numbers = [ 1, 2, 3 ];
	store.takePage( page( numbers.map( ( number ) => makeWork( { monitor_uid: uidFor( number ), revision: number } ) ) ) );
	store.startRestoring();
	store.takePage( page( [ makeWork( { monitor_uid: uidFor( 3 ), revision: 1 } ) ], { has_more: true } ) );
	assert.equal( uidsOf( store ).length, 3, 'nobody is forgotten half-way' );
	assert.equal( store.takePage( page( [ makeWork( { monitor_uid: uidFor( 4 ), revision: 2 } ) ], { after: 1 } ) ), true );
	assert.deepEqual( uidsOf( store ), [ uidFor( 3 ), uidFor( 4 ) ] );
} );

test( 'after a restored backup it names what WordPress had signed for and lost', ( context ) => {
	const { store } = open( context );
	const monitors = ( known: ( number | null )[] ) =>
		page( known.map( ( known_until_ms, index ) => makeWork( { monitor_uid: uidFor( index ), revision: index + 1, known_until_ms } ) ) );
	store.takePage( monitors( [ null, null, null, null ] ) );
	store.commit( [ 0, 1, 2, 3 ].map( ( monitor ) => makeOutcome( monitor, 5 ) ) );
	const [ batch ] = takeAll( store );
	assert.ok( batch );
	store.acknowledge( { ...batch, checks: batch.checks.slice( 0, 3 ) } );
	assert.equal( store.takeRestored(), null );
	store.startRestoring();
	assert.equal( store.takeRestored(), null, 'the list is not there yet' );
	store.takePage( monitors( [ slotFor( 5 ), slotFor( 2 ), null, null ] ) );
	const { created_at_ms } = makeWork();
	assert.deepEqual(
		[ ...( store.takeRestored() ?? [] ) ],
		[
			[ uidFor( 1 ), slotFor( 2 ) ],
			[ uidFor( 2 ), created_at_ms ],
		]
	);
	assert.equal( store.takeRestored(), null, 'once' );
} );

test( 'beats only move forward', ( context ) => {
	const { store, reopen } = open( context );
	store.takePage( page( [ makeWork( { monitor_uid: uidFor( 1 ), type: 'push', url: '', last_beat_at_ms: 500 } ) ] ) );
	store.takeBeats( [
		{ monitor_uid: uidFor( 1 ), beat_at_ms: 700 },
		{ monitor_uid: uidFor( 2 ), beat_at_ms: 900 },
	] );
	store.takeBeats( [ { monitor_uid: uidFor( 1 ), beat_at_ms: 600 } ] );
	assert.equal( reopen().activeMonitors()[ 0 ]?.last_beat_at_ms, 700 );
	assert.equal( store.beatsAfterMs(), 900 );
	store.takePage( page( [ makeWork( { monitor_uid: uidFor( 1 ), revision: 9, last_beat_at_ms: null } ) ], { after: 1 } ) );
	assert.equal( store.activeMonitors()[ 0 ]?.last_beat_at_ms, 700 );
} );

test( 'a mark says whether what was committed before it still waits', ( context ) => {
	const { store } = open( context );
	store.commit( [ makeOutcome( 1, 1 ) ] );
	const mark = store.mark();
	store.commit( [ makeOutcome( 1, 2 ), makeOutcome( 2, 2 ) ] );
	assert.equal( store.waitsBefore( mark ), true );
	takeAll( store );
	assert.equal( store.waitsBefore( mark ), false );
} );
