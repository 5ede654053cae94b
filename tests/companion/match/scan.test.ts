import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { makeScanner, type Counted } from '../../../companion/src/match/scan.ts';

function scanBytes( bytes: Uint8Array, piece = bytes.length ): Counted {
	const scanner = makeScanner();
	for ( let at = 0; at < bytes.length; at += piece ) {
		scanner.push( bytes.subarray( at, at + piece ) );
	}
	return scanner.end();
}

const scan = ( text: string, piece?: number ): Counted => scanBytes( new TextEncoder().encode( text ), piece );

function sum( counts: Iterable< [ unknown, number ] > ): number {
	return [ ...counts ].reduce( ( total, [ , count ] ) => total + count, 0 );
}

/** What, text, hosts, then optionally invalid. */
const FILES: [ what: string, text: string, hosts: Record< string, number >, invalid?: Record< string, number > ][] = [
	[ 'nothing', '', {} ],
	[ 'addresses a line', 'a@acme.com\nb@acme.com\nc@b.de\n', { 'acme.com': 2, 'b.de': 1 } ],
	[ 'CR LF and no line end at the end', 'a@acme.com\r\nb@acme.com', { 'acme.com': 2 } ],
	[ 'CR alone', 'a@acme.com\rb@acme.com\r', { 'acme.com': 2 } ],
	[ 'blank lines', '\n\na@acme.com\n\n\n', { 'acme.com': 1 } ],
	[ 'a byte order mark', '\ufeffacme.com\n', { 'acme.com': 1 } ],
	[ 'a heading and commas', 'id,email,name\n1,a@acme.com,Ann\n', { 'acme.com': 1 } ],
	[ 'semicolons', 'name;mail\nAnn;a@acme.com\n', { 'acme.com': 1 } ],
	[ 'tabs', 'Ann\ta@acme.com\n', { 'acme.com': 1 } ],
	[ 'quoted cells', '"a@acme.com","Ann, ""the"" one"\n', { 'acme.com': 1 } ],
	[ 'a line end in quotes', 'email,note\na@acme.com,"one\ntwo"\nb@b.de,x\n', { 'acme.com': 1, 'b.de': 1 } ],
	[ 'a quoted local part', '"a@b"@acme.com\n', { 'acme.com': 1 } ],
	[ 'a quoted local part with a comma', '"a,b"@acme.com,Ann\n', { 'acme.com': 1 } ],
	[ 'a quote that is never closed', 'Ann,5" pipe,a@acme.com\nBob,"6 pipe,b@acme.com\n', { 'acme.com': 2 } ],
	[ 'two addresses in a row', 'a@acme.com,b@b.de\n', { 'acme.com': 1, 'b.de': 1 } ],
	[ 'the same host twice in a row', 'Ann,a@acme.com,b@ACME.com\n', { 'acme.com': 1 } ],
	[ 'the same host twice in a row below a heading', 'email,other mail\na@acme.com,b@ACME.com\n', { 'acme.com': 1 } ],
	[ 'a line of addresses', 'a@acme.com, b@ACME.com, a@acme.com, x@\n', { 'acme.com': 2 }, { empty: 1 } ],
	[ 'a line of addresses by semicolon', 'a@acme.com;b@acme.com;\n', { 'acme.com': 2 } ],
	[ 'an address beside its domain', 'a@acme.com,acme.com\n', { 'acme.com': 1 } ],
	[ 'a line of domains', 'acme.com,b.de, www.acme.com\n', { 'acme.com': 1, 'b.de': 1, 'www.acme.com': 1 } ],
	[ 'white space around a cell', 'a@acme.com ,\tx\n', { 'acme.com': 1 } ],
	[ 'a handle beside an address', '@ann,a@acme.com\n', { 'acme.com': 1 } ],
	[ 'a URL with an at is no address', 'email,url\n,https://medium.com/@ann\n', {}, { no_at: 1 } ],
	[
		'texts that want to be addresses',
		'a@b@c.com\n@x.com\nx@\nx@[1.2.3.4]\n',
		{},
		{ multiple_at: 1, empty_local: 1, empty: 1, ip_literal: 1 },
	],
	[ 'rows without any', 'name,email\nAnn,\n,\nBob,b@acme.com\n', { 'acme.com': 1 }, { no_at: 1, empty: 1 } ],
	[ 'no at among addresses', 'a@acme.com\njohn.doe\n', { 'acme.com': 1 }, { no_at: 1 } ],
	[
		'domains a line',
		'acme.com\nMAIL.b.de\nco.uk\nfoo bar\nfoo.local\n',
		{ 'acme.com': 1, 'mail.b.de': 1, 'co.uk': 1, 'foo.local': 1 },
		{ no_at: 1 },
	],
	[ 'websites a line', 'https://www.acme.com/x\nb.de/path\n', { 'www.acme.com': 1, 'b.de': 1 } ],
	[ 'a bad host without what stands behind it', 'https://foo_bar.com/reset?token=1\nco.uk/x\n', { 'foo_bar.com': 1, 'co.uk': 1 } ],
	[ 'a domain column', 'name,domain\nb.de,acme.com\n', { 'acme.com': 1 } ],
	[ 'a domain column beside addresses', 'email,website\n,acme.com\na@b.de,acme.com\n', { 'b.de': 1 }, { no_at: 1 } ],
	[ 'domains without heading', 'Ann,acme.com\nBob,b.de\n', { 'acme.com': 1, 'b.de': 1 } ],
	[ 'IDN', 'a@B\u00fccher.de\nb\u00fccher.de\n', { 'b%C3%BCcher.de': 1, 'xn--bcher-kva.de': 1 } ],
	[ 'formula cells', '=HYPERLINK("http://x")\n+1.com\n-1\n', {}, { no_at: 3 } ],
	[ 'names of the prototype', '__proto__\nconstructor\na@hasOwnProperty.com\n', { 'hasownproperty.com': 1 }, { no_at: 2 } ],
];

