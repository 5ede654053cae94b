import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseJson, parseRecords, Records } from '../../../companion/src/lists/parse-json.ts';

const bytes = ( text: string ): Uint8Array => new TextEncoder().encode( text );

describe( 'the bytes of a list', () => {
	const refused: [ string, Uint8Array, string ][] = [
		[ 'a login page', bytes( '<!DOCTYPE html><html><form action="/login">' ), 'list_not_json' ],
		[ 'a web page after white space', bytes( '\n  <html>' ), 'list_not_json' ],
		[ 'XML', bytes( '<?xml version="1.0"?><rss/>' ), 'list_not_json' ],
		[ 'nothing', bytes( '' ), 'list_not_json' ],
		[ 'half a list', bytes( '[{"id":1,"name":"Tide' ), 'list_not_json' ],
		[ 'text', bytes( 'id,name,website' ), 'list_not_json' ],
		[ 'bytes that are not UTF-8', Uint8Array.of( 0x5b, 0x22, 0xff, 0xfe, 0x22, 0x5d ), 'list_not_json' ],
		[ 'UTF-16', Uint8Array.of( 0xff, 0xfe, 0x5b, 0, 0x5d, 0 ), 'list_not_json' ],
		[ 'arrays in arrays without end', bytes( '['.repeat( 20 * 1024 * 1024 ) ), 'list_shape' ],
		[ 'objects in objects', bytes( '{"a":'.repeat( 100 ) ), 'list_shape' ],
	];
	for ( const [ name, input, code ] of refused ) {
		test( `are refused when they are ${ name }`, () => {
			assert.throws( () => parseJson( input, 'GET https://acme.com/all.json' ), {
				code,
				message: /^GET https:\/\/acme\.com\/all\.json /,
			} );
		} );
	}

	const read: [ string, string, unknown ][] = [
		[ 'with a byte order mark', '\ufeff[1]', [ 1 ] ],
		[ 'with brackets inside a text', `["${ '[{'.repeat( 100 ) }\\"["]`, [ `${ '[{'.repeat( 100 ) }"[` ] ],
		[ 'with many siblings', `[${ '[],'.repeat( 100 ) }[]]`, Array.from( { length: 101 }, () => [] ) ],
	];
	for ( const [ name, text, value ] of read ) {
		test( `are read ${ name }`, () => {
			assert.deepEqual( parseJson( bytes( text ), 'x' ), value );
		} );
	}

	test( 'appear in the message as one short line', () => {
		assert.throws(
			() => parseJson( bytes( `<html>\u0000\n${ 'x'.repeat( 1000 ) }` ), 'GET x' ),
			( error: Error ) => error.message.length < 150 && ! /\p{Cc}/u.test( error.message )
		);
	} );
} );

describe( 'the records of a list', () => {
	const texts = [
		...[
			'[]',
			' [ ] ',
			'[1]',
			'\ufeff [1, "a,]" ,[2,{"b":[3]}],{"c":"\\"},"}]\n',
			'[[]]',
			'[{},{}]',
			'"a"',
			'{"a":[1,2],"b":3}',
			'12',
			'null',
		],
		...[
			'',
			' ',
			'[',
			']',
			'[1',
			'[1,',
			'[1,]',
			'[,1]',
			'[,]',
			'[1}',
			'[{]}',
			'[{]',
			'{"a":1]',
			'[1][2]',
			'[1],',
			'[1] x',
			'x[1]',
			'[1 2]',
		],
		...[
			'["a]',
			'["a\\"]',
			'["\\\\"]',
			'[\ufeff1]',
			'[1,\ufeff2]',
			'[\u00a01]',
			'[1]\u00a0',
			'[nul]',
			'["\n"]',
			'[[1,2],[3]',
			'[[1,2]],3]',
		],
	];
	for ( const text of texts ) {
		test( `are those of the whole text in ${ JSON.stringify( text ) }`, () => {
			const whole = attempt( () => parseJson( bytes( text ), 'x' ) );
			const records = attempt( () => {
				const value = parseRecords( bytes( text ), 'x' );
				return value instanceof Records ? [ ...value ] : value;
			} );
			assert.deepEqual( records, whole );
		} );
	}

	test( 'are counted beyond those that are read', () => {
		const records = parseRecords( bytes( `[${ '1,'.repeat( 60_000 ) }1]` ), 'x' );
		assert.ok( records instanceof Records );
		assert.equal( records.length, 60_001 );
	} );

	test( 'are refused for octets that are no UTF-8 in any of them', () => {
		const records = parseRecords( Uint8Array.of( 0x5b, 0x31, 0x2c, 0x22, 0xff, 0x22, 0x5d ), 'x' );
		assert.throws( () => [ ...( records as Records ) ], { code: 'list_not_json' } );
	} );
} );

function attempt( read: () => unknown ): unknown {
	try {
		return { value: read() };
	} catch ( error ) {
		return { failed: String( error ) };
	}
}
