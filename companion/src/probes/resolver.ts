import { Resolver } from 'node:dns/promises';
import { aliasFault, makeAliasWatch } from './alias-chain.ts';
import type { Resolve } from './probe.ts';

export type NameResolver = {
	resolve: Resolve;
	/** Ends questions under way. */
	close: () => void;
};

export type ResolverOptions = {
	/** Addresses of name servers with ports; default: those of the system. */
	servers?: readonly string[];
	/** Those of the system now. */
	systemServers?: () => readonly string[];
	now: () => number;
};

type Found = { addresses: readonly string[]; until: number };

/** How long the slower of A and AAAA is awaited once the other one is there. */
const SECOND_ANSWER_MS = 300;
const LONGEST_TTL_SECONDS = 300;
const MOST_NAMES = 20_000;

/** Asks name servers by c-ares, never the hosts file; `localhost` is loopback (RFC 6761). Answers are kept for their TTL. */
export function makeResolver( { servers, systemServers = ofSystem, now }: ResolverOptions ): NameResolver {
	let asking = openServers( servers ?? systemServers() );
	const known = new Map< string, Found >();
	const asked = new Map< string, Promise< Found > >();
	const aliases = makeAliasWatch( now );

	/** Node reads the servers of the system once: a machine that comes to another network would find no name any more. */
	function haveChanged(): boolean {
		const now_there = servers ?? systemServers();
		if ( now_there.join() === asking.servers.join() ) {
			return false;
		}
		asking = openServers( now_there );
		return true;
	}

	async function ask( name: string ): Promise< Found > {
		const chain = aliases.of( asking.first, name );
		const found = await askServers( asking, name ).catch( ( thrown: unknown ) => {
			if ( ! hasCode( thrown, 'ETIMEOUT', 'ECONNREFUSED' ) || ! haveChanged() ) {
				throw thrown;
			}
			return askServers( asking, name );
		} );
		const fault = await chain();
		if ( fault !== null ) {
			throw fault;
		}
		known.delete( name );
		if ( found.ttl > 0 ) {
			known.set( name, { addresses: found.addresses, until: now() + Math.min( found.ttl, LONGEST_TTL_SECONDS ) * 1000 } );
		}
		const [ oldest ] = known.keys();
		if ( known.size > MOST_NAMES && oldest !== undefined ) {
			known.delete( oldest );
		}
		return { addresses: found.addresses, until: 0 };
	}

	return {
		async resolve( host ) {
			const name = host.toLowerCase().replace( /\.$/, '' );
			if ( name === 'localhost' || name.endsWith( '.localhost' ) ) {
				return [ '127.0.0.1', '::1' ];
			}
			const kept = known.get( name );
			if ( kept !== undefined && kept.until > now() ) {
				return kept.addresses;
			}
			const open = asked.get( name ) ?? ask( name ).finally( () => asked.delete( name ) );
			asked.set( name, open );
			return ( await open ).addresses;
		},
		close: () => {
			asking.first.cancel();
			asking.second?.cancel();
		},
	};
}

/** Node has c-ares pass a failure of the first server on, so asking the next one is ours. */
type Servers = { servers: readonly string[]; first: Resolver; second: Resolver | null };

function openServers( servers: readonly string[] ): Servers {
	// Two tries of a server take 1.5 + 3 s; with a second server the limit of the check ends it.
	const options = { timeout: 1500, tries: 2 };
	const first = new Resolver( options );
	if ( first.getServers().join() !== servers.join() ) {
		first.setServers( servers );
	}
	const others = servers.slice( 1 );
	const second = others.length === 0 ? null : new Resolver( options );
	second?.setServers( others );
	return { servers, first, second };
}

function ofSystem(): readonly string[] {
	return new Resolver().getServers();
}

async function askServers( { first, second }: Servers, name: string ): Promise< Answer > {
	try {
		return await bothFamilies( first, name );
	} catch ( thrown ) {
		if ( second === null || ! hasCode( thrown, 'ESERVFAIL', 'EREFUSED' ) ) {
			throw thrown;
		}
		return bothFamilies( second, name );
	}
}

type Answer = { addresses: string[]; ttl: number };

async function bothFamilies( resolver: Resolver, name: string ): Promise< Answer > {
	const questions = [ resolver.resolve6( name, { ttl: true } ), resolver.resolve4( name, { ttl: true } ) ].map( ( question ) =>
		question.then( ( records ) => {
			// c-ares gives an answer of aliases alone as an empty one.
			if ( records.length === 0 ) {
				throw Object.assign( new Error( `query ENODATA ${ name }` ), { code: 'ENODATA' } );
			}
			return { addresses: records.map( ( { address } ) => address ), ttl: Math.min( ...records.map( ( { ttl } ) => ttl ) ) };
		} )
	);
	const first = await Promise.any( questions ).catch( () => null );
	if ( first === null ) {
		throw await worstOf( questions, resolver, name );
	}
	const late = AbortSignal.timeout( SECOND_ANSWER_MS );
	const waited = new Promise< null >( ( resolve ) => late.addEventListener( 'abort', () => resolve( null ), { once: true } ) );
	const answers = await Promise.all( questions.map( ( question ) => Promise.race( [ question.catch( () => null ), waited ] ) ) );
	const given = answers.filter( ( answer ) => answer !== null );
	return { addresses: given.flatMap( ( { addresses } ) => addresses ), ttl: Math.min( ...given.map( ( { ttl } ) => ttl ) ) };
}

/** Both questions failed: a server that failed says more than a family that the name does not have. */
async function worstOf( questions: readonly Promise< Answer >[], resolver: Resolver, name: string ): Promise< unknown > {
	const settled = await Promise.allSettled( questions );
	const failures: unknown[] = settled.flatMap( ( outcome ) => ( outcome.status === 'rejected' ? [ outcome.reason ] : [] ) );
	const failure = failures.find( ( error ) => ! hasCode( error, 'ENODATA' ) ) ?? failures[ 0 ];
	return hasCode( failure, 'ENODATA' ) ? ( ( await aliasFault( resolver, name ) ) ?? failure ) : failure;
}

function hasCode( error: unknown, ...codes: readonly string[] ): boolean {
	return error instanceof Error && 'code' in error && codes.some( ( code ) => code === error.code );
}
