import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { sampleContent } from '../../../companion/src/lists/sample.ts';
import { makeRecord, makeRecords, NOW_MS, TOOLS } from './make-list.ts';
import { makePlace, type Upstream } from './make-place.ts';

const fingerprint = async ( path: string ): Promise< string > =>
	createHash( 'sha256' )
		.update( await readFile( path ) )
		.digest( 'hex' );

describe( 'updating a list', () => {
	test( 'fetches, reads and keeps it, and says how far it is', async () => {
		await using place = await makePlace( [ ...makeRecords( 3 ), null ] );
		const steps: string[] = [];
		const { content, status, error } = await place.update( {
			onProgress: ( done, total ) => steps.push( `${ done }/${ total }` ),
		} );
		assert.deepEqual(
			[ content?.source, content?.companies.length, content?.fetched_at_ms, content?.changes ],
			[ 'yc', 3, NOW_MS, null ]
		);
		assert.deepEqual(
			[ status, error ],
			[
				{
					list_uid: 'yc',
					checked_at_ms: NOW_MS,
					error_code: null,
					error_message: null,
					rejected_count: 1,
					rejections: [ { row: 4, reason: 'not_object', text: '' } ],
				},
				null,
			]
		);
		assert.deepEqual( steps, [ '0/3', '1/3', '2/3', '3/3' ] );
		assert.deepEqual(
			( await place.reopen().cache.load( 'yc' ) ).map( ( stored ) => stored.content ),
			[ content ]
		);
	} );

	test( 'keeps the newest two versions, readable by nobody else', async () => {
		await using place = await makePlace( makeRecords( 3 ) );
		const shas: ( string | undefined )[] = [];
		for ( const count of [ 3, 4, 5 ] ) {
			place.upstream.body = JSON.stringify( makeRecords( count ) );
			shas.unshift( ( await place.update() ).content?.sha256 );
		}
		const kept = await place.reopen().cache.load( 'yc' );
		assert.deepEqual(
			kept.map( ( { content } ) => content.sha256 ),
			shas.slice( 0, 2 )
		);
		const names = ( await readdir( place.folder ) ).sort();
		assert.deepEqual( names, [ place.nameOf(), place.nameOf( '.previous' ) ] );
		for ( const name of names ) {
			assert.equal( ( await stat( join( place.folder, name ) ) ).mode & 0o777, 0o600 );
		}
		assert.equal( ( await stat( place.folder ) ).mode & 0o777, 0o700 );
	} );

	test( 'counts what changed and carries a former domain forward', async () => {
		await using place = await makePlace( makeRecords( 10 ) );
		await place.update();
		const records = [ ...makeRecords( 9 ), makeRecord( { id: 11 } ) ];
		records[ 0 ] = { ...records[ 0 ], website: 'https://moved.com', status: 'Acquired' };
		place.upstream.body = JSON.stringify( records );
		const { content } = await place.update();
		assert.deepEqual( content?.changes, { added: 1, changed: 1, moved: 1, removed: 1 } );
		assert.deepEqual(
			content?.domains.filter( ( { kind } ) => kind === 'former' ),
			[
				{ domain: 'company-1.com', source_id: '1', kind: 'former' },
				{ domain: 'company-10.com', source_id: '10', kind: 'former' },
			]
		);
	} );

	test( 'does not read again what the ETag says is the same', async () => {
		await using place = await makePlace( makeRecords( 3 ) );
		place.upstream.etag = '"v1"';
		const first = await place.update();
		place.upstream.body = 'not read';
		const second = await place.update( { tools: place.reopen(), now_ms: NOW_MS + 1 } );
		assert.deepEqual( [ second.content, second.error ], [ first.content, null ] );
	} );

	test( 'does not send the ETag of one address to another', async () => {
		await using place = await makePlace( makeRecords( 3 ) );
		place.upstream.etag = '"v1"';
		await place.update();
		const elsewhere = { ...place.work, url: `${ place.work.url }?b` };
		const { content } = await place.update( { list: elsewhere } );
		assert.equal( content?.companies.length, 3 );
		assert.equal( content?.changes, null );
	} );

	test( 'writes nothing new when the same content comes with another ETag, and keeps the previous version', async () => {
		await using place = await makePlace( makeRecords( 3 ) );
		await place.update();
		place.upstream.body = JSON.stringify( makeRecords( 4 ) );
		await place.update();
		place.upstream.etag = '"v2"';
		const { content } = await place.update();
		const kept = await place.reopen().cache.load( 'yc' );
		assert.deepEqual(
			kept.map( ( stored ) => [ stored.etag, stored.content.companies.length ] ),
			[
				[ '"v2"', 4 ],
				[ null, 3 ],
			]
		);
		assert.equal( content?.sha256, kept[ 0 ]?.content.sha256 );
	} );
} );

