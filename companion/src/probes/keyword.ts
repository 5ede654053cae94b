import type { Body } from './probe.ts';

/** How much of a page is looked through for a meta element (HTML Standard, "determining the character encoding"). */
const META_OCTETS = 1024;

/** Byte order marks. */
const MARKS: readonly ( readonly [ string, readonly number[] ] )[] = [
	[ 'utf-8', [ 0xef, 0xbb, 0xbf ] ],
	[ 'utf-16be', [ 0xfe, 0xff ] ],
	[ 'utf-16le', [ 0xff, 0xfe ] ],
];

/** A body as the text in which keywords are sought: its charset by byte order mark, else by the header, else by a meta element,
 *  else UTF-8; in NFC. Nothing else is changed: entities stay, comments and scripts are text like any other. */
export function bodyText( bytes: Uint8Array, content_type: string, whole: boolean ): Body {
	const charset = charsetOf( bytes, content_type );
	return { text: new TextDecoder( charset ).decode( bytes ).normalize( 'NFC' ), charset, whole };
}

function charsetOf( bytes: Uint8Array, content_type: string ): string {
	const mark = MARKS.find( ( [ , octets ] ) => octets.every( ( octet, index ) => bytes[ index ] === octet ) );
	return mark?.[ 0 ] ?? knownCharset( labelIn( content_type ) ) ?? metaCharset( bytes ) ?? 'utf-8';
}

/** The charset of a label as TextDecoder names it, so `iso-8859-1` is windows-1252; null for one that does not exist. */
function knownCharset( label: string | undefined ): string | null {
	try {
		return label === undefined ? null : new TextDecoder( label ).encoding;
	} catch ( error ) {
		if ( error instanceof RangeError ) {
			return null;
		}
		throw error;
	}
}

/** What the meta elements at the start of a page say. UTF-16 is a lie there: it could not have been read. */
function metaCharset( bytes: Uint8Array ): string | null {
	const head = new TextDecoder( 'latin1' ).decode( bytes.subarray( 0, META_OCTETS ) ).replace( /<!--[\s\S]*?(?:-->|$)/g, '' );
	for ( const [ element ] of head.matchAll( /<meta[\s/][^>]*>/gi ) ) {
		const charset = knownCharset( labelIn( element ) );
		if ( charset !== null ) {
			return charset.startsWith( 'utf-16' ) ? 'utf-8' : charset;
		}
	}
	return null;
}

function labelIn( text: string ): string | undefined {
	return /\bcharset\s*=\s*["']?\s*([\w.:-]{1,40})/i.exec( text.slice( 0, META_OCTETS ) )?.[ 1 ];
}
