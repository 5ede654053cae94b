import type { MonitorState } from '../contract/vocabulary.ts';

/** Spec, limits: a whole check. */
export const TRY_MS = 10_000;
/** Every try has ended so long before the next slot. */
export const SLOT_GAP_MS = 500;
/** A try that would have less is not made: it would only find its own deadline. */
export const MIN_ROOM_MS = 1000;
/** Counted from the end of the first try. */
const RETRY_AFTER_MS = [ 2000, 10_000 ] as const;

/** A try of a slot; monotonic times. */
export type Try = { ended_mono_ms: number; state: MonitorState };

/** The next try of a slot, on a fresh socket; null when the slot is decided by its last one.
 *  `end_mono_ms` is that of the slot. `single` slots (confirming, or the `check` command) make one try. */
export function nextTry(
	tries: readonly Try[],
	slot: { end_mono_ms: number; single: boolean },
	now_mono_ms: number
): { at_mono_ms: number; deadline_mono_ms: number } | null {
	const [ first ] = tries;
	const last = tries.at( -1 );
	const wait_ms = tries.length === 0 ? 0 : RETRY_AFTER_MS[ tries.length - 1 ];
	const is_decided = first !== undefined && ( first.state !== 'down' || last?.state === 'up' || last?.state === 'degraded' );
	if ( wait_ms === undefined || is_decided || ( first !== undefined && slot.single ) ) {
		return null;
	}
	const at_mono_ms = Math.max( now_mono_ms, ( first?.ended_mono_ms ?? now_mono_ms ) + wait_ms );
	const deadline_mono_ms = Math.min( at_mono_ms + TRY_MS, slot.end_mono_ms );
	return deadline_mono_ms - at_mono_ms < MIN_ROOM_MS ? null : { at_mono_ms, deadline_mono_ms };
}
