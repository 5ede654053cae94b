import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allLabelled, assertEachLabelledOnce, hasLabels, makeDomains, newHarness, withActiveList } from './loop-harness.ts';

test( 'after goodbye it asks again in fifteen minutes', async ( context ) => {
	const harness = await newHarness( context );
	const { ExchangeLoop } = await import( '../../../companion/src/exchange/exchange.ts' );
	const stop = new AbortController();
	const waits: number[] = [];
	const loop = new ExchangeLoop( {
		...harness,
		site_id: harness.peer.site_id,
		network: async () => {
			throw new Error( 'not reached' );
		},
		clock: {
			now: () => 0,
			async sleep( ms ) {
				waits.push( ms );
				stop.abort();
			},
		},
		log: () => {},
		random: () => 0.5,
		companion_version: '0.1.0',
		companion_url: null,
		signal: stop.signal,
	} );
	loop.silence();
	await loop.run();
	assert.deepEqual( waits.slice( -1 ), [ 900_000 ] );
} );

for ( const hours of [ 1, -1, 23 ] ) {
	test( `a companion whose clock is ${ hours } h off signs with WordPress's time`, async ( context ) => {
		const harness = await newHarness( context );
		withActiveList( harness );
		harness.peer.clock_ahead_ms = -hours * 3_600_000;
		harness.peer.domains = makeDomains( 10 );
		await harness.runUntil( allLabelled( harness ) );
		assertEachLabelledOnce( harness, 10 );
		const { offset_ms } = harness.state.clock();
		assert.ok( Math.abs( offset_ms + hours * 3_600_000 ) < 5000, String( offset_ms ) );
		assert.deepEqual( harness.log.find( ( line ) => line.event === 'clock_skew' )?.fields, { seconds: -hours * 3600 } );
	} );
}

test( 'the offset is measured again after an hour, and left out when the clock was set right', async ( context ) => {
	const harness = await newHarness( context );
	const { peer, clock, state } = harness;
	withActiveList( harness );
	const skews = () => harness.log.filter( ( line ) => line.event === 'clock_skew' ).length;
	peer.clock_ahead_ms = 3_600_000;
	await harness.runUntil( () => peer.calls.length >= 4 );
	assert.equal( skews(), 1 );
	clock.ahead_ms += 3_700_000;
	await harness.runUntil( () => skews() === 2 );
	assert.ok( state.clock().offset_ms > 3_590_000 );
	clock.ahead_ms += 3_700_000;
	peer.clock_ahead_ms = 0;
	const before = peer.calls.length;
	await harness.runUntil( () => peer.calls.length >= before + 2 );
	assert.equal( skews(), 2, 'signed with its own time, which is right now' );
} );

test( 'more than a day off it stops sending, keeps everything and says so', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.clock_ahead_ms = 25 * 3_600_000;
	await harness.runUntil( () => harness.waits.length >= 1, { random: () => 0 } );
	assert.equal( harness.waits[ 0 ], 900_000 );
	assert.equal( harness.state.clock().offset_ms, 0 );
	assert.equal( harness.log.find( ( line ) => line.event === 'exchange_waits' )?.fields.error_code, 'clock_skew' );
} );

test( 'a time that nobody signed moves nothing', async ( context ) => {
	const harness = await newHarness( context );
	const payload = JSON.stringify( { error_code: 'clock_skew', now_ms: Date.now() + 7_200_000 } );
	harness.peer.fault = () => ( {
		kind: 'answer',
		status: 401,
		headers: { 'content-type': 'application/json', date: new Date( Date.now() + 7_200_000 ).toUTCString() },
		body: JSON.stringify( { payload, sig: `v1=${ '0'.repeat( 64 ) }` } ),
	} );
	await harness.runUntil( () => harness.waits.length >= 2 );
	assert.deepEqual( harness.state.clock(), { offset_ms: 0, measured_at_ms: null } );
} );

test( 'falls back to another way when the present one is closed, and remembers it', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 3 );
	harness.peer.transports = new Set( [ 'admin_ajax' ] );
	await harness.runUntil( allLabelled( harness ) );
	assert.equal( harness.state.transport(), 'admin_ajax' );
	const before = harness.peer.calls.length;
	await harness.runUntil( () => harness.peer.calls.length >= before + 2 );
	assert.ok( harness.peer.calls.slice( before ).every( ( call ) => call.transport === 'admin_ajax' ) );
} );

