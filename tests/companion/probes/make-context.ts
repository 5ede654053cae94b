import { createServer, type AddressInfo, type ListenOptions, type Server, type Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { allowEntryFor, parseAllow } from '../../../companion/src/guard/allow.ts';
import { isChecked } from '../../../companion/src/guard/checked.ts';
import { isOpened, judgeAnswers, judgeEndpoint, judgeUrl } from '../../../companion/src/guard/guard.ts';
import { makePortLimit } from '../../../companion/src/guard/port-limit.ts';
import type { HttpRequest } from '../../../companion/src/probes/http.ts';
import { makeQuery } from '../../../companion/src/probes/dns-query.ts';
import { LIMITS, type Limits } from '../../../companion/src/probes/limits.ts';
import type { ProbeContext, Resolve } from '../../../companion/src/probes/probe.ts';
import { connectDirectly } from '../../../companion/src/probes/socket.ts';

type ContextOptions = Partial< Omit< ProbeContext, 'limits' > > & { allow?: string; limits?: Partial< Limits >; ca?: string };

/** A probe's world with the real guard and sockets. Names resolve to 127.0.0.1 unless told otherwise. */
export function makeContext( { allow = '', limits, ca, ...more }: ContextOptions = {} ): ProbeContext {
	const policy = { allow: parseAllow( allow ), nat64: false };
	return {
		guard: {
			judgeUrl: ( text ) => judgeUrl( text, policy, [] ),
			judgeEndpoint: ( host_and_port ) => judgeEndpoint( host_and_port, policy, [] ),
			isOpened: ( addresses, port ) => isOpened( addresses, port, policy ),
			admitsPort: makePortLimit( () => performance.now() ),
			judgeAnswers: ( target, addresses ) => judgeAnswers( target, addresses, policy, [] ),
			allowEntry: allowEntryFor,
			isChecked,
		},
		resolve: toLoopback,
		query: makeQuery( () => performance.now() ),
		connect: connectDirectly,
		now: () => performance.now(),
		wallClock: Date.now,
		secure_context: createSecureContext( ca === undefined ? {} : { ca } ),
		sessions: null,
		limits: { ...LIMITS, ...limits },
		user_agent: 'test',
		signal: new AbortController().signal,
		...more,
	};
}

const toLoopback: Resolve = () => Promise.resolve( [ '127.0.0.1' ] );

export function makeRequest( url: string, more: Partial< HttpRequest > = {} ): HttpRequest {
	return { url, method: 'GET', headers: [], body: null, needs_body: false, needs_headers: true, needs_certificate: false, ...more };
}

export type RawServer = { port: number; connections: () => number; [ Symbol.asyncDispose ]: () => Promise< void > };

const ANY_PORT: ListenOptions = { host: '127.0.0.1', port: 0 };

/** A TCP server on a loopback port, a free one unless told otherwise, that does with each connection what it is told. */
export async function rawServer(
	onConnection: ( socket: Socket, count: number ) => void,
	at: ListenOptions = ANY_PORT
): Promise< RawServer > {
	let count = 0;
	return listening(
		createServer( ( socket ) => {
			count += 1;
			onConnection( socket, count );
		} ),
		() => count,
		at
	);
}

/** Makes any server of node:net listen, and closes its connections at the end. */
export async function listening( server: Server, connections: () => number = () => 0, at: ListenOptions = ANY_PORT ): Promise< RawServer > {
	const open = new Set< Socket >();
	server.on( 'connection', ( socket: Socket ) => {
		open.add( socket );
		// The client under test goes away when it knows enough.
		socket.on( 'error', () => undefined );
		socket.on( 'close', () => open.delete( socket ) );
	} );
	await new Promise< void >( ( resolve, reject ) => server.once( 'error', reject ).listen( at, resolve ) );
	return {
		port: portOf( server ),
		connections,
		[ Symbol.asyncDispose ]: () =>
			new Promise( ( resolve ) => {
				server.close( () => resolve() );
				open.forEach( ( socket ) => socket.destroy() );
			} ),
	};
}

/** A server that listens on TCP has an AddressInfo. */
function portOf( server: Server ): number {
	return ( server.address() as AddressInfo ).port;
}

/** Answers as soon as the header of the request is there. */
export function afterRequest( answer: ( socket: Socket, request: string ) => void ): ( socket: Socket ) => void {
	return ( socket ) => {
		let request = '';
		socket.on( 'data', ( chunk: Buffer ) => {
			const was_whole = request.includes( '\r\n\r\n' );
			request += chunk.toString( 'latin1' );
			if ( ! was_whole && request.includes( '\r\n\r\n' ) ) {
				answer( socket, request );
			}
		} );
	};
}

/** Writes a text again and again until the other side goes away. */
export function drip( socket: Socket, text: string | ( () => string ), every_ms: number ): void {
	const timer = setInterval( () => socket.write( typeof text === 'string' ? text : text() ), every_ms );
	socket.on( 'close', () => clearInterval( timer ) );
}

/** Writes as fast as the other side reads, for ever. */
export function flood( socket: Socket, chunk: Buffer ): void {
	const more = (): void => {
		let is_room = true;
		while ( is_room && ! socket.destroyed ) {
			is_room = socket.write( chunk );
		}
	};
	socket.on( 'drain', more );
	more();
}
