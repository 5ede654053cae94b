import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ListWork } from '../../../companion/src/contract/exchange.ts';
import { parseAllow } from '../../../companion/src/guard/allow.ts';
import { guardedFetcher } from '../../../companion/src/guard/fetcher.ts';
import { openListCache } from '../../../companion/src/lists/cache.ts';
import { sha256 } from '../../../companion/src/lists/sha256.ts';
import { updateList, type ListOutcome, type ListTools, type ListUpdate } from '../../../companion/src/lists/update.ts';
import { localServer } from '../guard/local-server.ts';
import { NOW_MS, TOOLS } from './make-list.ts';

export type Upstream = { status: number; body: string; etag: string | null };

/** A list on a local server, an empty state folder and the tools that point at both. */
export async function makePlace( body: unknown ): Promise< {
	upstream: Upstream;
	work: ListWork;
	folder: string;
	/** Name of a file of the list; `kind` is `.previous` or `.refused`. */
	nameOf: ( kind?: string ) => string;
	hits: string[];
	reopen: () => ListTools;
	update: ( more?: Partial< ListUpdate > ) => Promise< ListOutcome >;
	[ Symbol.asyncDispose ]: () => Promise< void >;
} > {
	const upstream: Upstream = { status: 200, body: JSON.stringify( body ), etag: null };
	const server = await localServer( ( request, response ) => {
		if ( upstream.etag !== null && request.headers[ 'if-none-match' ] === upstream.etag ) {
			response.writeHead( 304 ).end();
			return;
		}
		response
			.writeHead( upstream.status, { 'content-encoding': 'gzip', ...( upstream.etag === null ? {} : { etag: upstream.etag } ) } )
			.end( gzipSync( upstream.body ) );
	} );
	const parent = await mkdtemp( join( tmpdir(), 'rollcall-lists-' ) );
	const folder = join( parent, 'lists' );
	const fetcher = guardedFetcher( { policy: { allow: parseAllow( `127.0.0.1:${ server.port }` ), nat64: false } } );
	const reopen = (): ListTools => ( { cache: openListCache( folder, sha256 ), fetcher, parse: TOOLS } );
	const tools = reopen();
	const work: ListWork = {
		list_uid: 'yc',
		source: 'yc',
		url: `http://127.0.0.1:${ server.port }/all.json`,
		active_version: 0,
		active_sha256: null,
		active_row_count: 0,
		active_fetched_at_ms: null,
		staging_sha256: null,
		staged_pages: 0,
		schedule_hours: 24,
		accept_shrunk: false,
	};
	return {
		upstream,
		work,
		folder,
		nameOf: ( kind = '' ) =>
			`${ work.list_uid }.${ createHash( 'sha256' ).update( work.url ).digest( 'hex' ).slice( 0, 16 ) }${ kind }.json`,
		hits: server.hits,
		reopen,
		update: ( more = {} ) => updateList( { list: work, tools, now_ms: NOW_MS, signal: new AbortController().signal, ...more } ),
		[ Symbol.asyncDispose ]: async () => {
			await server[ Symbol.asyncDispose ]();
			await rm( parent, { recursive: true } );
		},
	};
}