test( 'when every way answers 404 it keeps its data and asks every fifteen minutes', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.domains = makeDomains( 3 );
	const open = harness.peer.transports;
	let is_off = false;
	harness.peer.fault = ( call ) => {
		is_off ||= hasLabels( call );
		return is_off ? { kind: 'answer', status: 404, body: 'gone' } : null;
	};
	await harness.runUntil( () => harness.waits.filter( ( wait ) => wait === 900_000 ).length >= 2, { random: () => 0 } );
	assert.equal( harness.batches.head()?.batch.labels.length, 3 );
	assert.equal( harness.log.find( ( line ) => line.event === 'exchange_waits' )?.fields.error_code, 'rest_blocked' );
	assert.equal( harness.log.filter( ( line ) => line.event === 'exchange_waits' && line.level === 'warn' ).length, 1, 'told once' );
	harness.peer.fault = () => null;
	harness.peer.transports = open;
	await harness.runUntil( allLabelled( harness ) );
	assertEachLabelledOnce( harness, 3 );
} );

test( 'a revoked companion keeps its data and asks every fifteen minutes', async ( context ) => {
	const harness = await newHarness( context );
	harness.peer.keys.clear();
	await harness.runUntil( () => harness.waits.length >= 4, { random: () => 0 } );
	assert.deepEqual( harness.waits.slice( 0, 4 ), [ 5000, 10_000, 900_000, 900_000 ] );
	assert.equal( harness.log.find( ( line ) => line.event === 'exchange_waits' )?.fields.error_code, 'unauthorized' );
} );

test( 'a plugin of the previous contract is served', async ( context ) => {
	const harness = await newHarness( context );
	withActiveList( harness );
	harness.peer.contract_version = 0;
	harness.peer.domains = makeDomains( 2 );
	await harness.runUntil( allLabelled( harness ) );
	assertEachLabelledOnce( harness, 2 );
} );

test( 'keys are changed at the request of WordPress, also when the answers get lost', async ( context ) => {
	for ( const lose of [ 'nothing', 'the answer that says so' ] ) {
		const harness = await newHarness( context );
		const { peer, keyring } = harness;
		withActiveList( harness );
		const old = keyring.sites()[ 0 ]?.kid ?? '';
		const kid = old.replace( /-1$/, '-2' );
		const nonce = '5'.repeat( 32 );
		const acks = new Set< string >();
		let is_over = false;
		let waits_before: number | null = null;
		peer.fault = ( call ) => {
			if ( call.exchange === null ) {
				return null;
			}
			if ( call.headers[ 'x-rollcall-key' ] === kid ) {
				waits_before ??= harness.waits.length;
				peer.keys.delete( old );
				return null;
			}
			const { rotation } = call.exchange.acks;
			if ( rotation === null ) {
				peer.commands = [ { kind: 'rotate_keys', kid, nonce, job_uid: null } ];
				return null;
			}
			acks.add( rotation.nonce );
			peer.rotate( old, kid, nonce, rotation.nonce );
			peer.commands = [ { kind: 'keys_rotated', kid, nonce: null, job_uid: null } ];
			if ( lose === 'nothing' ) {
				return null;
			}
			is_over ||= acks.size > 0 && peer.calls.length > 6;
			if ( is_over ) {
				peer.keys.delete( old );
				return null;
			}
			return { kind: 'drop' };
		};
		await harness.runUntil( () => peer.calls.filter( ( call ) => call.headers[ 'x-rollcall-key' ] === kid ).length >= 2 );
		assert.equal( acks.size, 1, 'the same nonce each time' );
		assert.ok( lose !== 'nothing' || waits_before === 0, 'WordPress is not kept waiting' );
		assert.deepEqual( keyring.sites()[ 0 ]?.keys, peer.keys.get( kid ) );
		assert.equal( keyring.sites()[ 0 ]?.previous, null );
		assert.equal( keyring.byKid( old ), null );
	}
} );
