import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { uptimeBy, uptimeOf } from '../../../companion/src/monitor/uptime.ts';
import { SimulatedClock, SimulatedEngine, work } from './simulated-engine.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const zone_of_tests = process.env.TZ;

/** What is stored of two hours around an instant, with an hour's outage that begins at it, and the uptime of its hours. */
async function stored( at_ms: number, zone: string ) {
	process.env.TZ = zone;
	const clock = new SimulatedClock();
	clock.mono_ms = 1000;
	clock.wall_off_ms = at_ms - HOUR - 1000;
	const simulated = new SimulatedEngine( [ work( 0, { interval_seconds: 60 } ) ], {
		clock,
		answer: () => ( { state: clock.wall() > at_ms ? 'down' : 'up' } ),
	} );
	await clock.run( 2 * HOUR );
	const { changes } = simulated.store;
	const source = {
		changes: changes.map( ( { changed_at_ms, judge_epoch, seq, state } ) => ( {
			at_ms: changed_at_ms,
			epoch: judge_epoch,
			seq,
			state,
		} ) ),
		maintenance: [],
		known_until_ms: simulated.store.lastLineMs(),
	};
	const window = { from_ms: at_ms - HOUR, to_ms: at_ms + HOUR };
	return {
		rows: simulated.store.rows( 'm0' ),
		changes,
		hours: uptimeBy( 'hour', source, window ),
		days: uptimeBy( 'day', source, window ),
		whole: uptimeOf( source, window ),
	};
}

describe( 'where the clock of people changes (F21)', () => {
	after( () => {
		if ( zone_of_tests === undefined ) {
			delete process.env.TZ;
		} else {
			process.env.TZ = zone_of_tests;
		}
	} );
	for ( const [ zone, name, at_ms ] of [
		[ 'Europe/Berlin', 'begins to save daylight', Date.UTC( 2026, 2, 29, 1 ) ],
		[ 'Europe/Berlin', 'ends to save daylight', Date.UTC( 2026, 9, 25, 1 ) ],
		[ 'America/Sao_Paulo', 'had an hour twice', Date.UTC( 2019, 1, 17, 2 ) ],
		[ 'America/Sao_Paulo', 'had a day without midnight', Date.UTC( 2018, 10, 4, 3 ) ],
	] as const ) {
		it( `as ${ zone } ${ name }, all is stored as in UTC, and hours and days add up`, async () => {
			const found = await stored( at_ms, zone );
			assert.notEqual( new Date( at_ms - 1 ).getTimezoneOffset(), new Date( at_ms ).getTimezoneOffset(), 'the zone is in force' );
			assert.deepEqual( found, await stored( at_ms, 'UTC' ) );
			for ( const buckets of [ found.hours, found.days ] ) {
				const sum = buckets.reduce( ( ms, { up_ms, down_ms, unknown_ms } ) => ms + up_ms + down_ms + unknown_ms, 0 );
				assert.equal( sum, 2 * HOUR );
				assert.equal(
					buckets.reduce( ( ms, { down_ms } ) => ms + down_ms, 0 ),
					found.whole.down_ms
				);
			}
			assert.ok( found.whole.down_ms > 55 * MINUTE );
		} );
	}
} );
