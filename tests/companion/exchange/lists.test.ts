import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ListStatus } from '../../../companion/src/contract/exchange.ts';
import { RollcallError } from '../../../companion/src/errors.ts';
import type { Content, Rooms } from '../../../companion/src/exchange/rooms.ts';
import { allLabelled, makeContent, makeDomains, makeRooms, newHarness, SHA } from './loop-harness.ts';

const status = ( list_uid: string, over: Partial< ListStatus > = {} ): ListStatus => ( {
	list_uid,
	checked_at_ms: 1,
	error_code: null,
	error_message: null,
	rejected_count: 0,
	rejections: [],
	...over,
} );

/** Rooms in which each list has its own content, and `bad` ones go wrong in the given way. */
function roomsOf( contents: { [ list_uid: string ]: Content }, bad: { [ list_uid: string ]: () => never } = {} ): Rooms {
	return {
		...makeRooms( Object.values( contents ) ),
		updateList: async ( { list_uid } ) => {
			bad[ list_uid ]?.();
			return { content: contents[ list_uid ] ?? null, status: status( list_uid ) };
		},
	};
}

const CONTENTS = {
	yc: makeContent( SHA, 2, 4, 'yc' ),
	l000000000001: makeContent( 'b'.repeat( 64 ), 3, 2, 'l000000000001' ),
	l000000000002: makeContent( 'c'.repeat( 64 ), 1, 2, 'l000000000002' ),
};

const refused = (): never => {
	throw new RollcallError( 'list_not_table', 'A login page.' );
};

describe( 'several lists', () => {
	test( 'are staged at once, and labels are made on all of them', async ( context ) => {
		const harness = await newHarness( context );
		for ( const list_uid of Object.keys( CONTENTS ) ) {
			harness.peer.addList( { list_uid } );
		}
		harness.peer.domains = makeDomains( 5 );
		const asked: number[] = [];
		const rooms = roomsOf( CONTENTS );
		harness.rooms = { ...rooms, label: ( request ) => ( asked.push( request.versions.length ), rooms.label( request ) ) };
		await harness.runUntil( () => harness.peer.lists.every( ( list ) => list.active_version === 1 ) && allLabelled( harness )() );
		assert.deepEqual(
			harness.peer.lists.map( ( { list_uid, active_sha256 } ) => [ list_uid, active_sha256 ] ),
			Object.entries( CONTENTS ).map( ( [ list_uid, { sha256 } ] ) => [ list_uid, sha256 ] )
		);
		assert.equal( asked.at( -1 ), 3 );
	} );

	test( 'are left alone by one that fails, in whatever way', async ( context ) => {
		const harness = await newHarness( context );
		for ( const list_uid of Object.keys( CONTENTS ) ) {
			harness.peer.addList( { list_uid } );
		}
		harness.peer.domains = makeDomains( 5 );
		const broken = (): never => {
			throw new TypeError( 'a fault of our own' );
		};
		harness.rooms = roomsOf( CONTENTS, { yc: refused, l000000000001: broken } );
		await harness.runUntil( () => harness.peer.lists[ 2 ]?.active_version === 1 && allLabelled( harness )() );
		assert.deepEqual( [ ...new Set( harness.peer.statuses.map( ( row ) => `${ row.list_uid } ${ row.error_code }` ) ) ].sort(), [
			'l000000000001 internal',
			'l000000000002 null',
			'yc list_not_table',
		] );
	} );

	test( 'are left alone by one whose kept content cannot be read', async ( context ) => {
		const harness = await newHarness( context );
		harness.peer.addList( { list_uid: 'yc' } );
		harness.peer.addList( { list_uid: 'l000000000001' } );
		const rooms = roomsOf( CONTENTS );
		harness.rooms = {
			...rooms,
			findContent: ( list, sha256 ) =>
				list.list_uid === 'yc' ? Promise.reject( new RollcallError( 'state_folder', 'EIO' ) ) : rooms.findContent( list, sha256 ),
		};
		await harness.runUntil(
			() =>
				harness.peer.lists[ 1 ]?.active_version === 1 && harness.peer.statuses.some( ( row ) => row.error_code === 'state_folder' )
		);
	} );

	test( 'are named to the rooms, so that others can be forgotten', async ( context ) => {
		const harness = await newHarness( context );
		harness.peer.addList( { list_uid: 'yc' } );
		const named: string[][] = [];
		harness.rooms = {
			...roomsOf( CONTENTS ),
			keepLists: async ( _site_id, lists ) => {
				named.push( lists.map( ( { list_uid } ) => list_uid ) );
				throw new Error( 'EACCES' );
			},
		};
		await harness.runUntil( () => harness.peer.lists[ 0 ]?.active_version === 1 );
		assert.deepEqual( named[ 0 ], [ 'yc' ] );
		assert.ok( harness.log.some( ( { event } ) => event === 'lists_not_removed' ) );
	} );

	test( 'are fetched three at a time', async ( context ) => {
		const harness = await newHarness( context );
		let open = 0;
		let most = 0;
		for ( let index = 10; index < 20; index++ ) {
			harness.peer.addList( { list_uid: `l0000000000${ index }` } );
		}
		harness.rooms = {
			...makeRooms(),
			updateList: async ( { list_uid } ) => {
				most = Math.max( most, ++open );
				await new Promise( ( resolve ) => setTimeout( resolve, 20 ) );
				open--;
				return { content: null, status: status( list_uid, { error_code: 'list_unreachable' } ) };
			},
		};
		await harness.runUntil( () => new Set( harness.peer.statuses.map( ( { list_uid } ) => list_uid ) ).size === 10 );
		assert.equal( most, 3 );
	} );
} );

