const PART_MS = 10_000;
const PARTS = 6;

/** The greatest delay of the event loop in the last minute. Times are monotonic. */
export class LoopLag {
	/** Delays by the number of their ten seconds, modulo six. */
	readonly #parts = Array.from( { length: PARTS }, () => ( { number: -1, lag_ms: 0 } ) );

	late( lag_ms: number, now_ms: number ): void {
		const number = Math.floor( now_ms / PART_MS );
		const part = this.#parts[ number % PARTS ];
		if ( part !== undefined ) {
			part.lag_ms = part.number === number ? Math.max( part.lag_ms, lag_ms ) : lag_ms;
			part.number = number;
		}
	}

	most( now_ms: number ): number {
		const first = Math.floor( now_ms / PART_MS ) - PARTS;
		return Math.round( Math.max( 0, ...this.#parts.filter( ( part ) => part.number > first ).map( ( part ) => part.lag_ms ) ) );
	}
}
