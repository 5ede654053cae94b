import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ERROR_CODES } from '../../companion/src/contract/error-codes.ts';
import { phpTree } from '../../companion/src/dev/translations/php-calls.ts';
import { errorsPage } from '../../companion/src/emit.ts';

const ROOT = join( import.meta.dirname, '../..' );
const read = ( path: string ): string => readFileSync( join( ROOT, path ), 'utf8' );

const DOCS = [ 'README.md', 'CONTRIBUTING.md', 'CHANGELOG.md' ];
const TOP = /^(plugin|admin-ts|companion|tests|\.ci)\/|^(package|tsconfig|composer)\.json$/;

/** Made by commands, so not there in a fresh checkout. */
const MADE = /^(companion\/dist|plugin\/build|plugin\/companion|plugin\/languages|dist|\.rollcall)\//;

/** Paths of the repository in inline code and links; shell blocks are looked at as commands. */
function pathsIn( text: string ): string[] {
	const prose = text.replace( /```[\s\S]*?```/g, '' );
	const found = [ ...prose.matchAll( /`([^`\s]+)`/g ), ...prose.matchAll( /\]\(([^)\s]+)\)/g ) ].map( ( [ , path ] ) => path ?? '' );
	return found.filter( ( path ) => ( TOP.test( path ) || /^[A-Z]+\.md$/.test( path ) ) && ! MADE.test( path ) );
}

function commandsIn( text: string ): string[] {
	return [ ...text.matchAll( /```sh\n([\s\S]*?)```/g ) ]
		.flatMap( ( [ , block ] ) => ( block ?? '' ).split( '\n' ) )
		.concat( [ ...text.matchAll( /`((?:npm|node) [^`\n]+)`/g ) ].map( ( [ , command ] ) => command ?? '' ) )
		.flatMap( ( line ) => line.replace( /\s+#.*$/, '' ).split( ' && ' ) )
		.map( ( line ) => line.trim() )
		.filter( ( line ) => line !== '' );
}

const notBuilt = [ ...read( 'CONTRIBUTING.md' ).matchAll( /Not built yet: `([^`]+)`/g ) ].map( ( [ , path ] ) => path ?? '' );

/** What of a path with placeholders must be there: the folder before the first one. */
const fixedPart = ( path: string ): string =>
	path.includes( '<' ) ? path.slice( 0, path.indexOf( '<' ) ).replace( /[^/]*$/, '' ) : path;

describe( 'paths in the docs', () => {
	for ( const doc of DOCS ) {
		it( `exist: ${ doc }`, () => {
			const missing = pathsIn( read( doc ) )
				.map( fixedPart )
				.filter(
					( path ) =>
						! notBuilt.some(
							( room ) => path.startsWith( room ) || path.startsWith( room.replace( 'companion/src', 'tests/companion' ) )
						)
				)
				.filter( ( path ) => ! existsSync( join( ROOT, path ) ) );
			assert.deepEqual( missing, [] );
		} );
	}

	it( 'are found at all', () => {
		assert.ok( pathsIn( read( 'CONTRIBUTING.md' ) ).includes( 'plugin/src/Admin/Page.php' ) );
	} );

	it( 'call only rooms not built that are not there', () => {
		assert.notEqual( notBuilt.length, 0 );
		assert.deepEqual(
			notBuilt.filter( ( room ) => existsSync( join( ROOT, room ) ) ),
			[]
		);
	} );
} );

describe( 'commands in the docs', () => {
	const scripts: Record< string, string > = JSON.parse( read( 'package.json' ) ).scripts;
	const commands = [ ...new Set( DOCS.flatMap( ( doc ) => commandsIn( read( doc ) ) ) ) ];
	const help = ( ...args: string[] ): ReturnType< typeof spawnSync > =>
		spawnSync( process.execPath, args, { cwd: ROOT, encoding: 'utf8' } );

	for ( const command of commands ) {
		it( `work: ${ command }`, () => {
			const [ program, ...words ] = command.replace( /^([A-Z_]+=\S+ )+/, '' ).split( ' ' );
			if ( program === 'npm' ) {
				checkNpm( words, scripts );
			} else if ( words[ 0 ] === 'companion/dist/rollcall-companion.mjs' ) {
				const ran = help( 'companion/src/main.ts', words[ 1 ] ?? '', '--help' );
				assert.equal( ran.status, 0, String( ran.stderr ) );
				words
					.filter( ( word ) => word.startsWith( '--' ) )
					.forEach( ( option ) => assert.ok( String( ran.stdout ).includes( option ), option ) );
			} else {
				assert.equal( program, 'node' );
				const file = words.find( ( word ) => ! word.startsWith( '-' ) )?.replaceAll( "'", '' ) ?? '';
				assert.ok( existsSync( join( ROOT, file.replace( /\*.*$/, '' ) ) ), `${ file } is not there` );
			}
		} );
	}

	it( 'name every script of package.json that a person starts', () => {
		const named = new Set( commands.map( ( command ) => /^npm (?:run )?(\w+)/.exec( command )?.[ 1 ] ) );
		assert.deepEqual(
			Object.keys( scripts ).filter( ( script ) => ! named.has( script ) ),
			[]
		);
	} );

	it( 'say the options that npm start has', () => {
		const ran = help( 'companion/src/dev/start.ts', '--help' );
		assert.equal( ran.status, 0, String( ran.stderr ) );
		const used = commands
			.filter( ( command ) => command.startsWith( 'npm start -- ' ) )
			.flatMap( ( command ) => command.match( /--[a-z-]+/g ) ?? [] );
		assert.notEqual( used.length, 0 );
		used.filter( ( option ) => option !== '--' ).forEach( ( option ) => assert.ok( String( ran.stdout ).includes( option ), option ) );
	} );
} );

/** Code blocks of a language in the README. */
const codeIn = ( language: string ): string[] =>
	[ ...read( 'README.md' ).matchAll( new RegExp( `\`\`\`${ language }\\n([\\s\\S]*?)\`\`\``, 'g' ) ) ].map(
		( [ , code ] ) => code ?? ''
	);

