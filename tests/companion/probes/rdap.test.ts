import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { describe, it } from 'node:test';
import type { ProbeContext } from '../../../companion/src/probes/probe.ts';
import { makeRdap, rdapUrl } from '../../../companion/src/probes/rdap.ts';
import { localServer, type LocalServer } from '../guard/local-server.ts';
import { makeContext } from './make-context.ts';

const NOW_MS = Date.parse( '2030-01-01T12:00:00Z' );

const domain = ( ldhName: string, eventDate: string | null ): string =>
	JSON.stringify( {
		objectClassName: 'domain',
		ldhName,
		events: [
			{ eventAction: 'registration', eventDate: '2001-01-01T00:00:00Z' },
			...( eventDate === null ? [] : [ { eventAction: 'expiration', eventDate } ] ),
		],
	} );

/** Paths of domains with status and body; the bootstrap file names this server for .com and .co.example. */
function registry( answers: Record< string, [ number, string ] > ): Promise< LocalServer > {
	const answer: RequestListener = ( request, response ) => {
		const port = request.socket.localPort;
		const bootstrap = { services: [ [ [ 'com', 'co.example' ], [ `http://rdap.acme.example:${ port }/v1` ] ] ] };
		const [ status, body ] =
			request.url === '/dns.json' ? [ 200, JSON.stringify( bootstrap ) ] : ( answers[ request.url ?? '' ] ?? [ 404, '{}' ] );
		response.writeHead( status, { 'content-type': 'application/rdap+json' } ).end( body );
	};
	return localServer( answer );
}

function worldOf( { port }: LocalServer, more = {} ): { context: ProbeContext; rdap: ReturnType< typeof rdapUrl > } {
	const rdap = rdapUrl( makeRdap( `http://data.acme.example:${ port }/dns.json` ) );
	return { rdap, context: makeContext( { allow: `127.0.0.1:${ port }`, wallClock: () => NOW_MS, ...more } ) };
}

