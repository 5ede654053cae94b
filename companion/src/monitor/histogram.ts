/** Counts by the number of their bucket; buckets without any are absent. Milliseconds go in and come out. */
export type Histogram = Readonly< Record< number, number > >;

/** Each power of two is cut into 32 buckets of equal width; below 64 ms a bucket is one millisecond. */
const SUB_BUCKETS = 32;
const SUB_BITS = 5;
/** About 131 s; a check ends after 10. What lasted longer counts as this. */
const MAX_MS = 131_071;

/** How far an answer may be from the true value, as a share of it: half of the widest bucket. */
export const ERROR_BOUND = 1 / ( 2 * SUB_BUCKETS );

/** The bucket of a time: rounded to whole milliseconds, halves up. Only whole numbers are used, so PHP finds the same. */
export function bucketOf( value_ms: number ): number {
	const whole = Math.min( MAX_MS, Math.max( 0, Math.floor( value_ms + 0.5 ) ) );
	if ( whole < SUB_BUCKETS ) {
		return whole;
	}
	const shift = 31 - Math.clz32( whole ) - SUB_BITS;
	return SUB_BUCKETS * shift + ( whole >> shift );
}

/** The least and the greatest time of a bucket, both included. */
export function boundsOf( bucket: number ): { from_ms: number; to_ms: number } {
	const shift = Math.max( 0, Math.floor( bucket / SUB_BUCKETS ) - 1 );
	const from_ms = ( bucket - SUB_BUCKETS * shift ) * 2 ** shift;
	return { from_ms, to_ms: from_ms + 2 ** shift - 1 };
}

export function histogramOf( values_ms: readonly number[] ): Histogram {
	return mergeHistograms( values_ms.map( ( value_ms ) => ( { [ bucketOf( value_ms ) ]: 1 } ) ) );
}

/** The histogram of all their values. In which order they are merged, and in which parts, does not matter. */
export function mergeHistograms( histograms: readonly Histogram[] ): Histogram {
	const sum: Record< number, number > = {};
	for ( const histogram of histograms ) {
		for ( const [ bucket, count ] of Object.entries( histogram ) ) {
			sum[ Number( bucket ) ] = ( sum[ Number( bucket ) ] ?? 0 ) + count;
		}
	}
	return sum;
}

/** The time that a share of the values does not exceed, by nearest rank, within the error bound; null when there are no values.
 *  `percent` is a whole number from 1 to 100. */
export function percentileOf( histogram: Histogram, percent: number ): number | null {
	const buckets = Object.entries( histogram ).map( ( [ bucket, count ] ) => ( { bucket: Number( bucket ), count } ) );
	const total = buckets.reduce( ( sum, { count } ) => sum + count, 0 );
	let left = Math.ceil( ( total * percent ) / 100 );
	for ( const { bucket, count } of buckets.sort( ( a, b ) => a.bucket - b.bucket ) ) {
		left -= count;
		if ( left <= 0 && total > 0 ) {
			const { from_ms, to_ms } = boundsOf( bucket );
			return Math.floor( ( from_ms + to_ms ) / 2 );
		}
	}
	return null;
}
