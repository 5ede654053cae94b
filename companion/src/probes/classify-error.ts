import type { CheckCode, MonitorState } from '../contract/vocabulary.ts';
import { messageOf } from '../errors.ts';
import { Expired, type CheckPhase } from './deadline.ts';
import type { Fault } from './probe.ts';

/** What a probe found out by itself, by the word that it throws. */
const REASONS = {
	target_refused: 'target_refused',
	ports_limited: 'ports_limited',
	challenged: 'challenged',
	header_fields: 'header_overflow',
	informational: 'protocol',
	switched: 'protocol',
	status_range: 'protocol',
	http_version: 'protocol',
	redirect_limit: 'redirect_limit',
	redirect_invalid: 'redirect_invalid',
	alias_chain: 'dns_other',
	body_timeout: 'body_timeout',
	body_truncated: 'body_truncated',
	body_reset: 'body_reset',
	body_framing: 'protocol',
	content_encoding: 'decode_failed',
	stood_still: 'check_failed_internally',
	not_registered: 'http_status',
	registry: 'check_failed_internally',
	no_beat: 'push_missed',
	no_beat_yet: 'not_checked_yet',
} as const satisfies Record< string, CheckCode >;

/** Something about the target that no library throws. The message is a part of a sentence: what was found. */
export class ProbeFault extends Error {
	readonly reason: keyof typeof REASONS;

	constructor( reason: keyof typeof REASONS, message: string ) {
		super( message );
		this.name = 'ProbeFault';
		this.reason = reason;
	}
}

/** A certificate that was not accepted. `code` is OpenSSL's word for why. */
export class CertificateFault extends Error {
	readonly code: string;

	constructor( code: string, message: string ) {
		super( message );
		this.name = 'CertificateFault';
		this.code = code;
	}
}

/** Words of Node, c-ares, OpenSSL and llhttp, whatever the phase. */
const CODES: { [ code: string ]: CheckCode | undefined } = {
	ECONNREFUSED: 'connect_refused',
	ETIMEDOUT: 'connect_timeout',
	ERR_SOCKET_CONNECTION_TIMEOUT: 'connect_timeout',
	ECONNRESET: 'connect_reset',
	ECONNABORTED: 'connect_reset',
	EPIPE: 'connect_reset',
	EHOSTUNREACH: 'unreachable',
	ENETUNREACH: 'unreachable',
	EHOSTDOWN: 'unreachable',
	ENETDOWN: 'unreachable',
	EACCES: 'unreachable',
	EPERM: 'unreachable',
	CERT_HAS_EXPIRED: 'tls_expired',
	CERT_NOT_YET_VALID: 'tls_not_yet_valid',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'tls_self_signed',
	SELF_SIGNED_CERT_IN_CHAIN: 'tls_unknown_issuer',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls_unknown_issuer',
	UNABLE_TO_GET_ISSUER_CERT: 'tls_unknown_issuer',
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls_unknown_issuer',
	INVALID_CA: 'tls_unknown_issuer',
	CERT_UNTRUSTED: 'tls_unknown_issuer',
	ERR_TLS_CERT_ALTNAME_INVALID: 'tls_wrong_host',
	HOSTNAME_MISMATCH: 'tls_wrong_host',
	ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'tls_client_cert',
	HPE_HEADER_OVERFLOW: 'header_overflow',
};

const DNS_CODES: { [ code: string ]: CheckCode | undefined } = {
	ENOTFOUND: 'dns_nxdomain',
	ENODATA: 'dns_nodata',
	ESERVFAIL: 'dns_servfail',
	EREFUSED: 'dns_refused',
	ETIMEOUT: 'dns_timeout',
};

const EXPIRED_CODES: Record< CheckPhase, CheckCode > = {
	dns: 'dns_timeout',
	connect: 'connect_timeout',
	tls: 'tls_timeout',
	header: 'header_timeout',
	body: 'body_timeout',
};

/** Limits of our own machine. EADDRNOTAVAIL: no local port is left. */
const OURS = new Set( [ 'EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS', 'EADDRNOTAVAIL', 'EADDRINUSE' ] );

/** OpenSSL's code of a certificate that the server misses (alert 116). */
const CLIENT_CERTIFICATE = '0A00045C';

/** A timer that fired this late says that our process stood still, not that the target was slow. */
const STOOD_STILL_MS = 1000;

const DEGRADED = new Set< CheckCode >( [ 'too_slow', 'tls_expiring', 'domain_expiring' ] );
const UNKNOWN = new Set< CheckCode >( [
	'challenged',
	'target_refused',
	'ports_limited',
	'self_offline',
	'check_failed_internally',
	'suspended',
	'missed',
	'restored',
	'paused',
	'not_checked_yet',
	'past_cap',
] );

/** The state that goes with a code. */
export function stateOf( code: CheckCode ): MonitorState {
	return code === 'ok' ? 'up' : UNKNOWN.has( code ) ? 'unknown' : DEGRADED.has( code ) ? 'degraded' : 'down';
}

