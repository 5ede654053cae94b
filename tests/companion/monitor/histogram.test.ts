import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import {
	boundsOf,
	bucketOf,
	ERROR_BOUND,
	histogramOf,
	mergeHistograms,
	percentileOf,
	type Histogram,
} from '../../../companion/src/monitor/histogram.ts';
import { seededRandom, shuffled } from './random.ts';

/** The file is ours; the plugin runs it too. */
const { buckets, percentiles, merges } = JSON.parse(
	readFileSync( new URL( '../../fixtures/histogram.json', import.meta.url ), 'utf8' )
) as {
	buckets: { value_ms: number; bucket: number; from_ms: number; to_ms: number }[];
	percentiles: {
		name: string;
		values: number[];
		histogram: Histogram;
		p50: number | null;
		p95: number | null;
		p99: number | null;
	}[];
	merges: { name: string; parts: Histogram[]; sum: Histogram }[];
};

describe( 'the histogram of times', () => {
	for ( const { value_ms, bucket, from_ms, to_ms } of buckets ) {
		it( `counts ${ value_ms } ms in bucket ${ bucket }, from ${ from_ms } to ${ to_ms }`, () => {
			assert.equal( bucketOf( value_ms ), bucket );
			assert.deepEqual( boundsOf( bucket ), { from_ms, to_ms } );
		} );
	}

	for ( const { name, values, histogram, p50, p95, p99 } of percentiles ) {
		it( `of ${ name }`, () => {
			const made = histogramOf( values );
			assert.deepEqual( made, histogram );
			assert.deepEqual(
				[ 50, 95, 99 ].map( ( percent ) => percentileOf( made, percent ) ),
				[ p50, p95, p99 ]
			);
		} );
	}

	for ( const { name, parts, sum } of merges ) {
		it( `merges ${ name }`, () => {
			assert.deepEqual( mergeHistograms( parts ), sum );
		} );
	}

	it( 'has buckets without holes, and none that overlap', () => {
		let next_ms = 0;
		for ( let bucket = 0; bucket <= bucketOf( Infinity ); bucket++ ) {
			const { from_ms, to_ms } = boundsOf( bucket );
			assert.equal( from_ms, next_ms );
			assert.equal( bucketOf( from_ms ), bucket );
			assert.equal( bucketOf( to_ms ), bucket );
			next_ms = to_ms + 1;
		}
		assert.equal( next_ms, 131_072 );
	} );

	// Days are merged of hours and months of days: what depended on how they were merged would be another figure on each screen.
	it( 'answers within its error bound, however the values are cut and merged', () => {
		for ( let seed = 1; seed <= 300; seed++ ) {
			const random = seededRandom( seed );
			const values = Array.from( { length: 1 + random( 400 ) }, () => random( [ 50, 2000, 130_000 ][ random( 3 ) ] ?? 1 ) );
			const cut = random( values.length + 1 );
			const parts = [ values.slice( 0, cut ), values.slice( cut ) ].map( histogramOf );
			const merged = mergeHistograms( shuffled( parts, random ) );
			assert.deepEqual( merged, histogramOf( shuffled( values, random ) ) );
			const sorted = values.toSorted( ( a, b ) => a - b );
			for ( const percent of [ 1, 50, 95, 99, 100 ] ) {
				const exact = sorted[ Math.ceil( ( values.length * percent ) / 100 ) - 1 ] ?? Number.NaN;
				assert.ok( Math.abs( ( percentileOf( merged, percent ) ?? Number.NaN ) - exact ) <= exact * ERROR_BOUND, `seed ${ seed }` );
			}
		}
	} );
} );
