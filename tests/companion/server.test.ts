import assert from 'node:assert/strict';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { Check } from 'typebox/value';
import { errorPayload, health, matchPayload } from '../../companion/src/contract/pairing.ts';
import { listen } from '../../companion/src/commands/companion.ts';
import { RollcallError } from '../../companion/src/errors.ts';
import { openKeyring, type Keyring } from '../../companion/src/exchange/keyring.ts';
import { makeServer, type ServerOptions } from '../../companion/src/server.ts';
import { openDatabase } from '../../companion/src/store/database.ts';
import { nonceStore } from '../../companion/src/store/nonce-store.ts';
import { makeCompany, verdictOf } from './exchange/loop-harness.ts';

const KID = `${ 'a'.repeat( 16 ) }-1`;
const SITE = 'b'.repeat( 32 );
const KEY = 'c'.repeat( 64 );
const NOW_MS = 1_795_000_000_000;

type Made = { server: FastifyInstance; keyring: Keyring; events: string[]; time: { now_ms: number; offset_ms: number } };

function makeOne( context: TestContext, over: Partial< ServerOptions > = {} ): Made {
	const folder = mkdtempSync( join( tmpdir(), 'rollcall-server-' ) );
	const database = openDatabase( folder, 0 );
	const keyring = openKeyring( folder );
	keyring.save( {
		site_url: 'https://site.example',
		site_id: SITE,
		site_name: 'Site',
		companion_id: 'a'.repeat( 16 ),
		kid: KID,
		keys: { c2w: 'd'.repeat( 64 ), w2c: KEY },
		rotation: null,
		previous: null,
		transport: 'rest',
		basic_auth: null,
		paired_at_ms: 0,
	} );
	const nonces = nonceStore( database );
	nonces.init();
	const events: string[] = [];
	const time = { now_ms: NOW_MS, offset_ms: 0 };
	const server = makeServer( {
		keyring,
		nonces,
		log: () => {},
		now: () => time.now_ms,
		offsetOf: () => time.offset_ms,
		companion_version: '0.1.0',
		trusted_proxies: [],
		metrics_open: false,
		sites: () => [],
		companies: async () => ( { sha256: 'e'.repeat( 64 ), companies: [ makeCompany( '1' ) ], updated_at_ms: NOW_MS } ),
		match: async ( hosts ) => hosts.map( verdictOf ),
		wake: ( site_id ) => events.push( `wake ${ site_id }` ),
		goodbye: ( site_id ) => events.push( `goodbye ${ site_id }` ),
		...over,
	} );
	context.after( async () => {
		await server.close();
		database.close();
		rmSync( folder, { recursive: true } );
	} );
	return { server, keyring, events, time };
}

type Call = { method: 'POST'; url: string; payload: string; headers: { [ name: string ]: string } };

/** A call as WordPress signs it, written from the protocol alone. */
function signedCall( route: string, body: string, over: { timestamp?: number; kid?: string; key?: string; nonce?: string } = {} ): Call {
	const { timestamp = NOW_MS / 1000, kid = KID, key = KEY, nonce = randomBytes( 16 ).toString( 'hex' ) } = over;
	const hash = createHash( 'sha256' ).update( body ).digest( 'hex' );
	const lines = [ 'rollcall-v1', 'w2c', 'POST', SITE, route, '', 'application/json', hash, String( timestamp ), nonce, kid ];
	return {
		method: 'POST',
		url: route,
		payload: body,
		headers: {
			'content-type': 'application/json',
			'x-rollcall-signature': `v1=${ createHmac( 'sha256', Buffer.from( key, 'hex' ) ).update( lines.join( '\n' ) ).digest( 'hex' ) }`,
			'x-rollcall-timestamp': String( timestamp ),
			'x-rollcall-nonce': nonce,
			'x-rollcall-key': kid,
		},
	};
}

/** The payload of an answer, after its signature was checked. */
function payloadOf( call: Call, answer: { statusCode: number; body: string } ): unknown {
	const { payload, sig } = JSON.parse( answer.body );
	const lines = [
		'rollcall-v1',
		'ack',
		String( answer.statusCode ),
		call.headers[ 'x-rollcall-nonce' ],
		call.headers[ 'x-rollcall-key' ],
		payload,
	];
	assert.equal( sig, `v1=${ createHmac( 'sha256', Buffer.from( KEY, 'hex' ) ).update( lines.join( '\n' ) ).digest( 'hex' ) }` );
	return JSON.parse( payload );
}

