import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { describe, test } from 'node:test';
import { parseAllow } from '../../../companion/src/guard/allow.ts';
import { guardedFetcher, type Fetcher } from '../../../companion/src/guard/fetcher.ts';
import { whereSitesLead, type LeadOptions } from '../../../companion/src/guard/site-lead.ts';
import { localServer, type LocalServer } from '../guard/local-server.ts';

const SECURE = new Set( [ 'secure.example', 'moved.example' ] );

/** Sites by their host on one server: every name is at 127.0.0.1, and only SECURE ones answer https. */
async function sites(
	pages: ( port: number ) => { [ host: string ]: RequestListener }
): Promise< LocalServer & { options: LeadOptions; asked: string[] } > {
	const asked: string[] = [];
	const server = await localServer( ( request, response ) => {
		const host = ( request.headers.host ?? '' ).replace( /:\d+$/, '' );
		asked.push( `${ host } ${ request.headers[ 'user-agent' ] }` );
		const answer = pages( server.port )[ host ];
		if ( answer === undefined ) {
			response.writeHead( 200 ).end();
		} else {
			answer( request, response );
		}
	} );
	const guarded = guardedFetcher( {
		policy: { allow: parseAllow( `127.0.0.1:${ server.port }` ), nat64: false },
		resolve: async ( name ) => [ name === 'inside.example' ? '10.0.0.7' : '127.0.0.1' ],
	} );
	const fetcher: Fetcher = ( request ) => {
		const url = new URL( request.url );
		if ( url.protocol === 'https:' && ! SECURE.has( url.hostname ) && url.hostname !== 'inside.example' ) {
			return Promise.reject( new Error( 'connect ECONNREFUSED' ) );
		}
		return guarded( { ...request, url: `http://${ url.hostname }:${ server.port }/` } );
	};
	const options = { fetcher, user_agent: 'Rollcall/1 (+https://site.example)', signal: new AbortController().signal };
	return { ...server, options, asked };
}

const to =
	( location: string ): RequestListener =>
	( _request, response ) =>
		void response.writeHead( 301, { location } ).end();

describe( 'where sites lead', () => {
	test( 'is told for each host in order: its own, another, or none', async () => {
		await using server = await sites( ( port ) => ( {
			'moved.example': to( `http://www.new.example:${ port }/home` ),
			'broken.example': ( _request, response ) => response.writeHead( 500 ).end(),
			'silent.example': ( request ) => request.socket.destroy(),
			'loop.example': to( `http://loop.example:${ port }/` ),
			'turned.example': to( 'http://127.0.0.1:1/' ),
			'within.example': to( `http://inside.example:${ port }/` ),
		} ) );
		const hosts = [
			'secure.example',
			'plain.example',
			'moved.example',
			'broken.example',
			'silent.example',
			'loop.example',
			'turned.example',
			'within.example',
			'inside.example',
			'xn--bcher-kva.example',
			'b%C3%BCcher.example',
		];
		assert.deepEqual(
			( await whereSitesLead( hosts, server.options ) ).map( ( { host, final_host, error_code } ) => [
				host,
				final_host,
				error_code,
			] ),
			[
				[ 'secure.example', 'secure.example', null ],
				[ 'plain.example', 'plain.example', null ],
				[ 'moved.example', 'new.example', null ],
				[ 'broken.example', 'broken.example', null ],
				[ 'silent.example', null, 'website_unreachable' ],
				[ 'loop.example', null, 'website_unreachable' ],
				[ 'turned.example', null, 'target_refused' ],
				[ 'within.example', null, 'target_refused' ],
				[ 'inside.example', null, 'target_refused' ],
				[ 'xn--bcher-kva.example', 'xn--bcher-kva.example', null ],
				[ 'b%C3%BCcher.example', 'xn--bcher-kva.example', null ],
			]
		);
		assert.ok( server.asked.every( ( line ) => line.endsWith( ' Rollcall/1 (+https://site.example)' ) ) );
		assert.ok( ! server.asked.some( ( line ) => line.startsWith( 'inside.example' ) ) );
	} );

	test( 'follows five redirects and not a sixth', async () => {
		const chain = ( port: number ): { [ host: string ]: RequestListener } =>
			Object.fromEntries(
				[ 1, 2, 3, 4, 5, 6 ].map( ( hop ) => [ `hop-${ hop }.example`, to( `http://hop-${ hop + 1 }.example:${ port }/` ) ] )
			);
		await using server = await sites( chain );
		const found = await whereSitesLead( [ 'hop-2.example', 'hop-1.example' ], server.options );
		assert.deepEqual(
			found.map( ( { final_host } ) => final_host ),
			[ 'hop-7.example', null ]
		);
	} );

	test( 'of what is more than a host is not asked', async () => {
		await using server = await sites( () => ( {} ) );
		const hosts = [ 'a.example/x', 'a.example:8080', 'u@a.example', 'a.example?x', 'a.example#x', 'a.example\\x', '[::1]', 'a b', '' ];
		const found = await whereSitesLead( hosts, server.options );
		assert.deepEqual( new Set( found.map( ( { error_code } ) => error_code ) ), new Set( [ 'bad_url' ] ) );
		assert.deepEqual( server.asked, [] );
	} );

	test( 'asks five at a time and says what is done', async () => {
		let open = 0;
		let most = 0;
		const slow: RequestListener = ( _request, response ) => {
			most = Math.max( most, ++open );
			setTimeout( () => {
				open--;
				response.writeHead( 204 ).end();
			}, 30 );
		};
		const hosts = Array.from( { length: 12 }, ( _, index ) => `site-${ index }.example` );
		await using server = await sites( () => Object.fromEntries( hosts.map( ( host ) => [ host, slow ] ) ) );
		const steps: number[] = [];
		await whereSitesLead( hosts, server.options, ( done ) => steps.push( done.length ) );
		assert.equal( most, 5 );
		assert.deepEqual(
			steps,
			hosts.map( ( _, index ) => index + 1 )
		);
	} );

	test( 'waits for no site longer than its deadline, and reads no body', async () => {
		await using server = await sites( () => ( {
			'silent.example': () => undefined,
			'endless.example': ( _request, response ) => void response.writeHead( 200 ).write( 'x' ),
		} ) );
		const found = await whereSitesLead( [ 'silent.example', 'endless.example' ], { ...server.options, deadline_ms: 100 } );
		assert.deepEqual(
			found.map( ( { final_host } ) => final_host ),
			[ null, 'endless.example' ]
		);
	} );

	test( 'rejects when it is cancelled', async () => {
		await using server = await sites( () => ( { 'silent.example': () => undefined } ) );
		await assert.rejects( whereSitesLead( [ 'silent.example' ], { ...server.options, signal: AbortSignal.timeout( 50 ) } ), {
			code: 'cancelled',
		} );
	} );
} );
