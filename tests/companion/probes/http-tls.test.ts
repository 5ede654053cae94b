import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer as createHttps } from 'node:https';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { createServer as createTls, type TlsOptions } from 'node:tls';
import type { CheckCode } from '../../../companion/src/contract/vocabulary.ts';
import { http } from '../../../companion/src/probes/http.ts';
import type { Observation } from '../../../companion/src/probes/probe.ts';
import { listening, makeContext, makeRequest, rawServer, type RawServer } from './make-context.ts';

const pem = ( name: string ): string => readFileSync( join( import.meta.dirname, '../../fixtures/tls', `${ name }.pem` ), 'utf8' );
const KEY = pem( 'key' );
const CA = pem( 'ca' );

function tlsServer( certificate: string, options: TlsOptions = {}, answer = 'ok' ): Promise< RawServer > {
	const server = createHttps( { key: KEY, cert: pem( certificate ), ...options }, ( _request, response ) => response.end( answer ) );
	// Our client gives up on what it does not trust.
	server.on( 'tlsClientError', () => undefined );
	return listening( server );
}

function check( server: RawServer, host = 'www.acme.com', ca: string | undefined = CA, limits = {} ): Promise< Observation > {
	const context = makeContext( { allow: `127.0.0.1:${ server.port }`, ca, limits } );
	return http( makeRequest( `https://${ host }:${ server.port }/`, { needs_certificate: true } ), context );
}

type Row = { fault: string; certificate: string; options?: TlsOptions; host?: string; no_ca?: true; code: CheckCode; message: RegExp };

const ROWS: Row[] = [
	{
		fault: 'F50 an ended certificate',
		certificate: 'expired',
		code: 'tls_expired',
		message: /ended [1-9]\d{3} days ago, on Jan {2}1.*2021/,
	},
	{ fault: 'F50 a certificate of later', certificate: 'future', code: 'tls_not_yet_valid', message: /valid only from Jan {2}1.*2110/ },
	{ fault: 'F51 a certificate signed by itself', certificate: 'self-signed', code: 'tls_self_signed', message: /signed by itself/ },
	{ fault: 'F51 an unknown authority', certificate: 'valid', no_ca: true, code: 'tls_unknown_issuer', message: /UNABLE_TO_/ },
	{
		fault: 'F51 another host',
		certificate: 'other',
		code: 'tls_wrong_host',
		message: /not for www\.acme\.com but for DNS:other\.example/,
	},
	{
		fault: 'F54 an address without its name in the certificate',
		certificate: 'valid',
		host: '127.0.0.1',
		code: 'tls_wrong_host',
		message: /not for 127\.0\.0\.1/,
	},
	{
		fault: 'F52 TLS 1.1 only',
		certificate: 'valid',
		options: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
		code: 'tls_protocol',
		message: /0A00042E/,
	},
	{
		fault: 'F52 no cipher in common',
		certificate: 'valid',
		options: { maxVersion: 'TLSv1.2', ciphers: 'AECDH-NULL-SHA@SECLEVEL=0' },
		code: 'tls_protocol',
		message: /0A000410/,
	},
	{
		fault: 'F53 a certificate of the client is wanted',
		certificate: 'valid',
		options: { requestCert: true, rejectUnauthorized: true, ca: CA, minVersion: 'TLSv1.3' },
		code: 'tls_client_cert',
		message: /0A00045C|CERTIFICATE_REQUIRED/,
	},
];

describe( 'faults of TLS', () => {
	for ( const { fault, certificate, options, host, no_ca, code, message } of ROWS ) {
		test( `${ fault } is ${ code }, and no request is sent`, async () => {
			let requests = 0;
			const server = createHttps( { key: KEY, cert: pem( certificate ), ...options }, ( _request, response ) => {
				requests += 1;
				response.end();
			} );
			server.on( 'tlsClientError', () => undefined );
			await using open = await listening( server );
			const { fault: found, status_code, phases } = await check( open, host, no_ca ? '' : CA );
			assert.equal( found?.error_code, code, found?.error_message );
			assert.equal( found?.state, 'down' );
			assert.match( found?.error_message ?? '', message );
			assert.deepEqual( [ status_code, phases.first_byte_ms, requests ], [ null, null, 0 ] );
		} );
	}

	test( 'F52 plain HTTP at an https URL is tls_protocol with its code', async () => {
		await using server = await rawServer( ( socket ) => socket.end( 'HTTP/1.1 400 Bad Request\r\n\r\n' ) );
		const { fault } = await check( server );
		assert.equal( fault?.error_code, 'tls_protocol' );
		assert.match( fault?.error_message ?? '', /0A00010B/ );
	} );

	test( 'F53 a handshake that stalls is tls_timeout', async () => {
		await using server = await rawServer( () => undefined );
		const { fault } = await check( server, undefined, CA, { tls_ms: 200 } );
		assert.equal( fault?.error_code, 'tls_timeout' );
	} );

	for ( const [ name, end ] of [
		[ 'FIN', 'end' ],
		[ 'RST', 'resetAndDestroy' ],
	] as const ) {
		test( `F53 ${ name } in the handshake is connect_reset`, async () => {
			await using server = await rawServer( ( socket ) => socket.once( 'data', () => socket[ end ]() ) );
			const { fault } = await check( server );
			assert.equal( fault?.error_code, 'connect_reset', fault?.error_message );
		} );
	}

	test( 'a trusted certificate is up, with its days and a phase of its own', async () => {
		await using server = await tlsServer( 'valid' );
		const { fault, status_code, facts, phases } = await check( server );
		assert.equal( fault, null );
		assert.equal( status_code, 200 );
		assert.ok( ( facts.tls_days ?? 0 ) > 10_000 );
		assert.ok( ( phases.tls_ms ?? 0 ) > 0 );
	} );

	test( 'F48 https that leads back to http is redirect_invalid', async () => {
		await using server = await listening(
			createHttps( { key: KEY, cert: pem( 'valid' ) }, ( _request, response ) => {
				response.writeHead( 302, { Location: 'http://www.acme.com/' } );
				response.end();
			} )
		);
		const { fault, status_code } = await check( server );
		assert.deepEqual( [ fault?.state, fault?.error_code, status_code ], [ 'down', 'redirect_invalid', 302 ] );
	} );

	test( 'F54 an address is checked by the addresses of the certificate, without a name in the handshake', async () => {
		const names: unknown[] = [];
		const server = createTls( { key: KEY, cert: pem( 'address' ) }, ( socket ) => {
			names.push( socket.servername );
			socket.on( 'error', () => undefined );
			socket.end( 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n' );
		} );
		await using open = await listening( server );
		const { fault } = await check( open, '127.0.0.1' );
		assert.equal( fault, null );
		assert.deepEqual( names, [ false ] );
	} );
} );
