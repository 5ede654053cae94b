import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHECK_ROW_FIELDS } from '../../companion/src/contract/monitor.ts';
import { buildCompanion } from '../../companion/src/dev/build.ts';
import { WordpressPeer } from '../companion/exchange/wordpress-peer.ts';
import { makeWork } from '../companion/commands/make-work.ts';
import { Companion } from '../e2e/support/companion.ts';
import { machine } from './measure.ts';
import { startTargets } from './targets.ts';

export type MonitorBenchOptions = { monitors: number; interval_seconds: number; minutes: number; print: ( line: string ) => void };

/** The whole process `serve` with local targets and a WordPress of the tests: its memory, its processor time a check, and how
 *  much later than planned a target was asked, which holds the connection to it too. */
export async function benchMonitor( { monitors, interval_seconds, minutes, print }: MonitorBenchOptions ): Promise< void > {
	print( `${ monitors } monitors every ${ interval_seconds } s for ${ minutes } min, the built companion; ${ machine() }` );
	await buildCompanion();
	const targets = await startTargets();
	const peer = await new WordpressPeer().start();
	const companion = new Companion( targets.origin );
	try {
		peer.addList();
		peer.monitoring.monitors = Array.from( { length: monitors }, ( _, index ) =>
			makeWork( { monitor_uid: uidOf( index ), revision: index + 1, url: targets.urlOf( index ), interval_seconds } )
		);
		companion.start( [ 'pair', peer.url, peer.code ], { ROLLCALL_COMPANIES: 'sample:' } );
		const began_ms = Date.now();
		// The first interval is the time in which the work list comes and the code gets warm.
		await sleep( interval_seconds * 1000 + 10_000 );
		const before = usage( companion.pid );
		const from_ms = Date.now();
		let peak_mib = 0;
		while ( Date.now() < began_ms + minutes * 60_000 ) {
			await sleep( 1000 );
			peak_mib = Math.max( peak_mib, usage( companion.pid ).rss_mib );
		}
		const after = usage( companion.pid );
		const until_ms = Date.now();
		await rowsUntil( peer, until_ms );
		const { lags, unasked } = lagsOf( peer, targets.asked, from_ms, until_ms );
		const checks = targets.asked.filter( ( [ , at_ms ] ) => at_ms >= from_ms && at_ms < until_ms ).length;
		const at = ( share: number ): string => ( lags[ Math.max( 0, Math.ceil( lags.length * share ) - 1 ) ] ?? Number.NaN ).toFixed( 1 );
		const first = new Set( targets.asked.filter( ( [ , at_ms ] ) => at_ms < from_ms ).map( ( [ number ] ) => number ) ).size;
		print( `asked within the first interval and 10 s: ${ first } of ${ monitors }` );
		print( `RSS ${ after.rss_mib.toFixed( 0 ) } MiB at the end, ${ peak_mib.toFixed( 0 ) } MiB at most` );
		print(
			`${ checks } checks, ${ ( ( ( after.cpu_seconds - before.cpu_seconds ) * 1000 ) / checks ).toFixed( 3 ) } ms CPU a check, all in`
		);
		print( `asked later than planned, of ${ lags.length }: p50 ${ at( 0.5 ) } ms, p99 ${ at( 0.99 ) } ms, most ${ at( 1 ) } ms` );
		print( `slots in which nothing was asked: ${ unasked }` );
	} finally {
		await companion.remove();
		await peer.stop();
		targets.stop();
	}
}

const uidOf = ( index: number ): string => index.toString( 16 ).padStart( 32, '0' );

/** Linux's own figures of a process. */
function usage( pid: number ): { rss_mib: number; cpu_seconds: number } {
	const kib = /^VmRSS:\s+(\d+)/m.exec( readFileSync( `/proc/${ pid }/status`, 'utf8' ) )?.[ 1 ];
	const fields = readFileSync( `/proc/${ pid }/stat`, 'utf8' )
		.replace( /^.*\) /, '' )
		.split( ' ' );
	// Fields 14 and 15 of proc(5), in hundredths of a second.
	return { rss_mib: Number( kib ) / 1024, cpu_seconds: ( Number( fields[ 11 ] ) + Number( fields[ 12 ] ) ) / 100 };
}

/** A companion calls once a minute when all is quiet: rows come as late as that. */
const MOST_SILENCE_MS = 75_000;

async function rowsUntil( peer: WordpressPeer, until_ms: number ): Promise< void > {
	const newestMs = (): number => Math.max( 0, ...[ ...peer.monitoring.checks.values() ].map( ( rows ) => Math.max( ...rows.keys() ) ) );
	while ( newestMs() < until_ms && Date.now() < until_ms + MOST_SILENCE_MS ) {
		await sleep( 1000 );
	}
}

/** Two processes read the wall clock, which may be set between their starts. */
const CLOCKS_APART_MS = 5;
const ATTEMPTS = CHECK_ROW_FIELDS.indexOf( 'attempts' );

/** For each slot that was sent, when its target was first asked after it; sorted. A slot in which nothing was asked has no lag:
 *  the next question would be taken for its own, an interval later. */
function lagsOf(
	peer: WordpressPeer,
	asked: readonly [ number, number ][],
	from_ms: number,
	until_ms: number
): { lags: number[]; unasked: number } {
	const times = Map.groupBy( asked, ( [ number ] ) => number );
	const lags: number[] = [];
	let unasked = 0;
	for ( const [ uid, rows ] of peer.monitoring.checks ) {
		for ( const [ slot_ms, { row } ] of rows ) {
			if ( slot_ms < from_ms || slot_ms >= until_ms ) {
				continue;
			}
			const at_ms = times.get( Number.parseInt( uid, 16 ) )?.find( ( [ , ms ] ) => ms >= slot_ms - CLOCKS_APART_MS )?.[ 1 ];
			if ( Number( row.split( ',' )[ ATTEMPTS ] ) === 0 ) {
				unasked++;
			} else if ( at_ms !== undefined ) {
				lags.push( Math.max( 0, at_ms - slot_ms ) );
			}
		}
	}
	return { lags: lags.toSorted( ( a, b ) => a - b ), unasked };
}
