import { request } from 'undici';
import { RollcallError } from '../errors.ts';
import { guardedAgent, type GuardedNetwork } from './connect.ts';
import { judgeUrl, refusalError } from './guard.ts';

export type PostRequest = { url: string; headers: Readonly< Record< string, string > >; body: string; signal: AbortSignal };

/** POST to a URL that somebody else chose, and the status of the answer. Redirects are not followed, and nothing of the
 *  answer is read. Errors: bad_url, target_refused; what the network throws goes through. */
export type Poster = ( request: PostRequest ) => Promise< number >;

const DEADLINE_MS = 15_000;

export function guardedPoster( network: GuardedNetwork, deadline_ms = DEADLINE_MS ): Poster {
	return async ( { url, headers, body, signal } ) => {
		const target = judgeUrl( url, network.policy );
		if ( ! target.ok ) {
			throw refusalError( target );
		}
		const deadline = AbortSignal.timeout( deadline_ms );
		const agent = guardedAgent( network );
		try {
			const answer = await request( target.url, {
				method: 'POST',
				dispatcher: agent,
				headers: { ...headers },
				body,
				signal: AbortSignal.any( [ signal, deadline ] ),
				reset: true,
			} );
			answer.body.on( 'error', () => undefined );
			answer.body.destroy();
			return answer.statusCode;
		} catch ( error ) {
			throw deadline.aborted && ! signal.aborted
				? new RollcallError( 'webhook_failed', `There was no answer within ${ deadline_ms / 1000 } s.`, { cause: error } )
				: error;
		} finally {
			await agent.destroy();
		}
	};
}
