import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeScanner, type Counted } from '../../../companion/src/match/scan.ts';
import { scanPlainly } from './plain-scanner.ts';

// The byte scan reads rows without decoding them. A row that it takes for plain and is not is a miss that nobody sees:
// a customer who is not found at a listed company, or a local part, which is personal, that is sent as a host.
// So every file here is read both ways. A failure names its seed: run it alone with that seed to see it again.

const FILES = 3000;

/** Numbers from 0 to `below` - 1, the same ones for the same seed (mulberry32). */
function randomOf( seed: number ): ( below: number ) => number {
	let state = seed;
	return ( below ) => {
		state = ( state + 0x6d2b79f5 ) | 0;
		let mixed = Math.imul( state ^ ( state >>> 15 ), state | 1 );
		mixed ^= mixed + Math.imul( mixed ^ ( mixed >>> 7 ), mixed | 61 );
		return ( ( mixed ^ ( mixed >>> 14 ) ) >>> 0 ) % below;
	};
}

const HOSTS = [
	'acme.com',
	'ACME.com',
	'mail.acme.com',
	'acme.com.',
	'.acme.com',
	'acme..com',
	'b.de',
	'B\u00fccher.de',
	'bu\u0308cher.de',
	'xn--bcher-kva.de',
	'b%C3%BCcher.de',
	'\uff41cme\uff0ecom',
	'\u212acme.com',
	'foo_bar.com',
	'-foo.com',
	'co.uk',
	'com',
	'localhost',
	'foo.local',
	'github.io',
	'127.0.0.1',
	'foo.123',
	'[1.2.3.4]',
	'ac me.com',
	'acme\u200b.com',
	'acme.com\u00a0',
	'acme.com\u3000',
	'acme\ufeff.com',
	'acme.com\t',
	'acme.com\0.evil.com',
	'acme.com>',
	'(c)acme.com',
	"o'x.com",
	'acme"x".com',
	'',
	`${ 'x'.repeat( 63 ) }.com`,
	`${ 'y.'.repeat( 125 ) }com`,
	`${ 'y.'.repeat( 126 ) }com`,
	'__proto__',
];
const LOCALS = [
	'a',
	'Ann.Smith+x',
	"o'brien",
	'a=b/c',
	'"a,b"',
	'"a@b"',
	'"a\\"@x.com"',
	'm\u00fcller',
	'Ann <a',
	'a(c)',
	' a',
	'\ta',
	'\u00a0a',
	'a b',
	'',
	'https://u',
	'mailto:a',
	'a@b',
	'=cmd|a',
	'\u202ea',
	'l'.repeat( 2100 ),
	'\ufffda',
];
const CELLS = [
	'',
	' ',
	'\u00a0',
	'Ann',
	'Ann "the" one',
	'5" pipe',
	'"6 pipe',
	'M\u00fcller',
	'12',
	'john.doe',
	'@ann',
	'https://www.acme.com/x?y=1',
	'https://medium.com/@ann',
	'//b.de',
	'acme.com/path',
	'=HYPERLINK("http://x")',
	'-1',
	'\u0085',
	'\ufeff',
	'a\u2028b',
	'x'.repeat( 300 ),
];
const HEADINGS = [ 'email', 'name', 'domain', 'website', 'id', 'e-mail 2', 'acme.com', 'Company Name', 'host', '' ];

type Random = ReturnType< typeof randomOf >;
const pick = < Value >( random: Random, values: readonly Value[] ): Value => values[ random( values.length ) ] as Value;

function address( random: Random, is_nasty: boolean ): string {
	return is_nasty ? `${ pick( random, LOCALS ) }@${ pick( random, HOSTS ) }` : `a${ random( 9 ) }@host-${ random( 20 ) }.com`;
}

/** A cell as programs write it, and as they should not. */
function cell( random: Random, nasty: number, delimiter: string ): string {
	const is_nasty = random( 100 ) < nasty;
	const text = pick( random, [
		() => address( random, is_nasty ),
		() => address( random, is_nasty ),
		() => ( is_nasty ? pick( random, CELLS ) : 'Ann' ),
		() => ( is_nasty ? pick( random, HOSTS ) : `host-${ random( 20 ) }.com` ),
		() => '',
	] )();
	switch ( random( is_nasty ? 8 : 30 ) ) {
		case 0:
			return `"${ text.replaceAll( '"', '""' ) }"`;
		case 1:
			return is_nasty ? `"${ text }"` : text;
		case 2:
			return is_nasty ? `"${ text.replaceAll( '"', '""' ) }${ pick( random, [ '\n', '\r\n', delimiter, '""', ' ' ] ) }x"` : text;
		case 3:
			return ` ${ text } `;
		default:
			return text;
	}
}

