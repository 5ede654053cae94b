import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MonitorState } from '../../../companion/src/contract/vocabulary.ts';
import { isConfirming, judge, judgeMissed, NOT_JUDGED, withhold, type Change, type Judged } from '../../../companion/src/monitor/judge.ts';
import { uptimeOf } from '../../../companion/src/monitor/uptime.ts';
import { seededRandom } from './random.ts';

const SLOT_MS = 30_000;
const STATES: { [ letter: string ]: MonitorState } = { u: 'up', g: 'degraded', d: 'down', '?': 'unknown' };

/** Judges slots 1, 2, 3 and so on: u up, g degraded, d down, ? unknown, . no slot at all. */
function judged( slots: string, before: Judged = NOT_JUDGED ): { judged: Judged; changes: Change[] } {
	return [ ...slots.replaceAll( ' ', '' ) ].reduce< { judged: Judged; changes: Change[] } >(
		( so_far, letter, index ) => {
			const state = STATES[ letter ];
			if ( state === undefined ) {
				return so_far;
			}
			const error_code = state === 'up' ? 'ok' : state === 'unknown' ? 'self_offline' : 'http_status';
			const { judged: after, changes } = judge( so_far.judged, { slot_ms: ( index + 1 ) * SLOT_MS, state, error_code } );
			return { judged: after, changes: [ ...so_far.changes, ...changes ] };
		},
		{ judged: before, changes: [] }
	);
}

const shown = ( changes: Change[] ): string =>
	changes.map( ( { state, slot_ms, kind } ) => `${ kind === 'reading' ? '~' : '' }${ state }@${ slot_ms / SLOT_MS }` ).join( ' ' );

/** Slots; the changes ("state@slot", with ~ when only the reading came or went); whether a change is being confirmed at the end. */
const cases: [ string, string, string, boolean ][] = [
	[ 'the first up is believed', 'u', 'up@1', false ],
	[ 'the first degraded is believed', 'g', 'degraded@1', false ],
	[ 'the first down is not', 'd', '', true ],
	[ 'a monitor that is down from the start is so from its first slot', 'dd', 'down@1', false ],
	[ 'down, up, up at the start is up from the second slot', 'duu', 'up@2', false ],
	[ 'down, up, down at the start is down from the first slot', 'dud', 'down@1', false ],
	[ 'nothing is known: nothing changes', '????', '', false ],
	[ 'up stays up', 'uuuuu', 'up@1', false ],
	[ 'a single blip is no change', 'uudu', 'up@1', true ],
	[ 'two of three are up: the blip is forgotten', 'uuduu', 'up@1', false ],
	[ 'a blip now and then is none', 'uuduu uuduu uuduu', 'up@1', false ],
	[ 'two downs in a row are a change, from the first of them', 'uudd', 'up@1 down@3', false ],
	[ 'two downs of three are a change, from the first of them', 'uudud', 'up@1 down@3', false ],
	[ 'recovery needs two of three as well', 'uuddu', 'up@1 down@3', true ],
	[ 'recovery is from the first slot that was up', 'uudduu', 'up@1 down@3 up@5', false ],
	[ 'recovery with one more failure', 'uuddudu', 'up@1 down@3 up@5', false ],
	[ 'a blip of up is no recovery', 'uuddudd', 'up@1 down@3', false ],
	[ 'unknown never opens', 'uu????????', 'up@1 ~unknown@3', false ],
	[ 'unknown is no vote for down', 'uud?', 'up@1 ~unknown@4', true ],
	[ 'unknown between two downs does not hinder them', 'uud?d', 'up@1 ~unknown@4 down@3 ~down@5', false ],
	[ 'unknown never closes', 'uudd??', 'up@1 down@3 ~unknown@5', false ],
	[ 'after unknown the old state holds at once', 'uu??u', 'up@1 ~unknown@3 ~up@5', false ],
	[ 'after unknown a failure is confirmed as ever', 'uu??d', 'up@1 ~unknown@3 ~up@5', true ],
	[ 'after unknown, down is from its first slot', 'uu??dd', 'up@1 ~unknown@3 ~up@5 down@5', false ],
	[ 'after unknown, down stays down', 'dd??d', 'down@1 ~unknown@3 ~down@5', false ],
	[ 'degraded needs two of three', 'uuguu', 'up@1', false ],
	[ 'degraded twice is a change', 'uugg', 'up@1 degraded@3', false ],
	[ 'degraded recovers as down does', 'uugguu', 'up@1 degraded@3 up@5', false ],
	[ 'from degraded to down', 'ggdd', 'degraded@1 down@3', false ],
	[ 'up, degraded and down once each leave up as it is', 'uudgu', 'up@1', false ],
	[ 'and degraded as it is', 'ggdug', 'degraded@1', false ],
	[ 'and end down, as degraded from the first slot that could be reached', 'ddugd', 'down@1 degraded@3', false ],
	[ 'a vote of more than ten minutes ago is none', 'uud.....................d', 'up@1', true ],
	[ 'nor does it go on while nothing is known', 'uud??????????????????????', 'up@1 ~unknown@4', false ],
	[ 'but then it begins anew', 'uud.....................dd', 'up@1 down@25', false ],
	[ 'an old vote and a slot that is up: all is well', 'uud.....................u', 'up@1', false ],
];

