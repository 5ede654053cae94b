import { lookup } from 'node:dns/promises';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
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

const CONNECT_MS = 10_000;

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

export type GuardedRequest = {
	method: 'GET' | 'POST';
	url: URL;
	headers: Readonly< Record< string, string > >;
	body: string | null;
	signal: AbortSignal;
};

/** The head of an answer, whose body is still to come. `close` ends the connection, and must be called. */
export type GuardedAnswer = { response: IncomingMessage; close: () => void };

/** One request on a connection of its own, which goes only to an address that was judged for it. The name is resolved once
 *  and pinned, so an answer that changes between check and connect changes nothing. Redirects are not followed.
 *  Errors: bad_url and target_refused; what the network and the signal throw goes through. */
export async function guardedRequest( asked: GuardedRequest, network: GuardedNetwork ): Promise< GuardedAnswer > {
	const { method, url, headers, body, signal } = asked;
	signal.throwIfAborted();
	const checked = await untilAborted( checkUrl( `${ url.protocol }//${ url.host }/`, network ), signal );
	signal.throwIfAborted();
	const socket = await openPinned( checked, network, signal );
	try {
		const sent = httpRequest( {
			createConnection: () => socket,
			method,
			path: `${ url.pathname }${ url.search }`,
			headers: { host: url.host, ...headers },
			signal,
		} );
		const response = await responseOf( sent, body );
		// Aborting after the answer began makes the body fail; whoever stopped reading must not crash the process.
		response.on( 'error', () => socket.destroy() );
		return { response, close: () => void socket.destroy() };
	} catch ( thrown ) {
		socket.destroy();
		throw signal.aborted ? signal.reason : thrown;
	}
}

/** What comes after the end is dropped: a resolver takes no signal, and the system's may try for minutes. */
function untilAborted< Value >( work: Promise< Value >, signal: AbortSignal ): Promise< Value > {
	return new Promise( ( resolve, reject ) => {
		const onAbort = (): void => reject( signal.reason );
		signal.addEventListener( 'abort', onAbort, { once: true } );
		void work.then( resolve, reject ).finally( () => signal.removeEventListener( 'abort', onAbort ) );
	} );
}

function responseOf( sent: ClientRequest, body: string | null ): Promise< IncomingMessage > {
	return new Promise( ( resolve, reject ) => {
		// Stays after the answer began: an error then is told by the body too.
		sent.on( 'error', reject );
		sent.on( 'response', resolve );
		sent.on( 'upgrade', () => reject( new Error( 'The answer is in another protocol.' ) ) );
		sent.end( body ?? undefined );
	} );
}

/** A connection to one of the checked addresses, with TLS for https. Nothing was sent to an address that is none of them. */
function openPinned( { target, addresses }: CheckedTarget, network: GuardedNetwork, signal: AbortSignal ): Promise< Socket > {
	const { host, port, url } = target;
	const limit_ms = network.connect_timeout_ms ?? CONNECT_MS;
	const name = host.replace( /\.$/, '' );
	return new Promise( ( resolve, reject ) => {
		const tcp = connect( { host, port, lookup: pinnedLookup( addresses ) } );
		let socket: Socket = tcp;
		const stop = (): void => {
			clearTimeout( timer );
			signal.removeEventListener( 'abort', onAbort );
		};
		const fail = ( thrown: unknown ): void => {
			stop();
			socket.destroy();
			tcp.destroy();
			reject( thrown );
		};
		const succeed = (): void => {
			stop();
			socket.off( 'error', fail );
			resolve( socket );
		};
		const onAbort = (): void => fail( signal.reason );
		const late = Object.assign( new Error( `There was no connection within ${ limit_ms / 1000 } s.` ), { code: 'ETIMEDOUT' } );
		const timer = setTimeout( () => fail( late ), limit_ms );
		signal.addEventListener( 'abort', onAbort, { once: true } );
		tcp.on( 'error', fail );
		tcp.once( 'connect', () => {
			if ( ! isChecked( tcp.remoteAddress, addresses ) ) {
				fail( refusalError( { ok: false, code: 'target_refused', reason: 'address' } ) );
				return;
			}
			if ( url.protocol !== 'https:' ) {
				succeed();
				return;
			}
			socket = connectTls( {
				socket: tcp,
				ALPNProtocols: [ 'http/1.1' ],
				// Without a name for an address: RFC 6066 has none in SNI.
				...( isIP( name ) === 0 ? { servername: name } : { host: name } ),
				...( network.ca === undefined ? {} : { ca: network.ca } ),
			} );
			socket.on( 'error', fail );
			socket.once( 'secureConnect', succeed );
		} );
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
