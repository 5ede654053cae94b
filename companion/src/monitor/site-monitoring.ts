import type { Beat, EngineVitals } from '../contract/monitor.ts';
import type { CheckNow } from './check-now.ts';
import type { CheckCount, SiteBook, Watched } from './site-book.ts';

/** How the monitors of a site do, for programs that look on. Counts grow from the start. */
export type EngineFigures = { is_monitoring: boolean; checks: readonly CheckCount[]; monitors: Iterable< Watched > };

/** What the exchange with one site asks of the engine. */
export type SiteMonitoring = {
	/** The work list in the store changed. */
	changed: () => void;
	/** Beats that came in, and until when WordPress told of all of them. */
	heard: ( beats: readonly Beat[], heard_until_ms: number ) => void;
	/** A signed answer told the time of WordPress, to half of what the call took. What is planned follows it. */
	heardTime: ( now_ms: number, uncertain_ms: number ) => void;
	/** WordPress told the time since the start, so that what waits has the right one. */
	knowsTime: () => boolean;
	setContact: ( contact_url: string ) => void;
	/** Decisions carry this epoch from now on. Under another one than before each monitor's present state follows as a change of
	 *  kind reading. */
	setEpoch: ( judge_epoch: number ) => void;
	/** Checks monitors now, beside their schedule; none means all. A job that is known already goes on. */
	checkNow: ( job_uid: string, monitor_uids: readonly string[] ) => void;
	/** How many of them are checked and stored; null when the job is not known. */
	jobProgress: ( job_uid: string ) => { done: number; total: number } | null;
	forgetJob: ( job_uid: string ) => void;
	/** WordPress knows nothing of these monitors after the instant, although it had signed for more; 0 is nothing at all. */
	restored: ( known_until_ms: ReadonlyMap< string, number > ) => void;
	vitals: () => EngineVitals;
	/** What is called after a state change, an incident or the end of a job was stored. */
	onUrgent: ( callback: () => void ) => void;
	figures: () => EngineFigures;
};

/** What a site's port needs of the engine behind it. */
export type EngineParts = {
	now: CheckNow< Watched >;
	mono: () => number;
	heardTime: ( now_ms: number, uncertain_ms: number ) => void;
	/** Something is to be done that no timer waits for. */
	arm: () => void;
	/** Reads the work list. */
	read: () => void;
	checkNow: ( job: string, monitors: readonly Watched[] ) => void;
	lost: ( monitor: Watched, known_until_ms: number ) => void;
	vitals: () => EngineVitals;
	isMonitoring: () => boolean;
};

export function siteMonitoring( book: SiteBook, parts: EngineParts ): SiteMonitoring {
	const { now, mono, arm, lost, vitals, isMonitoring } = parts;
	const jobKey = ( job_uid: string ): string => `${ book.site_id } ${ job_uid }`;
	const known = ( monitor_uids: Iterable< string > ): Watched[] =>
		[ ...monitor_uids ].flatMap( ( monitor_uid ) => book.monitors.get( monitor_uid ) ?? [] );
	return {
		changed: () => {
			book.is_changed = true;
			arm();
		},
		heard: ( beats, heard_until_ms ) => book.hear( beats, heard_until_ms, mono() ),
		heardTime: parts.heardTime,
		knowsTime: () => book.time_off_ms !== null,
		setContact: ( contact_url ) => ( book.contact_url = contact_url ),
		setEpoch: ( judge_epoch ) => ( book.epoch = judge_epoch ),
		checkNow: ( job_uid, monitor_uids ) => {
			// The monitors may have come with the job.
			if ( book.is_changed ) {
				parts.read();
			}
			parts.checkNow( jobKey( job_uid ), known( monitor_uids.length === 0 ? book.monitors.keys() : monitor_uids ) );
		},
		jobProgress: ( job_uid ) => now.progress( jobKey( job_uid ) ),
		forgetJob: ( job_uid ) => now.forgetJob( jobKey( job_uid ) ),
		restored: ( known_until_ms ) => {
			for ( const monitor of known( known_until_ms.keys() ) ) {
				lost( monitor, known_until_ms.get( monitor.work.monitor_uid ) ?? 0 );
			}
		},
		vitals,
		onUrgent: ( callback ) => book.onUrgent( callback ),
		figures: () => ( { is_monitoring: isMonitoring(), checks: book.counts, monitors: book.monitors.values() } ),
	};
}
