import { setTimeout as delay } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { RollcallError } from '../errors.ts';
import type { Clock, Network } from './ports.ts';

/** A page of domains takes about 0.2 MB; the contract allows payloads up to 4 MiB. */
const MAXIMUM_ANSWER_BYTES = 5 * 1024 * 1024;

/** The network as it is. A new connection each time, because a site that closed an idle one in the same
 *  instant would look like one that refuses the batch. Takes no proxy from the environment. */
export function realNetwork(): Network & { close: () => Promise< void > } {
	const agent = new Agent( { pipelining: 0, connect: { timeout: 10_000 }, headersTimeout: 0, bodyTimeout: 0 } );
	const send: Network = async ( { method, url, headers, body, signal } ) => {
		const answer = await request( url, {
			method,
			headers,
			body: method === 'GET' ? null : body,
			signal,
			dispatcher: agent,
		} );
		const chunks: Buffer[] = [];
		let bytes = 0;
		for await ( const chunk of answer.body ) {
			const piece = Buffer.from( chunk );
			bytes += piece.length;
			if ( bytes > MAXIMUM_ANSWER_BYTES ) {
				answer.body.destroy();
				throw new RollcallError( 'answer_invalid', 'The answer is larger than 5 MiB.' );
			}
			chunks.push( piece );
		}
		return {
			status: answer.statusCode,
			header( name ) {
				const value = answer.headers[ name ];
				return value === undefined ? null : String( value );
			},
			body: Buffer.concat( chunks ).toString( 'utf8' ),
		};
	};
	return Object.assign( send, { close: () => agent.destroy() } );
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
