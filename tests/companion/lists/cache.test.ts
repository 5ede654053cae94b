import assert from 'node:assert/strict';
import { readdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { NO_CACHE } from '../../../companion/src/lists/cache.ts';
import { sampleContent } from '../../../companion/src/lists/sample.ts';
import { findContent } from '../../../companion/src/lists/update.ts';
import { makeRecords, NOW_MS, TOOLS } from './make-list.ts';
import { makePlace } from './make-place.ts';

describe( 'the cache', () => {
	test( 'finds a version by its sha256, the sample too', async () => {
		await using place = await makePlace( makeRecords( 3 ) );
		const first = ( await place.update() ).content;
		place.upstream.body = JSON.stringify( makeRecords( 4 ) );
		await place.update();
		const sample = await sampleContent( 'yc', NOW_MS, TOOLS );
		const tools = place.reopen();
		assert.deepEqual( await findContent( place.work, first?.sha256 ?? '', tools, NOW_MS ), first );
		assert.deepEqual( await findContent( place.work, sample.sha256, tools, NOW_MS ), sample );
		assert.equal( await findContent( place.work, 'f'.repeat( 64 ), tools, NOW_MS ), null );
	} );

	for ( const [ name, damage ] of [
		[ 'cut short', ( text: string ) => text.slice( 0, -100 ) ],
		[ 'edited', ( text: string ) => text.replace( 'company-1.com', 'company-x.com' ) ],
		[ 'of another form', () => '{"content":{"list_uid":"yc"}}' ],
		[ 'null', () => 'null' ],
	] as const ) {
		test( `leaves out a file that is ${ name } and falls back to the one before`, async () => {
			await using place = await makePlace( makeRecords( 3 ) );
			await place.update();
			place.upstream.body = JSON.stringify( makeRecords( 4 ) );
			await place.update();
			const path = join( place.folder, place.nameOf() );
			await writeFile( path, damage( await readFile( path, 'utf8' ) ) );
			const kept = await place.reopen().cache.load( 'yc' );
			assert.deepEqual(
				kept.map( ( { content } ) => content.companies.length ),
				[ 3 ]
			);
			await place.update( { tools: place.reopen() } );
			assert.deepEqual(
				( await place.reopen().cache.load( 'yc' ) ).map( ( { content } ) => content.companies.length ),
				[ 4, 3 ]
			);
		} );
	}

	test( 'keeps what two sites have under one list_uid apart', async () => {
		await using place = await makePlace( makeRecords( 3 ) );
		const other = { ...place.work, url: `${ place.work.url }?other` };
		const first = await place.update();
		for ( const count of [ 4, 5, 6 ] ) {
			place.upstream.body = JSON.stringify( makeRecords( count ) );
			await place.update( { list: other } );
		}
		const tools = place.reopen();
		const found = await findContent( place.work, first.content?.sha256 ?? '', tools, NOW_MS );
		assert.deepEqual( found, first.content );
		assert.deepEqual(
			( await tools.cache.load( 'yc' ) ).map( ( { url, content } ) => `${ url === other.url } ${ content.companies.length }` ).sort(),
			[ 'false 3', 'true 5', 'true 6' ]
		);
	} );

	test( 'keeps the version before when two sites save the same one at once', async () => {
		await using place = await makePlace( makeRecords( 3 ) );
		await place.update();
		const { cache } = place.reopen();
		const [ first ] = await cache.load( 'yc' );
		place.upstream.body = JSON.stringify( makeRecords( 4 ) );
		const { content } = await place.update( { tools: { ...place.reopen(), cache: NO_CACHE } } );
		assert.ok( first && content );
		await Promise.all( [ 1, 2, 3 ].map( () => cache.save( { ...first, content } ) ) );
		assert.deepEqual(
			( await place.reopen().cache.load( 'yc' ) ).map( ( stored ) => stored.content.companies.length ),
			[ 4, 3 ]
		);
	} );

	test( 'finds the files of a version that kept them by list_uid alone, and takes their place', async () => {
		await using place = await makePlace( makeRecords( 3 ) );
		await place.update();
		place.upstream.body = JSON.stringify( makeRecords( 4 ) );
		await place.update();
		await rename( join( place.folder, place.nameOf() ), join( place.folder, 'yc.json' ) );
		await rename( join( place.folder, place.nameOf( '.previous' ) ), join( place.folder, 'yc.previous.json' ) );
		const tools = place.reopen();
		const counts = async () => ( await tools.cache.load( 'yc' ) ).map( ( { content } ) => content.companies.length );
		assert.deepEqual( await counts(), [ 4, 3 ] );
		assert.deepEqual( await tools.cache.list_uids(), [ 'yc' ] );
		place.upstream.body = JSON.stringify( makeRecords( 5 ) );
		await place.update( { tools } );
		assert.deepEqual( await counts(), [ 5, 4 ] );
		assert.deepEqual( ( await readdir( place.folder ) ).sort(), [ place.nameOf(), place.nameOf( '.previous' ) ].sort() );
	} );

	test( 'removes what a killed writer left behind an hour ago, and nothing younger', async () => {
		await using place = await makePlace( makeRecords( 3 ) );
		await place.update();
		await writeFile( join( place.folder, 'old.tmp' ), 'x' );
		await utimes( join( place.folder, 'old.tmp' ), 0, 0 );
		await writeFile( join( place.folder, 'young.tmp' ), 'x' );
		place.upstream.body = JSON.stringify( makeRecords( 4 ) );
		await place.update();
		assert.deepEqual( ( await readdir( place.folder ) ).sort(), [ place.nameOf(), place.nameOf( '.previous' ), 'young.tmp' ] );
	} );

	test( 'names the lists of which it keeps a content', async () => {
		await using place = await makePlace( makeRecords( 3 ) );
		assert.deepEqual( await place.reopen().cache.list_uids(), [] );
		await place.update();
		await place.update( { list: { ...place.work, list_uid: 'l0123456789ab' } } );
		place.upstream.body = JSON.stringify( makeRecords( 4 ) );
		await place.update();
		place.upstream.body = JSON.stringify( makeRecords( 1 ) );
		await place.update();
		assert.deepEqual( ( await readdir( place.folder ) ).length, 4 );
		assert.deepEqual( ( await place.reopen().cache.list_uids() ).sort(), [ 'l0123456789ab', 'yc' ] );
	} );

	test( 'reads a file of a version that did not note what was left out', async () => {
		await using place = await makePlace( makeRecords( 3 ) );
		place.upstream.etag = '"v1"';
		const { content } = await place.update();
		const path = join( place.folder, place.nameOf() );
		await writeFile( path, JSON.stringify( { url: place.work.url, etag: '"v1"', content } ) );
		const again = await place.update( { tools: place.reopen() } );
		assert.deepEqual( [ again.content, again.status.rejected_count, again.status.rejections ], [ content, 0, [] ] );
	} );

	test( 'takes no list_uid that is a path', async () => {
		await using place = await makePlace( '' );
		for ( const list_uid of [ '../yc', 'a/b', '', '.', 'YC', 'a'.repeat( 65 ) ] ) {
			await assert.rejects( place.reopen().cache.load( list_uid ), { code: 'bad_request' } );
		}
	} );
} );
