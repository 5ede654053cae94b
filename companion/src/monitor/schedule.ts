import { leadMs, LOOK_EVERY_MS, lookAt, startTimeLine, type TimeEvent, type TimeLine } from './time-line.ts';
import { MIN_ROOM_MS, SLOT_GAP_MS, TRY_MS } from './tries.ts';
import { Wheel } from './wheel.ts';

export const MIN_INTERVAL_MS = 10_000;
export const CONFIRMING_INTERVAL_MS = 30_000;

/** `last_slot_ms` is the last slot of which something was stored, null for a new monitor. */
export type Plan = { monitor_uid: string; interval_ms: number; last_slot_ms: number | null };

/** A check to begin. All tries must have ended at `end_mono_ms`; one that begins later than a second before is `missed`.
 *  `room_ms` is what a try has that begins when it was planned. */
export type Due = { monitor_uid: string; slot_ms: number; end_mono_ms: number; room_ms: number; confirming: boolean };

/** Slots in which nothing was asked: from the first to the last, `step_ms` apart. */
export type Missed = {
	monitor_uid: string;
	reason: 'missed' | 'suspended';
	first_slot_ms: number;
	last_slot_ms: number;
	step_ms: number;
};

type Row = {
	monitor_uid: string;
	interval_ms: number;
	/** Slots are at every whole number of steps from the origin. */
	origin_ms: number;
	step_ms: number;
	confirming: boolean;
	planned_slot_ms: number;
	/** The last slot that was begun or missed; -Infinity when there was none. */
	last_slot_ms: number;
	running_slot_ms: number | null;
};

/** Where in its interval a monitor is checked: spread evenly by a hash (FNV-1a with the end of murmur3), the same after a restart. */
export function phaseOf( monitor_uid: string, interval_ms: number ): number {
	let hash = 0x811c9dc5;
	for ( let index = 0; index < monitor_uid.length; index++ ) {
		hash = Math.imul( hash ^ monitor_uid.charCodeAt( index ), 0x01000193 );
	}
	hash = Math.imul( hash ^ ( hash >>> 16 ), 0x85ebca6b );
	hash = Math.imul( hash ^ ( hash >>> 13 ), 0xc2b2ae35 );
	return ( ( hash ^ ( hash >>> 16 ) ) >>> 0 ) % interval_ms;
}

/** Every slot of a gap, oldest first. */
export function* slotsOf( { first_slot_ms, last_slot_ms, step_ms }: Missed ): Generator< number > {
	for ( let slot_ms = first_slot_ms; slot_ms <= last_slot_ms; slot_ms += step_ms ) {
		yield slot_ms;
	}
}

const slotAtOrBefore = ( row: Row, at_ms: number ): number => at_ms - modulo( at_ms - row.origin_ms, row.step_ms );
const roomOf = ( { step_ms }: Row ): number => Math.min( TRY_MS, step_ms - SLOT_GAP_MS );
const slotAfter = ( row: Row, at_ms: number ): number => slotAtOrBefore( row, at_ms ) + row.step_ms;

function modulo( value: number, by: number ): number {
	return ( ( value % by ) + by ) % by;
}

/** When which monitor is checked. It has no timer: `next` says when `look` must be called, at least once a second. */
export class Schedule {
	#line: TimeLine;
	readonly #rows = new Map< string, Row >();
	readonly #wheel = new Wheel< Row >();

	/** `last_line_ms` is the highest slot that was ever begun, so that no slot comes twice after the clock went back.
	 *  `offset_ms` is how far WordPress was ahead of the wall when that was last known. */
	constructor( mono_ms: number, wall_ms: number, last_line_ms = 0, offset_ms = 0 ) {
		this.#line = startTimeLine( mono_ms, wall_ms, last_line_ms, offset_ms );
	}

	get line_ms(): number {
		return this.#line.line_ms;
	}

	/** The time that the line follows. */
	get true_ms(): number {
		return this.#line.true_ms;
	}

