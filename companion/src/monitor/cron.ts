import { Cron } from 'croner';

/** A rhythm of five fields (minute, hour, day of month, month, day of week) in an IANA time zone. */
export type Rhythm = { cron: string; time_zone: string };

/** Why a rhythm is none. */
export type RhythmFault = 'bad_cron' | 'bad_time_zone' | 'never';

/** Null when the rhythm can be followed. `never` is a day that no month has, such as 31 February. */
export function faultOf( rhythm: Rhythm, after_ms: number ): RhythmFault | null {
	if ( ! isTimeZone( rhythm.time_zone ) ) {
		return 'bad_time_zone';
	}
	if ( ! /^\S+(\s+\S+){4}$/.test( rhythm.cron.trim() ) ) {
		return 'bad_cron';
	}
	try {
		return nextBegin( rhythm, after_ms ) === null ? 'never' : null;
	} catch {
		return 'bad_cron';
	}
}

/** The first moment after this one, in ms since 1970; null when there is none. A time that a change of the clocks leaves out
 *  is the first moment after the gap; one that comes twice is the first of the two. Throws for a rhythm with a fault. */
export function nextBegin( { cron, time_zone }: Rhythm, after_ms: number ): number | null {
	const next = new Cron( cron, { timezone: time_zone, mode: '5-part', paused: true } ).nextRun( new Date( after_ms ) );
	return next === null ? null : next.getTime();
}

function isTimeZone( time_zone: string ): boolean {
	try {
		return new Intl.DateTimeFormat( 'en', { timeZone: time_zone } ).resolvedOptions().timeZone !== '' && ! /^[+-]/.test( time_zone );
	} catch {
		return false;
	}
}
