import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { CheckLine } from '../../../companion/src/contract/check.ts';
import { listening, rawServer } from './make-context.ts';

const run = promisify( execFile );
const script = ( name: string ): string => join( import.meta.dirname, name );
const MAIN = join( import.meta.dirname, '../../../companion/src/main.ts' );
const CA = join( import.meta.dirname, '../../fixtures/tls/ca.pem' );
const pem = ( name: string ): string => readFileSync( join( import.meta.dirname, '../../fixtures/tls', `${ name }.pem` ), 'utf8' );

/** Runs `check` in a process of its own and gives its lines; it ends with 1, since something is wrong. */
async function checkIn( command: string, args: string[] ): Promise< CheckLine[] > {
	const ran = await run( command, args ).catch( ( thrown: unknown ) => {
		if ( thrown instanceof Error && 'code' in thrown && thrown.code === 1 && 'stdout' in thrown && thrown.stdout !== '' ) {
			return { stdout: String( thrown.stdout ) };
		}
		throw thrown;
	} );
	return ran.stdout
		.trim()
		.split( '\n' )
		.map( ( line ) => JSON.parse( line ) );
}

describe( 'limits of the machine', () => {
	test( 'F19 with 64 file descriptors what cannot be opened is unknown, not down', async () => {
		await using server = await rawServer( () => undefined );
		const at = `127.0.0.1:${ server.port }`;
		const urls = Array.from( { length: 100 }, ( _, index ) => `http://${ at }/${ index }` );
		const args = [ MAIN, 'check', ...urls, '--json', '--concurrency', '100', '--timeout-ms', '1500', '--allow', at ];
		const lines = await checkIn( 'sh', [ '-c', 'ulimit -n 64; exec "$0" "$@"', process.execPath, ...args ] );
		const codes = Map.groupBy( lines, ( { state, error_code } ) => `${ state } ${ error_code }` );
		assert.deepEqual( [ ...codes.keys() ].toSorted(), [ 'down header_timeout', 'unknown check_failed_internally' ] );
		assert.ok( ( codes.get( 'down header_timeout' )?.length ?? 0 ) > 10 );
		assert.match( codes.get( 'unknown check_failed_internally' )?.[ 0 ]?.error_message ?? '', /EMFILE/ );
	} );

	test( 'F43 a bomb of gzip takes less than 16 MB of memory', async () => {
		const page = gzipSync( Buffer.alloc( 300_000, 'page ' ) );
		const bomb = gzipSync( Buffer.alloc( 200 * 1024 * 1024 ) );
		const server = createServer( ( request, response ) => {
			response.writeHead( 200, { 'Content-Encoding': 'gzip' } );
			response.end( request.url === '/bomb' ? bomb : page );
		} );
		await using listener = await listening( server );
		const { stdout } = await run( process.execPath, [ script( 'bomb-child.ts' ), String( listener.port ) ] );
		const { found, grew_mib } = JSON.parse( stdout );
		assert.equal( found, 'ok body_capped' );
		assert.ok( grew_mib < 16, `${ grew_mib } MiB` );
	} );
} );

describe( 'F37 families of addresses', () => {
	const child = script( 'families-child.ts' );
	const IN_NAMESPACE = 'ip link set lo up && ip -6 addr add 2001:db8::5/128 dev lo nodad && exec "$0" "$@"';
	/** In a network namespace of its own, so that the address is one of 2001:db8::/32; where that is not allowed, on loopback. */
	const [ command, args, v6 ]: [ string, string[], string ] = isAllowed()
		? [ 'unshare', [ '-rn', 'sh', '-c', IN_NAMESPACE, process.execPath, child, '2001:db8::5' ], '2001:db8::5' ]
		: [ process.execPath, [ child ], '::1' ];

	function isAllowed(): boolean {
		return spawnSync( 'unshare', [ '-rn', 'sh', '-c', IN_NAMESPACE, 'true' ] ).status === 0;
	}

	test( 'one alone is enough, and a broken one is not down', async () => {
		const { stdout } = await run( command, args );
		const found = JSON.parse( stdout );
		assert.deepEqual( [ found.only_v4.code, found.only_v4.ip ], [ null, '127.0.0.1' ] );
		for ( const broken of [ 'refused_v6', 'unrouted_v6', 'silent_v6' ] ) {
			// On a machine without IPv6 nothing can be silent there: then null, and the refused one stands for it.
			const { code, ip, connect_ms } = found[ broken ] ?? found.refused_v6;
			assert.deepEqual( [ code, ip, connect_ms < 1500 ], [ null, '127.0.0.1', true ], broken );
		}
		assert.deepEqual( found.only_v6 ?? { code: null, ip: v6 }, { ...found.only_v6, code: null, ip: v6 } );
	} );
} );

describe( 'F50 another time', () => {
	const FAKETIME = spawnSync( 'faketime', [ '--version' ] ).error === undefined;
	/** Certificates and the clock at which they are asked; without faketime such as are wrong at any time. */
	const rows: [ string, string, string, string ][] = [
		[ '2150-01-01 00:00:00', 'valid', 'expired', 'tls_expired' ],
		[ '2001-01-01 00:00:00', 'valid', 'future', 'tls_not_yet_valid' ],
	];
	for ( const [ clock, certificate, without, code ] of rows ) {
		test( `at ${ clock } the certificate is ${ code }`, async () => {
			const server = createHttps( { key: pem( 'key' ), cert: pem( FAKETIME ? certificate : without ) }, ( _request, response ) =>
				response.end()
			);
			server.on( 'tlsClientError', () => undefined );
			await using listener = await listening( server );
			const url = `https://localhost:${ listener.port }/`;
			const args = [ MAIN, 'check', url, '--json', '--allow', `127.0.0.1:${ listener.port },[::1]:${ listener.port }`, '--ca', CA ];
			const [ line ] = FAKETIME
				? await checkIn( 'faketime', [ clock, process.execPath, ...args ] )
				: await checkIn( process.execPath, args );
			assert.deepEqual( [ line?.state, line?.error_code ], [ 'down', code ] );
		} );
	}
} );
