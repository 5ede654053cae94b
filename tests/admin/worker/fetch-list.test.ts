import { describe, expect, it } from 'vitest';
import { fetchList, MAX_LIST_BYTES } from '../../../admin-ts/src/worker/fetch-list.ts';

const signal = new AbortController().signal;
const answering = ( response: () => Response | Promise< Response > ) => ( _url: unknown, init?: RequestInit ) => {
	seen = init;
	return Promise.resolve( response() );
};
let seen: RequestInit | undefined;

describe( 'fetching a list in the browser', () => {
	it( 'gives the bytes and says how far it is, without cookies and referrer', async () => {
		const progress: number[] = [];
		const bytes = await fetchList( 'https://lists.test/all.json', {
			signal,
			fetch: answering( () => new Response( '[{"id":1}]', { headers: { 'content-length': '10' } } ) ),
			onProgress: ( { bytes_read } ) => progress.push( bytes_read ),
		} );
		expect( new TextDecoder().decode( bytes ) ).toBe( '[{"id":1}]' );
		expect( progress ).toEqual( [ 10 ] );
		expect( seen ).toMatchObject( { credentials: 'omit', referrerPolicy: 'no-referrer' } );
	} );

	it.each( [
		[ 'an answer that is no success', 'https://lists.test/a', () => new Response( '', { status: 503 } ), 'list_unreachable' ],
		[
			'a host that lets no browser read',
			'https://lists.test/a',
			() => Promise.reject( new TypeError( 'Failed to fetch' ) ),
			'list_unreachable',
		],
		[ 'a URL with a password', 'https://ann:secret@lists.test/a', () => new Response( '[]' ), 'bad_url' ],
		[ 'a URL of another kind', 'file:///etc/passwd', () => new Response( '[]' ), 'bad_url' ],
	] )( 'refuses %s', async ( _what, url, response, code ) => {
		await expect( fetchList( url, { signal, fetch: answering( response ) } ) ).rejects.toMatchObject( { code } );
	} );

	it( 'stops reading above the limit', async () => {
		let sent = 0;
		const endless = new ReadableStream( {
			pull: ( controller ) => {
				sent += 1_000_000;
				controller.enqueue( new Uint8Array( 1_000_000 ) );
			},
		} );
		const fetched = fetchList( 'https://lists.test/a', { signal, fetch: answering( () => new Response( endless ) ) } );
		await expect( fetched ).rejects.toMatchObject( { code: 'list_too_large' } );
		expect( sent ).toBeLessThan( MAX_LIST_BYTES + 5_000_000 );
	} );

	it( 'gives up after its deadline', async () => {
		const slow = ( _url: unknown, init?: RequestInit ) =>
			new Promise< Response >( ( _resolve, reject ) => {
				init?.signal?.addEventListener( 'abort', () => reject( new Error( 'aborted' ) ) );
			} );
		await expect( fetchList( 'https://lists.test/a', { signal, fetch: slow, deadline_ms: 20 } ) ).rejects.toMatchObject( {
			code: 'list_timeout',
		} );
	} );
} );
