import type { VisitorMatchAnswer } from '../../../../companion/src/contract/list.ts';

export type Match = VisitorMatchAnswer[ 'matches' ][ number ];

/** What came back; `problem` says why the rest is missing, with what was found until then. */
export type LookedUp = {
	matches: Match[];
	/** Domains that were asked for. */
	asked: number;
	problem: 'limited' | 'failed' | null;
	/** Minutes until the limit lets more through; 0 when it does. */
	wait_minutes: number;
};

export type LookUpOptions = {
	url: string;
	signal: AbortSignal;
	onProgress: ( asked: number ) => void;
};

/** The contract's limit. */
const PAGE = 500;
const DEADLINE_MS = 30_000;

/** Asks the site which domains belong to companies, a page at a time. Only the domains are sent, in alphabetical order.
 *  Throws the signal's reason. */
export async function lookUp( domains: readonly string[], { url, signal, onProgress }: LookUpOptions ): Promise< LookedUp > {
	const sorted = domains.toSorted();
	const found: LookedUp = { matches: [], asked: 0, problem: null, wait_minutes: 0 };
	while ( found.asked < sorted.length ) {
		onProgress( found.asked );
		const page = sorted.slice( found.asked, found.asked + PAGE );
		const answer = await ask( url, page, signal );
		if ( answer === null || ! answer.ok ) {
			const is_limited = answer?.status === 429;
			const seconds = Number( answer?.headers.get( 'retry-after' ) ?? 60 );
			return {
				...found,
				problem: is_limited ? 'limited' : 'failed',
				wait_minutes: is_limited ? Math.max( 1, Math.ceil( seconds / 60 ) ) : 0,
			};
		}
		const read = await readAnswer( answer );
		if ( read === null ) {
			return { ...found, problem: 'failed' };
		}
		found.matches.push( ...read );
		found.asked += page.length;
	}
	onProgress( found.asked );
	return found;
}

/** The answer; null when there was none in time. AbortSignal.any() is missing in browsers of 2023. */
async function ask( url: string, domains: readonly string[], signal: AbortSignal ): Promise< Response | null > {
	const controller = new AbortController();
	const stop = () => controller.abort();
	const timer = setTimeout( stop, DEADLINE_MS );
	signal.addEventListener( 'abort', stop );
	try {
		return await fetch( url, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify( { match: { domains } } ),
			signal: controller.signal,
		} );
	} catch {
		signal.throwIfAborted();
		return null;
	} finally {
		clearTimeout( timer );
		signal.removeEventListener( 'abort', stop );
	}
}

/** The companies; null for what is no answer of ours, such as the page of a firewall. The route's schema gives the rest. */
async function readAnswer( answer: Response ): Promise< Match[] | null > {
	try {
		const body = ( await answer.json() ) as Partial< VisitorMatchAnswer > | null;
		return Array.isArray( body?.matches ) ? body.matches : null;
	} catch {
		return null;
	}
}