/** A file of one kind: how many columns, how nasty, with or without a heading, and which line ends. */
function makeFile( random: Random ): Uint8Array {
	const delimiter = pick( random, [ ',', ',', ';', '\t' ] );
	const line_end = pick( random, [ '\n', '\n', '\r\n', '\r' ] );
	const columns = 1 + random( pick( random, [ 1, 4 ] ) );
	const nasty = pick( random, [ 0, 5, 40, 100 ] );
	const row = ( make: () => string ): string => Array.from( { length: columns }, make ).join( delimiter );
	const lines = random( 3 ) > 0 ? [ row( () => pick( random, HEADINGS ) ) ] : [];
	for ( let left = 1 + random( 60 ); left > 0; left-- ) {
		const is_ragged = random( 100 ) < nasty / 10;
		lines.push( is_ragged ? cell( random, nasty, delimiter ) : row( () => cell( random, nasty, delimiter ) ) );
	}
	// Only behind its first four thousand characters a file is read by its bytes.
	const filler = random( 2 ) === 0 ? 'x' : 'a@b.de';
	lines.splice( Math.min( lines.length, 1 + random( 5 ) ), 0, ...Array.from( { length: 5 }, () => row( () => filler.padEnd( 1000 ) ) ) );
	const text = `${ random( 9 ) === 0 ? '\ufeff' : '' }${ lines.join( line_end ) }${ pick( random, [ '', line_end, `${ line_end }${ line_end }` ] ) }`;
	switch ( random( 12 ) ) {
		case 0:
			return Buffer.from( `\ufeff${ text }`, 'utf16le' );
		case 1:
			return Buffer.from( `\ufeff${ text }`, 'utf16le' ).swap16();
		case 2:
			// No UTF-8 at all where a letter is not ASCII.
			return Buffer.from( text, 'latin1' );
		default:
			return Buffer.from( text );
	}
}

function inPieces( bytes: Uint8Array, random: Random, buffer_octets: number ): Counted {
	const scanner = makeScanner( buffer_octets );
	const longest = pick( random, [ 1, 7, 64, 1000, bytes.length ] );
	for ( let at = 0; at < bytes.length; ) {
		const end = at + 1 + random( longest );
		scanner.push( bytes.subarray( at, end ) );
		at = end;
	}
	return scanner.end();
}

const sorted = ( { rows_read, hosts, invalid }: Counted ) => ( {
	rows_read,
	hosts: [ ...hosts ].sort(),
	invalid: [ ...invalid ].sort(),
} );

describe( 'byte scan', () => {
	it( `counts ${ FILES } random files as the plain way does, wherever pieces and buffers end`, () => {
		for ( let seed = 1; seed <= FILES; seed++ ) {
			const random = randomOf( seed );
			const bytes = makeFile( random );
			const expected = sorted( scanPlainly( bytes ) );
			const buffer_octets = pick( random, [ 16, 100, 300, 5000, 1_048_576 ] ) + random( 50 );
			assert.deepEqual( sorted( inPieces( bytes, random, buffer_octets ) ), expected, `seed ${ seed }` );
		}
	} );

	it( 'counts the same wherever a piece or the buffer ends', () => {
		const rows = 'id;email\n'.concat(
			'x;a@acme.com\n'.repeat( 400 ),
			'1;"a@b.de"\r\n2;"a\n""@b"@c.de\n\n3;"x";\n4;B\u00fc@B\u00fc.de ; \n'
		);
		const bytes = Buffer.from( rows );
		const expected = sorted( scanPlainly( bytes ) );
		for ( let cut = bytes.length - 70; cut < bytes.length; cut++ ) {
			const scanner = makeScanner();
			scanner.push( bytes.subarray( 0, cut ) );
			scanner.push( bytes.subarray( cut ) );
			assert.deepEqual( sorted( scanner.end() ), expected, `piece of ${ cut }` );
			const small = makeScanner( cut );
			small.push( bytes );
			assert.deepEqual( sorted( small.end() ), expected, `buffer of ${ cut }` );
		}
	} );
} );
