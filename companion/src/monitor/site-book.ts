import type { Beat, MonitorWork } from '../contract/monitor.ts';
import type { CheckCode, MonitorState } from '../contract/vocabulary.ts';
import { Groups } from './groups.ts';
import type { HeardBeats, MonitorStore, SlotOutcome } from './ports.ts';
import type { Progress } from './watched.ts';

/** A site whose monitors are checked. */
export type EngineSite = {
	site_id: string;
	store: MonitorStore;
	judge_epoch: number;
	contact_url: string;
	/** Clock of WordPress minus ours, as it was last measured. */
	offset_ms?: number;
};

/** A monitor that is checked. `key` is its identity among all sites: a copy of a site has the same uids. */
export type Watched = {
	readonly key: string;
	readonly book: SiteBook;
	work: MonitorWork;
	/** For polite checks, and for outages of many targets. */
	domain: string;
	progress: Progress;
	/** Newest result; null before the first one. */
	last: { state: MonitorState; response_time_ms: number | null } | null;
	/** Number of the newest reading of the work list that it was on. */
	read: number;
};

export type CheckCount = { state: MonitorState; error_code: CheckCode; count: number };

/** WordPress is heard of every minute; without it for so long, nobody knows whether a beat came. */
const SILENT_MS = 180_000;

/** What the engine keeps of one site. */
export class SiteBook {
	readonly site_id: string;
	readonly store: MonitorStore;
	readonly monitors = new Map< string, Watched >();
	readonly groups = new Groups();
	epoch: number;
	contact_url: string;
	/** Time of WordPress minus monotonic time, as its newest signed answer told; null before the first one. */
	time_off_ms: number | null = null;
	/** The work list changed since it was last read. */
	is_changed = true;
	/** How often the work list was read. */
	read = 0;
	/** What is to be done once outcomes are stored. */
	committed: ( outcomes: readonly SlotOutcome[] ) => void = () => undefined;
	readonly #beats = new Map< string, number >();
	readonly #counts = new Map< string, CheckCount >();
	readonly #urgent: ( () => void )[] = [];
	#heard: { until_ms: number; at_mono_ms: number } | null = null;

	constructor( { site_id, store, judge_epoch, contact_url }: EngineSite ) {
		this.site_id = site_id;
		this.store = store;
		this.epoch = Math.max( 1, judge_epoch );
		this.contact_url = contact_url;
	}

	hear( beats: readonly Beat[], until_ms: number, now_mono_ms: number ): void {
		for ( const { monitor_uid, beat_at_ms } of beats ) {
			this.#beats.set( monitor_uid, Math.max( beat_at_ms, this.#beats.get( monitor_uid ) ?? 0 ) );
		}
		if ( until_ms > 0 ) {
			this.#heard = { until_ms: Math.max( until_ms, this.#heard?.until_ms ?? 0 ), at_mono_ms: now_mono_ms };
		}
	}

	/** What is known of the beats of a monitor; null when it has none, or when WordPress is silent. */
	beatOf( { monitor_uid, type, last_beat_at_ms }: MonitorWork, now_mono_ms: number ): HeardBeats | null {
		if ( type !== 'push' || this.#heard === null || now_mono_ms - this.#heard.at_mono_ms > SILENT_MS ) {
			return null;
		}
		const beats = [ last_beat_at_ms, this.#beats.get( monitor_uid ) ?? null ].filter( ( at_ms ) => at_ms !== null );
		return { last_beat_at_ms: beats.length === 0 ? null : Math.max( ...beats ), heard_until_ms: this.#heard.until_ms };
	}

	get heard_until_ms(): number {
		return this.#heard?.until_ms ?? 0;
	}

	forget( monitor_uid: string ): void {
		this.monitors.delete( monitor_uid );
		this.groups.forget( monitor_uid );
		this.#beats.delete( monitor_uid );
	}

	count( state: MonitorState, error_code: CheckCode ): void {
		const name = `${ state } ${ error_code }`;
		const known = this.#counts.get( name );
		if ( known === undefined ) {
			this.#counts.set( name, { state, error_code, count: 1 } );
		} else {
			known.count++;
		}
	}

	/** Slots that ended since the start. */
	get counts(): readonly CheckCount[] {
		return [ ...this.#counts.values() ];
	}

	onUrgent( callback: () => void ): void {
		this.#urgent.push( callback );
	}

	urge(): void {
		this.#urgent.forEach( ( callback ) => callback() );
	}
}

/** Whether an outcome is one that people wait for: a decision, or that one is near. */
export function isUrgent( { changes, incidents, reading }: SlotOutcome ): boolean {
	return changes.length > 0 || incidents.length > 0 || reading?.is_confirming === true;
}
