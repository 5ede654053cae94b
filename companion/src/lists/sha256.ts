import { createHash } from 'node:crypto';

/** The Hash of Node, for ParseTools and the cache. */
export function sha256( text: string ): string {
	return createHash( 'sha256' ).update( text ).digest( 'hex' );
}

sha256.ofPieces = ( pieces: Iterable< string > ): string => {
	const hash = createHash( 'sha256' );
	for ( const piece of pieces ) {
		hash.update( piece );
	}
	return hash.digest( 'hex' );
};
