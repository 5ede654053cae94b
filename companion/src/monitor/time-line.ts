/** Where the planning of slots is in time. Wall and line are milliseconds since 1970, `mono_ms` never goes back.
 *  The line follows the wall forward at once, but never goes back: then it leads, and gives way a little. */
export type TimeLine = { mono_ms: number; wall_ms: number; line_ms: number };

/** What happened since the last look. A clock that jumps back by a second has `by_ms` -1000.
 *  After `stalled` time limits fired late: their checks say nothing of the target. After `suspended` nothing that was
 *  under way says anything. */
export type TimeEvent =
	{ kind: 'clock_jump'; by_ms: number } | { kind: 'stalled'; by_ms: number } | { kind: 'suspended'; from_ms: number; to_ms: number };

/** The line must be looked at this often, or a process that was stopped is not told from one that had nothing to do. */
export const LOOK_EVERY_MS = 1000;
/** Spec, F24: what comes later than this is our own delay. */
export const STALLED_AFTER_MS = 1000;
/** From the shortest interval on a whole slot may be lost. */
export const SUSPENDED_AFTER_MS = 10_000;
const JUMP_MS = 1000;
/** A line ahead of the wall runs slower by a thousandth: intervals stay what they are, and small steps back add up to nothing. */
const SLOWER = 1 / 1000;

/** Begins at the wall's time, or at the last slot that was planned before a restart when the wall is behind it. */
export function startTimeLine( mono_ms: number, wall_ms: number, last_line_ms = 0 ): TimeLine {
	return { mono_ms, wall_ms, line_ms: Math.max( wall_ms, last_line_ms ) };
}

/** The line now, and what happened since the last look, in the order in which it matters. */
export function lookAt( before: TimeLine, mono_ms: number, wall_ms: number ): { line: TimeLine; events: TimeEvent[] } {
	const passed_ms = Math.max( 0, mono_ms - before.mono_ms );
	const lead_ms = Math.max( 0, before.line_ms + passed_ms - wall_ms );
	const line_ms = Math.max( wall_ms, before.line_ms + passed_ms - Math.min( lead_ms, passed_ms * SLOWER ) );
	const events: TimeEvent[] = [];
	const jumped_ms = wall_ms - before.wall_ms - passed_ms;
	if ( Math.abs( jumped_ms ) > JUMP_MS ) {
		events.push( { kind: 'clock_jump', by_ms: Math.round( jumped_ms ) } );
	}
	if ( passed_ms >= SUSPENDED_AFTER_MS ) {
		events.push( { kind: 'suspended', from_ms: Math.floor( before.line_ms ), to_ms: Math.floor( line_ms ) } );
	} else if ( passed_ms > LOOK_EVERY_MS + STALLED_AFTER_MS ) {
		events.push( { kind: 'stalled', by_ms: Math.round( passed_ms - LOOK_EVERY_MS ) } );
	}
	return { line: { mono_ms: Math.max( before.mono_ms, mono_ms ), wall_ms, line_ms }, events };
}

/** How far the line is ahead of the wall, at least 0: after the clock went back, results carry times that are still to come. */
export function leadMs( line: TimeLine ): number {
	return Math.max( 0, line.line_ms - line.wall_ms );
}
