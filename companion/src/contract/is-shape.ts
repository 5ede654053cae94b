import type { Static, TSchema } from 'typebox';

/** The keywords that the shapes have, as `wordpressSchema()` lets them through. */
type Schema = {
	type?: string | string[];
	enum?: unknown[];
	pattern?: string;
	properties?: Record< string, Schema >;
	required?: string[];
	additionalProperties?: boolean;
	items?: Schema;
	minItems?: number;
	maxItems?: number;
	minimum?: number;
	maximum?: number;
	minLength?: number;
	maxLength?: number;
	description?: string;
};

type Rule = ( value: unknown, schema: Schema ) => boolean;

/** One rule a keyword. As JSON Schema says, a keyword of one type lets values of the others pass. */
const RULES: { [ Keyword in keyof Required< Schema > ]: Rule } = {
	type: ( value, { type = [] } ) => ( Array.isArray( type ) ? type.some( ( one ) => isOf( one, value ) ) : isOf( type, value ) ),
	enum: ( value, schema ) => schema.enum?.some( ( word ) => word === value ) ?? true,
	pattern: ( value, { pattern = '' } ) => typeof value !== 'string' || expressionOf( pattern ).test( value ),
	properties: ( value, { properties = {} } ) =>
		! isObject( value ) ||
		Object.entries( properties ).every( ( [ name, schema ] ) => ! Object.hasOwn( value, name ) || fits( schema, value[ name ] ) ),
	required: ( value, { required = [] } ) => ! isObject( value ) || required.every( ( name ) => Object.hasOwn( value, name ) ),
	additionalProperties: ( value, { additionalProperties, properties = {} } ) =>
		additionalProperties === true || ! isObject( value ) || Object.keys( value ).every( ( name ) => Object.hasOwn( properties, name ) ),
	items: ( value, { items = {} } ) => ! Array.isArray( value ) || value.every( ( item ) => fits( items, item ) ),
	minItems: ( value, { minItems = 0 } ) => ! Array.isArray( value ) || value.length >= minItems,
	maxItems: ( value, { maxItems = Infinity } ) => ! Array.isArray( value ) || value.length <= maxItems,
	minimum: ( value, { minimum = -Infinity } ) => typeof value !== 'number' || value >= minimum,
	maximum: ( value, { maximum = Infinity } ) => typeof value !== 'number' || value <= maximum,
	minLength: ( value, { minLength = 0 } ) => typeof value !== 'string' || lengthOf( value ) >= minLength,
	maxLength: ( value, { maxLength = Infinity } ) =>
		typeof value !== 'string' || value.length <= maxLength || lengthOf( value ) <= maxLength,
	description: () => true,
};

/** Whether a value of JSON has a shape of the contract. Only the few keywords are known that WordPress checks too: typebox's
 *  own checker takes 21 MiB. Throws on any other keyword, because every value would pass. */
export function isShape< Shape extends TSchema >( shape: Shape, value: unknown ): value is Static< Shape > {
	return fits( shape, value );
}

function fits( schema: Schema, value: unknown ): boolean {
	for ( const keyword in schema ) {
		if ( ! isKnown( keyword ) ) {
			throw new Error( `A shape of the contract uses "${ keyword }", which is not checked.` );
		}
		if ( ! RULES[ keyword ]( value, schema ) ) {
			return false;
		}
	}
	return true;
}

function isKnown( keyword: string ): keyword is keyof Schema {
	return Object.hasOwn( RULES, keyword );
}

function isOf( type: string, value: unknown ): boolean {
	switch ( type ) {
		case 'null':
			return value === null;
		case 'array':
			return Array.isArray( value );
		case 'object':
			return isObject( value );
		case 'integer':
			return Number.isInteger( value );
		case 'number':
			return Number.isFinite( value );
		default:
			return typeof value === type;
	}
}

function isObject( value: unknown ): value is Record< string, unknown > {
	return typeof value === 'object' && value !== null && ! Array.isArray( value );
}

/** In code points, as mb_strlen() of PHP counts. */
function lengthOf( value: string ): number {
	return Array.from( value ).length;
}

const expressions = new Map< string, RegExp >();

/** Compiled once: the shapes have a fixed few. */
function expressionOf( pattern: string ): RegExp {
	const expression = expressions.get( pattern ) ?? new RegExp( pattern, 'u' );
	expressions.set( pattern, expression );
	return expression;
}
