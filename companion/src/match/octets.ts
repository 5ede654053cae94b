import { cutHost, encodeHost } from './cut-host.ts';

export const LINE_FEED = 10;
export const CARRIAGE_RETURN = 13;
export const SPACE = 32;
export const QUOTE = 34;
export const DOT = 46;
export const AT = 64;
export const NON_ASCII = 128;

/** Longest cell that is read here, and longest host as `cutHost` takes it. */
export const MAX_CELL = 1024;
export const MAX_HOST = 253;
export const MAX_QUOTED = 65_536;
export const MAX_ENTRIES = 8;

/** Octets that a caller must leave free behind the end of what it gives to `take`. */
export const SENTINELS = 8;

/** Lower case of the octets that hosts are made of, 0 for all others. Those of UTF-8 count as they are. */
export const HOST = octetTable( ( octet ) => {
	const letter = String.fromCharCode( octet ).toLowerCase();
	return octet >= NON_ASCII ? octet : /[a-z0-9._-]/u.test( letter ) ? letter.charCodeAt( 0 ) : 0;
} );
export const IS_LOCAL = 0;
export const IS_ODD = 1;
export const IS_DELIMITER = 2;
/** From here on: what a usual row does not go past. */
export const LINE_END = 3;
const IS_AT = 4;
const IS_QUOTE = 5;
export const KINDS = new Map( [
	[ LINE_FEED, LINE_END ],
	[ CARRIAGE_RETURN, LINE_END ],
	[ AT, IS_AT ],
	[ QUOTE, IS_QUOTE ],
] );
/** Octets of a local part that say nothing about the host: no quoting, comment, display name, white space or URL. */
export const LOCAL = octetTable( ( octet ) =>
	octet > SPACE && octet < 127 && ! '"()<>@:'.includes( String.fromCharCode( octet ) ) ? IS_LOCAL : IS_ODD
);
/** By kind: what ends a plain cell, or is an at in it. */
export const CELL_ENDS = [ false, false, true, true, true, false ];
/** What is looked for in a quoted cell. */
export const IN_QUOTES = octetTable( ( octet ) => Number( octet === QUOTE || octet === AT ) );

/** Where the next at, line feed or carriage return stands. Both line ends are found by what is below 14; what else is, such
 *  as the tab, is stepped over. */
export function atOrLineEnd( view: DataView, from: number ): number {
	for ( let at = from; ; at += 4 ) {
		const word = view.getInt32( at, true );
		const ats = word ^ 0x40404040;
		const found = ( ( ( ats - 0x01010101 ) & ~ats ) | ( ( word - 0x0e0e0e0e ) & ~word ) ) & 0x80808080;
		if ( found !== 0 ) {
			const place = at + octetOf( found & -found );
			const octet = view.getUint8( place );
			if ( octet === AT || octet === LINE_FEED || octet === CARRIAGE_RETURN ) {
				return place;
			}
			at = place - 3;
		}
	}
}

/** The top bit of octets that end a host: those below the hyphen, and the delimiter. The first one is certain. */
export function endsOfHost( word: number, delimiter_word: number ): number {
	const delimiters = word ^ delimiter_word;
	return ( ( ( delimiters - 0x01010101 ) & ~delimiters ) | ( ( word - 0x2d2d2d2d ) & ~word ) ) & 0x80808080;
}

/** The place, 0 to 3, of the octet in which a single bit is. */
export function octetOf( bit: number ): number {
	return ( 31 - Math.clz32( bit ) ) >> 3;
}

/** Whether octets of UTF-8 are a host that `cutHost` takes as it stands. */
export function isUnicodeHost( bytes: Uint8Array ): boolean {
	const text = textOf( bytes );
	const cut = cutHost( `a@${ text }` );
	return cut.ok && cut.host === encodeHost( text );
}

/** With its ASCII letters in lower case. */
export function textOf( bytes: Uint8Array ): string {
	const text = new TextDecoder( 'utf-8', { ignoreBOM: true } ).decode( bytes );
	return text.replace( /[A-Z]+/gu, ( letters ) => letters.toLowerCase() );
}

/** A table by octet. */
export function octetTable( valueOf: ( octet: number ) => number ): Uint8Array {
	return Uint8Array.from( { length: 256 }, ( _, octet ) => valueOf( octet ) );
}
