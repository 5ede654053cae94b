import { Expired, limited } from './deadline.ts';
import { connectEndpoint, endpointFault, hostAndPort, left } from './endpoint.ts';
import type { Probe, ProbeContext, UrlCheck } from './probe.ts';
import { certificateDays, openTls, type Secured } from './socket-tls.ts';
import { observation, timed } from './steps.ts';

export type TlsRequest = { host_and_port: string };

/** Makes a TLS connection, checks the certificate for the name, and ends it; nothing is sent beyond the handshake. */
export const tls: Probe< TlsRequest > = ( { host_and_port }, context ) =>
	observation( `tls://${ host_and_port }`, context, async ( progress ) => {
		const { target, socket } = await connectEndpoint( host_and_port, context, progress );
		// Read before it may be gone.
		const ip = socket.remoteAddress;
		const limit_ms = Math.min( context.limits.tls_ms, left( progress, context ) );
		const secured = await timed( progress, 'tls', 'tls_ms', context, () =>
			accepted( openTls( socket, target, { limit_ms, context, protocols: null, sessions: null } ), context )
		);
		const days = certificateDays( secured.certificate(), context.wallClock() );
		secured.socket.destroy();
		return { connected: true, ...( ip === undefined ? {} : { ip } ), ...( days === null ? {} : { tls_days: days } ) };
	} );

/** How long a server may take to refuse us after the handshake when it sends no session ticket. */
const REFUSAL_MS = 250;

/** The connection once the server took it: in TLS 1.3 it asks for a client's certificate, and refuses without one, only after
 *  our side of the handshake is done (RFC 8446 section 4.4.2). A session ticket says that it did not. */
async function accepted( opening: Promise< Secured >, context: ProbeContext ): Promise< Secured > {
	const opened = await opening;
	const secured = opened.socket;
	if ( secured.getProtocol() === 'TLSv1.3' ) {
		await limited< void >( 'tls', REFUSAL_MS, context, ( { resolve, reject } ) => {
			secured.once( 'session', () => resolve() );
			secured.once( 'close', () => resolve() );
			secured.once( 'error', reject );
			return () => undefined;
		} ).catch( ( thrown: unknown ) => {
			if ( ! ( thrown instanceof Expired ) ) {
				secured.destroy();
				throw thrown;
			}
		} );
	}
	return opened;
}

/** tls://host:port */
export const tlsUrl: UrlCheck = {
	schemes: [ 'tls:' ],
	usual: [],
	fault: endpointFault,
	tried: ( url ) => `tls://${ hostAndPort( url ) }`,
	ask: ( url, _asked, context ) => tls( { host_and_port: hostAndPort( url ) }, context ),
};
