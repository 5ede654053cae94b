import { createServer, type Server } from 'node:http';

/** A site of this machine that is monitored; it can go down and come back on the same port. */
export class WatchedServer {
	requests = 0;
	/** When each path was asked; ms of the monotonic clock. */
	readonly asked = new Map< string, number[] >();
	/** How long every answer takes. */
	delay_ms = 0;
	/** What every path is answered with, whatever it ends in; null for what the path says. */
	status: number | null = null;
	#server: Server | null = null;
	#port = 0;

	async start(): Promise< void > {
		const server = createServer( ( { url }, response ) => {
			this.requests++;
			const path = url ?? '';
			this.asked.set( path, [ ...( this.asked.get( path ) ?? [] ), performance.now() ] );
			const status = this.status ?? Number( /\d{3}$/.exec( path )?.[ 0 ] ?? 200 );
			const answer = (): unknown =>
				response.writeHead( status, { 'content-type': 'text/plain', connection: 'close' } ).end( 'Watched' );
			setTimeout( answer, this.delay_ms );
		} );
		await new Promise< void >( ( resolve ) => server.listen( this.#port, '127.0.0.1', resolve ) );
		const address = server.address();
		this.#port = typeof address === 'object' && address !== null ? address.port : 0;
		this.#server = server;
	}

	/** A path that ends in three digits answers with them as its status, any other with 200. */
	at( path: string ): string {
		return `http://127.0.0.1:${ this.#port }${ path }`;
	}

	get port(): number {
		return this.#port;
	}

	async stop(): Promise< void > {
		const server = this.#server;
		this.#server = null;
		server?.closeAllConnections();
		await new Promise< void >( ( resolve ) => ( server === null ? resolve() : server.close( () => resolve() ) ) );
	}
}
