import type { Readable } from 'node:stream';
import { RollcallError } from '../errors.ts';
import { guardedRequest, type GuardedNetwork } from './connect.ts';
import { judgeUrl, refusalError } from './guard.ts';

export type FetchRequest = { url: string; headers: Readonly< Record< string, string > >; signal: AbortSignal };

/** An answer after redirects. `body` is what came over the wire, still compressed; the reader counts and cuts it. */
export type FetchAnswer = {
	url: string;
	status: number;
	headers: Readonly< Record< string, string > >;
	body: Readable;
	/** Ends the connection; must be called, also after the body was read. */
	close: () => Promise< void >;
};

/** GET of a URL that somebody else chose. Errors: bad_url, target_refused; what the network throws goes through. */
export type Fetcher = ( request: FetchRequest ) => Promise< FetchAnswer >;

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set( [ 301, 302, 303, 307, 308 ] );

/** What goes along to another origin; anything else (credentials, custom headers, validators) is for the first one. */
const ANY_ORIGIN = new Set( [ 'accept', 'accept-encoding', 'user-agent' ] );

/** A fetcher that judges each hop: raw URL, every address, the socket. No keep-alive: the next fetch resolves anew. */
export function guardedFetcher( network: GuardedNetwork ): Fetcher {
	return async ( { url, headers, signal } ) => {
		let at = url;
		let sent = headers;
		for ( let hop = 0; hop <= MAX_REDIRECTS; hop++ ) {
			const answer = await getOnce( at, sent, signal, network );
			const location = REDIRECTS.has( answer.status ) ? answer.headers.location : undefined;
			if ( location === undefined ) {
				return answer;
			}
			await answer.close();
			const next = nextUrl( location, answer.url, network );
			sent = new URL( next ).origin === new URL( answer.url ).origin ? sent : onlyAnyOrigin( sent );
			at = next;
		}
		throw new RollcallError( 'list_unreachable', `GET ${ url } was redirected more than ${ MAX_REDIRECTS } times.` );
	};
}

async function getOnce(
	url: string,
	headers: Readonly< Record< string, string > >,
	signal: AbortSignal,
	network: GuardedNetwork
): Promise< FetchAnswer > {
	const judged = judgedUrl( url, network );
	const { response, close } = await guardedRequest( { method: 'GET', url: judged, headers, body: null, signal }, network );
	return {
		url: judged.href,
		status: response.statusCode ?? 0,
		headers: singleHeaders( response.headers ),
		body: response,
		close: async () => {
			response.destroy();
			close();
		},
	};
}

/** The URL without looking its host up: that is done once, by the socket that then uses the answer. */
function judgedUrl( url: string, network: GuardedNetwork ): URL {
	const target = judgeUrl( url, network.policy );
	if ( ! target.ok ) {
		throw refusalError( target );
	}
	return target.url;
}

/** The text of a Location, judged before it is resolved: resolving would drop the tabs and turn the backslashes. */
function nextUrl( location: string, base: string, network: GuardedNetwork ): string {
	const resolved = /[\p{Cc}\p{Z}\\]/u.test( location ) ? null : URL.parse( location, base );
	return judgedUrl( resolved?.href ?? '', network ).href;
}

function onlyAnyOrigin( headers: Readonly< Record< string, string > > ): Record< string, string > {
	return Object.fromEntries( Object.entries( headers ).filter( ( [ name ] ) => ANY_ORIGIN.has( name.toLowerCase() ) ) );
}

function singleHeaders( headers: Readonly< Record< string, string | string[] | undefined > > ): Record< string, string > {
	const single: Record< string, string > = {};
	for ( const [ name, value ] of Object.entries( headers ) ) {
		const first = Array.isArray( value ) ? value[ 0 ] : value;
		if ( first !== undefined ) {
			single[ name ] = first;
		}
	}
	return single;
}
