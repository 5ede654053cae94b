import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { ExchangeOptions } from '../../../companion/src/exchange/exchange.ts';
import { monitorStore, type MonitorStore } from '../../../companion/src/store/monitor-store.ts';
import { MemoryStore, SimulatedClock, SimulatedEngine, WALL, work } from '../monitor/simulated-engine.ts';
import { newHarness, type Harness } from './loop-harness.ts';
import { uidFor } from './monitor-peer.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const UID = uidFor( 1 );

/** The store of the loop, as the engine of a simulation takes it. */
class StoreOfLoop extends MemoryStore {
	constructor( store: MonitorStore ) {
		super();
		this.commit = store.commit;
		this.progressOf = store.progressOf;
		this.lastLineMs = store.lastLineMs;
		this.trustTime = store.trustTime;
		this.shift = store.shift;
	}
}

type Companion = { simulated: SimulatedEngine; monitors: MonitorStore; runUntil: ( condition: () => boolean ) => Promise< void > };

/** A process of the companion: its engine, its loop and its store, with one clock. */
function start( harness: Harness, clock: SimulatedClock ): Companion {
	const monitors = monitorStore( { database: harness.database, site_id: harness.keyring.sites()[ 0 ]?.site_id ?? '', now: clock.wall } );
	const works = [ work( 0, { monitor_uid: UID, revision: 0 } ) ];
	const simulated = new SimulatedEngine( works, { clock, store: new StoreOfLoop( monitors ) } );
	const exchange_clock: ExchangeOptions[ 'clock' ] = {
		now: clock.wall,
		sleep: () => new Promise( ( resolve ) => setTimeout( resolve, 5 ) ),
	};
	return {
		simulated,
		monitors,
		runUntil: ( condition ) => harness.runUntil( condition, { monitors, monitoring: simulated.site, clock: exchange_clock } ),
	};
}

/** Ten minutes with WordPress, ten off while the clock is changed, then fifteen in which WordPress refuses all calls. */
async function restarted( context: TestContext, by_ms: number ) {
	const harness = await newHarness( context );
	const clock = new SimulatedClock();
	const trueNow = (): number => Math.floor( clock.mono() + WALL - 1000 );
	const { peer } = harness;
	peer.now = trueNow;
	const slots = (): number[] => [ ...( peer.monitoring.checks.get( UID )?.keys() ?? [] ) ];
	const before = start( harness, clock );
	await before.runUntil( () => before.simulated.site.knowsTime() );
	await clock.run( 10 * MINUTE );
	await before.runUntil( () => slots().length >= 10 && harness.batches.count() === 0 );
	clock.forgetTimers();
	await before.simulated.engine.stop( 0 );
	clock.stop( 10 * MINUTE );
	clock.wall_off_ms += by_ms;
	const restart_ms = trueNow();
	const sent = slots();
	const after = start( harness, clock );
	peer.fault = () => ( { kind: 'answer', status: 503 } );
	peer.calls.length = 0;
	await clock.run( 15 * MINUTE );
	await after.runUntil( () => peer.calls.length >= 3 );
	assert.deepEqual(
		peer.calls.flatMap( ( { exchange } ) => exchange?.batch ?? [] ),
		[],
		'times that may be wrong are not sent'
	);
	assert.equal( harness.batches.count(), 0, 'nor sealed' );
	peer.fault = () => null;
	return { harness, clock, after, sent, slots, restart_ms, trueNow };
}

const isDelivered = ( { after, harness }: Awaited< ReturnType< typeof restarted > > ): boolean =>
	after.monitors.vitals( harness.batches.monitoringCount() ).unsent_count === 0;

function assertRight( { sent, slots, restart_ms, trueNow, harness }: Awaited< ReturnType< typeof restarted > > ): void {
	const all = slots();
	const anew = all.filter( ( slot_ms ) => ! sent.includes( slot_ms ) );
	assert.ok( anew.filter( ( slot_ms ) => slot_ms >= restart_ms - MINUTE ).length >= 14, 'what was measured meanwhile is there' );
	assert.ok( Math.max( ...all ) <= trueNow() );
	const sorted = all.toSorted( ( a, b ) => a - b );
	assert.ok(
		sorted.every( ( slot_ms, index ) => index === 0 || slot_ms - ( sorted[ index - 1 ] ?? 0 ) <= 2 * MINUTE ),
		'no hole'
	);
	const { checkTimes, change_rows } = harness.peer.monitoring;
	assert.equal( Math.max( ...checkTimes.values() ), 1 );
	assert.ok( change_rows.every( ( { changed_at_ms } ) => changed_at_ms <= trueNow() ) );
	assert.ok( change_rows.some( ( { error_code } ) => error_code === 'missed' ) );
	const newest = change_rows.toSorted( ( a, b ) => a.changed_at_ms - b.changed_at_ms || a.seq - b.seq ).at( -1 );
	assert.equal( newest?.state, 'up' );
}

for ( const hours of [ 20, -20 ] ) {
	test( `a clock that was set ${ hours } h while the companion was off: all arrives where it was, once WordPress told its time`, async ( context ) => {
		const found = await restarted( context, hours * 3_600_000 );
		const { after, clock } = found;
		await after.runUntil( () => after.simulated.site.knowsTime() );
		await clock.run( MINUTE );
		await after.runUntil( () => isDelivered( found ) );
		assertRight( found );
	} );
}

for ( const days of [ 30, -30 ] ) {
	test( `a clock that was set ${ days } d: nothing is sent until it is right again, and then all is where it was`, async ( context ) => {
		const found = await restarted( context, days * DAY );
		const { after, clock, harness, slots, sent } = found;
		await after.runUntil( () => after.simulated.site.knowsTime() );
		assert.ok( harness.log.some( ( { event, fields } ) => event === 'exchange_waits' && fields.error_code === 'clock_skew' ) );
		assert.deepEqual( slots(), sent );
		clock.wall_off_ms -= days * DAY;
		await clock.run( MINUTE );
		await after.runUntil( () => isDelivered( found ) );
		assertRight( found );
	} );
}
