import type { MonitorState } from '../contract/vocabulary.ts';

/** A row of state changes: from then on the state holds. Of rows at one instant the last written (epoch, then seq) holds. */
export type StateChange = { at_ms: number; epoch: number; seq: number; state: MonitorState };

export type Span = { from_ms: number; to_ms: number };

/** Milliseconds; their sum is the window. */
export type UptimeParts = { up_ms: number; degraded_ms: number; down_ms: number; unknown_ms: number; maintenance_ms: number };

/** The ratio is that of the time in which it was reachable (up or degraded) to the time in which anything is known, 0..1;
 *  null when nothing is known. Maintenance counts in neither. */
export type Uptime = UptimeParts & { uptime_ratio: number | null };

/** What uptime is made of. The order and repetition of changes and spans do not matter. */
export type UptimeSource = {
	changes: readonly StateChange[];
	maintenance: readonly Span[];
	/** The last slot that was stored: what came after it is unknown. */
	known_until_ms: number;
};

/** Lengths of buckets. They begin at whole hours and days of UTC, so daylight saving moves none. */
export const BUCKETS_MS = { hour: 3_600_000, day: 86_400_000 } as const;

type Piece = Span & { part: keyof UptimeParts };

/** The uptime of a window: time-weighted, to the millisecond. WordPress does the same; both run tests/fixtures/uptime.json. */
export function uptimeOf( source: UptimeSource, window: Span ): Uptime {
	const sum = nothing();
	piecesOf( source, window ).forEach( ( piece ) => ( sum[ piece.part ] += piece.to_ms - piece.from_ms ) );
	return withRatio( sum );
}

/** The uptime of each hour or day of UTC that the window touches, oldest first; the first and the last may be cut. */
export function uptimeBy(
	bucket: keyof typeof BUCKETS_MS,
	source: UptimeSource,
	window: Span
): ( Uptime & { bucket_start_ms: number } )[] {
	const length_ms = BUCKETS_MS[ bucket ];
	const buckets = new Map< number, UptimeParts >();
	for ( const piece of piecesOf( source, window ) ) {
		for ( let from_ms = piece.from_ms; from_ms < piece.to_ms; ) {
			const start_ms = Math.floor( from_ms / length_ms ) * length_ms;
			const to_ms = Math.min( piece.to_ms, start_ms + length_ms );
			const sum = buckets.get( start_ms ) ?? nothing();
			sum[ piece.part ] += to_ms - from_ms;
			buckets.set( start_ms, sum );
			from_ms = to_ms;
		}
	}
	return [ ...buckets ].map( ( [ bucket_start_ms, sum ] ) => ( { bucket_start_ms, ...withRatio( sum ) } ) );
}

/** Adds uptimes of windows that follow one another: the whole is that of the whole window. */
export function addUptimes( parts: readonly UptimeParts[] ): Uptime {
	const sum = nothing();
	for ( const part of parts ) {
		for ( const name of PARTS ) {
			sum[ name ] += part[ name ];
		}
	}
	return withRatio( sum );
}

const PARTS = [ 'up_ms', 'degraded_ms', 'down_ms', 'unknown_ms', 'maintenance_ms' ] as const;
const PART_OF = { up: 'up_ms', degraded: 'degraded_ms', down: 'down_ms', unknown: 'unknown_ms' } as const;

/** The window cut wherever something begins or ends, oldest first and without holes. */
function piecesOf( { changes, maintenance, known_until_ms }: UptimeSource, window: Span ): Piece[] {
	const sorted = changes.toSorted( ( a, b ) => a.at_ms - b.at_ms || a.epoch - b.epoch || a.seq - b.seq );
	const closed = merged( maintenance );
	const cuts = [
		window.from_ms,
		window.to_ms,
		known_until_ms,
		...sorted.map( ( change ) => change.at_ms ),
		...closed.flatMap( ( span ) => [ span.from_ms, span.to_ms ] ),
	].filter( ( at_ms ) => at_ms >= window.from_ms && at_ms <= window.to_ms );
	const edges = [ ...new Set( cuts ) ].sort( ( a, b ) => a - b );
	let state: MonitorState = 'unknown';
	let next_change = 0;
	let next_span = 0;
	return edges.slice( 0, -1 ).map( ( from_ms, index ) => {
		for ( let change = sorted[ next_change ]; change && change.at_ms <= from_ms; change = sorted[ ++next_change ] ) {
			( { state } = change );
		}
		while ( ( closed[ next_span ]?.to_ms ?? Infinity ) <= from_ms ) {
			next_span++;
		}
		const in_maintenance = ( closed[ next_span ]?.from_ms ?? Infinity ) <= from_ms;
		const known = from_ms < known_until_ms ? PART_OF[ state ] : 'unknown_ms';
		return { from_ms, to_ms: edges[ index + 1 ] ?? from_ms, part: in_maintenance ? 'maintenance_ms' : known };
	} );
}

/** Spans that overlap or touch become one; empty ones vanish. */
export function merged( spans: readonly Span[] ): Span[] {
	const whole: Span[] = [];
	const sorted = spans.filter( ( span ) => span.to_ms > span.from_ms ).sort( ( a, b ) => a.from_ms - b.from_ms );
	for ( const span of sorted ) {
		const last = whole.at( -1 );
		if ( last !== undefined && span.from_ms <= last.to_ms ) {
			last.to_ms = Math.max( last.to_ms, span.to_ms );
		} else {
			whole.push( { ...span } );
		}
	}
	return whole;
}

function nothing(): UptimeParts {
	return { up_ms: 0, degraded_ms: 0, down_ms: 0, unknown_ms: 0, maintenance_ms: 0 };
}

function withRatio( parts: UptimeParts ): Uptime {
	const reachable_ms = parts.up_ms + parts.degraded_ms;
	const known_ms = reachable_ms + parts.down_ms;
	return { ...parts, uptime_ratio: known_ms === 0 ? null : reachable_ms / known_ms };
}
