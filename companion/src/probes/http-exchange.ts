import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { ProbeFault } from './classify-error.ts';
import { limited } from './deadline.ts';
import type { ProbeContext } from './probe.ts';
import { ignore } from './socket.ts';

/** What is sent on one connection. `headers` are names and values in turn. */
export type HttpMessage = { method: string; path: string; headers: readonly string[]; body: string | null };

export type HttpHead = {
	status: number;
	/** Lower-case names; values of a field that came several times are joined by a comma. */
	readonly headers: Readonly< Record< string, string > >;
};

/** How much of a body is read: nothing; what comes in a short while, for its faults; or all up to the cap. */
export type BodyNeed = 'none' | 'idle' | 'needed';

/** A body as it came over the wire. `thrown` is what ended it before its end; `at` is when reading it ended. */
export type HttpBody = { bytes: Buffer; capped: boolean; thrown: unknown; at: number };

export type HttpAnswer = { head: HttpHead; head_at: number; body: HttpBody | null };

export type ExchangeOptions = {
	limit_ms: number;
	context: ProbeContext;
	needOf: ( head: HttpHead ) => BodyNeed;
};

/** One request on a connection of its own, which is ended with it. Throws what Node's parser and the socket do, Expired and
 *  ProbeFault while there is no whole header; afterwards the verdict stands with the header, and faults are in the body. */
export function exchange( socket: Socket, message: HttpMessage, { limit_ms, context, needOf }: ExchangeOptions ): Promise< HttpAnswer > {
	const { limits, now } = context;
	const began = now();
	return limited< HttpAnswer >( 'header', limit_ms, context, ( settle ) => {
		let answer: HttpAnswer | null = null;
		let timer: NodeJS.Timeout | undefined;
		let is_settled = false;
		let informational = 0;
		let heard: IncomingMessage | null = null;

		const settleOnce = ( act: () => void ): void => {
			if ( ! is_settled ) {
				is_settled = true;
				clearTimeout( timer );
				act();
				socket.destroy();
				[ sent, heard ].forEach( forget );
			}
		};
		const body = collector( limits.body_bytes );
		const finish = ( thrown: unknown, capped: boolean ): void =>
			settleOnce( () => answer && settle.resolve( { ...answer, body: { bytes: body.bytes(), capped, thrown, at: now() } } ) );
		const fail = ( thrown: unknown ): void =>
			answer === null ? settleOnce( () => settle.reject( thrown ) ) : finish( thrown, false );

		const onHead = ( response: IncomingMessage ): void => {
			// The parser goes on with what it has, also when the check has ended.
			if ( is_settled ) {
				return;
			}
			const fault = headFault( response, context );
			if ( fault !== null ) {
				fail( fault );
				return;
			}
			const head = headOf( response );
			const without_body = { head, head_at: now(), body: null };
			const need = needOf( head );
			if ( need === 'none' ) {
				settleOnce( () => settle.resolve( without_body ) );
				return;
			}
			answer = without_body;
			heard = response;
			// A little before the timer of the whole, which knows only headers.
			const left_ms = limit_ms - ( now() - began ) - 5;
			const is_idle = need === 'idle' && limits.idle_body_ms < left_ms;
			timer = setTimeout( () => finish( is_idle ? IDLE : LATE, false ), is_idle ? limits.idle_body_ms : Math.max( 0, left_ms ) );
			response.on( 'data', ( chunk: Buffer ) => body.push( chunk ) && finish( null, true ) );
			// Before Node's own listener, which would shut the connection down in steps.
			response.prependListener( 'end', () => finish( null, false ) );
			// The parser or the socket says more in the same turn.
			response.on( 'error', ( thrown ) => setImmediate( fail, thrown ) );
		};
		const sent = send( socket, message, limits.header_bytes );
		sent.on( 'error', fail );
		sent.on( 'information', () => {
			informational += 1;
			if ( informational > limits.informational ) {
				fail( new ProbeFault( 'informational', `got more than ${ limits.informational } informational responses` ) );
			}
		} );
		sent.on( 'upgrade', () => fail( new ProbeFault( 'switched', 'was answered by another protocol (status 101)' ) ) );
		sent.on( 'response', onHead );
		sent.end( message.body ?? undefined );
		return () => settleOnce( () => undefined );
	} );
}

/** Keeps the first bytes of a body. `push` says that there were more. */
function collector( cap: number ): { push: ( chunk: Buffer ) => boolean; bytes: () => Buffer } {
	const chunks: Buffer[] = [];
	let length = 0;
	return {
		push: ( chunk ) => {
			chunks.push( chunk.subarray( 0, Math.max( 0, cap - length ) ) );
			length += chunk.length;
			return length > cap;
		},
		bytes: () => Buffer.concat( chunks ),
	};
}

/** The verdict stood, and the body was not awaited longer. */
export const IDLE = Symbol( 'idle' );
/** The time of the check was over within the body. */
export const LATE = Symbol( 'late' );

/** Takes our listeners from a message that has ended; Node's own on its socket do the rest. */
function forget( message: ClientRequest | IncomingMessage | null ): void {
	message?.removeAllListeners().on( 'error', ignore );
}

function send( socket: Socket, { method, path, headers }: HttpMessage, maxHeaderSize: number ): ClientRequest {
	// Without an agent and with headers as a list Node neither pools nor copies anything.
	return httpRequest( { createConnection: () => socket, method, path, headers: [ ...headers ], maxHeaderSize } );
}

function headFault( { statusCode = 0, httpVersion, rawHeaders }: IncomingMessage, { limits }: ProbeContext ): ProbeFault | null {
	const fields = rawHeaders.length / 2;
	if ( httpVersion !== '1.1' && httpVersion !== '1.0' ) {
		return new ProbeFault( 'http_version', `was answered in HTTP/${ httpVersion }, which was not asked for` );
	}
	if ( statusCode < 100 || statusCode > 599 ) {
		return new ProbeFault( 'status_range', `was answered with status ${ statusCode }, which is none` );
	}
	return fields > limits.header_fields
		? new ProbeFault( 'header_fields', `was answered with ${ fields } header fields, more than ${ limits.header_fields }` )
		: null;
}

/** A head whose fields are read when somebody asks for them: for most answers nobody does. */
function headOf( { statusCode = 0, rawHeaders }: IncomingMessage ): HttpHead {
	let headers: Record< string, string > | undefined;
	return {
		status: statusCode,
		get headers() {
			return ( headers ??= headersOf( rawHeaders ) );
		},
	};
}

function headersOf( raw: readonly string[] ): Record< string, string > {
	// Without a prototype, so that no name of a server is special.
	const headers: Record< string, string > = Object.create( null );
	for ( let at = 0; at + 1 < raw.length; at += 2 ) {
		const name = ( raw[ at ] ?? '' ).toLowerCase();
		const value = raw[ at + 1 ] ?? '';
		headers[ name ] = name in headers ? `${ headers[ name ] }, ${ value }` : value;
	}
	return headers;
}
