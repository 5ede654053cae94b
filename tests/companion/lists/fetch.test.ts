import assert from 'node:assert/strict';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { guardedFetcher } from '../../../companion/src/guard/fetcher.ts';
import { parseAllow } from '../../../companion/src/guard/allow.ts';
import { fetchListBytes, readListFile, type ListBytes } from '../../../companion/src/lists/fetch.ts';
import { MAX_LIST_BYTES } from '../../../companion/src/lists/limits.ts';
import { localServer, type LocalServer } from '../guard/local-server.ts';

const NEVER = new AbortController().signal;

function get(
	{ port }: LocalServer,
	options: { etag?: string; signal?: AbortSignal; deadline_ms?: number } = {}
): Promise< ListBytes | null > {
	const fetcher = guardedFetcher( { policy: { allow: parseAllow( `127.0.0.1:${ port }` ), nat64: false } } );
	return fetchListBytes( {
		url: `http://127.0.0.1:${ port }/all.json`,
		etag: options.etag ?? null,
		fetcher,
		signal: options.signal ?? NEVER,
		deadline_ms: options.deadline_ms,
	} );
}

const textOf = ( list: ListBytes | null ): string => new TextDecoder().decode( list?.bytes );
const LIST = '[{"id":7,"name":"Tidewren"}]';

