import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { RollcallError } from '../../../companion/src/errors.ts';
import { loadCompanies } from '../../../companion/src/lists/load.ts';
import type { ListTools } from '../../../companion/src/lists/update.ts';
import { makeRecords, NOW_MS } from './make-list.ts';
import { makePlace } from './make-place.ts';

describe( 'loading companies for one use', () => {
	const options = ( tools: ListTools ): Parameters< typeof loadCompanies >[ 1 ] => ( {
		tools,
		now_ms: NOW_MS,
		signal: new AbortController().signal,
	} );

	test( 'takes a URL and leaves the cache to the list that is looked after', async () => {
		await using place = await makePlace( makeRecords( 3 ) );
		const { content, notice } = await loadCompanies( place.work.url, options( place.reopen() ) );
		assert.deepEqual( [ content.companies.length, notice, await place.reopen().cache.load( 'yc' ) ], [ 3, null, [] ] );
	} );

	test( 'takes a file', async () => {
		await using place = await makePlace( '' );
		const path = join( place.folder, '..', 'companies.json' );
		await writeFile( path, JSON.stringify( makeRecords( 2 ) ) );
		assert.equal( ( await loadCompanies( path, options( place.reopen() ) ) ).content.companies.length, 2 );
	} );

	test( 'takes the sample by name, and says so', async () => {
		await using place = await makePlace( '' );
		const { content, notice } = await loadCompanies( 'sample:', options( place.reopen() ) );
		assert.deepEqual( [ content.source, notice ], [ 'sample', 'The built-in sample of made-up companies is used.' ] );
	} );

	test( 'fails on a URL or file that was named and cannot be read', async () => {
		await using place = await makePlace( '' );
		place.upstream.status = 503;
		await assert.rejects( loadCompanies( place.work.url, options( place.reopen() ) ), { code: 'list_unreachable' } );
		await assert.rejects( loadCompanies( join( place.folder, 'none.json' ), options( place.reopen() ) ), { code: 'file_unreadable' } );
		await assert.rejects( loadCompanies( 'file:///etc/passwd', options( place.reopen() ) ), { code: 'bad_url' } );
	} );

	test( 'reads at most 20 MiB of a file that has no size', async () => {
		await using place = await makePlace( '' );
		await assert.rejects( loadCompanies( '/dev/zero', options( place.reopen() ) ), { code: 'list_too_large' } );
	} );

	test( 'uses the default list also when no copy of it can be kept, and says so', async () => {
		await using place = await makePlace( makeRecords( 3 ) );
		const { fetcher, ...tools } = place.reopen();
		const full: ListTools = {
			...tools,
			fetcher: ( request ) => fetcher( { ...request, url: place.work.url } ),
			cache: { ...tools.cache, save: () => Promise.reject( new RollcallError( 'state_folder', 'Writing to /x failed: ENOSPC' ) ) },
		};
		const { content, notice } = await loadCompanies( undefined, options( full ) );
		assert.deepEqual( [ content.companies.length, notice ], [ 3, 'Writing to /x failed: ENOSPC. No copy of the list is kept.' ] );
	} );

	test( 'falls back from the default list to the sample, with a notice', async () => {
		await using place = await makePlace( '' );
		const offline: ListTools = { ...place.reopen(), fetcher: () => Promise.reject( new Error( 'getaddrinfo ENOTFOUND' ) ) };
		const { content, notice } = await loadCompanies( undefined, options( offline ) );
		assert.equal( content.source, 'sample' );
		assert.match(
			notice ?? '',
			/^GET https:\/\/\S+ failed: getaddrinfo ENOTFOUND\. The built-in sample of made-up companies is used\.$/
		);
	} );

	test( 'falls back from the default list to the newest copy, with its date', async () => {
		await using place = await makePlace( makeRecords( 3 ) );
		const through: ListTools = {
			...place.reopen(),
			fetcher: ( request ) => place.reopen().fetcher( { ...request, url: place.work.url } ),
		};
		await loadCompanies( undefined, options( through ) );
		const offline: ListTools = { ...place.reopen(), fetcher: () => Promise.reject( new Error( 'ENOTFOUND' ) ) };
		const { content, notice } = await loadCompanies( undefined, options( offline ) );
		assert.equal( content.companies.length, 3 );
		assert.match( notice ?? '', /The copy of 2026-11-23T00:00:00\.000Z is used\.$/ );
	} );
} );
