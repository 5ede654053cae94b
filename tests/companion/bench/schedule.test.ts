import assert from 'node:assert/strict';
import { it } from 'node:test';
import { simulate } from '../../bench/schedule.ts';

it( 'begins every check of 1,000 monitors in ten minutes once and on time', () => {
	const { checks, expected, most_ms } = simulate( 1000, 600_000 );
	assert.equal( expected, 60_000 );
	// Those that are due at the very last moment may be just after it.
	assert.ok( Math.abs( checks - expected ) <= 2, `${ checks }` );
	assert.ok( most_ms < 0.01, `${ most_ms } ms` );
} );
