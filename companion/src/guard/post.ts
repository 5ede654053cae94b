import { RollcallError } from '../errors.ts';
import { guardedRequest, type GuardedNetwork } from './connect.ts';
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
		try {
			const asked = { method: 'POST', url: target.url, headers, body, signal: AbortSignal.any( [ signal, deadline ] ) } as const;
			const { response, close } = await guardedRequest( asked, network );
			close();
			return response.statusCode ?? 0;
		} catch ( error ) {
			throw deadline.aborted && ! signal.aborted
				? new RollcallError( 'webhook_failed', `There was no answer within ${ deadline_ms / 1000 } s.`, { cause: error } )
				: error;
		}
	};
}
