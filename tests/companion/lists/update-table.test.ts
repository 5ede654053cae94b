import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parseAllow } from '../../../companion/src/guard/allow.ts';
import { guardedFetcher, type Fetcher } from '../../../companion/src/guard/fetcher.ts';
import { loadCompanies } from '../../../companion/src/lists/load.ts';
import type { ListTools } from '../../../companion/src/lists/update.ts';
import { localServer } from '../guard/local-server.ts';
import { makeRecords, NOW_MS } from './make-list.ts';
import { makePlace, type Upstream } from './make-place.ts';

/** A CSV of `count` companies with ids from 1. */
const csvOf = ( count: number ): string =>
	[
		'id,name,website',
		...Array.from( { length: count }, ( _, index ) => `${ index + 1 },Company ${ index + 1 },company-${ index + 1 }.com` ),
	].join( '\n' );

/** A place whose list is a CSV. */
async function tablePlace( text: string ): ReturnType< typeof makePlace > {
	const place = await makePlace( [] );
	place.upstream.body = text;
	Object.assign( place.work, { list_uid: 'l0123456789ab', source: 'csv', url: place.work.url.replace( 'all.json', 'a.csv' ) } );
	return place;
}

describe( 'updating a list that is a table', () => {
	test( 'fetches, reads and keeps it, and says what was left out, also when nothing changed since', async () => {
		await using place = await tablePlace( `${ csvOf( 3 ) }\n4,Shop,https://facebook.com/shop\n5,,\n` );
		place.upstream.etag = '"v1"';
		const first = await place.update();
		const left_out = {
			rejected_count: 2,
			rejections: [
				{ row: 5, reason: 'platform', text: 'Shop, https://facebook.com/shop' },
				{ row: 6, reason: 'no_name', text: '5, ,' },
			],
		};
		assert.deepEqual( [ first.content?.source, first.content?.companies.length, first.error ], [ 'csv', 3, null ] );
		assert.deepEqual( first.status, {
			list_uid: 'l0123456789ab',
			checked_at_ms: NOW_MS,
			error_code: null,
			error_message: null,
			...left_out,
		} );
		const second = await place.update( { tools: place.reopen() } );
		assert.deepEqual( [ second.content, second.status ], [ first.content, first.status ] );
	} );

	test( 'tells at most 20 of the rows that were left out', async () => {
		await using place = await tablePlace( `${ csvOf( 1 ) }\n${ 'x,y,co.uk\n'.repeat( 30 ) }` );
		const { status } = await place.update();
		assert.deepEqual( [ status.rejected_count, status.rejections.length ], [ 30, 20 ] );
	} );

	test( 'keeps a former domain of a company that moved, by its id or its name', async () => {
		for ( const [ before, after ] of [
			[ 'id,name,website\n7,Tidewren,tidewren.com\n8,Marlow,marlow.dev', 'id,name,website\n8,Marlow,marlow.dev\n7,Wren,wren.dev' ],
			[ 'name,website\nTidewren,tidewren.com\nMarlow,marlow.dev', 'name,website\nMarlow,marlow.dev\nTidewren,wren.dev' ],
		] as const ) {
			await using place = await tablePlace( before );
			await place.update();
			place.upstream.body = after;
			const { content } = await place.update();
			const former = content?.domains.filter( ( { kind } ) => kind === 'former' ) ?? [];
			assert.deepEqual(
				former.map( ( { domain } ) => domain ),
				[ 'tidewren.com' ]
			);
			assert.ok( content?.domains.some( ( row ) => row.domain === 'wren.dev' && row.source_id === former[ 0 ]?.source_id ) );
			assert.deepEqual( [ content?.changes?.moved, content?.changes?.added, content?.changes?.removed ], [ 1, 0, 0 ] );
		}
	} );

	test( 'begins without history when the address is that of another list', async () => {
		await using place = await tablePlace( csvOf( 10 ) );
		const first = await place.update();
		place.upstream.body = 'id,name,website\n1,Marlow,marlow.dev';
		const other = {
			...place.work,
			url: `${ place.work.url }?other`,
			active_version: 1,
			active_sha256: first.content?.sha256 ?? null,
			active_row_count: 10,
		};
		const second = await place.update( { list: other } );
		assert.deepEqual( second.content?.domains, [ { domain: 'marlow.dev', source_id: '1', kind: 'current' } ] );
		assert.deepEqual( [ second.content?.changes, second.error ], [ null, null ] );
	} );

	test( 'takes the first list up again when its address comes back', async () => {
		await using place = await tablePlace( csvOf( 10 ) );
		place.upstream.etag = '"v1"';
		const first = await place.update();
		await place.update( { list: { ...place.work, url: `${ place.work.url }?other` }, now_ms: NOW_MS + 1 } );
		const again = await place.update( { now_ms: NOW_MS + 2 } );
		assert.deepEqual( again.content, { ...first.content, fetched_at_ms: NOW_MS + 2 } );
		assert.equal( ( await place.reopen().cache.load( place.work.list_uid ) )[ 0 ]?.url, place.work.url );
	} );

	test( 'is as new as its last look when it takes the place of another content', async () => {
		await using place = await tablePlace( csvOf( 10 ) );
		place.upstream.etag = '"v1"';
		await place.update();
		const list = { ...place.work, active_version: 2, active_sha256: 'f'.repeat( 64 ), active_row_count: 10 };
		assert.equal( ( await place.update( { list, now_ms: NOW_MS + 1 } ) ).content?.fetched_at_ms, NOW_MS + 1 );
		assert.equal( ( await place.reopen().cache.load( list.list_uid ) )[ 0 ]?.content.fetched_at_ms, NOW_MS + 1 );
	} );

	test( 'may not shrink when only another site has something at its list_uid', async () => {
		await using place = await tablePlace( csvOf( 10 ) );
		await place.update( { list: { ...place.work, url: `${ place.work.url }?other` } } );
		const list = { ...place.work, active_version: 2, active_sha256: 'f'.repeat( 64 ), active_row_count: 20 };
		assert.equal( ( await place.update( { list } ) ).status.error_code, 'list_shrunk' );
	} );

	test( 'never puts the sample in its place', async () => {
		await using place = await tablePlace( '' );
		const { content, status } = await place.update();
		assert.deepEqual( [ content, status.error_code ], [ null, 'list_empty' ] );
	} );
} );

