import type { Static, TArray, TBoolean, TInteger, TNumber, TObject, TProperties, TSchema, TString, TUnsafe } from 'typebox';

/** A schema object under the type that infers its values. Each caller writes the keywords that typebox's own builder of that
 *  type would; only its types are used, because its code takes 12 MiB of the companion. */
function typed< Schema extends TSchema >( plain: object ): Schema {
	return plain as Schema;
}

/** One word of a closed list. A plain `enum`, because WordPress ignores `const` and `anyOf` of literals. */
export function oneOf< const Words extends readonly string[] >( words: Words, description: string ): TUnsafe< Words[ number ] > {
	return typed( { type: 'string', enum: [ ...words ], description } );
}

/** The same shape or null, written as `type: [T, 'null']`, the only form that WordPress checks. */
export function nullable< Schema extends TSchema >( schema: Schema ): TUnsafe< Static< Schema > | null > {
	const plain: Record< string, unknown > = JSON.parse( JSON.stringify( schema ) );
	if ( Array.isArray( plain.enum ) ) {
		plain.enum = [ ...plain.enum, null ];
	}
	return typed( { ...plain, type: [ plain.type, 'null' ] } );
}

/** An object whose properties are all required and which refuses any other property. */
export function record< Properties extends TProperties >( description: string, properties: Properties ): TObject< Properties > {
	return typed( { ...openRecord( properties ), description, additionalProperties: false } );
}

/** The same, but any other property is let be; for files of our own, which WordPress never checks. */
export function openRecord< Properties extends TProperties >( properties: Properties ): TObject< Properties > {
	const required = Object.keys( properties );
	return typed( { type: 'object', ...( required.length > 0 ? { required } : {} ), properties } );
}

/** Text of at most `maximum` characters. */
export function text( maximum: number, description: string ): TString {
	return typed( { type: 'string', maxLength: maximum, description } );
}

/** Text that matches a regular expression from start to end (written with ^ and $). */
export function pattern( expression: string, description: string ): TString {
	return typed( { type: 'string', pattern: expression, description } );
}

/** An integer from 0 up to 2^53 - 1. */
export function count( description: string ): TInteger {
	return typed( { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description } );
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
export function ratio( description: string ): TNumber {
	return number( description, { minimum: 0, maximum: 1 } );
}

/** A number, also a fraction. */
export function number( description: string, limits: { minimum?: number; maximum?: number } = {} ): TNumber {
	return typed( { type: 'number', ...limits, description } );
}

/** True or false. */
export function flag( description: string ): TBoolean {
	return typed( { type: 'boolean', description } );
}

/** At most `maximum` items of one shape. */
export function listOf< Item extends TSchema >( item: Item, maximum: number, description: string ): TArray< Item > {
	return typed( { type: 'array', items: item, maxItems: maximum, description } );
}

/** `bytes` random or digest bytes in lower-case hexadecimal. */
export function hex( bytes: number, description: string ) {
	return pattern( `^[0-9a-f]{${ bytes * 2 }}$`, description );
}
