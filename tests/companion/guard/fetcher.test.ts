import assert from 'node:assert/strict';
import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { parseAllow } from '../../../companion/src/guard/allow.ts';
import { refuseAmbientProxy } from '../../../companion/src/guard/ambient-proxy.ts';
import { isChecked } from '../../../companion/src/guard/checked.ts';
import type { Resolve } from '../../../companion/src/guard/connect.ts';
import { guardedFetcher } from '../../../companion/src/guard/fetcher.ts';
import { localServer } from './local-server.ts';

type Got = { status: number; url: string; body: string };

/** GET with the rules `open`; names resolve to loopback unless told otherwise. */
async function get(
	url: string,
	open: string,
	resolve: Resolve = () => Promise.resolve( [ '127.0.0.1' ] ),
	headers: Record< string, string > = {}
): Promise< Got > {
	const fetcher = guardedFetcher( { policy: { allow: parseAllow( open ), nat64: false }, resolve } );
	const answer = await fetcher( { url, headers, signal: AbortSignal.timeout( 5000 ) } );
	try {
		return { status: answer.status, url: answer.url, body: await text( answer.body ) };
	} finally {
		await answer.close();
	}
}

describe( 'a guarded fetch', () => {
	test( 'gets a listed address by literal and by name', async () => {
		await using server = await localServer( ( _request, response ) => response.end( 'hello' ) );
		const open = `127.0.0.1:${ server.port }`;
		assert.equal( ( await get( `http://127.0.0.1:${ server.port }/a`, open ) ).body, 'hello' );
		assert.equal( ( await get( `http://www.acme.com:${ server.port }/b`, open ) ).body, 'hello' );
		assert.deepEqual( server.hits, [ '/a', '/b' ] );
	} );

	test( 'refuses loopback that is not listed, as a literal and as a name, without a connection', async () => {
		await using server = await localServer( ( _request, response ) => response.end( 'secret' ) );
		for ( const host of [ '127.0.0.1', '[::1]', '2130706433', 'www.acme.com', 'localhost' ] ) {
			await assert.rejects(
				get( `http://${ host }:${ server.port }/`, `10.9.9.9:${ server.port }` ),
				{ code: 'target_refused' },
				host
			);
		}
		assert.deepEqual( server.hits, [] );
	} );

	test( 'S53: one private answer among public ones refuses the name', async () => {
		await using server = await localServer( ( _request, response ) => response.end( 'secret' ) );
		const mixed: Resolve = () => Promise.resolve( [ '127.0.0.1', '10.0.0.1' ] );
		await assert.rejects( get( `http://www.acme.com:${ server.port }/`, `127.0.0.1:${ server.port }`, mixed ), {
			code: 'target_refused',
		} );
		assert.deepEqual( server.hits, [] );
	} );

	test( 'S54: a name is resolved once for a socket, so a second answer cannot replace the checked one', async () => {
		await using server = await localServer( ( _request, response ) => response.end( 'checked' ) );
		const answers = [ [ '127.0.0.1' ], [ '127.0.0.2' ] ];
		const asked: string[] = [];
		const rebinding: Resolve = ( name ) => Promise.resolve( answers[ asked.push( name ) - 1 ] ?? [] );
		const got = await get( `http://www.acme.com:${ server.port }/`, `127.0.0.1:${ server.port }`, rebinding );
		assert.deepEqual( [ got.body, asked ], [ 'checked', [ 'www.acme.com' ] ] );
	} );

	test( 'S55: the next fetch resolves anew instead of using a kept socket', async () => {
		await using server = await localServer( ( _request, response ) => response.end( 'checked' ) );
		const answers = [ [ '127.0.0.1' ], [ '10.0.0.1' ] ];
		const moving: Resolve = () => Promise.resolve( answers.shift() ?? [] );
		const fetcher = guardedFetcher( { policy: { allow: parseAllow( `127.0.0.1:${ server.port }` ), nat64: false }, resolve: moving } );
		const request = { url: `http://www.acme.com:${ server.port }/`, headers: {}, signal: AbortSignal.timeout( 5000 ) };
		const first = await fetcher( request );
		await text( first.body );
		await first.close();
		await assert.rejects( fetcher( request ), { code: 'target_refused' } );
		assert.equal( server.hits.length, 1 );
	} );

	test( 'passes on what the resolver says when there is no such name', async () => {
		const missing: Resolve = () => Promise.reject( new Error( 'getaddrinfo ENOTFOUND www.acme.com' ) );
		await assert.rejects( get( 'http://www.acme.com/', '', missing ), /ENOTFOUND/ );
	} );

	test( 'ends when its signal is aborted', async () => {
		await using server = await localServer( () => undefined );
		const fetcher = guardedFetcher( { policy: { allow: parseAllow( `127.0.0.1:${ server.port }` ), nat64: false } } );
		const stop = new AbortController();
		const pending = fetcher( { url: `http://127.0.0.1:${ server.port }/`, headers: {}, signal: stop.signal } );
		stop.abort();
		await assert.rejects( pending, { name: 'AbortError' } );
	} );
} );

