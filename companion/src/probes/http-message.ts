import { isIP } from 'node:net';
import type { Target } from '../guard/guard.ts';
import type { Hop } from './http-redirect.ts';
import type { ProbeContext } from './probe.ts';

/** The fields of a request, names and values in turn. */
export function headerList( { method, headers, body }: Hop, { url }: Target, { user_agent }: ProbeContext ): string[] {
	const own = new Set( headers.map( ( [ name ] ) => name.toLowerCase() ) );
	const usual: [ string, string ][] = [
		[ 'User-Agent', user_agent ],
		[ 'Accept', '*/*' ],
		[ 'Accept-Encoding', 'gzip, br' ],
	];
	const length: [ string, string ][] =
		body === null && method !== 'POST' ? [] : [ [ 'Content-Length', String( Buffer.byteLength( body ?? '' ) ) ] ];
	const added = usual.filter( ( [ name ] ) => ! own.has( name.toLowerCase() ) );
	return [ [ 'Host', url.host ], ...added, ...headers, ...length, [ 'Connection', 'close' ] ].flat();
}

/** What belongs to the connection and to the framing of the message, or changes what an answer is (RFC 9110 sections 7.2, 7.6, 8.6
 *  and 10.1, RFC 9112 section 6). */
const OURS = new Set( [
	'host',
	'connection',
	'content-length',
	'transfer-encoding',
	'keep-alive',
	'proxy-connection',
	'proxy-authorization',
	'te',
	'trailer',
	'upgrade',
	'expect',
	'http2-settings',
] );

/** Why a header cannot be sent, as a part of a sentence that does not tell its value; null when it can. */
export function headerFault( name: string, value: string ): string | null {
	if ( ! /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test( name ) ) {
		return 'its name has a character that HTTP does not allow';
	}
	if ( OURS.has( name.toLowerCase() ) ) {
		return 'it belongs to the connection';
	}
	return /^[\t\x20-\x7e\x80-\xff]*$/.test( value ) ? null : 'its value has a line break or a character beyond Latin-1';
}

export const NO_URL = 'it is not a plain http(s) URL without user name, white space and backslash';

/** A request for messages. */
export function triedHttp( { method }: { method: string }, url: string ): string {
	return `${ method } ${ shownUrl( url ) }`;
}

/** A URL for a message: without its query, which may hold a secret. */
export function shownUrl( text: string ): string {
	const url = URL.parse( text );
	return url === null || isIP( text ) !== 0 ? text.slice( 0, 200 ) : `${ url.protocol }//${ url.host }${ url.pathname }`.slice( 0, 200 );
}
