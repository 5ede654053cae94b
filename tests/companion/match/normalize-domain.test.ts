import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DOMAIN_FLAGS, REASONS, type DomainFlag, type Reason } from '../../../companion/src/contract/vocabulary.ts';
import {
	hostOfAddress,
	hostOfCell,
	hostOfUrl,
	isPrivateSuffix,
	normalizeAnyHost,
	normalizeHost,
	type Normalized,
} from '../../../companion/src/match/normalize-domain.ts';

/** Row of the rules, input, and the registrable domain (host when it differs, after a blank) or the reason with `!`. */
type Row = [ rule: string, input: unknown, expected: string, ...flags: DomainFlag[] ];

const label63 = 'a'.repeat( 63 );
const host253 = `${ label63 }.${ label63 }.${ label63 }.${ 'a'.repeat( 57 ) }.com`;
const registrable253 = `${ 'a'.repeat( 57 ) }.com`;

const ADDRESSES: Row[] = [
	[ 'M1', 'a@example.com', 'example.com' ],
	[ 'M2', 'A@EXAMPLE.Com', 'example.com' ],
	[ 'M3', 'a+tag@example.com', 'example.com' ],
	[ 'M4', 'a@sub.mail.example.co.uk', 'example.co.uk sub.mail.example.co.uk' ],
	[ 'M5', '"a@b"@example.com', 'example.com' ],
	[ 'M6', '"a\\"@x.com"@example.com', 'example.com' ],
	[ 'M7', 'a@b@example.com', '!multiple_at' ],
	[ 'M8', 'john.doe', '!no_at' ],
	[ 'M9', '@example.com', '!empty_local' ],
	[ 'M10', 'a@', '!empty' ],
	[ 'M11', '', '!empty' ],
	[ 'M11', null, '!not_string' ],
	[ 'M11', undefined, '!not_string' ],
	[ 'M11', 7, '!not_string' ],
	[ 'M11', [ 'a@example.com' ], '!not_string' ],
	[ 'M12', 'a@[1.2.3.4]', '!ip_literal' ],
	[ 'M12', 'a@[IPv6:2001:db8::1]', '!ip_literal' ],
	[ 'M13', 'a@1.2.3.4', '!numeric_tld' ],
	[ 'M14', 'a@foo.123', '!numeric_tld' ],
	[ 'M14', 'a@foo.0x1', '!numeric_tld' ],
	[ 'M14', 'a@127.1', '!numeric_tld' ],
	[ 'M14 full-width digits', 'a@foo.\uff11\uff12', '!numeric_tld' ],
	[ 'M15', 'a(c)@example.com', '!comment' ],
	[ 'M15', 'a@(c)example.com', '!comment' ],
	[ 'M16', 'Ann <a@example.com>', '!display_name' ],
	[ 'M17', ' a@example.com\n', 'example.com' ],
	[ 'M18', 'a@exam ple.com', '!whitespace' ],
	[ 'M19', 'a@example.com\nBcc: x@evil.com', '!control' ],
	[ 'M20', 'a@example.com\r\n.evil.com', '!control' ],
	[ 'M21', 'a@example.com\0.evil.com', '!control' ],
	[ 'M22', 'a@example.com\t', 'example.com' ],
	[ 'M23', 'a@exam\u200bple.com', '!invisible' ],
	[ 'M24', 'a@exam\u00adple.com', '!invisible' ],
	[ 'M26', 'a@moc.\u202eelpmaxe', '!bidi' ],
	[ 'M27', 'a@xn--mgba3gch31f060k.com', 'xn--mgba3gch31f060k.com' ],
	[ 'M28', 'a@\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.com', '!invisible' ],
	[ 'M29', 'a@example.com.', 'example.com' ],
	[ 'M30', 'a@example.com..', '!empty_label' ],
	[ 'M30', 'a@.example.com', '!empty_label' ],
	[ 'M30', 'a@foo..com', '!empty_label' ],
	[ 'M30 a dot alone', 'a@.', '!empty_label' ],
	[ 'M31', 'a@-foo.com', '!bad_hyphen' ],
	[ 'M31', 'a@foo-.com', '!bad_hyphen' ],
	[ 'M32', 'a@fo--o.com', 'fo--o.com' ],
	[ 'M33', 'a@foo_bar.com', '!underscore' ],
	[ 'M33', 'a@_dmarc.example.com', '!underscore' ],
	[ 'M34', 'a@*.example.com', '!bad_char' ],
	[ 'M34', 'a@example!.com', '!bad_char' ],
	[ 'M34', "a@o'x.com", '!bad_char' ],
	[ 'M35 63 octets', `a@${ label63 }.com`, `${ label63 }.com` ],
	[ 'M35 64 octets', `a@${ label63 }a.com`, '!label_too_long' ],
	[ 'M36 253 octets', `a@${ host253 }`, `${ registrable253 } ${ host253 }` ],
	[ 'M36 254 octets', `a@${ host253.replace( '.com', 'a.com' ) }`, '!too_long' ],
	[ 'M36 254 octets as A-labels', `a@${ label63 }.${ label63 }.${ label63 }.${ '\u00fc'.repeat( 58 ) }.com`, '!too_long' ],
	[ 'M37', 'a'.repeat( 1 << 20 ), '!too_long' ],
	[ 'M38', `${ 'a'.repeat( 65 ) }@example.com`, 'example.com', 'long_local' ],
	[ 'M38 64 octets', `${ 'a'.repeat( 64 ) }@example.com`, 'example.com' ],
	[ 'M39', 'a@b\u00fccher.de', 'xn--bcher-kva.de' ],
	[ 'M39', 'a@xn--bcher-kva.de', 'xn--bcher-kva.de' ],
	[ 'M39', 'a@XN--BCHER-KVA.de', 'xn--bcher-kva.de' ],
	[ 'M39', 'a@B\u00dcCHER.DE', 'xn--bcher-kva.de' ],
	[ 'M40', 'a@fa\u00df.de', 'xn--fa-hia.de' ],
	[ 'M40', 'a@fass.de', 'fass.de' ],
	[ 'M41', 'a@\u03c2.gr', 'xn--3xa.gr' ],
	[ 'M42', 'a@\u0130STANBUL.com', 'xn--istanbul-o0e.com' ],
	[ 'M42', 'a@\u0131.com', 'xn--cfa.com', 'confusable' ],
	[ 'M43', 'a@bu\u0308cher.de', 'xn--bcher-kva.de' ],
	[ 'M44', 'a@\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45\uff0e\uff43\uff4f\uff4d', 'example.com', 'mapped' ],
	[ 'M44', 'a@example\u3002com', 'example.com', 'mapped' ],
	[ 'M45', 'a@\ufb00.com', 'ff.com', 'mapped' ],
	[ 'M45', 'a@\u2177.com', 'viii.com', 'mapped' ],
	[ 'M46', 'a@\u2100.com', '!bad_char' ],
	[ 'M46 full-width equals sign', 'a@a\uff1db.com', '!bad_char' ],
	[ 'M46 not equal to', 'a@a\u2260b.com', '!bad_char' ],
	[ 'M47', 'a@\u0435\u0445ample.com', 'xn--ample-ywe6i.com', 'mixed_script', 'confusable' ],
	[ 'M48', 'a@xn--80ak6aa92e.com', 'xn--80ak6aa92e.com', 'confusable' ],
	[ 'M49', 'a@examp1e.com', 'examp1e.com' ],
	[ 'M50', 'a@xn--a.com', '!bad_punycode' ],
	[ 'M50', 'a@xn--0.com', '!bad_punycode' ],
	[ 'M50', 'a@xn--.com', '!bad_punycode' ],
	[ 'M50', 'a@xn--example.com', '!bad_punycode' ],
	[ 'M50 only ASCII inside', 'a@xn--fass-.com', '!bad_punycode' ],
	[ 'M50 not mapped inside', 'a@xn--bcher-2pa.de', '!bad_punycode' ],
	[ 'M50 overflow', 'a@xn--99999999.com', '!bad_punycode' ],
	[ 'M51', 'a@\u{1f44d}.ws', 'xn--yp8h.ws', 'not_idna2008' ],
	[ 'M52', 'a@co.uk', '!public_suffix' ],
	[ 'M52', 'a@com', '!public_suffix' ],
	[ 'M52', 'a@uk', '!public_suffix' ],
	[ 'M53', 'a@github.io', '!public_suffix' ],
	[ 'M53', 'a@blogspot.com', '!public_suffix' ],
	[ 'M53', 'a@s3.amazonaws.com', '!public_suffix' ],
	[ 'M54', 'a@foo.github.io', 'foo.github.io' ],
	[ 'M54', 'a@a.b.github.io', 'b.github.io a.b.github.io' ],
	[ 'M56', 'a@ck', '!public_suffix' ],
	[ 'M56', 'a@test.ck', '!public_suffix' ],
	[ 'M56', 'a@b.test.ck', 'b.test.ck' ],
	[ 'M57', 'a@www.ck', 'www.ck' ],
	[ 'M57', 'a@www.www.ck', 'www.ck www.www.ck' ],
	[ 'M58', 'a@c.kobe.jp', '!public_suffix' ],
	[ 'M58', 'a@b.c.kobe.jp', 'b.c.kobe.jp' ],
	[ 'M58', 'a@www.city.kobe.jp', 'city.kobe.jp www.city.kobe.jp' ],
	[ 'M58 the stored test list errs', 'a@city.kobe.jp', 'city.kobe.jp' ],
	[ 'M59', 'a@foo.sch.uk', '!public_suffix' ],
	[ 'M59', 'a@a.foo.sch.uk', 'a.foo.sch.uk' ],
	[ 'M60', 'a@test.k12.ak.us', 'test.k12.ak.us' ],
	[ 'M60', 'a@parliament.uk', 'parliament.uk' ],
	[ 'M60', 'a@test.ac', 'test.ac' ],
	[ 'M61', 'a@\u98df\u72ee.\u516c\u53f8.cn', 'xn--85x722f.xn--55qx5d.cn' ],
	[ 'M61', 'a@\u516c\u53f8.cn', '!public_suffix' ],
	[ 'M62', 'a@localhost', '!special_use' ],
	[ 'M62', 'a@foo.local', '!special_use' ],
	[ 'M62', 'a@foo.internal', '!special_use' ],
	[ 'M62', 'a@foo.test', '!special_use' ],
	[ 'M62', 'a@foo.invalid', '!special_use' ],
	[ 'M62', 'a@foo.example', '!special_use' ],
	[ 'M62', 'a@foo.onion', '!special_use' ],
	[ 'M62', 'a@10.in-addr.arpa', '!special_use' ],
	[ 'M62', 'a@home.arpa', '!special_use' ],
	[ 'M63', 'a@example', '!no_dot' ],
	[ 'M63', 'a@example.unknowntld', '!unlisted_tld' ],
	[ 'M63', 'a@example.c', '!unlisted_tld' ],
	[ 'M72', 'a@__proto__.com', '!underscore' ],
	[ 'M72', 'a@constructor', '!no_dot' ],
	[ 'M72', 'a@hasOwnProperty.com', 'hasownproperty.com' ],
	[ 'M72', 'a@null', '!no_dot' ],
	[ 'M72', 'a@undefined', '!no_dot' ],
];

