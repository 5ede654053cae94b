import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
	groupNotices,
	massFailure,
	offlineNotice,
	ownNetwork,
	veto,
	type AnchorReading,
	type Failing,
	type Group,
	type OwnNetwork,
} from '../../../companion/src/monitor/canary.ts';
import { judge, NOT_JUDGED } from '../../../companion/src/monitor/judge.ts';

const read = ( anchor: string, at_mono_ms: number, is_ok: boolean ): AnchorReading => ( { anchor, at_mono_ms, is_ok } );

/** Readings of the anchors a and b; the verdict on a failure whose last try began at 100. */
const networks: [ string, AnchorReading[], OwnNetwork ][] = [
	[ 'no anchor was asked', [], 'ask' ],
	[ 'they were asked before it', [ read( 'a', 99, false ), read( 'b', 99, false ) ], 'ask' ],
	[ 'one was asked, and fails', [ read( 'a', 100, false ) ], 'ask' ],
	[ 'one answers', [ read( 'a', 100, true ) ], 'online' ],
	[ 'one answers and one fails', [ read( 'a', 100, false ), read( 'b', 120, true ) ], 'online' ],
	[ 'both fail', [ read( 'a', 100, false ), read( 'b', 120, false ) ], 'offline' ],
	[ 'one answered before it, and both fail', [ read( 'a', 90, true ), read( 'a', 110, false ), read( 'b', 110, false ) ], 'offline' ],
	[ 'an anchor that is none any more answers', [ read( 'c', 100, true ) ], 'ask' ],
];

describe( 'canaries', () => {
	for ( const [ name, readings, verdict ] of networks ) {
		it( `when ${ name }: ${ verdict }`, () => {
			assert.equal( ownNetwork( [ 'a', 'b' ], readings, 100 ), verdict );
		} );
	}

	it( 'believe every failure when there are none', () => {
		assert.equal( ownNetwork( [], [], 100 ), 'online' );
	} );

	it( 'veto failures only, and only when all of them fail', () => {
		const down = { slot_ms: 1, state: 'down', error_code: 'connect_timeout' } as const;
		const up = { slot_ms: 1, state: 'up', error_code: 'ok' } as const;
		assert.deepEqual( veto( down, 'offline' ), { slot_ms: 1, state: 'unknown', error_code: 'self_offline' } );
		assert.deepEqual( [ veto( up, 'offline' ), veto( down, 'online' ), veto( down, 'ask' ) ], [ up, down, down ] );
	} );

	it( 'leave no incident and two notices of an hour in which our network is down (F25)', () => {
		let is_offline = false;
		const notices: string[] = [];
		const changes = Array.from( { length: 20 }, () => {
			let { judged } = judge( NOT_JUDGED, { slot_ms: 1, state: 'up', error_code: 'ok' } );
			return Array.from( { length: 62 }, ( _, minute ) => {
				const network: OwnNetwork = minute < 60 ? 'offline' : 'online';
				const told = offlineNotice( is_offline, network );
				( { is_offline } = told );
				notices.push( ...( told.notice ? [ told.notice ] : [] ) );
				const state = minute < 60 ? 'down' : 'up';
				const stepped = judge( judged, veto( { slot_ms: 60_000 * ( minute + 1 ), state, error_code: 'unreachable' }, network ) );
				judged = stepped.judged;
				return stepped.changes;
			} ).flat();
		} ).flat();
		assert.deepEqual(
			changes.filter( ( change ) => change.kind === 'confirmed' ),
			[]
		);
		assert.equal( changes.filter( ( change ) => change.error_code === 'self_offline' ).length, 20 );
		// Twenty monitors one after the other are twenty such hours.
		assert.deepEqual( notices, Array.from( { length: 20 }, () => [ 'began', 'ended' ] ).flat() );
	} );

	it( 'say nothing new while it is not known', () => {
		assert.deepEqual( offlineNotice( true, 'ask' ), { is_offline: true, notice: null } );
		assert.deepEqual( offlineNotice( false, 'ask' ), { is_offline: false, notice: null } );
	} );
} );

/** Failures of monitors one a second; the domain is the number modulo `domains`. */
const failing = ( count: number, domains: number, step_ms = 1000, from_ms = 0 ): Failing[] =>
	Array.from( { length: count }, ( _, index ) => ( {
		monitor_uid: `m${ index }`,
		domain: `d${ index % domains }.example`,
		since_ms: from_ms + index * step_ms,
	} ) );

