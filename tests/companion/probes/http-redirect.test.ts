import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, test } from 'node:test';
import { http } from '../../../companion/src/probes/http.ts';
import { afterRequest, makeContext, makeRequest, rawServer, type RawServer } from './make-context.ts';

const path = ( request: string ): string => request.split( ' ' )[ 1 ] ?? '';

/** A server that redirects each path to where a table says, and answers 200 to the others. */
function redirecting( to: ( at: string, request: string ) => string | null, seen: string[] = [], status = 302 ): Promise< RawServer > {
	return rawServer(
		afterRequest( ( socket: Socket, request: string ) => {
			seen.push( request );
			const next = to( path( request ), request );
			const head = next === null ? 'HTTP/1.1 200 OK' : `HTTP/1.1 ${ status } Moved\r\nLocation: ${ next }`;
			// The body of a redirect never ends: nobody may wait for it.
			socket.write( next === null ? `${ head }\r\nContent-Length: 0\r\n\r\n` : `${ head }\r\n\r\nx`, 'latin1' );
		} )
	);
}

const LEAD_NOWHERE: [ string, string, string ][] = [
	[ 'F47 to the same URL', '/', 'redirect_limit' ],
	[ 'F48 to a file', 'file:///etc/passwd', 'redirect_invalid' ],
	[ 'F48 to gopher', 'gopher://127.0.0.1:6379/', 'redirect_invalid' ],
	[ 'F48 to a user name', 'http://a:b@www.acme.com/', 'redirect_invalid' ],
	[ 'F48 to a backslash', 'http://www.acme.com\\@10.0.0.1/', 'redirect_invalid' ],
	[ 'F48 to a tab', 'http://www.ac\tme.com/', 'redirect_invalid' ],
	[ 'F48 S63 to metadata', 'http://169.254.169.254/latest/', 'target_refused' ],
	[ 'F48 S63 to another host in short', '//10.0.0.1/', 'target_refused' ],
	[ 'S63 to localhost', '//localhost/', 'target_refused' ],
	[ 'S63 to loopback at another port', 'http://127.0.0.1:1/', 'target_refused' ],
	[ 'S34 to a mapped address', 'http://[::ffff:10.0.0.1]/', 'target_refused' ],
];

