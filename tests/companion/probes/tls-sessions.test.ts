import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { TLSSocket, type SecureVersion } from 'node:tls';
import { http } from '../../../companion/src/probes/http.ts';
import type { Observation } from '../../../companion/src/probes/probe.ts';
import { makeTlsSessions } from '../../../companion/src/probes/tls-sessions.ts';
import { listening, makeContext, makeRequest, type RawServer } from './make-context.ts';

const HOUR = 3_600_000;
const pem = ( name: string ): string => readFileSync( join( import.meta.dirname, '../../fixtures/tls', `${ name }.pem` ), 'utf8' );
const KEY = pem( 'key' );

type Site = RawServer & { reused: boolean[]; present: ( certificate: string ) => void };

/** A server over https that notes which handshakes were short, and takes its tickets also after its certificate changed. */
async function site( maxVersion: SecureVersion = 'TLSv1.3' ): Promise< Site > {
	const reused: boolean[] = [];
	const options = ( certificate: string ) => ( { key: KEY, cert: pem( certificate ), maxVersion, ticketKeys: Buffer.alloc( 48, 7 ) } );
	const server = createServer( options( 'valid' ), ( { socket }, response ) => {
		reused.push( socket instanceof TLSSocket && socket.isSessionReused() );
		response.end( 'ok' );
	} );
	server.on( 'tlsClientError', () => undefined );
	return { ...( await listening( server ) ), reused, present: ( certificate ) => server.setSecureContext( options( certificate ) ) };
}

/** Checks over one memory of sessions, with clocks that the test turns. */
function checker( server: Site ): {
	check: ( host?: string ) => Promise< Observation >;
	later: ( ms: number ) => void;
	wall: ( ms: number ) => void;
} {
	let shift = 0;
	let wall_ms = Date.now();
	const now = (): number => performance.now() + shift;
	const context = makeContext( {
		allow: `127.0.0.1:${ server.port }`,
		ca: pem( 'ca' ),
		now,
		wallClock: () => wall_ms,
		sessions: makeTlsSessions( now ),
	} );
	return {
		check: ( host = 'www.acme.com' ) =>
			http( makeRequest( `https://${ host }:${ server.port }/`, { needs_certificate: true } ), context ),
		later: ( ms ) => void ( shift += ms ),
		wall: ( ms ) => void ( wall_ms = ms ),
	};
}

describe( 'checks over https with sessions', () => {
	for ( const version of [ 'TLSv1.2', 'TLSv1.3' ] as const ) {
		test( `make one full handshake an hour, and know the certificate all the same (${ version })`, async () => {
			await using acme = await site( version );
			const { check, later } = checker( acme );
			const first = await check();
			const second = await check();
			later( HOUR - 60_000 );
			const third = await check();
			later( 61_000 );
			await check();
			await check();
			assert.deepEqual( acme.reused, [ false, true, true, false, true ] );
			assert.ok( ( first.facts.tls_days ?? 0 ) > 1000 );
			assert.deepEqual( [ second.facts.tls_days, third.facts.tls_days ], [ first.facts.tls_days, first.facts.tls_days ] );
		} );
	}

	test( 'see a changed certificate within the hour', async () => {
		await using acme = await site();
		const { check, later } = checker( acme );
		await check();
		acme.present( 'other' );
		assert.equal( ( await check() ).fault, null );
		later( HOUR );
		assert.equal( ( await check() ).fault?.error_code, 'tls_wrong_host' );
		acme.present( 'valid' );
		// What was not trusted left nothing behind.
		assert.equal( ( await check() ).fault, null );
		assert.deepEqual( acme.reused, [ false, true, false ] );
	} );

	test( 'never go on where the certificate was not trusted, and never with the session of another name', async () => {
		await using acme = await site();
		const { check } = checker( acme );
		assert.equal( ( await check( 'www.other.com' ) ).fault?.error_code, 'tls_wrong_host' );
		await check();
		assert.equal( ( await check( 'www.other.com' ) ).fault?.error_code, 'tls_wrong_host' );
		assert.deepEqual( acme.reused, [ false ] );
	} );

	test( 'see that the certificate ended since the full handshake', async () => {
		await using acme = await site();
		const { check, wall } = checker( acme );
		const days = ( await check() ).facts.tls_days ?? 0;
		wall( Date.now() + ( days + 1 ) * 86_400_000 );
		await check();
		assert.deepEqual( acme.reused, [ false, false ] );
	} );

	test( 'are full where the memory is off', async () => {
		await using acme = await site();
		const context = makeContext( { allow: `127.0.0.1:${ acme.port }`, ca: pem( 'ca' ) } );
		const request = makeRequest( `https://www.acme.com:${ acme.port }/` );
		await http( request, context );
		await http( request, context );
		assert.deepEqual( acme.reused, [ false, false ] );
	} );
} );

describe( 'the memory of sessions', () => {
	const certificate = { begins_at_ms: 0, ends_at_ms: 1e15 };

	test( 'holds 5,000, and forgets the oldest', () => {
		const sessions = makeTlsSessions( () => 0 );
		for ( let index = 0; index <= 5000; index++ ) {
			sessions.keep( String( index ), { ticket: Buffer.alloc( 8 ), certificate, full_at: 0 } );
		}
		assert.deepEqual(
			[ sessions.get( '0', 1 ), sessions.get( '1', 1 ) === null, sessions.get( '5000', 1 ) === null ],
			[ null, false, false ]
		);
	} );

	test( 'takes no ticket of any length', () => {
		const sessions = makeTlsSessions( () => 0 );
		sessions.keep( 'a', { ticket: Buffer.alloc( 16_385 ), certificate, full_at: 0 } );
		assert.equal( sessions.get( 'a', 1 ), null );
	} );
} );
