import type { Clock } from './ports.ts';

/** A wait that can be ended from outside, also before it begins. */
export class Pause {
	#clock: Clock;
	#wake = Promise.withResolvers< void >();

	constructor( clock: Clock ) {
		this.#clock = clock;
	}

	/** Ends the present wait, or the next one when none is under way. */
	end(): void {
		this.#wake.resolve();
	}

	async wait( wait_ms: number, signal: AbortSignal ): Promise< void > {
		if ( wait_ms > 0 ) {
			const ended = new AbortController();
			await Promise.race( [ this.#clock.sleep( wait_ms, AbortSignal.any( [ signal, ended.signal ] ) ), this.#wake.promise ] );
			ended.abort();
		}
		this.#wake = Promise.withResolvers();
	}
}