describe( 'code in the README', () => {
	const hooks = codeIn( 'php' );

	it( 'is PHP that can be read, and names hooks and constants that the plugin has', () => {
		const plugin = globSync( 'plugin/src/**/*.php', { cwd: ROOT } ).map( read ).join( '\n' );
		assert.ok( hooks.length >= 3 );
		for ( const code of hooks ) {
			assert.doesNotThrow( () => phpTree( `<?php\n${ code }`, 'README.md' ) );
			const [ name ] = /rollcall_[a-z_]+|ROLLCALL_[A-Z_]+/.exec( code ) ?? [ 'no name' ];
			assert.ok( plugin.includes( `'${ name }'` ) || plugin.includes( ` ${ name } ` ), name );
		}
	} );

	it( 'tells a webhook of WordPress from a forged or an old one', async () => {
		const { isFromRollcall } = await import( `data:text/javascript,${ encodeURIComponent( codeIn( 'js' ).join( '\n' ) ) }` );
		const key = randomBytes( 32 );
		const secret = `whsec_${ key.toString( 'base64' ) }`;
		const body = '{"type":"run.finished"}';
		const headersAt = ( timestamp: number ): Record< string, string > => ( {
			'webhook-id': 'msg_1',
			'webhook-timestamp': String( timestamp ),
			'webhook-signature': `v1,${ createHmac( 'sha256', key ).update( `msg_1.${ timestamp }.${ body }` ).digest( 'base64' ) }`,
		} );
		const now = Math.floor( Date.now() / 1000 );
		assert.equal( isFromRollcall( headersAt( now ), body, secret ), true );
		assert.equal( isFromRollcall( headersAt( now ), `${ body } `, secret ), false );
		assert.equal( isFromRollcall( headersAt( now - 3600 ), body, secret ), false );
		assert.equal( isFromRollcall( { ...headersAt( now ), 'webhook-signature': 'v1,' }, body, secret ), false );
	} );
} );

function checkNpm( words: string[], scripts: Record< string, string > ): void {
	if ( words[ 0 ] === 'ci' ) {
		assert.ok( existsSync( join( ROOT, 'package-lock.json' ) ) );
		return;
	}
	const name = words[ 0 ] === 'run' ? words[ 1 ] : words[ 0 ];
	assert.ok( name !== undefined && name in scripts, `package.json has no script ${ name }` );
	const program = /bootstrap\.mjs (\S+)/.exec( scripts[ name ] ?? '' )?.[ 1 ];
	if ( program !== undefined ) {
		assert.ok( existsSync( join( ROOT, `companion/src/${ program }.ts` ) ), `${ program }.ts is not there` );
	}
}

describe( 'page of error codes', () => {
	it( 'is the one that the contract makes: npm run emit', () => {
		assert.equal( read( 'companion/docs/errors.md' ), errorsPage() );
	} );

	it( 'has each code of the contract once, and no other', () => {
		const listed = [ ...read( 'companion/docs/errors.md' ).matchAll( /^\| `([a-z_]+)` \|/gm ) ].map( ( [ , code ] ) => code );
		assert.deepEqual( listed, Object.keys( ERROR_CODES ) );
	} );
} );

describe( 'readme.txt of the plugin', () => {
	const readme = read( 'plugin/readme.txt' );
	const header = read( 'plugin/rollcall.php' );

	it( 'has the version of the plugin as stable tag', () => {
		const version = /^ \* Version: (\S+)$/m.exec( header )?.[ 1 ];
		assert.equal( /^Stable tag: (\S+)$/m.exec( readme )?.[ 1 ], version );
	} );

	it( 'requires what the plugin requires', () => {
		for ( const field of [ 'Requires at least', 'Requires PHP' ] ) {
			const pattern = new RegExp( `${ field }: (\\S+)` );
			assert.equal( pattern.exec( readme )?.[ 1 ], pattern.exec( header )?.[ 1 ] );
		}
	} );

	it( 'names each service outside, what goes there and its terms', () => {
		const places = [ 'docs.google.com', 'Search for moved sites', 'Webhook', 'Fetch in this browser' ];
		const monitored = [ 'Monitors =', '1.1.1.1', '8.8.8.8', '9.9.9.9', 'data.iana.org', 'take mail', 'Dead-man address' ];
		const services = /== External services ==([\s\S]*?)\n== /.exec( readme )?.[ 1 ] ?? '';
		for ( const word of [
			...places,
			...monitored,
			'yc-oss.github.io',
			'companion',
			'no address, no local part, no hash',
			'terms',
			'privacy',
		] ) {
			assert.ok( services.includes( word ), word );
		}
	} );
} );