	/** How far planned slots are ahead of the time they follow. */
	get lead_ms(): number {
		return leadMs( this.#line );
	}

	/** Monotonic time of the next look. */
	next(): number {
		return Math.min( this.#wheel.next(), this.#line.mono_ms + LOOK_EVERY_MS );
	}

	/** Follows this time from now on. A line that is behind steps ahead at the next look; one that is ahead gives way slowly. */
	follow( true_ms: number ): void {
		this.#line = { ...this.#line, true_ms };
	}

	/** Sets the line to another time: it was planned by a wrong clock. `at` tells where a slot of the old line is on the new one.
	 *  Slots that were begun or due come no more. */
	shift( to_ms: number, at: ( monitor_uid: string, slot_ms: number ) => number ): Missed[] {
		const old_ms = this.#line.line_ms;
		this.#line = { ...this.#line, line_ms: to_ms, true_ms: to_ms };
		return [ ...this.#rows.values() ].flatMap( ( row ) => {
			const left_ms = row.running_slot_ms ?? ( row.planned_slot_ms <= old_ms ? row.planned_slot_ms : null );
			const slot_ms = left_ms === null ? null : at( row.monitor_uid, left_ms );
			row.running_slot_ms = null;
			if ( row.last_slot_ms !== -Infinity || slot_ms !== null ) {
				row.last_slot_ms = Math.max( at( row.monitor_uid, row.last_slot_ms ), slot_ms ?? -Infinity );
				row.origin_ms = row.confirming ? row.last_slot_ms : row.origin_ms;
			}
			this.#planAfter( row, Math.max( to_ms, row.last_slot_ms ) );
			return slot_ms === null ? [] : gap( row, 'missed', slot_ms, slot_ms );
		} );
	}

	/** Takes a monitor in, or its new interval. The slots since its last one are missed, but for the latest, which is made up for. */
	add( { monitor_uid, interval_ms, last_slot_ms }: Plan ): Missed | null {
		const step_ms = Math.max( MIN_INTERVAL_MS, interval_ms );
		const before = this.#rows.get( monitor_uid );
		this.remove( monitor_uid );
		const last_ms = Math.max( last_slot_ms ?? -Infinity, before?.last_slot_ms ?? -Infinity );
		const row: Row = {
			monitor_uid,
			interval_ms: step_ms,
			origin_ms: phaseOf( monitor_uid, step_ms ),
			step_ms,
			confirming: false,
			planned_slot_ms: 0,
			last_slot_ms: last_ms,
			running_slot_ms: before?.running_slot_ms ?? null,
		};
		this.#rows.set( monitor_uid, row );
		if ( before !== undefined && before.planned_slot_ms <= this.#line.line_ms ) {
			// A slot that was to be made up for, and is no slot of the new interval.
			row.last_slot_ms = Math.max( last_ms, before.planned_slot_ms );
			this.#planAfter( row, this.#line.line_ms );
			return gap( before, 'missed', before.planned_slot_ms, before.planned_slot_ms );
		}
		if ( last_ms === -Infinity || before !== undefined || slotAfter( row, last_ms ) > this.#line.line_ms ) {
			this.#planAfter( row, Math.max( this.#line.line_ms, last_ms ) );
			return null;
		}
		return this.#makeUp( row, slotAfter( row, last_ms ), 'missed' );
	}

	remove( monitor_uid: string ): void {
		const row = this.#rows.get( monitor_uid );
		if ( row !== undefined ) {
			this.#wheel.delete( row );
			this.#rows.delete( monitor_uid );
		}
	}

	/** The check of a slot has ended; without this the monitor's next slots are missed. */
	finish( monitor_uid: string, slot_ms: number ): void {
		const row = this.#rows.get( monitor_uid );
		if ( row?.running_slot_ms === slot_ms ) {
			row.running_slot_ms = null;
		}
	}

	/** A check beside the plan: a slot at the line's time, and a planned one that it stands for. Null while a check of the monitor
	 *  runs, or when the next slot is so near that it comes first. */
	now( monitor_uid: string ): { due: Due; missed: Missed | null } | null {
		const row = this.#rows.get( monitor_uid );
		const slot_ms = Math.floor( this.#line.line_ms );
		if ( row === undefined || row.running_slot_ms !== null || slot_ms <= row.last_slot_ms ) {
			return null;
		}
		// A made-up slot is behind the line, and waits for its turn.
		const made_up_ms = row.planned_slot_ms <= slot_ms ? row.planned_slot_ms : null;
		const next_ms = made_up_ms === null ? row.planned_slot_ms : slotAfter( row, slot_ms );
		const end_mono_ms = this.#monoOf( next_ms ) - SLOT_GAP_MS;
		if ( end_mono_ms - this.#line.mono_ms < MIN_ROOM_MS * 2 ) {
			return null;
		}
		this.#plan( row, next_ms, this.#monoOf( next_ms ) );
		row.last_slot_ms = slot_ms;
		row.running_slot_ms = slot_ms;
		const missed = made_up_ms === null || made_up_ms === slot_ms ? null : gap( row, 'missed', made_up_ms, made_up_ms );
		return { due: { monitor_uid, slot_ms, end_mono_ms, room_ms: roomOf( row ), confirming: row.confirming }, missed };
	}

	/** While a change is being confirmed slots come every min(interval, 30 s), counted from the slot that began it. */
	setConfirming( monitor_uid: string, confirming: boolean ): void {
		const row = this.#rows.get( monitor_uid );
		if ( row === undefined || row.confirming === confirming ) {
			return;
		}
		row.confirming = confirming;
		row.step_ms = confirming ? Math.min( row.interval_ms, CONFIRMING_INTERVAL_MS ) : row.interval_ms;
		const began = confirming && row.last_slot_ms !== -Infinity;
		row.origin_ms = began ? row.last_slot_ms : phaseOf( row.monitor_uid, row.step_ms );
		if ( row.planned_slot_ms <= this.#line.line_ms ) {
			// A slot that is to be made up for, or that is due this moment, would be lost.
			return;
		}
		this.#planAfter( row, Math.max( this.#line.line_ms, row.last_slot_ms ) );
	}

	/** What is due by now, what was missed, and what happened to the time. After `suspended` results under way count for nothing. */
	look( mono_ms: number, wall_ms: number, asleep_ms = 0 ): { due: Due[]; missed: Missed[]; events: TimeEvent[] } {
		const { line, events } = lookAt( this.#line, mono_ms, wall_ms, asleep_ms );
		this.#line = line;
		const missed = events.some( ( event ) => event.kind === 'suspended' ) ? this.#resume() : [];
		const due: Due[] = [];
		for ( const row of this.#wheel.take( line.mono_ms ) ) {
			const begun = this.#begin( row, missed );
			if ( begun !== null ) {
				due.push( begun );
			}
		}
		return { due, missed, events };
	}

	/** The slot is the planned one, or the latest when the line went past some. The next deadline is absolute: lateness is not handed on. */
	#begin( row: Row, missed: Missed[] ): Due | null {
		const first_ms = row.planned_slot_ms;
		const is_running = row.running_slot_ms !== null;
		let slot_ms = Math.max( first_ms, slotAtOrBefore( row, this.#line.line_ms ) );
		if ( ! is_running && this.#endOf( row, slot_ms ) - this.#line.mono_ms < MIN_ROOM_MS ) {
			// So late that the next slot is about to come: one check stands for both.
			slot_ms += row.step_ms;
		}
		const last_ms = is_running ? slot_ms : slot_ms - row.step_ms;
		if ( last_ms >= first_ms ) {
			missed.push( gap( row, 'missed', first_ms, last_ms ) );
		}
		row.last_slot_ms = slot_ms;
		this.#plan( row, slot_ms + row.step_ms, this.#monoOf( slot_ms + row.step_ms ) );
		if ( is_running ) {
			return null;
		}
		row.running_slot_ms = slot_ms;
		const { monitor_uid, confirming } = row;
		return { monitor_uid, slot_ms, end_mono_ms: this.#endOf( row, slot_ms ), room_ms: roomOf( row ), confirming };
	}

	/** After a stop, checks that ran or were due in it are dropped, and each of those monitors has one check to make up. */
	#resume(): Missed[] {
		return [ ...this.#rows.values() ].flatMap( ( row ) => {
			const first_ms = row.running_slot_ms ?? row.planned_slot_ms;
			row.running_slot_ms = null;
			return first_ms > this.#line.line_ms ? [] : ( this.#makeUp( row, first_ms, 'suspended' ) ?? [] );
		} );
	}

	/** Plans the latest slot again, half-way to the next one: as slots are spread over the interval, so are these checks. */
	#makeUp( row: Row, first_ms: number, reason: Missed[ 'reason' ] ): Missed | null {
		const latest_ms = slotAtOrBefore( row, this.#line.line_ms );
		const left_ms = latest_ms + row.step_ms - this.#line.line_ms;
		const is_made_up = left_ms / 2 >= SLOT_GAP_MS + MIN_ROOM_MS;
		const last_ms = is_made_up ? latest_ms - row.step_ms : latest_ms;
		row.last_slot_ms = Math.max( row.last_slot_ms, last_ms );
		if ( is_made_up ) {
			this.#plan( row, latest_ms, this.#line.mono_ms + left_ms / 2 );
		} else {
			this.#planAfter( row, this.#line.line_ms );
		}
		return last_ms < first_ms ? null : gap( row, reason, first_ms, last_ms );
	}

	#planAfter( row: Row, at_ms: number ): void {
		const slot_ms = slotAfter( row, at_ms );
		this.#plan( row, slot_ms, this.#monoOf( slot_ms ) );
	}

	#plan( row: Row, slot_ms: number, due_mono_ms: number ): void {
		row.planned_slot_ms = slot_ms;
		this.#wheel.set( row, due_mono_ms );
	}

	#monoOf( slot_ms: number ): number {
		return this.#line.mono_ms + slot_ms - this.#line.line_ms;
	}

	#endOf( row: Row, slot_ms: number ): number {
		return this.#monoOf( slot_ms + row.step_ms ) - SLOT_GAP_MS;
	}
}

function gap( row: Row, reason: Missed[ 'reason' ], first_slot_ms: number, last_slot_ms: number ): Missed {
	return { monitor_uid: row.monitor_uid, reason, first_slot_ms, last_slot_ms, step_ms: row.step_ms };
}
