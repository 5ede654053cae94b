import { ProbeFault } from './classify-error.ts';
import type { Probe } from './probe.ts';
import { observation } from './steps.ts';

export type PushRequest = {
	/** The last beat that came in; null when none ever did. In milliseconds since 1970, like the start. */
	last_beat_at_ms: number | null;
	/** When beats began to be expected. */
	expected_since_ms: number;
	interval_seconds: number;
	/** How much later than the interval a beat may come. */
	grace_seconds: number;
};

/** Judges whether the beats of a job keep coming in; nothing is asked. A beat that is later than now, as with another
 *  clock, counts as one of now. */
export const push: Probe< PushRequest > = ( request, context ) =>
	observation( 'The call', context, () => {
		const now_ms = context.wallClock();
		const { last_beat_at_ms, expected_since_ms, interval_seconds, grace_seconds } = request;
		// A job that was paused owes nothing for that time.
		const silent_ms = now_ms - Math.max( last_beat_at_ms ?? 0, expected_since_ms );
		if ( silent_ms > ( interval_seconds + grace_seconds ) * 1000 ) {
			const never =
				last_beat_at_ms === null ? 'never came' : `came last ${ Math.floor( ( now_ms - last_beat_at_ms ) / 1000 ) } seconds ago`;
			return Promise.reject( new ProbeFault( 'no_beat', `${ never }, and is expected every ${ interval_seconds } seconds` ) );
		}
		return last_beat_at_ms === null
			? Promise.reject( new ProbeFault( 'no_beat_yet', 'did not come yet, and is not late' ) )
			: Promise.resolve( {} );
	} );
