import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { CheckCode, CheckWarning, MonitorState } from '../../../companion/src/contract/vocabulary.ts';
import { http } from '../../../companion/src/probes/http.ts';
import type { Limits } from '../../../companion/src/probes/limits.ts';
import { afterRequest, drip, flood, makeContext, makeRequest, rawServer } from './make-context.ts';

type Row = {
	/** Row of the specification and what is wrong. */
	fault: string;
	answer: ( socket: Socket, request: string ) => void;
	/** Answers before the request is there. */
	at_once?: true;
	needs_body?: true;
	limits?: Partial< Limits >;
	/** Without a code the target answered, and its status is the verdict. */
	state?: MonitorState;
	code?: CheckCode;
	message?: RegExp;
	status: number | null;
	warnings?: CheckWarning[];
	/** What the body begins with. */
	body?: RegExp;
};

const says = ( text: string | Buffer ) => ( socket: Socket ) => void socket.end( text );
const head = ( ...fields: string[] ): string => [ 'HTTP/1.1 200 OK', ...fields, '', '' ].join( '\r\n' );
const withBody = ( body: Buffer, ...fields: string[] ): Buffer =>
	Buffer.concat( [ Buffer.from( head( `Content-Length: ${ body.length }`, ...fields ) ), body ] );
const reset = ( socket: Socket ): void => void socket.resetAndDestroy();
const soon = { total_ms: 500, idle_body_ms: 100 };
const MIB = 1_048_576;

