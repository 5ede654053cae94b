import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { Compile } from 'typebox/compile';
import { inSlots } from '../../../companion/src/commands/slots.ts';
import { checkLine, type CheckLine } from '../../../companion/src/contract/check.ts';
import { main } from '../../../companion/src/main.ts';
import { localServer, type LocalServer } from '../guard/local-server.ts';

type Ran = { code: number; stdout: string; stderr: string };

async function check( args: string[], stdin = '' ): Promise< Ran > {
	const stdout = new PassThrough();
	const stderr = new PassThrough();
	const io = { stdin: Readable.from( [ stdin ] ), stdout, stderr, signal: new AbortController().signal };
	const code = await main( [ 'check', ...args ], io );
	return { code, stdout: String( stdout.read() ?? '' ), stderr: String( stderr.read() ?? '' ) };
}

const site = (): Promise< LocalServer > =>
	localServer( ( request, response ) => {
		response.statusCode = request.url === '/broken' ? 503 : 200;
		response.end( 'Welcome' );
	} );

const linesOf = ( { stdout }: Ran ): CheckLine[] =>
	stdout
		.trim()
		.split( '\n' )
		.map( ( line ) => JSON.parse( line ) );

describe( 'check', () => {
	test( 'writes one line a URL in the shape of the contract, and ends with 1 when one is down', async () => {
		await using server = await site();
		const at = `http://127.0.0.1:${ server.port }`;
		const allow = [ '--allow', `127.0.0.1:${ server.port }+1` ];
		const ran = await check( [ `${ at }/`, `${ at }/broken`, 'http://127.0.0.1:1/', 'http://10.0.0.1/', '--json', ...allow ] );
		const lines = linesOf( ran );
		const is_line = Compile( checkLine );
		assert.deepEqual(
			lines.filter( ( line ) => ! is_line.Check( line ) ),
			[]
		);
		const by_url = new Map( lines.map( ( line ) => [ line.url, line ] ) );
		const found = [ `${ at }/`, `${ at }/broken`, 'http://127.0.0.1:1/', 'http://10.0.0.1/' ].map( ( url ) => {
			const line = by_url.get( url );
			return [ line?.state, line?.error_code, line?.status_code, line?.response_time_ms === line?.phases.total_ms ];
		} );
		assert.deepEqual( found, [
			[ 'up', 'ok', 200, true ],
			[ 'down', 'http_status', 503, true ],
			[ 'down', 'connect_refused', null, true ],
			[ 'unknown', 'target_refused', null, true ],
		] );
		assert.match(
			by_url.get( `${ at }/broken` )?.error_message ?? '',
			/^GET http:\/\/127\.0\.0\.1:\d+\/broken answered 503 after \d+ ms/
		);
		assert.deepEqual( [ ran.code, ran.stderr ], [ 1, '' ] );
	} );

	test( 'ends with 0 when all are up or degraded, and says what was expected and got', async () => {
		await using server = await site();
		const url = `http://127.0.0.1:${ server.port }/`;
		const expect = [ '--expect', '[RESPONSE_TIME] < 0', '--expect', '[BODY] contains Welcome' ];
		const ran = await check( [ url, '--json', '--allow', `127.0.0.1:${ server.port }`, ...expect ] );
		const [ line ] = linesOf( ran );
		assert.deepEqual( [ line?.state, line?.error_code, ran.code ], [ 'degraded', 'too_slow', 0 ] );
		assert.deepEqual(
			line?.assertions.map( ( { passed } ) => passed ),
			[ true, false, true ]
		);
		assert.equal( line?.assertions[ 1 ]?.expected, '< 0' );
	} );

	test( 'reads URLs from standard input and files, and shows a table in their order', async () => {
		await using server = await site();
		const at = `http://127.0.0.1:${ server.port }`;
		const file = join( mkdtempSync( join( tmpdir(), 'rollcall-check-' ) ), 'urls.txt' );
		writeFileSync( file, `# ours\r\n\r\n${ at }/b\r\n` );
		const ran = await check( [ `${ at }/a`, '--urls', file, '--urls', '-', '--allow', `127.0.0.1:${ server.port }` ], `${ at }/c\n` );
		assert.deepEqual(
			[ ...ran.stdout.matchAll( /^Up +200 +\d+ +http:\S+\/(\w)$/gm ) ].map( ( [ , path ] ) => path ),
			[ 'a', 'b', 'c' ]
		);
		assert.match( ran.stdout, /^3 checked: 3 up\.$/m );
		assert.equal( ran.code, 0 );
	} );

	for ( const [ name, args, says ] of [
		[ 'no URL', [], /URL is missing/ ],
		[ 'an unknown option', [ 'http://a.example/', '--fast' ], /--fast/ ],
		[ 'a time that is none', [ 'http://a.example/', '--timeout-ms', '0' ], /--timeout-ms is a whole number/ ],
		[ 'a width that is none', [ 'http://a.example/', '--concurrency', 'x' ], /--concurrency/ ],
		[ 'an assertion that is none', [ 'http://a.example/', '--expect', 'STATUS < 400' ], /At 1: expected/ ],
		[ 'a range that is none', [ 'http://a.example/', '--allow', 'home' ], /home/ ],
		[ 'a file that is not there', [ '--urls', '/nowhere/urls' ], /cannot be read/ ],
		[ 'certificates that are none', [ 'http://a.example/', '--ca', import.meta.filename ], /no certificate/ ],
	] as [ string, string[], RegExp ][] ) {
		test( `ends with 2 and one line for ${ name }`, async () => {
			const { code, stdout, stderr } = await check( args );
			assert.deepEqual( [ code, stdout, stderr.trim().split( '\n' ).length ], [ 2, '', 1 ] );
			assert.match( stderr, says );
		} );
	}

	test( 'work that is slow gives its place to the next', async () => {
		const began: number[] = [];
		let release = (): void => undefined;
		const held = new Promise< void >( ( resolve ) => ( release = resolve ) );
		const work = async ( item: number ): Promise< void > => {
			began.push( item );
			await ( item < 2 ? held : Promise.resolve() );
		};
		const all = inSlots( [ 0, 1, 2, 3 ], work, { width: 2, most: 10, patience_ms: 50 } );
		await new Promise( ( resolve ) => setTimeout( resolve, 10 ) );
		assert.deepEqual( began, [ 0, 1 ] );
		await new Promise( ( resolve ) => setTimeout( resolve, 150 ) );
		assert.deepEqual( began, [ 0, 1, 2, 3 ] );
		release();
		await all;
	} );
} );
