import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { openDatabase } from '../../../companion/src/store/database.ts';
import type { MonitoringRows } from '../../../companion/src/store/pending-batch.ts';
import { monitorStore, type MonitorStore } from '../../../companion/src/store/monitor-store.ts';
import { MemoryStore, SimulatedClock, SimulatedEngine, SITE, WALL, work, type SimulatedOptions } from './simulated-engine.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The engine's store in a real file. */
class StoreInFile extends MemoryStore {
	file: MonitorStore;
	readonly reopen: () => void;

	constructor( context: TestContext ) {
		super();
		const folder = mkdtempSync( join( tmpdir(), 'rollcall-time-' ) );
		const database = openDatabase( folder, 0 );
		const opened = (): MonitorStore => monitorStore( { database, site_id: SITE, now: () => WALL } );
		this.file = opened();
		this.reopen = () => {
			this.file = opened();
		};
		context.after( () => {
			database.close();
			rmSync( folder, { recursive: true } );
		} );
		this.commit = ( outcomes ) => this.file.commit( outcomes );
		this.progressOf = ( monitor_uid ) => this.file.progressOf( monitor_uid );
		this.lastLineMs = () => this.file.lastLineMs();
		this.trustTime = () => this.file.trustTime();
		this.shift = ( ...how ) => this.file.shift( ...how );
	}

	/** All that waits, which WordPress then signs for. */
	deliver(): MonitoringRows {
		let all: MonitoringRows = { checks: [], readings: [], state_changes: [], incidents: [] };
		this.file.take( 100_000_000, ( rows ) => ( all = rows ) );
		return all;
	}
}

type Row = { slot_ms: number; is_asked: boolean };
const rowsOf = ( { checks }: MonitoringRows, monitor_uid: string ): Row[] =>
	checks
		.filter( ( group ) => group.monitor_uid === monitor_uid )
		.flatMap( ( { rows } ) => rows )
		.map( ( row ) => ( { slot_ms: Number.parseInt( row, 10 ), is_asked: row.split( ',' )[ 10 ] !== '0' } ) );

const UIDS = [ 0, 1, 2, 3, 4 ].map( ( number ) => `m${ number }` );

/** Ten minutes with WordPress, ten off while the clock is changed, and fifteen without WordPress. `true_ms` is its time. */
async function restarted( context: TestContext, by_ms: number, options: SimulatedOptions = {} ) {
	const clock = new SimulatedClock();
	const store = new StoreInFile( context );
	const trueNow = (): number => clock.mono() + WALL - 1000;
	const works = UIDS.map( ( _, number ) => work( number ) );
	const before = new SimulatedEngine( works, { ...options, store, clock } );
	before.site.heardTime( trueNow(), 0 );
	await clock.run( 10 * MINUTE );
	before.site.heardTime( trueNow(), 0 );
	const sent = store.deliver();
	// What the last 200 ms brought is lost with the process; its slots come again.
	clock.forgetTimers();
	await before.engine.stop( 0 );
	store.deliver().checks.forEach( ( group ) => sent.checks.push( group ) );
	clock.stop( 10 * MINUTE );
	clock.wall_off_ms += by_ms;
	const restart_ms = trueNow();
	store.reopen();
	const after = new SimulatedEngine( works, { ...options, store, clock } );
	await clock.run( 15 * MINUTE );
	return { clock, store, after, sent, restart_ms, trueNow };
}

describe( 'when the clock was changed while the companion was off, and WordPress was away', () => {
	for ( const [ name, by_ms ] of [
		[ 'an hour ahead', HOUR ],
		[ 'a day ahead', DAY ],
		[ '30 days ahead', 30 * DAY ],
		[ 'an hour back', -HOUR ],
		[ 'a day back', -DAY ],
		[ '30 days back', -30 * DAY ],
	] as const ) {
		it( `${ name }, all slots are where they were in truth, once WordPress told the time`, async ( context ) => {
			const { clock, store, after, sent, restart_ms, trueNow } = await restarted( context, by_ms );
			assert.equal( after.site.knowsTime(), false, 'nothing may be sent yet' );
			after.site.heardTime( trueNow(), 0 );
			const heard_ms = trueNow();
			assert.equal( after.site.knowsTime(), true );
			const asked = after.asked.length;
			await clock.run( 5 * MINUTE );
			assert.ok( after.asked.length - asked >= 20 && after.asked.length - asked <= 30, 'neither burst nor silence' );
			const found = store.deliver();
			assert.ok( after.events.includes( 'time_corrected' ) );
			assert.equal( store.file.vitals( 0 ).dropped_count, 0 );
			for ( const uid of UIDS ) {
				const rows = rowsOf( found, uid );
				const slots = rows.map( ( { slot_ms } ) => slot_ms );
				assert.equal( new Set( slots ).size, slots.length );
				assert.ok( Math.max( ...slots ) <= trueNow(), 'none is in the future' );
				assert.ok(
					Math.min( ...slots ) > Math.max( ...rowsOf( sent, uid ).map( ( { slot_ms } ) => slot_ms ) ),
					'none is told twice'
				);
				const measured = rows.filter( ( { is_asked } ) => is_asked );
				const unsure = measured.filter( ( { slot_ms } ) => slot_ms <= heard_ms );
				assert.ok( unsure.length >= 14 && unsure.every( ( { slot_ms } ) => slot_ms >= restart_ms - MINUTE ), 'nothing is lost' );
				const sorted = [ ...rowsOf( sent, uid ).map( ( { slot_ms } ) => slot_ms ), ...slots ].toSorted( ( a, b ) => a - b );
				const widest = Math.max( ...sorted.slice( 1 ).map( ( at, index ) => at - ( sorted[ index ] ?? at ) ) );
				assert.ok( widest <= 2 * MINUTE, `a hole of ${ widest } ms` );
			}
			assert.ok( found.state_changes.every( ( { changed_at_ms } ) => changed_at_ms <= trueNow() ) );
			assert.ok( found.state_changes.some( ( { error_code } ) => error_code === 'missed' ) );
			const last = found.state_changes
				.filter( ( { monitor_uid } ) => monitor_uid === 'm0' )
				.toSorted( ( a, b ) => a.seq - b.seq )
				.at( -1 );
			assert.equal( last?.state, 'up' );
		} );
	}

	for ( const [ name, by_ms ] of [
		[ 'ahead', 30 * DAY ],
		[ 'back', -30 * DAY ],
	] as const ) {
		it( `30 days ${ name }, an incident of that time begins when it did`, async ( context ) => {
			const down_ms = 1000 + 25 * MINUTE;
			const answer: SimulatedOptions[ 'answer' ] = ( _work, at_ms ) => ( { state: at_ms > down_ms ? 'down' : 'up' } );
			const { store, after, trueNow } = await restarted( context, by_ms, { answer } );
			after.site.heardTime( trueNow(), 0 );
			const { incidents } = store.deliver();
			assert.equal( incidents.length, UIDS.length );
			for ( const { opened_at_ms, judged_at_ms } of incidents ) {
				assert.ok( Math.abs( opened_at_ms - WALL - 25 * MINUTE ) <= 2 * MINUTE );
				assert.ok( judged_at_ms <= trueNow() );
			}
		} );
	}
} );
