import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { DATABASE_FILE, openDatabase, type Database } from '../../../companion/src/store/database.ts';
import type { Recovered } from '../../../companion/src/store/kept-aside.ts';
import { monitorStore, type MonitorStore } from '../../../companion/src/store/monitor-store.ts';
import type { MonitoringRows } from '../../../companion/src/store/pending-batch.ts';
import { makeChange, makeIncident, makeOutcome, slotFor, uidFor } from '../exchange/monitor-peer.ts';

const MONITORS = 5;

/** A state folder whose processes are killed: a store that is left is never asked again. */
class Folder {
	readonly path = mkdtempSync( join( tmpdir(), 'rollcall-aside-' ) );
	readonly recovered: Recovered[] = [];
	database: Database = openDatabase( this.path, 0 );
	store: MonitorStore = this.#open();
	now_ms = 0;
	slots = 0;

	constructor( context: TestContext ) {
		context.after( () => {
			this.database.close();
			rmSync( this.path, { recursive: true } );
		} );
	}

	#open(): MonitorStore {
		const onRecovered = ( recovered: Recovered ): void => void this.recovered.push( recovered );
		return monitorStore( { database: this.database, site_id: 'a'.repeat( 32 ), now: () => this.now_ms, onRecovered } );
	}

	/** Another process goes on. */
	kill(): void {
		this.store = this.#open();
	}

	/** Slots of all monitors; the first one decides something in each that `every` divides. */
	commit( count: number, every = 100 ): void {
		for ( let index = 0; index < count; index++ ) {
			this.now_ms += 200;
			this.slots++;
			const change = makeChange( { monitor_uid: uidFor( 0 ), seq: this.slots, changed_at_ms: slotFor( this.slots ) } );
			const incident = makeIncident( { monitor_uid: uidFor( 0 ), incident_uid: uidFor( 5000 + this.slots ) } );
			const decided = { changes: [ change ], incidents: [ incident ] };
			this.store.commit(
				Array.from( { length: MONITORS }, ( _, monitor ) =>
					makeOutcome( monitor, this.slots, monitor === 0 && this.slots % every === 0 ? decided : {} )
				)
			);
		}
	}

	setPages( pages: number ): void {
		this.database.all( `PRAGMA max_page_count = ${ pages }` );
	}

	takeAll(): { checks: number; seqs: number[]; incidents: number } {
		const taken: MonitoringRows[] = [];
		for ( let before = -1; taken.length > before; ) {
			before = taken.length;
			this.store.take( 800_000, ( rows ) => void taken.push( rows ) );
		}
		return {
			checks: taken.flatMap( ( { checks } ) => checks.flatMap( ( group ) => group.rows ) ).length,
			seqs: taken.flatMap( ( { state_changes } ) => state_changes.map( ( { seq } ) => seq ) ),
			incidents: taken.flatMap( ( { incidents } ) => incidents ).length,
		};
	}
}

test( 'a kill while the disk is full loses no decision, and the checks that it loses are counted exactly', ( context ) => {
	const folder = new Folder( context );
	folder.setPages( 100 );
	folder.commit( 3000 );
	assert.equal( folder.store.vitals( 0 ).disk_full, true );
	folder.kill();
	assert.ok( ( folder.recovered[ 0 ]?.decisions.length ?? 0 ) > 10 );
	folder.commit( 100 );
	assert.equal( folder.store.vitals( 0 ).disk_full, true, 'it is still full' );
	folder.kill();
	folder.setPages( 100_000 );
	folder.kill();
	assert.equal( folder.store.vitals( 0 ).disk_full, false );
	assert.equal( folder.store.progressOf( uidFor( 0 ) ), JSON.stringify( { slot: folder.slots } ), 'decisions are numbered on' );
	folder.commit( 10 );
	const { dropped_count } = folder.store.vitals( 0 );
	const { checks, seqs, incidents } = folder.takeAll();
	assert.deepEqual(
		seqs,
		Array.from( { length: 31 }, ( _, index ) => ( index + 1 ) * 100 )
	);
	assert.equal( incidents, 31 );
	assert.equal( checks + dropped_count, folder.slots * MONITORS, 'exactly' );
	folder.kill();
	assert.equal( folder.store.vitals( 0 ).dropped_count, dropped_count, 'once' );
} );