/** Decides what anything thrown in a phase of a check means. `tried` begins the message, such as "GET https://a.example/". */
export function classifyError( thrown: unknown, phase: CheckPhase, tried: string ): Fault {
	const error_code = codeOf( thrown, phase );
	const found =
		error_code === 'check_failed_internally' && ! ( thrown instanceof ProbeFault )
			? `failed in the companion itself: ${ wordsOf( thrown ) }`
			: foundOf( thrown, phase );
	return { state: stateOf( error_code ), error_code, error_message: storedMessage( `${ tried } ${ found }.` ) };
}

function codeOf( thrown: unknown, phase: CheckPhase ): CheckCode {
	if ( thrown instanceof Expired ) {
		return thrown.late_ms > STOOD_STILL_MS ? 'check_failed_internally' : EXPIRED_CODES[ thrown.phase ];
	}
	if ( thrown instanceof ProbeFault ) {
		return REASONS[ thrown.reason ];
	}
	if ( thrown instanceof AggregateError && thrown.errors.length > 0 ) {
		return codeOfAll( thrown.errors.map( ( error ) => codeOf( error, phase ) ) );
	}
	const code = nodeCode( thrown );
	if ( ! ( thrown instanceof Error ) || code === '' || OURS.has( code ) ) {
		return 'check_failed_internally';
	}
	if ( phase === 'dns' ) {
		return DNS_CODES[ code ] ?? 'dns_other';
	}
	return CODES[ code ] ?? codeOfFamily( code, thrown.message );
}

/** Several addresses failed in several ways: what some machine answered says more than silence, and that more than no way there. */
function codeOfAll( codes: readonly CheckCode[] ): CheckCode {
	const order: CheckCode[] = [ 'connect_refused', 'connect_reset', 'connect_timeout', 'unreachable' ];
	return order.find( ( code ) => codes.includes( code ) ) ?? codes[ 0 ] ?? 'check_failed_internally';
}

function codeOfFamily( code: string, message: string ): CheckCode {
	if ( openSslCode( message ) === CLIENT_CERTIFICATE ) {
		return 'tls_client_cert';
	}
	if ( code === 'EPROTO' || code.startsWith( 'ERR_SSL_' ) || code.startsWith( 'ERR_TLS_' ) || CERTIFICATE_WORD.test( code ) ) {
		return 'tls_protocol';
	}
	return code.startsWith( 'HPE_' ) ? 'protocol' : 'check_failed_internally';
}

/** The remaining X509_V_ERR words of OpenSSL as Node writes them. */
const CERTIFICATE_WORD = /^(CERT|CRL|UNABLE_TO|ERROR_IN_CERT|INVALID_|PATH_LENGTH|CA_|EE_|UNSPECIFIED|OUT_OF_MEM)/;

function openSslCode( message: string ): string | undefined {
	return /\b(0A[0-9A-F]{6})\b/.exec( message )?.[ 1 ];
}

function nodeCode( thrown: unknown ): string {
	return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
}

const WAITED: Record< CheckPhase, string > = {
	dns: 'got no answer of the name server',
	connect: 'got no connection',
	tls: 'got no end of the TLS handshake',
	header: 'got no complete header',
	body: 'got no end of the body',
};

function foundOf( thrown: unknown, phase: CheckPhase ): string {
	if ( thrown instanceof Expired ) {
		return `${ WAITED[ thrown.phase ] } in time`;
	}
	if ( thrown instanceof ProbeFault || thrown instanceof CertificateFault ) {
		return thrown.message;
	}
	const code = nodeCode( thrown );
	const ssl = openSslCode( messageOf( thrown ) );
	if ( ssl !== undefined ) {
		const reason = /:([^:]+):[^:]*:\d+:?/.exec( messageOf( thrown ).split( ssl )[ 1 ] ?? '' )?.[ 1 ];
		return `failed in TLS: ${ code } ${ ssl }${ reason === undefined ? '' : ` ${ reason }` }`;
	}
	if ( thrown instanceof AggregateError ) {
		return `got no connection: ${ thrown.errors.map( wordsOf ).join( '; ' ) }`;
	}
	return `${ FAILED[ phase ] }: ${ wordsOf( thrown ) }`;
}

const FAILED: Record< CheckPhase, string > = {
	dns: 'did not find the address',
	connect: 'got no connection',
	tls: 'got no TLS connection',
	header: 'got no valid answer',
	body: 'got no valid body',
};

/** The words of anything that was thrown, also of what has none. */
function wordsOf( thrown: unknown ): string {
	try {
		return messageOf( thrown ).trim().replace( /\.$/, '' ) || 'no message';
	} catch {
		return 'something without a text was thrown';
	}
}

const STORED_BYTES = 500;

/** A text of a target as it may be stored: one line without controls and bidirectional marks, at most 500 bytes. */
export function storedMessage( text: string ): string {
	const clean = text
		.toWellFormed()
		.replace( /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ' )
		.trim();
	if ( Buffer.byteLength( clean ) <= STORED_BYTES ) {
		return clean;
	}
	const { read } = new TextEncoder().encodeInto( clean, new Uint8Array( STORED_BYTES - 3 ) );
	return `${ clean.slice( 0, read ) }…`;
}
