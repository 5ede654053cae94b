import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OwnNetwork } from '../../../companion/src/monitor/own-network.ts';
import { SimulatedClock } from './simulated-engine.ts';

function makeNetwork( anchors: string[] ) {
	const clock = new SimulatedClock();
	const events: string[] = [];
	const state = { up: new Set( anchors ), asked: [] as string[], lasts_ms: 50 };
	const ask = ( anchor: string ): Promise< boolean > => {
		state.asked.push( anchor );
		return new Promise( ( resolve ) => clock.after( state.lasts_ms, () => resolve( state.up.has( anchor ) ) ) );
	};
	const network = new OwnNetwork( { anchors, ask, clock, log: ( _level, event ) => void events.push( event ) } );
	return { network, clock, state, events };
}

test( 'one anchor that answers suffices, and all who ask at once share the answer', async () => {
	const { network, clock, state } = makeNetwork( [ 'a', 'b' ] );
	state.up.delete( 'a' );
	const judged = Promise.all( Array.from( { length: 100 }, () => network.judge( clock.mono() ) ) );
	await clock.run( 100 );
	assert.deepEqual( new Set( await judged ), new Set( [ 'online' ] ) );
	assert.deepEqual( state.asked, [ 'a', 'b' ] );
} );

test( 'a failure after the answers asks again', async () => {
	const { network, clock, state } = makeNetwork( [ 'a' ] );
	for ( let time = 0; time < 3; time++ ) {
		const judged = network.judge( clock.mono() );
		await clock.run( 1000 );
		assert.equal( await judged, 'online' );
	}
	assert.equal( state.asked.length, 3 );
} );

test( 'while it is away nobody waits, and anchors are asked every 5 s until one is back', async () => {
	const { network, clock, state, events } = makeNetwork( [ 'a', 'b' ] );
	state.up.clear();
	const first = network.judge( clock.mono() );
	await clock.run( 100 );
	assert.equal( await first, 'offline' );
	assert.equal( await network.judge( clock.mono() + 1 ), 'offline' );
	await clock.run( 60_000 );
	assert.ok( state.asked.length >= 20 && state.asked.length <= 28, String( state.asked.length ) );
	state.up.add( 'b' );
	await clock.run( 6000 );
	assert.equal( network.offline_since_ms, null );
	assert.deepEqual( events, [ 'own_network_away', 'own_network_back' ] );
	const asked = state.asked.length;
	await clock.run( 60_000 );
	assert.equal( state.asked.length, asked );
} );

test( 'after it was stopped it asks no more', async () => {
	const { network, clock, state } = makeNetwork( [ 'a' ] );
	state.up.clear();
	const judged = network.judge( clock.mono() );
	await clock.run( 100 );
	assert.equal( await judged, 'offline' );
	network.stop();
	const asked = state.asked.length;
	await clock.run( 60_000 );
	assert.equal( state.asked.length, asked );
} );
