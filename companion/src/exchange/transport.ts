import type { Transport } from '../contract/vocabulary.ts';
import { messageOf, RollcallError } from '../errors.ts';
import { readSignedAnswer, type Answered } from './answer.ts';
import type { Network } from './ports.ts';

/** In the order in which they are tried: the second one needs no permalinks, the third one no REST. */
export const TRANSPORT_ORDER = [ 'rest', 'rest_route', 'admin_ajax' ] as const satisfies readonly Transport[];

export type SignedRoute = 'pair' | 'exchange';

/** Whole call, from the first byte sent to the last one read. */
export const DEADLINE_MS = 30_000;

/** Where a route is reached by a transport. `site_url` ends without a slash.
 *  Queries hold only what the signature leaves out. */
export function urlOf( site_url: string, route: SignedRoute, transport: Transport ): string {
	switch ( transport ) {
		case 'rest':
			return `${ site_url }/wp-json/rollcall/v1/${ route }`;
		case 'rest_route':
			return `${ site_url }/?rest_route=/rollcall/v1/${ route }`;
		case 'admin_ajax':
			return `${ site_url }/wp-admin/admin-ajax.php?action=rollcall_${ route }`;
	}
}

/** The address of a site as it is kept: http(s), no query, no fragment, no slash at the end.
 *  Throws bad_url; a user name and password belong in --basic-auth, where they are not shown. */
export function siteUrl( text: string ): string {
	const url = URL.canParse( text ) ? new URL( text ) : null;
	if ( url === null || ! /^https?:$/.test( url.protocol ) || url.username !== '' || url.password !== '' ) {
		throw new RollcallError( 'bad_url', `"${ text.slice( 0, 200 ) }" is not the address of a site.`, {
			hint: 'Give it as the Connect screen shows it, like https://example.com; a password of the web server goes into --basic-auth.',
		} );
	}
	return `${ url.origin }${ url.pathname.replace( /\/+$/, '' ) }`;
}

export type Call = {
	network: Network;
	url: string;
	body: string;
	headers: { [ name: string ]: string };
	/** `user:password` of the web server's own login, or null. */
	basic_auth: string | null;
	deadline_ms: number;
	signal: AbortSignal;
};

/** Sends one signed call. Whatever goes wrong on the way is an outcome, not thrown, but stopping is. */
export async function callSite( call: Call ): Promise< Answered > {
	const headers: Call[ 'headers' ] = {
		...call.headers,
		'content-type': 'application/json',
		accept: 'application/json',
		'cache-control': 'no-store',
	};
	if ( call.basic_auth !== null ) {
		headers.authorization = `Basic ${ Buffer.from( call.basic_auth ).toString( 'base64' ) }`;
	}
	const deadline = AbortSignal.timeout( call.deadline_ms );
	try {
		const signal = AbortSignal.any( [ deadline, call.signal ] );
		return readSignedAnswer( await call.network( { method: 'POST', url: call.url, headers, body: call.body, signal } ) );
	} catch ( thrown ) {
		call.signal.throwIfAborted();
		if ( thrown instanceof RollcallError ) {
			return { kind: 'unsigned', status: 0, reason: 'too_large', retry_after_ms: null, error_code: null, redirect_origin: null };
		}
		return {
			kind: 'failed',
			reason: failureOf( thrown, deadline.aborted ),
			message: reasonOf( thrown, deadline.aborted, call.deadline_ms ),
		};
	}
}

export type Failure = 'timeout' | 'reset' | 'unreachable';

/** A connection that ended while it was used may be a firewall's answer to the body. */
const RESETS = new Set( [ 'ECONNRESET', 'EPIPE' ] );

function failureOf( thrown: unknown, is_late: boolean ): Failure {
	if ( is_late ) {
		return 'timeout';
	}
	return RESETS.has( codeOf( thrown ) ) ? 'reset' : 'unreachable';
}

function codeOf( thrown: unknown ): string {
	return thrown instanceof Error && 'code' in thrown ? String( thrown.code ) : '';
}

function reasonOf( thrown: unknown, is_late: boolean, deadline_ms: number ): string {
	if ( is_late ) {
		return `no complete answer within ${ deadline_ms / 1000 } s`;
	}
	return codeOf( thrown ) || messageOf( thrown );
}
