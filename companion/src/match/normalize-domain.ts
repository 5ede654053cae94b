import { parse } from 'tldts';
import type { DomainFlag, Reason } from '../contract/vocabulary.ts';
import { cutHost, unsafeText } from './cut-host.ts';
import { isSpecialUse } from './data/special-use.ts';
import { decodeLabel, toUnicode } from './punycode.ts';
import { unicodeFlags } from './unicode-flags.ts';
import { isEmptyUrl, urlParts } from './url-parts.ts';

/** A host in A-label form without trailing dot. `suffix` is its public suffix and `registrable` one label more. */
export type Domain = { ok: true; host: string; registrable: string; suffix: string; flags: DomainFlag[] };
/** `host` is null when the text has no A-label form. */
export type NoDomain = { ok: false; reason: Reason; host: string | null };
export type Normalized = Domain | NoDomain;

const MAX_OCTETS = 2048;
const MAX_HOST_OCTETS = 253;
const MAX_LABEL_OCTETS = 63;
const MAX_LOCAL_OCTETS = 64;

const no = ( reason: Reason, host: string | null = null ): NoDomain => ( { ok: false, reason, host } );

/** The domain of an e-mail address. Takes anything: what is no string has the reason not_string. */
export function hostOfAddress( text: unknown ): Normalized {
	if ( typeof text !== 'string' ) {
		return no( 'not_string' );
	}
	const cut = cutHost( text );
	if ( ! cut.ok ) {
		return no( cut.reason );
	}
	const domain = normalizeHost( cut.host );
	const local = text.trim().slice( 0, text.trim().lastIndexOf( '@' ) );
	const long = domain.ok && new TextEncoder().encode( local ).length > MAX_LOCAL_OCTETS;
	return long ? { ...domain, flags: [ ...domain.flags, 'long_local' ] } : domain;
}

/** The domain of a website as people write it: full URL, `//host`, or bare host with or without a path.
 *  What is no http(s) URL at all has the reason bad_url, an empty text or a scheme alone `empty`. */
export function hostOfUrl( text: unknown ): Normalized {
	if ( typeof text !== 'string' ) {
		return no( 'not_string' );
	}
	if ( text.length > MAX_OCTETS ) {
		return no( 'too_long' );
	}
	if ( isEmptyUrl( text ) ) {
		return no( 'empty' );
	}
	const parts = urlParts( text );
	if ( parts === null ) {
		return no( 'bad_url' );
	}
	const domain = normalizeHost( parts.host );
	const no_url = ! domain.ok && [ 'bad_char', 'bad_hyphen', 'no_dot', 'whitespace' ].includes( domain.reason );
	return no_url ? no( 'bad_url' ) : domain;
}

