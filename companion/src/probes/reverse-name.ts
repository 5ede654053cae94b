const REVERSE_NAME = /(?:^|\.)(in-addr|ip6)\.arpa\.?$/i;

/** Whether a name is one of the tree that leads from addresses to names (RFC 1035 section 3.5, RFC 3596 section 2.5). */
export function isReverseName( name: string ): boolean {
	return REVERSE_NAME.test( name );
}

/** The address that a name of that tree stands for, of a zone its lowest one; null when it stands for none. */
export function addressOfReverse( name: string ): string | null {
	const labels = name.toLowerCase().replace( REVERSE_NAME, '' ).split( '.' ).toReversed();
	if ( /in-addr\.arpa\.?$/i.test( name ) ) {
		const is_address = labels.length <= 4 && labels.every( ( label ) => /^\d{1,3}$/.test( label ) );
		return is_address ? [ ...labels, '0', '0', '0' ].slice( 0, 4 ).join( '.' ) : null;
	}
	const is_address = labels.length <= 32 && labels.every( ( label ) => /^[\da-f]$/.test( label ) );
	const groups = labels.join( '' ).padEnd( 32, '0' ).match( /.{4}/g );
	return is_address && groups !== null ? `[${ groups.join( ':' ) }]` : null;
}
