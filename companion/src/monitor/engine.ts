import type { EngineVitals, MonitorWork } from '../contract/monitor.ts';
import { veto } from './canary.ts';
import { CheckNow } from './check-now.ts';
import { CommitBuffer } from './commit-buffer.ts';
import { isConfirming } from './judge.ts';
import { LoopLag } from './loop-lag.ts';
import type { OwnNetwork } from './own-network.ts';
import type { CheckMonitor, EngineClock, EngineLog, MonitorResult, SlotOutcome } from './ports.ts';
import { Schedule, type Missed } from './schedule.ts';
import { settleGap, settleIncident, settleMissed, settleSlot, type Judging, type Settled } from './settle.ts';
import { siteMonitoring, type SiteMonitoring } from './site-monitoring.ts';
import { isUrgent, SiteBook, type EngineSite, type Watched } from './site-book.ts';
import { SlotRuns, type SlotEnd } from './slot-runs.ts';
import type { SlotLimits } from './slots.ts';
import { agreedTime, STALLED_AFTER_MS, SUSPENDED_AFTER_MS, type TimeEvent } from './time-line.ts';
import { ToldTime } from './told-time.ts';
import { Watchdog } from './watchdog.ts';
import { WorkList } from './work-list.ts';

export type EngineOptions = {
	clock: EngineClock;
	log: EngineLog;
	check: CheckMonitor;
	network: OwnNetwork;
	/** The domain of a target that is registered, or its host. */
	domainOf: ( work: MonitorWork ) => string;
	/** Whether a target is on a network of the operator's, which is there without the internet. */
	isInternal: ( work: MonitorWork ) => Promise< boolean >;
	limits?: SlotLimits;
};

/** Work that needs no exactness is done so often. */
const HOUSEKEEPING_MS = 1000;
/** Stalled monitors that are named in the log at once. */
const MOST_TOLD = 20;

/** Checks the monitors of all sites by one schedule, judges what comes of it and has it stored. */
export class Engine {
	readonly #options: EngineOptions;
	readonly #schedule: Schedule;
	readonly #runs: SlotRuns< Watched >;
	readonly #buffer: CommitBuffer;
	readonly #books: readonly SiteBook[];
	readonly #by_key = new Map< string, Watched >();
	readonly #watchdog = new Watchdog< Watched >();
	readonly #now = new CheckNow< Watched >();
	readonly #lag = new LoopLag();
	readonly #work_list: WorkList;
	readonly #told_time: ToldTime;
	/** Outcomes that a job may wait for: of a check, not of a gap. */
	readonly #checked = new WeakSet< SlotOutcome >();
	readonly #started_at_ms: number;
	#looked_mono_ms: number;
	#kept_mono_ms = -Infinity;
	#timer: { due_mono_ms: number; cancel: () => void } | null = null;
	#clock_jumped_at_ms: number | null = null;
	#suspended_at_ms: number | null = null;
	#is_stopping = false;