const CELLS: Row[] = [
	[ 'M25', '\ufeffexample.com', 'example.com' ],
	[ 'M69', '=HYPERLINK("http://x")', '!bad_char' ],
	[ 'M69', '+1.com', '!bad_char' ],
	[ 'M69', '-1', '!bad_char' ],
	[ 'M69', '@SUM', '!bad_char' ],
	[ 'M69', '\t=1', '!bad_char' ],
	[ 'M69', '\uff1d1', '!bad_char' ],
	[ 'an address that begins like a formula', '+tag@example.com', 'example.com' ],
	[ 'M11', '', '!empty' ],
	[ 'M18', 'exam ple.com', '!whitespace' ],
	[ 'M12', '[1.2.3.4]', '!ip_literal' ],
	[ 'a domain', 'Mail.Example.co.uk', 'example.co.uk mail.example.co.uk' ],
];

const HOSTS: Row[] = [
	[ 'the form of WordPress', 'b%C3%BCcher.de', 'xn--bcher-kva.de' ],
	[ 'the form of WordPress, upper case', 'B%C3%9CCHER.de.', 'xn--bcher-kva.de' ],
	[ 'the form of WordPress, ideographic full stop', 'example%E3%80%82com', 'example.com', 'mapped' ],
	[ 'percent-encoded ASCII', 'ex%61mple.com', '!bad_char' ],
	[ 'percent-encoded at', 'a%40example.com', '!bad_char' ],
	[ 'percent-encoded bytes that are no UTF-8', '%C3.com', '!bad_char' ],
	[ 'percent-encoded zero width space', 'exam%E2%80%8Bple.com', '!invisible' ],
	[ 'a lone surrogate', 'exam\ud800ple.com', '!bad_char' ],
	[ 'M11', 7, '!not_string' ],
	[ 'Japanese with Latin letters', '\u65e5\u672c\u3068\u30ab\u30caabc.jp', 'xn--abc-vb4b9mgg2377a0ec.jp' ],
	[ 'Greek with Latin letters', '\u03b1bc.com', 'xn--bc-b9b.com', 'mixed_script', 'confusable' ],
	[ 'Hebrew and Arabic in one label', '\u05d0\u0627.com', 'xn--4db8o.com', 'mixed_script' ],
];

