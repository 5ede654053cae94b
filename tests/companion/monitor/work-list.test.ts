import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CHECK_CODES } from '../../../companion/src/contract/vocabulary.ts';
import { field, MemoryStore, SimulatedEngine, work, type Answer } from './simulated-engine.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const isRising = ( slots: readonly number[] ): boolean =>
	slots.every( ( slot_ms, index ) => index === 0 || slot_ms > ( slots[ index - 1 ] ?? Infinity ) );

/** A monitor that was paused for an hour. */
async function resumed( interval_seconds: number ): Promise< SimulatedEngine > {
	const simulated = new SimulatedEngine( [ work( 0, { interval_seconds } ) ] );
	await simulated.clock.run( 3 * MINUTE );
	simulated.set( work( 0, { interval_seconds, active: false, revision: 50 } ) );
	await simulated.clock.run( HOUR );
	// WordPress knows that nothing is known from the pause on.
	const known_until_ms = simulated.store.changes.at( -1 )?.changed_at_ms ?? null;
	simulated.set( work( 0, { interval_seconds, revision: 51, known_until_ms } ) );
	return simulated;
}

describe( 'a monitor that goes on after a pause', () => {
	it( 'is checked at once, however long its interval is', async () => {
		const simulated = await resumed( 3600 );
		const before = simulated.asked.length;
		await simulated.clock.run( 2000 );
		assert.equal( simulated.asked.length, before + 1 );
	} );

	it( 'missed nothing, and numbers its decisions on', async () => {
		const simulated = await resumed( 60 );
		await simulated.clock.run( 2 * MINUTE );
		const codes = new Set( simulated.store.rows( 'm0' ).map( ( row ) => field( row, 'error_code' ) ) );
		assert.deepEqual( codes, new Set( [ CHECK_CODES.ok ] ) );
		assert.deepEqual(
			simulated.store.changes.map( ( { seq, error_code } ) => [ seq, error_code ] ),
			[
				[ 1, 'ok' ],
				[ 2, 'paused' ],
				[ 3, 'ok' ],
			]
		);
	} );

	it( 'doubles no slot and no decision while the store takes nothing', async () => {
		let tries = 0;
		const answer = (): Answer => ( tries++ === 0 ? {} : { state: 'down' } );
		const store = new MemoryStore();
		const simulated = new SimulatedEngine( [ work( 0 ) ], { answer, store } );
		await simulated.clock.run( 10_000 );
		const { commit } = store;
		store.commit = () => {
			throw new Error( 'database is locked' );
		};
		await simulated.clock.run( 5 * MINUTE );
		simulated.set( work( 0, { active: false, revision: 50 } ) );
		await simulated.clock.run( 3000 );
		simulated.set( work( 0, { revision: 51 } ) );
		await simulated.clock.run( 3000 );
		store.commit = commit;
		await simulated.clock.run( 5 * MINUTE );
		assert.ok( isRising( store.slots( 'm0' ) ), store.slots( 'm0' ).join( ' ' ) );
		assert.ok( isRising( store.changes.map( ( { seq } ) => seq ) ), JSON.stringify( store.changes ) );
	} );
} );

describe( 'a monitor that is paused and goes on at once', () => {
	it( 'numbers its decisions on, although the pause is not stored yet', async () => {
		const simulated = new SimulatedEngine( [ work( 0 ) ] );
		await simulated.clock.run( 3 * MINUTE );
		simulated.set( work( 0, { active: false, revision: 50 } ) );
		simulated.site.checkNow( 'first', [] );
		const stored = simulated.store.outcomes.length;
		await simulated.clock.run( 50 );
		simulated.set( work( 0, { revision: 51 } ) );
		simulated.site.checkNow( 'second', [] );
		assert.equal( simulated.store.outcomes.length, stored, 'nothing was stored meanwhile' );
		await simulated.clock.run( 3 * MINUTE );
		assert.deepEqual(
			simulated.store.changes.map( ( { seq, error_code } ) => [ seq, error_code ] ),
			[
				[ 1, 'ok' ],
				[ 2, 'paused' ],
				[ 3, 'ok' ],
			]
		);
		assert.ok( isRising( simulated.store.slots( 'm0' ) ) );
	} );
} );

describe( 'a monitor whose address changes while a slot asks', () => {
	const other = ( revision: number ) => work( 0, { revision, url: 'https://other.example/' } );

	it( 'has a row of that slot, which tells of the new address', async () => {
		const answer = ( { url }: { url: string } ): Answer => ( url.includes( 'other' ) ? {} : { state: 'down', lasts_ms: 8000 } );
		const simulated = new SimulatedEngine( [ work( 0 ) ], { answer } );
		await simulated.clock.run( 3000 );
		simulated.set( other( 50 ) );
		const changed_ms = simulated.clock.mono_ms;
		await simulated.clock.run( 5 * MINUTE );
		const slots = simulated.store.slots( 'm0' );
		assert.ok( isRising( slots ) );
		assert.deepEqual(
			new Set( slots.slice( 2 ).map( ( slot_ms, index ) => slot_ms - ( slots[ index + 1 ] ?? 0 ) ) ),
			new Set( [ MINUTE ] )
		);
		assert.deepEqual(
			new Set( simulated.store.rows( 'm0' ).map( ( row ) => field( row, 'error_code' ) ) ),
			new Set( [ CHECK_CODES.ok ] )
		);
		const [ first, second ] = simulated.asked;
		assert.ok( first?.options.signal.aborted );
		assert.ok( second !== undefined && second.at_ms - changed_ms <= 1000, 'at once' );
		assert.equal( slots[ 0 ], Math.floor( first.at_ms + simulated.clock.wall_off_ms ), 'the slot that was under way' );
	} );

	it( 'has a row of each slot that was due, however often it changes', async () => {
		const simulated = new SimulatedEngine( [ work( 0, { interval_seconds: 10 } ) ], { answer: () => ( { lasts_ms: 6000 } ) } );
		await simulated.clock.run( 3000 );
		for ( let revision = 50; revision < 90; revision++ ) {
			simulated.set( work( 0, { interval_seconds: 10, revision, url: `https://d${ revision }.example/` } ) );
			await simulated.clock.run( 3700 );
		}
		await simulated.clock.run( MINUTE );
		const slots = simulated.store.slots( 'm0' );
		const steps = slots.slice( 1 ).map( ( slot_ms, index ) => slot_ms - ( slots[ index ] ?? 0 ) );
		assert.ok(
			steps.every( ( step_ms ) => step_ms > 0 && step_ms <= 10_000 ),
			steps.join( ' ' )
		);
	} );
} );

describe( 'a monitor that gets another interval', () => {
	it( 'loses no slot that was to be made up for', async () => {
		const before = new SimulatedEngine( [ work( 0, { interval_seconds: 600 } ) ] );
		await before.clock.run( 11 * MINUTE );
		before.clock.forgetTimers();
		before.clock.stop( 10 * MINUTE );
		const simulated = before.killed( {} );
		await simulated.clock.run( 2000 );
		const due = simulated.store.slots( 'm0' ).length;
		simulated.set( work( 0, { interval_seconds: 3600, revision: 9 } ) );
		await simulated.clock.run( 2000 );
		const slots = simulated.store.slots( 'm0' );
		assert.equal( slots.length, due + 1 );
		assert.equal( ( slots.at( -1 ) ?? 0 ) - ( slots.at( -2 ) ?? 0 ), 600_000 );
	} );
} );
