import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ROOT } from '../../../companion/src/dev/paths.ts';

type Entry = { hasInstallScript?: boolean; dependencies?: Record< string, string > };

const json = ( path: string ): Record< string, unknown > => JSON.parse( readFileSync( join( ROOT, path ), 'utf8' ) );
const packages: Record< string, Entry > = JSON.parse( readFileSync( join( ROOT, 'package-lock.json' ), 'utf8' ) ).packages;
const nameOf = ( path: string ): string => path.replace( /^.*node_modules\//, '' );

/** What runs on users' machines. Another one is a decision: who keeps it, how large it is, what it replaces. */
const RUNTIME = [ 'croner', 'fastify', 'ipaddr.js', 'tldts' ];

/** `ip` calls 127.1 and others public (CVE-2024-29415), `private-ip` is a list of ranges with holes, `request` is
 *  abandoned, and `psl` takes any text for a domain. */
const DENIED = [ 'ip', 'private-ip', 'request', 'psl' ];

/** npm install of one package with an install script of its own, under the .npmrc given. True when the script ran. */
function scriptRuns( npmrc: string ): boolean {
	const folder = mkdtempSync( join( tmpdir(), 'rollcall-scripts-' ) );
	try {
		const evil = join( folder, 'evil' );
		mkdirSync( evil );
		writeFileSync(
			join( evil, 'package.json' ),
			JSON.stringify( { name: 'evil', version: '1.0.0', scripts: { install: `touch ${ join( folder, 'ran' ) }` } } )
		);
		spawnSync( 'npm', [ 'pack', '--silent' ], { cwd: evil } );
		cpSync( join( evil, 'evil-1.0.0.tgz' ), join( folder, 'evil.tgz' ) );
		const { allowScripts } = json( 'package.json' );
		writeFileSync(
			join( folder, 'package.json' ),
			JSON.stringify( { name: 'victim', allowScripts, dependencies: { evil: 'file:evil.tgz' } } )
		);
		writeFileSync( join( folder, '.npmrc' ), npmrc );
		// `npm test` hands its own settings on, which would hide what the .npmrc does.
		const env = Object.fromEntries( Object.entries( process.env ).filter( ( [ name ] ) => ! /^npm_config_/i.test( name ) ) );
		const ran = spawnSync( 'npm', [ 'install', '--offline', '--no-audit', '--no-fund' ], { cwd: folder, encoding: 'utf8', env } );
		assert.equal( ran.status, 0, ran.stderr );
		assert.ok( existsSync( join( folder, 'node_modules/evil/package.json' ) ) );
		return existsSync( join( folder, 'ran' ) );
	} finally {
		rmSync( folder, { recursive: true, force: true } );
	}
}

describe( 'install scripts', () => {
	it( 'are allowed by name to node and esbuild, and refused by name to each other package that has one', () => {
		const with_script = Object.entries( packages )
			.filter( ( [ , entry ] ) => entry.hasInstallScript )
			.map( ( [ path ] ) => nameOf( path ) );
		const expected = Object.fromEntries(
			[ ...new Set( with_script ) ].map( ( name ) => [ name, name === 'node' || name === 'esbuild' ] )
		);
		assert.deepEqual( json( 'package.json' ).allowScripts, expected );
	} );

	it( 'do not run in npm ci and npm install', () => {
		assert.equal( scriptRuns( readFileSync( join( ROOT, '.npmrc' ), 'utf8' ) ), false );
	} );

	it( 'would run without .npmrc, or the test above shows nothing', () => {
		assert.equal( scriptRuns( 'strict-allow-scripts=false\n' ), true );
	} );
} );

describe( 'dependencies', () => {
	it( 'are none of those known to be wrong or dead', () => {
		assert.deepEqual(
			Object.keys( packages ).filter( ( path ) => DENIED.includes( nameOf( path ) ) ),
			[]
		);
		assert.ok( Object.keys( packages ).map( nameOf ).includes( 'fastify' ) );
	} );

	it( 'at run time are those of the list, at most ten', () => {
		assert.deepEqual( Object.keys( packages.companion?.dependencies ?? {} ).toSorted(), RUNTIME );
		assert.ok( RUNTIME.length <= 10 );
		assert.deepEqual( [ packages[ '' ]?.dependencies, packages[ 'admin-ts' ]?.dependencies ], [ undefined, undefined ] );
	} );

	it( 'have exact versions in each package.json', () => {
		for ( const file of [ 'package.json', 'companion/package.json', 'admin-ts/package.json' ] ) {
			const content = json( file );
			const versions = Object.entries( { ...Object( content.dependencies ), ...Object( content.devDependencies ) } );
			assert.deepEqual(
				versions.filter( ( [ , version ] ) => ! /^\d+\.\d+\.\d+$/.test( String( version ) ) ),
				[],
				file
			);
		}
	} );
} );
