import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resolveByHand, stepIncident, uidOf, type Incident } from '../../../companion/src/monitor/incident.ts';
import type { Change } from '../../../companion/src/monitor/judge.ts';

const change = ( slot_ms: number, state: Change[ 'state' ], kind: Change[ 'kind' ] = 'confirmed' ): Change => ( {
	slot_ms,
	state,
	kind,
	error_code: state === 'up' ? 'ok' : 'http_status',
} );
const after = ( changes: Change[], newest: Incident | null = null ): Incident | null =>
	changes.reduce( ( incident, one, seq ) => stepIncident( incident, one, { monitor_uid: 'm', epoch: 1, seq } ), newest );
const times = ( incident: Incident | null ): ( number | null )[] | null =>
	incident && [ incident.opened_slot_ms, incident.resolved_slot_ms ];

/** Changes; when the newest incident was opened and resolved. */
const cases: [ string, Change[], ( number | null )[] | null ][] = [
	[ 'up opens none', [ change( 1, 'up' ) ], null ],
	[ 'down opens one at the slot of the change', [ change( 1, 'up' ), change( 5, 'down' ) ], [ 5, null ] ],
	[ 'up resolves it at the slot of the change', [ change( 5, 'down' ), change( 9, 'up' ) ], [ 5, 9 ] ],
	[ 'degraded resolves it: it can be reached', [ change( 5, 'down' ), change( 9, 'degraded' ) ], [ 5, 9 ] ],
	[ 'degraded opens none', [ change( 5, 'degraded' ) ], null ],
	[ 'unknown resolves none', [ change( 5, 'down' ), change( 9, 'unknown', 'reading' ) ], [ 5, null ] ],
	[ 'unknown opens none', [ change( 5, 'up' ), change( 9, 'unknown', 'reading' ) ], null ],
	[ 'down that is known again opens none', [ change( 9, 'down', 'reading' ) ], null ],
	[ 'the next failure opens another', [ change( 5, 'down' ), change( 9, 'up' ), change( 12, 'down' ) ], [ 12, null ] ],
	[
		'from degraded to up nothing happens to a resolved one',
		[ change( 5, 'down' ), change( 9, 'degraded' ), change( 12, 'up' ) ],
		[ 5, 9 ],
	],
];

describe( 'incidents', () => {
	for ( const [ name, changes, expected ] of cases ) {
		it( name, () => {
			assert.deepEqual( times( after( changes ) ), expected );
		} );
	}

	it( 'stay resolved by hand until the state changes, and then open anew', () => {
		const open = after( [ change( 5, 'down' ) ] );
		assert.ok( open );
		const resolved = resolveByHand( open, 7 );
		assert.deepEqual( [ ...( times( resolved ) ?? [] ), resolved.resolved_by ], [ 5, 7, 'person' ] );
		assert.equal( after( [ change( 8, 'down', 'reading' ) ], resolved ), resolved );
		assert.equal( after( [ change( 9, 'up' ) ], resolved ), resolved );
		assert.deepEqual( times( after( [ change( 9, 'up' ), change( 12, 'down' ) ], resolved ) ), [ 12, null ] );
	} );

	it( 'are never resolved before they were opened, nor twice', () => {
		const open = after( [ change( 5, 'down' ) ] );
		assert.ok( open );
		assert.deepEqual( times( resolveByHand( open, 2 ) ), [ 5, 5 ] );
		const resolved = after( [ change( 9, 'up' ) ], open );
		assert.ok( resolved );
		assert.equal( resolveByHand( resolved, 20 ), resolved );
	} );

	it( 'have a uid that is the same for the same judgement, and another for any other', () => {
		assert.equal( uidOf( 'm', 1, 2 ), 'b00ae21be9e9d4476e235afec51d67e6' );
		const uids = [
			uidOf( 'm', 1, 2 ),
			uidOf( 'm', 1, 3 ),
			uidOf( 'm', 2, 2 ),
			uidOf( 'm1', 1, 2 ),
			uidOf( 'm', 11, 2 ),
			uidOf( 'm', 1, 12 ),
			uidOf( 'm', '1', 2 ),
		];
		assert.equal( new Set( uids ).size, uids.length );
		assert.ok( uids.every( ( uid ) => /^[0-9a-f]{32}$/.test( uid ) ) );
		assert.equal( after( [ change( 1, 'up' ), change( 5, 'down' ) ] )?.incident_uid, uidOf( 'm', 1, 1 ) );
	} );
} );