describe( 'redirects', () => {
	for ( const [ fault, location, code ] of LEAD_NOWHERE ) {
		for ( const status of [ 301, 302, 303, 307, 308 ] ) {
			test( `${ fault } (${ status }) are ${ code }`, async () => {
				await using server = await redirecting( () => location, [], status );
				const context = makeContext( { allow: `127.0.0.1:${ server.port }` } );
				const { fault: found, status_code } = await http( makeRequest( `http://127.0.0.1:${ server.port }/` ), context );
				assert.equal( found?.error_code, code, found?.error_message );
				assert.equal( found?.state, code === 'target_refused' ? 'unknown' : 'down' );
				assert.equal( status_code, status );
			} );
		}
	}

	test( 'F47 five are followed, and a sixth is redirect_limit with the hosts', async () => {
		await using server = await redirecting( ( at ) => ( at === '/0' ? null : `/${ Number( at.slice( 1 ) ) - 1 }` ) );
		const context = makeContext( { allow: `127.0.0.1:${ server.port }` } );
		const ask = ( from: number ) => http( makeRequest( `http://127.0.0.1:${ server.port }/${ from }` ), context );
		const five = await ask( 5 );
		assert.deepEqual( [ five.fault, five.status_code, server.connections() ], [ null, 200, 6 ] );
		const six = await ask( 6 );
		assert.equal( six.fault?.error_code, 'redirect_limit' );
		assert.match( six.fault?.error_message ?? '', /more than 5 times: 127\.0\.0\.1:\d+ > / );
		assert.equal( server.connections(), 12 );
	} );

	test( 'F47 five are followed also after HEAD was answered by a refusal', async () => {
		await using server = await rawServer(
			afterRequest( ( socket, request ) => {
				const at = Number( path( request ).slice( 1 ) );
				const head = request.startsWith( 'HEAD' ) ? '405 No' : at === 0 ? '200 OK' : `302 Moved\r\nLocation: /${ at - 1 }`;
				socket.end( `HTTP/1.1 ${ head }\r\nContent-Length: 0\r\n\r\n` );
			} )
		);
		const context = makeContext( { allow: `127.0.0.1:${ server.port }` } );
		const url = `http://127.0.0.1:${ server.port }/5`;
		const { fault, status_code } = await http( makeRequest( url, { method: 'HEAD' } ), context );
		assert.deepEqual( [ fault, status_code ], [ null, 200 ] );
	} );

	test( 'say nothing of a password or a query where they lead', async () => {
		for ( const location of [
			'http://ann:pass1@www.acme.com/',
			'ftp://www.acme.com/a?token=pass1',
			'https:\\\\ann:pass1@www.acme.com',
		] ) {
			await using server = await redirecting( () => location );
			const context = makeContext( { allow: `127.0.0.1:${ server.port }` } );
			const { fault } = await http( makeRequest( `http://127.0.0.1:${ server.port }/` ), context );
			assert.equal( fault?.error_code, 'redirect_invalid' );
			assert.match( fault?.error_message ?? '', /www\.acme\.com/ );
			assert.doesNotMatch( fault?.error_message ?? '', /pass1/ );
		}
	} );

	test( 'S63 four public hops, then a private one, is refused there with its number', async () => {
		await using server = await redirecting( ( at ) => ( at === '/4' ? 'http://10.0.0.1/' : `/${ Number( at.slice( 1 ) ) + 1 }` ) );
		const context = makeContext( { allow: `127.0.0.1:${ server.port }` } );
		const { fault } = await http( makeRequest( `http://127.0.0.1:${ server.port }/0` ), context );
		assert.equal( fault?.error_code, 'target_refused' );
		assert.match( fault?.error_message ?? '', /redirected \(5\) to http:\/\/10\.0\.0\.1\// );
	} );

	test( 'S64 nothing else leads on', async () => {
		await using server = await rawServer(
			afterRequest( ( socket ) =>
				socket.end(
					'HTTP/1.1 200 OK\r\nRefresh: 0;url=/next\r\nLink: </next>; rel=preload\r\nAlt-Svc: h3="127.0.0.1:443"\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n'
				)
			)
		);
		const context = makeContext( { allow: `127.0.0.1:${ server.port }` } );
		const { status_code } = await http( makeRequest( `http://127.0.0.1:${ server.port }/` ), context );
		assert.deepEqual( [ status_code, server.connections() ], [ 200, 1 ] );
	} );

	test( 'F49 a Location in UTF-8 is followed as a browser does', async () => {
		const seen: string[] = [];
		const utf8_as_bytes = Buffer.from( '/büro' ).toString( 'latin1' );
		await using server = await redirecting( ( at ) => ( at === '/' ? utf8_as_bytes : null ), seen );
		const context = makeContext( { allow: `127.0.0.1:${ server.port }` } );
		const { status_code } = await http( makeRequest( `http://127.0.0.1:${ server.port }/` ), context );
		assert.deepEqual( [ status_code, path( seen[ 1 ] ?? '' ) ], [ 200, '/b%C3%BCro' ] );
	} );

	test( 'another origin gets neither credentials nor the body', async () => {
		const seen: string[] = [];
		await using other = await redirecting( () => null, seen );
		await using server = await redirecting( () => `http://www.acme.com:${ other.port }/`, seen, 307 );
		const context = makeContext( { allow: `127.0.0.1:${ server.port }+${ other.port }` } );
		const headers = [
			[ 'Authorization', 'Bearer secret' ],
			[ 'Cookie', 'id=secret' ],
			[ 'X-Token', 'secret' ],
			[ 'User-Agent', 'passes with secret' ],
			[ 'Accept', 'text/html' ],
		] as const;
		await http( makeRequest( `http://127.0.0.1:${ server.port }/`, { method: 'POST', headers, body: 'secret' } ), context );
		assert.match( seen[ 0 ] ?? '', /Bearer secret[^]*Cookie: id=secret[^]*X-Token: secret[^]*passes with secret/ );
		assert.doesNotMatch( seen[ 1 ] ?? '', /secret/ );
		assert.match( seen[ 1 ] ?? '', /Accept: text\/html/ );
		assert.match( seen[ 1 ] ?? '', /User-Agent: test/ );
	} );

	test( 'HEAD falls back to GET on 403, 405 and 501', async () => {
		for ( const status of [ 403, 405, 501, 404 ] ) {
			const methods: string[] = [];
			await using server = await rawServer(
				afterRequest( ( socket, request ) => {
					methods.push( request.split( ' ' )[ 0 ] ?? '' );
					socket.end( `HTTP/1.1 ${ request.startsWith( 'HEAD' ) ? status : 200 } X\r\nContent-Length: 0\r\n\r\n` );
				} )
			);
			const context = makeContext( { allow: `127.0.0.1:${ server.port }` } );
			const { status_code } = await http( makeRequest( `http://127.0.0.1:${ server.port }/`, { method: 'HEAD' } ), context );
			assert.deepEqual( [ methods, status_code ], status === 404 ? [ [ 'HEAD' ], 404 ] : [ [ 'HEAD', 'GET' ], 200 ] );
		}
	} );

	test( 'an abort ends a check with its reason', async () => {
		await using server = await rawServer( () => undefined );
		const stop = new AbortController();
		const context = makeContext( { allow: `127.0.0.1:${ server.port }`, signal: stop.signal } );
		const checking = http( makeRequest( `http://127.0.0.1:${ server.port }/` ), context );
		setTimeout( () => stop.abort( new Error( 'stopped' ) ), 50 );
		await assert.rejects( checking, /stopped/ );
	} );
} );
