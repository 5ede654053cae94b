/** SHA-256 of a text's UTF-8 bytes in lower-case hexadecimal; passed in, so that a browser worker can bring its own. */
export type Hash = ( text: string ) => string | Promise< string >;

/** JSON with the keys of every object in code-unit order, so that equal values give equal text.
 *  Takes only what JSON.parse gives; the caller has limited the depth. */
export function canonicalJson( value: unknown ): string {
	if ( Array.isArray( value ) ) {
		return `[${ value.map( canonicalJson ).join( ',' ) }]`;
	}
	if ( typeof value === 'object' && value !== null ) {
		const fields = Object.entries( value ).sort( ( [ a ], [ b ] ) => byCodeUnit( a, b ) );
		return `{${ fields.map( ( [ key, field ] ) => `${ JSON.stringify( key ) }:${ canonicalJson( field ) }` ).join( ',' ) }}`;
	}
	return JSON.stringify( value );
}

/** Order of code units, the same on every machine and in every locale. */
export function byCodeUnit( a: string, b: string ): number {
	if ( a === b ) {
		return 0;
	}
	return a < b ? -1 : 1;
}
