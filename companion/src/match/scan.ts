import { makeRowReader } from './csv-rows.ts';
import { FastRows } from './fast-rows.ts';
import { HostCounts } from './host-counts.ts';
import { makeRowCounter, type Counted } from './row-counter.ts';
import { encodingOf, HEAD_OCTETS } from './text-encoding.ts';
import { SENTINELS } from './octets.ts';

export type { Counted } from './row-counter.ts';

/** Takes a file in pieces of any size. Memory depends on the number of distinct hosts, not of rows. */
export type Scanner = { push: ( bytes: Uint8Array ) => void; rowsRead: () => number; end: () => Counted };

/** Octets that are read at once; longer rows take the slow way. */
const BUFFER_OCTETS = 1_048_576;

/** Reads UTF-8 or UTF-16. Any cell that holds an address counts. Domains count in a column whose
 *  heading says so, on a line of their own, or anywhere in a file without heading and addresses.
 *  Error: file_unreadable for what is no text. */
export function makeScanner( buffer_octets = BUFFER_OCTETS ): Scanner {
	const counted: Counted = { rows_read: 0, hosts: new HostCounts(), invalid: new Map() };
	const scan = makeByteScan( counted, buffer_octets );
	let take: ( ( bytes: Uint8Array, last: boolean ) => void ) | null = null;
	let head = new Uint8Array();

	const push = ( bytes: Uint8Array, last: boolean ): void => {
		if ( take !== null ) {
			take( bytes, last );
			return;
		}
		head = concat( head, bytes );
		if ( head.length >= HEAD_OCTETS || last ) {
			const encoding = encodingOf( head );
			take = encoding === 'utf-8' ? scan.push : fromUtf16( encoding, scan.push );
			take( encoding === 'utf-8' && hasByteOrderMark( head ) ? head.subarray( 3 ) : head, last );
			head = new Uint8Array();
		}
	};

	return {
		push: ( bytes ) => push( bytes, false ),
		rowsRead: () => counted.rows_read,
		end: () => {
			push( new Uint8Array(), true );
			scan.end();
			return counted;
		},
	};
}

/** Counts UTF-8: plain rows by their bytes, and each row that is not plain as text, as well as the first ones, which tell
 *  what the columns are. */
function makeByteScan( counted: Counted, buffer_octets: number ) {
	const counter = makeRowCounter( counted );
	const rows = makeRowReader( counter.count );
	const decoder = new TextDecoder( 'utf-8', { ignoreBOM: true } );
	const buffer = new Uint8Array( buffer_octets + SENTINELS );
	let fast: FastRows | null = null;
	let filled = 0;
	/** False within a row that is read as text. */
	let is_row_start = true;
	/** Octets that the text reader gets at least: more and more until it is at the start of a row again, because it begins
	 *  a row anew with each piece. */
	let stride = 0;

	const readAsText = ( from: number, to: number, is_line_end: boolean ): void => {
		rows.push( decoder.decode( buffer.subarray( from, to ), { stream: true } ) );
		is_row_start = is_line_end && ! rows.isWithinRow();
		stride = is_row_start ? 0 : ( to - from ) * 2;
		const delimiter = rows.delimiter();
		if ( fast === null && is_row_start && delimiter !== null && counter.begun() ) {
			fast = new FastRows( counted, counter, delimiter );
			fast.take( buffer, filled );
		}
	};

	/** Counts what can be counted, and moves the rest to the front. */
	const drain = (): void => {
		let at = 0;
		fast?.take( buffer, filled );
		while ( at < filled ) {
			if ( fast !== null && is_row_start ) {
				at = fast.read( at );
				if ( ! fast.is_stuck && at > 0 ) {
					break;
				}
			}
			const end = lineEnd( buffer, at + stride, filled ) ?? lastLineEnd( buffer, at, filled );
			if ( end === null && at > 0 ) {
				break;
			}
			// A row that is longer than the buffer.
			readAsText( at, end ?? filled, end !== null );
			at = end ?? filled;
		}
		buffer.copyWithin( 0, at, filled );
		filled -= at;
	};

	return {
		push: ( bytes: Uint8Array ): void => {
			for ( let at = 0; at < bytes.length; ) {
				const piece = bytes.subarray( at, at + buffer_octets - filled );
				buffer.set( piece, filled );
				filled += piece.length;
				at += piece.length;
				if ( filled === buffer_octets ) {
					drain();
				}
			}
		},
		end: (): void => {
			drain();
			rows.push( decoder.decode( buffer.subarray( 0, filled ) ) );
			rows.end();
			fast?.end();
		},
	};
}

/** Where the line ends behind which the next one begins, from `from` on; null when there is no line end. */
function lineEnd( bytes: Uint8Array, from: number, to: number ): number | null {
	for ( let at = from; at < to; at++ ) {
		if ( isLineEnd( bytes[ at ] ) ) {
			return at + 1;
		}
	}
	return null;
}

function lastLineEnd( bytes: Uint8Array, from: number, to: number ): number | null {
	for ( let at = to; at > from; at-- ) {
		if ( isLineEnd( bytes[ at - 1 ] ) ) {
			return at;
		}
	}
	return null;
}

function isLineEnd( octet: number | undefined ): boolean {
	return octet === 10 || octet === 13;
}

/** UTF-16 as UTF-8; what is no character becomes U+FFFD, as in any text. */
function fromUtf16( encoding: string, push: ( bytes: Uint8Array ) => void ): ( bytes: Uint8Array, last: boolean ) => void {
	const decoder = new TextDecoder( encoding );
	const encoder = new TextEncoder();
	return ( bytes, last ) => push( encoder.encode( decoder.decode( bytes, { stream: ! last } ) ) );
}

function hasByteOrderMark( [ first, second, third ]: Uint8Array ): boolean {
	return first === 0xef && second === 0xbb && third === 0xbf;
}

function concat( a: Uint8Array, b: Uint8Array ): Uint8Array< ArrayBuffer > {
	const both = new Uint8Array( a.length + b.length );
	both.set( a );
	both.set( b, a.length );
	return both;
}