describe( 'a redirect', () => {
	const targets = ( secret_port: number ): string[] => [
		`http://127.0.0.1:${ secret_port }/`,
		`http://2130706433:${ secret_port }/`,
		'http://169.254.169.254/latest/meta-data/',
		`//localhost:${ secret_port }/`,
		`https://127.0.0.1:${ secret_port }/`,
		`http://[::ffff:127.0.0.1]:${ secret_port }/`,
		`http://private.acme.com:${ secret_port }/`,
	];
	for ( const status of [ 301, 302, 303, 307, 308 ] ) {
		test( `S63: ${ status } to a private target is refused at that hop`, async () => {
			await using secret = await localServer( ( _request, response ) => response.end( 'secret' ) );
			for ( const target of targets( secret.port ) ) {
				await using server = await localServer( ( _request, response ) =>
					response.writeHead( status, { location: target } ).end( 'body of the hop' )
				);
				await assert.rejects(
					get( `http://127.0.0.1:${ server.port }/`, `127.0.0.1:${ server.port } 10.9.9.9:${ secret.port }` ),
					{ code: 'target_refused' },
					target
				);
				assert.equal( server.hits.length, 1 );
			}
			assert.deepEqual( secret.hits, [] );
		} );
	}

	for ( const target of [
		'file:///etc/passwd',
		'javascript:alert(1)',
		'http://user:pw@example.com/',
		'http://exa\tmple.com/',
		'http://127.0.0.1\\@example.com/',
		'http://',
		'\\\\127.0.0.1\\x',
	] ) {
		test( `S63: to ${ JSON.stringify( target ) } is no usable URL`, async () => {
			await using server = await localServer( ( _request, response ) => response.writeHead( 302, { location: target } ).end() );
			await assert.rejects( get( `http://127.0.0.1:${ server.port }/`, `127.0.0.1:${ server.port }` ), { code: 'bad_url' } );
		} );
	}

	test( 'S63: a private target is refused also after four public hops', async () => {
		await using secret = await localServer( ( _request, response ) => response.end( 'secret' ) );
		await using server = await localServer( ( request, response ) => {
			const hop = Number( request.url?.slice( 1 ) );
			response.writeHead( 302, { location: hop < 4 ? `/${ hop + 1 }` : `http://127.0.0.1:${ secret.port }/` } ).end();
		} );
		await assert.rejects( get( `http://127.0.0.1:${ server.port }/1`, `127.0.0.1:${ server.port } 10.9.9.9:${ secret.port }` ), {
			code: 'target_refused',
		} );
		assert.deepEqual( [ server.hits, secret.hits ], [ [ '/1', '/2', '/3', '/4' ], [] ] );
	} );

	for ( const [ redirects, followed ] of [
		[ 5, true ],
		[ 6, false ],
	] as const ) {
		test( `${ redirects } in a row are ${ followed ? 'followed' : 'too many' }`, async () => {
			await using server = await localServer( ( request, response ) => {
				const hop = Number( request.url?.slice( 1 ) );
				if ( hop < redirects ) {
					response.writeHead( 302, { location: `/${ hop + 1 }` } );
				}
				response.end( 'end' );
			} );
			const pending = get( `http://127.0.0.1:${ server.port }/0`, `127.0.0.1:${ server.port }` );
			if ( followed ) {
				assert.equal( ( await pending ).url, `http://127.0.0.1:${ server.port }/5` );
			} else {
				await assert.rejects( pending, { code: 'list_unreachable' } );
				assert.equal( server.hits.length, 6 );
			}
		} );
	}

	test( 'takes credentials and custom headers along within an origin only', async () => {
		const seen: [ string, IncomingHttpHeaders ][] = [];
		await using other = await localServer( ( request, response ) => {
			seen.push( [ 'other', request.headers ] );
			response.end();
		} );
		await using server = await localServer( ( request, response ) => {
			seen.push( [ request.url ?? '', request.headers ] );
			response.writeHead( 302, { location: request.url === '/first' ? '/second' : `http://127.0.0.1:${ other.port }/` } ).end();
		} );
		await get( `http://127.0.0.1:${ server.port }/first`, `127.0.0.1:${ server.port }+${ other.port }`, undefined, {
			authorization: 'Bearer x',
			'x-key': 'y',
			accept: 'application/json',
		} );
		assert.deepEqual(
			seen.map( ( [ at, { authorization, 'x-key': key, accept } ] ) => [ at, authorization, key, accept ] ),
			[
				[ '/first', 'Bearer x', 'y', 'application/json' ],
				[ '/second', 'Bearer x', 'y', 'application/json' ],
				[ 'other', undefined, undefined, 'application/json' ],
			]
		);
	} );
} );

