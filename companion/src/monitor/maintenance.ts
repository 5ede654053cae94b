import { faultOf, nextBegin, type Rhythm, type RhythmFault } from './cron.ts';
import { merged, type Span } from './uptime.ts';

/** A time in which failures are expected. Weekly and by cron it begins on the clocks of a time zone and lasts
 *  that many seconds, whatever the clocks do meanwhile. */
export type MaintenanceWindow =
	| { kind: 'single'; from_ms: number; to_ms: number }
	| { kind: 'weekly'; weekdays: readonly Weekday[]; begins_at: string; duration_seconds: number; time_zone: string }
	| { kind: 'cron'; cron: string; duration_seconds: number; time_zone: string };

export type Weekday = 'sunday' | 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday';

export type WindowFault = RhythmFault | 'no_weekday' | 'bad_time' | 'bad_duration' | 'ends_before_it_begins';

const WEEKDAYS: readonly Weekday[] = [ 'sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday' ];
/** Longer, and it would be no maintenance but a pause. */
const MAX_DURATION_SECONDS = 7 * 86_400;
/** A rhythm of every minute for a year; more begins than this are cut off. */
const MAX_BEGINS = 600_000;

/** What is wrong with a window; null when it can be kept. */
export function windowFault( window: MaintenanceWindow, now_ms: number ): WindowFault | null {
	if ( window.kind === 'single' ) {
		return window.to_ms > window.from_ms ? null : 'ends_before_it_begins';
	}
	const { duration_seconds } = window;
	if ( ! Number.isSafeInteger( duration_seconds ) || duration_seconds < 1 || duration_seconds > MAX_DURATION_SECONDS ) {
		return 'bad_duration';
	}
	if ( window.kind === 'weekly' && window.weekdays.length === 0 ) {
		return 'no_weekday';
	}
	if ( window.kind === 'weekly' && timeOf( window.begins_at ) === null ) {
		return 'bad_time';
	}
	return faultOf( rhythmOf( window ), now_ms );
}

/** When there is maintenance between two moments, oldest first and merged; parts outside are cut off. */
export function maintenanceSpans( windows: readonly MaintenanceWindow[], from_ms: number, to_ms: number ): Span[] {
	const spans = windows.flatMap( ( window ) => [ ...spansOf( window, from_ms, to_ms ) ] );
	return merged( spans.map( ( span ) => ( { from_ms: Math.max( span.from_ms, from_ms ), to_ms: Math.min( span.to_ms, to_ms ) } ) ) );
}

/** Whether there is maintenance at a moment; its last millisecond is the one before the end. */
export function isInMaintenance( windows: readonly MaintenanceWindow[], at_ms: number ): boolean {
	return maintenanceSpans( windows, at_ms, at_ms + 1 ).length > 0;
}

function* spansOf( window: MaintenanceWindow, from_ms: number, to_ms: number ): Generator< Span > {
	if ( window.kind === 'single' ) {
		yield { from_ms: window.from_ms, to_ms: window.to_ms };
		return;
	}
	const lasts_ms = window.duration_seconds * 1000;
	const rhythm = rhythmOf( window );
	// One that began before may still last.
	let begin_ms = nextBegin( rhythm, from_ms - lasts_ms );
	for ( let count = 0; begin_ms !== null && begin_ms < to_ms && count < MAX_BEGINS; count++ ) {
		yield { from_ms: begin_ms, to_ms: begin_ms + lasts_ms };
		begin_ms = nextBegin( rhythm, begin_ms );
	}
}

function rhythmOf( window: Exclude< MaintenanceWindow, { kind: 'single' } > ): Rhythm {
	if ( window.kind === 'cron' ) {
		return window;
	}
	const [ hour = 0, minute = 0 ] = timeOf( window.begins_at ) ?? [];
	const weekdays = window.weekdays.map( ( weekday ) => WEEKDAYS.indexOf( weekday ) );
	return { cron: `${ minute } ${ hour } * * ${ weekdays.join( ',' ) }`, time_zone: window.time_zone };
}

/** Hour and minute of "HH:MM". */
function timeOf( text: string ): [ number, number ] | null {
	const [ , hour, minute ] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec( text ) ?? [];
	return hour === undefined || minute === undefined ? null : [ Number( hour ), Number( minute ) ];
}
