import type { CheckCode, CheckWarning, MonitorState } from '../contract/vocabulary.ts';
import type { Fault, Observation, Phases } from '../probes/probe.ts';
import { judgeAssertions, type AssertionResult } from './assertion-judge.ts';
import type { Assertion } from './assertion-places.ts';

/** What one check found. */
export type CheckResult = {
	state: MonitorState;
	error_code: CheckCode;
	/** At most 500 bytes; empty when the target is up. */
	error_message: string;
	status_code: number | null;
	phases: Phases;
	warnings: readonly CheckWarning[];
	/** Empty when there was nothing to judge. */
	assertions: readonly AssertionResult[];
};

export type CheckOptions = {
	/** Asks the target once. */
	probe: () => Promise< Observation >;
	assertions: readonly Assertion[];
	/** What is tried, for messages, such as "GET https://a.example/". */
	tried: string;
	/** What a probe that throws means. */
	classify: ( thrown: unknown ) => Fault;
	/** Makes a message one that may be stored. */
	storedMessage: ( text: string ) => string;
	signal: AbortSignal;
};

export const NOTHING_MEASURED: Phases = {
	dns_ms: null,
	connect_ms: null,
	tls_ms: null,
	first_byte_ms: null,
	transfer_ms: null,
	total_ms: 0,
};

/** Asks once and judges what came back. A probe that crashes is a result too. Throws only the reason of the signal. */
export async function runCheck( options: CheckOptions ): Promise< CheckResult > {
	const { fault, status_code, phases, warnings, facts } = await observe( options );
	if ( fault !== null ) {
		return { ...fault, status_code, phases, warnings, assertions: [] };
	}
	const verdict = judgeAssertions( options.assertions, { ...facts, response_time_ms: phases.total_ms } );
	const answered = `${ status_code === null ? 'answered' : `answered ${ status_code }` } after ${ Math.round( phases.total_ms ) } ms`;
	return {
		state: verdict.state,
		error_code: verdict.error_code,
		error_message:
			verdict.error_message === null ? '' : options.storedMessage( `${ options.tried } ${ answered }. ${ verdict.error_message }` ),
		status_code,
		phases,
		warnings,
		assertions: verdict.assertions,
	};
}

async function observe( { probe, classify, signal }: CheckOptions ): Promise< Observation > {
	try {
		return await probe();
	} catch ( thrown ) {
		signal.throwIfAborted();
		return { fault: classify( thrown ), status_code: null, phases: NOTHING_MEASURED, warnings: [], facts: {} };
	}
}
