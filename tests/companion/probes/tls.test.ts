import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createServer, type TlsOptions } from 'node:tls';
import type { Observation } from '../../../companion/src/probes/probe.ts';
import { tlsUrl } from '../../../companion/src/probes/tls.ts';
import { listening, makeContext, rawServer, type RawServer } from './make-context.ts';

const pem = ( name: string ): string => readFileSync( join( import.meta.dirname, '../../fixtures/tls', `${ name }.pem` ), 'utf8' );

/** A TLS server that is no web server: it waits for its client to begin. */
function tlsServer( certificate: string, options: TlsOptions = {} ): Promise< RawServer > {
	const server = createServer( { key: pem( 'key' ), cert: pem( certificate ), ...options }, ( socket ) => {
		socket.on( 'error', () => undefined );
		socket.on( 'data', () => assert.fail( 'something was sent' ) );
	} );
	server.on( 'tlsClientError', () => undefined );
	return listening( server );
}

function check(
	{ port }: RawServer,
	{ host = 'www.acme.com', ca = pem( 'ca' ), limits = {}, now_ms = Date.now() } = {}
): Promise< Observation > {
	const context = makeContext( { allow: `127.0.0.1:${ port }`, ca, limits, wallClock: () => now_ms } );
	return tlsUrl.ask( `tls://${ host }:${ port }`, new Set(), context );
}

describe( 'a tls check', () => {
	it( 'gives the days of the certificate and the phases', async () => {
		await using server = await tlsServer( 'valid' );
		const near = await check( server );
		const { fault, facts, phases } = near;
		assert.deepEqual( [ fault, facts.connected, facts.ip ], [ null, true, '127.0.0.1' ] );
		assert.ok( phases.connect_ms !== null && phases.tls_ms !== null && phases.first_byte_ms === null );
		const later = await check( server, { now_ms: Date.now() + 10 * 86_400_000 } );
		assert.equal( later.facts.tls_days, ( facts.tls_days ?? 0 ) - 10 );
	} );

	const rows: [ string, string, TlsOptions, string, string ][] = [
		[ 'F50 an ended certificate', 'expired', {}, 'www.acme.com', 'tls_expired' ],
		[ 'F50 a certificate of later', 'future', {}, 'www.acme.com', 'tls_not_yet_valid' ],
		[ 'F51 a certificate signed by itself', 'self-signed', {}, 'www.acme.com', 'tls_self_signed' ],
		[ 'F51 another host', 'other', {}, 'www.acme.com', 'tls_wrong_host' ],
		[ 'F54 an address that the certificate does not name', 'valid', {}, '127.0.0.1', 'tls_wrong_host' ],
		[
			'F52 TLS 1.1 only',
			'valid',
			{ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
			'www.acme.com',
			'tls_protocol',
		],
		[
			'F53 a client certificate is wanted in TLS 1.3',
			'valid',
			{ requestCert: true, rejectUnauthorized: true, ca: pem( 'ca' ), minVersion: 'TLSv1.3' },
			'www.acme.com',
			'tls_client_cert',
		],
	];
	for ( const [ fault, certificate, options, host, error_code ] of rows ) {
		it( `${ fault } is ${ error_code }`, async () => {
			await using server = await tlsServer( certificate, options );
			const observed = await check( server, { host } );
			assert.deepEqual( [ observed.fault?.state, observed.fault?.error_code, observed.facts ], [ 'down', error_code, {} ] );
		} );
	}

	it( 'F52 plain HTTP is tls_protocol, with the code of OpenSSL', async () => {
		await using server = await rawServer( ( socket ) => socket.on( 'data', () => socket.end( 'HTTP/1.1 400 Bad Request\r\n\r\n' ) ) );
		const { fault } = await check( server );
		assert.equal( fault?.error_code, 'tls_protocol' );
		assert.match( fault?.error_message ?? '', /0A00010B/ );
	} );

	it( 'F53 silence is tls_timeout, a reset connect_reset', async () => {
		await using silent = await rawServer( () => undefined );
		assert.equal( ( await check( silent, { limits: { tls_ms: 200 } } ) ).fault?.error_code, 'tls_timeout' );
		await using resetting = await rawServer( ( socket ) => socket.on( 'data', () => socket.resetAndDestroy() ) );
		assert.equal( ( await check( resetting ) ).fault?.error_code, 'connect_reset' );
	} );

	it( 'is up at a server that refuses the protocols of the web', async () => {
		await using server = await tlsServer( 'valid', { ALPNProtocols: [ 'imap' ] } );
		assert.equal( ( await check( server ) ).fault, null );
	} );

	it( 'connects over TLS 1.2 too', async () => {
		await using server = await tlsServer( 'valid', { maxVersion: 'TLSv1.2' } );
		assert.equal( ( await check( server ) ).fault, null );
	} );

	it( 'leaves no connection behind when it is aborted', async () => {
		const closed = Promise.withResolvers< void >();
		const stop = new AbortController();
		const server = createServer( { key: pem( 'key' ), cert: pem( 'valid' ), minVersion: 'TLSv1.3' }, ( socket ) => {
			socket.on( 'error', () => undefined );
			socket.on( 'close', () => closed.resolve() );
			// After its ticket would have come: the check waits for the server's refusal then.
			setImmediate( () => stop.abort( new Error( 'aborted' ) ) );
		} );
		server.on( 'newSession', () => undefined );
		await using listener = await listening( server );
		const context = makeContext( { allow: `127.0.0.1:${ listener.port }`, ca: pem( 'ca' ), signal: stop.signal } );
		await assert.rejects( tlsUrl.ask( `tls://www.acme.com:${ listener.port }`, new Set(), context ), /aborted/ );
		const late = setTimeout( () => closed.reject( new Error( 'still open' ) ), 1000 );
		await closed.promise;
		clearTimeout( late );
	} );

	it( 'asks no address that is not public', async () => {
		await using server = await tlsServer( 'valid' );
		const { fault } = await tlsUrl.ask( `tls://localhost:${ server.port }`, new Set(), makeContext() );
		assert.equal( fault?.error_code, 'target_refused' );
		assert.equal( server.connections(), 0 );
	} );
} );
