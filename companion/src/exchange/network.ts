import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { RollcallError } from '../errors.ts';
import type { Clock, Network, NetworkRequest } from './ports.ts';

/** A page of domains takes about 0.2 MB; the contract allows payloads up to 4 MiB. */
const MAXIMUM_ANSWER_BYTES = 5 * 1024 * 1024;

const CONNECT_MS = 10_000;

type Agents = { http: HttpAgent; https: HttpsAgent };

/** The network as it is. A new connection each time, because a site that closed an idle one in the same
 *  instant would look like one that refuses the batch. Takes no proxy from the environment.
 *  On Node's own client, which checks use anyway: undici beside it took 12 MiB. */
export function realNetwork(): Network & { close: () => Promise< void > } {
	const agents = { http: new HttpAgent( { keepAlive: false } ), https: new HttpsAgent( { keepAlive: false } ) };
	const send: Network = async ( request ) => {
		const { statusCode = 0, headers, body } = await answerOf( request, agents );
		return {
			status: statusCode,
			header( name ) {
				const value = headers[ name ];
				return value === undefined ? null : String( value );
			},
			body: body.toString( 'utf8' ),
		};
	};
	const close = async (): Promise< void > => {
		agents.http.destroy();
		agents.https.destroy();
	};
	return Object.assign( send, { close } );
}

type Whole = Pick< IncomingMessage, 'statusCode' | 'headers' > & { body: Buffer };

async function answerOf( { method, url, headers, body, signal }: NetworkRequest, agents: Agents ): Promise< Whole > {
	signal.throwIfAborted();
	const options = { method, headers, signal };
	const sent = url.startsWith( 'https:' )
		? httpsRequest( url, { ...options, agent: agents.https } )
		: httpRequest( url, { ...options, agent: agents.http } );
	try {
		const answer = await new Promise< IncomingMessage >( ( resolve, reject ) => {
			limitConnecting( sent );
			// Stays for all of the exchange: what ends the connection later is told by the body too.
			sent.on( 'error', reject );
			sent.on( 'response', resolve );
			sent.on( 'upgrade', () => reject( new RollcallError( 'answer_invalid', 'The answer is in another protocol.' ) ) );
			sent.end( method === 'GET' ? undefined : body );
		} );
		return { statusCode: answer.statusCode, headers: answer.headers, body: await wholeBody( answer ) };
	} catch ( thrown ) {
		throw signal.aborted ? signal.reason : thrown;
	} finally {
		sent.destroy();
	}
}

/** Ends a request that has no connection in time. An answer may take longer. */
function limitConnecting( sent: ClientRequest ): void {
	const late = Object.assign( new Error( `There was no connection within ${ CONNECT_MS / 1000 } s.` ), { code: 'ETIMEDOUT' } );
	const timer = setTimeout( () => sent.destroy( late ), CONNECT_MS );
	const stop = (): void => clearTimeout( timer );
	sent.once( 'close', stop );
	sent.once( 'socket', ( socket ) => socket.once( 'encrypted' in socket ? 'secureConnect' : 'connect', stop ) );
}

async function wholeBody( answer: IncomingMessage ): Promise< Buffer > {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await ( const chunk of answer ) {
		const piece = Buffer.from( chunk );
		bytes += piece.length;
		if ( bytes > MAXIMUM_ANSWER_BYTES ) {
			throw new RollcallError( 'answer_invalid', 'The answer is larger than 5 MiB.' );
		}
		chunks.push( piece );
	}
	return Buffer.concat( chunks );
}

export const systemClock: Clock = {
	now: () => Date.now(),
	async sleep( ms, signal ) {
		try {
			await delay( ms, undefined, { signal } );
		} catch ( thrown ) {
			if ( ! signal.aborted ) {
				throw thrown;
			}
		}
	},
};