describe( 'scan', () => {
	for ( const [ what, text, hosts, invalid = {} ] of FILES ) {
		for ( const piece of [ undefined, 1, 3 ] ) {
			it( `reads ${ what } in pieces of ${ piece ?? 'all' }`, () => {
				const counted = scan( text, piece );
				assert.deepEqual( Object.fromEntries( counted.hosts ), hosts );
				assert.deepEqual( Object.fromEntries( counted.invalid ), invalid );
			} );
		}
	}

	it( 'reads UTF-16 of both byte orders', () => {
		const little = Buffer.from( '\ufeffa@acme.com\nb@b\u00fccher.de\n', 'utf16le' );
		const big = Buffer.from( little ).swap16();
		for ( const bytes of [ little, big ] ) {
			assert.deepEqual( Object.fromEntries( scanBytes( bytes, 3 ).hosts ), { 'acme.com': 1, 'b%C3%BCcher.de': 1 } );
		}
	} );

	it( 'reads UTF-16 without a byte order mark', () => {
		const little = Buffer.from( 'email;name\r\na@acme.com;Ann\r\n', 'utf16le' );
		for ( const bytes of [ little, Buffer.from( little ).swap16() ] ) {
			assert.deepEqual( Object.fromEntries( scanBytes( bytes, 3 ).hosts ), { 'acme.com': 1 } );
		}
	} );

	it( 'reads a text with single control characters in it', () => {
		assert.deepEqual( Object.fromEntries( scan( 'a@acme.com\0.evil.com\nb@b.de\f\n' ).hosts ), { 'b.de': 1 } );
	} );

	it( 'reads Latin-1 names beside good addresses', () => {
		assert.deepEqual( Object.fromEntries( scanBytes( Buffer.from( 'M\u00fcller,a@acme.com\n', 'latin1' ) ).hosts ), { 'acme.com': 1 } );
	} );

	it( 'refuses a file that is no text', () => {
		assert.throws( () => scanBytes( Uint8Array.of( 0x50, 0x4b, 3, 4 ), 1 ), { code: 'file_unreadable' } );
	} );

	it( 'counts each row of one address once, whatever it is', () => {
		const texts = [ 'a@acme.com', 'a@b@c', '', 'john', '"q"@b.de', 'x@', '@' ];
		const counted = scan(
			`email,n\n${ Array.from( { length: 700 }, ( _, row ) => `${ texts[ row % texts.length ] },${ row }` ).join( '\n' ) }`
		);
		assert.equal( counted.rows_read, 700 );
		assert.equal( sum( counted.hosts ) + sum( counted.invalid ), 700 );
	} );

	for ( const [ what, text ] of [
		[ 'one endless cell', 'a'.repeat( 65_536 ) ],
		[ 'one endless row', 'b,'.repeat( 32_768 ) ],
		[ 'one endless row behind a quote', `"${ 'b,'.repeat( 32_768 ) }` ],
		[ 'quotes that are closed on the next line', '\n"'.repeat( 32_768 ) ],
	] as const ) {
		it( `keeps at most two rows in memory of a file of ${ what }`, () => {
			const scanner = makeScanner();
			const bytes = new TextEncoder().encode( text );
			const before = usedHeap();
			for ( let piece = 0; piece < 100; piece++ ) {
				scanner.push( bytes );
			}
			const kept = usedHeap() - before;
			assert.ok( kept < 3 * 1024 * 1024, `${ kept } octets` );
			assert.equal( [ ...scanner.end().hosts ].length, 0 );
		} );
	}

	it( 'does not keep the file in memory through its hosts', () => {
		const scanner = makeScanner();
		const before = usedHeap();
		for ( let piece = 0; piece < 500; piece++ ) {
			scanner.push( new TextEncoder().encode( `some'body@company-number-${ piece }.com,${ 'x'.repeat( 65_536 ) }\n` ) );
		}
		const kept = usedHeap() - before;
		assert.ok( kept < 3 * 1024 * 1024, `${ kept } octets` );
		assert.equal( [ ...scanner.end().hosts ].length, 500 );
	} );
} );

/** The heap without what nobody refers to; otherwise the garbage of earlier tests would be counted. */
function usedHeap(): number {
	setFlagsFromString( '--expose-gc' );
	runInNewContext( 'gc' )();
	return process.memoryUsage().heapUsed;
}