/** A cell of a list of addresses or domains. A text that a spreadsheet would run is a bad_char, not a host. */
export function hostOfCell( text: string ): Normalized {
	const trimmed = text.trim();
	const formula = /^[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/u.test( trimmed );
	if ( trimmed.lastIndexOf( '@' ) > 0 ) {
		return hostOfAddress( text );
	}
	return formula && ! cutHost( text ).ok ? no( 'bad_char' ) : normalizeHost( text );
}

/** Brings a host to its A-label form and finds its registrable domain (Public Suffix List with its private section;
 *  a top-level domain that is not on it is refused). Takes U-labels, A-labels, and the percent-encoded form in
 *  which WordPress sends hosts. UTS #46 nontransitional; rules M1-M72. */
export function normalizeHost( text: unknown ): Normalized {
	if ( typeof text !== 'string' ) {
		return no( 'not_string' );
	}
	return text.length <= MAX_HOST_OCTETS && PLAIN.test( text ) ? withSuffix( text, text.split( '.' ), [] ) : normalizeAnyHost( text );
}

/** A host in its A-label form without anything to decode, map or refuse; most are. */
const PLAIN = /^(?!.*xn--)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/u;

/** The same as `normalizeHost`, slower for plain hosts. */
export function normalizeAnyHost( text: string ): Normalized {
	if ( text.length > MAX_OCTETS ) {
		return no( 'too_long' );
	}
	const typed = decodeHost( text.trim() );
	const unsafe = unsafeHost( typed );
	if ( unsafe !== null ) {
		return no( unsafe );
	}
	const mapped = mapHost( typed );
	if ( mapped === null ) {
		return no( 'bad_char' );
	}
	const host = mapped.replace( /\.$/u, '' );
	const labels = host.split( '.' );
	const reason = syntaxReason( host, labels );
	if ( reason !== null ) {
		return no( reason );
	}
	const flags = unicodeFlags( host );
	if ( wasMapped( typed, mapped ) ) {
		flags.unshift( 'mapped' );
	}
	return withSuffix( host, labels, flags );
}

/** True when the host is a public suffix that a company, not a registry, put on the list, such as github.io. */
export function isPrivateSuffix( host: string ): boolean {
	return suffixOf( host ).isPrivate === true;
}

function withSuffix( host: string, labels: string[], flags: DomainFlag[] ): Normalized {
	if ( isSpecialUse( labels ) ) {
		return no( 'special_use', host );
	}
	const { publicSuffix, domain, isIcann, isPrivate } = suffixOf( host );
	const listed = isIcann === true || isPrivate === true;
	if ( ! listed ) {
		return labels.length === 1 ? no( 'no_dot' ) : no( 'unlisted_tld' );
	}
	if ( domain === null || publicSuffix === null ) {
		return no( 'public_suffix', host );
	}
	return { ok: true, host, registrable: domain, suffix: publicSuffix, flags };
}

const SUFFIX_ONLY = { allowPrivateDomains: true, extractHostname: false, validateHostname: false, detectIp: false };

/** tldts for the suffix only: without our own checks it accepts leading dots, ports, paths and unlisted domains. */
function suffixOf( host: string ) {
	return parse( host, SUFFIX_ONLY );
}

/** The percent-encoded form decoded. ASCII is never encoded in it, so `%61` stays and is a bad_char. */
function decodeHost( text: string ): string {
	if ( ! text.includes( '%' ) || ! /^(?:[^%]|%[89A-F][0-9A-F])*$/u.test( text ) ) {
		return text;
	}
	try {
		return decodeURIComponent( text );
	} catch {
		// Bytes that are no UTF-8: the percent signs stay and are refused as bad_char.
		return text;
	}
}

function unsafeHost( host: string ): Reason | null {
	if ( host === '' ) {
		return 'empty';
	}
	const unsafe = unsafeText( host );
	if ( unsafe !== null ) {
		return unsafe;
	}
	if ( /\s/u.test( host ) ) {
		return 'whitespace';
	}
	if ( host.startsWith( '[' ) ) {
		return 'ip_literal';
	}
	// U+2260, U+226E and U+226F decompose to an ASCII character that STD3 forbids (UTS #46 4.1).
	return /[^A-Za-z0-9._\-\u{80}-\u{10FFFF}]|[\u2260\u226E\u226F]/u.test( host ) ? 'bad_char' : null;
}

/** UTS #46 mapping by the WHATWG URL parser, which Node and browsers both have. Over 388,864 hosts it never gave
 *  another answer than tr46 where both gave one (tables of 220 kB less). `.x` keeps it from reading IPv4 numbers. */
function mapHost( host: string ): string | null {
	if ( ! /[\u{80}-\u{10FFFF}]/u.test( host ) ) {
		return host.toLowerCase();
	}
	try {
		const mapped = new URL( `http://${ host }.x` ).host;
		return mapped.endsWith( '.x' ) ? mapped.slice( 0, -2 ) : null;
	} catch {
		// No host to the parser; the caller says bad_char.
		return null;
	}
}

/** True when mapping did more than lower-casing and composing, such as full-width letters and ligatures. */
function wasMapped( typed: string, mapped: string ): boolean {
	return typed !== mapped && toUnicode( mapped ) !== toUnicode( typed.normalize( 'NFC' ).toLowerCase().normalize( 'NFC' ) );
}

function syntaxReason( host: string, labels: string[] ): Reason | null {
	if ( labels.includes( '' ) ) {
		return 'empty_label';
	}
	if ( host.length > MAX_HOST_OCTETS ) {
		return 'too_long';
	}
	if ( labels.some( ( label ) => label.length > MAX_LABEL_OCTETS ) ) {
		return 'label_too_long';
	}
	if ( /[^a-z0-9._-]/u.test( host ) ) {
		return 'bad_char';
	}
	if ( host.includes( '_' ) ) {
		return 'underscore';
	}
	if ( labels.some( ( label ) => label.startsWith( '-' ) || label.endsWith( '-' ) ) ) {
		return labels.some( isBadPunycode ) ? 'bad_punycode' : 'bad_hyphen';
	}
	// WHATWG URL, "ends in a number".
	if ( /^(?:\d+|0x[0-9a-f]*)$/u.test( labels.at( -1 ) ?? '' ) ) {
		return 'numeric_tld';
	}
	return labels.some( isBadPunycode ) ? 'bad_punycode' : null;
}

/** RFC 5891 4.2: an A-label decodes to a U-label that encodes to it again. Node's own functions do not check this. */
function isBadPunycode( label: string ): boolean {
	if ( ! label.startsWith( 'xn--' ) ) {
		return false;
	}
	const decoded = decodeLabel( label );
	return decoded === null || /^[\u{0}-\u{7F}]*$/u.test( decoded ) || mapHost( decoded ) !== label;
}
