import type { MonitorWork } from '../contract/monitor.ts';
import type { CheckNow } from './check-now.ts';
import { isConfirming } from './judge.ts';
import type { EngineClock } from './ports.ts';
import type { Missed, Schedule } from './schedule.ts';
import type { SiteBook, Watched } from './site-book.ts';
import type { SlotRuns } from './slot-runs.ts';
import { makeSharedOptions } from './shared-options.ts';
import { resume, type Note } from './watched.ts';
import type { Watchdog } from './watchdog.ts';

export type WorkListParts = {
	clock: EngineClock;
	schedule: Schedule;
	runs: SlotRuns< Watched >;
	now: CheckNow< Watched >;
	watchdog: Watchdog< Watched >;
	by_key: Map< string, Watched >;
	domainOf: ( work: MonitorWork ) => string;
	/** Where a monitor is, whether that is stored yet or not; null when it was never checked. */
	progressOf: ( book: SiteBook, monitor_uid: string ) => string | null;
	missed: ( missed: Missed ) => void;
	/** A monitor is no longer checked. */
	paused: ( monitor: Watched, note: Note ) => void;
};

/** Takes in what monitors a site wants checked. */
export class WorkList {
	readonly #parts: WorkListParts;
	readonly #sharing = makeSharedOptions();

	constructor( parts: WorkListParts ) {
		this.#parts = parts;
	}

	/** Reads the list of a site; what did not change is left alone. */
	read( book: SiteBook ): void {
		book.is_changed = false;
		book.read++;
		for ( const work of book.store.activeMonitors() ) {
			const known = book.monitors.get( work.monitor_uid );
			if ( known === undefined ) {
				this.#add( book, this.#sharing( work ) );
				continue;
			}
			known.read = book.read;
			if ( known.work.revision !== work.revision ) {
				this.#change( known, this.#sharing( work ) );
			}
		}
		for ( const monitor of book.monitors.values() ) {
			if ( monitor.read !== book.read ) {
				this.#remove( monitor );
			}
		}
	}

	#add( book: SiteBook, work: MonitorWork ): void {
		const { clock, schedule, now, by_key, domainOf, watchdog, missed, progressOf } = this.#parts;
		const resuming = { line_ms: schedule.line_ms, epoch: book.epoch, is_start: book.read === 1 };
		const progress = resume( work, progressOf( book, work.monitor_uid ), resuming );
		const key = `${ book.site_id } ${ work.monitor_uid }`;
		const monitor: Watched = { key, book, work, domain: domainOf( work ), progress, last: null, read: book.read };
		book.monitors.set( work.monitor_uid, monitor );
		by_key.set( key, monitor );
		if ( work.type === 'push' ) {
			book.hear( [], book.heard_until_ms === 0 ? progress.heard_until_ms : 0, clock.mono() );
		}
		const { last_slot_ms } = progress.judged;
		const interval_ms = work.interval_seconds * 1000;
		// Nothing is missed while a monitor is paused; the slot of this moment is the first one again.
		const from_ms = progress.is_paused ? Math.max( last_slot_ms ?? 0, Math.floor( schedule.line_ms ) - 1 ) : last_slot_ms;
		const gap = schedule.add( { monitor_uid: key, interval_ms, last_slot_ms: from_ms } );
		if ( gap !== null ) {
			missed( gap );
		}
		schedule.setConfirming( key, isConfirming( monitor.progress.judged ) );
		watchdog.ran( monitor, interval_ms, clock.mono() );
		if ( last_slot_ms === null || progress.is_paused ) {
			now.want( monitor );
		}
	}

	#change( monitor: Watched, work: MonitorWork ): void {
		const { clock, schedule, runs, now, watchdog, domainOf, missed } = this.#parts;
		const before = monitor.work;
		monitor.work = work;
		monitor.domain = domainOf( work );
		if ( before.interval_seconds !== work.interval_seconds ) {
			const interval_ms = work.interval_seconds * 1000;
			const { last_slot_ms } = monitor.progress.judged;
			const gap = schedule.add( { monitor_uid: monitor.key, interval_ms, last_slot_ms } );
			if ( gap !== null ) {
				missed( gap );
			}
			schedule.setConfirming( monitor.key, isConfirming( monitor.progress.judged ) );
			watchdog.ran( monitor, interval_ms, clock.mono() );
		}
		// A slot that is under way keeps its row.
		if ( asksOther( before, work ) && ! runs.repeat( monitor, work.type === 'push' ) ) {
			now.want( monitor );
		}
	}

	/** A monitor that was paused or deleted. The slot that is under way gets no row: it was not missed, and that nothing is known
	 *  from now on is told by the note of the pause. */
	#remove( monitor: Watched ): void {
		const { schedule, runs, now, by_key, watchdog, paused } = this.#parts;
		const { book, key, work } = monitor;
		runs.discard( monitor );
		if ( monitor.progress.judged.last_slot_ms !== null ) {
			const slot_ms = Math.max( Math.floor( schedule.line_ms ), monitor.progress.judged.last_slot_ms );
			paused( monitor, { slot_ms, error_code: 'paused', message: 'The monitor was paused.' } );
		}
		schedule.remove( key );
		watchdog.forget( monitor );
		by_key.delete( key );
		book.forget( work.monitor_uid );
		if ( now.forget( monitor ) ) {
			book.urge();
		}
	}
}

/** Whether a change of a monitor makes its newest result one of something else. */
function asksOther( before: MonitorWork, after: MonitorWork ): boolean {
	const asked = ( { type, url, options }: MonitorWork ): string => JSON.stringify( [ type, url, options ] );
	return asked( before ) !== asked( after );
}
