import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nextTry, type Try } from '../../../companion/src/monitor/tries.ts';
import { seededRandom } from './random.ts';

const tried = ( ended_mono_ms: number, state: Try[ 'state' ] = 'down' ): Try => ( { ended_mono_ms, state } );
const MINUTE = { end_mono_ms: 59_500, single: false };
const TEN_SECONDS = { end_mono_ms: 9500, single: false };

/** Tries, slot, now; then when the next one begins and must end, or null. Slots begin at 0. */
const cases: [ string, Try[], { end_mono_ms: number; single: boolean }, number, [ number, number ] | null ][] = [
	[ 'the first try has 10 s', [], MINUTE, 0, [ 0, 10_000 ] ],
	[ 'the first try ends 500 ms before the next slot', [], TEN_SECONDS, 0, [ 0, 9500 ] ],
	[ 'a first try that begins late is cut', [], TEN_SECONDS, 8400, [ 8400, 9500 ] ],
	[ 'a first try with less than 1 s is not made', [], TEN_SECONDS, 8501, null ],
	[ 'up needs no second try', [ tried( 100, 'up' ) ], MINUTE, 100, null ],
	[ 'degraded needs no second try', [ tried( 100, 'degraded' ) ], MINUTE, 100, null ],
	[ 'unknown is our failure: no second try', [ tried( 100, 'unknown' ) ], MINUTE, 100, null ],
	[ 'down is tried again 2 s after the first try ended', [ tried( 100 ) ], MINUTE, 100, [ 2100, 12_100 ] ],
	[ 'and 10 s after the first try ended', [ tried( 100 ), tried( 2200 ) ], MINUTE, 2200, [ 10_100, 20_100 ] ],
	[ 'a second try that lasts longer delays the third', [ tried( 100 ), tried( 12_100 ) ], MINUTE, 12_100, [ 12_100, 22_100 ] ],
	[ 'three tries of 10 s end within 30 s', [ tried( 10_000 ), tried( 22_000 ) ], MINUTE, 22_000, [ 22_000, 32_000 ] ],
	[ 'there is no fourth try', [ tried( 100 ), tried( 2200 ), tried( 10_200 ) ], MINUTE, 10_200, null ],
	[ 'a blip is over with the second try', [ tried( 100 ), tried( 2200, 'up' ) ], MINUTE, 2200, null ],
	[ 'our own failure in the second try leaves the third', [ tried( 100 ), tried( 2200, 'unknown' ) ], MINUTE, 2200, [ 10_100, 20_100 ] ],
	[ 'the second try of a 10 s interval is cut', [ tried( 100 ) ], TEN_SECONDS, 100, [ 2100, 9500 ] ],
	[ 'the third of a 10 s interval is not made', [ tried( 100 ), tried( 2200 ) ], TEN_SECONDS, 2200, null ],
	[ 'a retry with exactly 1 s left is made', [ tried( 6500 ) ], TEN_SECONDS, 6500, [ 8500, 9500 ] ],
	[ 'a retry with less is not', [ tried( 6501 ) ], TEN_SECONDS, 6501, null ],
	[ 'a confirming slot makes one try', [ tried( 100 ) ], { ...MINUTE, single: true }, 100, null ],
	[ 'its only try has 10 s', [], { ...MINUTE, single: true }, 0, [ 0, 10_000 ] ],
];

describe( 'the tries of a slot', () => {
	for ( const [ name, tries, slot, now, expected ] of cases ) {
		it( name, () => {
			const next = nextTry( tries, slot, now );
			assert.deepEqual( next && [ next.at_mono_ms, next.deadline_mono_ms ], expected );
		} );
	}

	it( 'are at most three, one after the other, and end before the next slot, whatever each lasts', () => {
		for ( let seed = 1; seed <= 2000; seed++ ) {
			const random = seededRandom( seed );
			const slot = { end_mono_ms: 9500 + random( 60_000 ), single: random( 4 ) === 0 };
			const tries: Try[] = [];
			let now = random( 9000 );
			for ( let next = nextTry( tries, slot, now ); next !== null; next = nextTry( tries, slot, now ) ) {
				assert.ok( next.at_mono_ms >= now );
				assert.ok( next.deadline_mono_ms <= slot.end_mono_ms && next.deadline_mono_ms - next.at_mono_ms <= 10_000 );
				now = next.at_mono_ms + random( next.deadline_mono_ms - next.at_mono_ms + 1 );
				tries.push( tried( now, random( 3 ) === 0 ? 'unknown' : 'down' ) );
				assert.ok( tries.length <= ( slot.single ? 1 : 3 ), `seed ${ seed }` );
			}
		}
	} );
} );
