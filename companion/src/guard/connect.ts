import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { interfaceAddresses, isChecked } from './checked.ts';
import { judgeAnswers, judgeUrl, refusalError, type GuardPolicy, type Target } from './guard.ts';

/** All A and AAAA addresses of a name. */
export type Resolve = ( name: string ) => Promise< readonly string[] >;

export type GuardedNetwork = {
	policy: GuardPolicy;
	/** Default: the resolver of the operating system, hosts file included. */
	resolve?: Resolve;
	/** Addresses of this machine; default: those of its interfaces now. */
	ownAddresses?: () => readonly string[];
	connect_timeout_ms?: number;
	/** Certificate authorities besides the built-in ones, for tests. */
	ca?: string;
};

/** A target whose every address was judged; only these may be connected to. */
export type CheckedTarget = { target: Target; addresses: readonly string[] };

/** Judges a URL and every address that its host has. Errors: bad_url and target_refused; what the resolver throws goes through. */
export async function checkUrl( text: string, network: GuardedNetwork ): Promise< CheckedTarget > {
	const own = ( network.ownAddresses ?? interfaceAddresses )();
	const target = judgeUrl( text, network.policy, own );
	if ( ! target.ok ) {
		throw refusalError( target );
	}
	if ( target.address !== null ) {
		return { target, addresses: [ target.address ] };
	}
	const addresses = await ( network.resolve ?? resolveAll )( target.host );
	const judgement = judgeAnswers( target, addresses, network.policy, own );
	if ( ! judgement.ok ) {
		throw refusalError( judgement );
	}
	return { target, addresses };
}

/** An agent whose sockets go only to addresses that were judged for that socket. The name is resolved once
 *  for each socket and pinned, so an answer that changes between check and connect changes nothing. */
export function guardedAgent( network: GuardedNetwork ): Agent {
	return new Agent( {
		connections: 1,
		pipelining: 1,
		connect: ( options, callback ) => {
			const authority = isIP( options.hostname ) === 6 ? `[${ options.hostname }]` : options.hostname;
			const port = options.port === '' ? '' : `:${ options.port }`;
			checkUrl( `${ options.protocol }//${ authority }${ port }/`, network ).then(
				( checked ) => openPinned( checked, network, options, callback ),
				( error: unknown ) => callback( asError( error ), null )
			);
		},
	} );
}

function openPinned(
	checked: CheckedTarget,
	network: GuardedNetwork,
	options: buildConnector.Options,
	callback: buildConnector.Callback
): void {
	const connect = buildConnector( {
		allowH2: false,
		maxCachedSessions: 0,
		timeout: network.connect_timeout_ms ?? 10_000,
		lookup: pinnedLookup( checked.addresses ),
		...( network.ca === undefined ? {} : { ca: network.ca } ),
	} );
	connect( options, ( ...[ error, socket ] ) => {
		if ( error ) {
			callback( error, null );
			return;
		}
		if ( ! isChecked( socket.remoteAddress, checked.addresses ) ) {
			socket.destroy();
			callback( refusalError( { ok: false, code: 'target_refused', reason: 'address' } ), null );
			return;
		}
		callback( null, socket );
	} );
}

/** A lookup that knows only the checked addresses. Node asks with `all: true` when it tries several in turn. */
function pinnedLookup( addresses: readonly string[] ): LookupFunction {
	const answers = addresses.map( ( address ) => ( { address, family: isIP( address ) } ) );
	return ( _name, options, callback ) => {
		const [ first ] = answers;
		if ( options.all ) {
			callback( null, answers );
		} else if ( first ) {
			callback( null, first.address, first.family );
		}
	};
}

async function resolveAll( name: string ): Promise< string[] > {
	return ( await lookup( name, { all: true } ) ).map( ( { address } ) => address );
}

function asError( thrown: unknown ): Error {
	return thrown instanceof Error ? thrown : new Error( String( thrown ) );
}
