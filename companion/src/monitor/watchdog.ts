import { Wheel } from './wheel.ts';

/** A check of the next slot may take all of its interval, and be stored a moment later. */
const SLACK_MS = 1000;

/** Finds monitors that did not finish a slot within two intervals, whatever the reason is. Times are monotonic. */
export class Watchdog< Monitor > {
	readonly #awaited = new Wheel< Monitor >();
	readonly #stalled = new Set< Monitor >();

	/** A slot was finished, or the monitor is new. */
	ran( monitor: Monitor, interval_ms: number, now_ms: number ): void {
		this.#stalled.delete( monitor );
		this.#awaited.set( monitor, now_ms + 2 * interval_ms + SLACK_MS );
	}

	forget( monitor: Monitor ): void {
		this.#stalled.delete( monitor );
		this.#awaited.delete( monitor );
	}

	/** Those that are overdue since the last look; each is told once until it runs again. */
	look( now_ms: number ): Monitor[] {
		const overdue = this.#awaited.take( now_ms );
		overdue.forEach( ( monitor ) => this.#stalled.add( monitor ) );
		return overdue;
	}

	/** All that are overdue now. */
	get stalled(): ReadonlySet< Monitor > {
		return this.#stalled;
	}
}