const masses: [ string, Failing[], number, number | null ][] = [
	[ '6 of 10 on 3 domains', failing( 6, 3 ), 10, 0 ],
	[ '5 of 10: no more than half', failing( 5, 3 ), 10, null ],
	[ '6 of 10 on 2 domains', failing( 6, 2 ), 10, null ],
	[ '4 of 4: too few targets', failing( 4, 4 ), 4, null ],
	[ '3 of 5', failing( 3, 3 ), 5, 0 ],
	[ '6 of 10, but over two minutes', failing( 6, 3, 20_000 ), 10, null ],
	[ '6 of 10 in a minute less a millisecond', failing( 6, 3, 11_999 ), 10, 0 ],
	[ '6 of 10 in exactly a minute', failing( 6, 3, 12_000 ), 10, null ],
	[ 'two that failed long before, then 6 of 10', [ ...failing( 2, 2, 1, -900_000 ), ...failing( 6, 3 ) ], 10, 0 ],
	[ 'the same monitor six times', failing( 6, 3 ).map( ( one ) => ( { ...one, monitor_uid: 'm' } ) ), 10, null ],
	[ 'none', [], 10, null ],
];

describe( 'failures of many at once', () => {
	for ( const [ name, some, target_count, expected ] of masses ) {
		it( `${ name }: ${ expected === null ? 'no group' : 'a group' }`, () => {
			assert.equal( massFailure( some.toReversed(), target_count ), expected );
		} );
	}

	it( 'tell an incident at once when nothing else fails, or too few targets are there for a group', () => {
		const [ one ] = failing( 1, 1 );
		assert.ok( one );
		assert.deepEqual( groupNotices( [ one ], [ one ], 100, null, 30_000 ).single, [ 'm0' ] );
		assert.deepEqual( groupNotices( [ one ], failing( 3, 3 ), 4, null, 30_000 ).single, [ 'm0' ] );
	} );

	it( 'hold an incident while others fail too, for as long as it can become a group', () => {
		const some = failing( 2, 2 );
		assert.deepEqual( groupNotices( some, some, 100, null, 69_999 ).held, [ 'm0', 'm1' ] );
		const later = groupNotices( some, some, 100, null, 70_000 );
		assert.deepEqual( [ later.single, later.held ], [ [ 'm0' ], [ 'm1' ] ] );
	} );

	it( 'tell a later failure by itself', () => {
		const group: Group = { group_uid: 'g', from_ms: 0 };
		const late = failing( 1, 1, 0, 3_600_000 );
		const told = groupNotices( late, [ ...failing( 60, 20 ), ...late ], 100, group, 3_700_000 );
		assert.deepEqual( [ told.single, told.is_new, told.group ], [ [ 'm0' ], false, group ] );
	} );

	it( 'do not count the members of a group again for one that fails just after its minute', () => {
		const group: Group = { group_uid: 'g', from_ms: 0 };
		const some = failing( 6, 3, 1000, 55_000 );
		const told = groupNotices( some, some, 10, group, 200_000 );
		assert.deepEqual( [ told.is_new, told.grouped, told.single ], [ false, [ 'm0', 'm1', 'm2', 'm3', 'm4' ], [ 'm5' ] ] );
	} );

	it( 'tell another group when it comes', () => {
		const group: Group = { group_uid: 'g', from_ms: -3_600_000 };
		const told = groupNotices( failing( 6, 3 ), failing( 6, 3 ), 10, group, 30_000 );
		assert.ok( told.is_new && told.group?.group_uid !== 'g' );
	} );

	it( 'give one notice when 60 % of 100 targets fail, each in the minute of its slot (F26)', () => {
		const all = failing( 60, 20 );
		const waiting = new Map( all.map( ( one ) => [ one.monitor_uid, one ] ) );
		let group: Group | null = null;
		let groups = 0;
		const single: string[] = [];
		for ( let now_ms = 0; now_ms < 300_000; now_ms += 1000 ) {
			// A failure shows after its first try, an incident is confirmed 30 s after the slot.
			const seen = all.filter( ( one ) => one.since_ms + 5000 <= now_ms );
			const opened = [ ...waiting.values() ].filter( ( one ) => one.since_ms + 30_000 <= now_ms );
			const told = groupNotices( opened, seen, 100, group, now_ms );
			( { group } = told );
			groups += told.is_new ? 1 : 0;
			single.push( ...told.single );
			[ ...told.single, ...told.grouped ].forEach( ( uid ) => waiting.delete( uid ) );
		}
		assert.deepEqual( [ groups, single, waiting.size ], [ 1, [], 0 ] );
	} );
} );
