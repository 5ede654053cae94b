import { connectEndpoint, hostAndPort, left } from './endpoint.ts';
import type { Probe, UrlCheck } from './probe.ts';
import { certificateDays, openTls } from './socket.ts';
import { observation, timed } from './steps.ts';

export type TlsRequest = { host_and_port: string };

/** Makes a TLS connection, checks the certificate for the name, and ends it; nothing is sent beyond the handshake. */
export const tls: Probe< TlsRequest > = ( { host_and_port }, context ) =>
	observation( `tls://${ host_and_port }`, context, async ( progress ) => {
		const { target, socket } = await connectEndpoint( host_and_port, context, progress );
		// Read before it may be gone.
		const ip = socket.remoteAddress;
		const limit_ms = Math.min( context.limits.tls_ms, left( progress, context ) );
		const secured = await timed( progress, 'tls', 'tls_ms', context, () => openTls( socket, target, limit_ms, context, null ) );
		const days = certificateDays( secured, context.wallClock() );
		secured.destroy();
		return { connected: true, ...( ip === undefined ? {} : { ip } ), ...( days === null ? {} : { tls_days: days } ) };
	} );

/** tls://host:port */
export const tlsUrl: UrlCheck = {
	schemes: [ 'tls:' ],
	usual: [],
	tried: ( url ) => `tls://${ hostAndPort( url ) }`,
	ask: ( url, _asked, context ) => tls( { host_and_port: hostAndPort( url ) }, context ),
};
