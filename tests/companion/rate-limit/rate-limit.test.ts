import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fastify from 'fastify';
import { clientOf, rateLimitMiddleware, relaxedRateLimit, type RateLimitOptions } from '../../../companion/src/rate-limit/rate-limit.ts';
import { stepWindow, type Window } from '../../../companion/src/rate-limit/sliding-window.ts';

/** The file is ours; the limiter of the plugin runs it too. */
const scenarios = JSON.parse( readFileSync( new URL( '../../fixtures/rate-limit.json', import.meta.url ), 'utf8' ) ) as {
	name: string;
	limit: number;
	window_ms: number;
	/** Instant, and the wait that is answered, both in ms, and the cost when it is not 1; a wait of 0 lets it through. */
	steps: [ number, number, number? ][];
}[];

for ( const { name, limit, window_ms, steps } of scenarios ) {
	test( name, () => {
		let window: Window | null = null;
		for ( const [ index, [ at_ms, retry_after_ms, cost ] ] of steps.entries() ) {
			const stepped = stepWindow( window, limit, window_ms, at_ms, cost );
			assert.equal( stepped.retry_after_ms, retry_after_ms, `request ${ index } at ${ at_ms }` );
			window = stepped.window;
		}
	} );
}

test( 'a client that waits as long as it is told is let through', () => {
	let window: Window | null = null;
	let now_ms = 12_345;
	for ( let index = 0; index < 500; index++ ) {
		const stepped = stepWindow( window, 7, 1000, now_ms );
		if ( stepped.retry_after_ms > 0 ) {
			now_ms += stepped.retry_after_ms;
			assert.equal( stepWindow( stepped.window, 7, 1000, now_ms ).retry_after_ms, 0 );
		}
		window = stepped.window;
	}
} );

async function newServer( limit: number, now: () => number, options: { cost?: RateLimitOptions[ 'cost' ]; trusted?: string[] } = {} ) {
	const server = fastify( { trustProxy: options.trusted ?? false } );
	server.get( '/', { onRequest: rateLimitMiddleware( limit, 60_000, { now, cost: options.cost } ) }, async () => 'ok' );
	return ( remoteAddress = '192.0.2.1', headers: Record< string, string > = {}, url = '/' ) =>
		server.inject( { url, remoteAddress, headers } );
}

test( 'every answer says how many requests are left, and one too many is 429 with Retry-After', async () => {
	const get = await newServer( 2, () => 60_000 );
	const [ first, second, third ] = [ await get(), await get(), await get() ];
	assert.deepEqual( [ first.statusCode, second.statusCode, third.statusCode ], [ 200, 200, 429 ] );
	assert.equal( first.headers[ 'ratelimit-policy' ], '"default";q=2;w=60' );
	assert.equal( first.headers.ratelimit, '"default";r=1;t=60' );
	assert.equal( second.headers.ratelimit, '"default";r=0;t=60' );
	assert.equal( first.headers[ 'retry-after' ], undefined );
	assert.equal( third.headers[ 'retry-after' ], '90' );
	assert.equal( third.json().code, 'rate_limited' );
} );

test( 'clients have a limit each; a forwarded address is not believed', async () => {
	const get = await newServer( 1, () => 60_000 );
	assert.equal( ( await get( '192.0.2.1' ) ).statusCode, 200 );
	assert.equal( ( await get( '192.0.2.2' ) ).statusCode, 200 );
	assert.equal( ( await get( '192.0.2.1' ) ).statusCode, 429 );
} );

test( 'a forged X-Forwarded-For is worth nothing; that of a trusted proxy names the client', async () => {
	const forged = await newServer( 1, () => 60_000 );
	assert.equal( ( await forged( '192.0.2.1', { 'x-forwarded-for': '198.51.100.1' } ) ).statusCode, 200 );
	assert.equal( ( await forged( '192.0.2.1', { 'x-forwarded-for': '198.51.100.2' } ) ).statusCode, 429 );
	const behind = await newServer( 1, () => 60_000, { trusted: [ '192.0.2.0/24' ] } );
	assert.equal( ( await behind( '192.0.2.1', { 'x-forwarded-for': '203.0.113.9, 198.51.100.1' } ) ).statusCode, 200 );
	assert.equal( ( await behind( '192.0.2.1', { 'x-forwarded-for': '203.0.113.9, 198.51.100.2' } ) ).statusCode, 200 );
	assert.equal( ( await behind( '192.0.2.2', { 'x-forwarded-for': '203.0.113.7, 198.51.100.1' } ) ).statusCode, 429 );
} );

test( 'a route may count more than one for a request, and decide it by the request', async () => {
	const fixed = await newServer( 10, () => 60_000, { cost: 5 } );
	assert.deepEqual( [ ( await fixed() ).statusCode, ( await fixed() ).statusCode, ( await fixed() ).statusCode ], [ 200, 200, 429 ] );
	const by_size = await newServer( 10, () => 60_000, { cost: ( request ) => ( request.url.includes( 'large' ) ? 8 : 1 ) } );
	assert.equal( ( await by_size( undefined, undefined, '/?large' ) ).headers.ratelimit, '"default";r=2;t=60' );
	assert.equal( ( await by_size( undefined, undefined, '/?large' ) ).statusCode, 429 );
	assert.equal( ( await by_size() ).statusCode, 200 );
} );

test( 'the relaxed limit is 200 a minute', async () => {
	const server = fastify();
	server.get( '/', { onRequest: relaxedRateLimit }, async () => 'ok' );
	const answer = await server.inject( { url: '/', remoteAddress: '192.0.2.9' } );
	assert.equal( answer.headers[ 'ratelimit-policy' ], '"default";q=200;w=60' );
} );

test( 'an IPv6 client is its /64, a mapped IPv4 one its IPv4 address', () => {
	const cases = {
		'192.0.2.1': '192.0.2.1',
		'::ffff:192.0.2.1': '192.0.2.1',
		'2001:db8:1:2:3:4:5:6': '2001:db8:1:2',
		'2001:0db8:0001:0002::9': '2001:db8:1:2',
		'2001:db8::1': '2001:db8:0:0',
		'::1': '0:0:0:0',
		'fe80::1%eth0': 'fe80:0:0:0',
	};
	for ( const [ address, client ] of Object.entries( cases ) ) {
		assert.equal( clientOf( address ), client );
	}
} );

test( 'it forgets the oldest clients before memory grows without end', async () => {
	const get = await newServer( 1, () => 60_000 );
	await get( '192.0.2.1' );
	for ( let index = 0; index < 10_001; index++ ) {
		await get( `10.${ index >> 16 }.${ ( index >> 8 ) & 255 }.${ index & 255 }` );
	}
	assert.equal( ( await get( '192.0.2.1' ) ).statusCode, 200 );
	assert.equal( ( await get( '10.0.39.16' ) ).statusCode, 429 );
} );
