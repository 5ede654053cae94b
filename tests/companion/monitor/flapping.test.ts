import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NOT_FLAPPING, stepFlapping } from '../../../companion/src/monitor/flapping.ts';
import { judge, NOT_JUDGED } from '../../../companion/src/monitor/judge.ts';

/** C a confirmed change, . a slot without one, ? a slot of which nothing is known; the notices with their slot. */
const cases: [ string, string, string[] ][] = [
	[ 'no changes', '.'.repeat( 50 ), [] ],
	[ 'three changes', 'C.C.C' + '.'.repeat( 40 ), [] ],
	[ 'four changes at once', 'CCCC', [ 'began@4' ] ],
	[ 'four changes in exactly 20 slots', 'C.....C.....C......C', [ 'began@20' ] ],
	[ 'four changes in 21 slots', 'C.....C.....C.......C', [] ],
	[ 'unknown slots are not counted', 'C?????.....C?????.....C??????......C', [ 'began@36' ] ],
	[ 'one more change while it flaps', 'CCCC.C', [ 'began@4' ] ],
	[ 'it is settled when none came for 20 slots', 'CCCC' + '.'.repeat( 20 ), [ 'began@4', 'settled@24' ] ],
	[ 'it is not after 19', 'CCCC' + '.'.repeat( 19 ) + 'C' + '.'.repeat( 19 ), [ 'began@4' ] ],
	[ 'it may begin again', 'CCCC' + '.'.repeat( 20 ) + 'CCCC', [ 'began@4', 'settled@24', 'began@28' ] ],
];

describe( 'flapping', () => {
	for ( const [ name, slots, expected ] of cases ) {
		it( `${ name }: ${ slots }`, () => {
			let now = NOT_FLAPPING;
			const notices = [ ...slots ].flatMap( ( letter, index ) => {
				const { flapping, notice } = stepFlapping( now, { is_known: letter !== '?', is_change: letter === 'C' } );
				now = flapping;
				return notice === null ? [] : [ `${ notice }@${ index + 1 }` ];
			} );
			assert.deepEqual( notices, expected );
		} );
	}

	it( 'keeps its list as it is until something in it is over: 10,000 monitors have one each', () => {
		const { flapping: changed } = stepFlapping( NOT_FLAPPING, { is_known: true, is_change: true } );
		const { flapping: later } = stepFlapping( changed, { is_known: true, is_change: false } );
		assert.equal( later.changed_at, changed.changed_at );
	} );

	it( 'is found in a target that alternates in blocks of three slots, with one notice and one when it is over (F27)', () => {
		let judged = NOT_JUDGED;
		let flapping = NOT_FLAPPING;
		let confirmed = 0;
		const slots = 'uuuddduuuddduuudddu' + 'u'.repeat( 30 );
		const notices = [ ...slots ].flatMap( ( letter, index ) => {
			const stepped = judge( judged, {
				slot_ms: ( index + 1 ) * 30_000,
				state: letter === 'u' ? 'up' : 'down',
				error_code: letter === 'u' ? 'ok' : 'http_status',
			} );
			judged = stepped.judged;
			const is_change = index > 0 && stepped.changes.some( ( change ) => change.kind === 'confirmed' );
			confirmed += is_change ? 1 : 0;
			const { flapping: after, notice } = stepFlapping( flapping, { is_known: true, is_change } );
			flapping = after;
			return notice ?? [];
		} );
		assert.deepEqual( notices, [ 'began', 'settled' ] );
		assert.equal( confirmed, 6 );
	} );
} );
