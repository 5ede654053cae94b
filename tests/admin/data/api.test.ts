import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError, linkTo, request, requestRows, restPath, toApiError } from '../../../admin-ts/src/data/api.ts';
import { allowed } from '../fixtures.ts';

afterEach( () => vi.unstubAllGlobals() );

async function failureOf( answer: Response | Error ): Promise< unknown > {
	vi.stubGlobal( 'fetch', () => ( answer instanceof Error ? Promise.reject( answer ) : Promise.resolve( answer ) ) );
	return request( restPath( '/overview' ) ).catch( ( thrown: unknown ) => thrown );
}

const json = ( body: unknown, status: number ) =>
	new Response( JSON.stringify( body ), { status, headers: { 'Content-Type': 'application/json' } } );

describe( 'errors of requests', () => {
	it( 'keep code, title, message and hint of the plugin', async () => {
		const thrown = await failureOf(
			json(
				{
					code: 'run_open',
					message: 'Run 4 is open.',
					data: { status: 409, title: 'A run is already under way.', hint: 'Wait for it.' },
				},
				409
			)
		);
		expect( thrown ).toBeInstanceOf( ApiError );
		expect( thrown ).toMatchObject( {
			code: 'run_open',
			title: 'A run is already under way.',
			message: 'Run 4 is open.',
			hint: 'Wait for it.',
		} );
	} );

	it.each( [
		[ 'a lost connection', new TypeError( 'Failed to fetch' ), 'fetch_error', /connection to the internet/ ],
		[ 'a page of HTML', new Response( '<html>', { status: 200 } ), 'invalid_json', /firewall/ ],
		[
			'a closed REST interface',
			json( { code: 'rest_no_route', message: 'No route', data: { status: 404 } }, 404 ),
			'rest_no_route',
			/security plugin/,
		],
		[
			'a missing right',
			json( { code: 'rest_forbidden', message: 'Sorry', data: { status: 403 } }, 403 ),
			'rest_forbidden',
			/administrator/,
		],
		[ 'an unknown error', json( { code: 'teapot', message: 'short and stout' }, 418 ), 'teapot', /error log/ ],
	] )( 'of %s say what to do', async ( _name, answer, code, hint ) => {
		const thrown = await failureOf( answer );
		expect( thrown ).toMatchObject( { code, hint: expect.stringMatching( hint ), title: expect.stringMatching( /\.$/ ) } );
	} );

	it( 'of collections are read from the raw answer', async () => {
		vi.stubGlobal( 'fetch', () =>
			Promise.resolve(
				json( { code: 'not_found', message: 'none', data: { title: 'There is no such thing.', hint: 'Reload.' } }, 404 )
			)
		);
		await expect( requestRows( restPath( '/companies' ) ) ).rejects.toMatchObject( {
			code: 'not_found',
			title: 'There is no such thing.',
		} );
	} );

	it( 'take title and hint of a known code from the page when the answer has none', async () => {
		window.rollcall_settings = allowed();
		expect( await toApiError( { code: 'list_unreachable', message: 'GET failed' } ) ).toMatchObject( {
			title: 'The list could not be fetched.',
		} );
	} );
} );

describe( 'paths', () => {
	it( 'leave out what is not set and write arrays by index', () => {
		expect(
			decodeURI( restPath( '/companies', { page: 1, search: '', status: [ 'active', 'public' ], batch: [], order: undefined } ) )
		).toBe( '/rollcall/v1/companies?page=1&status[0]=active&status[1]=public' );
	} );

	it( 'of downloads carry the nonce, with pretty permalinks and without', () => {
		expect( linkTo( '/report/users/export', { format: 'csv' } ) ).toBe(
			'http://site.test/wp-json/rollcall/v1/report/users/export?format=csv&_wpnonce=nonce-1'
		);
		window.rollcall_settings = { ...allowed(), rest_url: 'http://site.test/index.php?rest_route=/' };
		const { searchParams } = new URL( linkTo( '/report/users/export', { format: 'csv' } ) );
		expect( Object.fromEntries( searchParams ) ).toEqual( {
			rest_route: '/rollcall/v1/report/users/export',
			format: 'csv',
			_wpnonce: 'nonce-1',
		} );
	} );

	it( 'read the totals of a collection from its headers', async () => {
		vi.stubGlobal( 'fetch', () =>
			Promise.resolve( new Response( '[1,2]', { headers: { 'X-WP-Total': '5950', 'X-WP-TotalPages': '298' } } ) )
		);
		expect( await requestRows< number >( restPath( '/companies' ) ) ).toEqual( { items: [ 1, 2 ], total: 5950, pages: 298 } );
	} );
} );