describe( 'a table that is refused', () => {
	const poisoned: [ string, Partial< Upstream >, string ][] = [
		[ 'a login page answered with 200', { body: '<!doctype html><title>Sign in</title>' }, 'list_not_table' ],
		[ 'JSON', { body: JSON.stringify( makeRecords( 100 ) ) }, 'list_not_table' ],
		[ 'a spreadsheet', { body: 'PK\x03\x04 name,website\nA,a-wren.com' }, 'list_not_table' ],
		[ 'a heading without websites', { body: 'id,name\n1,Tidewren' }, 'list_no_website' ],
		[ 'no heading', { body: csvOf( 100 ).split( '\n' ).slice( 1 ).join( '\n' ) }, 'list_no_website' ],
		[ 'an empty file', { body: '' }, 'list_empty' ],
		[ 'a heading alone', { body: 'id,name,website\n' }, 'list_empty' ],
		[ 'rows of which none is a company', { body: 'name,website\nA,co.uk\nB,gmail.com' }, 'list_empty' ],
		[ 'a fifth less', { body: csvOf( 79 ) }, 'list_shrunk' ],
		[ 'as many rows of which a fifth is bad', { body: `${ csvOf( 79 ) }${ '\nx,y,co.uk'.repeat( 21 ) }` }, 'list_shrunk' ],
		[ 'too many rows', { body: `website\n${ 'tidewren.com\n'.repeat( 50_001 ) }` }, 'list_too_large' ],
		[ 'an error of the server', { status: 500 }, 'list_unreachable' ],
	];
	for ( const [ name, upstream, code ] of poisoned ) {
		test( `tells ${ code } and leaves the last good copy byte for byte: ${ name }`, async () => {
			await using place = await tablePlace( `${ csvOf( 100 ) }\n101,Shop,co.uk` );
			const good = await place.update();
			const path = join( place.folder, place.nameOf() );
			const before = await readFile( path, 'utf8' );
			Object.assign( place.upstream, upstream );
			const { content, status } = await place.update( { now_ms: NOW_MS + 1 } );
			assert.equal( status.error_code, code );
			assert.deepEqual( content, good.content );
			assert.deepEqual( status.rejections, good.status.rejections, 'they are those of the version in use' );
			assert.equal( await readFile( path, 'utf8' ), before );
		} );
	}

	test( 'names the first bad row when all are bad', async () => {
		await using place = await tablePlace( 'name,website\nA,co.uk\nB,gmail.com' );
		assert.match( ( await place.update() ).error?.message ?? '', /: none of 2 rows is a company; row 2 fails with public_suffix\.$/ );
	} );

	test( 'is taken when a person agreed to what is left', async () => {
		await using place = await tablePlace( csvOf( 100 ) );
		await place.update();
		place.upstream.body = csvOf( 5 );
		const { content } = await place.update( { list: { ...place.work, accept_shrunk: true } } );
		assert.equal( content?.companies.length, 5 );
	} );
} );

