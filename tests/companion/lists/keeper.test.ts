import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { makeKeeper, type NamedList } from '../../../companion/src/lists/keeper.ts';
import { makeRecords } from './make-list.ts';
import { makePlace } from './make-place.ts';

/** Puts the default list, another one of two addresses, and a version that was refused into the place. */
async function fill( place: Awaited< ReturnType< typeof makePlace > > ) {
	const list = { ...place.work, list_uid: 'l0123456789ab' };
	const other = { ...list, url: `${ list.url }?other` };
	const contents = [];
	for ( const one of [ place.work, list, other ] ) {
		place.upstream.body = JSON.stringify( makeRecords( 5 + contents.length ) );
		contents.push( ( await place.update( { list: one } ) ).content?.sha256 ?? null );
	}
	place.upstream.body = JSON.stringify( makeRecords( 1 ) );
	await place.update( { list } );
	const { cache } = place.reopen();
	const shown = async ( from = cache ): Promise< string[] > =>
		( await Promise.all( ( await from.list_uids() ).map( ( list_uid ) => from.load( list_uid ) ) ) )
			.flat()
			.map( ( { url, content } ) => content.list_uid + url.replace( place.work.url, '' ) )
			.sort();
	const named = ( { list_uid, url }: NamedList, active_sha256: string | null = null ): NamedList => ( { list_uid, url, active_sha256 } );
	return { cache, shown, contents, list: named( list ), other: named( other ), yc: named( place.work ) };
}

test( 'lists that no site names any more are forgotten, with what was refused of them', async () => {
	await using place = await makePlace( makeRecords( 5 ) );
	const { cache, shown, list, other, yc, contents } = await fill( place );
	const keep = makeKeeper( cache, [ 'a', 'b' ], yc );
	await keep( 'a', [ list ] );
	assert.equal( ( await shown() ).length, 3, 'one of the sites has not named its own yet' );
	await keep( 'b', [ yc, other ] );
	assert.deepEqual( await shown(), [ 'l0123456789ab', 'l0123456789ab?other', 'yc' ] );
	await keep( 'a', [ { ...list, url: 'https://new.example/', active_sha256: contents[ 1 ] ?? null } ] );
	assert.equal( ( await shown() ).length, 3, 'the content in use stays when the address changes' );
	await keep( 'a', [] );
	assert.deepEqual( await shown(), [ 'l0123456789ab?other', 'yc' ] );
	await keep( 'b', [] );
	assert.deepEqual( await shown(), [ 'yc' ] );
	assert.deepEqual( await shown( place.reopen().cache ), [ 'yc' ] );
	assert.deepEqual( await readdir( place.folder ), [ place.nameOf() ] );
} );

test( 'of the default list only other addresses are forgotten', async () => {
	await using place = await makePlace( makeRecords( 5 ) );
	const { cache, shown, yc } = await fill( place );
	const other = { ...place.work, url: `${ place.work.url }?other` };
	await place.update( { list: other, tools: { ...place.reopen(), cache }, now_ms: 1 } );
	const keep = makeKeeper( cache, [ 'a' ], yc );
	await keep( 'a', [] );
	assert.deepEqual( await shown(), [ 'yc', 'yc?other' ], 'nobody names it' );
	await keep( 'a', [ { ...yc, url: 'https://new.example/' } ] );
	assert.deepEqual( await shown(), [ 'yc' ] );
} );