test( 'GET /health answers anyone, as the contract has it', async ( context ) => {
	const { server, time } = makeOne( context );
	time.now_ms += 61_500;
	const answer = await server.inject( '/health' );
	assert.equal( answer.statusCode, 200 );
	assert.ok( Check( health, answer.json() ) );
	assert.equal( answer.json().uptime_seconds, 61 );
	assert.deepEqual( answer.json().reasons, [] );
	assert.equal( answer.headers[ 'cache-control' ], 'no-store' );
} );

test( 'GET /companies.json serves the rows with their age, and 304 to who has them', async ( context ) => {
	const { server } = makeOne( context );
	const answer = await server.inject( '/companies.json' );
	assert.deepEqual( answer.json(), [ makeCompany( '1' ) ] );
	assert.match( String( answer.headers[ 'content-type' ] ), /^application\/json/ );
	assert.equal( answer.headers[ 'cache-control' ], 'max-age=3600' );
	assert.equal( answer.headers[ 'x-rollcall-source-updated' ], new Date( NOW_MS ).toISOString() );
	const etag = String( answer.headers.etag );
	assert.equal( etag, `"${ 'e'.repeat( 64 ) }"` );
	for ( const known of [ etag, `W/${ etag }`, `"x", ${ etag }`, '*' ] ) {
		const again = await server.inject( { url: '/companies.json', headers: { 'if-none-match': known } } );
		assert.equal( again.statusCode, 304 );
		assert.equal( again.body, '' );
		assert.equal( again.headers.etag, etag );
	}
	assert.equal( ( await server.inject( { url: '/companies.json', headers: { 'if-none-match': '"x"' } } ) ).statusCode, 200 );
} );

test( 'GET /companies.json says so while there is no list', async ( context ) => {
	const { server } = makeOne( context, { companies: async () => null } );
	const answer = await server.inject( '/companies.json' );
	assert.equal( answer.statusCode, 503 );
	assert.equal( answer.json().code, 'list_not_ready' );
} );

test( 'every route is rate-limited, also one that does not exist', async ( context ) => {
	const { server } = makeOne( context );
	const requests = [ '/health', '/metrics', '/companies.json', '/nothing' ].map( ( url ) => ( { method: 'GET' as const, url } ) );
	const posts = [ '/v1/wake', '/v1/match', '/v1/goodbye' ].map( ( url ) => ( { method: 'POST' as const, url } ) );
	for ( const request of [ ...requests, ...posts ] ) {
		const answer = await server.inject( { ...request, remoteAddress: '192.0.2.77' } );
		assert.equal( answer.headers[ 'ratelimit-policy' ], '"default";q=200;w=60', request.url );
	}
} );

test( 'the limit is held for the client that a trusted proxy names', async ( context ) => {
	const get = async ( trusted_proxies: string[] ): Promise< string[] > => {
		const { server } = makeOne( context, { trusted_proxies } );
		const left: string[] = [];
		for ( const client of [ '198.51.100.71', '198.51.100.72' ] ) {
			const headers = { 'x-forwarded-for': `203.0.113.1, ${ client }` };
			const answer = await server.inject( { url: '/health', remoteAddress: '192.0.2.78', headers } );
			left.push( String( answer.headers.ratelimit ).split( ';' )[ 1 ] ?? '' );
		}
		return left;
	};
	assert.deepEqual( await get( [ '192.0.2.0/24' ] ), [ 'r=199', 'r=199' ] );
	assert.deepEqual( await get( [] ), [ 'r=199', 'r=198' ] );
} );

test( 'the 201st call of a minute is refused, signed or not', async ( context ) => {
	const { server } = makeOne( context );
	const statuses = [];
	for ( let index = 0; index < 201; index++ ) {
		statuses.push( ( await server.inject( { ...signedCall( '/v1/wake', '{"wake":{}}' ), remoteAddress: '192.0.2.88' } ) ).statusCode );
	}
	assert.deepEqual( new Set( statuses.slice( 0, 200 ) ), new Set( [ 202 ] ) );
	assert.equal( statuses[ 200 ], 429 );
} );

test( 'POST /v1/wake of the paired WordPress wakes its exchange', async ( context ) => {
	const { server, events } = makeOne( context );
	const call = signedCall( '/v1/wake', '{"wake":{}}' );
	const answer = await server.inject( call );
	assert.equal( answer.statusCode, 202 );
	assert.deepEqual( payloadOf( call, answer ), {} );
	assert.equal( answer.headers[ 'cache-control' ], 'no-store' );
	assert.deepEqual( events, [ `wake ${ SITE }` ] );
} );

