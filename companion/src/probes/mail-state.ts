import type { MailState } from '../contract/vocabulary.ts';
import { limited } from './deadline.ts';
import type { ProbeContext } from './probe.ts';

const ENDED = [ 'ENOTFOUND', 'ENODATA' ];

/** Mail servers change by the day at most, and nobody waits for them. */
const KEPT_MS = 3_600_000;
const MOST_DOMAINS = 20_000;

/** `mailState` that asks of a domain once an hour. What is unknown is asked again. */
export function makeMailStates( now: () => number ): typeof mailState {
	const known = new Map< string, { state: MailState; until: number } >();
	return async ( domain, context ) => {
		const kept = known.get( domain );
		if ( kept !== undefined && kept.until > now() ) {
			return kept.state;
		}
		const state = await mailState( domain, context );
		known.delete( domain );
		if ( state !== 'unknown' ) {
			known.set( domain, { state, until: now() + KEPT_MS } );
		}
		const [ oldest ] = known.keys();
		if ( known.size > MOST_DOMAINS && oldest !== undefined ) {
			known.delete( oldest );
		}
		return state;
	};
}

/** Whether mail to a domain has somewhere to go: a server that its MX names, or, without MX, the domain itself (RFC 5321
 *  section 5.1). A null MX says that it has not (RFC 7505). Unknown when the name servers do not say, and for names that are
 *  not public. Throws only the reason of the signal. */
export async function mailState( domain: string, context: ProbeContext ): Promise< MailState > {
	const target = context.guard.judgeEndpoint( `${ domain }:25` );
	if ( ! target.ok || target.address !== null || target.private_name ) {
		return 'unknown';
	}
	const stop = new AbortController();
	const ask = < Value >( question: ( signal: AbortSignal ) => Promise< Value > ): Promise< Value > =>
		limited( 'dns', context.limits.dns_ms, context, ( { resolve, reject } ) => {
			question( stop.signal ).then( resolve, reject );
			return () => stop.abort();
		} );
	try {
		const servers = await ask( ( signal ) => context.query( target.host, 'MX', null, signal ) );
		return servers.some( ( server ) => ! /^\d+ \.?$/.test( server ) ) ? 'alive' : 'dead';
	} catch ( thrown ) {
		context.signal.throwIfAborted();
		if ( codeOf( thrown ) !== 'ENODATA' ) {
			return stateOf( thrown );
		}
	}
	try {
		const addresses = await ask( ( signal ) => context.resolve( target.host, signal ) );
		return addresses.length > 0 ? 'alive' : 'dead';
	} catch ( thrown ) {
		context.signal.throwIfAborted();
		return stateOf( thrown );
	}
}

function stateOf( thrown: unknown ): MailState {
	return ENDED.includes( codeOf( thrown ) ) ? 'dead' : 'unknown';
}

function codeOf( thrown: unknown ): string {
	return thrown instanceof Error && 'code' in thrown ? String( thrown.code ) : '';
}