describe( 'an rdap check', () => {
	const days: [ string, string, number ][] = [
		[ 'in a month', '2030-02-01T12:00:00Z', 31 ],
		[ 'in less than a day', '2030-01-02T11:59:59Z', 0 ],
		[ 'in another zone', '2030-01-03T01:00:00+13:00', 1 ],
		[ 'a second ago', '2030-01-01T11:59:59Z', -1 ],
	];
	for ( const [ what, date, domain_days ] of days ) {
		it( `gives the days of a registration that ends ${ what }`, async () => {
			await using server = await registry( { '/v1/domain/acme.com': [ 200, domain( 'ACME.COM', date ) ] } );
			const { rdap, context } = worldOf( server );
			const { fault, facts, status_code, phases } = await rdap.ask( 'rdap://Acme.com', new Set(), context );
			assert.deepEqual( { fault, facts, status_code }, { fault: null, facts: { domain_days }, status_code: 200 } );
			assert.ok( phases.first_byte_ms !== null );
		} );
	}

	it( 'takes no longer than one check, whichever of its two answers is slow', async () => {
		await using server = await localServer( ( request, response ) => {
			const services = [ [ [ 'com' ], [ `http://rdap.acme.example:${ request.socket.localPort }/` ] ] ];
			if ( request.url === '/dns.json' ) {
				setTimeout( () => response.end( JSON.stringify( { services } ) ), 300 );
			}
		} );
		const { rdap, context } = worldOf( server, { limits: { total_ms: 500 } } );
		const began = performance.now();
		const { fault } = await rdap.ask( 'rdap://acme.com', new Set(), context );
		assert.equal( fault?.state, 'unknown' );
		assert.ok( performance.now() - began < 700, `${ performance.now() - began } ms` );
	} );

	it( 'asks for the bootstrap file once a day', async () => {
		let now = 0;
		await using server = await registry( { '/v1/domain/acme.com': [ 200, domain( 'acme.com', '2031-01-01T00:00:00Z' ) ] } );
		const { rdap, context } = worldOf( server, { now: () => now } );
		for ( const at of [ 0, 1000, 86_400_001 ] ) {
			now = at;
			assert.equal( ( await rdap.ask( 'rdap://acme.com', new Set(), context ) ).fault, null );
		}
		assert.equal( server.hits.filter( ( path ) => path === '/dns.json' ).length, 2 );
	} );

	it( 'fetches the bootstrap file once for checks that begin together', async () => {
		await using server = await registry( { '/v1/domain/acme.com': [ 200, domain( 'acme.com', '2031-01-01T00:00:00Z' ) ] } );
		const { rdap, context } = worldOf( server );
		const asked = await Promise.all( [ 1, 2, 3 ].map( () => rdap.ask( 'rdap://acme.com', new Set(), context ) ) );
		assert.deepEqual(
			asked.map( ( { fault } ) => fault ),
			[ null, null, null ]
		);
		assert.equal( server.hits.filter( ( path ) => path === '/dns.json' ).length, 1 );
	} );

	it( 'keeps the bootstrap file as long as its host says, and then asks whether it has changed', async () => {
		let now = 0;
		const known: ( string | undefined )[] = [];
		await using server = await localServer( ( { url, headers, socket }, response ) => {
			if ( url !== '/dns.json' ) {
				response.end( domain( 'acme.com', '2031-01-01T00:00:00Z' ) );
				return;
			}
			known.push( headers[ 'if-none-match' ] );
			const services = [ [ [ 'com' ], [ `http://rdap.acme.example:${ socket.localPort }/` ] ] ];
			response.writeHead( known.length === 1 ? 200 : 304, { etag: '"one"', 'cache-control': 'public, max-age=10' } );
			response.end( known.length === 1 ? JSON.stringify( { services } ) : undefined );
		} );
		const { rdap, context } = worldOf( server, { now: () => now } );
		for ( const at of [ 0, 9000, 11_000, 20_000, 22_000 ] ) {
			now = at;
			assert.equal( ( await rdap.ask( 'rdap://acme.com', new Set(), context ) ).fault, null );
		}
		assert.deepEqual( known, [ undefined, '"one"', '"one"' ] );
	} );

	it( 'says down of a domain that is not registered', async () => {
		await using server = await registry( {} );
		const { rdap, context } = worldOf( server );
		const { fault, status_code } = await rdap.ask( 'rdap://nobody.co.example', new Set(), context );
		assert.deepEqual( [ fault?.state, fault?.error_code, status_code ], [ 'down', 'http_status', 404 ] );
		assert.equal( fault?.error_message, 'The registration of nobody.co.example is not registered: its registry answered 404.' );
	} );

	const unknown: [ string, string, [ number, string ], RegExp ][] = [
		[ 'a registry that is busy', 'acme.com', [ 429, '{}' ], /rdap\.acme\.example:\d+ answered 429/ ],
		[ 'a registry that fails', 'acme.com', [ 503, '' ], /answered 503/ ],
		[ 'an answer that is no JSON', 'acme.com', [ 200, '<html>' ], /did not answer JSON/ ],
		[ 'an answer about another domain', 'acme.com', [ 200, domain( 'other.com', '2031-01-01T00:00:00Z' ) ], /not about it/ ],
		[ 'an answer without an end', 'acme.com', [ 200, domain( 'acme.com', null ) ], /no end that its registry tells/ ],
		[ 'an end that is no date', 'acme.com', [ 200, domain( 'acme.com', 'soon' ) ], /no end that its registry tells/ ],
		[ 'an answer of null', 'acme.com', [ 200, 'null' ], /not about it/ ],
		[ 'a registry without a server', 'acme.net', [ 200, '' ], /registry of \.net has no RDAP server/ ],
	];
	for ( const [ what, name, answer, message ] of unknown ) {
		it( `says nothing of a domain with ${ what }`, async () => {
			await using server = await registry( { [ `/v1/domain/${ name }` ]: answer } );
			const { rdap, context } = worldOf( server );
			const { fault, facts } = await rdap.ask( `rdap://${ name }`, new Set(), context );
			assert.deepEqual( [ fault?.state, fault?.error_code, facts ], [ 'unknown', 'check_failed_internally', {} ] );
			assert.match( fault?.error_message ?? '', message );
		} );
	}

	it( 'does not call a domain down when the registry cannot be reached', async () => {
		const server = await registry( {} );
		const { rdap, context } = worldOf( server );
		await server[ Symbol.asyncDispose ]();
		const { fault } = await rdap.ask( 'rdap://acme.com', new Set(), context );
		assert.deepEqual( [ fault?.state, fault?.error_code ], [ 'unknown', 'check_failed_internally' ] );
		assert.match( fault?.error_message ?? '', /was not looked up: GET .*dns\.json got no connection/ );
	} );

	it( 'asks a server of the bootstrap file only when the guard lets it', async () => {
		await using secret = await registry( {} );
		await using server = await localServer( ( _request, response ) =>
			response.end( JSON.stringify( { services: [ [ [ 'com' ], [ `http://127.0.0.1:${ secret.port }/` ] ] ] } ) )
		);
		const { rdap, context } = worldOf( server );
		assert.equal( ( await rdap.ask( 'rdap://acme.com', new Set(), context ) ).fault?.state, 'unknown' );
		assert.deepEqual( secret.hits, [] );
	} );

	for ( const url of [
		'rdap://',
		'rdap://127.0.0.1',
		'rdap://intranet',
		'rdap://acme.com/x',
		'rdap://acme.com:443',
		'rdap://a b.com',
	] ) {
		it( `refuses ${ url }`, async () => {
			await using server = await registry( {} );
			const { rdap, context } = worldOf( server );
			assert.equal( ( await rdap.ask( url, new Set(), context ) ).fault?.error_code, 'target_refused' );
			assert.deepEqual( server.hits, [] );
		} );
	}
} );
