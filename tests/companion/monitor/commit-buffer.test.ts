import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommitBuffer } from '../../../companion/src/monitor/commit-buffer.ts';
import type { SlotOutcome } from '../../../companion/src/monitor/ports.ts';
import { MemoryStore, SimulatedClock } from './simulated-engine.ts';

const outcome = ( number: number ): SlotOutcome => ( {
	monitor_uid: `m${ number }`,
	rows: [],
	reading: null,
	changes: [],
	incidents: [],
	progress: '{}',
	last_slot_ms: number,
} );

/** A store that notes how many outcomes came at once, and that is locked as long as a test wants. */
class Locked extends MemoryStore {
	is_locked = false;
	readonly portions: number[] = [];
	override commit = ( outcomes: readonly SlotOutcome[] ): void => {
		if ( this.is_locked ) {
			throw new Error( 'database is locked' );
		}
		this.portions.push( outcomes.length );
		this.outcomes.push( ...outcomes );
	};
}

function makeBuffer() {
	const clock = new SimulatedClock();
	const store = new Locked();
	const events: string[] = [];
	const told: number[] = [];
	const buffer = new CommitBuffer( clock, ( _level, event ) => void events.push( event ) );
	const site = { store, committed: ( outcomes: readonly SlotOutcome[] ) => void told.push( outcomes.length ) };
	return { clock, store, events, told, push: ( number: number ) => buffer.push( site, outcome( number ) ), buffer };
}

test( 'what comes within 200 ms shares a transaction', async () => {
	const { clock, store, told, push } = makeBuffer();
	push( 1 );
	await clock.run( 150 );
	push( 2 );
	assert.deepEqual( store.portions, [] );
	await clock.run( 60 );
	push( 3 );
	await clock.run( 200 );
	assert.deepEqual(
		[ store.portions, told ],
		[
			[ 2, 1 ],
			[ 2, 1 ],
		]
	);
} );

test( '500 outcomes do not wait', () => {
	const { store, push } = makeBuffer();
	for ( let number = 0; number < 1200; number++ ) {
		push( number );
	}
	assert.deepEqual( store.portions, [ 500, 500 ] );
} );

test( 'what a locked store does not take is kept in its order, told once, and stored later (F7)', async () => {
	const { clock, store, events, told, push } = makeBuffer();
	store.is_locked = true;
	for ( let number = 0; number < 700; number++ ) {
		push( number );
	}
	await clock.run( 5000 );
	assert.deepEqual( [ store.portions, told, events ], [ [], [], [ 'store_failed' ] ] );
	store.is_locked = false;
	await clock.run( 1000 );
	assert.deepEqual( store.portions, [ 700 ] );
	assert.ok( store.outcomes.every( ( one, index ) => one.last_slot_ms === index ) );
	store.is_locked = true;
	push( 1 );
	await clock.run( 300 );
	assert.equal( events.length, 2 );
} );