describe( 'a content that is about to be replaced', () => {
	test( 'is not sent while the list is looked at', async ( context ) => {
		const harness = await newHarness( context );
		const list = harness.peer.addList( { list_uid: 'l000000000001', active_version: 5, active_sha256: 'd'.repeat( 64 ) } );
		const old = makeContent( 'e'.repeat( 64 ), 2, 2, 'l000000000001' );
		harness.state.setList( 'l000000000001', { url: list.url, checked_at_ms: 1, is_ok: true, sha256: old.sha256, may_shrink: false } );
		const rooms = makeRooms( [ old, CONTENTS.l000000000001 ] );
		const fetched = Promise.withResolvers< void >();
		harness.rooms = {
			...rooms,
			updateList: async ( { list_uid }, signal ) => {
				signal.addEventListener( 'abort', () => fetched.resolve() );
				await fetched.promise;
				return { content: CONTENTS.l000000000001, status: status( list_uid ) };
			},
		};
		await harness.runUntil( () => {
			if ( harness.waits.length > 5 ) {
				fetched.resolve();
			}
			return list.active_version === 6;
		} );
		assert.deepEqual( new Set( harness.peer.pages.map( ( { sha256 } ) => sha256 ) ), new Set( [ CONTENTS.l000000000001.sha256 ] ) );
	} );
} );

describe( 'a content that is older than the one in use', () => {
	const in_use = { list_uid: 'l000000000001', active_version: 5, active_sha256: 'd'.repeat( 64 ), active_fetched_at_ms: 2 };
	const older = CONTENTS.l000000000001;
	const state = { checked_at_ms: Date.now(), is_ok: true, sha256: older.sha256, may_shrink: false };

	test( 'is not sent, and labelling goes on, while nothing newer can be fetched', async ( context ) => {
		const harness = await newHarness( context );
		const { url } = harness.peer.addList( in_use );
		harness.peer.domains = makeDomains( 5 );
		harness.state.setList( in_use.list_uid, { ...state, url } );
		harness.rooms = roomsOf( CONTENTS, { l000000000001: refused } );
		await harness.runUntil( allLabelled( harness ) );
		assert.ok( ! harness.log.some( ( { event } ) => event === 'labelling_waits_for_list' ) );
		await harness.runUntil( () => harness.peer.statuses.length > 1 );
		assert.deepEqual( harness.peer.pages, [] );
	} );

	test( 'is fetched anew, and sent as soon as it is newer', async ( context ) => {
		const harness = await newHarness( context );
		const list = harness.peer.addList( { ...in_use, schedule_hours: 0 } );
		harness.state.setList( in_use.list_uid, { ...state, url: list.url, checked_at_ms: 1 } );
		const newer = { ...older, fetched_at_ms: 3, pages: () => older.pages().map( ( page ) => ( { ...page, fetched_at_ms: 3 } ) ) };
		let is_fetched = false;
		const rooms = makeRooms( [] );
		harness.rooms = {
			...rooms,
			updateList: async ( { list_uid } ) => {
				is_fetched = true;
				return { content: newer, status: status( list_uid ) };
			},
			findContent: async ( _list, sha256 ) => ( sha256 !== older.sha256 ? null : is_fetched ? newer : older ),
		};
		await harness.runUntil( () => list.active_version === 6 );
		assert.deepEqual( new Set( harness.peer.pages.map( ( { fetched_at_ms } ) => fetched_at_ms ) ), new Set( [ 3 ] ) );
	} );
} );

