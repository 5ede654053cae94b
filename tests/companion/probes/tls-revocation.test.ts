import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createServer } from 'node:tls';
import { http } from '../../../companion/src/probes/http.ts';
import { tlsUrl } from '../../../companion/src/probes/tls.ts';
import { listening, makeContext, makeRequest, rawServer } from './make-context.ts';

/** A certificate that names a server of this machine for its issuer, its state and the list of revoked ones. */
function makeCertificate( origin: string ): { key: string; cert: string } {
	const folder = mkdtempSync( join( tmpdir(), 'rollcall-cert-' ) );
	const [ key, cert ] = [ join( folder, 'key.pem' ), join( folder, 'cert.pem' ) ];
	const extensions = [
		'subjectAltName=DNS:www.acme.com',
		`authorityInfoAccess=OCSP;URI:${ origin }/ocsp,caIssuers;URI:${ origin }/issuer.crt`,
		`crlDistributionPoints=URI:${ origin }/revoked.crl`,
	].flatMap( ( extension ) => [ '-addext', extension ] );
	const kind = [ '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '60', '-subj', '/CN=www.acme.com' ];
	try {
		execFileSync( 'openssl', [ 'req', '-x509', ...kind, ...extensions, '-keyout', key, '-out', cert ], { stdio: 'pipe' } );
		return { key: readFileSync( key, 'utf8' ), cert: readFileSync( cert, 'utf8' ) };
	} finally {
		rmSync( folder, { recursive: true } );
	}
}

test( 'S65 no address that a certificate names is fetched, whether it is trusted or not', async () => {
	await using inside = await rawServer( ( socket ) => socket.end() );
	const { key, cert } = makeCertificate( `http://127.0.0.1:${ inside.port }` );
	const named = new X509Certificate( cert );
	assert.match( named.infoAccess ?? '', new RegExp( `127\\.0\\.0\\.1:${ inside.port }/ocsp` ) );
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
			allow: `127.0.0.1:${ target.port } 127.0.0.1:${ inside.port }`,
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
