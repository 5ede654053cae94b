import { Schedule, slotsOf, type Due, type Missed } from '../../../companion/src/monitor/schedule.ts';
import type { TimeEvent } from '../../../companion/src/monitor/time-line.ts';

/** A check; its result is thrown away when the process was stopped while it ran. */
export type Ran = Due & { mono_ms: number; counts: boolean };

/** A schedule on clocks that a test moves. Each check ends after `lasts_ms`, unless its results are thrown away. */
export class Simulated {
	readonly schedule: Schedule;
	readonly ran: Ran[] = [];
	readonly missed: Missed[] = [];
	readonly events: TimeEvent[] = [];
	mono_ms: number;
	wall_off_ms: number;
	readonly #lasts_ms: () => number;
	readonly #late_ms: () => number;
	#running: { ran: Ran; ends_ms: number }[] = [];

	constructor( wall_ms: number, options: { lasts_ms?: () => number; late_ms?: () => number; last_line_ms?: number } = {} ) {
		this.mono_ms = 1000;
		this.wall_off_ms = wall_ms - 1000;
		this.#lasts_ms = options.lasts_ms ?? ( () => 20 );
		this.#late_ms = options.late_ms ?? ( () => 0 );
		this.schedule = new Schedule( this.mono_ms, wall_ms, options.last_line_ms );
	}

	add( count: number, interval_ms: number ): string[] {
		const uids = Array.from( { length: count }, ( _, index ) => `m${ index }` );
		uids.forEach( ( monitor_uid ) => this.schedule.add( { monitor_uid, interval_ms, last_slot_ms: null } ) );
		return uids;
	}

	/** Lets time pass, with a look whenever the schedule wants one. */
	run( for_ms: number ): this {
		const end_ms = this.mono_ms + for_ms;
		while ( this.schedule.next() <= end_ms ) {
			this.mono_ms = Math.max( this.mono_ms, this.schedule.next() ) + this.#late_ms();
			this.#look();
		}
		this.mono_ms = Math.max( this.mono_ms, end_ms );
		return this;
	}

	/** SIGSTOP: time passes, and nobody looks. Then the schedule is asked before any result is taken. */
	stop( for_ms: number ): this {
		this.mono_ms += for_ms;
		this.#look( false );
		return this;
	}

	setClock( by_ms: number ): this {
		this.wall_off_ms += by_ms;
		return this;
	}

	/** Slots of a monitor of which something is stored: what ran and what was missed. */
	stored( monitor_uid: string ): number[] {
		return [
			...this.ran.filter( ( one ) => one.monitor_uid === monitor_uid && one.counts ).map( ( one ) => one.slot_ms ),
			...this.missed.filter( ( one ) => one.monitor_uid === monitor_uid ).flatMap( ( one ) => [ ...slotsOf( one ) ] ),
		].sort( ( a, b ) => a - b );
	}

	/** The longest time between two checks of one monitor, on the clock that does not jump. */
	longestSilence(): number {
		const by_monitor = Map.groupBy( this.ran, ( one ) => one.monitor_uid );
		return Math.max( ...by_monitor.values().map( ( runs ) => Math.max( ...gaps( runs.map( ( one ) => one.mono_ms ) ) ) ) );
	}

	/** The most checks that began in one window of this length. */
	mostWithin( window_ms: number, from_ms = 0 ): number {
		const times = this.ran.map( ( one ) => one.mono_ms ).filter( ( at ) => at >= from_ms );
		let start = 0;
		return Math.max(
			...times.map( ( at, index ) => {
				while ( ( times[ start ] ?? 0 ) <= at - window_ms ) {
					start++;
				}
				return index - start + 1;
			} )
		);
	}

	#look( takes_results = true ): void {
		this.#running = this.#running.filter( ( { ran, ends_ms } ) => {
			const has_ended = takes_results && ends_ms <= this.mono_ms;
			if ( has_ended ) {
				this.schedule.finish( ran.monitor_uid, ran.slot_ms );
			}
			return ! has_ended;
		} );
		const { due, missed, events } = this.schedule.look( this.mono_ms, this.mono_ms + this.wall_off_ms );
		if ( events.some( ( event ) => event.kind === 'suspended' ) ) {
			this.#running.forEach( ( { ran } ) => ( ran.counts = false ) );
			this.#running = [];
		}
		this.events.push( ...events );
		this.missed.push( ...missed );
		for ( const one of due ) {
			const ran = { ...one, mono_ms: this.mono_ms, counts: true };
			this.ran.push( ran );
			this.#running.push( { ran, ends_ms: Math.min( one.end_mono_ms, this.mono_ms + this.#lasts_ms() ) } );
		}
	}
}

const gaps = ( times: number[] ): number[] => times.slice( 1 ).map( ( at, index ) => at - ( times[ index ] ?? at ) );
