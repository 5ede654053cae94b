import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { CHECK_CODES } from '../../companion/src/contract/vocabulary.ts';
import { tableOf, WatchedSite } from './support/watched-site.ts';

/** A companion whose clock is set, that is stopped, or that is held up, while it checks monitors of a real WordPress: nobody is
 *  asked more or less often, and nothing is taken for an outage. Each test goes on where the last one ended. */
test.describe.configure( { mode: 'serial' } );

const HOUR_MS = 3_600_000;
const folder = mkdtempSync( join( tmpdir(), 'rc-clock-' ) );
const file = join( folder, 'clock.json' );
const site = new WatchedSite();

test.beforeAll( async () => {
	const preload = new URL( './support/stepped-clock.mjs', import.meta.url ).href;
	await site.start( { NODE_OPTIONS: `--import=${ preload }`, ROLLCALL_TEST_CLOCK: file } );
} );

test.afterAll( async () => {
	await site.stop();
	rmSync( folder, { recursive: true, force: true } );
} );

function setClock( ahead_ms: number, held_up_ms = 0 ): void {
	writeFileSync( file, JSON.stringify( { ahead_ms, held_up_ms } ) );
	process.kill( site.companion.pid, 'SIGUSR2' );
}

const told = ( word: string ): number => site.companion.output.split( ` ${ word } ` ).length - 1;

/** Why checks learnt nothing; the monitor that waits for a call has none yet. */
const codesOf = ( unknown: Record< string, number > ): number[] =>
	Object.keys( unknown )
		.map( Number )
		.filter( ( code ) => code !== CHECK_CODES.not_checked_yet );

/** The longest that a target was not asked, and how often one was at most, within the time. */
async function askedFor( ms: number ): Promise< { silence_ms: number; most: number } > {
	const from_ms = performance.now();
	site.watched.asked.clear();
	await sleep( ms );
	const until_ms = performance.now();
	const silences = [ ...site.watched.asked.values() ].flatMap( ( times ) =>
		[ from_ms, ...times, until_ms ].slice( 1 ).map( ( at_ms, index ) => at_ms - ( [ from_ms, ...times ][ index ] ?? from_ms ) )
	);
	expect( site.watched.asked.size ).toBe( site.monitors );
	return {
		silence_ms: Math.max( ...silences ),
		most: Math.max( ...[ ...site.watched.asked.values() ].map( ( times ) => times.length ) ),
	};
}

// A day is where sending ends, so it is a minute less.
for ( const ahead_ms of [ HOUR_MS, -HOUR_MS, 24 * HOUR_MS - 60_000 ] ) {
	test( `F20 a clock that is set to ${ ahead_ms / 60_000 } minutes from the right time changes nothing of the checks`, async () => {
		const jumps = told( 'clock_jump' );
		setClock( ahead_ms );
		const { silence_ms, most } = await askedFor( 1.5 * site.interval_ms );
		expect( silence_ms ).toBeLessThan( site.interval_ms + 1000 );
		expect( most ).toBeLessThanOrEqual( 2 );
		expect( told( 'clock_jump' ) ).toBe( jumps + 1 );
		const { unknown } = await site.expectAllOnce();
		expect( codesOf( unknown ) ).toEqual( [] );
		const wrong = `up_ms + degraded_ms + down_ms + unknown_ms + maintenance_ms <> ${ HOUR_MS }`;
		expect( await site.sql( `SELECT COUNT(*) FROM ${ tableOf( 'uptime_hourly' ) } WHERE ${ wrong }` ) ).toBe( '0\n' );
	} );
}

test( 'F23 a companion that was suspended makes up for one check of each monitor, and knows nothing of the others', async () => {
	process.kill( site.companion.pid, 'SIGSTOP' );
	await sleep( 2.5 * site.interval_ms );
	process.kill( site.companion.pid, 'SIGCONT' );
	const { silence_ms, most } = await askedFor( 1.5 * site.interval_ms );
	expect( silence_ms ).toBeLessThan( site.interval_ms + 1000 );
	expect( most ).toBeLessThanOrEqual( 3 );
	expect( told( 'suspended' ) ).toBe( 1 );
	const { unknown } = await site.expectAllOnce( {} );
	expect( codesOf( unknown ) ).toEqual( [ CHECK_CODES.suspended ] );
} );

test( 'F24 a companion whose event loop is held up for eight seconds takes nothing for an outage', async () => {
	site.watched.delay_ms = 3000;
	await sleep( site.interval_ms );
	setClock( 0, 8000 );
	await sleep( site.interval_ms );
	site.watched.delay_ms = 0;
	const { unknown } = await site.expectAllOnce( {} );
	expect( codesOf( unknown ) ).toContain( CHECK_CODES.check_failed_internally );
} );
