type Schema = { [ keyword: string ]: unknown };

/** Keywords that WordPress's own validator checks; any other one is silently ignored by it.
 *  Source: wp-includes/rest-api.php, rest_get_allowed_schema_keywords(). */
const CHECKED = new Set( [
	'type',
	'description',
	'enum',
	'pattern',
	'properties',
	'required',
	'additionalProperties',
	'items',
	'minItems',
	'maxItems',
	'minimum',
	'maximum',
	'minLength',
	'maxLength',
] );

/** A shape as WordPress checks it: `required: true` on each property.
 *  Throws on a keyword or form that WordPress would ignore, because any value would then pass. */
export function wordpressSchema( schema: unknown, path = '#' ): Schema {
	if ( typeof schema !== 'object' || schema === null || Array.isArray( schema ) ) {
		throw new Error( `${ path } is not a schema object` );
	}
	const plain: Schema = { ...schema };
	for ( const keyword of Object.keys( plain ) ) {
		if ( ! CHECKED.has( keyword ) ) {
			throw new Error( `${ path } uses "${ keyword }", which WordPress ignores` );
		}
	}
	if ( plain.type === undefined ) {
		throw new Error( `${ path } has no type, so WordPress would accept anything` );
	}
	if ( plain.pattern !== undefined ) {
		plain.pattern = phpPattern( String( plain.pattern ), path );
	}
	if ( plain.properties !== undefined ) {
		const required = new Set( Array.isArray( plain.required ) ? plain.required : [] );
		if ( plain.additionalProperties !== false ) {
			throw new Error( `${ path } accepts unknown properties` );
		}
		plain.properties = Object.fromEntries(
			Object.entries( plain.properties as Record< string, unknown > ).map( ( [ name, property ] ) => {
				if ( ! required.has( name ) ) {
					throw new Error( `${ path }/${ name } is optional: use nullable() instead` );
				}
				return [
					name,
					{
						...wordpressSchema( property, `${ path }/${ name }` ),
						required: true,
					},
				];
			} )
		);
		delete plain.required;
	}
	if ( plain.items !== undefined ) {
		plain.items = wordpressSchema( plain.items, `${ path }/items` );
	}
	return plain;
}

/** The pattern for preg_match(), whose `$` also matches before a newline at the end: "abc\n" would pass as hex. */
function phpPattern( pattern: string, path: string ): string {
	if ( ! pattern.startsWith( '^' ) || ! pattern.endsWith( '$' ) ) {
		throw new Error( `${ path } has a pattern that is not anchored with ^ and $` );
	}
	return `${ pattern }(?!\\n)`;
}