test( 'POST /v1/goodbye silences it', async ( context ) => {
	const { server, events } = makeOne( context );
	assert.equal( ( await server.inject( signedCall( '/v1/goodbye', '{"goodbye":{}}' ) ) ).statusCode, 200 );
	assert.deepEqual( events, [ `goodbye ${ SITE }` ] );
} );

test( 'POST /v1/match answers verdicts in the order asked', async ( context ) => {
	const { server } = makeOne( context );
	const call = signedCall(
		'/v1/match',
		JSON.stringify( { match: { hosts: [ 'b.example', 'a.example', 'ä.example' ], own_hosts: [], active_sha256s: [] } } )
	);
	const answer = await server.inject( call );
	const payload = payloadOf( call, answer );
	assert.ok( Check( matchPayload, payload ) );
	assert.deepEqual(
		payload.verdicts.map( ( verdict ) => verdict.ascii_host ),
		[ 'b.example', 'a.example', 'ä.example' ]
	);
} );

test( 'POST /v1/match without the version in use is a signed refusal', async ( context ) => {
	const { server } = makeOne( context, { match: async () => null } );
	const call = signedCall(
		'/v1/match',
		JSON.stringify( { match: { hosts: [ 'a.example' ], own_hosts: [], active_sha256s: [ 'f'.repeat( 64 ) ] } } )
	);
	const answer = await server.inject( call );
	assert.equal( answer.statusCode, 503 );
	const payload = payloadOf( call, answer );
	assert.ok( Check( errorPayload, payload ) && payload.error_code === 'list_not_ready' );
} );

const changed: { [ name: string ]: ( call: Call ) => Call } = {
	'another body': ( call ) => ( { ...call, payload: '{"wake": {}}' } ),
	'another route': ( call ) => ( { ...call, url: '/v1/goodbye' } ),
	'a query': ( call ) => ( { ...call, url: '/v1/wake?a=1' } ),
	'another content type': ( call ) => ( { ...call, headers: { ...call.headers, 'content-type': 'text/plain' } } ),
	'another time': ( call ) => ( { ...call, headers: { ...call.headers, 'x-rollcall-timestamp': String( NOW_MS / 1000 + 1 ) } } ),
	'another nonce': ( call ) => ( { ...call, headers: { ...call.headers, 'x-rollcall-nonce': '0'.repeat( 32 ) } } ),
	'another key number': ( call ) => ( { ...call, headers: { ...call.headers, 'x-rollcall-key': KID.replace( /1$/, '2' ) } } ),
	'no signature': ( { headers: { 'x-rollcall-signature': _signature, ...headers }, ...call } ) => ( { ...call, headers } ),
	'no headers': ( call ) => ( { ...call, headers: { 'content-type': 'application/json' } } ),
	'a compressed body': ( call ) => ( { ...call, headers: { ...call.headers, 'content-encoding': 'gzip' } } ),
	'an unknown companion': () => signedCall( '/v1/wake', '{"wake":{}}', { kid: `${ '9'.repeat( 16 ) }-1` } ),
	'the key of the other direction': () => signedCall( '/v1/wake', '{"wake":{}}', { key: 'd'.repeat( 64 ) } ),
	'a key of zeros for an unknown companion': () =>
		signedCall( '/v1/wake', '{"wake":{}}', { kid: `${ '9'.repeat( 16 ) }-1`, key: '0'.repeat( 64 ) } ),
};
for ( const [ name, change ] of Object.entries( changed ) ) {
	test( `a signed call with ${ name } gets the one 401 and does nothing`, async ( context ) => {
		const { server, events } = makeOne( context );
		const plain = await server.inject( { method: 'POST', url: '/v1/wake' } );
		const answer = await server.inject( change( signedCall( '/v1/wake', '{"wake":{}}' ) ) );
		assert.equal( answer.statusCode, 401 );
		assert.equal( answer.body, plain.body );
		assert.deepEqual( events, [] );
	} );
}

test( 'a call that is sent again gets the same 401', async ( context ) => {
	const { server, events } = makeOne( context );
	const call = signedCall( '/v1/wake', '{"wake":{}}' );
	assert.equal( ( await server.inject( call ) ).statusCode, 202 );
	const again = await server.inject( call );
	assert.equal( again.statusCode, 401 );
	assert.equal( again.body, ( await server.inject( { method: 'POST', url: '/v1/wake' } ) ).body );
	assert.equal( events.length, 1 );
} );

