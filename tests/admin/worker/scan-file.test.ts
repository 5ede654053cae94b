import { describe, expect, it } from 'vitest';
import { scanFile } from '../../../admin-ts/src/worker/scan-file.ts';
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
