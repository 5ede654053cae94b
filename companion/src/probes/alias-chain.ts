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
			const fault = aliasFault( resolver, name );
			return async () => {
				const ended = new AbortController();
				const late = sleep( LONGEST_WAIT_MS, null, { signal: ended.signal, ref: false } ).catch( () => null );
				const found = await Promise.race( [ fault, late ] );
				ended.abort();
				if ( found === null ) {
					followed.set( key, now() + KEPT_MS );
				}
				return found;
			};
		},
	};
}

/** A name that leads only to further names: round in a circle, or through too many. Null when it is no alias. */
export async function aliasFault( resolver: Resolver, name: string ): Promise< ProbeFault | null > {
	const seen = new Set( [ name.toLowerCase() ] );
	for ( let at = name.toLowerCase(); ; ) {
		const [ found ] = await resolver.resolveCname( at ).catch( () => [] );
		const next = found?.toLowerCase();
		// c-ares gives the name itself where a server answers the question with an address.
		if ( next === undefined || next === at ) {
			return null;
		}
		if ( seen.has( next ) || seen.size > ALIASES ) {
			return new ProbeFault( 'alias_chain', `led from one alias to the next (${ seen.size } aliases of ${ name })` );
		}
		at = next;
		seen.add( at );
	}
}
