import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newHarness } from './loop-harness.ts';
import { makeChange, makeOutcome, uidFor } from './monitor-peer.ts';

const MONITORS = 50;
/** Pages that the file may have, where the disk itself cannot be made small; 0 is no limit. */
const pages = Number( process.env.ROLLCALL_TEST_PAGES ?? 0 );

test( 'checks go on, and all but what is counted arrives', async ( context ) => {
	const harness = await newHarness( context );
	const { batches, database, monitors, peer } = harness;
	monitors.setJudgeEpoch( 1 );
	if ( pages > 0 ) {
		database.all( `PRAGMA max_page_count = ${ pages }` );
	}
	let slots = 0;
	let changes = 0;
	const commit = ( count: number ): void => {
		for ( const end = slots + count; slots < end; ) {
			slots++;
			harness.clock.ahead_ms += 200;
			const decides = slots % 50 === 0;
			changes += decides ? 1 : 0;
			const change = makeChange( { monitor_uid: uidFor( 0 ), seq: slots } );
			const others = Array.from( { length: MONITORS - 1 }, ( _, index ) => makeOutcome( index + 1, slots ) );
			monitors.commit( [ makeOutcome( 0, slots, decides ? { changes: [ change ] } : {} ), ...others ] );
		}
	};
	const vitals = () => monitors.vitals( batches.monitoringCount() );
	peer.fault = () => ( { kind: 'answer', status: 503, headers: { 'retry-after': '30' } } );
	for ( let round = 0; round < 12; round++ ) {
		commit( 50 );
		await harness.runUntil( () => true );
	}
	assert.equal( vitals().disk_full, true );
	assert.ok( vitals().dropped_count > 0 );
	peer.fault = () => null;
	const timer = setInterval( () => commit( 1 ), 50 );
	await harness.runUntil( () => vitals().unsent_count < 2 * MONITORS && changes === peer.monitoring.changes.size );
	clearInterval( timer );
	commit( 30 );
	await harness.runUntil( () => vitals().unsent_count === 0 && batches.count() === 0 );
	const { disk_full, dropped_count } = vitals();
	assert.equal( disk_full, false );
	assert.equal( peer.monitoring.checkTimes.size + dropped_count, slots * MONITORS, 'exactly' );
	assert.equal( Math.max( ...peer.monitoring.checkTimes.values(), ...peer.monitoring.changes.values() ), 1 );
	assert.equal( peer.monitoring.changes.size, changes );
	assert.equal( harness.state.counters().dead_letters, undefined );
} );