describe( 'fetching a list', () => {
	test( 'gives bytes, ETag and the time of Last-Modified', async () => {
		await using server = await localServer( ( _request, response ) =>
			response.writeHead( 200, { etag: '"v1"', 'last-modified': 'Mon, 23 Nov 2026 00:00:00 GMT' } ).end( LIST )
		);
		const list = await get( server );
		assert.deepEqual( [ textOf( list ), list?.etag, list?.updated_at_ms ], [ LIST, '"v1"', Date.UTC( 2026, 10, 23 ) ] );
	} );

	const encodings: [ string, Buffer ][] = [
		[ 'identity', Buffer.from( LIST ) ],
		[ 'gzip', gzipSync( LIST ) ],
		[ 'x-gzip', gzipSync( LIST ) ],
		[ 'br', brotliCompressSync( LIST ) ],
		[ 'GZIP', gzipSync( LIST ) ],
	];
	for ( const [ encoding, body ] of encodings ) {
		test( `decodes ${ encoding }`, async () => {
			await using server = await localServer( ( _request, response ) =>
				response.writeHead( 200, { 'content-encoding': encoding } ).end( body )
			);
			assert.equal( textOf( await get( server ) ), LIST );
		} );
	}

	test( 'asks for JSON in gzip or br, and with the ETag at hand', async () => {
		const seen: ( string | undefined )[] = [];
		await using server = await localServer( ( { headers }, response ) => {
			seen.push( headers.accept, String( headers[ 'accept-encoding' ] ), headers[ 'if-none-match' ] );
			response.writeHead( 304 ).end();
		} );
		assert.equal( await get( server, { etag: '"v1"' } ), null );
		assert.deepEqual( seen, [ 'application/json', 'gzip, br', '"v1"' ] );
	} );

	const bomb = gzipSync( Buffer.alloc( MAX_LIST_BYTES + 1, ' ' ) );
	const endless_name = Buffer.concat( [ Buffer.from( '1f8b0808000000000003', 'hex' ), Buffer.alloc( MAX_LIST_BYTES + 1, 'a' ) ] );
	const failures: [ string, RequestListener, string ][] = [
		[ 'a 304 that was not asked for', ( _request, response ) => response.writeHead( 304 ).end(), 'list_unreachable' ],
		[ '404', ( _request, response ) => response.writeHead( 404 ).end( LIST ), 'list_unreachable' ],
		[ '503', ( _request, response ) => response.writeHead( 503 ).end( LIST ), 'list_unreachable' ],
		[ '206', ( _request, response ) => response.writeHead( 206 ).end( LIST ), 'list_unreachable' ],
		[
			'an encoding that nobody asked for',
			( _request, response ) => response.writeHead( 200, { 'content-encoding': 'deflate' } ).end( deflateSync( LIST ) ),
			'list_not_json',
		],
		[
			'two encodings',
			( _request, response ) => response.writeHead( 200, { 'content-encoding': 'gzip, gzip' } ).end( gzipSync( gzipSync( LIST ) ) ),
			'list_not_json',
		],
		[
			'gzip that is none',
			( _request, response ) => response.writeHead( 200, { 'content-encoding': 'gzip' } ).end( LIST ),
			'list_unreachable',
		],
		[
			'gzip cut short',
			( _request, response ) => response.writeHead( 200, { 'content-encoding': 'gzip' } ).end( gzipSync( LIST ).subarray( 0, 20 ) ),
			'list_unreachable',
		],
		[
			'a socket that breaks',
			( _request, response ) => {
				response.writeHead( 200, { 'content-length': 1000 } ).write( LIST, () => response.destroy() );
			},
			'list_unreachable',
		],
		[
			'a length above 20 MiB',
			( _request, response ) => response.writeHead( 200, { 'content-length': MAX_LIST_BYTES + 1 } ).flushHeaders(),
			'list_too_large',
		],
		[
			'more than 20 MiB after decoding',
			( _request, response ) => response.writeHead( 200, { 'content-encoding': 'gzip' } ).end( bomb ),
			'list_too_large',
		],
		[ 'more than 20 MiB without a length', ( _request, response ) => endless( response ), 'list_too_large' ],
		[
			'a gzip header of more than 20 MiB, which decodes to nothing',
			( _request, response ) => response.writeHead( 200, { 'content-encoding': 'gzip' } ).end( endless_name ),
			'list_too_large',
		],
		[
			'headers without end',
			( _request, response ) => {
				response.writeHead( 200, { 'x-flood': 'x'.repeat( 100_000 ) } ).end( LIST );
			},
			'list_unreachable',
		],
	];
	for ( const [ name, answer, code ] of failures ) {
		test( `ends with ${ code } on ${ name }`, async () => {
			await using server = await localServer( answer );
			await assert.rejects( get( server ), { code } );
		} );
	}

	test( 'ends with list_unreachable when nothing listens', async () => {
		const server = await localServer( () => undefined );
		await server[ Symbol.asyncDispose ]();
		await assert.rejects( get( server ), {
			code: 'list_unreachable',
			message: new RegExp( `^GET http://127.0.0.1:${ server.port }/all.json failed: ` ),
		} );
	} );

	test( 'ends with list_timeout before the headers and in the body', async () => {
		await using silent = await localServer( () => undefined );
		await assert.rejects( get( silent, { deadline_ms: 50 } ), { code: 'list_timeout' } );
		await using dripping = await localServer( ( _request, response ) => response.writeHead( 200 ).write( '[' ) );
		await assert.rejects( get( dripping, { deadline_ms: 150 } ), { code: 'list_timeout' } );
	} );

	test( 'ends with cancelled when the caller stops it', async () => {
		await using dripping = await localServer( ( _request, response ) => response.writeHead( 200 ).write( '[' ) );
		await assert.rejects( get( dripping, { signal: AbortSignal.timeout( 100 ) } ), { code: 'cancelled' } );
	} );

	test( 'S67: obeys the guard', async () => {
		await using server = await localServer( ( _request, response ) => response.end( LIST ) );
		const fetcher = guardedFetcher( { policy: { allow: parseAllow( `10.9.9.9:${ server.port }` ), nat64: false } } );
		for ( const host of [ '127.0.0.1', 'localhost', '[::1]' ] ) {
			await assert.rejects( fetchListBytes( { url: `http://${ host }:${ server.port }/`, etag: null, fetcher, signal: NEVER } ), {
				code: 'target_refused',
			} );
		}
		await assert.rejects( fetchListBytes( { url: 'file:///etc/passwd', etag: null, fetcher, signal: NEVER } ), { code: 'bad_url' } );
		assert.deepEqual( server.hits, [] );
	} );
} );

/** Writes until the reader hangs up. */
function endless( response: Parameters< RequestListener >[ 1 ] ): void {
	const chunk = Buffer.alloc( 1024 * 1024, ' ' );
	const write = (): void => {
		while ( ! response.destroyed && response.write( chunk ) ) {
			// As fast as the socket takes it.
		}
	};
	response.writeHead( 200 );
	response.on( 'drain', write );
	write();
}

describe( 'reading a file', () => {
	test( 'gives its bytes; a missing one and one above 20 MiB are refused', async () => {
		const folder = await mkdtemp( join( tmpdir(), 'rollcall-list-' ) );
		try {
			await writeFile( join( folder, 'a.json' ), LIST );
			assert.equal( textOf( await readListFile( join( folder, 'a.json' ) ) ), LIST );
			await truncate( join( folder, 'a.json' ), MAX_LIST_BYTES + 1 );
			await assert.rejects( readListFile( join( folder, 'a.json' ) ), { code: 'list_too_large' } );
			await assert.rejects( readListFile( join( folder, 'b.json' ) ), { code: 'file_unreadable' } );
			await assert.rejects( readListFile( folder ), { code: 'file_unreadable' } );
		} finally {
			await rm( folder, { recursive: true } );
		}
	} );
} );
