import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { push } from '../../../companion/src/probes/push.ts';
import { makeContext } from './make-context.ts';

const NOW_MS = 1_800_000_000_000;

describe( 'a heartbeat', () => {
	// Seconds ago: the last beat, the start; then what is said of an interval of 60 and a grace of 30 seconds.
	const rows: [ string, number | null, number, string | null, string | null ][] = [
		[ 'that just came is up', 0, 1000, null, null ],
		[ 'within the interval is up', 60, 1000, null, null ],
		[ 'within the grace is up', 90, 1000, null, null ],
		[ 'after the grace is missed', 90.001, 1000, 'down', 'push_missed' ],
		[ 'of a clock that is ahead is up', -3600, 1000, null, null ],
		[ 'that never came is not known before it is late', null, 90, 'unknown', 'not_checked_yet' ],
		[ 'that never came is missed when it is late', null, 91, 'down', 'push_missed' ],
	];
	for ( const [ what, last_ago, since_ago, state, error_code ] of rows ) {
		it( what, async () => {
			const request = {
				last_beat_at_ms: last_ago === null ? null : NOW_MS - last_ago * 1000,
				expected_since_ms: NOW_MS - since_ago * 1000,
				interval_seconds: 60,
				grace_seconds: 30,
			};
			const { fault } = await push( request, makeContext( { wallClock: () => NOW_MS } ) );
			assert.deepEqual( [ fault?.state ?? null, fault?.error_code ?? null ], [ state, error_code ] );
		} );
	}

	it( 'that is missed says since when', async () => {
		const request = { last_beat_at_ms: NOW_MS - 600_000, expected_since_ms: 0, interval_seconds: 60, grace_seconds: 0 };
		const { fault } = await push( request, makeContext( { wallClock: () => NOW_MS } ) );
		assert.equal( fault?.error_message, 'The call came last 600 seconds ago, and is expected every 60 seconds.' );
	} );
} );
