import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TSchema } from 'typebox';
import { Check } from 'typebox/value';
import { shapes } from '../../../companion/src/contract/index.ts';
import { isShape } from '../../../companion/src/contract/is-shape.ts';
import { count, flag, hex, listOf, nullable, number, oneOf, openRecord, record, text } from '../../../companion/src/contract/schema.ts';

const point = record( '', { x: count( '' ), y: nullable( number( '' ) ) } );

const CASES: [ TSchema, unknown, boolean ][] = [
	[ text( 3, '' ), 'abc', true ],
	[ text( 3, '' ), 'abcd', false ],
	[ text( 3, '' ), '🙂🙂🙂', true ],
	[ text( 3, '' ), '🙂🙂🙂🙂', false ],
	[ text( 3, '' ), null, false ],
	[ text( 3, '' ), 3, false ],
	[ hex( 2, '' ), '00ff', true ],
	[ hex( 2, '' ), '00FF', false ],
	[ hex( 2, '' ), '00ff\n', false ],
	[ hex( 2, '' ), 'a00ff', false ],
	[ count( '' ), 0, true ],
	[ count( '' ), -1, false ],
	[ count( '' ), 0.5, false ],
	[ count( '' ), 2 ** 53, false ],
	[ count( '' ), '1', false ],
	[ number( '', { minimum: 0, maximum: 1 } ), 1, true ],
	[ number( '', { minimum: 0, maximum: 1 } ), 1.1, false ],
	[ number( '' ), Infinity, false ],
	[ number( '' ), Number.NaN, false ],
	[ flag( '' ), false, true ],
	[ flag( '' ), 0, false ],
	[ oneOf( [ 'up', 'down' ], '' ), 'up', true ],
	[ oneOf( [ 'up', 'down' ], '' ), 'UP', false ],
	[ oneOf( [ 'up', 'down' ], '' ), null, false ],
	[ nullable( oneOf( [ 'up', 'down' ], '' ) ), null, true ],
	[ nullable( oneOf( [ 'up', 'down' ], '' ) ), 'left', false ],
	[ listOf( flag( '' ), 2, '' ), [], true ],
	[ listOf( flag( '' ), 2, '' ), [ true, 1 ], false ],
	[ listOf( flag( '' ), 2, '' ), [ true, true, true ], false ],
	[ listOf( flag( '' ), 2, '' ), { length: 0 }, false ],
	[ point, { x: 1, y: null }, true ],
	[ point, { x: 1 }, false ],
	[ point, { x: 1, y: 2, z: 3 }, false ],
	[ point, JSON.parse( '{"x":1,"y":2,"__proto__":3}' ), false ],
	[ point, [ 1, 2 ], false ],
	[ point, null, false ],
	[ nullable( point ), null, true ],
	[ openRecord( { x: count( '' ) } ), { x: 1, z: 3 }, true ],
	[ openRecord( { x: count( '' ) } ), { z: 3 }, false ],
	[ record( '', { constructor: text( 9, '' ) } ), {}, false ],
];

describe( 'a value of JSON', () => {
	for ( const [ shape, value, expected ] of CASES ) {
		test( `${ JSON.stringify( value ) } ${ expected ? 'is' : 'is not' } ${ JSON.stringify( shape ).slice( 0, 90 ) }`, () => {
			assert.equal( isShape( shape, value ), expected );
			assert.equal( Check( shape, value ), expected, 'typebox says something else' );
		} );
	}
} );

test( 'a keyword that is not checked is refused, because any value would pass', () => {
	const unchecked: TSchema = { type: 'string', format: 'email' };
	assert.throws( () => isShape( unchecked, 'x' ), /"format", which is not checked/ );
} );

/** A small generator of the same numbers each time, 0 to 1. */
function seeded( seed: number ): () => number {
	let state = seed;
	return () => ( state = ( state * 48_271 ) % 2_147_483_647 ) / 2_147_483_647;
}

type Plain = { [ keyword: string ]: unknown };
const isPlain = ( value: unknown ): value is Plain => typeof value === 'object' && value !== null && ! Array.isArray( value );

const ODD = [
	null,
	'',
	'x',
	'0'.repeat( 32 ),
	0,
	-1,
	0.5,
	2 ** 53,
	true,
	[],
	{},
	[ null ],
	{ x: 1 },
	'2026-01-01T00:00:00Z',
	'🙂'.repeat( 300 ),
];

/** A value near the shape: each part is right for the most part, and odd now and then. */
function near( shape: unknown, random: () => number, oddness: number ): unknown {
	const schema: Plain = isPlain( shape ) ? shape : {};
	const odd = (): unknown => ODD[ Math.floor( random() * ODD.length ) ];
	if ( random() < oddness ) {
		return odd();
	}
	if ( Array.isArray( schema.enum ) ) {
		return schema.enum[ Math.floor( random() * schema.enum.length ) ];
	}
	const types = [ schema.type ].flat();
	switch ( types[ Math.floor( random() * types.length ) ] ) {
		case 'object': {
			const parts = Object.entries( isPlain( schema.properties ) ? schema.properties : {} )
				.filter( () => random() >= oddness )
				.map( ( [ name, part ] ) => [ name, near( part, random, oddness ) ] as const );
			return Object.fromEntries( random() < oddness ? [ ...parts, [ 'more', 1 ] as const ] : parts );
		}
		case 'array':
			return Array.from( { length: Math.floor( random() * 4 ) }, () => near( schema.items, random, oddness ) );
		case 'string':
			return patternText( String( schema.pattern ?? '' ) );
		case 'integer':
		case 'number':
			return schema.minimum ?? 1;
		case 'boolean':
			return random() < 0.5;
		default:
			return null;
	}
}

/** Something that the pattern takes, of the few that come up most; what it does not take is a case too. */
function patternText( pattern: string ): string {
	const hexes = /^\^\[0-9a-f\]\{(\d+)\}\$$/.exec( pattern )?.[ 1 ];
	const known = [
		'',
		'a',
		'0'.repeat( Number( hexes ?? 16 ) ),
		'2026-01-01T00:00:00Z',
		'https://acme.example/',
		`${ '0'.repeat( 16 ) }-1`,
	];
	return known.find( ( text_of ) => new RegExp( pattern, 'u' ).test( text_of ) ) ?? '';
}

test( 'is judged as typebox judges it, for each shape of the contract; a miss would take what WordPress never signed', () => {
	const random = seeded( 20_260 );
	let taken = 0;
	for ( const [ name, shape ] of Object.entries( shapes ) ) {
		for ( let round = 0; round < 40; round++ ) {
			const value = near( shape, random, [ 0, 0.02, 0.1 ][ round % 3 ] ?? 0 );
			const is_shape = isShape( shape, value );
			taken += Number( is_shape );
			assert.equal( is_shape, Check( shape, value ), `${ name }: ${ JSON.stringify( value ) }` );
		}
	}
	assert.ok( taken > Object.keys( shapes ).length, `${ taken } were taken` );
} );