test( 'a kill while memory is being emptied counts nothing twice', ( context ) => {
	const folder = new Folder( context );
	folder.setPages( 100 );
	folder.commit( 2200 );
	folder.setPages( 150 );
	folder.now_ms += 10_000;
	folder.commit( 1 );
	assert.equal( folder.store.vitals( 0 ).disk_full, true, 'some went into the file, some did not' );
	folder.kill();
	folder.setPages( 100_000 );
	folder.kill();
	const { dropped_count } = folder.store.vitals( 0 );
	const { checks, seqs } = folder.takeAll();
	assert.equal( checks + dropped_count, folder.slots * MONITORS );
	assert.deepEqual(
		seqs,
		Array.from( { length: 22 }, ( _, index ) => ( index + 1 ) * 100 )
	);
} );

test( 'decisions for which no space was left are told in number', ( context ) => {
	const folder = new Folder( context );
	folder.setPages( 100 );
	folder.commit( 1000, 1 );
	folder.kill();
	const [ recovered ] = folder.recovered;
	assert.ok( recovered !== undefined && recovered.lost_decisions > 100 && recovered.decisions.length > 100 );
	folder.setPages( 100_000 );
	folder.kill();
	assert.equal( folder.takeAll().seqs.length + recovered.lost_decisions, 1000 );
} );

test( 'F18: when the damage is found at a start, what was lost is counted', ( context ) => {
	const folder = new Folder( context );
	folder.commit( 40 );
	folder.store.take( 2000, () => undefined );
	folder.commit( 2 );
	folder.database.close();
	writeFileSync( join( folder.path, DATABASE_FILE ), Buffer.alloc( 50_000, 'no page of a database ' ) );
	folder.database = openDatabase( folder.path, 7 );
	folder.kill();
	const { dropped_count, quarantine_count, unsent_count } = folder.store.vitals( 0 );
	assert.deepEqual( [ dropped_count, quarantine_count, unsent_count ], [ 42 * MONITORS, 1, 0 ] );
	folder.commit( 1 );
	folder.kill();
	assert.equal( folder.store.vitals( 0 ).dropped_count, 42 * MONITORS, 'once' );
} );

test( 'what nobody lost is not told', ( context ) => {
	const folder = new Folder( context );
	folder.commit( 200 );
	folder.kill();
	folder.commit( 1 );
	folder.takeAll();
	folder.kill();
	assert.deepEqual( folder.recovered, [] );
	assert.equal( folder.store.vitals( 0 ).dropped_count, 0 );
} );

test( 'decisions of a judge that was replaced do not come back with a kill while the disk is full', ( context ) => {
	const folder = new Folder( context );
	folder.setPages( 100 );
	folder.commit( 3000 );
	assert.equal( folder.store.vitals( 0 ).disk_full, true );
	folder.store.setJudgeEpoch( 9 );
	folder.kill();
	folder.setPages( 100_000 );
	folder.kill();
	assert.equal( folder.store.vitals( 0 ).disk_full, false );
	const { seqs, incidents } = folder.takeAll();
	assert.deepEqual( { seqs, incidents }, { seqs: [], incidents: 0 }, 'WordPress would refuse every batch that has them' );
} );

test( 'decisions that were moved with the clock come back where they were moved to', ( context ) => {
	const folder = new Folder( context );
	folder.setPages( 100 );
	folder.commit( 3000 );
	assert.equal( folder.store.vitals( 0 ).disk_full, true );
	folder.store.shift( -500, slotFor( folder.slots ), ( progress ) => progress );
	folder.kill();
	folder.setPages( 100_000 );
	folder.kill();
	const moved_by: number[] = [];
	folder.store.take( 100_000_000, ( { state_changes } ) => {
		moved_by.push( ...state_changes.map( ( { seq, changed_at_ms } ) => changed_at_ms - slotFor( seq ) ) );
	} );
	assert.deepEqual(
		moved_by,
		Array.from( { length: 30 }, () => -500 )
	);
} );