test( 'a replay is refused for as long as its time would be accepted', async ( context ) => {
	const { server, events, time } = makeOne( context );
	const call = signedCall( '/v1/wake', '{"wake":{}}', { timestamp: NOW_MS / 1000 + 300 } );
	await server.inject( call );
	for ( const later_ms of [ 1000, 300_000, 599_000, 600_000 ] ) {
		time.now_ms = NOW_MS + later_ms;
		assert.equal( ( await server.inject( call ) ).statusCode, 401 );
	}
	assert.equal( events.length, 1 );
} );

test( "a call may be five minutes off WordPress's clock, as it was measured, and no more", async ( context ) => {
	const { server, events, time } = makeOne( context );
	const at = ( seconds: number ) => server.inject( signedCall( '/v1/wake', '{"wake":{}}', { timestamp: NOW_MS / 1000 + seconds } ) );
	assert.deepEqual( [ ( await at( 300 ) ).statusCode, ( await at( -300 ) ).statusCode ], [ 202, 202 ] );
	assert.deepEqual( [ ( await at( 301 ) ).statusCode, ( await at( -301 ) ).statusCode ], [ 401, 401 ] );
	time.offset_ms = 3_600_000;
	assert.deepEqual( [ ( await at( 3600 ) ).statusCode, ( await at( 0 ) ).statusCode ], [ 202, 401 ] );
	const call = signedCall( '/v1/wake', '{"wake":{}}', { timestamp: NOW_MS / 1000 } );
	assert.deepEqual( payloadOf( call, await server.inject( call ) ), { error_code: 'clock_skew', now_ms: NOW_MS } );
	assert.equal( events.length, 3 );
} );

test( 'a call under the keys of a rotation that is not confirmed yet is accepted', async ( context ) => {
	const { server, keyring, events } = makeOne( context );
	const site = keyring.bySiteId( SITE );
	assert.ok( site !== null );
	const kid = KID.replace( /1$/, '2' );
	keyring.save( { ...site, rotation: { kid, wordpress_nonce: '1'.repeat( 32 ), companion_nonce: '2'.repeat( 32 ) } } );
	const key = keyring.byKid( kid )?.keys.w2c;
	assert.equal( ( await server.inject( signedCall( '/v1/wake', '{"wake":{}}', { kid, key } ) ) ).statusCode, 202 );
	assert.equal( ( await server.inject( signedCall( '/v1/wake', '{"wake":{}}' ) ) ).statusCode, 202 );
	assert.equal( events.length, 2 );
} );

const bad_bodies = [ '', 'null', '{}', '{"wake":{},"more":1}', '{"wake":{"more":1}}', '{"wake":[]}', '{"wake":{}', '{"goodbye":{}}' ];
for ( const body of bad_bodies ) {
	test( `a signed body that is not of the contract is refused: ${ body || 'nothing' }`, async ( context ) => {
		const { server, events } = makeOne( context );
		const call = signedCall( '/v1/wake', body );
		const answer = await server.inject( call );
		assert.equal( answer.statusCode, 400 );
		assert.ok( Check( errorPayload, payloadOf( call, answer ) ) );
		assert.deepEqual( events, [] );
	} );
}

test( 'a body above 1 MiB is refused before it is read', async ( context ) => {
	const { server } = makeOne( context );
	const answer = await server.inject( signedCall( '/v1/match', JSON.stringify( { match: 'x'.repeat( 1_048_576 ) } ) ) );
	assert.equal( answer.statusCode, 413 );
	assert.equal( answer.json().code, 'too_large' );
} );

test( 'a fault inside tells nothing but that', async ( context ) => {
	const { server } = makeOne( context, { companies: () => Promise.reject( new Error( 'secret path /srv/x' ) ) } );
	const answer = await server.inject( '/companies.json' );
	assert.equal( answer.statusCode, 500 );
	assert.equal( answer.json().code, 'internal' );
	assert.doesNotMatch( answer.body, /secret/ );
} );

test( 'it answers over a real socket, and says when the port is taken', async ( context ) => {
	const { server } = makeOne( context );
	const origin = await listen( server, { host: '127.0.0.1', port: 0 } );
	const answer = await fetch( `${ origin }/health` );
	assert.ok( Check( health, await answer.json() ) );
	const other = makeOne( context ).server;
	await assert.rejects(
		listen( other, { host: '127.0.0.1', port: Number( new URL( origin ).port ) } ),
		( thrown ) => thrown instanceof RollcallError && thrown.code === 'port_in_use'
	);
} );
