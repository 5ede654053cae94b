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
