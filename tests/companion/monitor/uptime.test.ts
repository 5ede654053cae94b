import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { MonitorState } from '../../../companion/src/contract/vocabulary.ts';
import { addUptimes, BUCKETS_MS, uptimeBy, uptimeOf, type Uptime, type UptimeSource } from '../../../companion/src/monitor/uptime.ts';
import { seededRandom, shuffled } from './random.ts';

type Case = {
	name: string;
	changes: [ number, number, number, MonitorState ][];
	maintenance: [ number, number ][];
	from: number;
	to: number;
	known_until: number;
	expected: number[];
	ratio: [ number, number ] | null;
	bucket?: 'hour' | 'day';
	buckets?: number[][];
};
/** The file is ours; the plugin runs it too. */
const { unit_ms, origin_ms, cases } = JSON.parse( readFileSync( new URL( '../../fixtures/uptime.json', import.meta.url ), 'utf8' ) ) as {
	unit_ms: number;
	origin_ms: number;
	cases: Case[];
};

const at = ( minutes: number ): number => origin_ms + minutes * unit_ms;
const sourceOf = ( { changes, maintenance, known_until }: Case ): UptimeSource => ( {
	changes: changes.map( ( [ minutes, epoch, seq, state ] ) => ( { at_ms: at( minutes ), epoch, seq, state } ) ),
	maintenance: maintenance.map( ( [ from, to ] ) => ( { from_ms: at( from ), to_ms: at( to ) } ) ),
	known_until_ms: at( known_until ),
} );
const minutesOf = ( { up_ms, degraded_ms, down_ms, unknown_ms, maintenance_ms }: Uptime ): number[] =>
	[ up_ms, degraded_ms, down_ms, unknown_ms, maintenance_ms ].map( ( part_ms ) => part_ms / unit_ms );

describe( 'uptime', () => {
	for ( const one of cases ) {
		it( one.name, () => {
			const uptime = uptimeOf( sourceOf( one ), { from_ms: at( one.from ), to_ms: at( one.to ) } );
			assert.deepEqual( minutesOf( uptime ), one.expected );
			assert.equal( uptime.uptime_ratio, one.ratio && one.ratio[ 0 ] / one.ratio[ 1 ] );
			if ( one.bucket !== undefined ) {
				const buckets = uptimeBy( one.bucket, sourceOf( one ), { from_ms: at( one.from ), to_ms: at( one.to ) } );
				assert.deepEqual(
					buckets.map( ( bucket ) => [ ( bucket.bucket_start_ms - origin_ms ) / unit_ms, ...minutesOf( bucket ) ] ),
					one.buckets
				);
			}
		} );
	}

	it( 'of buckets before 1970 begins at whole hours too', () => {
		const source = { changes: [], maintenance: [], known_until_ms: 0 };
		const starts = uptimeBy( 'hour', source, { from_ms: -5_400_000, to_ms: 1000 } ).map( ( bucket ) => bucket.bucket_start_ms );
		assert.deepEqual( starts, [ -7_200_000, -3_600_000, 0 ] );
	} );
} );

// The caches are recomputed from rows that come back in any order, after deliveries that may repeat:
// a figure that depends on either would differ between the companion, WordPress, and the next recomputation.
describe( 'uptime, whatever the changes', () => {
	for ( let seed = 1; seed <= 300; seed++ ) {
		it( `is between 0 and 1, and the same for any order, repetition and split (seed ${ seed })`, () => {
			const random = seededRandom( seed );
			const { source, window } = anySource( random );
			const whole = uptimeOf( source, window );
			const { uptime_ratio } = whole;
			assert.ok( uptime_ratio === null || ( uptime_ratio >= 0 && uptime_ratio <= 1 ) );
			assert.equal( sumOf( whole ), window.to_ms - window.from_ms );
			assert.deepEqual( whole, plainUptime( source, window ) );
			const again = shuffled( [ ...source.changes, ...source.changes.slice( random( 5 ) ) ], random );
			const maintenance = shuffled( [ ...source.maintenance, ...source.maintenance ], random );
			assert.deepEqual( uptimeOf( { ...source, changes: again, maintenance }, window ), whole );
			const cut_ms = window.from_ms + random( window.to_ms - window.from_ms + 1 );
			const parts = [
				uptimeOf( source, { from_ms: window.from_ms, to_ms: cut_ms } ),
				uptimeOf( source, { from_ms: cut_ms, to_ms: window.to_ms } ),
			];
			assert.deepEqual( addUptimes( parts ), whole );
			for ( const bucket of [ 'hour', 'day' ] as const ) {
				const buckets = uptimeBy( bucket, source, window );
				assert.deepEqual( addUptimes( buckets ), whole );
				assert.ok( buckets.every( ( one ) => one.bucket_start_ms % BUCKETS_MS[ bucket ] === 0 ) );
			}
		} );
	}
} );

const sumOf = ( uptime: Uptime ): number => uptime.up_ms + uptime.degraded_ms + uptime.down_ms + uptime.unknown_ms + uptime.maintenance_ms;

const STATES = [ 'up', 'degraded', 'down', 'unknown' ] as const;
const STEP_MS = 600_000;

/** Everything at whole steps, so that the plain way can count them. */
function anySource( random: ( below: number ) => number ): { source: UptimeSource; window: { from_ms: number; to_ms: number } } {
	const step = ( below: number ): number => origin_ms + ( random( below ) - 10 ) * STEP_MS;
	const changes = Array.from( { length: random( 25 ) }, ( _, index ) => ( {
		at_ms: step( 400 ),
		epoch: 1 + random( 2 ),
		seq: index,
		state: STATES[ random( 4 ) ] ?? 'up',
	} ) );
	const maintenance = Array.from( { length: random( 4 ) }, () => {
		const from_ms = step( 400 );
		return { from_ms, to_ms: from_ms + ( random( 60 ) - 5 ) * STEP_MS };
	} );
	const from_ms = step( 200 );
	return { source: { changes, maintenance, known_until_ms: step( 450 ) }, window: { from_ms, to_ms: from_ms + random( 300 ) * STEP_MS } };
}

/** The same, asked step by step. */
function plainUptime( source: UptimeSource, window: { from_ms: number; to_ms: number } ): Uptime {
	const sum = { up_ms: 0, degraded_ms: 0, down_ms: 0, unknown_ms: 0, maintenance_ms: 0 };
	for ( let now = window.from_ms; now < window.to_ms; now += STEP_MS ) {
		const held = source.changes
			.filter( ( change ) => change.at_ms <= now )
			.reduce< UptimeSource[ 'changes' ][ number ] | null >( ( last, change ) => {
				const is_later =
					last === null ||
					change.at_ms > last.at_ms ||
					( change.at_ms === last.at_ms &&
						( change.epoch > last.epoch || ( change.epoch === last.epoch && change.seq > last.seq ) ) );
				return is_later ? change : last;
			}, null );
		const is_closed = source.maintenance.some( ( span ) => span.from_ms <= now && now < span.to_ms );
		const state = now < source.known_until_ms ? ( held?.state ?? 'unknown' ) : 'unknown';
		sum[ is_closed ? 'maintenance_ms' : ( `${ state }_ms` as const ) ] += STEP_MS;
	}
	const known_ms = sum.up_ms + sum.degraded_ms + sum.down_ms;
	return { ...sum, uptime_ratio: known_ms === 0 ? null : ( sum.up_ms + sum.degraded_ms ) / known_ms };
}
