import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { describe, test } from 'node:test';
import type { MonitorWork } from '../../../companion/src/contract/monitor.ts';
import { main } from '../../../companion/src/main.ts';
import { openDatabase } from '../../../companion/src/store/database.ts';
import { monitorStore } from '../../../companion/src/store/monitor-store.ts';
import { localServer } from '../guard/local-server.ts';
import { makeWork } from './make-work.ts';

async function check( ...args: string[] ): Promise< { code: number; stdout: string; stderr: string } > {
	const [ stdout, stderr ] = [ new PassThrough(), new PassThrough() ];
	const io = { stdin: Readable.from( [] ), stdout, stderr, signal: new AbortController().signal };
	const code = await main( [ 'check', ...args ], io );
	return { code, stdout: String( stdout.read() ?? '' ), stderr: String( stderr.read() ?? '' ) };
}

/** A state folder whose work list has these monitors; the companion that keeps it goes on running. */
function workFolder( sites: Record< string, MonitorWork[] > ): { folder: string } & Disposable {
	const folder = mkdtempSync( join( tmpdir(), 'rollcall-check-' ) );
	const database = openDatabase( folder, Date.now() );
	for ( const [ site_id, rows ] of Object.entries( sites ) ) {
		monitorStore( { database, site_id, now: Date.now } ).takePage( { after: 0, revision: 1, has_more: false, rows } );
	}
	return {
		folder,
		[ Symbol.dispose ]: () => {
			database.close();
			rmSync( folder, { recursive: true } );
		},
	};
}

const uid = ( letter: string ): string => letter.repeat( 32 );

describe( 'the steps of check', () => {
	test( 'are told as they come, and not in JSON', async () => {
		await using server = await localServer( ( request, response ) => {
			response.statusCode = request.url === '/gone' ? 404 : 200;
			response.end();
		} );
		const at = `127.0.0.1:${ server.port }`;
		const { code, stdout } = await check(
			`http://${ at }/`,
			`http://${ at }/gone`,
			`tcp://${ at }`,
			'http://127.0.0.1:1/',
			'--allow',
			`${ at }+1`
		);
		assert.equal( code, 1 );
		assert.match( stdout, /^Querying active URLs: 4\n/ );
		assert.match( stdout, new RegExp( `\\nReceived status code 200 from http://${ at }/ - response time \\d\\.\\d{3} s\\n` ) );
		assert.match( stdout, new RegExp( `\\nReceived status code 404 from http://${ at }/gone - response time` ) );
		assert.match( stdout, new RegExp( `\\nReceived an answer from tcp://${ at } - response time` ) );
		assert.match( stdout, /\nReceived no status code \(connect_refused\) from http:\/\/127\.0\.0\.1:1\/ - response time/ );
		assert.match( stdout, /\nNot stored: check only asks\.\n\nState / );
		const json = await check( `http://${ at }/`, '--allow', at, '--json' );
		assert.equal( json.stdout.trim().split( '\n' ).length, 1 );
	} );
} );

describe( 'check --monitors', () => {
	test( 'asks the active URLs of the work list, each as its monitor does, and stores nothing', async () => {
		const seen: string[] = [];
		await using server = await localServer( ( { method, url, headers }, response ) => {
			seen.push( `${ method } ${ url } ${ String( headers[ 'x-key' ] ) }` );
			response.statusCode = url === '/b' ? 500 : 200;
			response.end();
		} );
		const at = `http://127.0.0.1:${ server.port }`;
		const headers = [ { name: 'X-Key', value: '1' } ];
		using state = workFolder( {
			first: [
				makeWork( { monitor_uid: uid( 'a' ), url: `${ at }/a`, options: { method: 'HEAD', headers } } ),
				makeWork( { monitor_uid: uid( 'b' ), url: `${ at }/b`, options: { assertions: [ '[STATUS] == 500' ] } } ),
				makeWork( { monitor_uid: uid( 'c' ), url: `${ at }/paused`, active: false } ),
				makeWork( { monitor_uid: uid( 'd' ), url: '', type: 'push' } ),
			],
			second: [ makeWork( { monitor_uid: uid( 'a' ), url: `${ at }/other` } ) ],
		} );
		const { code, stdout, stderr } = await check( '--monitors', '--state', state.folder, '--allow', `127.0.0.1:${ server.port }` );
		assert.deepEqual( [ code, stderr ], [ 0, '' ] );
		assert.deepEqual( seen.toSorted(), [ 'GET /b undefined', 'GET /other undefined', 'HEAD /a 1' ] );
		assert.match( stdout, /^Querying active URLs: 3\n/ );
		assert.match( stdout, /Not stored: only the running companion stores checks\.\n/ );
		assert.match( stdout, /3 checked: 3 up\.\n$/ );
	} );

	test( 'says that there is no work list', async () => {
		const folder = mkdtempSync( join( tmpdir(), 'rollcall-check-' ) );
		const { code, stderr } = await check( '--monitors', '--state', folder );
		rmSync( folder, { recursive: true } );
		assert.equal( code, 1 );
		assert.match( stderr, /holds no work list/ );
	} );

	test( 'takes nothing that monitors have themselves', async () => {
		for ( const args of [ [ 'http://acme.com/' ], [ '--urls', '-' ], [ '--expect', '[STATUS] < 400' ], [ '--timeout-ms', '100' ] ] ) {
			const { code, stderr } = await check( '--monitors', ...args );
			assert.equal( code, 2 );
			assert.match( stderr, /--monitors asks what the monitors ask/ );
		}
	} );
} );
