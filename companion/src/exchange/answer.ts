import { signedAnswer, type SignedAnswer } from '../contract/exchange.ts';
import { isShape } from '../contract/is-shape.ts';
import type { NetworkAnswer } from './ports.ts';
import type { Failure } from './transport.ts';

/** Why an answer is none of WordPress's: nothing may be concluded from it but that it came. */
export type UnsignedReason =
	'redirect' | 'not_found' | 'refused' | 'not_json' | 'not_signed' | 'bad_signature' | 'bad_payload' | 'too_large';

export type Unsigned = {
	kind: 'unsigned';
	status: number;
	reason: UnsignedReason;
	retry_after_ms: number | null;
	/** Code that an unsigned JSON error names; a hint for people, never a proof. */
	error_code: string | null;
	/** Where a redirect points; never followed. */
	redirect_origin: string | null;
};

/** What came back. `answer` has the form of a signed answer; its signature is still to be checked. */
export type Answered =
	| { kind: 'answer'; status: number; answer: SignedAnswer; retry_after_ms: number | null }
	| Unsigned
	| { kind: 'failed'; reason: Failure; message: string };

/** Takes an answer as signed only when it is JSON of exactly that form.
 *  Redirects (login pages), HTML (caches, maintenance, firewalls) and cut answers are told apart for people. */
export function readSignedAnswer( answer: NetworkAnswer ): Answered {
	const { status } = answer;
	const retry_after_ms = retryAfterMs( answer.header( 'retry-after' ), answer.header( 'date' ) );
	const unsigned = ( reason: UnsignedReason, error_code: string | null = null ): Unsigned => ( {
		kind: 'unsigned',
		status,
		reason,
		retry_after_ms,
		error_code,
		redirect_origin: null,
	} );
	if ( status >= 300 && status < 400 ) {
		return { ...unsigned( 'redirect' ), redirect_origin: originOf( answer.header( 'location' ) ) };
	}
	const value = jsonOf( answer );
	if ( isShape( signedAnswer, value ) ) {
		return { kind: 'answer', status, answer: value, retry_after_ms };
	}
	const error_code = errorCodeOf( value );
	if ( status === 404 ) {
		return unsigned( 'not_found', error_code );
	}
	if ( status >= 400 ) {
		return unsigned( 'refused', error_code );
	}
	return unsigned( value === undefined ? 'not_json' : 'not_signed', error_code );
}

/** The JSON of an answer that says it is JSON; undefined otherwise. */
function jsonOf( answer: NetworkAnswer ): unknown {
	if ( ! /^application\/json\b/i.test( answer.header( 'content-type' ) ?? '' ) ) {
		return undefined;
	}
	return parseJson( answer.body );
}

function originOf( location: string | null ): string | null {
	return location !== null && URL.canParse( location ) ? new URL( location ).origin : null;
}

/** JSON.parse that answers undefined for what is no JSON. */
export function parseJson( text: string ): unknown {
	try {
		return JSON.parse( text );
	} catch ( thrown ) {
		if ( thrown instanceof SyntaxError ) {
			return undefined;
		}
		throw thrown;
	}
}

/** The `code` of a WordPress REST error. */
function errorCodeOf( value: unknown ): string | null {
	if ( typeof value !== 'object' || value === null || ! ( 'code' in value ) || typeof value.code !== 'string' ) {
		return null;
	}
	return /^[a-z][a-z0-9_]{0,63}$/.test( value.code ) ? value.code : null;
}

/** Milliseconds that Retry-After asks for; null when it says nothing usable. A date counts from the answer's own Date,
 *  because the clocks may differ. RFC 9110 section 10.2.3. */
export function retryAfterMs( header: string | null, date: string | null ): number | null {
	if ( header === null ) {
		return null;
	}
	if ( /^\d{1,9}$/.test( header ) ) {
		return Number( header ) * 1000;
	}
	const at_ms = / GMT$/.test( header ) ? Date.parse( header ) : NaN;
	const from_ms = Date.parse( date ?? '' );
	return Number.isNaN( at_ms ) || Number.isNaN( from_ms ) ? null : Math.max( 0, at_ms - from_ms );
}
