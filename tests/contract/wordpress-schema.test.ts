import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Type } from 'typebox';
import { count, flag, hex, listOf, nullable, oneOf, record, text } from '../../companion/src/contract/schema.ts';
import { wordpressSchema } from '../../companion/src/contract/wordpress-schema.ts';

describe( 'a schema for WordPress', () => {
	const traps: [ string, unknown, RegExp ][] = [
		[ 'const, which WordPress ignores', Type.Literal( 'a' ), /uses "const"/ ],
		[ '$ref', Type.Ref( 'company' ), /uses "\$ref"/ ],
		[ 'anyOf of literals', Type.Union( [ Type.Literal( 'a' ), Type.Literal( 'b' ) ] ), /uses "anyOf"/ ],
		[ 'a format that WordPress does not know', Type.String( { format: 'hostname' } ), /uses "format"/ ],
		[ 'a default, which a server would fill in silently', Type.String( { default: 'x' } ), /uses "default"/ ],
		[ 'patternProperties of a record of any keys', Type.Record( Type.String(), Type.String() ), /uses "patternProperties"/ ],
		[ 'no type', Type.Any(), /has no type/ ],
		[ 'unknown properties', Type.Object( { a: Type.String() } ), /accepts unknown properties/ ],
		[ 'an optional property', Type.Object( { a: Type.Optional( Type.String() ) }, { additionalProperties: false } ), /is optional/ ],
		[ 'a pattern that matches in the middle', Type.String( { pattern: '[0-9]+' } ), /not anchored/ ],
		[ 'no object at all', null, /is not a schema object/ ],
	];
	for ( const [ name, schema, message ] of traps ) {
		it( `refuses ${ name }`, () => assert.throws( () => wordpressSchema( schema ), message ) );
		it( `refuses ${ name } inside a property`, () => {
			const outer = {
				type: 'object',
				additionalProperties: false,
				required: [ 'in' ],
				properties: { in: schema },
			};
			assert.throws( () => wordpressSchema( outer ), message );
		} );
		it( `refuses ${ name } inside a list`, () => {
			assert.throws( () => wordpressSchema( { type: 'array', items: schema } ), message );
		} );
	}

	it( 'names the place of the fault', () => {
		const shape = record( 'Outer.', {
			inner: record( 'Inner.', {
				rows: listOf( Type.Literal( 1 ), 3, 'Rows.' ),
			} ),
		} );
		assert.throws( () => wordpressSchema( shape, 'outer' ), /^Error: outer\/inner\/rows\/items uses "const"/ );
	} );

	it( 'marks each property as required in the way that WordPress reads', () => {
		const schema = wordpressSchema(
			record( 'A thing.', {
				name: text( 5, 'Name.' ),
				on: flag( 'On.' ),
			} )
		);
		assert.deepEqual( schema, {
			type: 'object',
			description: 'A thing.',
			additionalProperties: false,
			properties: {
				name: {
					type: 'string',
					maxLength: 5,
					description: 'Name.',
					required: true,
				},
				on: { type: 'boolean', description: 'On.', required: true },
			},
		} );
	} );

	it( 'writes a nullable word as a type with null and an enum with null', () => {
		const schema = wordpressSchema( nullable( oneOf( [ 'a', 'b' ], 'Word.' ) ) );
		assert.deepEqual( schema, {
			type: [ 'string', 'null' ],
			enum: [ 'a', 'b', null ],
			description: 'Word.',
		} );
	} );

	it( 'keeps limits of numbers, also of nullable ones', () => {
		const schema = wordpressSchema( nullable( count( 'Count.' ) ) );
		assert.equal( schema.minimum, 0 );
		assert.equal( schema.maximum, Number.MAX_SAFE_INTEGER );
	} );

	it( 'lets no newline pass at the end of a pattern, in PHP or here', () => {
		const { pattern } = wordpressSchema( hex( 2, 'Bytes.' ) );
		const expression = new RegExp( String( pattern ), 'u' );
		assert.ok( expression.test( '00ff' ) );
		assert.ok( ! expression.test( '00ff\n' ) );
		assert.ok( ! expression.test( '00fg' ) );
	} );
} );
