import { connect as netConnect, isIP, type Socket } from 'node:net';
import { connect as tlsConnect, type TLSSocket } from 'node:tls';
import type { Target } from '../guard/guard.ts';
import { CertificateFault, ProbeFault } from './classify-error.ts';
import { limited } from './deadline.ts';
import type { Connect, ProbeContext } from './probe.ts';

/** How long one address is tried while another one waits (RFC 8305 section 5 allows 100 ms to 2 s). The last one has all
 *  the time that is left. */
const ATTEMPT_MS = 500;

/** Sockets of Node that know no names: IPv6 and IPv4 addresses in turn, so that one broken family is not the end. */
export const connectDirectly: Connect = ( addresses, port ) => {
	const [ first = '', ...more ] = addresses;
	if ( more.length === 0 ) {
		return netConnect( { host: first, port, noDelay: true } );
	}
	return netConnect( {
		host: 'judged.invalid',
		port,
		noDelay: true,
		autoSelectFamily: true,
		autoSelectFamilyAttemptTimeout: ATTEMPT_MS,
		lookup: ( _name, _options, callback ) =>
			callback(
				null,
				addresses.map( ( address ) => ( { address, family: isIP( address ) } ) )
			),
	} );
};

/** A TCP connection to one of the addresses that were judged, at most `limit_ms` later.
 *  Throws what Node does, Expired, and ProbeFault when the socket went elsewhere. */
export async function openTcp( addresses: readonly string[], port: number, limit_ms: number, context: ProbeContext ): Promise< Socket > {
	const socket = await limited< Socket >( 'connect', limit_ms, context, ( { resolve, reject } ) => {
		const opening = context.connect( addresses, port );
		// Stays for the life of the socket: a reset between two phases must not end the process.
		opening.on( 'error', reject );
		opening.once( 'connect', () => resolve( opening ) );
		return () => opening.destroy();
	} );
	if ( ! context.guard.isChecked( socket.remoteAddress, addresses ) ) {
		socket.destroy();
		throw new ProbeFault( 'target_refused', 'went to an address that was not the checked one' );
	}
	return socket;
}

/** ALPN in wire form: one protocol of eight letters. */
const HTTP_1_1 = Buffer.from( '\x08http/1.1' );

/** TLS over a connection, with the certificate checked for the target's name or address. The connection is ended when it
 *  throws: what OpenSSL does, Expired, CertificateFault. `protocols` null offers none: a server that is not HTTP may refuse. */
export async function openTls(
	socket: Socket,
	{ host }: Target,
	limit_ms: number,
	context: ProbeContext,
	protocols: Uint8Array | null = HTTP_1_1
): Promise< TLSSocket > {
	try {
		return await limited< TLSSocket >( 'tls', limit_ms, context, ( { resolve, reject } ) => {
			const name = host.replace( /\.$/, '' );
			const secured = tlsConnect( {
				socket,
				secureContext: context.secure_context,
				...( protocols === null ? {} : { ALPNProtocols: protocols } ),
				// Without a name for an address: RFC 6066 has none in SNI.
				...( isIP( name ) === 0 ? { servername: name } : { host: name } ),
				// Judged right below, where the certificate can still be read; nothing is sent before.
				rejectUnauthorized: false,
			} );
			secured.on( 'error', reject );
			secured.once( 'secureConnect', () => {
				if ( secured.authorized ) {
					resolve( secured );
					return;
				}
				const fault = certificateFault( secured, name, context.wallClock() );
				secured.destroy();
				reject( fault );
			} );
			return () => secured.destroy();
		} );
	} catch ( thrown ) {
		socket.destroy();
		throw thrown;
	}
}

/** Whole days until the certificate of a connection ends, negative when it has ended; null without one. */
export function certificateDays( socket: TLSSocket, now_ms: number ): number | null {
	const certificate = socket.getPeerX509Certificate();
	return certificate === undefined ? null : Math.floor( ( certificate.validToDate.getTime() - now_ms ) / DAY_MS );
}

const DAY_MS = 86_400_000;

function certificateFault( socket: TLSSocket, name: string, now_ms: number ): CertificateFault {
	// Its type says Error, but with rejectUnauthorized off it is the code as a text.
	const code = String( socket.authorizationError ?? 'UNSPECIFIED' );
	const certificate = socket.getPeerX509Certificate();
	const says: { [ code: string ]: string | undefined } = {
		CERT_HAS_EXPIRED: `certificate ended ${ Math.abs( certificateDays( socket, now_ms ) ?? 0 ) } days ago, on ${ certificate?.validTo }`,
		CERT_NOT_YET_VALID: `certificate is valid only from ${ certificate?.validFrom }`,
		DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate is signed by itself',
		ERR_TLS_CERT_ALTNAME_INVALID: `certificate is not for ${ name } but for ${ certificate?.subjectAltName ?? 'no name' }`,
	};
	return new CertificateFault( code, `was not trusted: ${ says[ code ] ?? 'the issuer of the certificate is not known' } (${ code })` );
}