describe( 'S63, S67: a table that turns elsewhere', () => {
	const targets: [ number, string, string ][] = [
		[ 301, 'http://127.0.0.1:1/a.csv', 'target_refused' ],
		[ 302, 'http://169.254.169.254/latest/meta-data', 'target_refused' ],
		[ 307, 'http://10.0.0.1/a.csv', 'target_refused' ],
		[ 308, '//localhost/a.csv', 'target_refused' ],
		[ 302, 'file:///etc/passwd', 'bad_url' ],
		[ 302, '/again', 'list_unreachable' ],
	];
	for ( const [ status, location, code ] of targets ) {
		test( `by ${ status } to ${ location } is refused at that hop, and the last good copy stays`, async () => {
			let is_turned = false;
			await using server = await localServer( ( _request, response ) =>
				is_turned ? response.writeHead( status, { location } ).end( csvOf( 9 ) ) : response.end( csvOf( 3 ) )
			);
			await using place = await tablePlace( '' );
			const fetcher = guardedFetcher( { policy: { allow: parseAllow( `127.0.0.1:${ server.port }` ), nat64: false } } );
			const tools: ListTools = { ...place.reopen(), fetcher };
			const list = { ...place.work, url: `http://127.0.0.1:${ server.port }/a.csv` };
			const good = await place.update( { list, tools } );
			is_turned = true;
			const { content, status: told } = await place.update( { list, tools } );
			assert.equal( told.error_code, code );
			assert.deepEqual( [ content, content?.companies.length ], [ good.content, 3 ] );
		} );
	}
} );

describe( 'a Google Sheet', () => {
	const LINK = 'https://docs.google.com/spreadsheets/d/1AbC_d-EfGhIjKlMnOp/edit?gid=7#gid=7';

	test( 'is asked for as the CSV of its tab', async () => {
		await using place = await tablePlace( csvOf( 2 ) );
		const asked: string[] = [];
		const tools: ListTools = {
			...place.reopen(),
			fetcher: ( request ) => {
				asked.push( request.url );
				return place.reopen().fetcher( { ...request, url: place.work.url } );
			},
		};
		const list = { ...place.work, source: 'google_sheet' as const, url: LINK };
		const { content } = await place.update( { list, tools } );
		assert.deepEqual( [ content?.source, content?.companies.length ], [ 'google_sheet', 2 ] );
		assert.deepEqual( asked, [ 'https://docs.google.com/spreadsheets/d/1AbC_d-EfGhIjKlMnOp/export?format=csv&gid=7' ] );
	} );

	test( 'that leads to a login page is refused', async () => {
		await using server = await localServer( ( { url }, response ) =>
			url === '/ServiceLogin'
				? response
						.writeHead( 200, { 'content-type': 'text/html; charset=utf-8' } )
						.end( '<!doctype html><html><title>Sign in - Google Accounts' )
				: response.writeHead( 307, { location: '/ServiceLogin' } ).end()
		);
		const guarded = guardedFetcher( { policy: { allow: parseAllow( `127.0.0.1:${ server.port }` ), nat64: false } } );
		const fetcher: Fetcher = ( request ) => guarded( { ...request, url: `http://127.0.0.1:${ server.port }/export` } );
		await using place = await tablePlace( '' );
		const list = { ...place.work, source: 'google_sheet' as const, url: LINK };
		assert.equal( ( await place.update( { list, tools: { ...place.reopen(), fetcher } } ) ).status.error_code, 'list_not_table' );
	} );
} );

describe( 'tables for one use', () => {
	const options = ( tools: ListTools ): Parameters< typeof loadCompanies >[ 1 ] => ( {
		tools,
		now_ms: NOW_MS,
		signal: new AbortController().signal,
	} );

	test( 'come from a URL, whatever it is called, with a word on rows that are left out', async () => {
		await using place = await tablePlace( `${ csvOf( 3 ) }\n4,Shop,co.uk` );
		for ( const url of [ place.work.url, place.work.url.replace( 'a.csv', 'export' ) ] ) {
			const { content, notice } = await loadCompanies( url, options( place.reopen() ) );
			assert.deepEqual( [ content.source, content.companies.length ], [ 'csv', 3 ] );
			assert.equal( notice, '1 of 4 rows are left out; row 5 (Shop, co.uk) fails with public_suffix.' );
		}
	} );

	test( 'come from a Google link', async () => {
		await using place = await tablePlace( csvOf( 2 ) );
		const tools: ListTools = {
			...place.reopen(),
			fetcher: ( request ) => place.reopen().fetcher( { ...request, url: place.work.url } ),
		};
		const { content } = await loadCompanies(
			'https://docs.google.com/spreadsheets/d/1AbC_d-EfGhIjKlMnOp/edit#gid=7',
			options( tools )
		);
		assert.deepEqual( [ content.source, content.companies.length ], [ 'google_sheet', 2 ] );
	} );

	test( 'are refused where a page is answered', async () => {
		await using place = await tablePlace( '<html>Sign in</html>' );
		await assert.rejects( loadCompanies( place.work.url, options( place.reopen() ) ), { code: 'list_not_table' } );
		await assert.rejects( loadCompanies( place.work.url.replace( 'a.csv', 'all.json' ), options( place.reopen() ) ), {
			code: 'list_not_json',
		} );
	} );
} );