	constructor( options: EngineOptions, sites: readonly EngineSite[] ) {
		const { clock, log, check, limits } = options;
		this.#options = options;
		this.#started_at_ms = clock.wall();
		this.#looked_mono_ms = clock.mono();
		this.#buffer = new CommitBuffer( clock, log );
		this.#books = sites.map( ( site ) => this.#open( site ) );
		const last_line_ms = Math.max( 0, ...sites.map( ( site ) => site.store.lastLineMs() ) );
		const offset_ms =
			agreedTime(
				sites.flatMap( ( site ) => site.offset_ms ?? [] ),
				0
			) ?? 0;
		this.#schedule = new Schedule( clock.mono(), clock.wall(), last_line_ms, offset_ms );
		this.#runs = new SlotRuns( {
			clock,
			...( limits && { limits } ),
			check: ( { work, book }, { deadline_mono_ms, signal } ) => {
				const { site_id, contact_url } = book;
				const beat = book.beatOf( work, clock.mono() );
				return check( work, { site_id, deadline_mono_ms, beat, contact_url, signal } );
			},
			veto: ( monitor, result, begun_mono_ms ) => this.#veto( monitor, result, begun_mono_ms ),
			unjudged: selfOffline,
			isSlow: ( { progress } ) => progress.is_slow,
			laneOf: ( { work, domain } ) => ( work.is_polite ? domain : null ),
			look: () => this.#look(),
			ended: ( monitor, end ) => this.#ended( monitor, end ),
			taken: () => this.#tick(),
		} );
		this.#work_list = new WorkList( {
			clock,
			schedule: this.#schedule,
			runs: this.#runs,
			now: this.#now,
			watchdog: this.#watchdog,
			by_key: this.#by_key,
			domainOf: options.domainOf,
			progressOf: ( book, monitor_uid ) => this.#buffer.progressOf( book, monitor_uid ),
			missed: ( missed ) => this.#missed( missed ),
			paused: ( monitor, note ) => this.#keep( monitor, settleGap( monitor.progress, note, this.#judging( monitor ) ) ),
		} );
		this.#told_time = new ToldTime( {
			clock,
			log,
			schedule: this.#schedule,
			books: this.#books,
			by_key: this.#by_key,
			judging: ( monitor ) => this.#judging( monitor ),
			clear: () => {
				this.#buffer.flush();
				this.#runs.discardAll();
			},
			keep: ( monitor, settled ) => this.#keep( monitor, settled ),
			missed: ( missed ) => this.#missed( missed ),
		} );
	}

	start(): void {
		this.#tick();
	}

	/** Begins nothing more, lets what asks end within `patience_ms`, and stores what is known. */
	async stop( patience_ms: number ): Promise< void > {
		this.#is_stopping = true;
		this.#timer?.cancel();
		this.#timer = null;
		await this.#runs.stop( patience_ms );
		this.#options.network.stop();
		this.#buffer.flush();
	}

	/** What the exchange with a site asks of the engine. */
	site( site_id: string ): SiteMonitoring {
		const book = this.#books.find( ( one ) => one.site_id === site_id );
		if ( book === undefined ) {
			throw new RangeError( `The engine has no site ${ site_id }.` );
		}
		return siteMonitoring( book, {
			arm: () => this.#arm(),
			now: this.#now,
			read: () => this.#work_list.read( book ),
			checkNow: ( job, monitors ) => this.#checkNow( job, monitors ),
			lost: ( monitor, known_until_ms ) => this.#lost( monitor, known_until_ms ),
			mono: this.#options.clock.mono,
			vitals: () => this.#vitals( book ),
			heardTime: ( at_ms, uncertain_ms ) => this.#heardTime( book, at_ms, uncertain_ms ),
			isMonitoring: () => ! this.#is_stopping && this.#options.clock.mono() - this.#looked_mono_ms < SUSPENDED_AFTER_MS,
		} );
	}

	#open( site: EngineSite ): SiteBook {
		const book = new SiteBook( site );
		book.committed = ( outcomes ) => this.#committed( book, outcomes );
		return book;
	}

	#tick(): void {
		if ( this.#is_stopping ) {
			return;
		}
		this.#look();
		const now_ms = this.#options.clock.mono();
		if ( now_ms - this.#kept_mono_ms >= HOUSEKEEPING_MS ) {
			this.#kept_mono_ms = now_ms;
			this.#keepHouse( now_ms );
		}
		this.#now.pump( ( monitor ) => this.#beginNow( monitor ) );
		this.#runs.look( now_ms );
		this.#arm();
	}

	#arm(): void {
		if ( this.#is_stopping ) {
			return;
		}
		const { clock } = this.#options;
		const is_changed = this.#books.some( ( book ) => book.is_changed );
		const keep_ms = is_changed ? this.#kept_mono_ms + HOUSEKEEPING_MS : Infinity;
		const due_mono_ms = Math.min( this.#schedule.next(), this.#runs.next(), keep_ms );
		if ( this.#timer !== null && this.#timer.due_mono_ms <= due_mono_ms ) {
			return;
		}
		this.#timer?.cancel();
		const cancel = clock.after( Math.max( 0, Math.ceil( due_mono_ms - clock.mono() ) ), () => {
			this.#lag.late( Math.max( 0, clock.mono() - ( this.#timer?.due_mono_ms ?? Infinity ) ), clock.mono() );
			this.#timer = null;
			this.#tick();
		} );
		this.#timer = { due_mono_ms: Math.max( due_mono_ms, clock.mono() ), cancel };
	}

	/** Sees what the time did, and begins what is due. Whatever takes a result looks first. */
	#look(): void {
		if ( this.#is_stopping ) {
			return;
		}
		const { clock } = this.#options;
		const now_ms = clock.mono();
		if ( this.#timer !== null && now_ms - this.#timer.due_mono_ms > STALLED_AFTER_MS ) {
			this.#lag.late( now_ms - this.#timer.due_mono_ms, now_ms );
			this.#runs.late();
		}
		if ( now_ms - this.#looked_mono_ms < SUSPENDED_AFTER_MS ) {
			this.#runs.expire( now_ms );
		}
		this.#looked_mono_ms = now_ms;
		const { due, missed, events } = this.#schedule.look( now_ms, clock.wall(), this.#told_time.sleptFor() );
		events.forEach( ( event ) => this.#happened( event ) );
		missed.forEach( ( one ) => this.#missed( one ) );
		for ( const one of due ) {
			const monitor = this.#by_key.get( one.monitor_uid );
			if ( monitor !== undefined ) {
				this.#runs.begin( monitor, { ...one, single: one.confirming || monitor.work.type === 'push' } );
			}
		}
	}

	#heardTime( book: SiteBook, at_ms: number, uncertain_ms: number ): void {
		this.#look();
		this.#told_time.heard( book, at_ms, uncertain_ms );
		this.#tick();
	}

	#happened( event: TimeEvent ): void {
		const { clock, log } = this.#options;
		switch ( event.kind ) {
			case 'clock_jump':
				this.#clock_jumped_at_ms = clock.wall();
				log( 'warn', 'clock_jump', { by_ms: event.by_ms } );
				return;
			case 'stalled':
				this.#runs.late();
				log( 'warn', 'loop_stalled', { by_ms: event.by_ms } );
				return;
			case 'suspended':
				this.#suspended_at_ms = clock.wall();
				log( 'warn', 'suspended', { for_seconds: Math.round( ( event.to_ms - event.from_ms ) / 1000 ) } );
				this.#runs.discardAll();
				this.#by_key.values().forEach( ( monitor ) => this.#watch( monitor ) );
		}
	}

	#missed( missed: Missed ): void {
		const monitor = this.#by_key.get( missed.monitor_uid );
		if ( monitor !== undefined ) {
			this.#keep( monitor, settleMissed( monitor.progress, missed, this.#judging( monitor ) ) );
			monitor.book.count( 'unknown', missed.reason );
			this.#now.settled( monitor, missed.last_slot_ms, false );
		}
	}

	#ended( monitor: Watched, { slot_ms, result, attempts, last_try_ms }: SlotEnd ): void {
		this.#schedule.finish( monitor.key, slot_ms );
		if ( result === null ) {
			const { key, work } = monitor;
			const step_ms = work.interval_seconds * 1000;
			this.#missed( { monitor_uid: key, reason: 'missed', first_slot_ms: slot_ms, last_slot_ms: slot_ms, step_ms } );
			return;
		}
		const { book, progress, work } = monitor;
		const before = { ...progress, is_slow: last_try_ms > 1000, heard_until_ms: work.type === 'push' ? book.heard_until_ms : 0 };
		const settled = settleSlot( before, { slot_ms, result, attempts }, this.#judging( monitor ) );
		monitor.last = { state: result.state, response_time_ms: settled.outcome.reading?.response_time_ms ?? null };
		book.count( result.state, result.error_code );
		book.groups.ran( work.monitor_uid, monitor.domain, { slot_ms, state: result.state } );
		this.#checked.add( settled.outcome );
		this.#keep( monitor, settled );
		this.#schedule.setConfirming( monitor.key, isConfirming( monitor.progress.judged ) );
		this.#watch( monitor );
		this.#now.settled( monitor, slot_ms, true );
	}

	#keep( monitor: Watched, { progress, outcome, notice }: Settled ): void {
		const { book, work } = monitor;
		monitor.progress = progress;
		if ( notice !== null ) {
			this.#options.log( 'info', notice === 'began' ? 'flapping_began' : 'flapping_settled', { monitor_uid: work.monitor_uid } );
		}
		for ( const { resolved_at_ms, group_uid } of outcome.incidents ) {
			if ( resolved_at_ms === null && group_uid === null ) {
				book.groups.opened( work.monitor_uid );
			}
		}
		this.#buffer.push( book, outcome );
	}

	#committed( book: SiteBook, outcomes: readonly SlotOutcome[] ): void {
		let is_urgent = false;
		for ( const outcome of outcomes ) {
			const monitor = book.monitors.get( outcome.monitor_uid );
			const has_ended = monitor !== undefined && this.#checked.has( outcome ) && this.#now.stored( monitor, outcome.last_slot_ms );
			is_urgent ||= has_ended || isUrgent( outcome );
		}
		if ( is_urgent ) {
			book.urge();
		}
	}

	#keepHouse( now_ms: number ): void {
		const { log } = this.#options;
		this.#books.filter( ( book ) => book.is_changed ).forEach( ( book ) => this.#work_list.read( book ) );
		const stalled = this.#watchdog.look( now_ms );
		for ( const { work } of stalled.slice( 0, MOST_TOLD ) ) {
			log( 'warn', 'monitor_stalled', { monitor_uid: work.monitor_uid, interval_seconds: work.interval_seconds } );
		}
		if ( stalled.length > MOST_TOLD ) {
			log( 'warn', 'monitors_stalled', { more: stalled.length - MOST_TOLD } );
		}
		this.#books.forEach( ( book ) => this.#group( book ) );
	}

	/** Incidents that began together with many others are told so. */
	#group( book: SiteBook ): void {
		const found = book.groups.look( book.monitors.size, this.#schedule.line_ms );
		if ( found?.is_new ) {
			this.#options.log( 'warn', 'many_monitors_down', { monitors: found.monitor_uids.length, group_uid: found.group_uid } );
		}
		for ( const monitor_uid of found?.monitor_uids ?? [] ) {
			const monitor = book.monitors.get( monitor_uid );
			const incident = monitor?.progress.incident ?? null;
			if ( monitor !== undefined && incident !== null ) {
				const grouped = { ...incident, group_uid: found?.group_uid ?? null };
				this.#keep( monitor, settleIncident( monitor.progress, grouped, this.#judging( monitor ) ) );
			}
		}
	}

	async #veto( { work }: Watched, result: MonitorResult, begun_mono_ms: number ): Promise< MonitorResult > {
		const { isInternal, network } = this.#options;
		if ( work.type === 'push' || ( await isInternal( work ) ) ) {
			return result;
		}
		return ( await network.judge( begun_mono_ms ) ) === 'offline' ? selfOffline( result ) : result;
	}

	#checkNow( job: string, monitors: readonly Watched[] ): void {
		this.#look();
		this.#now.addJob( job, monitors, Math.floor( this.#schedule.line_ms ) );
		this.#tick();
	}

	#beginNow( monitor: Watched ): boolean {
		const begun = this.#schedule.now( monitor.key );
		if ( begun === null ) {
			return false;
		}
		if ( begun.missed !== null ) {
			this.#missed( begun.missed );
		}
		this.#runs.begin( monitor, { ...begun.due, single: true } );
		return true;
	}

	/** WordPress lost what it knew of a monitor after an instant; 0 is all. */
	#lost( monitor: Watched, known_until_ms: number ): void {
		const message = 'The database of WordPress was restored from a backup that is older.';
		const note = { slot_ms: known_until_ms, error_code: 'restored' as const, message };
		if ( known_until_ms > 0 ) {
			this.#keep( monitor, settleGap( monitor.progress, note, this.#judging( monitor ) ) );
		} else {
			monitor.progress = { ...monitor.progress, is_untold: true };
		}
	}

	#vitals( book: SiteBook ): EngineVitals {
		return {
			started_at_ms: this.#started_at_ms,
			monitor_count: book.monitors.size,
			running_count: this.#runs.running,
			waiting_count: this.#runs.waiting,
			stalled_count: [ ...this.#watchdog.stalled ].filter( ( monitor ) => monitor.book === book ).length,
			offline_since_ms: this.#options.network.offline_since_ms,
			clock_jumped_at_ms: this.#clock_jumped_at_ms,
			suspended_at_ms: this.#suspended_at_ms,
			loop_lag_ms: this.#lag.most( this.#options.clock.mono() ),
		};
	}

	#judging( { work, book }: Watched ): Judging {
		return { monitor_uid: work.monitor_uid, epoch: book.epoch, line_ms: this.#schedule.line_ms };
	}

	#watch( monitor: Watched ): void {
		this.#watchdog.ran( monitor, monitor.work.interval_seconds * 1000, this.#options.clock.mono() );
	}
}

function selfOffline( result: MonitorResult ): MonitorResult {
	const { state, error_code } = veto( { slot_ms: 0, state: result.state, error_code: result.error_code }, 'offline' );
	return { ...result, state, error_code, error_message: 'The network of the companion itself is away: no anchor answers.' };
}
