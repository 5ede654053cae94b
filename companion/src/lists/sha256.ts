import { createHash } from 'node:crypto';

/** The Hash of Node, for ParseTools and the cache. */
export function sha256( text: string ): string {
	return createHash( 'sha256' ).update( text ).digest( 'hex' );
}
