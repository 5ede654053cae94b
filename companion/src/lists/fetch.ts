import { open } from 'node:fs/promises';
import { PassThrough, type Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { messageOf, RollcallError } from '../errors.ts';
import type { FetchAnswer, Fetcher } from '../guard/fetcher.ts';
import { cleanText } from './clean-text.ts';
import { MAX_LIST_BYTES } from './limits.ts';

const LIST_DEADLINE_MS = 30_000;

export type ListBytes = { bytes: Uint8Array; etag: string | null; updated_at_ms: number | null };

export type ListRequest = {
	url: string;
	/** Of the content at hand; null fetches in any case. */
	etag: string | null;
	fetcher: Fetcher;
	signal: AbortSignal;
	deadline_ms?: number;
	/** What is asked for; default JSON. */
	accept?: string;
};

/** The bytes at a URL; null when they are those of `etag`.
 *  Errors: list_unreachable, list_timeout, list_too_large, list_not_json (an encoding other than gzip and br),
 *  cancelled, and those of the guard. */
export async function fetchListBytes( {
	url,
	etag,
	fetcher,
	signal,
	deadline_ms = LIST_DEADLINE_MS,
	accept = 'application/json',
}: ListRequest ): Promise< ListBytes | null > {
	const deadline = AbortSignal.timeout( deadline_ms );
	const either = AbortSignal.any( [ signal, deadline ] );
	let answer: FetchAnswer | null = null;
	try {
		answer = await fetcher( { url, headers: requestHeaders( etag, accept ), signal: either } );
		if ( answer.status === 304 && etag !== null ) {
			return null;
		}
		if ( answer.status !== 200 ) {
			throw new RollcallError( 'list_unreachable', `GET ${ url } answered ${ answer.status }.` );
		}
		const bytes = await readBody( answer, url, either );
		return { bytes, etag: answer.headers.etag ?? null, updated_at_ms: instantOf( answer.headers[ 'last-modified' ] ) };
	} catch ( error ) {
		if ( signal.aborted ) {
			throw new RollcallError( 'cancelled', `GET ${ url } was cancelled.`, { cause: error } );
		}
		if ( deadline.aborted ) {
			throw new RollcallError( 'list_timeout', `GET ${ url } was not done after ${ deadline_ms / 1000 } s.`, { cause: error } );
		}
		throw error instanceof RollcallError
			? error
			: new RollcallError( 'list_unreachable', `GET ${ url } failed: ${ cleanText( messageOf( error ), 200 ) }`, { cause: error } );
	} finally {
		await answer?.close();
	}
}

/** The bytes of a file that the operator named. Errors: file_unreadable, list_too_large. */
export async function readListFile( path: string ): Promise< ListBytes > {
	try {
		await using file = await open( path );
		const { mtimeMs } = await file.stat();
		// What is not written to takes no memory; the chunks of a stream would all be there twice.
		const buffer = new Uint8Array( MAX_LIST_BYTES + 1 );
		let filled = 0;
		for ( let read = 1; read > 0 && filled < buffer.length; filled += read ) {
			( { bytesRead: read } = await file.read( buffer, filled ) );
		}
		if ( filled > MAX_LIST_BYTES ) {
			throw tooLarge( path );
		}
		return { bytes: buffer.subarray( 0, filled ), etag: null, updated_at_ms: Math.round( mtimeMs ) };
	} catch ( error ) {
		throw error instanceof RollcallError
			? error
			: new RollcallError( 'file_unreadable', `${ path }: ${ messageOf( error ) }`, { cause: error } );
	}
}

function requestHeaders( etag: string | null, accept: string ): Record< string, string > {
	const headers = { accept, 'accept-encoding': 'gzip, br', 'user-agent': 'Rollcall (companies list)' };
	return etag === null ? headers : { ...headers, 'if-none-match': etag };
}

async function readBody( answer: FetchAnswer, url: string, signal: AbortSignal ): Promise< Uint8Array > {
	if ( Number( answer.headers[ 'content-length' ] ?? 0 ) > MAX_LIST_BYTES ) {
		throw tooLarge( url );
	}
	return pipeline(
		answer.body,
		( wire: Readable ) => capped( wire, url ),
		decoder( answer.headers[ 'content-encoding' ], url ),
		( decoded: AsyncIterable< Uint8Array > ) => wholeOf( capped( decoded, url ) ),
		{ signal }
	);
}

async function wholeOf( bytes: AsyncIterable< Uint8Array > ): Promise< Uint8Array > {
	const chunks: Uint8Array[] = [];
	for await ( const chunk of bytes ) {
		chunks.push( chunk );
	}
	return Buffer.concat( chunks );
}

async function* capped( bytes: AsyncIterable< Uint8Array >, url: string ): AsyncGenerator< Uint8Array > {
	let total = 0;
	for await ( const chunk of bytes ) {
		total += chunk.length;
		if ( total > MAX_LIST_BYTES ) {
			throw tooLarge( url );
		}
		yield chunk;
	}
}

function decoder( encoding: string | undefined, url: string ): Transform {
	switch ( encoding?.trim().toLowerCase() ?? '' ) {
		case '':
		case 'identity':
			return new PassThrough();
		case 'gzip':
		case 'x-gzip':
			return createGunzip();
		case 'br':
			return createBrotliDecompress();
		default:
			throw new RollcallError(
				'list_not_json',
				`GET ${ url } answered in the encoding "${ cleanText( encoding ?? '', 40 ) }"; gzip and br are read.`
			);
	}
}

function tooLarge( origin: string ): RollcallError {
	return new RollcallError( 'list_too_large', `${ origin } is larger than ${ MAX_LIST_BYTES / 1024 / 1024 } MiB.` );
}

function instantOf( date: string | undefined ): number | null {
	const instant = Date.parse( date ?? '' );
	return Number.isSafeInteger( instant ) && instant > 0 ? instant : null;
}
