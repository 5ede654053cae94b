type Schema = { [ keyword: string ]: unknown };

const SCALARS: Record< string, string > = {
	string: 'string',
	integer: 'int',
	number: 'float|int',
	boolean: 'bool',
	null: 'null',
};

/** The PHPStan type of a shape, as `wordpressSchema` returns it. */
export function phpstanShape( schema: Schema ): string {
	const types = Array.isArray( schema.type ) ? schema.type : [ schema.type ];
	return types.map( ( type ) => typeOf( String( type ), schema ) ).join( '|' );
}

function typeOf( type: string, schema: Schema ): string {
	if ( type === 'object' ) {
		const fields = Object.entries( ( schema.properties ?? {} ) as Record< string, Schema > );
		return `array{${ fields.map( ( [ name, field ] ) => `${ name }: ${ phpstanShape( field ) }` ).join( ', ' ) }}`;
	}
	if ( type === 'array' ) {
		return `list<${ phpstanShape( ( schema.items ?? { type: 'string' } ) as Schema ) }>`;
	}
	if ( type === 'string' && Array.isArray( schema.enum ) ) {
		return schema.enum
			.filter( ( word ) => word !== null )
			.map( ( word ) => `'${ word }'` )
			.join( '|' );
	}
	return SCALARS[ type ] ?? 'mixed';
}
