// Not by name: an older Node, which has no such export, would not come to the line that says so.
import * as tls from 'node:tls';
import { allowEntryFor } from '../guard/allow.ts';
import { interfaceAddresses, isChecked } from '../guard/checked.ts';
import { isOpened, judgeAnswers, judgeEndpoint, judgeUrl, type GuardPolicy } from '../guard/guard.ts';
import { makePortLimit } from '../guard/port-limit.ts';
import { makeQuery } from '../probes/dns-query.ts';
import { LIMITS } from '../probes/limits.ts';
import type { ProbeContext } from '../probes/probe.ts';
import { makeResolver } from '../probes/resolver.ts';
import { makeTlsSessions } from '../probes/tls-sessions.ts';
import { connectDirectly } from '../probes/socket.ts';

export type ProbeSetup = {
	policy: GuardPolicy;
	/** Certificates in PEM besides those that Node trusts. */
	ca: string | null;
	total_ms: number;
	/** Whether checks over https may go on with a session of the last hour. */
	resume: boolean;
	version: string;
	signal: AbortSignal;
};

/** Interfaces come and go while a companion runs, but asking for them at each check would cost as much as the check. */
const OWN_ADDRESSES_MS = 10_000;

/** Groups of the key exchange. Node offers X25519MLKEM768 too, whose share costs 0.36 of 1.5 ms CPU of a check. */
const GROUPS = 'X25519:prime256v1:secp384r1:secp521r1';

/** The real network for probes, behind the guard. `close` ends questions to name servers that nobody waits for. */
export function openProbeContext( { policy, ca, total_ms, resume, version, signal }: ProbeSetup ): {
	context: ProbeContext;
	close: () => void;
} {
	const now = (): number => performance.now();
	const { resolve, close } = makeResolver( { now } );
	let own = interfaceAddresses();
	let own_at = now();
	const ownAddresses = (): readonly string[] => {
		if ( now() - own_at > OWN_ADDRESSES_MS ) {
			own = interfaceAddresses();
			own_at = now();
		}
		return own;
	};
	const context: ProbeContext = {
		guard: {
			judgeUrl: ( text ) => judgeUrl( text, policy, ownAddresses() ),
			judgeEndpoint: ( host_and_port ) => judgeEndpoint( host_and_port, policy, ownAddresses() ),
			isOpened: ( addresses, port ) => isOpened( addresses, port, policy ),
			admitsPort: makePortLimit( now ),
			judgeAnswers: ( target, addresses ) => judgeAnswers( target, addresses, policy, ownAddresses() ),
			allowEntry: allowEntryFor,
			isChecked,
		},
		resolve,
		query: makeQuery( () => performance.now() ),
		connect: connectDirectly,
		now,
		wallClock: Date.now,
		secure_context: tls.createSecureContext( {
			ecdhCurve: GROUPS,
			...( ca === null ? {} : { ca: [ ...tls.getCACertificates( 'default' ), ca ] } ),
		} ),
		sessions: resume ? makeTlsSessions( now ) : null,
		limits: { ...LIMITS, total_ms },
		user_agent: `rollcall-companion/${ version }`,
		signal,
	};
	return { context, close };
}
