import { setTimeout as sleep } from 'node:timers/promises';
import { MIN_INTERVAL_MS, Schedule } from '../../companion/src/monitor/schedule.ts';
import { machine } from './measure.ts';

/** Lags are how much later than planned checks began, in ms; the drift is how much later the last tenth than the first. */
export type Lags = { checks: number; expected: number; p50_ms: number; p99_ms: number; most_ms: number; drift_ms: number };

const REAL_MS = 60_000;
const SIMULATED_MS = 3_600_000;

/** Start lag of many monitors at the shortest interval, in real time; `rows` is their number.
 *  Beside it the same with a timer for each monitor that is set again after each check. */
export async function benchSchedule( { rows, print }: { rows: number; runs: number; print: ( line: string ) => void } ): Promise< void > {
	print( `${ rows.toLocaleString( 'en' ) } monitors, each every ${ MIN_INTERVAL_MS / 1000 } s` );
	print( machine() );
	const begun_ms = process.cpuUsage();
	const simulated = simulate( rows, SIMULATED_MS );
	const cost = process.cpuUsage( begun_ms );
	const each_us = ( cost.user + cost.system ) / simulated.checks;
	print( `an hour on a simulated clock: ${ told( simulated ) }; ${ each_us.toFixed( 2 ) } us of CPU a check` );
	print( `a minute in real time, Rollcall: ${ told( await inRealTime( rows, REAL_MS ) ) }` );
	print( `a minute in real time, setTimeout: ${ told( await withTimers( rows, REAL_MS ) ) }` );
}

/** Runs the schedule on a clock that is moved from look to look. */
export function simulate( monitors: number, for_ms: number ): Lags {
	const wall_ms = Date.UTC( 2026, 0, 1 );
	const schedule = scheduleOf( monitors, 0, wall_ms );
	const lags: number[] = [];
	for ( let now_ms = 0; now_ms < for_ms; now_ms = schedule.next() ) {
		lagsAt( schedule, now_ms, wall_ms + now_ms ).forEach( ( lag_ms ) => lags.push( lag_ms ) );
	}
	return lagsOf( lags, monitors, for_ms );
}

async function inRealTime( monitors: number, for_ms: number ): Promise< Lags > {
	const begun_ms = performance.now();
	const schedule = scheduleOf( monitors, begun_ms, performance.timeOrigin + begun_ms );
	const lags: number[] = [];
	for ( let now_ms = begun_ms; now_ms < begun_ms + for_ms; now_ms = performance.now() ) {
		lagsAt( schedule, now_ms, performance.timeOrigin + now_ms ).forEach( ( lag_ms ) => lags.push( lag_ms ) );
		await sleep( Math.max( 0, schedule.next() - performance.now() ) );
	}
	return lagsOf( lags, monitors, for_ms );
}

/** What most monitors of the kind do: the next check is an interval after the last one. */
async function withTimers( monitors: number, for_ms: number ): Promise< Lags > {
	const begun_ms = performance.now();
	const lags: number[] = [];
	const timers = Array.from( { length: monitors }, ( _, index ) => {
		const phase_ms = ( index * MIN_INTERVAL_MS ) / monitors;
		let count = 0;
		const check = (): void => {
			lags.push( performance.now() - begun_ms - phase_ms - count++ * MIN_INTERVAL_MS );
			timers[ index ] = setTimeout( check, MIN_INTERVAL_MS );
		};
		return setTimeout( check, phase_ms );
	} );
	await sleep( for_ms );
	timers.forEach( clearTimeout );
	return lagsOf( lags, monitors, for_ms );
}

function scheduleOf( monitors: number, mono_ms: number, wall_ms: number ): Schedule {
	const schedule = new Schedule( mono_ms, wall_ms );
	for ( let index = 0; index < monitors; index++ ) {
		schedule.add( { monitor_uid: `monitor-${ index }`, interval_ms: MIN_INTERVAL_MS, last_slot_ms: null } );
	}
	return schedule;
}

/** Looks, and ends at once all that began. */
function lagsAt( schedule: Schedule, mono_ms: number, wall_ms: number ): number[] {
	return schedule.look( mono_ms, wall_ms ).due.map( ( { monitor_uid, slot_ms } ) => {
		schedule.finish( monitor_uid, slot_ms );
		return schedule.line_ms - slot_ms;
	} );
}

function lagsOf( lags: readonly number[], monitors: number, for_ms: number ): Lags {
	const sorted = Float64Array.from( lags ).sort();
	const at = ( share: number ): number => sorted[ Math.max( 0, Math.ceil( sorted.length * share ) - 1 ) ] ?? Number.NaN;
	const tenth = Math.ceil( lags.length / 10 );
	const mean = ( some: readonly number[] ): number => some.reduce( ( sum, lag_ms ) => sum + lag_ms, 0 ) / some.length;
	return {
		checks: lags.length,
		expected: ( monitors * for_ms ) / MIN_INTERVAL_MS,
		p50_ms: at( 0.5 ),
		p99_ms: at( 0.99 ),
		most_ms: at( 1 ),
		drift_ms: mean( lags.slice( -tenth ) ) - mean( lags.slice( 0, tenth ) ),
	};
}

function told( { checks, expected, p50_ms, p99_ms, most_ms, drift_ms }: Lags ): string {
	const figures = { p50: p50_ms, p99: p99_ms, most: most_ms, drift: drift_ms };
	const parts = Object.entries( figures ).map( ( [ name, value ] ) => `${ name } ${ value.toFixed( 2 ) } ms` );
	return `${ checks } of ${ expected } checks began; lag ${ parts.join( ', ' ) }`;
}
