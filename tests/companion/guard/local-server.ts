import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type LocalServer = { port: number; hits: string[]; [ Symbol.asyncDispose ]: () => Promise< void > };

/** A server on a free loopback port that counts the paths it is asked for. */
export async function localServer( answer: RequestListener ): Promise< LocalServer > {
	const hits: string[] = [];
	const server = createServer( ( request, response ) => {
		hits.push( request.url ?? '' );
		answer( request, response );
	} );
	await new Promise< void >( ( resolve ) => server.listen( 0, '127.0.0.1', resolve ) );
	return { port: portOf( server ), hits, [ Symbol.asyncDispose ]: () => closed( server ) };
}

/** A server that listens on TCP has an AddressInfo. */
function portOf( server: Server ): number {
	return ( server.address() as AddressInfo ).port;
}

function closed( server: Server ): Promise< void > {
	return new Promise( ( resolve ) => {
		server.close( () => resolve() );
		server.closeAllConnections();
	} );
}
