/** Where the planning of slots is in time. WordPress owns the time: the line follows its clock by monotonic time that passed
 *  since it was told, and the wall of this machine only says that it jumped. The line never goes back by itself: when it is
 *  ahead it gives way a little. */
export type TimeLine = {
	mono_ms: number;
	wall_ms: number;
	line_ms: number;
	/** What it follows, at `mono_ms`. */
	true_ms: number;
};

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
/** A lead up to this wears off; what leads more was planned by a wrong clock. WordPress takes slots up to 10 minutes ahead. */
export const MOST_LEAD_MS = 300_000;
const JUMP_MS = 1000;
/** A line that is ahead runs slower by a thousandth: intervals stay what they are, and small steps back add up to nothing. */
const SLOWER = 1 / 1000;

/** Begins at what is taken for the time of WordPress, or at the last slot that was planned before a restart when that is later. */
export function startTimeLine( mono_ms: number, wall_ms: number, last_line_ms = 0, offset_ms = 0 ): TimeLine {
	const true_ms = wall_ms + offset_ms;
	return { mono_ms, wall_ms, line_ms: Math.max( true_ms, last_line_ms ), true_ms };
}

/** The line now, and what happened since the last look, in the order in which it matters. `asleep_ms` passed while the machine
 *  slept, which the monotonic clock of Linux does not count. */
export function lookAt( before: TimeLine, mono_ms: number, wall_ms: number, asleep_ms = 0 ): { line: TimeLine; events: TimeEvent[] } {
	const passed_ms = Math.max( 0, mono_ms - before.mono_ms ) + asleep_ms;
	const true_ms = before.true_ms + passed_ms;
	const lead_ms = Math.max( 0, before.line_ms + passed_ms - true_ms );
	const line_ms = Math.max( true_ms, before.line_ms + passed_ms - Math.min( lead_ms, passed_ms * SLOWER ) );
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
	return { line: { mono_ms: Math.max( before.mono_ms, mono_ms ), wall_ms, line_ms, true_ms }, events };
}

/** How far the line is ahead of the time it follows, at least 0: results carry times that are still to come. */
export function leadMs( line: TimeLine ): number {
	return Math.max( 0, line.line_ms - line.true_ms );
}

/** The time that most clocks agree on. Of an even number of sites the own clock has a vote too, so that one site whose clock
 *  is wrong does not decide. Null without any site. */
export function agreedTime( of_sites: readonly number[], own_ms: number ): number | null {
	if ( of_sites.length === 0 ) {
		return null;
	}
	const votes = ( of_sites.length % 2 === 1 ? [ ...of_sites ] : [ ...of_sites, own_ms ] ).toSorted( ( one, other ) => one - other );
	return votes[ ( votes.length - 1 ) / 2 ] ?? own_ms;
}