test( 'S64: Refresh, meta refresh, Alt-Svc and preload links are not followed', async () => {
	await using secret = await localServer( ( _request, response ) => response.end( 'secret' ) );
	const to = `http://127.0.0.1:${ secret.port }/`;
	const page = `<meta http-equiv="refresh" content="0;url=${ to }">`;
	await using server = await localServer( ( _request, response ) =>
		response
			.writeHead( 200, { refresh: `0;url=${ to }`, 'alt-svc': 'h3="127.0.0.1:443"', link: `<${ to }>; rel=preload; as=script` } )
			.end( page )
	);
	const got = await get( `http://127.0.0.1:${ server.port }/`, `127.0.0.1:${ server.port }+${ secret.port }` );
	assert.deepEqual( [ got.status, got.body, secret.hits ], [ 200, page, [] ] );
} );

describe( 'a socket', () => {
	const cases: [ string | undefined, string[], boolean ][] = [
		[ '93.184.215.14', [ '93.184.215.14' ], true ],
		[ '::ffff:93.184.215.14', [ '93.184.215.14' ], true ],
		[ '2606:4700:4700::1111', [ '1.1.1.1', '2606:4700:4700:0:0:0:0:1111' ], true ],
		[ '10.0.0.1', [ '93.184.215.14' ], false ],
		[ undefined, [ '93.184.215.14' ], false ],
		[ undefined, [ '' ], false ],
		[ '93.184.215.14', [], false ],
	];
	for ( const [ remote, addresses, expected ] of cases ) {
		test( `at ${ remote } is ${ expected ? '' : 'not ' }one of [${ addresses.join( ', ' ) }]`, () => {
			assert.equal( isChecked( remote, addresses ), expected );
		} );
	}
} );

describe( "Node's own proxy switch", () => {
	const refused: [ string, Record< string, string >, string[] ][] = [
		[ 'NODE_USE_ENV_PROXY', { NODE_USE_ENV_PROXY: '1' }, [] ],
		[ 'NODE_OPTIONS', { NODE_OPTIONS: '--max-old-space-size=512 --use-env-proxy' }, [] ],
		[ 'an argument', {}, [ '--use-env-proxy' ] ],
	];
	for ( const [ place, environment, exec_arguments ] of refused ) {
		test( `stops the start when it comes from ${ place }, unless proxy mode is on`, () => {
			assert.throws( () => refuseAmbientProxy( environment, exec_arguments, false ), { code: 'bad_request' } );
			assert.doesNotThrow( () => refuseAmbientProxy( environment, exec_arguments, true ) );
		} );
	}
	test( 'is off when it is 0, empty or absent; HTTP_PROXY alone is not read by Node', () => {
		for ( const environment of [ {}, { NODE_USE_ENV_PROXY: '0' }, { NODE_USE_ENV_PROXY: '' }, { HTTP_PROXY: 'http://proxy:3128' } ] ) {
			assert.doesNotThrow( () => refuseAmbientProxy( environment, [], false ) );
		}
	} );
} );
