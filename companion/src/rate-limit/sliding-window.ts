/** Requests of one client in the present and the previous fixed window. */
export type Window = { window_start_ms: number; current: number; previous: number };

export type Stepped = { window: Window; retry_after_ms: number; remaining: number };

/** Counts a request when there is room for its cost: the previous window counts by the share of it that is still inside.
 *  A clock that went back stands still instead. A cost is from 1; more than the limit counts as the limit.
 *  `retry_after_ms` is 0 when it was counted. WordPress does the same; both run tests/fixtures/rate-limit.json. */
export function stepWindow( before: Window | null, limit: number, window_ms: number, now_ms: number, cost = 1 ): Stepped {
	const at_ms = Math.max( now_ms, before?.window_start_ms ?? 0 );
	const window_start_ms = at_ms - ( at_ms % window_ms );
	const window = { window_start_ms, ...countsAt( before, window_start_ms, window_ms ) };
	const elapsed_ms = at_ms - window_start_ms;
	const counted = Math.min( Math.max( 1, cost ), limit );
	const retry_after_ms = waitMs( window, { limit, cost: counted }, window_ms, elapsed_ms );
	if ( retry_after_ms === 0 ) {
		window.current += counted;
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

/** Milliseconds until a request of this cost fits; 0 when it fits now. */
function waitMs(
	{ current, previous }: Window,
	{ limit, cost }: { limit: number; cost: number },
	window_ms: number,
	elapsed_ms: number
): number {
	const room = limit - cost - current;
	if ( room >= 0 ) {
		return previous === 0 ? 0 : Math.max( 0, window_ms - Math.floor( ( room * window_ms ) / previous ) - elapsed_ms );
	}
	// In the next window this one's requests are the ones before.
	return window_ms - elapsed_ms + Math.max( 0, window_ms - Math.floor( ( ( limit - cost ) * window_ms ) / current ) );
}
