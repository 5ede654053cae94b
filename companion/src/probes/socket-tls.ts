import type { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect, type PeerCertificate, type TLSSocket } from 'node:tls';
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
			let read: X509Certificate | undefined;
			// Node gives it once: a client that asks again gets none.
			const certificateOf = (): X509Certificate | undefined => ( read ??= secured.getPeerX509Certificate() );
			const secured: TLSSocket = connect( {
				socket,
				secureContext: context.secure_context,
				...( protocols === null ? {} : { ALPNProtocols: protocols } ),
				...( known === null ? {} : { session: known.ticket } ),
				// Without a name for an address: RFC 6066 has none in SNI.
				...( isIP( name ) === 0 ? { servername: name } : { host: name } ),
				// Judged right below, where the certificate can still be read; nothing is sent before.
				rejectUnauthorized: false,
				checkServerIdentity: ( asked ) => identityFault( asked, certificateOf() ),
			} );
			// Node's connect asks for the whole chain as objects before it calls the line above, which took 0.2 of 1.3 ms CPU of a
			// check and is not read there.
			Object.assign( secured, { getPeerCertificate: () => ofNames( undefined ) } );
			secured.on( 'error', ( thrown ) => {
				// Whatever broke, the next try owes nothing to this one.
				sessions?.forget( key );
				reject( thrown );
			} );
			secured.once( 'secureConnect', () => {
				if ( ! secured.authorized ) {
					const fault = certificateFault( secured, certificateOf(), name, context.wallClock() );
					sessions?.forget( key );
					secured.destroy();
					reject( fault );
					return;
				}
				const is_resumed = known !== null && secured.isSessionReused();
				const certificate = is_resumed ? known.certificate : sessions === null ? null : certificateDates( certificateOf() );
				if ( sessions !== null && certificate !== null && ! is_resumed ) {
					keepSession( secured, ( ticket ) => sessions.keep( key, { ticket, certificate, full_at: context.now() } ) );
				}
				resolve( { socket: secured, certificate: () => certificate ?? certificateDates( certificateOf() ) } );
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

/** What Node's own check finds wrong with the names of a certificate; undefined when they fit. Alternative names that fit do so
 *  whatever the subject is, so only a certificate whose names do not is turned into an object as a whole. */
function identityFault( name: string, certificate: X509Certificate | undefined ): Error | undefined {
	const fault = checkServerIdentity( name, ofNames( certificate?.subjectAltName ) );
	return fault === undefined || certificate === undefined ? fault : checkServerIdentity( name, certificate.toLegacyObject() );
}

/** A certificate as Node's check of names reads it: it looks at no other field than these two. */
function ofNames( subjectaltname: string | undefined ): PeerCertificate {
	return { subject: {}, subjectaltname } as PeerCertificate;
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

function certificateDates( certificate: X509Certificate | undefined ): CertificateDates | null {
	return certificate === undefined
		? null
		: { begins_at_ms: certificate.validFromDate.getTime(), ends_at_ms: certificate.validToDate.getTime() };
}

/** Whole days until a certificate ends, negative when it has ended; null without one. */
export function certificateDays( certificate: CertificateDates | null, now_ms: number ): number | null {
	return certificate === null ? null : Math.floor( ( certificate.ends_at_ms - now_ms ) / DAY_MS );
}

const DAY_MS = 86_400_000;

function certificateFault( socket: TLSSocket, certificate: X509Certificate | undefined, name: string, now_ms: number ): CertificateFault {
	// Its type says Error, but with rejectUnauthorized off it is the code as a text.
	const code = String( socket.authorizationError ?? 'UNSPECIFIED' );
	const says: { [ code: string ]: string | undefined } = {
		CERT_HAS_EXPIRED: `certificate ended ${ Math.abs( certificateDays( certificateDates( certificate ), now_ms ) ?? 0 ) } days ago, on ${ certificate?.validTo }`,
		CERT_NOT_YET_VALID: `certificate is valid only from ${ certificate?.validFrom }`,
		DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate is signed by itself',
		ERR_TLS_CERT_ALTNAME_INVALID: `certificate is not for ${ name } but for ${ certificate?.subjectAltName ?? 'no name' }`,
	};
	return new CertificateFault( code, `was not trusted: ${ says[ code ] ?? 'the issuer of the certificate is not known' } (${ code })` );
}
