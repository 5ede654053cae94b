import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createServer } from 'node:tls';
import { http } from '../../../companion/src/probes/http.ts';
import { tlsUrl } from '../../../companion/src/probes/tls.ts';
import { listening, makeContext, makeRequest, rawServer } from './make-context.ts';

const pem = ( name: string ): string => readFileSync( join( import.meta.dirname, '../../fixtures/tls', `${ name }.pem` ), 'utf8' );

/** Where the certificate says that its issuer, its state and the list of revoked ones are. Ports that are given out are above. */
const NAMED = { host: '127.65.0.1', port: 6565 };

test( 'S65 no address that a certificate names is fetched, whether it is trusted or not', async () => {
	await using inside = await rawServer( ( socket ) => socket.end(), NAMED );
	const [ key, cert ] = [ pem( 'key' ), pem( 'names-addresses' ) ];
	const named = new X509Certificate( cert );
	assert.match( named.infoAccess ?? '', new RegExp( `^OCSP - URI:http://${ NAMED.host }:${ NAMED.port }/ocsp\n` ) );
	assert.ok( named.raw.includes( `http://${ NAMED.host }:${ NAMED.port }/revoked.crl` ) );
	const server = createServer( { key, cert }, ( socket ) => {
		socket.on( 'error', () => undefined );
		socket.once( 'data', () => socket.end( 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n' ) );
	} );
	server.on( 'tlsClientError', () => undefined );
	await using target = await listening( server );
	const found: unknown[] = [];
	for ( const ca of [ cert, undefined ] ) {
		// The server inside is allowed too: only that nobody asks for it keeps it quiet.
		const context = makeContext( {
			allow: `127.0.0.1:${ target.port } ${ NAMED.host }:${ NAMED.port }`,
			...( ca === undefined ? {} : { ca } ),
		} );
		const answers = [
			await tlsUrl.ask( `tls://www.acme.com:${ target.port }`, new Set(), context ),
			await http( makeRequest( `https://www.acme.com:${ target.port }/` ), context ),
		];
		found.push( ...answers.map( ( { fault } ) => fault?.error_code ?? 'ok' ) );
	}
	assert.deepEqual( found, [ 'ok', 'ok', 'tls_self_signed', 'tls_self_signed' ] );
	assert.equal( inside.connections(), 0 );
} );
