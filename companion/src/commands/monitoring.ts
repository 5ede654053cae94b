import { connect } from 'node:net';
import { uptime } from 'node:os';
import type { MonitorWork } from '../contract/monitor.ts';
import { classifyAddress, parseAddress } from '../guard/address.ts';
import type { AllowRule } from '../guard/guard.ts';
import { Engine } from '../monitor/engine.ts';
import { OwnNetwork } from '../monitor/own-network.ts';
import type { EngineClock, EngineLog } from '../monitor/ports.ts';
import type { EngineSite } from '../monitor/site-book.ts';
import { LIMITS } from '../probes/limits.ts';
import type { Resolve } from '../probes/probe.ts';
import type { MonitorFigures } from '../server-metrics.ts';
import { hostKey, makeCheckMonitor } from './check-monitor.ts';
import { openProbeContext } from './probe-context.ts';

export type MonitoringSetup = {
	sites: readonly EngineSite[];
	allow: readonly AllowRule[];
	anchors: readonly string[];
	version: string;
	log: EngineLog;
	signal: AbortSignal;
};

/** Stopping waits so long for checks that ask. */
const PATIENCE_MS = 5000;
const ANCHOR_MS = 2000;
/** Whether a name is an internal one is asked in the 400 ms that a monitor of every 10 s has at the end of its slot. */
const RESOLVE_MS = 200;

export const engineClock: EngineClock = {
	mono: () => performance.now(),
	wall: Date.now,
	asleep: () => uptime() * 1000 - performance.now(),
	after: ( ms, call ) => {
		const timer = setTimeout( call, ms );
		return () => clearTimeout( timer );
	},
};

/** The engine on the real network, behind the guard. `close` ends what asks, and stores what is known. */
export function openMonitoring( setup: MonitoringSetup ): { engine: Engine; close: () => Promise< void > } {
	const { allow, anchors, log, sites, version, signal } = setup;
	const policy = { allow, nat64: false };
	const { context, close } = openProbeContext( { policy, ca: null, total_ms: LIMITS.total_ms, resume: true, version, signal } );
	const network = new OwnNetwork( { anchors, ask: asksAnchor, clock: engineClock, log } );
	const engine = new Engine(
		{
			clock: engineClock,
			log,
			check: makeCheckMonitor( context, version ),
			network,
			domainOf: ( { url } ) => hostKey( url ),
			isInternal: internalTargets( allow.length > 0 ? context.resolve : null ),
		},
		sites
	);
	let closed: Promise< void > | null = null;
	return { engine, close: () => ( closed ??= engine.stop( PATIENCE_MS ).finally( close ) ) };
}

/** Whether a connection to `HOST:PORT` comes about. */
function asksAnchor( anchor: string ): Promise< boolean > {
	const port_at = anchor.lastIndexOf( ':' );
	const host = anchor.slice( 0, port_at ).replace( /^\[|\]$/g, '' );
	return new Promise( ( resolve ) => {
		const socket = connect( { host, port: Number( anchor.slice( port_at + 1 ) ) } );
		const end = ( is_there: boolean ): void => {
			clearTimeout( timer );
			socket.destroy();
			resolve( is_there );
		};
		const timer = setTimeout( () => end( false ), ANCHOR_MS );
		socket.once( 'connect', () => end( true ) );
		socket.on( 'error', () => end( false ) );
	} );
}

/** Tells targets on a network of the operator's: they are down or not, whether the internet is there or not.
 *  Without a resolver none was opened, so every name is a public one. */
export function internalTargets( resolve: Resolve | null ): ( work: MonitorWork ) => Promise< boolean > {
	return async ( { url } ) => {
		const host = hostOf( url );
		if ( parseAddress( host ) !== null ) {
			return ! isPublic( host );
		}
		if ( resolve === null || host === '' ) {
			return false;
		}
		try {
			const addresses = await within( RESOLVE_MS, resolve( host, AbortSignal.timeout( RESOLVE_MS ) ) );
			return addresses.length > 0 && ! addresses.some( isPublic );
		} catch {
			// A name that nobody knows says nothing of where its target is.
			return false;
		}
	};
}

/** What comes in time; nothing otherwise. */
async function within( ms: number, coming: Promise< readonly string[] > ): Promise< readonly string[] > {
	const { promise, resolve } = Promise.withResolvers< readonly string[] >();
	const timer = setTimeout( resolve, ms, [] );
	try {
		return await Promise.race( [ coming, promise ] );
	} finally {
		clearTimeout( timer );
	}
}

/** The host of a target; of a question to a name server, that server. */
function hostOf( url: string ): string {
	const written = /^dns:\/\/[^@]*@(.*)$/i.exec( url )?.[ 1 ] ?? url.replace( /^[a-z]+:\/\//i, '' );
	return ( URL.parse( `https://${ written }` )?.hostname ?? '' ).replace( /^\[|\]$/g, '' );
}

function isPublic( address: string ): boolean {
	return classifyAddress( address )?.address_class === 'public';
}

/** What /metrics tells of the monitors of a site. */
export function* monitorFigures( engine: Engine, site_id: string ): Iterable< MonitorFigures > {
	for ( const { work, last, progress } of engine.site( site_id ).figures().monitors ) {
		yield {
			monitor_uid: work.monitor_uid,
			name: work.name,
			type: work.type,
			url: work.url,
			state: last?.state ?? null,
			response_time_ms: last?.response_time_ms ?? null,
			last_slot_ms: progress.judged.last_slot_ms,
		};
	}
}
