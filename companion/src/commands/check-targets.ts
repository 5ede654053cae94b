import type { MonitorWork } from '../contract/monitor.ts';
import type { Assertion } from '../monitor/assertion-places.ts';
import { runCheck, type CheckResult } from '../monitor/run-check.ts';
import { classifyError, storedMessage } from '../probes/classify-error.ts';
import { typeOfUrl, url_checks, type UrlType } from '../probes/index.ts';
import type { ProbeContext } from '../probes/probe.ts';

/** Something to check once. */
export type CheckTarget = { url: string; check: () => Promise< CheckResult > };

/** URLs as they were typed, with the assertions of their types. */
export function urlTargets(
	urls: readonly string[],
	assertions: ReadonlyMap< UrlType, readonly Assertion[] >,
	context: ProbeContext
): CheckTarget[] {
	return urls.map( ( url ) => {
		const type = typeOfUrl( url );
		const of_type = assertions.get( type ) ?? [];
		const asked = new Set( of_type.map( ( { place } ) => place ) );
		const { tried, ask } = url_checks[ type ];
		const check = (): Promise< CheckResult > =>
			runCheck( {
				probe: () => ask( url, asked, context ),
				assertions: of_type,
				tried: tried( url ),
				classify: ( thrown ) => classifyError( thrown, 'header', tried( url ) ),
				storedMessage,
				signal: context.signal,
			} );
		return { url, check };
	} );
}

/** Monitors of the work list, each with its own method, headers, time and assertions. Those that wait for beats ask nothing. */
export async function monitorTargets(
	sites: readonly { site_id: string; monitors: readonly MonitorWork[] }[],
	context: ProbeContext,
	version: string
): Promise< CheckTarget[] > {
	// Loaded when asked for: it brings the list of public suffixes with it, which URLs do not need.
	const { makeCheckMonitor } = await import( './check-monitor.ts' );
	const checkMonitor = makeCheckMonitor( context, version );
	return sites.flatMap( ( { site_id, monitors } ) =>
		monitors
			.filter( ( { type } ) => type !== 'push' )
			.map( ( work ) => ( {
				url: work.url,
				check: () =>
					checkMonitor( work, { site_id, deadline_mono_ms: Infinity, beat: null, contact_url: '', signal: context.signal } ),
			} ) )
	);
}
