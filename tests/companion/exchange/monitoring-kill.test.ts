import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { newHarness } from './loop-harness.ts';
import { slotFor, uidFor } from './monitor-peer.ts';

const CHILD = fileURLToPath( new URL( 'monitoring-child.ts', import.meta.url ) );
const MONITORS = 4;
const KILLS = 20;

test( 'F1: killed at any point, every slot that was committed is in WordPress once and none is left out', async ( context ) => {
	const harness = await newHarness( context );
	const { peer, database, folder } = harness;
	database.close();
	let calls = 0;
	// Some answers get lost on the way, so that kills also come between the store of WordPress and the answer.
	peer.fault = () => ( calls++ % 5 === 4 ? { kind: 'slow', bytes_a_second: 2000 } : null );
	const start = ( mode: string ) =>
		spawn( process.execPath, [ CHILD, folder, String( MONITORS ), mode ], { stdio: [ 'ignore', 'ignore', 'inherit' ] } );
	for ( let kill = 0; kill < KILLS; kill++ ) {
		const before = calls;
		const child = start( 'run' );
		const ended = once( child, 'exit' );
		while ( calls === before && child.exitCode === null ) {
			await new Promise( ( resolve ) => setTimeout( resolve, 2 ) );
		}
		await new Promise( ( resolve ) => setTimeout( resolve, Math.random() * 120 ) );
		child.kill( 'SIGKILL' );
		assert.deepEqual( await ended, [ null, 'SIGKILL' ] );
	}
	peer.fault = () => null;
	const last = start( 'drain' );
	assert.deepEqual( await once( last, 'exit' ), [ 0, null ] );
	for ( let monitor = 0; monitor < MONITORS; monitor++ ) {
		const slots = [ ...( peer.monitoring.checks.get( uidFor( monitor ) ) ?? [] ) ];
		assert.ok( slots.length > KILLS, String( slots.length ) );
		assert.deepEqual(
			slots.map( ( [ slot_ms ] ) => slot_ms ),
			slots.map( ( _, index ) => slotFor( index + 1 ) )
		);
		assert.deepEqual( new Set( slots.map( ( [ , { times } ] ) => times ) ), new Set( [ 1 ] ) );
	}
	assert.deepEqual( new Set( peer.monitoring.changes.values() ), new Set( [ 1 ] ) );
	assert.ok( peer.duplicate_batches > 0, 'some were sent again' );
} );
