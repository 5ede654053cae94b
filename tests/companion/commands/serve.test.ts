import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { makeDomains } from '../exchange/loop-harness.ts';
import { WordpressPeer } from '../exchange/wordpress-peer.ts';
import { newStateFolder, startCompanion, until } from './companion-process.ts';

async function newPeer( context: TestContext ): Promise< WordpressPeer > {
	const peer = await new WordpressPeer().start();
	context.after( () => peer.stop() );
	peer.addList();
	return peer;
}

test( 'pairs, stages the sample, labels the domains, and stops with 0 on SIGTERM', async ( context ) => {
	const peer = await newPeer( context );
	peer.domains = [
		{ domain_id: 1, host: 'gmail.com' },
		...makeDomains( 50 ).map( ( row ) => ( { ...row, domain_id: row.domain_id + 1 } ) ),
	];
	const folder = newStateFolder( context );
	const started = startCompanion( context, [ 'pair', peer.url, peer.code, '--state', folder, '--port', '0' ] );
	await until( () => peer.labels.size === 51, started.output );
	assert.equal( peer.labels.get( 1 )?.verdict.label, 'core_mail' );
	assert.equal( peer.pages[ 0 ]?.source, 'sample' );
	const last = peer.calls.findLast( ( call ) => call.exchange !== null )?.exchange;
	assert.match( last?.companion_url ?? '', /^http:\/\/127\.0\.0\.1:\d+$/, 'a site on this machine may call back by loopback' );
	assert.match( started.output(), /^Paired with Café Ada at http/m );
	const since_ms = Date.now();
	started.child.kill( 'SIGTERM' );
	assert.deepEqual( await started.ended, { code: 0, signal: null } );
	assert.ok( Date.now() - since_ms < 10_000 );
	const again = startCompanion( context, [ 'serve', '--state', folder, '--port', '0' ] );
	const before = peer.calls.length;
	await until( () => peer.calls.length > before, again.output );
	again.child.kill( 'SIGINT' );
	assert.equal( ( await again.ended ).code, 0 );
} );

test( 'SIGTERM in the middle of a call that is not answered ends it with 0', async ( context ) => {
	const peer = await newPeer( context );
	const folder = newStateFolder( context );
	peer.fault = ( call ) => ( call.exchange === null ? null : { kind: 'slow', bytes_a_second: 2 } );
	const started = startCompanion( context, [ 'pair', peer.url, peer.code, '--state', folder, '--port', '0' ] );
	await until( () => peer.calls.length >= 2, started.output );
	started.child.kill( 'SIGTERM' );
	assert.equal( ( await started.ended ).code, 0 );
} );

test( 'killed at any point and started again, it loses and doubles nothing', async ( context ) => {
	const peer = await newPeer( context );
	const folder = newStateFolder( context );
	const pairing = startCompanion( context, [ 'pair', peer.url, peer.code, '--once', '--state', folder ] );
	assert.equal( ( await pairing.ended ).code, 0, pairing.output() );
	peer.domains = makeDomains( 3000 );
	peer.page_size = 100;
	let kills = 0;
	let current = startCompanion( context, [ 'serve', '--state', folder, '--port', '0' ] );
	// Each kill falls elsewhere: before WordPress worked the call off, after it, and between two calls.
	peer.fault = ( call ) => {
		const has_rows = ( call.exchange?.batch?.labels.length ?? 0 ) > 0;
		if ( ! has_rows || kills >= 6 || peer.labels.size < kills * 300 ) {
			return null;
		}
		kills++;
		const delays = [ 0, 0, 1, 2, 5, 10 ];
		const victim = current;
		if ( kills % 2 === 1 ) {
			victim.child.kill( 'SIGKILL' );
			return { kind: 'drop' };
		}
		setTimeout( () => victim.child.kill( 'SIGKILL' ), delays[ kills - 1 ] );
		return null;
	};
	for (;;) {
		const victim = current;
		await until( () => peer.labels.size === 3000 || victim.child.exitCode !== null || victim.child.signalCode !== null, victim.output );
		if ( victim.child.signalCode === null && peer.labels.size === 3000 ) {
			break;
		}
		assert.equal( ( await victim.ended ).signal, 'SIGKILL', victim.output() );
		current = startCompanion( context, [ 'serve', '--state', folder, '--port', '0' ] );
	}
	assert.equal( kills, 6 );
	assert.equal( peer.labels.size, 3000 );
	assert.deepEqual( new Set( peer.label_writes.values() ), new Set( [ 1 ] ), 'each verdict was stored exactly once' );
	assert.ok( peer.duplicate_batches >= 1, 'a batch whose answer was lost came again under its id' );
	assert.doesNotMatch( current.output(), /store_damaged/ );
} );

test( 'a second companion with the same state folder is refused', async ( context ) => {
	const peer = await newPeer( context );
	const folder = newStateFolder( context );
	const first = startCompanion( context, [ 'pair', peer.url, peer.code, '--state', folder, '--port', '0' ] );
	await until( () => first.output().includes( ' serving ' ), first.output );
	const second = startCompanion( context, [ 'serve', '--state', folder, '--port', '0' ] );
	assert.equal( ( await second.ended ).code, 1 );
	assert.match( second.output(), /^rollcall-companion serve: Another companion is running.* --state\.\n$/ );
} );

test( 'options come from the environment too, and a proxy that goes around the guard is refused', async ( context ) => {
	const folder = newStateFolder( context );
	mkdirSync( join( folder, 'state' ), { mode: 0o700 } );
	const serve = startCompanion( context, [ 'serve' ], { ROLLCALL_STATE: join( folder, 'state' ) } );
	assert.equal( ( await serve.ended ).code, 1 );
	assert.match( serve.output(), /not paired/ );
	const proxied = startCompanion( context, [ 'serve' ], { NODE_USE_ENV_PROXY: '1' } );
	assert.equal( ( await proxied.ended ).code, 2 );
	assert.match( proxied.output(), /NODE_USE_ENV_PROXY/ );
} );
