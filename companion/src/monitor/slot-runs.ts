import type { CheckCode } from '../contract/vocabulary.ts';
import { Lanes } from './lanes.ts';
import type { EngineClock, MonitorResult } from './ports.ts';
import type { Due } from './schedule.ts';
import { SLOT_LIMITS, Slots, type SlotLimits } from './slots.ts';
import { MIN_ROOM_MS, nextTry, SLOT_GAP_MS, type Try } from './tries.ts';
import { Wheel } from './wheel.ts';

/** A check that is not over so long after its deadline does not keep to it. */
const OVERDUE_MS = 3000;
/** A slot is over before the next one begins, or results would come in another order than their slots. */
const BEFORE_NEXT_MS = SLOT_GAP_MS - 100;

/** What becomes of a slot from its begin to its result. */
type SlotRun< Monitor > = {
	id: string;
	monitor: Monitor;
	slot: Due & { single: boolean };
	phase: 'queued' | 'asking' | 'pausing' | 'judging' | 'over';
	tries: Try[];
	/** Of the last try. */
	result: MonitorResult | null;
	begun_mono_ms: number;
	stop: AbortController | null;
	lane: string | null;
	/** Our own process was late while it asked. */
	is_late: boolean;
	/** It began so late that its tries have less room than planned. */
	is_cut: boolean;
	/** Of the last try. */
	deadline_mono_ms: number;
};

/** Null when nothing was asked in the slot. */
export type SlotEnd = { slot_ms: number; result: MonitorResult | null; attempts: number; last_try_ms: number };

export type SlotRunsOptions< Monitor > = {
	clock: EngineClock;
	limits?: SlotLimits;
	check: ( monitor: Monitor, options: { deadline_mono_ms: number; signal: AbortSignal } ) => Promise< MonitorResult >;
	/** Judges whether a failure is the target's; its last try began at `begun_mono_ms`. */
	veto: ( monitor: Monitor, result: MonitorResult, begun_mono_ms: number ) => Promise< MonitorResult >;
	/** What a slot comes to whose failure could not be judged in time. */
	unjudged: ( result: MonitorResult ) => MonitorResult;
	isSlow: ( monitor: Monitor ) => boolean;
	/** Monitors of one lane are asked one at a time; null is no lane. */
	laneOf: ( monitor: Monitor ) => string | null;
	/** Called before a result is taken: the process may have slept. */
	look: () => void;
	/** A slot is over. */
	ended: ( monitor: Monitor, end: SlotEnd ) => void;
	/** Called after results were taken: others may begin. */
	taken: () => void;
};

/** A check that begins later has less room than planned. */
const LATE_MS = 1000;
/** A try that ends so long before its deadline was ended by another limit. */
const ENDS_EARLY_MS = 100;

/** What our own delay looks like. */
const TIME_LIMITS: readonly CheckCode[] = [ 'dns_timeout', 'connect_timeout', 'tls_timeout', 'header_timeout', 'body_timeout', 'too_slow' ];

/** The slots that are under way: each waits for room, asks, and asks again on fresh sockets when it failed. */
export class SlotRuns< Monitor > {
	readonly #options: SlotRunsOptions< Monitor >;
	readonly #slots: Slots;
	readonly #lanes = new Lanes< SlotRun< Monitor > >();
	readonly #by_id = new Map< string, SlotRun< Monitor > >();
	readonly #by_monitor = new Map< Monitor, SlotRun< Monitor > >();
	readonly #retries = new Wheel< SlotRun< Monitor > >();
	readonly #ends = new Wheel< SlotRun< Monitor > >();
	#begun = 0;
	#is_stopping = false;
	#idle: ( () => void ) | null = null;

	constructor( options: SlotRunsOptions< Monitor > ) {
		this.#options = options;
		this.#slots = new Slots( options.limits ?? SLOT_LIMITS );
	}

	/** Checks that ask now. */
	get running(): number {
		return this.#slots.running;
	}

	get waiting(): number {
		return this.#by_id.size - this.#slots.running;
	}

