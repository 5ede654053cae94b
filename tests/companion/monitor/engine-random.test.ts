import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CHECK_CODES } from '../../../companion/src/contract/vocabulary.ts';
import { CONFIRMING_INTERVAL_MS } from '../../../companion/src/monitor/schedule.ts';
import { seededRandom } from './random.ts';
import { field, SimulatedEngine, work, type Answer } from './simulated-engine.ts';

const MINUTE = 60_000;
const INTERVALS = [ 10, 30, 60, 300 ];
const ANSWERS: Answer[] = [
	{},
	{},
	{},
	{ state: 'down' },
	{ state: 'down', error_code: 'header_timeout', lasts_ms: 9000 },
	{ state: 'degraded' },
	{ state: 'unknown', error_code: 'challenged' },
	{ lasts_ms: null },
];

/** Whatever answers come and whenever the process is killed, sleeps or is blocked: a slot that is stored twice would be counted
 *  twice in WordPress, and one that is lost would be a hole that nothing tells of. */
describe( 'whatever happens', () => {
	for ( let seed = 1; seed <= 30; seed++ ) {
		it( `every slot is stored once and in order, and decisions are numbered on (seed ${ seed })`, async () => {
			const random = seededRandom( seed );
			const works = Array.from( { length: 12 }, ( _, number ) =>
				work( number, { interval_seconds: INTERVALS[ random( 4 ) ] ?? 60 } )
			);
			const options = {
				answer: (): Answer => ( { lasts_ms: random( 2000 ), ...ANSWERS[ random( ANSWERS.length ) ] } ),
				anchors: random( 2 ) === 0 ? [ 'a' ] : [],
				is_anchor_up: () => random( 3 ) > 0,
			};
			let simulated = new SimulatedEngine( works, options );
			for ( let turn = 0; turn < 12; turn++ ) {
				await simulated.clock.run( random( 3 * MINUTE ) );
				const what = random( 6 );
				if ( what < 3 ) {
					// In the middle of anything: 200 ms of results are not committed yet.
					simulated = simulated.killed( options );
				} else if ( what === 3 ) {
					simulated.clock.stop( random( 10 * MINUTE ) );
				} else if ( what === 4 ) {
					simulated.site.checkNow( `job${ turn }`, [] );
				} else {
					simulated.clock.wall_off_ms += random( 20 * MINUTE ) - 10 * MINUTE;
				}
			}
			await simulated.clock.run( 12 * MINUTE );
			for ( const { monitor_uid, interval_seconds } of works ) {
				const rows = simulated.store.rows( monitor_uid );
				const slots = simulated.store.slots( monitor_uid );
				assert.ok(
					slots.every( ( slot_ms, index ) => index === 0 || slot_ms > ( slots[ index - 1 ] ?? Infinity ) ),
					monitor_uid
				);
				const numbers = simulated.store.changes.filter( ( one ) => one.monitor_uid === monitor_uid ).map( ( { seq } ) => seq );
				assert.ok(
					numbers.every( ( seq, index ) => index === 0 || seq > ( numbers[ index - 1 ] ?? Infinity ) ),
					numbers.join( ' ' )
				);
				const step_ms = interval_seconds * 1000;
				const holes = slots.slice( 1 ).map( ( slot_ms, index ) => slot_ms - ( slots[ index ] ?? slot_ms ) );
				// A slot beside the plan, and the change to and from confirming, move the next one by less than an interval.
				assert.ok(
					Math.max( ...holes ) < 2 * Math.max( step_ms, Math.min( step_ms, CONFIRMING_INTERVAL_MS ) ),
					`${ monitor_uid } ${ Math.max( ...holes ) }`
				);
				assert.ok( rows.some( ( row ) => field( row, 'error_code' ) === CHECK_CODES.ok ) );
			}
			const open = simulated.store.incidents.filter( ( { resolved_at_ms } ) => resolved_at_ms === null );
			assert.equal( new Set( open.map( ( { monitor_uid } ) => monitor_uid ) ).size, open.length, 'one open incident a monitor' );
		} );
	}
} );

describe( 'killed at fifty random points (F1)', () => {
	it( 'each slot that was due is stored once, checked or told as missed', async () => {
		const random = seededRandom( 4711 );
		const works = Array.from( { length: 40 }, ( _, number ) => work( number, { interval_seconds: 10 } ) );
		let simulated = new SimulatedEngine( works );
		for ( let kill = 0; kill < 50; kill++ ) {
			await simulated.clock.run( 500 + random( 4000 ) );
			simulated = simulated.killed( {} );
		}
		await simulated.clock.run( MINUTE );
		for ( const { monitor_uid } of works ) {
			const [ , ...slots ] = simulated.store.slots( monitor_uid );
			assert.ok(
				slots.every( ( slot_ms, index ) => index === 0 || slot_ms - ( slots[ index - 1 ] ?? 0 ) === 10_000 ),
				slots.join( ' ' )
			);
		}
	} );
} );
