/** Something to check. A target whose last check took longer than a second is known to be slow.
 *  When it cannot begin before `begin_before_mono_ms`, it is given up. */
export type Waiting = { key: string; is_slow: boolean; begin_before_mono_ms: number };

export type SlotLimits = {
	/** Checks that are timed at once: more would measure each other (spec/performance.md: p50 error at 50). */
	timed: number;
	/** Of those, how many may be targets that are known to be slow. */
	timed_slow: number;
	/** All checks under way, with those that gave their slot back; bounded by sockets. */
	total: number;
};

export const SLOT_LIMITS: SlotLimits = { timed: 50, timed_slow: 12, total: 1000 };
/** Who is older only waits for its target, and disturbs nobody's times. */
export const GIVES_BACK_AFTER_MS = 1000;

type Running = { is_slow: boolean; begun_mono_ms: number; holds: boolean };

/** Decides how many checks run at once. A check holds a slot for its first second; then it gives the slot back and runs on.
 *  Slow and dead targets have a share of their own, so that however many there are, the others never wait for them. */
export class Slots {
	readonly #limits: SlotLimits;
	readonly #waiting = { fast: new Set< Waiting >(), slow: new Set< Waiting >() };
	/** In the order in which they began. */
	readonly #running = new Map< string, Running >();
	readonly #holding = new Map< string, Running >();
	#holding_slow = 0;
	#past_second = 0;

	constructor( limits: SlotLimits = SLOT_LIMITS ) {
		this.#limits = limits;
	}

	get running(): number {
		return this.#running.size;
	}

	get waiting(): number {
		return this.#waiting.fast.size + this.#waiting.slow.size;
	}

	offer( waiting: Waiting ): void {
		( waiting.is_slow ? this.#waiting.slow : this.#waiting.fast ).add( waiting );
	}

	/** Keys that begin now, and keys that waited too long. Of both kinds the one that waits longest is first. */
	begin( now_mono_ms: number ): { begun: string[]; given_up: string[] } {
		this.#giveBack( now_mono_ms );
		const begun: string[] = [];
		const given_up: string[] = [];
		for ( const queue of [ this.#waiting.fast, this.#waiting.slow ] ) {
			for ( const one of queue ) {
				const is_late = one.begin_before_mono_ms < now_mono_ms;
				if ( ! is_late && ! this.#hasRoom( one ) ) {
					break;
				}
				queue.delete( one );
				if ( is_late ) {
					given_up.push( one.key );
				} else {
					this.#start( one, now_mono_ms );
					begun.push( one.key );
				}
			}
		}
		return { begun, given_up };
	}

	finish( key: string ): void {
		const running = this.#running.get( key );
		if ( running === undefined ) {
			return;
		}
		this.#running.delete( key );
		if ( running.holds ) {
			this.#release( key, running );
		} else {
			this.#past_second--;
		}
	}

	/** When the next slot is given back, in monotonic time; Infinity when nobody waits or holds one. */
	next(): number {
		const [ oldest ] = this.#holding.values();
		return this.waiting === 0 || oldest === undefined ? Infinity : oldest.begun_mono_ms + GIVES_BACK_AFTER_MS;
	}

	#hasRoom( { is_slow }: Waiting ): boolean {
		const { timed, timed_slow, total } = this.#limits;
		// Those past their second may fill all but the timed slots: whatever hangs, as many as are timed can always begin.
		const slow_room = this.#holding_slow < timed_slow && this.#past_second + this.#holding_slow < total - timed;
		return this.#holding.size < timed && this.#running.size < total && ( ! is_slow || slow_room );
	}

	#start( { key, is_slow }: Waiting, begun_mono_ms: number ): void {
		const running = { is_slow, begun_mono_ms, holds: true };
		this.#running.set( key, running );
		this.#holding.set( key, running );
		this.#holding_slow += is_slow ? 1 : 0;
	}

	#giveBack( now_mono_ms: number ): void {
		for ( const [ key, running ] of this.#holding ) {
			if ( now_mono_ms - running.begun_mono_ms < GIVES_BACK_AFTER_MS ) {
				return;
			}
			this.#release( key, running );
			this.#past_second++;
		}
	}

	#release( key: string, running: Running ): void {
		running.holds = false;
		this.#holding.delete( key );
		this.#holding_slow -= running.is_slow ? 1 : 0;
	}
}
