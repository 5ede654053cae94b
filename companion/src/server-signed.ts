import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorPayload } from './contract/pairing.ts';
import { CONTRACT_VERSION } from './contract/vocabulary.ts';
import { ERROR_CODES } from './contract/error-codes.ts';
import { RollcallError } from './errors.ts';
import type { Keyring, PairedSite } from './exchange/keyring.ts';
import type { Log } from './exchange/ports.ts';
import { mediaType, signAnswer, sortedQuery, verifyRequest } from './exchange/signature.ts';
import type { NonceStore } from './store/nonce-store.ts';

export type SignedContext = {
	keyring: Keyring;
	nonces: NonceStore;
	log: Log;
	now: () => number;
	/** Clock of WordPress minus ours, as measured for signing. */
	offsetOf: ( site_id: string ) => number;
};

/** Does a verified call. Answers status and payload; what it throws is signed too. */
export type SignedHandler = ( site: PairedSite, body: Uint8Array ) => Promise< { status: number; payload: object } >;

const WINDOW_MS = 300_000;
const NO_KEY = Buffer.alloc( 32 );

type Caller = { site: PairedSite; key: Buffer; kid: string; nonce: string; timestamp: number };

/** A route that only the paired WordPress may call. Checked in this order: header syntax, key id, signature, time,
 *  nonce; only then is anything read from the body or stored. One answer for every refusal but clock_skew. */
export function signedRoute( { keyring, nonces, log, now, offsetOf }: SignedContext, handler: SignedHandler ) {
	return async ( request: FastifyRequest, reply: FastifyReply ): Promise< FastifyReply > => {
		const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
		const caller = callerOf( request, body, keyring );
		reply.header( 'cache-control', 'no-store' );
		if ( caller === null ) {
			return unauthorized( reply );
		}
		const now_ms = now();
		if ( Math.abs( now_ms + offsetOf( caller.site.site_id ) - caller.timestamp * 1000 ) > WINDOW_MS ) {
			log( 'warn', 'call_clock_skew', { route: request.routeOptions.url } );
			return signed( reply, caller, 401, { error_code: 'clock_skew', now_ms } );
		}
		if ( ! nonces.remember( caller.kid, caller.nonce, now_ms ) ) {
			return unauthorized( reply );
		}
		try {
			const { status, payload } = await handler( caller.site, body );
			log( 'debug', 'call_answered', { route: request.routeOptions.url, status } );
			return signed( reply, caller, status, payload );
		} catch ( thrown ) {
			if ( ! ( thrown instanceof RollcallError ) ) {
				throw thrown;
			}
			const payload: ErrorPayload = {
				error_code: thrown.code,
				error_message: thrown.message.slice( 0, 500 ),
				contract_version: CONTRACT_VERSION,
			};
			return signed( reply, caller, ERROR_CODES[ thrown.code ].http_status, payload );
		}
	};
}

/** Who signed the call; null when the signature does not hold. An unknown key id costs as much as a known one. */
function callerOf( request: FastifyRequest, body: Uint8Array, keyring: Keyring ): Caller | null {
	const header = ( name: string ): string => {
		const value = request.headers[ name ];
		return typeof value === 'string' ? value : '';
	};
	const kid = header( 'x-rollcall-key' );
	const nonce = header( 'x-rollcall-nonce' );
	const timestamp = header( 'x-rollcall-timestamp' );
	if (
		! /^[0-9a-f]{16}-[0-9]{1,9}$/.test( kid ) ||
		! /^[0-9a-f]{32}$/.test( nonce ) ||
		! /^[0-9]{1,12}$/.test( timestamp ) ||
		header( 'content-encoding' ) !== ''
	) {
		return null;
	}
	const known = keyring.byKid( kid );
	const key = known === null ? NO_KEY : Buffer.from( known.keys.w2c, 'hex' );
	const is_right = verifyRequest(
		key,
		{
			direction: 'w2c',
			method: request.method,
			site_id: known?.site.site_id ?? '0'.repeat( 32 ),
			route: request.routeOptions.url ?? '',
			sorted_query: sortedQuery( request.url.split( '?', 2 )[ 1 ] ?? '', 'rest' ),
			content_type: mediaType( header( 'content-type' ) ),
			body,
			timestamp: Number( timestamp ),
			nonce,
			kid,
		},
		header( 'x-rollcall-signature' )
	);
	return is_right && known !== null ? { site: known.site, key, kid, nonce, timestamp: Number( timestamp ) } : null;
}

function unauthorized( reply: FastifyReply ): FastifyReply {
	const { http_status, title, hint } = ERROR_CODES.unauthorized;
	return reply.code( http_status ).send( { code: 'unauthorized', message: title, hint } );
}

function signed( reply: FastifyReply, { key, kid, nonce }: Caller, status: number, value: object ): FastifyReply {
	const payload = JSON.stringify( value );
	return reply.code( status ).send( { payload, sig: signAnswer( key, { status, nonce, kid, payload } ) } );
}