	begin( monitor: Monitor, due: Due & { single: boolean } ): void {
		const run: SlotRun< Monitor > = {
			id: String( this.#begun++ ),
			monitor,
			slot: due,
			phase: 'queued',
			tries: [],
			result: null,
			begun_mono_ms: 0,
			stop: null,
			lane: null,
			is_late: false,
			is_cut: false,
			deadline_mono_ms: 0,
		};
		this.#by_id.set( run.id, run );
		this.#by_monitor.set( monitor, run );
		this.#queue( run );
	}

	/** Ends what is past its end; to be called before slots that come later are begun. */
	expire( now_ms: number ): void {
		for ( const run of this.#ends.take( now_ms ) ) {
			if ( run.phase === 'asking' ) {
				this.#drop( run );
				this.#end( run, NOT_ENDED );
			} else if ( run.phase === 'judging' && run.result !== null ) {
				this.#end( run, this.#options.unjudged( run.result ) );
			} else {
				this.#giveUp( run );
			}
		}
	}

	/** Begins what may begin now. */
	look( now_ms: number ): void {
		this.#retries.take( now_ms ).forEach( ( run ) => this.#queue( run ) );
		const { begun, given_up } = this.#slots.begin( now_ms );
		for ( const id of begun ) {
			const run = this.#by_id.get( id );
			if ( run?.phase === 'queued' ) {
				this.#ask( run );
			} else {
				this.#slots.finish( id );
			}
		}
		for ( const id of given_up ) {
			const run = this.#by_id.get( id );
			if ( run?.phase === 'queued' ) {
				this.#giveUp( run );
			}
		}
	}

	/** Monotonic time of the next look. */
	next(): number {
		return Math.min( this.#slots.next(), this.#retries.next() );
	}

	/** The time limits of all that ask are late: that they fire says nothing of the targets. */
	late(): void {
		this.#by_id.values().forEach( ( run ) => ( run.is_late = true ) );
	}

	/** Forgets what is under way of a monitor. */
	discard( monitor: Monitor ): void {
		const run = this.#by_monitor.get( monitor );
		if ( run !== undefined ) {
			this.#drop( run );
			this.#forget( run );
		}
	}

	/** Begins the slot that is under way of a monitor anew: what it asks is another thing now. False when there is none. */
	repeat( monitor: Monitor, is_single: boolean ): boolean {
		const run = this.#by_monitor.get( monitor );
		if ( run === undefined ) {
			return false;
		}
		this.discard( monitor );
		this.begin( monitor, { ...run.slot, single: run.slot.single || is_single } );
		return true;
	}

	discardAll(): void {
		[ ...this.#by_monitor.keys() ].forEach( ( monitor ) => this.discard( monitor ) );
	}

	/** Begins nothing more. What asks may end within `patience_ms`; the rest is forgotten, and its slots come again after a restart. */
	async stop( patience_ms: number ): Promise< void > {
		this.#is_stopping = true;
		const idle = [ ...this.#by_id.values() ].filter( ( run ) => run.phase === 'queued' || run.phase === 'pausing' );
		idle.forEach( ( run ) => this.discard( run.monitor ) );
		if ( this.#by_id.size > 0 ) {
			await new Promise< void >( ( resolve ) => {
				const cancel = this.#options.clock.after( patience_ms, resolve );
				this.#idle = () => {
					cancel();
					resolve();
				};
			} );
		}
		this.discardAll();
	}

	#queue( run: SlotRun< Monitor > ): void {
		run.phase = 'queued';
		this.#ends.set( run, run.slot.end_mono_ms - MIN_ROOM_MS );
		run.lane = this.#options.laneOf( run.monitor );
		if ( run.lane === null || this.#lanes.enter( run.lane, run ) ) {
			this.#offer( run );
		}
	}

	#offer( run: SlotRun< Monitor > ): void {
		const begin_before_mono_ms = run.slot.end_mono_ms - MIN_ROOM_MS;
		this.#slots.offer( { key: run.id, is_slow: this.#options.isSlow( run.monitor ), begin_before_mono_ms } );
	}

	#ask( run: SlotRun< Monitor > ): void {
		const now_ms = this.#options.clock.mono();
		const next = nextTry( run.tries, { end_mono_ms: run.slot.end_mono_ms, single: run.slot.single }, now_ms );
		if ( next === null ) {
			this.#slots.finish( run.id );
			this.#giveUp( run );
			return;
		}
		const stop = new AbortController();
		const is_cut = run.tries.length === 0 ? next.deadline_mono_ms - now_ms < run.slot.room_ms - LATE_MS : run.is_cut;
		Object.assign( run, {
			phase: 'asking',
			begun_mono_ms: now_ms,
			is_late: false,
			is_cut,
			deadline_mono_ms: next.deadline_mono_ms,
			stop,
		} );
		this.#ends.set( run, Math.min( next.deadline_mono_ms + OVERDUE_MS, run.slot.end_mono_ms + BEFORE_NEXT_MS ) );
		this.#options.check( run.monitor, { deadline_mono_ms: next.deadline_mono_ms, signal: stop.signal } ).then(
			( result ) => this.#take( run, stop, result ),
			() => this.#take( run, stop, { ...NOT_ENDED, error_message: 'The check itself failed.' } )
		);
	}

	#take( run: SlotRun< Monitor >, asked: AbortController, result: MonitorResult ): void {
		this.#options.look();
		// Meanwhile it may have been discarded, or asked again.
		if ( run.phase !== 'asking' || run.stop !== asked ) {
			return;
		}
		const now_ms = this.#options.clock.mono();
		this.#release( run );
		run.result = believed( run, result, now_ms );
		run.tries.push( { ended_mono_ms: now_ms, state: run.result.state } );
		const next = nextTry( run.tries, { end_mono_ms: run.slot.end_mono_ms, single: run.slot.single }, now_ms );
		if ( next === null ) {
			void this.#judge( run, run.result );
		} else if ( this.#is_stopping ) {
			// Undecided: the slot comes again after a restart.
			this.discard( run.monitor );
		} else {
			run.phase = 'pausing';
			this.#retries.set( run, next.at_mono_ms );
			this.#ends.set( run, run.slot.end_mono_ms - MIN_ROOM_MS );
		}
		this.#options.taken();
	}

	async #judge( run: SlotRun< Monitor >, result: MonitorResult ): Promise< void > {
		if ( result.state !== 'down' ) {
			this.#end( run, result );
			return;
		}
		run.phase = 'judging';
		this.#ends.set( run, run.slot.end_mono_ms + BEFORE_NEXT_MS );
		const judged = await this.#options.veto( run.monitor, result, run.begun_mono_ms ).catch( () => this.#options.unjudged( result ) );
		this.#options.look();
		if ( run.phase === 'judging' ) {
			this.#end( run, judged );
			this.#options.taken();
		}
	}

	/** No time is left for another try. The last one decides; without any, nothing was asked. */
	#giveUp( run: SlotRun< Monitor > ): void {
		this.#drop( run );
		if ( run.result === null ) {
			this.#end( run, null );
		} else {
			void this.#judge( run, run.result );
		}
	}

	#end( run: SlotRun< Monitor >, result: MonitorResult | null ): void {
		const { monitor, tries, slot } = run;
		const last_try_ms = ( tries.at( -1 )?.ended_mono_ms ?? run.begun_mono_ms ) - run.begun_mono_ms;
		this.#forget( run );
		this.#options.ended( monitor, {
			slot_ms: slot.slot_ms,
			result,
			attempts: Math.max( tries.length, result === null ? 0 : 1 ),
			last_try_ms,
		} );
	}

	/** Leaves the room that it takes, whatever it does. */
	#drop( run: SlotRun< Monitor > ): void {
		if ( run.phase === 'asking' ) {
			run.stop?.abort();
			this.#release( run );
		} else if ( run.phase === 'queued' ) {
			this.#leaveLane( run );
		}
	}

	#release( run: SlotRun< Monitor > ): void {
		run.stop = null;
		this.#slots.finish( run.id );
		this.#leaveLane( run );
	}

	#leaveLane( run: SlotRun< Monitor > ): void {
		const next = run.lane === null ? null : this.#lanes.leave( run.lane, run );
		run.lane = null;
		if ( next !== null ) {
			this.#offer( next );
		}
	}

	#forget( run: SlotRun< Monitor > ): void {
		run.phase = 'over';
		this.#retries.delete( run );
		this.#ends.delete( run );
		this.#by_id.delete( run.id );
		this.#by_monitor.delete( run.monitor );
		if ( this.#by_id.size === 0 ) {
			this.#idle?.();
		}
	}
}

const NOT_ENDED: MonitorResult = {
	state: 'unknown',
	error_code: 'check_failed_internally',
	error_message: 'The check did not end in time, whatever the target did.',
	status_code: null,
	phases: { dns_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: null, transfer_ms: null, total_ms: 0 },
	warnings: [],
	assertions: [],
	mail_state: null,
};

/** A time limit that our own delay ran into says nothing of the target, nor does one that came sooner than planned. */
function believed(
	run: Pick< SlotRun< unknown >, 'is_late' | 'is_cut' | 'deadline_mono_ms' >,
	result: MonitorResult,
	now_ms: number
): MonitorResult {
	const is_ours = run.is_late || ( run.is_cut && now_ms >= run.deadline_mono_ms - ENDS_EARLY_MS );
	if ( ! is_ours || result.state === 'up' || ! TIME_LIMITS.includes( result.error_code ) ) {
		return result;
	}
	const error_message = run.is_late
		? 'The companion itself was late, so that its time limits say nothing of the target.'
		: 'The check began so late that it had to end before its time limit, because the next one came.';
	return { ...result, state: 'unknown', error_code: 'check_failed_internally', error_message };
}
