import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { before, test } from 'node:test';
import { build } from 'esbuild';
import { BANNER, LEAST_NODE } from '../../companion/src/bundle-banner.ts';
import { COMPANION } from '../../companion/src/dev/build.ts';

const folder = mkdtempSync( join( tmpdir(), 'rollcall-bundle-' ) );
const bundle = join( folder, 'rollcall-companion.mjs' );

before( async () => {
	await build( { ...COMPANION, outfile: bundle, legalComments: 'none' } );
} );
process.on( 'exit', () => rmSync( folder, { recursive: true, force: true } ) );

/** Node programs on the PATH with their major version. */
function installedNodes(): { path: string; major: number }[] {
	const paths = ( process.env.PATH ?? '' ).split( delimiter ).map( ( directory ) => join( directory, 'node' ) );
	return [ ...new Set( paths ) ].filter( existsSync ).map( ( path ) => ( {
		path,
		major: Number( execFileSync( path, [ '-p', 'process.versions.node.split( "." )[ 0 ]' ], { encoding: 'utf8' } ) ),
	} ) );
}

test( 'the bundle is one file that runs where nothing is installed', () => {
	const ended = spawnSync( process.execPath, [ bundle, 'match', '-', '--companies', 'sample:', '--format', 'json' ], {
		cwd: folder,
		input: 'ada@gmail.com\n',
		encoding: 'utf8',
		env: { HOME: folder },
	} );
	assert.equal( ended.status, 0, ended.stderr );
	assert.equal( JSON.parse( ended.stdout ).rows[ 0 ].label, 'core_mail' );
} );

test( 'the bundle serves: fastify and node:sqlite load from the one file', () => {
	const ended = spawnSync( process.execPath, [ bundle, 'serve', '--state', join( folder, 'state' ) ], {
		cwd: folder,
		encoding: 'utf8',
		env: { HOME: folder },
	} );
	assert.equal( ended.status, 1 );
	assert.match( ended.stderr, /not paired/ );
	assert.ok( existsSync( join( folder, 'state', 'rollcall.sqlite' ) ) );
} );

test( 'an older Node says in one line which one is needed, and ends with 3', () => {
	// The check itself, told that it runs on Node 18, and the whole bundle on every older Node of this machine.
	const simulated = spawnSync( process.execPath, [ '--input-type=module', '-' ], {
		input: `Object.defineProperty( process, 'versions', { value: { node: '18.20.0' } } );\n${ BANNER.replace( /^#!.*\n/, '' ) }\nconsole.log( 'went on' );`,
		encoding: 'utf8',
	} );
	const real = installedNodes()
		.filter( ( { major } ) => major < LEAST_NODE )
		.map( ( { path } ) => spawnSync( path, [ bundle, 'serve' ], { encoding: 'utf8' } ) );
	for ( const { status, stdout, stderr } of [ simulated, ...real ] ) {
		assert.equal( stdout, '' );
		assert.match(
			stderr,
			/^rollcall-companion: This is Node \d+\.\d+\.\d+, which is too old\. The companion needs Node 24: npx .*\n$/
		);
		assert.equal( status, 3 );
	}
} );

test( 'the check comes before every other line, and nothing that only a new Node has is imported', () => {
	const text = readFileSync( bundle, 'utf8' );
	assert.ok( text.startsWith( BANNER ) );
	const imported = text.slice( BANNER.length ).matchAll( /(?:^|[;}\n])import\b[^("'`]{0,2000}["']([\w:/@.-]+)["']/g );
	assert.deepEqual(
		[ ...imported ].map( ( [ , name ] ) => name ),
		[],
		'what is imported is there for every command, and of node:http a second HTTP client with it'
	);
} );