const ROWS: Row[] = [
	{
		fault: 'F39 accepts, then silence',
		answer: () => undefined,
		limits: soon,
		code: 'header_timeout',
		message: /got no complete header in time/,
		status: null,
	},
	{
		fault: 'F40 one header field every 30 ms',
		answer: ( socket ) => {
			socket.write( 'HTTP/1.1 200 OK\r\n' );
			drip( socket, 'X-A: b\r\n', 30 );
		},
		limits: soon,
		code: 'header_timeout',
		status: null,
	},
	{
		fault: 'F41 endless body that nobody needs',
		answer: ( socket ) => {
			socket.write( head() );
			flood( socket, Buffer.alloc( 65_536, 'a' ) );
		},
		status: 200,
		warnings: [ 'body_capped' ],
	},
	{
		fault: 'F41 endless body that is needed',
		answer: ( socket ) => {
			socket.write( head() );
			flood( socket, Buffer.alloc( 65_536, 'a' ) );
		},
		needs_body: true,
		status: 200,
		warnings: [ 'body_capped' ],
		body: /^a{99}/,
	},
	{
		fault: 'F42 dripped body that nobody needs',
		answer: ( socket ) => {
			socket.write( head() );
			drip( socket, 'x', 30 );
		},
		limits: { ...soon, total_ms: 3000 },
		status: 200,
	},
	{
		fault: 'F42 dripped body that is needed',
		answer: ( socket ) => {
			socket.write( head() );
			drip( socket, 'x', 30 );
		},
		needs_body: true,
		limits: soon,
		code: 'body_timeout',
		message: /after \d+ bytes of the body/,
		status: 200,
	},
	{
		fault: 'F43 gzip bomb',
		answer: says( withBody( gzipSync( Buffer.alloc( 64 * MIB ) ), 'Content-Encoding: gzip' ) ),
		needs_body: true,
		status: 200,
		warnings: [ 'body_capped' ],
	},
	{
		fault: 'F43 gzip in gzip',
		answer: says( withBody( gzipSync( gzipSync( Buffer.alloc( 64 * MIB ) ) ), 'Content-Encoding: gzip, gzip' ) ),
		needs_body: true,
		status: 200,
		warnings: [ 'body_capped' ],
	},
	{
		fault: 'F43 brotli bomb',
		answer: says( withBody( brotliCompressSync( Buffer.alloc( 16 * MIB ) ), 'Content-Encoding: br' ) ),
		needs_body: true,
		status: 200,
		warnings: [ 'body_capped' ],
	},
	{
		fault: 'a body in gzip is read',
		answer: says( withBody( gzipSync( 'hello there' ), 'Content-Encoding: gzip' ) ),
		needs_body: true,
		status: 200,
		body: /^hello there$/,
	},
	{
		fault: 'F44 500 content-encodings',
		answer: says( withBody( Buffer.from( 'x' ), `Content-Encoding: ${ Array( 500 ).fill( 'gzip' ).join( ',' ) }` ) ),
		needs_body: true,
		code: 'decode_failed',
		message: /500 content-encodings/,
		status: 200,
	},
	{
		fault: 'F44 500 content-encodings that nobody undoes',
		answer: says( withBody( Buffer.from( 'x' ), `Content-Encoding: ${ Array( 500 ).fill( 'gzip' ).join( ',' ) }` ) ),
		status: 200,
	},
	{
		fault: 'F45 says gzip and is plain',
		answer: says( withBody( Buffer.from( 'plain' ), 'Content-Encoding: gzip' ) ),
		needs_body: true,
		code: 'decode_failed',
		message: /no valid gzip/,
		status: 200,
	},
	{ fault: 'F45 the same that nobody needs', answer: says( withBody( Buffer.from( 'plain' ), 'Content-Encoding: gzip' ) ), status: 200 },
	{ fault: 'F46 header of 1 MB', answer: says( head( `X-A: ${ 'a'.repeat( MIB ) }` ) ), code: 'header_overflow', status: null },
	{ fault: 'F46 header of 17 KiB', answer: says( head( `X-A: ${ 'a'.repeat( 17 * 1024 ) }` ) ), code: 'header_overflow', status: null },
	{
		fault: 'F46 2,500 header fields',
		answer: says( head( ...Array( 2500 ).fill( 'A: b' ) ) ),
		code: 'header_overflow',
		message: /more than 200/,
		status: null,
	},
	{
		fault: 'F49 Location of 5 MB',
		answer: says( `HTTP/1.1 302 Found\r\nLocation: /${ 'a'.repeat( 5 * MIB ) }\r\n\r\n` ),
		code: 'header_overflow',
		status: null,
	},
	{ fault: 'F49 302 without Location', answer: says( 'HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n' ), status: 302 },
	{ fault: 'F49 300 with a body', answer: says( 'HTTP/1.1 300 Multiple\r\nContent-Length: 1\r\n\r\nx' ), status: 300 },
	{ fault: 'F55 reset before the header', answer: reset, code: 'connect_reset', status: null },
	{ fault: 'F55 reset as soon as it is accepted', answer: reset, at_once: true, code: 'connect_reset', status: null },
	{
		fault: 'F55 reset within the header',
		answer: ( socket ) => void socket.write( 'HTTP/1.1 200 OK\r\nX-', () => setTimeout( reset, 20, socket ) ),
		code: 'connect_reset',
		status: null,
	},
	{
		fault: 'F55 reset within a body that is needed',
		answer: ( socket ) => void socket.write( `${ head( 'Content-Length: 99' ) }x`, () => setTimeout( reset, 20, socket ) ),
		needs_body: true,
		code: 'body_reset',
		status: 200,
	},
	{
		fault: 'F55 reset within a body that nobody needs',
		answer: ( socket ) => void socket.write( `${ head( 'Content-Length: 99' ) }x`, () => setTimeout( reset, 20, socket ) ),
		status: 200,
	},
	{ fault: 'closes without an answer', answer: ( socket ) => void socket.end(), code: 'connect_reset', status: null },
	{ fault: 'F56 HTTP/0.9', answer: says( '<html>hello</html>' ), code: 'protocol', message: /HPE_|Expected/, status: null },
	{ fault: 'F56 SSH', answer: says( 'SSH-2.0-OpenSSH_9.2\r\n' ), at_once: true, code: 'protocol', status: null },
	{ fault: 'F56 binary', answer: says( Buffer.from( [ 0, 255, 1, 2, 3 ] ) ), code: 'protocol', status: null },
	{
		fault: 'F57 storm of 2,000 informational responses',
		answer: says( 'HTTP/1.1 102 Processing\r\n\r\n'.repeat( 2000 ) + head( 'Content-Length: 0' ) ),
		code: 'protocol',
		message: /more than 20 informational/,
		status: null,
	},
	{
		fault: 'F57 endless informational responses',
		answer: ( socket ) => flood( socket, Buffer.from( 'HTTP/1.1 100 Continue\r\n\r\n'.repeat( 100 ) ) ),
		code: 'protocol',
		status: null,
	},
	{
		fault: 'F57 20 informational responses are fine',
		answer: says( 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat( 20 ) + head( 'Content-Length: 0' ) ),
		status: 200,
	},
	{
		fault: 'F57 101',
		answer: says( 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n' ),
		code: 'protocol',
		message: /101/,
		status: null,
	},
	{ fault: 'F58 204 with a body', answer: says( 'HTTP/1.1 204 No Content\r\n\r\nbody' ), status: 204, warnings: [ 'framing' ] },
	{ fault: 'F58 304 with a body', answer: says( 'HTTP/1.1 304 Not Modified\r\n\r\nbody' ), status: 304, warnings: [ 'framing' ] },
	{ fault: 'F58 Content-Length too short', answer: says( `${ head( 'Content-Length: 1' ) }abc` ), status: 200, warnings: [ 'framing' ] },
	{
		fault: 'F58 the same, needed',
		answer: says( `${ head( 'Content-Length: 1' ) }abc` ),
		needs_body: true,
		code: 'protocol',
		status: 200,
	},
	{
		fault: 'F58 Content-Length too long',
		answer: says( `${ head( 'Content-Length: 99' ) }abc` ),
		status: 200,
		warnings: [ 'framing' ],
	},
	{
		fault: 'F58 the same, needed',
		answer: says( `${ head( 'Content-Length: 99' ) }abc` ),
		needs_body: true,
		code: 'body_truncated',
		message: /after 3 bytes/,
		status: 200,
	},
	{
		fault: 'F58 two Content-Length',
		answer: says( `${ head( 'Content-Length: 1', 'Content-Length: 2' ) }a` ),
		code: 'protocol',
		status: null,
	},
	{ fault: 'F58 negative Content-Length', answer: says( head( 'Content-Length: -1' ) ), code: 'protocol', status: null },
	{
		fault: 'F58 Transfer-Encoding and Content-Length',
		answer: says( `${ head( 'Content-Length: 1', 'Transfer-Encoding: chunked' ) }0\r\n\r\n` ),
		code: 'protocol',
		status: null,
	},
	{ fault: 'F58 bad chunk', answer: says( `${ head( 'Transfer-Encoding: chunked' ) }zz\r\n` ), status: 200, warnings: [ 'framing' ] },
	{
		fault: 'F58 bad chunk, needed',
		answer: says( `${ head( 'Transfer-Encoding: chunked' ) }zz\r\n` ),
		needs_body: true,
		code: 'protocol',
		status: 200,
	},
	{
		fault: 'F58 huge chunk',
		answer: says( `${ head( 'Transfer-Encoding: chunked' ) }${ 'f'.repeat( 20 ) }\r\n` ),
		status: 200,
		warnings: [ 'framing' ],
	},
	{
		fault: 'F58 cut chunk, needed',
		answer: says( `${ head( 'Transfer-Encoding: chunked' ) }5\r\nab` ),
		needs_body: true,
		code: 'body_truncated',
		status: 200,
	},
	{ fault: 'F58 LF only', answer: says( 'HTTP/1.1 200 OK\nA: b\n\n' ), code: 'protocol', status: null },
	{ fault: 'F58 obs-fold', answer: says( head( 'A: b', ' c', 'Content-Length: 0' ) ), code: 'protocol', status: null },
	{ fault: 'F58 NUL in a header', answer: says( head( 'A: b\0c' ) ), code: 'protocol', status: null },
	{ fault: 'F59 status 000', answer: says( 'HTTP/1.1 000 No\r\nContent-Length: 0\r\n\r\n' ), code: 'protocol', status: null },
	{ fault: 'F59 status 999', answer: says( 'HTTP/1.1 999 No\r\nContent-Length: 0\r\n\r\n' ), code: 'protocol', status: null },
	{ fault: 'F59 status 2000', answer: says( 'HTTP/1.1 2000 No\r\nContent-Length: 0\r\n\r\n' ), code: 'protocol', status: null },
	{ fault: 'F59 no reason phrase', answer: says( 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n' ), status: 200 },
	{ fault: 'F59 HTTP/2.0', answer: says( 'HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n' ), code: 'protocol', status: null },
	{
		fault: 'a challenge of a firewall',
		answer: says( 'HTTP/1.1 403 Forbidden\r\ncf-mitigated: challenge\r\nContent-Length: 0\r\n\r\n' ),
		state: 'unknown',
		code: 'challenged',
		message: /Cloudflare/,
		status: 403,
	},
	{
		fault: 'a refusal that is no challenge',
		answer: says( 'HTTP/1.1 403 Forbidden\r\nServer: cloudflare\r\nContent-Length: 0\r\n\r\n' ),
		status: 403,
	},
];

describe( 'faults of HTTP', () => {
	for ( const row of ROWS ) {
		test( `${ row.fault } is ${ row.code ?? `status ${ row.status }` }${ row.needs_body ? ' for who reads the body' : '' }`, async () => {
			await using server = await rawServer( row.at_once ? ( socket ) => row.answer( socket, '' ) : afterRequest( row.answer ) );
			const context = makeContext( { allow: `127.0.0.1:${ server.port }`, limits: row.limits } );
			const began = performance.now();
			const { fault, status_code, warnings, facts, phases } = await http(
				makeRequest( `http://127.0.0.1:${ server.port }/`, { needs_body: row.needs_body ?? false } ),
				context
			);
			const expected = row.code === undefined ? null : { state: row.state ?? 'down', error_code: row.code };
			assert.deepEqual( fault && { state: fault.state, error_code: fault.error_code }, expected, fault?.error_message );
			assert.match( fault?.error_message ?? '', row.message ?? /^/ );
			assert.equal( status_code, row.status );
			assert.deepEqual( warnings, row.warnings ?? [] );
			assert.match( facts.body?.text.slice( 0, 200 ) ?? '', row.body ?? /^/ );
			assert.ok( ( facts.body?.text.length ?? 0 ) <= MIB );
			assert.ok( Buffer.byteLength( fault?.error_message ?? '' ) <= 500 );
			const most_ms = ( row.limits?.total_ms ?? 2000 ) + 300;
			assert.ok( performance.now() - began < most_ms && phases.total_ms < most_ms, `took ${ phases.total_ms } ms` );
		} );
	}
} );
