import { makeRowReader } from './csv-rows.ts';
import { encodingOf, HEAD_OCTETS } from './text-encoding.ts';

/** Text goes to the reader in pieces, so that a line of 20 MiB of commas is cut instead of becoming 20 million cells. */
const PIECE = 65_536;

/** Gives the rows of a whole table to `sink`, blank lines left out: UTF-8, UTF-16, or Windows-1252 when it is no UTF-8,
 *  which spreadsheets still write. Error: file_unreadable for what is no text. */
export function readRows( bytes: Uint8Array, sink: ( cells: string[] ) => void ): void {
	const reader = makeRowReader( sink );
	// Excel's own note of the delimiter, before the heading.
	const text = decode( bytes ).replace( /^sep=.\r?\n/iu, '' );
	for ( let at = 0; at < text.length; at += PIECE ) {
		reader.push( text.slice( at, at + PIECE ) );
	}
	reader.end();
}

function decode( bytes: Uint8Array ): string {
	const encoding = encodingOf( bytes.subarray( 0, HEAD_OCTETS ) );
	try {
		return new TextDecoder( encoding, { fatal: encoding === 'utf-8' } ).decode( bytes );
	} catch {
		// Octets that are no UTF-8: the only other encoding of one octet a letter that is common in CSV files.
		return new TextDecoder( 'windows-1252' ).decode( bytes );
	}
}