describe( 'labelling', () => {
	test( 'goes on when the newest content was refused and the one in use is lost', async ( context ) => {
		const harness = await newHarness( context );
		const { url } = harness.peer.addList( { list_uid: 'l000000000001', active_version: 4, active_sha256: 'f'.repeat( 64 ) } );
		harness.peer.domains = makeDomains( 5 );
		const { sha256 } = CONTENTS.l000000000001;
		harness.state.setList( 'l000000000001', { url, checked_at_ms: Date.now(), is_ok: true, sha256, may_shrink: false } );
		harness.state.setNote( `aside/${ sha256 }`, 'rest_blocked' );
		harness.rooms = roomsOf( CONTENTS );
		await harness.runUntil( allLabelled( harness ) );
	} );

	test( 'goes on without a list that is lost and cannot be fetched', async ( context ) => {
		const harness = await newHarness( context );
		harness.peer.addList( { list_uid: 'yc', active_version: 1, active_sha256: SHA } );
		harness.peer.addList( { list_uid: 'l000000000001', active_version: 4, active_sha256: 'f'.repeat( 64 ) } );
		harness.peer.domains = makeDomains( 5 );
		harness.rooms = roomsOf( { yc: CONTENTS.yc }, { l000000000001: refused } );
		await harness.runUntil( allLabelled( harness ) );
	} );

	test( 'goes on when WordPress has all the lists itself', async ( context ) => {
		const harness = await newHarness( context );
		harness.peer.domains = makeDomains( 5 );
		await harness.runUntil( allLabelled( harness ) );
	} );

	test( 'goes on when the only list is fetched on request and nobody asked', async ( context ) => {
		const harness = await newHarness( context );
		harness.peer.addList( { list_uid: 'l000000000001', schedule_hours: 0 } );
		harness.peer.domains = makeDomains( 5 );
		harness.rooms = roomsOf( CONTENTS );
		await harness.runUntil( allLabelled( harness ) );
		assert.deepEqual( harness.peer.pages, [] );
	} );
} );

describe( 'a list that is only fetched on request', () => {
	test( 'is fetched by its job', async ( context ) => {
		const harness = await newHarness( context );
		harness.peer.addList( { list_uid: 'l000000000001', schedule_hours: 0 } );
		harness.rooms = roomsOf( CONTENTS );
		await harness.runUntil( () => harness.waits.length > 3 );
		assert.deepEqual( harness.peer.statuses, [] );
		harness.peer.jobs = [
			{
				job_uid: '6'.repeat( 32 ),
				kind: 'list_update',
				list_uid: 'l000000000001',
				host: null,
				hosts: [],
				webhook: null,
				monitor_uids: [],
			},
		];
		await harness.runUntil( () => harness.peer.jobs.length === 0 );
		assert.equal( harness.peer.lists[ 0 ]?.active_version, 1 );
	} );

	test( 'is tried once more when a person agreed that it shrank', async ( context ) => {
		const harness = await newHarness( context );
		const list = harness.peer.addList( {
			list_uid: 'l000000000001',
			schedule_hours: 0,
			active_version: 1,
			active_sha256: 'd'.repeat( 64 ),
		} );
		const rooms = makeRooms( [ makeContent( 'd'.repeat( 64 ), 1, 9, 'l000000000001' ), CONTENTS.l000000000001 ] );
		harness.rooms = {
			...rooms,
			updateList: async ( { list_uid, accept_shrunk } ) => {
				if ( ! accept_shrunk ) {
					throw new RollcallError( 'list_shrunk', 'It shrank.' );
				}
				return { content: CONTENTS.l000000000001, status: status( list_uid ) };
			},
		};
		await harness.runUntil( () => harness.peer.statuses.at( -1 )?.error_code === 'list_shrunk' );
		list.accept_shrunk = true;
		await harness.runUntil( () => list.active_version === 2 );
	} );
} );
