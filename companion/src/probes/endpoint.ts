import type { Socket } from 'node:net';
import type { Target } from '../guard/guard.ts';
import { ProbeFault } from './classify-error.ts';
import type { ProbeContext, ProbeGuard } from './probe.ts';
import { openTcp } from './socket.ts';
import { locate, refused, timed, type Progress } from './steps.ts';

/** What is left of the time of a check. */
export function left( progress: Progress, { limits, now }: ProbeContext ): number {
	return limits.total_ms - ( now() - progress.began );
}

/** `host:port` of a URL such as tcp://host:port; anything else is refused by the guard. */
export function hostAndPort( url: string ): string {
	return /^[a-z]+:\/\/([^/]*)\/?$/i.exec( url )?.[ 1 ] ?? '';
}

const TOO_MANY_PORTS = 'was not asked: at most 3 new ports of one host are asked a minute; a later check asks it';
const NO_ENDPOINT = 'it is not HOST:PORT';

/** Why a URL such as tcp://host:port names no endpoint; null when it does. */
export function endpointFault( url: string, guard: ProbeGuard ): string | null {
	const target = guard.judgeEndpoint( hostAndPort( url ) );
	return ! target.ok && target.code === 'bad_url' ? NO_ENDPOINT : null;
}

/** The judged addresses of `host:port`. Throws ProbeFault, what the resolver throws, and Expired. */
export async function locateEndpoint(
	host_and_port: string,
	context: ProbeContext,
	progress: Progress
): Promise< { target: Target; addresses: readonly string[] } > {
	const { guard, limits } = context;
	const target = guard.judgeEndpoint( host_and_port );
	if ( ! target.ok ) {
		if ( target.code === 'bad_url' ) {
			throw new ProbeFault( 'target_refused', `was not asked: ${ NO_ENDPOINT }` );
		}
		const [ , host = '', port ] = /^(.*):(\d+)$/.exec( host_and_port ) ?? [];
		throw refused( { host: host.replace( /^\[|\]$/g, '' ), port: Number( port ) }, context );
	}
	const addresses = await locate( target, Math.min( limits.dns_ms, left( progress, context ) ), context, progress );
	if ( ! guard.isOpened( addresses, target.port ) && ! guard.admitsPort( [ target.host, ...addresses ], target.port ) ) {
		throw new ProbeFault( 'ports_limited', TOO_MANY_PORTS );
	}
	return { target, addresses };
}

/** A connection to `host:port`, over which nothing was sent. */
export async function connectEndpoint(
	host_and_port: string,
	context: ProbeContext,
	progress: Progress
): Promise< { target: Target; socket: Socket } > {
	const { target, addresses } = await locateEndpoint( host_and_port, context, progress );
	const socket = await timed( progress, 'connect', 'connect_ms', context, () =>
		openTcp( addresses, target.port, Math.min( context.limits.connect_ms, left( progress, context ) ), context )
	);
	return { target, socket };
}
