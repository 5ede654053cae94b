import { beforeEach, describe, expect, it, vi } from 'vitest';
import { labelHosts, parseList, scanFile } from '../../../admin-ts/src/worker/client.ts';
import type { Progress } from '../../../admin-ts/src/worker/protocol.ts';
import { started, stubWorker } from '../fake-worker.ts';

beforeEach( () => {
	stubWorker();
	// The client keeps one worker for the life of the page; a crash makes it start another.
	const last = started.at( -1 );
	last?.dispatchEvent( new ErrorEvent( 'error' ) );
	started.length = 0;
} );

describe( 'the client of the worker', () => {
	it( 'starts one worker with the first task and keeps it', async () => {
		expect( started ).toHaveLength( 0 );
		await scanFile( 'ann@airbnb.com' );
		await scanFile( 'bob@airbnb.com' );
		expect( started ).toHaveLength( 1 );
	} );

	it( 'keeps the answers of two tasks apart', async () => {
		const [ one, two ] = await Promise.all( [ scanFile( 'ann@one.com' ), scanFile( 'bob@two.com' ) ] );
		expect( one.hosts[ 0 ]?.host ).toBe( 'one.com' );
		expect( two.hosts[ 0 ]?.host ).toBe( 'two.com' );
	} );

	it( 'hands progress on', async () => {
		const seen: Progress[] = [];
		await scanFile( 'ann@airbnb.com', { onProgress: ( progress ) => seen.push( progress ) } );
		expect( seen ).toEqual( [ { bytes_read: 14, bytes_total: 14, rows_read: 0 } ] );
	} );

	it( 'gives a failure the title and hint that the contract has for it', async () => {
		window.rollcall_settings = {
			...window.rollcall_settings!,
			errors: { list_not_json: { title: 'The list is not JSON.', hint: 'Check the address.' } },
		};
		const parsed = parseList( { list_uid: 'yc', source: 'yc', previous: null, kind: 'yc', body: 'nonsense' } );
		await expect( parsed ).rejects.toMatchObject( {
			name: 'ApiError',
			code: 'list_not_json',
			title: 'The list is not JSON.',
			hint: 'Check the address.',
		} );
	} );

	it( 'stops a task that is no longer wanted, in the worker too', async () => {
		const controller = new AbortController();
		const scanned = scanFile( 'ann@airbnb.com', { signal: controller.signal } );
		controller.abort();
		await expect( scanned ).rejects.toMatchObject( { name: 'AbortError' } );
		expect( started[ 0 ]?.messages ).toMatchObject( [ { task: 'scan_file' }, { cancel: true } ] );
	} );

	it( 'does not begin a task that was stopped before', async () => {
		await expect( scanFile( 'ann@airbnb.com', { signal: AbortSignal.abort() } ) ).rejects.toMatchObject( { name: 'AbortError' } );
		expect( started ).toHaveLength( 0 );
	} );

	it( 'fails the open tasks of a worker that crashes, and starts another for the next', async () => {
		await scanFile( 'ann@airbnb.com' );
		const [ first ] = started;
		vi.spyOn( first!, 'postMessage' ).mockImplementation( () =>
			first?.dispatchEvent( new ErrorEvent( 'error', { message: 'out of memory' } ) )
		);
		await expect( scanFile( 'bob@airbnb.com' ) ).rejects.toMatchObject( { code: 'script_missing', message: 'out of memory' } );
		expect( ( await labelHosts( { data_version: 1, rows: [], own_hosts: [] } ) ).length ).toBe( 0 );
		expect( started ).toHaveLength( 2 );
	} );
} );
