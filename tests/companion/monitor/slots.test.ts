import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Slots } from '../../../companion/src/monitor/slots.ts';
import { seededRandom } from './random.ts';

const many = ( count: number, name: string, is_slow = false, begin_before_mono_ms = Infinity ) =>
	Array.from( { length: count }, ( _, index ) => ( { key: `${ name }${ index }`, is_slow, begin_before_mono_ms } ) );

function slotsWith( ...waiting: ReturnType< typeof many > ): Slots {
	const slots = new Slots( { timed: 4, timed_slow: 1, total: 10 } );
	waiting.forEach( ( one ) => slots.offer( one ) );
	return slots;
}

describe( 'the slots of checks', () => {
	it( 'begin as many as are timed at once, in the order in which they came', () => {
		const slots = slotsWith( ...many( 6, 'a' ) );
		assert.deepEqual( slots.begin( 0 ), { begun: [ 'a0', 'a1', 'a2', 'a3' ], given_up: [] } );
		assert.deepEqual( slots.begin( 1 ).begun, [] );
		slots.finish( 'a2' );
		assert.deepEqual( slots.begin( 2 ).begun, [ 'a4' ] );
	} );

	it( 'are given back by a check older than a second, which runs on', () => {
		const slots = slotsWith( ...many( 6, 'a' ) );
		slots.begin( 0 );
		assert.equal( slots.next(), 1000 );
		assert.deepEqual( slots.begin( 999 ).begun, [] );
		assert.deepEqual( slots.begin( 1000 ).begun, [ 'a4', 'a5' ] );
		assert.equal( slots.running, 6 );
		assert.equal( slots.next(), Infinity );
	} );

	it( 'keep slow targets to a share of their own', () => {
		const slots = slotsWith( ...many( 5, 'slow', true ), ...many( 5, 'fast' ) );
		assert.deepEqual( slots.begin( 0 ).begun, [ 'fast0', 'fast1', 'fast2', 'fast3' ] );
		[ 'fast0', 'fast1', 'fast2', 'fast3' ].forEach( ( key ) => slots.finish( key ) );
		assert.deepEqual( slots.begin( 1 ).begun, [ 'fast4', 'slow0' ] );
	} );

	it( 'have room for a fast target however many dead ones hang', () => {
		const slots = slotsWith( ...many( 30, 'dead', true ) );
		for ( let now = 0; now < 20_000; now += 1000 ) {
			slots.begin( now );
		}
		assert.equal( slots.running, 6 );
		many( 4, 'fast' ).forEach( ( one ) => slots.offer( one ) );
		assert.deepEqual( slots.begin( 20_000 ).begun, [ 'fast0', 'fast1', 'fast2', 'fast3' ] );
		[ 'dead0', 'dead1', 'dead2', 'fast0' ].forEach( ( key ) => slots.finish( key ) );
		assert.deepEqual( slots.begin( 20_001 ).begun, [ 'dead6' ] );
	} );

	it( 'give up what waited too long, and do not let it stop the others', () => {
		const slots = slotsWith( ...many( 4, 'a' ), ...many( 2, 'late', false, 500 ), ...many( 1, 'b' ) );
		slots.begin( 0 );
		assert.deepEqual( slots.begin( 1000 ), { begun: [ 'b0' ], given_up: [ 'late0', 'late1' ] } );
		assert.equal( slots.waiting, 0 );
	} );

	it( 'take the end of an unknown check as nothing', () => {
		const slots = slotsWith( ...many( 5, 'a' ) );
		slots.begin( 0 );
		slots.finish( 'b' );
		slots.finish( 'a0' );
		slots.finish( 'a0' );
		assert.deepEqual( slots.begin( 1 ).begun, [ 'a4' ] );
	} );

	it( 'finish 1,000 URLs of which 5 % are dead for 10 s about as soon as the dead ones alone', () => {
		for ( let seed = 1; seed <= 20; seed++ ) {
			assert.ok( secondsOf( seed ) <= 11.2, `seed ${ seed } took ${ secondsOf( seed ) } s` );
		}
	} );

	it( 'never run more than they may, and begin everything once', () => {
		for ( let seed = 1; seed <= 300; seed++ ) {
			const random = seededRandom( seed );
			const slots = new Slots( { timed: 4, timed_slow: 1, total: 10 } );
			const begun: string[] = [];
			const running = new Map< string, number >();
			for ( let now = 0, made = 0; made < 100 || running.size > 0; now += random( 300 ) ) {
				if ( made < 100 ) {
					slots.offer( { key: `k${ made++ }`, is_slow: random( 2 ) === 0, begin_before_mono_ms: Infinity } );
				}
				[ ...running.keys() ]
					.filter( () => random( 4 ) === 0 )
					.forEach( ( key ) => {
						slots.finish( key );
						running.delete( key );
					} );
				for ( const key of slots.begin( now ).begun ) {
					begun.push( key );
					running.set( key, now );
				}
				assert.equal( slots.running, running.size );
				assert.ok( running.size <= 10 );
				assert.ok( [ ...running.values() ].filter( ( at ) => now - at < 1000 ).length <= 4 );
			}
			slots.begin( Infinity );
			assert.equal( new Set( begun ).size, begun.length );
			assert.equal( begun.length + slots.waiting + ( slots.running - running.size ), 100 );
		}
	} );
} );

/** How long a run of 1,000 targets takes on a simulated clock: 950 answer after 5 ms, 50 at random places never do. */
function secondsOf( seed: number ): number {
	const random = seededRandom( seed );
	const slots = new Slots();
	const dead = new Set( Array.from( { length: 50 }, () => `u${ random( 1000 ) }` ) );
	many( 1000, 'u' ).forEach( ( one ) => slots.offer( one ) );
	const ends = new Map< string, number >();
	let now = 0;
	while ( slots.waiting > 0 || ends.size > 0 ) {
		slots.begin( now ).begun.forEach( ( key ) => ends.set( key, now + ( dead.has( key ) ? 10_000 : 5 ) ) );
		now = Math.min( slots.next(), ...ends.values() );
		[ ...ends ]
			.filter( ( [ , at ] ) => at <= now )
			.forEach( ( [ key ] ) => {
				slots.finish( key );
				ends.delete( key );
			} );
	}
	return now / 1000;
}
