import type { Resolver } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProbeFault } from './classify-error.ts';

export type AliasWatch = {
	/** Begins to follow the aliases of a name that was not followed at these servers for an hour; what comes of it is asked
	 *  once there is an answer. */
	of: ( resolver: Resolver, name: string ) => () => Promise< ProbeFault | null >;
};

const ALIASES = 8;
const KEPT_MS = 3_600_000;
/** After a question that failed the aliases are not known; a server that never answers it may not hold up each check either. */
const FAILED_KEPT_MS = 300_000;
/** A server that has just found the address knows the aliases; one that does not answer that question holds up nobody. */
const LONGEST_WAIT_MS = 1000;
const MOST_NAMES = 20_000;

/** c-ares gives what is at the end of a chain and hides its aliases, so a name is asked for them beside the question itself:
 *  one question an hour for a name that has none. */
export function makeAliasWatch( now: () => number ): AliasWatch {
	const followed = new Map< string, number >();

	return {
		of( resolver, name ) {
			const key = `${ name } ${ resolver.getServers().join() }`;
			if ( ( followed.get( key ) ?? -Infinity ) > now() ) {
				return () => Promise.resolve( null );
			}
			followed.delete( key );
			const [ oldest ] = followed.keys();
			if ( followed.size >= MOST_NAMES && oldest !== undefined ) {
				followed.delete( oldest );
			}
			const asked = follow( resolver, name );
			return async () => {
				const ended = new AbortController();
				const late = sleep( LONGEST_WAIT_MS, 'unknown' as const, { signal: ended.signal, ref: false } ).catch(
					() => 'unknown' as const
				);
				const found = await Promise.race( [ asked, late ] );
				ended.abort();
				if ( found instanceof ProbeFault ) {
					return found;
				}
				followed.set( key, now() + ( found === 'ends' ? KEPT_MS : FAILED_KEPT_MS ) );
				return null;
			};
		},
	};
}

/** A name that leads only to further names: round in a circle, or through too many. Null when it is no alias. */
export async function aliasFault( resolver: Resolver, name: string ): Promise< ProbeFault | null > {
	const found = await follow( resolver, name );
	return found instanceof ProbeFault ? found : null;
}

/** Whether the aliases of a name come to an end; unknown when a question failed. */
async function follow( resolver: Resolver, name: string ): Promise< ProbeFault | 'ends' | 'unknown' > {
	const seen = new Set( [ name.toLowerCase() ] );
	for ( let at = name.toLowerCase(); ; ) {
		const answer = await resolver.resolveCname( at ).catch( ( thrown: unknown ) => ( isNoAlias( thrown ) ? [] : null ) );
		if ( answer === null ) {
			return 'unknown';
		}
		const next = answer[ 0 ]?.toLowerCase();
		// c-ares gives the name itself where a server answers the question with an address.
		if ( next === undefined || next === at ) {
			return 'ends';
		}
		if ( seen.has( next ) || seen.size > ALIASES ) {
			return new ProbeFault( 'alias_chain', `led from one alias to the next (${ seen.size } aliases of ${ name })` );
		}
		at = next;
		seen.add( at );
	}
}

/** Answers, not failures. */
const isNoAlias = ( thrown: unknown ): boolean =>
	thrown instanceof Error && 'code' in thrown && ( thrown.code === 'ENODATA' || thrown.code === 'ENOTFOUND' );
