import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDatabase } from '../../../companion/src/store/database.ts';
import { monitorStore } from '../../../companion/src/store/monitor-store.ts';
import type { MonitoringRows } from '../../../companion/src/store/pending-batch.ts';
import { makeChange, makeOutcome, slotFor, uidFor } from '../exchange/monitor-peer.ts';

test( 'F16: on a full disk the newest ten thousand checks are kept in memory, the rest is counted, and decisions stay', ( context ) => {
	const folder = mkdtempSync( join( tmpdir(), 'rollcall-full-' ) );
	const database = openDatabase( folder, 0 );
	context.after( () => {
		database.close();
		rmSync( folder, { recursive: true } );
	} );
	let now_ms = 0;
	const store = monitorStore( { database, site_id: 'a'.repeat( 32 ), now: () => now_ms } );
	database.all( 'PRAGMA max_page_count = 100' );
	let slots = 0;
	const commit = ( count: number ): void => {
		for ( let index = 0; index < count; index++ ) {
			now_ms += 200;
			slots++;
			const change = makeChange( { seq: slots } );
			store.commit(
				[ 1, 2, 3, 4, 5 ].map( ( monitor ) =>
					makeOutcome( monitor, slots, monitor === 1 && slots % 100 === 0 ? { changes: [ change ] } : {} )
				)
			);
		}
	};
	commit( 5000 );
	const full = store.vitals( 0 );
	assert.equal( full.disk_full, true );
	assert.ok( full.dropped_count > 10_000, String( full.dropped_count ) );
	assert.equal( store.progressOf( uidFor( 2 ) ), JSON.stringify( { slot: slots } ) );
	assert.equal( store.lastLineMs(), slotFor( slots ) );
	database.all( 'PRAGMA max_page_count = 100000' );
	now_ms += 10_000;
	commit( 30 );
	const after = store.vitals( 0 );
	assert.equal( after.disk_full, false );
	const taken: MonitoringRows[] = [];
	for ( let before = -1; taken.length > before; ) {
		before = taken.length;
		store.take( 800_000, ( rows ) => void taken.push( rows ) );
	}
	const rows = taken.flatMap( ( { checks } ) => checks.flatMap( ( group ) => group.rows.map( ( row ) => group.monitor_uid + row ) ) );
	assert.equal( new Set( rows ).size, rows.length );
	assert.equal( rows.length + after.dropped_count, slots * 5, 'exactly' );
	assert.equal( taken.flatMap( ( batch ) => batch.state_changes ).length, 50 );
	assert.ok(
		rows.some( ( row ) => row.includes( String( slotFor( slots ) ) ) ),
		'the newest is here'
	);
	assert.equal( store.progressOf( uidFor( 2 ) ), JSON.stringify( { slot: slots } ) );
} );
