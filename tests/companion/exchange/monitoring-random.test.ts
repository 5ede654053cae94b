import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeMonitoring, newHarness, type Harness } from './loop-harness.ts';
import { makeChange, makeIncident, makeOutcome, makeWork, uidFor } from './monitor-peer.ts';
import type { Fault, SeenCall } from './wordpress-peer.ts';

/** Same seed, same faults. https://github.com/bryc/code/blob/master/jshash/PRNGs.md, mulberry32. */
function random( seed: number ): () => number {
	let state = seed;
	return () => {
		state = ( state + 0x6d2b79f5 ) | 0;
		let mixed = Math.imul( state ^ ( state >>> 15 ), 1 | state );
		mixed = ( mixed + Math.imul( mixed ^ ( mixed >>> 7 ), 61 | mixed ) ) ^ mixed;
		return ( ( mixed ^ ( mixed >>> 14 ) ) >>> 0 ) / 4_294_967_296;
	};
}

const MONITORS = 12;

type Engine = { epoch: number; seq: number; slot: number; checks: Set< string >; changes: Map< string, number > };

/** What an engine commits: a slot of every monitor, now and then with a decision. */
function commitSome( { monitors }: Harness, engine: Engine, draw: () => number ): void {
	engine.slot++;
	monitors.commit(
		Array.from( { length: MONITORS }, ( _, monitor ) => {
			const decides = draw() < 0.15 && engine.epoch > 0;
			const change = makeChange( { monitor_uid: uidFor( monitor ), judge_epoch: engine.epoch, seq: engine.seq + 1 } );
			if ( decides ) {
				engine.seq++;
				engine.changes.set( `${ change.monitor_uid } ${ change.judge_epoch } ${ change.seq }`, engine.epoch );
			}
			const outcome = makeOutcome( monitor, engine.slot, decides ? { changes: [ change ] } : {} );
			engine.checks.add( `${ outcome.monitor_uid } ${ outcome.last_slot_ms }` );
			return decides && draw() < 0.5
				? { ...outcome, incidents: [ makeIncident( { incident_uid: uidFor( 5000 + engine.seq ), judge_epoch: engine.epoch } ) ] }
				: outcome;
		} )
	);
}

const HTML = '<h1>Error</h1>';

/** Ways in which no answer of the site comes back, whether it stored the batch or not. */
const lost = ( draw: () => number ): Fault[] => [
	{ kind: 'slow', bytes_a_second: 1 },
	{ kind: 'answer', status: 200, body: HTML },
	{ kind: 'answer', status: 503, body: HTML },
	{ kind: 'answer', status: 404, body: HTML },
	{ kind: 'answer', status: 302, headers: { location: 'https://wp.example/wp-login.php' }, body: '' },
	{ kind: 'mangle', change: ( body ) => body.slice( 0, Math.floor( draw() * body.length ) ) },
	{ kind: 'mangle', change: ( body ) => body.replace( 'accepted', 'acceptee' ) },
];

/** Refusals of one batch, after which it is cut and gets other ids. */
const refused = (): Fault[] => [
	{ kind: 'answer', status: 413, body: HTML },
	{ kind: 'answer', status: 403, body: HTML },
	{ kind: 'reset' },
	{ kind: 'drop' },
];

function faultFor( call: SeenCall, draw: () => number, is_cutting: boolean ): Fault | null {
	const kinds = [ ...lost( draw ), ...( is_cutting ? [ ...refused(), ...refused() ] : [] ) ];
	const is_too_large = is_cutting && call.exchange?.batch !== null && call.body.length > 40_000;
	const fault = draw() < 0.35 ? kinds[ Math.floor( draw() * kinds.length ) ] : undefined;
	return is_too_large ? { kind: 'answer', status: 413, body: HTML } : ( fault ?? null );
}

// A batch that was stored unheard and then cut comes a second time under other ids; WordPress knows its rows by their keys.
for ( const [ seed, is_cutting ] of [
	[ 1, false ],
	[ 2, false ],
	[ 3, false ],
	[ 4, true ],
	[ 5, true ],
	[ 6, true ],
] as const ) {
	const faults = is_cutting ? 'refused batches, other judges and lost answers' : 'lost answers';
	test( `with ${ faults } every row arrives, and none that was not committed (seed ${ seed })`, async ( context ) => {
		const harness = await newHarness( context );
		const draw = random( seed );
		const engine: Engine = { epoch: 0, seq: 0, slot: 0, checks: new Set(), changes: new Map() };
		let urge = (): void => {};
		harness.monitoring = makeMonitoring( {
			setEpoch( epoch ) {
				engine.seq = epoch === engine.epoch ? engine.seq : 0;
				engine.epoch = epoch;
			},
			onUrgent: ( callback ) => ( urge = callback ),
		} );
		const { monitoring } = harness.peer;
		monitoring.monitors = Array.from( { length: MONITORS }, ( _, index ) =>
			makeWork( { monitor_uid: uidFor( index ), revision: index + 1 } )
		);
		let calls = 0;
		harness.peer.fault = ( call ) => {
			calls++;
			if ( engine.slot < 120 ) {
				commitSome( harness, engine, draw );
				urge();
			}
			if ( is_cutting && engine.slot < 115 && draw() < 0.03 ) {
				monitoring.judge_epoch++;
			}
			return engine.slot < 120 ? faultFor( call, draw, is_cutting ) : null;
		};
		const isOver = (): boolean =>
			engine.slot >= 120 && harness.batches.count() === 0 && harness.monitors.vitals( 0 ).unsent_count === 0;
		for ( let restarts = 0; ! isOver(); restarts++ ) {
			const until = calls + 5 + Math.floor( draw() * 40 );
			await harness.runUntil( () => isOver() || calls >= until, { deadline_ms: 100, random: draw } );
			assert.ok( restarts < 100 );
		}
		const stored = monitoring.checkTimes;
		const dead = harness.state.counters().dead_letters ?? 0;
		assert.deepEqual( [ ...engine.checks ].filter( ( key ) => ! stored.has( key ) ).length, 0, `${ dead } given up` );
		assert.ok( is_cutting || Math.max( ...stored.values(), ...monitoring.changes.values() ) === 1, 'each in one batch' );
		assert.equal( stored.size, engine.checks.size );
		const current = [ ...engine.changes ].filter( ( [ , epoch ] ) => epoch === monitoring.judge_epoch ).map( ( [ key ] ) => key );
		assert.deepEqual(
			current.filter( ( key ) => monitoring.changes.get( key ) !== 1 ),
			[]
		);
		assert.ok( [ ...monitoring.changes.keys() ].every( ( key ) => engine.changes.has( key ) ) );
		assert.equal( dead, 0 );
		const hasty = harness.waits.filter( ( wait ) => wait < 900 ).length;
		assert.ok( hasty < calls / 2, `${ hasty } of ${ harness.waits.length } waits` );
	} );
}
