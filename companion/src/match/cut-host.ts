import type { Reason } from '../contract/vocabulary.ts';

export type Cut = { ok: true; host: string } | { ok: false; reason: Reason };

/** Longest text that is looked at; an address has at most 64 + 1 + 255 octets (RFC 5321 4.5.3.1). */
const MAX_TEXT_OCTETS = 2048;
/** The host column of WordPress. 253 octets of A-label can be more when percent-encoded. */
const MAX_HOST_OCTETS = 1024;
const MAX_ASCII_OCTETS = 253;

const QUOTED = /"(?:[^"\\]|\\.)*"/gsu;
const BIDI = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;
/** Default ignorable characters: UTS #46 would delete them, so that two spellings became one host. */
const INVISIBLE =
	/\u00AD|\u034F|[\u115F\u1160]|[\u17B4\u17B5]|[\u180B-\u180F]|[\u200B-\u200D]|[\u2060-\u2065]|[\u206A-\u206F]|\u3164|[\uFE00-\uFE0F]|\uFEFF|\uFFA0|[\uFFF0-\uFFFB]|[\u{1BCA0}-\u{1BCA3}]|[\u{1D173}-\u{1D17A}]|[\u{E0000}-\u{E0FFF}]/u;
/** Full-width and small commercial at are refused too: the text before them may be a local part. */
const BAD_HOST_CHAR = /[^A-Za-z0-9._\-\u{80}-\u{10FFFF}]|[\uFE6B\uFF20]/u;
const NON_ASCII = /[\u{80}-\u{10FFFF}]/u;

const refuse = ( reason: Reason ): Cut => ( { ok: false, reason } );

/** Why a text cannot be an address or host whatever stands around it; null when nothing is wrong.
 *  Takes the text without outer white space. */
export function unsafeText( text: string ): Reason | null {
	// A decoder turns bytes that are no UTF-8 into U+FFFD.
	if ( ! text.isWellFormed() || text.includes( '\uFFFD' ) ) {
		return 'bad_char';
	}
	if ( /\p{Cc}/u.test( text ) ) {
		return 'control';
	}
	if ( BIDI.test( text ) ) {
		return 'bidi';
	}
	return INVISIBLE.test( text ) ? 'invisible' : null;
}

/** An address without anything unusual; most are. */
const PLAIN = /^[A-Za-z0-9._+-]+@([A-Za-z0-9_-][A-Za-z0-9._-]*)$/u;

/** The same as `cutAnyHost`, faster for plain addresses. */
export function cutHost( text: string ): Cut {
	const plain = text.length <= MAX_ASCII_OCTETS ? PLAIN.exec( text )?.[ 1 ] : undefined;
	return plain === undefined ? cutAnyHost( text ) : { ok: true, host: plain.toLowerCase() };
}

/** Cuts the host out of an address exactly as WordPress does before anything leaves it: ASCII lower-cased, a trailing
 *  dot kept, other characters as percent-encoded UTF-8. Only the host is looked at closely; a local part that no
 *  server would take is not our concern. Both sides run tests/fixtures/email-hosts.json. */
export function cutAnyHost( text: string ): Cut {
	if ( text.length > MAX_TEXT_OCTETS || octets( text ) > MAX_TEXT_OCTETS ) {
		return refuse( 'too_long' );
	}
	const trimmed = text.trim();
	if ( trimmed === '' ) {
		return refuse( 'empty' );
	}
	const unsafe = unsafeText( trimmed );
	if ( unsafe !== null ) {
		return refuse( unsafe );
	}
	// A quoted string is never part of a host, so what it hides may go. A quote that is never closed quotes nothing.
	const masked = trimmed.replace( QUOTED, '""' );
	if ( masked.endsWith( '>' ) && masked.includes( '<' ) ) {
		return refuse( 'display_name' );
	}
	if ( /[()]/u.test( masked ) ) {
		return refuse( 'comment' );
	}
	if ( /\s/u.test( masked ) ) {
		return refuse( 'whitespace' );
	}
	return hostAfterAt( masked.split( '@' ) );
}

function hostAfterAt( [ local, host, ...more ]: string[] ): Cut {
	if ( host === undefined ) {
		return refuse( 'no_at' );
	}
	if ( more.length > 0 ) {
		return refuse( 'multiple_at' );
	}
	if ( local === '' ) {
		return refuse( 'empty_local' );
	}
	if ( host === '' ) {
		return refuse( 'empty' );
	}
	if ( host.startsWith( '[' ) ) {
		return refuse( 'ip_literal' );
	}
	if ( BAD_HOST_CHAR.test( host ) ) {
		return refuse( 'bad_char' );
	}
	const encoded = encodeHost( host );
	const tooLong = NON_ASCII.test( host ) ? encoded.length > MAX_HOST_OCTETS : encoded.replace( /\.$/u, '' ).length > MAX_ASCII_OCTETS;
	return tooLong ? refuse( 'too_long' ) : { ok: true, host: encoded };
}

/** ASCII lower-cased, without the locale's rules; other characters as percent-encoded UTF-8. */
export function encodeHost( host: string ): string {
	return host.replace( /[A-Z]/gu, ( letter ) => letter.toLowerCase() ).replace( /[\u{80}-\u{10FFFF}]+/gu, encodeURIComponent );
}

/** Octets as UTF-8; the characters where the limit cannot be reached, since one takes three octets at most. */
function octets( text: string ): number {
	return text.length * 3 <= MAX_TEXT_OCTETS ? text.length : new TextEncoder().encode( text ).length;
}