const URLS: Row[] = [
	[ 'M65', 'HTTPS://www.Example.com:8443/x?y#z', 'example.com www.example.com' ],
	[ 'M66', 'example.com', 'example.com' ],
	[ 'M66', '//example.com', 'example.com' ],
	[ 'M66', 'example.com/path', 'example.com' ],
	[ 'M66 query', 'example.com?utm=1', 'example.com' ],
	[ 'M66 port', 'example.com:8080', 'example.com' ],
	[ 'M67', 'http://user:pw@example.com', '!bad_url' ],
	[ 'M67', 'javascript:alert(1)', '!bad_url' ],
	[ 'M67', 'mailto:a@b.com', '!bad_url' ],
	[ 'M67', 'N/A', '!bad_url' ],
	[ 'M67', '-', '!bad_url' ],
	[ 'other scheme', 'ftp://example.com', '!bad_url' ],
	[ 'scheme without slashes', 'http:example.com', '!bad_url' ],
	[ 'scheme twice', 'http://http://example.com', '!bad_url' ],
	[ 'port too high', 'http://example.com:65536', '!bad_url' ],
	[ 'port is no number', 'http://example.com:x', '!bad_url' ],
	[ 'scheme alone', 'http://', '!empty' ],
	[ 'empty', ' ', '!empty' ],
	[ 'null', null, '!not_string' ],
	[ 'IPv4', 'http://1.2.3.4/', '!numeric_tld' ],
	[ 'IPv6', 'http://[::1]/', '!ip_literal' ],
	[ 'special use', 'http://localhost', '!special_use' ],
	[ 'a megabyte', `http://example.com/${ 'a'.repeat( 1 << 20 ) }`, '!too_long' ],
];