describe( 'judging', () => {
	for ( const [ name, slots, changes, is_confirming ] of cases ) {
		it( `${ name }: ${ slots }`, () => {
			const end = judged( slots );
			assert.equal( shown( end.changes ), changes );
			assert.equal( isConfirming( end.judged ), is_confirming );
		} );
	}

	it( 'carries the code of the slot that agreed first', () => {
		const up = judged( 'u' ).judged;
		const first = judge( up, { slot_ms: 2 * SLOT_MS, state: 'down', error_code: 'connect_timeout' } );
		const second = judge( first.judged, { slot_ms: 3 * SLOT_MS, state: 'down', error_code: 'http_status' } );
		assert.deepEqual( second.changes, [ { slot_ms: 2 * SLOT_MS, state: 'down', error_code: 'connect_timeout', kind: 'confirmed' } ] );
	} );

	it( 'keeps the reason of a failure over a time in which nothing is known', () => {
		assert.equal( judged( 'dd??u' ).changes.at( -1 )?.error_code, 'http_status' );
		assert.equal( judged( 'dd??' ).changes.at( -1 )?.error_code, 'self_offline' );
	} );

	it( 'ignores a slot that comes again, and one that comes late', () => {
		const end = judged( 'uud' ).judged;
		for ( const slot of [ 1, 2, 3 ] ) {
			assert.deepEqual( judge( end, { slot_ms: slot * SLOT_MS, state: 'down', error_code: 'http_status' } ), {
				judged: end,
				changes: [],
			} );
		}
	} );

	it( 'takes missed slots as one time in which nothing is known', () => {
		const { judged: after, changes } = judgeMissed( judged( 'uu' ).judged, {
			first_slot_ms: 3 * SLOT_MS,
			last_slot_ms: 9 * SLOT_MS,
			reason: 'suspended',
		} );
		assert.deepEqual( changes, [ { slot_ms: 3 * SLOT_MS, state: 'unknown', error_code: 'suspended', kind: 'reading' } ] );
		assert.equal( shown( judge( after, { slot_ms: 10 * SLOT_MS, state: 'up', error_code: 'ok' } ).changes ), '~up@10' );
		assert.deepEqual( judge( after, { slot_ms: 9 * SLOT_MS, state: 'down', error_code: 'http_status' } ).changes, [] );
	} );

	it( 'withholds what is not well in maintenance or below a parent that is down, and never what is', () => {
		const of = ( state: MonitorState ): MonitorState => withhold( { slot_ms: 1, state, error_code: 'ok' } ).state;
		assert.deepEqual( [ of( 'up' ), of( 'degraded' ), of( 'down' ), of( 'unknown' ) ], [ 'up', 'unknown', 'unknown', 'unknown' ] );
	} );

	it( 'gives an outage its whole length, but not the slot in it of which nothing is known', () => {
		const { changes } = judged( 'uu d?d dd uu' );
		const rows = changes.map( ( { slot_ms, state }, seq ) => ( { at_ms: slot_ms, epoch: 1, seq, state } ) );
		const source = { changes: rows, maintenance: [], known_until_ms: 10 * SLOT_MS };
		const { up_ms, down_ms, unknown_ms } = uptimeOf( source, { from_ms: SLOT_MS, to_ms: 10 * SLOT_MS } );
		assert.deepEqual(
			[ up_ms, down_ms, unknown_ms ].map( ( part ) => part / SLOT_MS ),
			[ 4, 4, 1 ]
		);
	} );
} );

// An alarm at night for nothing, and a failure that is never told, are the two ways in which a monitor loses its reader.
describe( 'judging, whatever comes', () => {
	const anySlots = ( random: ( below: number ) => number, letters: string ): string =>
		Array.from( { length: 60 }, () => letters[ random( letters.length ) ] ).join( '' );
	const confirmed = ( changes: Change[] ): Change[] => changes.filter( ( change ) => change.kind === 'confirmed' );

	it( 'decides within three slots, tells no change twice, and only what two of three slots say', () => {
		for ( let seed = 1; seed <= 2000; seed++ ) {
			const slots = anySlots( seededRandom( seed ), 'uuuugddd' );
			let now = NOT_JUDGED;
			let votes = 0;
			let told: MonitorState = 'unknown';
			for ( const [ index, letter ] of [ ...slots ].entries() ) {
				const { judged: after, changes } = judge( now, {
					slot_ms: ( index + 1 ) * SLOT_MS,
					state: STATES[ letter ] ?? 'up',
					error_code: 'ok',
				} );
				now = after;
				votes = isConfirming( after ) ? votes + 1 : 0;
				assert.ok( votes < 3, `seed ${ seed }` );
				for ( const change of confirmed( changes ) ) {
					assert.notEqual( change.state, told );
					told = change.state;
					const last = slots.slice( Math.max( 0, index - 2 ), index + 1 );
					assert.ok( change.state !== 'down' || [ ...last ].filter( ( one ) => one === 'd' ).length >= 2 );
					assert.ok( change.state === 'down' || slots[ change.slot_ms / SLOT_MS - 1 ] !== 'd' );
				}
			}
			assert.equal( now.state, told );
		}
	} );

	it( 'confirms the same with unknown slots in between as without them', () => {
		for ( let seed = 1; seed <= 2000; seed++ ) {
			const random = seededRandom( seed );
			const slots = anySlots( random, 'uuuugddd.' );
			// Unknown slots take places in which there was none, so that all others keep their instants.
			const with_unknown = slots.replaceAll( '.', () => ( random( 2 ) === 0 ? '?' : '.' ) );
			assert.equal(
				shown( confirmed( judged( with_unknown ).changes ) ),
				shown( confirmed( judged( slots ).changes ) ),
				`seed ${ seed }`
			);
		}
	} );
} );
