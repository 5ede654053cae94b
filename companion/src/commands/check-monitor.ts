import type { MonitorWork } from '../contract/monitor.ts';
import type { CheckCode } from '../contract/vocabulary.ts';
import { hostOfUrl } from '../match/normalize-domain.ts';
import type { CheckMonitor, CheckMonitorOptions, MonitorResult } from '../monitor/ports.ts';
import { NOTHING_MEASURED, runCheck, type CheckResult } from '../monitor/run-check.ts';
import { classifyError, stateOf, storedMessage } from '../probes/classify-error.ts';
import { probes, url_checks, type UrlType } from '../probes/index.ts';
import { makeMailStates } from '../probes/mail-state.ts';
import type { ProbeContext } from '../probes/probe.ts';
import { planMonitor, type MonitorPlan, type PlanFault } from './monitor-plan.ts';
import { makeTurns } from './turns.ts';

/** Asks the targets of monitors over the network of a context. What a monitor asks is read once for each of its revisions, by
 *  the object that holds it. */
export function makeCheckMonitor( context: ProbeContext, version: string ): CheckMonitor {
	const plans = new WeakMap< MonitorWork, MonitorPlan | PlanFault >();
	const agents = new Map< string, string >();
	const turns = makeTurns();
	const mail = makeMailStates( context.now );

	function planOf( work: MonitorWork & { type: UrlType } ): MonitorPlan | PlanFault {
		const known = plans.get( work ) ?? planMonitor( work, context.guard );
		plans.set( work, known );
		return known;
	}

	function userAgent( contact_url: string ): string {
		const known = agents.get( contact_url ) ?? agentOf( version, contact_url );
		agents.set( contact_url, known );
		return known;
	}

	async function check( work: MonitorWork, options: CheckMonitorOptions ): Promise< MonitorResult > {
		if ( ! asksTarget( work ) ) {
			return { ...( await checkBeats( work, options, context ) ), mail_state: null };
		}
		const plan = planOf( work );
		if ( ! plan.ok ) {
			return { ...failed( 'check_failed_internally', plan.message ), mail_state: null };
		}
		return work.is_polite ? turns( hostKey( work.url ), () => ask( work, plan, options ) ) : ask( work, plan, options );
	}

	async function ask( work: MonitorWork, plan: MonitorPlan, options: CheckMonitorOptions ): Promise< MonitorResult > {
		options.signal.throwIfAborted();
		const room_ms = options.deadline_mono_ms - context.now();
		if ( room_ms <= 0 ) {
			return { ...failed( 'check_failed_internally', `${ plan.tried } was not tried: no time was left.` ), mail_state: null };
		}
		const own: ProbeContext = {
			...context,
			limits: { ...context.limits, total_ms: Math.min( work.options.timeout_ms, room_ms ) },
			user_agent: userAgent( options.contact_url ),
			signal: options.signal,
		};
		const asks_mail = work.is_polite && work.type === 'http';
		const [ result, mail_state ] = await Promise.all( [ run( plan, own ), asks_mail ? mail( mailDomain( work.url ), own ) : null ] );
		return { ...result, mail_state };
	}

	return async ( work, options ) => {
		try {
			return await check( work, options );
		} catch ( thrown ) {
			options.signal.throwIfAborted();
			// Whatever was thrown, a text or nothing at all: it is a result with a message.
			return { ...NOTHING_FOUND, ...classifyError( thrown, 'header', `The check of ${ work.name || work.url }` ), mail_state: null };
		}
	};
}

const NOTHING_FOUND = { status_code: null, phases: NOTHING_MEASURED, warnings: [], assertions: [] } as const;

function failed( error_code: CheckCode, message: string ): CheckResult {
	return { ...NOTHING_FOUND, state: stateOf( error_code ), error_code, error_message: storedMessage( message ) };
}

function asksTarget( work: MonitorWork ): work is MonitorWork & { type: UrlType } {
	return work.type in url_checks;
}

function run( { ask, assertions, tried }: MonitorPlan, context: ProbeContext ): Promise< CheckResult > {
	return runCheck( {
		probe: () => ask( context ),
		assertions,
		tried,
		classify: ( thrown ) => classifyError( thrown, 'header', tried ),
		storedMessage,
		signal: context.signal,
	} );
}

/** Beats are judged by what WordPress knew when it was last heard: while it is silent, none is missed. */
function checkBeats( work: MonitorWork, { beat, signal }: CheckMonitorOptions, context: ProbeContext ): Promise< CheckResult > {
	if ( beat === null ) {
		const message = 'The call is not known: WordPress, which takes it, was not heard of for minutes.';
		return Promise.resolve( failed( 'self_offline', message ) );
	}
	const heard: ProbeContext = { ...context, wallClock: () => beat.heard_until_ms, signal };
	const beats = [ beat.last_beat_at_ms, work.last_beat_at_ms ].filter( ( at_ms ) => at_ms !== null );
	const request = {
		last_beat_at_ms: beats.length === 0 ? null : Math.max( ...beats ),
		expected_since_ms: work.created_at_ms,
		interval_seconds: work.interval_seconds,
		grace_seconds: work.options.grace_seconds,
	};
	return run( { ok: true, tried: 'The call', assertions: [], ask: ( own ) => probes.push( request, own ) }, heard );
}

/** What must not be asked twice at a time: the registrable domain, or the host of a name that has none. */
export function hostKey( url: string ): string {
	const host = hostOfUrl( url.replace( /^[a-z]+:/i, 'https:' ) );
	return host.ok ? host.registrable : ( URL.parse( url )?.host ?? url );
}

/** The domain whose mail a site's people get. */
function mailDomain( url: string ): string {
	return ( URL.parse( url )?.hostname ?? '' ).replace( /^www\./, '' );
}

/** Says who asks, so that the owner of a site can ask back. */
function agentOf( version: string, contact_url: string ): string {
	const contact = URL.parse( contact_url );
	const is_plain = contact !== null && /^https?:$/.test( contact.protocol ) && /^[\x21-\x27\x2a-\x7e]{1,200}$/.test( contact.href );
	return `Rollcall/${ version }${ is_plain ? ` (+${ contact.href })` : '' }`;
}
