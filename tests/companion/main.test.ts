import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { main } from '../../companion/src/main.ts';
import { newStateFolder } from './commands/companion-process.ts';

/** Runs a command line in this process. */
async function run( argv: string[] ): Promise< { code: number; stdout: string; stderr: string } > {
	const stdout = new PassThrough();
	const stderr = new PassThrough();
	const code = await main( argv, { stdin: new PassThrough(), stdout, stderr, signal: new AbortController().signal } );
	return { code, stdout: String( stdout.read() ?? '' ), stderr: String( stderr.read() ?? '' ) };
}

const wrong: { name: string; args: ( folder: string ) => string[]; code: number; says: RegExp }[] = [
	{ name: 'an unknown command', args: () => [ 'toString' ], code: 2, says: /no command "toString"/ },
	{ name: 'an unknown option', args: () => [ 'serve', '--loud' ], code: 2, says: /--loud.*serve --help/ },
	{ name: 'a bad port', args: () => [ 'serve', '--port', '70000' ], code: 2, says: /HOST:PORT/ },
	{ name: 'a bad range', args: () => [ 'serve', '--allow', 'home' ], code: 2, says: /home/ },
	{ name: 'a public URL with a path', args: () => [ 'serve', '--public-url', 'https://a.example/x' ], code: 2, says: /origin/ },
	{ name: 'pair without a code', args: () => [ 'pair', 'https://a.example' ], code: 2, says: /address of the site and the code/ },
	{
		name: 'a code that is none',
		args: ( folder ) => [ 'pair', 'https://a.example', 'abc', '--state', folder ],
		code: 1,
		says: /10 and 40 digits.*Connect screen/,
	},
	{ name: 'serve before pair', args: ( folder ) => [ 'serve', '--state', folder ], code: 1, says: /not paired.*rollcall-companion pair/ },
	{
		name: 'a state folder in a site',
		args: ( folder ) => [ 'serve', '--state', join( folder, 'wp-content', 'x' ) ],
		code: 1,
		says: /inside a WordPress site.*--state/,
	},
	{ name: 'a file as state folder', args: ( folder ) => [ 'serve', '--state', join( folder, 'file' ) ], code: 1, says: /cannot be used/ },
];
for ( const { name, args, code, says } of wrong ) {
	test( `${ name } ends with ${ code } and one line`, async ( context ) => {
		const folder = newStateFolder( context );
		writeFileSync( join( folder, 'file' ), '' );
		const ended = await run( args( folder ) );
		assert.equal( ended.code, code );
		assert.equal( ended.stdout, '' );
		assert.match( ended.stderr, says );
		assert.equal( ended.stderr.trim().split( '\n' ).length, 1 );
	} );
}

for ( const args of [ [ '--help' ], [ 'serve', '--help' ], [ 'pair', '--help' ], [ 'doctor', '--help' ], [ 'match', '--help' ] ] ) {
	test( `${ args.join( ' ' ) } shows the usage and ends with 0`, async () => {
		const ended = await run( args );
		assert.equal( ended.code, 0 );
		assert.match( ended.stdout, /^Usage: rollcall-companion/ );
	} );
}

test( 'without a command it shows the usage and ends with 2', async () => {
	const { code, stderr } = await run( [] );
	assert.equal( code, 2 );
	assert.match( stderr, /^Usage: rollcall-companion COMMAND/ );
} );

test( '--version is that of the package', async () => {
	const { version } = JSON.parse( readFileSync( new URL( '../../companion/package.json', import.meta.url ), 'utf8' ) );
	assert.deepEqual( await run( [ '--version' ] ), { code: 0, stdout: `${ version }\n`, stderr: '' } );
} );
