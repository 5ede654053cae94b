import { RollcallError } from '../errors.ts';
import { cleanText } from './clean-text.ts';
import { MAX_ROWS } from './limits.ts';

/** Deeper texts are refused before they are parsed: 20 MiB of `[` would take a gigabyte. Records have their own, lower limit. */
const MAX_DEPTH = 64;

/** Most values of all records; yc-oss has 228,000 in 2026-06. 20 MiB of `[],` would be seven million, and take half a gigabyte. */
const MAX_VALUES = 4_000_000;

/** JSON of a list. Errors: list_not_json, also for a web page answered with 200; list_shape when nested too deep;
 *  list_too_large for too many values. */
export function parseJson( bytes: Uint8Array, origin: string ): unknown {
	outlineOf( bytes, origin );
	return parsed( bytes, bytes, origin );
}

/** Records of a list, each parsed when it is read: all at once they take 60 MB for a list of ten. Reading throws
 *  list_not_json at what is no JSON. */
export class Records implements Iterable< unknown > {
	readonly length: number;
	private readonly bytes: Uint8Array;
	private readonly origin: string;
	private readonly ends: readonly number[];
	private readonly start: number;

	constructor( bytes: Uint8Array, origin: string, { start, ends, record_count }: Outline ) {
		this.bytes = bytes;
		this.origin = origin;
		this.ends = ends;
		this.start = start;
		this.length = record_count;
	}

	*[ Symbol.iterator ](): Iterator< unknown > {
		let from = this.start;
		for ( const end of this.ends ) {
			yield parsed( this.bytes.subarray( from, end ), this.bytes, this.origin );
			from = end + 1;
		}
	}
}

/** The same, but an array's values as Records; the first MAX_ROWS of them. */
export function parseRecords( bytes: Uint8Array, origin: string ): unknown {
	const outline = outlineOf( bytes, origin );
	return outline.record_count === 0 ? parsed( bytes, bytes, origin ) : new Records( bytes, origin, outline );
}

/** Where the values of an array stand: the first begins at `start`, and each ends before a comma or the last bracket.
 *  None for what is no array, or no JSON. */
type Outline = { start: number; ends: number[]; record_count: number };

function outlineOf( bytes: Uint8Array, origin: string ): Outline {
	const start = startOf( bytes );
	if ( bytes[ start ] === LESS_THAN ) {
		const text = decode( bytes, origin );
		throw new RollcallError( 'list_not_json', `${ origin } is a web page, not JSON: ${ cleanText( text, 80 ) }` );
	}
	const { depth, values, ends, record_count, end } = sizeOf( bytes );
	if ( depth > MAX_DEPTH ) {
		throw new RollcallError( 'list_shape', `${ origin } nests deeper than ${ MAX_DEPTH } levels.` );
	}
	if ( values > MAX_VALUES ) {
		throw new RollcallError( 'list_too_large', `${ origin } holds more than ${ MAX_VALUES } values.` );
	}
	const is_array = bytes[ start ] === OPEN && bytes[ end ] === CLOSE && isBlank( bytes, end + 1, bytes.length );
	const is_filled = is_array && ! ( record_count === 1 && isBlank( bytes, start + 1, end ) );
	return { start: start + 1, ends, record_count: is_filled ? record_count : 0 };
}

/** A part of `bytes`, or all of it, as a value. */
function parsed( part: Uint8Array, bytes: Uint8Array, origin: string ): unknown {
	const text = decode( part, origin, part !== bytes );
	try {
		return JSON.parse( text );
	} catch ( cause ) {
		const shown = cleanText( decode( bytes, origin ), 80 ) || 'it is empty';
		throw new RollcallError( 'list_not_json', `${ origin } is not JSON: ${ shown }`, { cause } );
	}
}

function decode( bytes: Uint8Array, origin: string, ignoreBOM = false ): string {
	try {
		return new TextDecoder( 'utf-8', { fatal: true, ignoreBOM } ).decode( bytes );
	} catch ( cause ) {
		throw new RollcallError( 'list_not_json', `${ origin } is not UTF-8 text.`, { cause } );
	}
}

const QUOTE = 34;
const LESS_THAN = 60;
const OPEN = 91;
const BACKSLASH = 92;
const CLOSE = 93;
const BLANKS = [ 9, 10, 13, 32 ];

/** Behind the byte order mark and white space. */
function startOf( bytes: Uint8Array ): number {
	let at = bytes[ 0 ] === 0xef && bytes[ 1 ] === 0xbb && bytes[ 2 ] === 0xbf ? 3 : 0;
	while ( BLANKS.includes( bytes[ at ] ?? 0 ) ) {
		at++;
	}
	return at;
}

function isBlank( bytes: Uint8Array, from: number, to: number ): boolean {
	return bytes.subarray( from, to ).every( ( octet ) => BLANKS.includes( octet ) );
}

/** What an octet outside of texts does: ends a value, opens or closes a level, begins a text. */
const IS_PLAIN = 0;
const IS_COMMA = 1;
const IS_OPENING = 2;
const IS_CLOSING = 3;
const KINDS = new Uint8Array( 256 );
[ ...',[{]}"' ].forEach( ( sign, index ) => {
	KINDS[ sign.charCodeAt( 0 ) ] = [ IS_COMMA, IS_OPENING, IS_OPENING, IS_CLOSING, IS_CLOSING, 4 ][ index ] ?? IS_PLAIN;
} );

/** Levels and values of a JSON text, as far as needed to refuse it, and where the values of the first level end. */
function sizeOf( bytes: Uint8Array ): { depth: number; values: number; ends: number[]; record_count: number; end: number } {
	const size = { depth: 0, values: 1, ends: [] as number[], record_count: 0, end: -1 };
	let depth = 0;
	for ( let at = 0; at < bytes.length && size.depth <= MAX_DEPTH && size.values <= MAX_VALUES; at++ ) {
		const kind = KINDS[ bytes[ at ] ?? 0 ] ?? IS_PLAIN;
		if ( kind === IS_PLAIN ) {
			continue;
		}
		if ( depth === 1 && ( kind === IS_COMMA || kind === IS_CLOSING ) ) {
			size.record_count++;
			if ( size.ends.length < MAX_ROWS ) {
				size.ends.push( at );
			}
		}
		if ( kind === IS_COMMA ) {
			size.values++;
		} else if ( kind === IS_OPENING ) {
			depth++;
			size.values++;
			size.depth = Math.max( size.depth, depth );
		} else if ( kind === IS_CLOSING ) {
			depth--;
			size.end = depth === 0 && size.end === -1 ? at : size.end;
		} else {
			at = endOfText( bytes, at + 1 );
		}
	}
	return size;
}

/** Where the quote stands that closes a text. */
function endOfText( bytes: Uint8Array, from: number ): number {
	let at = from;
	while ( at < bytes.length && bytes[ at ] !== QUOTE ) {
		at += bytes[ at ] === BACKSLASH ? 2 : 1;
	}
	return at;
}
