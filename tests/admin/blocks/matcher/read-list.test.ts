import { describe, expect, it } from 'vitest';
import { makeListReader } from '../../../../admin-ts/src/blocks/matcher/read-list.ts';
import { NoTextError, readSource } from '../../../../admin-ts/src/blocks/matcher/read-source.ts';

function read( ...pieces: string[] ): Record< string, number > {
	const reader = makeListReader();
	pieces.forEach( ( piece ) => reader.push( piece ) );
	return Object.fromEntries( reader.end() );
}

const cases: [ string, string, Record< string, number > ][] = [
	[ 'an address', 'ann@stripe.example', { 'stripe.example': 1 } ],
	[ 'lines of addresses', 'ann@a.example\r\nbob@b.example\rcy@A.example\n', { 'a.example': 2, 'b.example': 1 } ],
	[ 'a CSV', 'name,email\n"Roe, Ann",ann@a.example\n"Bob","bob@b.example"', { 'a.example': 1, 'b.example': 1 } ],
	[ 'names in front', 'Ann Roe <ann@a.example>; "Bob" <bob@b.example>', { 'a.example': 1, 'b.example': 1 } ],
	[ 'a sentence', 'Write to (ann@a.example), or to bob@b.example.', { 'a.example': 1, 'b.example': 1 } ],
	[ 'single quotes', "'ann@a.example','o'brien@b.example'", { 'a.example': 1, 'b.example': 1 } ],
	[ 'mailto links', 'mailto:ann@a.example?subject=Hi@you.example', { 'a.example': 1 } ],
	[ 'umlauts', 'ann@b\u{fc}cher.example', { 'xn--bcher-kva.example': 1 } ],
	[ 'a quoted local part with an address in it', '"ann@secret.example"@a.example', { 'a.example': 1 } ],
	[ 'a quoted local part with blanks', '"ann roe"@a.example', { 'a.example': 1 } ],
	[ 'two ats', 'ann@secret.example@a.example', {} ],
	[ 'an IP literal', 'ann@[10.0.0.1], bob@10.0.0.1', {} ],
	[ 'a host without a dot', 'ann@localhost', {} ],
	[ 'a handle', '@ann.roe', {} ],
	[ 'a page of a person', 'https://medium.example/@ann.roe', {} ],
	[ 'user names beside addresses', 'login,email\nann.roe,ann@a.example\nbob.doe,', { 'a.example': 1 } ],
	[ 'user names before the first address', 'ann.roe\nbob.doe\nann@a.example', { 'a.example': 1 } ],
	[ 'user names beside broken addresses', 'ann.roe,ann@', {} ],
	[ 'domains', 'a.example\nB.example, c.example\n', { 'a.example': 1, 'b.example': 1, 'c.example': 1 } ],
	[ 'websites', 'domain\nhttps://www.a.example/about?x=1\n"b.example/path"', { 'www.a.example': 1, 'b.example': 1 } ],
	[ 'prose without an address', 'This is fine. Or is it? see a.example', {} ],
	[ 'nothing', '', {} ],
];

describe( 'a list', () => {
	it.each( cases )( 'is read down to domains: %s', ( _name, text, expected ) => {
		expect( read( text ) ).toEqual( expected );
	} );

	it( 'gives the same however it is cut into pieces', () => {
		for ( const [ , text, expected ] of cases ) {
			expect( read( ...text ) ).toEqual( expected );
		}
	} );

	it( 'without line ends is read in constant memory', () => {
		const addresses = Array.from( { length: 20_000 }, ( _, index ) => `u${ index }@d${ index % 7 }.example` );
		const text = addresses.join( ', ' );
		const pieces = Array.from( { length: Math.ceil( text.length / 10_000 ) }, ( _, index ) =>
			text.slice( index * 10_000, ( index + 1 ) * 10_000 )
		);
		const found = read( ...pieces );
		expect( Object.values( found ).reduce( ( sum, count ) => sum + count, 0 ) ).toBe( 20_000 );
		expect( Object.keys( found ) ).toHaveLength( 7 );
	} );

	it( 'gives nothing of any local part', () => {
		const locals = [ 'ann.roe', 'secret.example', 'x', 'a.b.c', '"q@w.example"', 'ann+tag.example' ];
		for ( const local of locals ) {
			expect( Object.keys( read( `${ local }@host.example` ) ) ).toEqual( [ 'host.example' ] );
		}
	} );
} );

describe( 'a source', () => {
	const signal = new AbortController().signal;
	const options = { signal, onProgress: () => undefined };

	it( 'may be text in UTF-8, or in UTF-16 with a mark', async () => {
		const text = 'ann@b\u{fc}cher.example\nbob@a.example';
		const utf16 = new Uint8Array( 2 + text.length * 2 );
		const view = new DataView( utf16.buffer );
		[ ...`\u{feff}${ text }` ].forEach( ( letter, index ) => view.setUint16( index * 2, letter.charCodeAt( 0 ), true ) );
		for ( const file of [ new Blob( [ text ] ), new Blob( [ utf16 ] ) ] ) {
			expect( [ ...( await readSource( file, options ) ).keys() ] ).toEqual( [ 'xn--bcher-kva.example', 'a.example' ] );
		}
	} );

	it( 'that is no text is refused', async () => {
		await expect( readSource( new Blob( [ new Uint8Array( [ 80, 75, 3, 4, 0, 0 ] ) ] ), options ) ).rejects.toThrow( NoTextError );
	} );

	it( 'of several pieces tells how far it is, and can be stopped', async () => {
		const line = 'ann@a.example\n';
		const file = new Blob( [ line.repeat( 250_000 ) ] );
		const shares: number[] = [];
		expect( ( await readSource( file, { signal, onProgress: ( share ) => shares.push( share ) } ) ).get( 'a.example' ) ).toBe(
			250_000
		);
		expect( shares.length ).toBeGreaterThan( 3 );
		expect( shares.at( -1 ) ).toBe( 1 );
		const controller = new AbortController();
		await expect(
			readSource( line.repeat( 250_000 ), { signal: controller.signal, onProgress: () => controller.abort() } )
		).rejects.toThrow();
	} );
} );