function outcome( found: Normalized ): [ string, ...DomainFlag[] ] {
	if ( ! found.ok ) {
		return [ `!${ found.reason }` ];
	}
	return [ found.host === found.registrable ? found.host : `${ found.registrable } ${ found.host }`, ...found.flags ];
}

const TABLES: [ string, ( input: never ) => Normalized, Row[] ][] = [
	[ 'hostOfAddress', hostOfAddress, ADDRESSES ],
	[ 'hostOfCell', hostOfCell, CELLS ],
	[ 'normalizeHost', normalizeHost, HOSTS ],
	[ 'hostOfUrl', hostOfUrl, URLS ],
];

for ( const [ name, read, rows ] of TABLES ) {
	describe( name, () => {
		for ( const [ rule, input, ...expected ] of rows ) {
			const shown = JSON.stringify( input )?.slice( 0, 60 ) ?? 'undefined';
			it( `${ rule }: ${ shown } is ${ expected.join( ', ' ).slice( 0, 60 ) }`, () => {
				assert.deepEqual( outcome( read( input as never ) ), expected );
			} );
		}
	} );
}

describe( 'normalizing', () => {
	it( 'gives every reason of the contract but those that only other rooms give', () => {
		const seen = new Set( TABLES.flatMap( ( [ , , rows ] ) => rows.map( ( [ , , expected ] ) => expected.slice( 1 ) ) ) );
		const missing = Object.keys( REASONS ).filter( ( reason ) => ! seen.has( reason ) );
		assert.deepEqual( missing, [] );
	} );

	it( 'gives every flag but the one of the labels', () => {
		const seen = new Set( TABLES.flatMap( ( [ , , rows ] ) => rows.flatMap( ( [ , , , ...flags ] ) => flags ) ) );
		const missing = Object.keys( DOMAIN_FLAGS ).filter( ( flag ) => flag !== 'suspected_typo' && ! seen.has( flag as DomainFlag ) );
		assert.deepEqual( missing, [] );
	} );

	it( 'keeps the host of a refused public suffix or special-use name for the report', () => {
		const hosts = [ 'a@github.io', 'a@foo.local', 'a@foo_bar.com' ].map( ( text ) => {
			const found = hostOfAddress( text );
			return found.ok ? 'accepted' : found.host;
		} );
		assert.deepEqual( hosts, [ 'github.io', 'foo.local', null ] );
	} );

	it( 'tells private suffixes from those of registries (M53)', () => {
		assert.deepEqual( [ 'github.io', 'co.uk' ].map( isPrivateSuffix ), [ true, false ] );
	} );

	it( 'is stable: a host that was accepted gives itself', () => {
		for ( const [ , input ] of ADDRESSES ) {
			const first = hostOfAddress( input );
			if ( first.ok ) {
				const second = normalizeHost( first.host );
				assert.deepEqual( second.ok && [ second.host, second.registrable ], [ first.host, first.registrable ] );
			}
		}
	} );

	it( 'never lets a single character through that would change what the host is', () => {
		for ( let point = 0; point <= 0x2ffff; point++ ) {
			const found = normalizeHost( `a${ String.fromCodePoint( point ) }b.com` );
			if ( found.ok ) {
				assert.match( found.host, /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/u, point.toString( 16 ) );
			}
		}
	} );

	it( 'reads a long run of percent-encoded octets at once', () => {
		const started = performance.now();
		assert.deepEqual( normalizeHost( `${ '%E3'.repeat( 27 ) }%` ), { ok: false, reason: 'bad_char', host: null } );
		// Backtracking doubles with each octet: 27 took two seconds, 40 would take hours.
		assert.ok( performance.now() - started < 500 );
	} );

	it( 'accepts and refuses as many as it was given', () => {
		const found = ADDRESSES.map( ( [ , input ] ) => hostOfAddress( input ) );
		const refused = found.filter( ( domain ): domain is Extract< Normalized, { ok: false } > => ! domain.ok );
		const reasons: Reason[] = refused.map( ( { reason } ) => reason );
		assert.equal( found.filter( ( { ok } ) => ok ).length + reasons.length, ADDRESSES.length );
	} );

	it( 'takes plain hosts the short way to the same end', () => {
		// A host that is taken for plain and is not would be a company's that it does not have, or a miss.
		const pieces = [
			'a',
			'b9',
			'0',
			'0x1f',
			'123',
			'acme',
			'com',
			'co.uk',
			'xn--bcher-kva',
			'xn--',
			'XN--a',
			'-',
			'--',
			'_',
			'.',
			'..',
			'A',
			' ',
		];
		const more = [
			'\u00fc',
			'%C3%BC',
			'%61',
			'local',
			'localhost',
			'github.io',
			'x'.repeat( 61 ),
			'y.'.repeat( 100 ),
			'/',
			':80',
			'\n',
			'\0',
		];
		const all = [ ...pieces, ...more, '.', '.', '.com', '.io' ];
		let seed = 7;
		const random = ( below: number ): number => ( seed = ( seed * 16_807 ) % 2_147_483_647 ) % below;
		for ( let round = 0; round < 40_000; round++ ) {
			const host = Array.from( { length: 1 + random( 6 ) }, () => all[ random( all.length ) ] ).join( '' );
			assert.deepEqual( normalizeHost( host ), normalizeAnyHost( host ), JSON.stringify( host ) );
		}
	} );
} );
