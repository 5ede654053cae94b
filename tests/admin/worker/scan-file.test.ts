import { describe, expect, it } from 'vitest';
import { bareAddresses, scanFile } from '../../../admin-ts/src/worker/scan-file.ts';
import type { Progress } from '../../../admin-ts/src/worker/protocol.ts';

const never = new AbortController().signal;

describe( 'scanning a file in the browser', () => {
	it( 'gives the hosts with most people first, and why others have none', async () => {
		const text = 'email\nann@small.test.com\nbob@airbnb.com\ncat@airbnb.com\nnobody\n';
		expect( await scanFile( text, () => undefined, never ) ).toEqual( {
			rows_read: 4,
			hosts: [
				{ host: 'airbnb.com', user_count: 2 },
				{ host: 'small.test.com', user_count: 1 },
			],
			reasons: [ { reason: 'no_at', user_count: 1 } ],
		} );
	} );

	it.each( [
		[ 'recipients of a mail program', 'Ann <ann@airbnb.com>, "Roe, Bob" <bob@airbnb.com>, <cat@airbnb.com>', { 'airbnb.com': 3 } ],
		[ 'a cell with a name', 'id,email\n1,"Ann Roe <ann@airbnb.com>"\n2,bob@airbnb.com\n', { 'airbnb.com': 2 } ],
		[ 'one a line', 'Ann <ann@airbnb.com>\nBob Roe <bob@x.example.com>\n', { 'airbnb.com': 1, 'x.example.com': 1 } ],
	] )( 'takes the names away from a pasted text: %s', async ( _name, text, expected ) => {
		const { hosts, reasons } = await scanFile( text, () => undefined, never );
		expect( Object.fromEntries( hosts.map( ( { host, user_count } ) => [ host, user_count ] ) ) ).toEqual( expected );
		expect( reasons ).toEqual( [] );
	} );

	it( 'takes names away from a long text without brackets in time that grows with its length', () => {
		const text = 'a '.repeat( 250_000 );
		const begun = performance.now();
		expect( bareAddresses( text ) ).toBe( text );
		expect( performance.now() - begun ).toBeLessThan( 5000 );
	} );

	it( 'reads a file larger than one piece and tells how far it is', async () => {
		const row = 'somebody.with.a.long.name@a-long-domain-name.example.com,1234567890\n';
		const row_count = 150_000;
		const file = new Blob( [ 'email,number\n', row.repeat( row_count ) ] );
		const seen: Progress[] = [];
		const { rows_read, hosts } = await scanFile( file, ( progress ) => seen.push( progress ), never );
		expect( rows_read ).toBe( row_count );
		expect( hosts ).toEqual( [ { host: 'a-long-domain-name.example.com', user_count: row_count } ] );
		expect( seen.length ).toBeGreaterThan( 1 );
		expect( seen.at( -1 )?.bytes_read ).toBe( file.size );
		expect( seen[ 0 ]?.rows_read ).toBeGreaterThan( 0 );
		expect( seen[ 0 ]?.bytes_total ).toBe( file.size );
	} );

	it( 'holds nothing of an address but its host', async () => {
		const answer = await scanFile( 'canary-local-part@airbnb.com\n', () => undefined, never );
		expect( JSON.stringify( answer ) ).not.toContain( 'canary' );
	} );

	it( 'stops between two pieces', async () => {
		const controller = new AbortController();
		const file = new Blob( [ 'ann@airbnb.com\n'.repeat( 600_000 ) ] );
		await expect( scanFile( file, () => controller.abort(), controller.signal ) ).rejects.toThrow( /abort/i );
	} );

	it( 'says that a spreadsheet is no text', async () => {
		const workbook = new Blob( [ new Uint8Array( [ 0x50, 0x4b, 3, 4, 1, 2, 3 ] ) ] );
		await expect( scanFile( workbook, () => undefined, never ) ).rejects.toMatchObject( { code: 'file_unreadable' } );
	} );

	it( 'says that a file is gone', async () => {
		const gone = Object.assign( new Blob( [ 'x' ] ), {
			slice: () => ( { arrayBuffer: () => Promise.reject( new Error( 'NotReadable' ) ) } ),
		} );
		await expect( scanFile( gone, () => undefined, never ) ).rejects.toMatchObject( { code: 'file_unreadable' } );
	} );
} );
