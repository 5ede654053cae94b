import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import fastify, { type FastifyInstance } from 'fastify';
import { Check } from 'typebox/value';
import { health } from '../../companion/src/contract/pairing.ts';
import type { SiteFigures } from '../../companion/src/server-metrics.ts';
import { addMonitoringRoutes } from '../../companion/src/server-monitoring.ts';
import { makeVitals } from '../make-vitals.ts';
import { makeSite } from './make-figures.ts';
import { readMetrics } from './prometheus-text.ts';

const NOW_MS = 1_795_000_000_000;

function makeOne(
	context: TestContext,
	{ sites = [ makeSite() ], open = false }: { sites?: SiteFigures[]; open?: boolean } = {}
): FastifyInstance {
	const server = fastify( { trustProxy: [ '127.0.0.0/8' ] } );
	const options = { companion_version: '0.2.0', now: () => NOW_MS, sites: () => sites, metrics_open: open };
	addMonitoringRoutes( server, options, ( reply ) => reply.code( 403 ).send( 'refused' ) );
	context.after( () => server.close() );
	return server;
}

const ILL: [ string, Partial< SiteFigures >, string ][] = [
	[ 'a schedule that stands still', { is_monitoring: false }, 'not_monitoring' ],
	[ 'stalled monitors', { vitals: makeVitals( { stalled_count: 1 } ) }, 'stalled_monitors' ],
	[ 'rows that wait for more than ten minutes', { vitals: makeVitals( { oldest_unsent_at_ms: NOW_MS - 600_001 } ) }, 'unsent_rows' ],
	[ 'a full disk', { vitals: makeVitals( { disk_full: true } ) }, 'disk_full' ],
	[ 'no network of its own', { vitals: makeVitals( { offline_since_ms: NOW_MS } ) }, 'offline' ],
];
for ( const [ name, over, reason ] of ILL ) {
	test( `GET /health tells of ${ name }; 503 only when it does not monitor`, async ( context ) => {
		const server = makeOne( context, { sites: [ makeSite(), makeSite( over ) ] } );
		const answer = await server.inject( '/health' );
		assert.equal( answer.statusCode, reason === 'not_monitoring' ? 503 : 200 );
		assert.ok( Check( health, answer.json() ) );
		assert.equal( answer.json().status, 'degraded' );
		assert.deepEqual( answer.json().reasons, [ reason ] );
	} );
}

test( 'GET /health is ok with rows that wait for ten minutes, and names no site', async ( context ) => {
	const sites = [ makeSite( { vitals: makeVitals( { oldest_unsent_at_ms: NOW_MS - 600_000 } ) } ) ];
	const answer = await makeOne( context, { sites } ).inject( '/health' );
	assert.equal( answer.json().status, 'ok' );
	assert.doesNotMatch( answer.body, /example/ );
} );

test( 'GET /metrics answers a program of this machine in the text format', async ( context ) => {
	const server = makeOne( context );
	await server.listen( { host: '127.0.0.1', port: 0 } );
	const address = server.server.address();
	const port = typeof address === 'object' ? address?.port : 0;
	const answer = await fetch( `http://127.0.0.1:${ port }/metrics` );
	assert.equal( answer.status, 200 );
	assert.equal( answer.headers.get( 'content-type' ), 'text/plain; version=0.0.4; charset=utf-8' );
	assert.equal( readMetrics( await answer.text() ).get( 'rollcall_monitor_up' )?.samples.length, 1 );
} );

const HOST = { host: 'localhost:8737' };
const CALLERS: [ string, { remoteAddress: string; headers: Record< string, string > }, number ][] = [
	[ 'this machine', { remoteAddress: '127.0.0.1', headers: HOST }, 200 ],
	[ 'this machine by IPv6', { remoteAddress: '::1', headers: { host: '[::1]:8737' } }, 200 ],
	[ 'this machine by a mapped address', { remoteAddress: '::ffff:127.0.0.1', headers: { host: '127.0.0.1' } }, 200 ],
	[ 'another machine', { remoteAddress: '192.0.2.7', headers: HOST }, 403 ],
	[
		'another machine that calls itself this one',
		{ remoteAddress: '192.0.2.7', headers: { ...HOST, 'x-forwarded-for': '127.0.0.1' } },
		403,
	],
	[ 'a proxy of this machine', { remoteAddress: '127.0.0.1', headers: { ...HOST, 'x-forwarded-for': '127.0.0.1' } }, 403 ],
	[ 'a proxy that says Forwarded', { remoteAddress: '127.0.0.1', headers: { ...HOST, forwarded: 'for=127.0.0.1' } }, 403 ],
	[ 'a proxy that says Via', { remoteAddress: '127.0.0.1', headers: { ...HOST, via: '1.1 proxy' } }, 403 ],
	[ 'a web page by DNS rebinding', { remoteAddress: '127.0.0.1', headers: { host: 'evil.example:8737' } }, 403 ],
	[ 'a name that only begins as this machine', { remoteAddress: '127.0.0.1', headers: { host: '127.0.0.1.evil.example' } }, 403 ],
];
test( 'GET /metrics answers no HTTP/1.0, by which a proxy of this machine asks that adds no header', async ( context ) => {
	const server = makeOne( context );
	await server.listen( { host: '127.0.0.1', port: 0 } );
	const address = server.server.address();
	const port = typeof address === 'object' ? ( address?.port ?? 0 ) : 0;
	const socket = connect( port, '127.0.0.1' );
	socket.end( `GET /metrics HTTP/1.0\r\nHost: 127.0.0.1:${ port }\r\nConnection: close\r\n\r\n` );
	const answer = await text( socket );
	assert.match( answer, /^HTTP\/1\.1 403 / );
	assert.doesNotMatch( answer, /shop\.example/ );
} );

for ( const [ name, request, status ] of CALLERS ) {
	test( `GET /metrics answers ${ name } with ${ status }, and anyone once it is open`, async ( context ) => {
		const answer = await makeOne( context ).inject( { url: '/metrics', ...request } );
		assert.equal( answer.statusCode, status );
		assert.equal( answer.body.includes( 'shop.example' ), status === 200 );
		const open = await makeOne( context, { open: true } ).inject( { url: '/metrics', ...request } );
		assert.equal( open.statusCode, 200 );
	} );
}
