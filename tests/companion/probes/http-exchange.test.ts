import assert from 'node:assert/strict';
import { channel } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { describe, it } from 'node:test';
import { exchange, type BodyNeed } from '../../../companion/src/probes/http-exchange.ts';
import { ignore, openTcp } from '../../../companion/src/probes/socket.ts';
import { makeContext, rawServer } from './make-context.ts';

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok';

describe( 'what a check leaves to Node', () => {
	for ( const need of [ 'none', 'idle', 'needed' ] satisfies BodyNeed[] ) {
		it( `is a socket and a request that know nothing of it: 5 kB a check stayed until the next full collection (body: ${ need })`, async () => {
			await using server = await rawServer( ( socket ) => socket.once( 'data', () => socket.end( ANSWER ) ) );
			const context = makeContext( { allow: `127.0.0.1:${ server.port }` } );
			const requests: ClientRequest[] = [];
			// Node's documentation of the channel: its message has the request.
			const onStart = ( message: unknown ): void => void requests.push( ( message as { request: ClientRequest } ).request );
			channel( 'http.client.request.start' ).subscribe( onStart );
			const socket = await openTcp( [ '127.0.0.1' ], server.port, 1000, context );
			assert.deepEqual( socket.listeners( 'error' ), [ ignore ] );
			const message = { method: 'GET', path: '/', headers: [ 'Host', 'a.example', 'Connection', 'close' ], body: null };
			const { head, body } = await exchange( socket, message, { limit_ms: 1000, context, needOf: () => need } );
			channel( 'http.client.request.start' ).unsubscribe( onStart );
			assert.deepEqual( [ head.status, body?.bytes.toString() ], [ 200, need === 'none' ? undefined : 'ok' ] );
			const [ request ] = requests;
			assert.deepEqual( request?.eventNames(), [ 'error' ] );
			assert.deepEqual( request?.listeners( 'error' ), [ ignore ] );
			assert.ok( socket.listeners( 'error' ).includes( ignore ), 'a late reset would end the process' );
		} );
	}
} );
