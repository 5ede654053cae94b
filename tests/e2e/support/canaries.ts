import { createHash } from 'node:crypto';

export type Canary = { local: string; domain: string };

/** Domains of the planted users: companies of the test list, mail providers and others. */
const DOMAINS = [
	'acme-rockets.com',
	'birchbank.io',
	'cobalt-robots.dev',
	'twins-share.com',
	'mail.acme-rockets.com',
	'gmail.com',
	'outlook.com',
	'canary-nest.com',
	'aviary.org',
];

/** 1,000 planted users with local parts that occur nowhere else. */
export const CANARIES: readonly Canary[] = Array.from( { length: 1000 }, ( _, index ) => ( {
	local: `zq${ createHash( 'sha256' ).update( `canary ${ index }` ).digest( 'hex' ).slice( 0, 14 ) }.k${ index }`,
	domain: DOMAINS[ index % DOMAINS.length ] ?? 'gmail.com',
} ) );

export const addressOf = ( { local, domain }: Canary ): string => `${ local }@${ domain }`;

/** Every form in which an address or a local part could hide: plain, in capitals, percent-encoded, base64, hexadecimal and as digests. */
export function formsOf( canary: Canary ): string[] {
	return [ addressOf( canary ), canary.local ].flatMap( ( text ) => [
		text,
		text.toUpperCase(),
		encodeURIComponent( text ),
		Buffer.from( text ).toString( 'hex' ),
		...base64Forms( text ),
		...[ 'md5', 'sha1', 'sha256' ].flatMap( ( kind ) => {
			const digest = createHash( kind ).update( text ).digest();
			return [
				digest.toString( 'hex' ),
				digest.toString( 'hex' ).toUpperCase(),
				digest.toString( 'base64' ).replace( /=+$/, '' ),
				digest.toString( 'base64url' ),
			];
		} ),
	] );
}

/** Base64 of the text at each of the three places where it can begin in a longer text, without the characters that depend on its neighbours. */
function base64Forms( text: string ): string[] {
	return [ 0, 1, 2 ].flatMap( ( shift ) => {
		const encoded = Buffer.from( '\0'.repeat( shift ) + text )
			.toString( 'base64' )
			.replace( /=+$/, '' );
		const inner = encoded.slice( shift === 0 ? 0 : shift + 1, -2 );
		return [ inner, inner.replaceAll( '+', '-' ).replaceAll( '/', '_' ) ];
	} );
}

/** Forms of planted users that occur in the bytes; empty when nothing has leaked. */
export function leaksIn( bytes: Buffer ): string[] {
	const text = bytes.toString( 'latin1' );
	return CANARIES.flatMap( formsOf ).filter( ( form ) => text.includes( form ) );
}
