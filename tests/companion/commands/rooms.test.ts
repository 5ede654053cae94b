import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { joinRooms, type JoinedRooms } from '../../../companion/src/commands/rooms.ts';
import type { ListWork } from '../../../companion/src/contract/exchange.ts';
import { parseAllow } from '../../../companion/src/guard/allow.ts';
import { localServer } from '../guard/local-server.ts';

const NEVER = new AbortController().signal;

const UNUSED: ListWork = {
	list_uid: 'yc',
	source: 'yc',
	url: '',
	active_version: 0,
	active_sha256: null,
	active_row_count: 0,
	active_fetched_at_ms: null,
	staging_sha256: null,
	staged_pages: 0,
	schedule_hours: 24,
	accept_shrunk: false,
};

test( 'lists of several kinds are fetched beside each other and judged on together, also after a restart', async () => {
	await using server = await localServer( ( { url }, response ) => {
		if ( url === '/login' ) {
			response.writeHead( 200, { 'content-type': 'text/html' } ).end( '<html>Sign in</html>' );
		} else {
			response.end(
				url === '/a.csv' ? 'name,website\nMarlow,marlow.dev' : '[{"id":7,"name":"Tidewren","website":"https://tidewren.com"}]'
			);
		}
	} );
	const folder = await mkdtemp( join( tmpdir(), 'rollcall-rooms-' ) );
	try {
		const open = (): JoinedRooms =>
			joinRooms( {
				state_folder: folder,
				allow: parseAllow( `127.0.0.1:${ server.port }` ),
				companies: null,
				site_ids: [],
				now: Date.now,
			} );
		const work = ( list_uid: string, source: ListWork[ 'source' ], path: string ): ListWork => ( {
			...UNUSED,
			list_uid,
			source,
			url: `http://127.0.0.1:${ server.port }/${ path }`,
		} );
		const rooms = open();
		const looks = await Promise.all(
			[ work( 'yc', 'yc', 'all.json' ), work( 'l000000000001', 'csv', 'a.csv' ), work( 'l000000000002', 'csv', 'login' ) ].map(
				( list ) => rooms.updateList( list, NEVER )
			)
		);
		assert.deepEqual(
			looks.map( ( { status } ) => status.error_code ),
			[ null, null, 'list_not_table' ]
		);
		const versions = looks.flatMap( ( { content } ) => ( content === null ? [] : [ content.sha256 ] ) );
		assert.equal( versions.length, 2 );
		const request = { hosts: [ 'tidewren.com', 'mail.marlow.dev', 'other.com' ], own_hosts: [], versions, lists: [] };
		for ( const verdicts of [ await rooms.label( request ), await open().label( request ) ] ) {
			assert.deepEqual(
				verdicts?.map( ( { companies } ) => companies.map( ( { list_uid, kind } ) => `${ list_uid } ${ kind }` ) ),
				[ [ 'yc current' ], [ 'l000000000001 subdomain' ], [] ]
			);
		}
		assert.equal( await rooms.label( { ...request, versions: [ ...versions, 'f'.repeat( 64 ) ] } ), null );
	} finally {
		await rm( folder, { recursive: true } );
	}
} );

test( 'addresses that WordPress names are asked through the guard', async () => {
	await using server = await localServer( ( _request, response ) => response.end() );
	const folder = await mkdtemp( join( tmpdir(), 'rollcall-rooms-' ) );
	try {
		const rooms = joinRooms( { state_folder: folder, allow: [], companies: null, site_ids: [], now: Date.now } );
		const asking = { user_agent: 'Rollcall', signal: NEVER, onProgress: () => undefined };
		assert.deepEqual( await rooms.whereSitesLead( [ '127.0.0.1', 'localhost', '169.254.169.254' ], asking ), [
			{ host: '127.0.0.1', final_host: null, error_code: 'target_refused' },
			{ host: 'localhost', final_host: null, error_code: 'target_refused' },
			{ host: '169.254.169.254', final_host: null, error_code: 'target_refused' },
		] );
		await assert.rejects( rooms.post( { url: `http://127.0.0.1:${ server.port }/`, headers: {}, body: '', signal: NEVER } ), {
			code: 'target_refused',
		} );
		assert.deepEqual( server.hits, [] );
	} finally {
		await rm( folder, { recursive: true } );
	}
} );

test( 'the operator may put a CSV in the place of the default list, by URL or as a file', async () => {
	await using server = await localServer( ( { url }, response ) =>
		response.end( url === '/a' ? 'name,website\nMarlow,marlow.dev' : '[{"id":7,"name":"Tidewren","website":"https://tidewren.com"}]' )
	);
	const folder = await mkdtemp( join( tmpdir(), 'rollcall-rooms-' ) );
	try {
		const file = join( folder, 'own.csv' );
		await writeFile( file, 'name,website\nScout,scout.dev' );
		for ( const [ companies, source, name ] of [
			[ `http://127.0.0.1:${ server.port }/a`, 'csv', 'Marlow' ],
			[ file, 'csv', 'Scout' ],
			[ `http://127.0.0.1:${ server.port }/all.json`, 'yc', 'Tidewren' ],
		] as const ) {
			const allow = parseAllow( `127.0.0.1:${ server.port }` );
			const rooms = joinRooms( { state_folder: folder, allow, companies, site_ids: [], now: Date.now } );
			const { content, status } = await rooms.updateList( { ...UNUSED, url: 'https://list.example/all.json' }, NEVER );
			assert.equal( status.error_code, null );
			const [ page ] = content?.pages() ?? [];
			assert.deepEqual( [ page?.source, page?.companies.map( ( company ) => company.name ) ], [ source, [ name ] ] );
			assert.deepEqual( ( await rooms.served() ).companies[ 0 ]?.name, name );
		}
	} finally {
		await rm( folder, { recursive: true } );
	}
} );

test( 'a list that only one of the sites fetches from elsewhere is not served as the default one', async () => {
	const rows = [ 'name,website\nMarlow,marlow.dev', 'name,website\nSecret,secret.dev' ];
	await using server = await localServer( ( { url }, response ) => response.end( rows[ url === '/own.csv' ? 0 : 1 ] ) );
	const folder = await mkdtemp( join( tmpdir(), 'rollcall-rooms-' ) );
	try {
		const at = `http://127.0.0.1:${ server.port }`;
		const options = { state_folder: folder, allow: parseAllow( `127.0.0.1:${ server.port }` ), site_ids: [] };
		const own = joinRooms( { ...options, companies: `${ at }/own.csv`, now: () => 1000 } );
		await own.updateList( UNUSED, NEVER );
		const others = joinRooms( { ...options, companies: null, now: () => 2000 } );
		await others.updateList( { ...UNUSED, source: 'csv', url: `${ at }/secret.csv` }, NEVER );
		const again = joinRooms( { ...options, companies: `${ at }/own.csv`, now: () => 3000 } );
		assert.deepEqual(
			( await again.served() ).companies.map( ( { name } ) => name ),
			[ 'Marlow' ]
		);
	} finally {
		await rm( folder, { recursive: true } );
	}
} );
