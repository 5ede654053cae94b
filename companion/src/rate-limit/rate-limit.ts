import type { FastifyReply, FastifyRequest } from 'fastify';
import { ERROR_CODES } from '../contract/error-codes.ts';
import { stepWindow, type Window } from './sliding-window.ts';

export type RateLimitHook = ( request: FastifyRequest, reply: FastifyReply ) => Promise< FastifyReply | undefined >;

/** Clients that are remembered; the one that was idle longest is forgotten first. */
const MOST_CLIENTS = 10_000;

/** `cost` is what a request counts, 1 when it is not given. */
export type RateLimitOptions = { cost?: number | ( ( request: FastifyRequest ) => number ); now?: () => number };

/** A hook that lets a client make `limit` requests in `window_ms`, by a sliding window in memory.
 *  Every answer says how many are left, as draft-ietf-httpapi-ratelimit-headers-10 has it; beyond it is 429.
 *  The client is `request.ip`: what the socket says, or a proxy that the server was told to trust. */
export function rateLimitMiddleware(
	limit: number,
	window_ms: number,
	{ cost = 1, now = Date.now }: RateLimitOptions = {}
): RateLimitHook {
	const windows = new Map< string, Window >();
	return async ( request, reply ) => {
		const client = clientOf( request.ip );
		const counted = typeof cost === 'number' ? cost : cost( request );
		const { window, retry_after_ms, remaining } = stepWindow( windows.get( client ) ?? null, limit, window_ms, now(), counted );
		windows.delete( client );
		windows.set( client, window );
		if ( windows.size > MOST_CLIENTS ) {
			windows.delete( windows.keys().next().value ?? '' );
		}
		const seconds = Math.ceil( ( retry_after_ms || window.window_start_ms + window_ms - now() ) / 1000 );
		reply.header( 'RateLimit-Policy', `"default";q=${ limit };w=${ Math.round( window_ms / 1000 ) }` );
		reply.header( 'RateLimit', `"default";r=${ remaining };t=${ seconds }` );
		if ( retry_after_ms === 0 ) {
			return undefined;
		}
		const { http_status, title, hint } = ERROR_CODES.rate_limited;
		return reply.code( http_status ).header( 'Retry-After', String( seconds ) ).send( { code: 'rate_limited', message: title, hint } );
	};
}

/** For routes that anyone may read: 200 a minute. */
export const relaxedRateLimit = rateLimitMiddleware( 200, 60_000 );

/** An IPv4 address, or the /64 of an IPv6 one, which one client has as a whole. */
export function clientOf( address: string ): string {
	const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec( address )?.[ 1 ];
	if ( mapped !== undefined || ! address.includes( ':' ) ) {
		return mapped ?? address;
	}
	const [ head = '', tail ] = address.split( '%', 1 )[ 0 ]?.split( '::' ) ?? [];
	const groups = head === '' ? [] : head.split( ':' );
	const missing = tail === undefined ? 0 : 8 - groups.length - ( tail === '' ? 0 : tail.split( ':' ).length );
	const all = [ ...groups, ...Array.from( { length: missing }, () => '0' ), ...( tail ? tail.split( ':' ) : [] ) ];
	return all
		.slice( 0, 4 )
		.map( ( group ) => Number.parseInt( group, 16 ).toString( 16 ) )
		.join( ':' );
}
