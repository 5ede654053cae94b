/** SHA-256 of a text's UTF-8 bytes in lower-case hexadecimal; passed in, so that a browser worker can bring its own. */
export type Hash = {
	( text: string ): string | Promise< string >;
	/** Of a text in pieces, where that is possible. */
	ofPieces?: ( pieces: Iterable< string > ) => string;
};

/** JSON with the keys of every object in code-unit order, so that equal values give equal text.
 *  Takes only what JSON.parse gives; the caller has limited the depth. */
export function canonicalJson( value: unknown ): string {
	if ( typeof value !== 'object' || value === null || ( Array.isArray( value ) && ! value.some( isObject ) ) ) {
		return JSON.stringify( value );
	}
	if ( Array.isArray( value ) ) {
		return `[${ value.map( canonicalJson ).join( ',' ) }]`;
	}
	const fields = new Map( Object.entries( value ) );
	let text = '';
	// Without a comparison of ours `sort` goes by code units.
	for ( const key of [ ...fields.keys() ].sort() ) {
		text += `${ text === '' ? '' : ',' }${ JSON.stringify( key ) }:${ canonicalJson( fields.get( key ) ) }`;
	}
	return `{${ text }}`;
}

function isObject( value: unknown ): boolean {
	return typeof value === 'object' && value !== null;
}

/** Order of code units, the same on every machine and in every locale. */
export function byCodeUnit( a: string, b: string ): number {
	if ( a === b ) {
		return 0;
	}
	return a < b ? -1 : 1;
}
