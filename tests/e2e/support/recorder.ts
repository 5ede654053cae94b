import { createServer, request, type Server } from 'node:http';

/** Stands between the companion and WordPress and keeps every byte that WordPress answers. */
export class Recorder {
	/** Answers of WordPress, headers and body, as they went over the wire. */
	readonly answers: Buffer[] = [];
	/** Bodies that the companion sent. */
	readonly calls: Buffer[] = [];
	#server: Server | null = null;
	#port = 0;

	async start( target: string ): Promise< void > {
		const { hostname, port } = new URL( target );
		this.#server = createServer( ( incoming, outgoing ) => {
			const sent: Buffer[] = [];
			incoming.on( 'data', ( chunk: Buffer ) => sent.push( chunk ) );
			incoming.on( 'end', () => {
				const body = Buffer.concat( sent );
				this.calls.push( body );
				const onward = request(
					{
						hostname,
						port,
						path: incoming.url,
						method: incoming.method,
						headers: { ...incoming.headers, host: `${ hostname }:${ port }` },
					},
					( answer ) => {
						const got: Buffer[] = [ Buffer.from( JSON.stringify( answer.rawHeaders ) ) ];
						outgoing.writeHead( answer.statusCode ?? 502, answer.headers );
						answer.on( 'data', ( chunk: Buffer ) => {
							got.push( chunk );
							outgoing.write( chunk );
						} );
						answer.on( 'end', () => {
							this.answers.push( Buffer.concat( got ) );
							outgoing.end();
						} );
					}
				);
				onward.on( 'error', () => outgoing.writeHead( 502 ).end() );
				onward.end( body );
			} );
		} );
		await new Promise< void >( ( resolve ) => this.#server?.listen( 0, '127.0.0.1', resolve ) );
		const address = this.#server.address();
		this.#port = typeof address === 'object' && address !== null ? address.port : 0;
	}

	get url(): string {
		return `http://127.0.0.1:${ this.#port }`;
	}

	async stop(): Promise< void > {
		this.#server?.closeAllConnections();
		await new Promise< void >( ( resolve ) => ( this.#server === null ? resolve() : this.#server.close( () => resolve() ) ) );
	}
}
