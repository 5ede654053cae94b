import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAllow } from '../../../companion/src/guard/allow.ts';
import { guardedPoster, type PostRequest } from '../../../companion/src/guard/post.ts';
import { localServer, type LocalServer } from './local-server.ts';

const posting = ( server: LocalServer, over: Partial< PostRequest > = {}, deadline_ms?: number ): Promise< number > =>
	guardedPoster(
		{ policy: { allow: parseAllow( `127.0.0.1:${ server.port }` ), nat64: false } },
		deadline_ms
	)( {
		url: `http://127.0.0.1:${ server.port }/hook`,
		headers: { 'content-type': 'application/json', 'webhook-id': 'msg_1' },
		body: '{"type":"run.finished"}',
		signal: new AbortController().signal,
		...over,
	} );

describe( 'a guarded POST', () => {
	test( 'sends headers and body as they are, and gives the status', async () => {
		const seen: unknown[] = [];
		await using server = await localServer( async ( request, response ) => {
			const chunks: Buffer[] = [];
			for await ( const chunk of request ) {
				chunks.push( Buffer.from( chunk ) );
			}
			seen.push( request.method, request.headers[ 'webhook-id' ], Buffer.concat( chunks ).toString() );
			response.writeHead( 202 ).end( 'thank you' );
		} );
		assert.equal( await posting( server ), 202 );
		assert.deepEqual( seen, [ 'POST', 'msg_1', '{"type":"run.finished"}' ] );
	} );

	for ( const status of [ 301, 302, 303, 307, 308 ] ) {
		test( `does not follow ${ status }`, async () => {
			await using server = await localServer( ( _request, response ) => response.writeHead( status, { location: '/other' } ).end() );
			assert.equal( await posting( server ), status );
			assert.deepEqual( server.hits, [ '/hook' ] );
		} );
	}

	test( 'ends at its deadline, and when it is stopped, while a name server says nothing', async () => {
		const ours = new AbortController();
		const post = guardedPoster( { policy: { allow: [], nat64: false }, resolve: () => new Promise( () => {} ) }, 50 );
		const request = { url: 'http://hook.example/', headers: {}, body: '', signal: ours.signal };
		const held = setTimeout( () => {}, 2000 );
		await assert.rejects( post( request ), { code: 'webhook_failed', message: /within 0\.05 s/ } );
		const stopped = post( request );
		ours.abort();
		await assert.rejects( stopped, { name: 'AbortError' } );
		clearTimeout( held );
	} );

	test( 'S67: obeys the guard before a byte is sent', async () => {
		await using server = await localServer( ( _request, response ) => response.end() );
		for ( const [ url, code ] of [
			[ `http://localhost:${ server.port }/`, 'target_refused' ],
			[ 'http://169.254.169.254/latest/meta-data', 'target_refused' ],
			[ 'http://10.0.0.1/', 'target_refused' ],
			[ `http://127.0.0.1:${ server.port }\\@example.com/`, 'bad_url' ],
			[ 'file:///etc/passwd', 'bad_url' ],
			[ '', 'bad_url' ],
		] as const ) {
			const post = guardedPoster( { policy: { allow: parseAllow( `10.9.9.9:${ server.port }` ), nat64: false } } );
			await assert.rejects( post( { url, headers: {}, body: '', signal: new AbortController().signal } ), { code }, url );
		}
		assert.deepEqual( server.hits, [] );
	} );

	test( 'does not wait for an answer that never comes, and stops when it is cancelled', async () => {
		await using server = await localServer( () => undefined );
		await assert.rejects( posting( server, {}, 100 ), { code: 'webhook_failed', message: 'There was no answer within 0.1 s.' } );
		await assert.rejects( posting( server, { signal: AbortSignal.timeout( 50 ) } ), { name: 'TimeoutError' } );
	} );

	test( 'reads nothing of an endless answer', async () => {
		await using server = await localServer( ( _request, response ) => void response.writeHead( 200 ).write( 'x'.repeat( 1000 ) ) );
		assert.equal( await posting( server ), 200 );
	} );
} );
