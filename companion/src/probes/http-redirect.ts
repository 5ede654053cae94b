import type { Target } from '../guard/guard.ts';
import { ProbeFault } from './classify-error.ts';
import type { HttpHead } from './http-exchange.ts';

/** One request of a chain of redirects. */
export type Hop = { url: string; method: string; headers: readonly ( readonly [ string, string ] )[]; body: string | null };

const REDIRECTS = new Set( [ 301, 302, 303, 307, 308 ] );

/** What goes along to another origin; anything else (credentials, custom headers, a User-Agent that opens a firewall) is for the
 *  first one. */
const ANY_ORIGIN = new Set( [ 'accept', 'accept-encoding', 'accept-language' ] );

/** The next hop; null when the answer leads nowhere and is judged as it is. Throws ProbeFault when it leads to no web page.
 *  Nothing else leads on: no Refresh, no Alt-Svc, no Link. */
export function redirectOf( head: HttpHead, hop: Hop, target: Target ): Hop | null {
	const { status } = head;
	const location = REDIRECTS.has( status ) ? head.headers.location : undefined;
	if ( location === undefined ) {
		return null;
	}
	const next = nextUrl( location, target.url );
	if ( next === null ) {
		throw new ProbeFault( 'redirect_invalid', `was redirected to what is no http(s) URL: ${ shownLocation( location ) }` );
	}
	if ( target.url.protocol === 'https:' && next.protocol === 'http:' ) {
		throw new ProbeFault( 'redirect_invalid', `was redirected from https back to http://${ next.host }/` );
	}
	const to_get = status === 303 ? hop.method !== 'HEAD' : status < 303 && hop.method === 'POST';
	const same_origin = next.origin === target.url.origin;
	return {
		url: next.href,
		method: to_get ? 'GET' : hop.method,
		headers: same_origin ? hop.headers : hop.headers.filter( ( [ name ] ) => ANY_ORIGIN.has( name.toLowerCase() ) ),
		body: to_get || ! same_origin ? null : hop.body,
	};
}

/** Without user name, password and query, which may hold a secret. */
function shownLocation( location: string ): string {
	return location
		.replace( /[?#].*$/s, '' )
		.replace( /^([a-z][a-z\d+.-]*:)?([/\\]*)[^/\\]*@/i, '$1$2' )
		.slice( 0, 100 );
}

/** Judged as it was written, before it is resolved: resolving drops tabs and turns backslashes. */
function nextUrl( location: string, base: URL ): URL | null {
	// Node gives header bytes as Latin-1; what is beyond ASCII is UTF-8 in practice.
	const text = Buffer.from( location, 'latin1' ).toString( 'utf8' );
	const next = /[\p{Cc}\p{Cf}\p{Z}\\]/u.test( text ) ? null : URL.parse( text, base );
	return next !== null && /^https?:$/.test( next.protocol ) && next.username === '' && next.password === '' ? next : null;
}
