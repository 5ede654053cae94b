import { Type, type TObject, type TProperties, type TSchema, type TUnsafe } from 'typebox';

/** One word of a closed list. A plain `enum`, because WordPress ignores `const` and `anyOf` of literals. */
export function oneOf< const Words extends readonly string[] >( words: Words, description: string ): TUnsafe< Words[ number ] > {
	return Type.Unsafe< Words[ number ] >( { type: 'string', enum: [ ...words ], description } );
}

/** The same shape or null, written as `type: [T, 'null']`, the only form that WordPress checks. */
export function nullable< Schema extends TSchema >( schema: Schema ): TUnsafe< Type.Static< Schema > | null > {
	const plain: Record< string, unknown > = JSON.parse( JSON.stringify( schema ) );
	if ( Array.isArray( plain.enum ) ) {
		plain.enum = [ ...plain.enum, null ];
	}
	return Type.Unsafe< Type.Static< Schema > | null >( { ...plain, type: [ plain.type, 'null' ] } );
}

/** An object whose properties are all required and which refuses any other property. */
export function record< Properties extends TProperties >( description: string, properties: Properties ): TObject< Properties > {
	return Type.Object( properties, { description, additionalProperties: false } );
}

/** Text of at most `maximum` characters. */
export function text( maximum: number, description: string ) {
	return Type.String( { maxLength: maximum, description } );
}

/** Text that matches a regular expression from start to end (written with ^ and $). */
export function pattern( expression: string, description: string ) {
	return Type.String( { pattern: expression, description } );
}

/** An integer from 0 up to 2^53 - 1. */
export function count( description: string ) {
	return Type.Integer( { minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description } );
}

/** An instant as milliseconds since 1970-01-01T00:00:00Z. */
export function instantMs( description: string ) {
	return count( description );
}

/** An instant for screens and people, ISO 8601 with Z. */
export function instantIso( description: string ) {
	return pattern( '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3})?Z$', description );
}

/** A share from 0 to 1. */
export function ratio( description: string ) {
	return Type.Number( { minimum: 0, maximum: 1, description } );
}

export function flag( description: string ) {
	return Type.Boolean( { description } );
}

export function listOf< Item extends TSchema >( item: Item, maximum: number, description: string ) {
	return Type.Array( item, { maxItems: maximum, description } );
}

/** `bytes` random or digest bytes in lower-case hexadecimal. */
export function hex( bytes: number, description: string ) {
	return pattern( `^[0-9a-f]{${ bytes * 2 }}$`, description );
}
