import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Health } from './contract/pairing.ts';
import { CONTRACT_VERSION } from './contract/vocabulary.ts';
import { relaxedRateLimit } from './rate-limit/rate-limit.ts';
import { METRICS_TYPE, metricsText, type Figures, type SiteFigures } from './server-metrics.ts';

export type MonitoringRoutes = {
	companion_version: string;
	now: () => number;
	/** How each paired site does, now; asked at each call of a route, so it must be quick. */
	sites: () => readonly SiteFigures[];
	/** Answers /metrics to other machines too: it names what is watched. */
	metrics_open: boolean;
};

/** From this age on, rows that WordPress has not signed for are told. */
const UNSENT_MS = 600_000;

/** GET /health for anyone, without names, and GET /metrics for this machine, unless it is opened. */
export function addMonitoringRoutes(
	server: FastifyInstance,
	options: MonitoringRoutes,
	refuse: ( reply: FastifyReply ) => FastifyReply
): void {
	const started_at_ms = options.now();
	server.get( '/health', { onRequest: relaxedRateLimit }, async ( _request, reply ) => {
		const health = healthOf( options, started_at_ms );
		const status = health.reasons.includes( 'not_monitoring' ) ? 503 : 200;
		return reply.code( status ).header( 'cache-control', 'no-store' ).send( health );
	} );
	server.get( '/metrics', { onRequest: relaxedRateLimit }, async ( request, reply ) => {
		if ( ! options.metrics_open && ! isFromHere( request ) ) {
			return refuse( reply );
		}
		const { companion_version, sites } = options;
		const text = metricsText( { companion_version, sites: sites(), process: processFigures( started_at_ms ) } );
		return reply
			.header( 'content-type', METRICS_TYPE )
			.header( 'cache-control', 'no-store' )
			.send( Readable.from( inPieces( text ) ) );
	} );
}

function healthOf( { companion_version, now, sites }: MonitoringRoutes, started_at_ms: number ): Health {
	const now_ms = now();
	const found = new Set< Health[ 'reasons' ][ number ] >();
	for ( const { vitals, is_monitoring } of sites() ) {
		if ( ! is_monitoring ) {
			found.add( 'not_monitoring' );
		}
		if ( vitals.stalled_count > 0 ) {
			found.add( 'stalled_monitors' );
		}
		if ( vitals.oldest_unsent_at_ms !== null && now_ms - vitals.oldest_unsent_at_ms > UNSENT_MS ) {
			found.add( 'unsent_rows' );
		}
		if ( vitals.disk_full ) {
			found.add( 'disk_full' );
		}
		if ( vitals.offline_since_ms !== null ) {
			found.add( 'offline' );
		}
	}
	return {
		status: found.size === 0 ? 'ok' : 'degraded',
		reasons: [ ...found ],
		companion_version,
		contract_version: CONTRACT_VERSION,
		uptime_seconds: Math.max( 0, Math.floor( ( now_ms - started_at_ms ) / 1000 ) ),
	};
}

const FORWARDED = [ 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'forwarded', 'via' ];

/** Whether a program of this machine asks for itself. What a header says of the client is never believed; one that a proxy
 *  adds shows that another machine may be behind it, and a foreign name in Host that a web page asks by DNS rebinding.
 *  HTTP/1.0 is what nginx asks with when nothing else is set; then it adds no header either. */
function isFromHere( { socket, headers, raw }: FastifyRequest ): boolean {
	const address = ( socket.remoteAddress ?? '' ).replace( /^::ffff:/i, '' );
	const host = ( headers.host ?? '' ).replace( /:\d+$/, '' );
	return (
		( /^127(\.\d+){3}$/.test( address ) || address === '::1' ) &&
		/^(localhost|127(\.\d+){3}|\[::1\])$/i.test( host ) &&
		! FORWARDED.some( ( name ) => name in headers ) &&
		raw.httpVersion !== '1.0'
	);
}

function processFigures( started_at_ms: number ): Figures[ 'process' ] {
	const { user, system } = process.cpuUsage();
	const { rss, heapUsed } = process.memoryUsage();
	return { started_at_ms, cpu_seconds: ( user + system ) / 1e6, resident_bytes: rss, heap_bytes: heapUsed };
}

async function* inPieces( chunks: Iterable< string > ): AsyncGenerator< string > {
	for ( const chunk of chunks ) {
		yield chunk;
		await setImmediate();
	}
}
