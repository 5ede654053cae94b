import { isIP, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { Target } from '../guard/guard.ts';
import { CertificateFault } from './classify-error.ts';
import { limited } from './deadline.ts';
import type { ProbeContext } from './probe.ts';
import type { CertificateDates, TlsSession, TlsSessions } from './tls-sessions.ts';

/** ALPN in wire form: one protocol of eight letters. */
const HTTP_1_1 = Buffer.from( '\x08http/1.1' );

/** A connection whose certificate is good. It is read while the connection is there; null when the server has none, as some old ciphers allow. */
export type Secured = { socket: TLSSocket; certificate: () => CertificateDates | null };

export type TlsOptions = {
	limit_ms: number;
	context: ProbeContext;
	/** Null offers none: a server that is not HTTP may refuse. */
	protocols?: Uint8Array | null;
	/** Sessions to go on with; null makes a full handshake. */
	sessions: TlsSessions | null;
};

/** TLS over a connection, with the certificate checked for the target's name or address. The connection is ended when it
 *  throws: what OpenSSL does, Expired, CertificateFault. */
export async function openTls(
	socket: Socket,
	{ host, port }: Target,
	{ limit_ms, context, protocols = HTTP_1_1, sessions }: TlsOptions
): Promise< Secured > {
	const name = host.replace( /\.$/, '' );
	const key = `${ socket.remoteAddress } ${ port } ${ name }`;
	const known = sessions?.get( key, context.wallClock() ) ?? null;
	try {
		return await limited< Secured >( 'tls', limit_ms, context, ( { resolve, reject } ) => {
			const secured = connect( {
				socket,
				secureContext: context.secure_context,
				...( protocols === null ? {} : { ALPNProtocols: protocols } ),
				...( known === null ? {} : { session: known.ticket } ),
				// Without a name for an address: RFC 6066 has none in SNI.
				...( isIP( name ) === 0 ? { servername: name } : { host: name } ),
				// Judged right below, where the certificate can still be read; nothing is sent before.
				rejectUnauthorized: false,
			} );
			secured.on( 'error', ( thrown ) => {
				// Whatever broke, the next try owes nothing to this one.
				sessions?.forget( key );
				reject( thrown );
			} );
			secured.once( 'secureConnect', () => {
				if ( ! secured.authorized ) {
					const fault = certificateFault( secured, name, context.wallClock() );
					sessions?.forget( key );
					secured.destroy();
					reject( fault );
					return;
				}
				const is_resumed = known !== null && secured.isSessionReused();
				const certificate = is_resumed ? known.certificate : sessions === null ? null : certificateDates( secured );
				if ( sessions !== null && certificate !== null && ! is_resumed ) {
					keepSession( secured, ( ticket ) => sessions.keep( key, { ticket, certificate, full_at: context.now() } ) );
				}
				resolve( { socket: secured, certificate: () => certificate ?? certificateDates( secured ) } );
			} );
			return () => {
				sessions?.forget( key );
				secured.destroy();
			};
		} );
	} catch ( thrown ) {
		socket.destroy();
		throw thrown;
	}
}

/** Hands over the ticket of a full handshake: TLS 1.3 sends it after the handshake, TLS 1.2 within it. One of a short handshake
 *  is not taken, so that the first one lives for its hour and no longer. */
function keepSession( socket: TLSSocket, keep: ( ticket: TlsSession[ 'ticket' ] ) => void ): void {
	const ticket = socket.getProtocol() === 'TLSv1.3' ? undefined : socket.getSession();
	if ( ticket === undefined ) {
		socket.once( 'session', keep );
	} else {
		keep( ticket );
	}
}

function certificateDates( socket: TLSSocket ): CertificateDates | null {
	const certificate = socket.getPeerX509Certificate();
	return certificate === undefined
		? null
		: { begins_at_ms: certificate.validFromDate.getTime(), ends_at_ms: certificate.validToDate.getTime() };
}

/** Whole days until a certificate ends, negative when it has ended; null without one. */
export function certificateDays( certificate: CertificateDates | null, now_ms: number ): number | null {
	return certificate === null ? null : Math.floor( ( certificate.ends_at_ms - now_ms ) / DAY_MS );
}

const DAY_MS = 86_400_000;

function certificateFault( socket: TLSSocket, name: string, now_ms: number ): CertificateFault {
	// Its type says Error, but with rejectUnauthorized off it is the code as a text.
	const code = String( socket.authorizationError ?? 'UNSPECIFIED' );
	const certificate = socket.getPeerX509Certificate();
	const says: { [ code: string ]: string | undefined } = {
		CERT_HAS_EXPIRED: `certificate ended ${ Math.abs( certificateDays( certificateDates( socket ), now_ms ) ?? 0 ) } days ago, on ${ certificate?.validTo }`,
		CERT_NOT_YET_VALID: `certificate is valid only from ${ certificate?.validFrom }`,
		DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate is signed by itself',
		ERR_TLS_CERT_ALTNAME_INVALID: `certificate is not for ${ name } but for ${ certificate?.subjectAltName ?? 'no name' }`,
	};
	return new CertificateFault( code, `was not trusted: ${ says[ code ] ?? 'the issuer of the certificate is not known' } (${ code })` );
}
