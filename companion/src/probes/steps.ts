import type { Target } from '../guard/guard.ts';
import { classifyError, ProbeFault } from './classify-error.ts';
import { limited, type CheckPhase } from './deadline.ts';
import type { Facts, Observation, Phases, ProbeContext } from './probe.ts';

/** How far a check is, for its figures and for what a failure means. */
export type Progress = { phase: CheckPhase; tried: string; phases: Phases; began: number; status_code: number | null };

/** The start of a check. `tried` begins its messages. */
export function begun( tried: string, { now }: ProbeContext ): Progress {
	return {
		phase: 'dns',
		tried,
		phases: { dns_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: null, transfer_ms: null, total_ms: 0 },
		began: now(),
		status_code: null,
	};
}

/** The addresses of a target, all judged. */
export async function locate( target: Target, limit_ms: number, context: ProbeContext, progress: Progress ): Promise< readonly string[] > {
	if ( target.address !== null ) {
		return [ target.address ];
	}
	const addresses = await timed( progress, 'dns', 'dns_ms', context, () =>
		limited< readonly string[] >( 'dns', limit_ms, context, ( { resolve, reject } ) => {
			context.resolve( target.host, context.signal ).then( resolve, reject );
			return () => undefined;
		} )
	);
	const judgement = context.guard.judgeAnswers( target, addresses );
	if ( ! judgement.ok ) {
		throw refused( target, context );
	}
	return addresses;
}

/** Says that the guard refused a target, and what would open it: nothing that the target as it was written does not tell. */
export function refused( { host, port }: Pick< Target, 'host' | 'port' >, { guard }: ProbeContext ): ProbeFault {
	const entry = guard.allowEntry( host, port );
	const way = entry === null ? 'nothing opens it' : `--allow ${ entry } at the companion opens it`;
	return new ProbeFault( 'target_refused', `${ REFUSED }; ${ way }` );
}

/** The same words for every reason, so that they tell nothing about a network. */
export const REFUSED = 'was not sent: the address is not a public one, or its port is not open to the companion';

/** Does the work of a phase and takes its time. */
export async function timed< Value >(
	progress: Progress,
	phase: CheckPhase,
	figure: Exclude< keyof Phases, 'total_ms' >,
	{ now }: ProbeContext,
	work: () => Promise< Value >
): Promise< Value > {
	progress.phase = phase;
	const began = now();
	const value = await work();
	addPhase( progress, figure, now() - began );
	return value;
}

/** Adds to a figure of an earlier hop. */
export function addPhase( { phases }: Progress, figure: Exclude< keyof Phases, 'total_ms' >, ms: number ): void {
	phases[ figure ] = ( phases[ figure ] ?? 0 ) + ms;
}

/** Phases to a hundredth of a millisecond, which is as far as the figures mean something. */
export function totalled( { phases, began }: Progress, ended: number ): Phases {
	const rounded = ( ms: number | null ): number | null => ( ms === null ? null : Math.round( ms * 100 ) / 100 );
	return {
		dns_ms: rounded( phases.dns_ms ),
		connect_ms: rounded( phases.connect_ms ),
		tls_ms: rounded( phases.tls_ms ),
		first_byte_ms: rounded( phases.first_byte_ms ),
		transfer_ms: rounded( phases.transfer_ms ),
		total_ms: rounded( ended - began ) ?? 0,
	};
}

/** Runs the steps of a check that gives facts and no status code. What they throw is the fault; throws only the reason of
 *  the signal. */
export async function observation(
	tried: string,
	context: ProbeContext,
	work: ( progress: Progress ) => Promise< Facts >
): Promise< Observation > {
	const progress = begun( tried, context );
	const outcome = await work( progress ).then(
		( facts ) => ( { fault: null, facts } ),
		( thrown: unknown ) => {
			context.signal.throwIfAborted();
			return { fault: classifyError( thrown, progress.phase, tried ), facts: {} };
		}
	);
	return { ...outcome, status_code: null, phases: totalled( progress, context.now() ), warnings: [] };
}