describe( 'F63: an update that is refused', () => {
	const poisoned: [ string, Partial< Upstream >, string ][] = [
		[ 'a web page', { body: '<html>Sign in</html>' }, 'list_not_json' ],
		[ 'half a list', { body: '[{"id":1' }, 'list_not_json' ],
		[ 'an object', { body: '{"companies":[]}' }, 'list_shape' ],
		[ 'an empty list', { body: '[]' }, 'list_empty' ],
		[ 'records that are no companies', { body: '[1,2,3]' }, 'list_shape' ],
		[ 'nesting', { body: '['.repeat( 1000 ) }, 'list_shape' ],
		[ 'a fifth less', { body: JSON.stringify( makeRecords( 79 ) ) }, 'list_shrunk' ],
		[
			'many records, few of them companies',
			{ body: JSON.stringify( [ ...makeRecords( 79 ), ...Array.from( { length: 100 }, () => null ) ] ) },
			'list_shrunk',
		],
		[ 'too many values', { body: `[{"id":1,"name":"Tidewren","x":[${ '[],'.repeat( 2_000_000 ) }[]]}]` }, 'list_too_large' ],
		[ 'too many records', { body: JSON.stringify( Array.from( { length: 50_001 }, () => 0 ) ) }, 'list_too_large' ],
		[ 'an error of the server', { status: 500 }, 'list_unreachable' ],
	];
	for ( const [ name, upstream, code ] of poisoned ) {
		test( `tells ${ code } and leaves the last good copy byte for byte: ${ name }`, async () => {
			await using place = await makePlace( makeRecords( 100 ) );
			const good = await place.update();
			const before = await fingerprint( join( place.folder, place.nameOf() ) );
			Object.assign( place.upstream, upstream );
			const { content, status, error } = await place.update( { now_ms: NOW_MS + 1 } );
			assert.deepEqual( [ status.error_code, status.error_message, status.checked_at_ms ], [ code, error?.message, NOW_MS + 1 ] );
			assert.deepEqual( content, good.content );
			assert.equal( await fingerprint( join( place.folder, place.nameOf() ) ), before );
			assert.deepEqual(
				await readdir( place.folder ),
				code === 'list_shrunk' ? [ place.nameOf(), place.nameOf( '.refused' ) ] : [ place.nameOf() ]
			);
		} );
	}

	test( 'is not one with four fifths of the companies', async () => {
		await using place = await makePlace( makeRecords( 100 ) );
		await place.update();
		place.upstream.body = JSON.stringify( makeRecords( 80 ) );
		assert.equal( ( await place.update() ).content?.companies.length, 80 );
	} );

	test( 'is taken when the operator accepts the shrunken list', async () => {
		await using place = await makePlace( makeRecords( 100 ) );
		await place.update();
		place.upstream.body = JSON.stringify( makeRecords( 10 ) );
		assert.equal( ( await place.update( { list: { ...place.work, accept_shrunk: true } } ) ).content?.companies.length, 10 );
	} );

	test( 'is not one when the address changed to a smaller list', async () => {
		await using place = await makePlace( makeRecords( 100 ) );
		await place.update();
		place.upstream.body = JSON.stringify( makeRecords( 10 ) );
		const { content } = await place.update( { list: { ...place.work, url: `${ place.work.url }?small` } } );
		assert.equal( content?.companies.length, 10 );
	} );

	test( 'is measured on what WordPress has when the cache was lost, but not on the sample', async () => {
		await using place = await makePlace( makeRecords( 50 ) );
		const sample = await sampleContent( 'yc', NOW_MS, TOOLS );
		const lost = { ...place.work, active_version: 3, active_row_count: sample.companies.length };
		assert.equal( ( await place.update( { list: { ...lost, active_sha256: 'f'.repeat( 64 ) } } ) ).status.error_code, 'list_shrunk' );
		assert.equal( ( await place.update( { list: { ...lost, active_sha256: sample.sha256 } } ) ).status.error_code, null );
	} );

	test( 'rejects when it is cancelled', async () => {
		await using place = await makePlace( makeRecords( 3 ) );
		await assert.rejects( place.update( { signal: AbortSignal.abort() } ), { code: 'cancelled' } );
	} );

	test( 'rejects when the state folder cannot be written', async () => {
		await using place = await makePlace( makeRecords( 3 ) );
		await writeFile( place.folder, 'a file where the folder should be' );
		await assert.rejects( place.update(), { code: 'state_folder' } );
	} );
} );

describe( 'without the network', () => {
	test( 'the sample is used as long as no list ever was', async () => {
		await using place = await makePlace( '' );
		place.upstream.status = 503;
		const { content, status } = await place.update();
		assert.deepEqual( [ content?.source, status.error_code ], [ 'sample', 'list_unreachable' ] );
		assert.deepEqual( await place.reopen().cache.load( 'yc' ), [] );
		const again = await place.update( { list: { ...place.work, active_version: 1, active_sha256: content?.sha256 ?? null } } );
		assert.equal( again.content?.sha256, content?.sha256 );
	} );

	test( 'nothing is used when WordPress has a list that is not at hand', async () => {
		await using place = await makePlace( '' );
		place.upstream.status = 503;
		const { content } = await place.update( { list: { ...place.work, active_version: 1, active_sha256: 'f'.repeat( 64 ) } } );
		assert.equal( content, null );
	} );

	test( 'the last good list is used, whatever its age', async () => {
		await using place = await makePlace( makeRecords( 3 ) );
		const good = await place.update();
		place.upstream.status = 503;
		const { content } = await place.update( { tools: place.reopen() } );
		assert.deepEqual( content, good.content );
	} );

	test( 'sample: is the sample and no failure', async () => {
		await using place = await makePlace( '' );
		const { content, error } = await place.update( { list: { ...place.work, url: 'sample:' } } );
		assert.deepEqual( [ content?.source, error, place.hits ], [ 'sample', null, [] ] );
	} );

	test( 'a list of another kind, a path or another scheme is not read', async () => {
		await using place = await makePlace( makeRecords( 3 ) );
		for ( const [ list, code ] of [
			[ { ...place.work, source: 'upload' as const }, 'bad_request' ],
			[ { ...place.work, source: 'google_sheet' as const }, 'bad_url' ],
			[ { ...place.work, url: '/etc/passwd' }, 'bad_url' ],
			[ { ...place.work, url: 'file:///etc/passwd' }, 'bad_url' ],
		] as const ) {
			assert.equal( ( await place.update( { list } ) ).status.error_code, code );
		}
		assert.deepEqual( place.hits, [] );
	} );
} );
