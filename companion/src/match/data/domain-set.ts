/** Domains written in a text with white space between them. */
export function domainSet( text: string ): ReadonlySet< string > {
	return new Set( text.trim().split( /\s+/u ) );
}

/** The first of the host and its parent domains that is in the set; null when none is. */
export function entryFor( host: string, set: ReadonlySet< string > ): string | null {
	for ( let rest = host; rest !== ''; rest = parentOf( rest ) ) {
		if ( set.has( rest ) ) {
			return rest;
		}
	}
	return null;
}

/** The host without its first label; empty for a single label. */
export function parentOf( host: string ): string {
	const dot = host.indexOf( '.' );
	return dot === -1 ? '' : host.slice( dot + 1 );
}
