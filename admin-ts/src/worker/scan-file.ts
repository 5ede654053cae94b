import { RollcallError, messageOf } from '../../../companion/src/errors.ts';
import { makeScanner } from '../../../companion/src/match/scan.ts';
import type { Progress, ScannedHosts } from './protocol.ts';

/** What is read at once: memory does not grow with the file, and between two pieces the task can be stopped. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** A name and the address in angle brackets behind it, as a mail program copies its recipients. */
const NAMED = /(?:"[^"\n]{0,200}"\s{0,5}|[^",;\t\n<>]{0,200})<([^<>\s@]{1,64}@[^<>\s@]{1,255})>/gu;

/** A pasted text without the names before its addresses; files of users are tables and keep to the stricter rule. */
export function bareAddresses( text: string ): string {
	return text.replace( NAMED, '$1' );
}

/** Reads a file or text of any size down to its hosts with the number of people at each. No address is kept.
 *  Error: file_unreadable for what is no text, or can no longer be read. */
export async function scanFile(
	file: Blob | string,
	onProgress: ( progress: Progress ) => void,
	signal: AbortSignal
): Promise< ScannedHosts > {
	const blob = typeof file === 'string' ? new Blob( [ bareAddresses( file ) ] ) : file;
	const scanner = makeScanner();
	for ( let at = 0; at < blob.size; at += PIECE_BYTES ) {
		const piece = await readPiece( blob.slice( at, at + PIECE_BYTES ) );
		signal.throwIfAborted();
		scanner.push( piece );
		onProgress( { bytes_read: at + piece.length, bytes_total: blob.size, rows_read: scanner.rowsRead() } );
	}
	const { rows_read, hosts, invalid } = scanner.end();
	return {
		rows_read,
		hosts: [ ...hosts ].map( ( [ host, user_count ] ) => ( { host, user_count } ) ).sort( ( a, b ) => b.user_count - a.user_count ),
		reasons: [ ...invalid ].map( ( [ reason, user_count ] ) => ( { reason, user_count } ) ),
	};
}

/** A file that was moved or changed since it was chosen fails here. */
async function readPiece( piece: Blob ): Promise< Uint8Array > {
	try {
		return new Uint8Array( await piece.arrayBuffer() );
	} catch ( cause ) {
		throw new RollcallError( 'file_unreadable', `The file could not be read further: ${ messageOf( cause ) }`, { cause } );
	}
}
