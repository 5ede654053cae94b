/** Requests of one client in the present and the previous fixed window. */
export type Window = { window_start_ms: number; current: number; previous: number };

export type Stepped = { window: Window; retry_after_ms: number; remaining: number };

/** Counts a request when there is room: the previous window counts by the share of it that is still inside.
 *  `retry_after_ms` is 0 when it was counted. WordPress does the same; both run tests/fixtures/rate-limit.json. */
export function stepWindow( before: Window | null, limit: number, window_ms: number, now_ms: number ): Stepped {
	const window_start_ms = now_ms - ( now_ms % window_ms );
	const window = { window_start_ms, ...countsAt( before, window_start_ms, window_ms ) };
	const elapsed_ms = now_ms - window_start_ms;
	const retry_after_ms = waitMs( window, limit, window_ms, elapsed_ms );
	if ( retry_after_ms === 0 ) {
		window.current++;
	}
	const weighted = Math.ceil( ( window.previous * ( window_ms - elapsed_ms ) ) / window_ms );
	return { window, retry_after_ms, remaining: Math.max( 0, limit - window.current - weighted ) };
}

function countsAt( before: Window | null, window_start_ms: number, window_ms: number ): { current: number; previous: number } {
	if ( before?.window_start_ms === window_start_ms ) {
		return { current: before.current, previous: before.previous };
	}
	return { current: 0, previous: before?.window_start_ms === window_start_ms - window_ms ? before.current : 0 };
}

/** Milliseconds until one more request fits; 0 when it fits now. */
function waitMs( { current, previous }: Window, limit: number, window_ms: number, elapsed_ms: number ): number {
	const room = limit - 1 - current;
	if ( room >= 0 ) {
		return previous === 0 ? 0 : Math.max( 0, window_ms - Math.floor( ( room * window_ms ) / previous ) - elapsed_ms );
	}
	// In the next window this one's requests are the ones before.
	return window_ms - elapsed_ms + Math.max( 0, window_ms - Math.floor( ( Math.max( 0, limit - 1 ) * window_ms ) / current ) );
}
