import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Transport } from '../contract/vocabulary.ts';
import { RollcallError } from '../errors.ts';

/** c2w: the companion asks WordPress. w2c: WordPress asks the companion. Answers use the request's key. */
export type Direction = 'c2w' | 'w2c';

/** Everything of a request that its signature covers. `sorted_query` and `content_type` are as
 *  sortedQuery() and mediaType() give them; `timestamp` is in seconds. */
export type SignedRequest = {
	direction: Direction;
	method: string;
	site_id: string;
	route: string;
	sorted_query: string;
	content_type: string;
	body: string | Uint8Array;
	timestamp: number;
	nonce: string;
	kid: string;
};

/** Everything of an answer that its signature covers. `nonce` is the request's. */
export type AnswerToSign = { status: number; nonce: string; kid: string; payload: string };

const SIGNATURE = /^v1=[0-9a-f]{64}$/;

export function newNonce(): string {
	return randomBytes( 16 ).toString( 'hex' );
}

/** Query pairs as sent, sorted by bytes, without what only carries the route. Empty pairs are left out. */
export function sortedQuery( query: string, transport: Transport ): string {
	const carriers = transport === 'admin_ajax' ? [ 'rest_route', 'action' ] : [ 'rest_route' ];
	return query
		.split( '&' )
		.filter( ( pair ) => pair !== '' && ! carriers.includes( pair.split( '=', 1 )[ 0 ] ?? '' ) )
		.map( ( pair ) => Buffer.from( pair ) )
		.sort( Buffer.compare )
		.join( '&' );
}

/** The lower-cased media type of a Content-Type header, without parameters; empty when there is none. */
export function mediaType( header: string ): string {
	return ( header.split( ';', 1 )[ 0 ] ?? '' ).trim().toLowerCase();
}

/** Lines joined by a line break. Throws bad_request on a value that holds one: it could pose as two. */
export function joinLines( lines: readonly string[] ): string {
	if ( lines.some( ( line ) => line.includes( '\n' ) ) ) {
		throw new RollcallError( 'bad_request', 'A signed value holds a line break.' );
	}
	return lines.join( '\n' );
}

export function stringToSign( request: SignedRequest ): string {
	return joinLines( [
		'rollcall-v1',
		request.direction,
		request.method,
		request.site_id,
		request.route,
		request.sorted_query,
		request.content_type,
		createHash( 'sha256' ).update( request.body ).digest( 'hex' ),
		String( request.timestamp ),
		request.nonce,
		request.kid,
	] );
}

function hmac( key: Uint8Array, text: string ): string {
	return `v1=${ createHmac( 'sha256', key ).update( text, 'utf8' ).digest( 'hex' ) }`;
}

/** Whether two signatures are the same, in constant time. False for anything but `v1=` and 64 digits:
 *  timingSafeEqual throws on unequal length. */
export function sameSignature( known: string, given: string ): boolean {
	if ( ! SIGNATURE.test( known ) || ! SIGNATURE.test( given ) ) {
		return false;
	}
	return timingSafeEqual( Buffer.from( known.slice( 3 ), 'hex' ), Buffer.from( given.slice( 3 ), 'hex' ) );
}

/** `v1=` and the HMAC-SHA256 of the request. Throws bad_request on a value with a line break. */
export function signRequest( key: Uint8Array, request: SignedRequest ): string {
	return hmac( key, stringToSign( request ) );
}

/** Whether a request was signed with the key. Never throws. */
export function verifyRequest( key: Uint8Array, request: SignedRequest, signature: string ): boolean {
	try {
		return sameSignature( signRequest( key, request ), signature );
	} catch ( thrown ) {
		if ( thrown instanceof RollcallError ) {
			return false;
		}
		throw thrown;
	}
}

/** `v1=` and the HMAC-SHA256 of an answer. The payload comes last, so it may hold line breaks. */
export function signAnswer( key: Uint8Array, answer: AnswerToSign ): string {
	const head = joinLines( [ 'rollcall-v1', 'ack', String( answer.status ), answer.nonce, answer.kid ] );
	return hmac( key, `${ head }\n${ answer.payload }` );
}

export function verifyAnswer( key: Uint8Array, answer: AnswerToSign, signature: string ): boolean {
	return sameSignature( signAnswer( key, answer ), signature );
}
