import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildAll, pluginVersion } from './build.ts';
import { ROOT } from './paths.ts';
import { phpunit } from './phpunit.ts';
import { DevError, must } from './run.ts';
import { ensureTools } from './system.ts';
import { ensureComposer } from './composer.ts';
import { wordpressTree } from './wordpress.ts';

/** What is in the zip; all else of plugin/ stays out. */
const PARTS = [ 'rollcall.php', 'uninstall.php', 'readme.txt', 'src', 'templates', 'contract', 'build', 'companion', 'languages' ];

/** Makes dist/rollcall-<version>.zip from what is built; its path. */
export async function makeZip( folder = join( ROOT, 'dist' ) ): Promise< string > {
	const version = checkedVersion();
	const staging = mkdtempSync( join( tmpdir(), 'rollcall-zip-' ) );
	try {
		const top = join( staging, 'rollcall' );
		for ( const part of PARTS ) {
			cpSync( join( ROOT, 'plugin', part ), join( top, part ), { recursive: true } );
		}
		// What is built is minified: its readable source goes along.
		for ( const part of [
			'admin-ts/src',
			'admin-ts/package.json',
			'admin-ts/webpack.config.cjs',
			'companion/src',
			'companion/package.json',
		] ) {
			cpSync( join( ROOT, part ), join( top, 'source', part ), {
				recursive: true,
				filter: ( path ) => path !== import.meta.dirname,
			} );
		}
		refuseStrayFiles( top );
		const made = join( staging, 'rollcall.zip' );
		await must( 'zip', 'zip', [ '-q', '-X', '-D', '-r', made, 'rollcall' ], 'Install the command zip.', { cwd: staging } );
		mkdirSync( folder, { recursive: true } );
		const target = join( folder, `rollcall-${ version }.zip` );
		rmSync( target, { force: true } );
		cpSync( made, `${ target }.new` );
		renameSync( `${ target }.new`, target );
		return target;
	} finally {
		rmSync( staging, { recursive: true, force: true } );
	}
}

/** The version, when all places that name it agree. */
function checkedVersion(): string {
	const version = pluginVersion();
	const places: [ string, RegExp ][] = [
		[ 'plugin/rollcall.php', /define\( 'ROLLCALL_VERSION', '([^']+)' \)/ ],
		[ 'plugin/readme.txt', /^Stable tag: (\S+)$/m ],
		[ 'companion/package.json', /"version": "([^"]+)"/ ],
		[ 'package.json', /"version": "([^"]+)"/ ],
	];
	for ( const [ file, pattern ] of places ) {
		const found = pattern.exec( readFileSync( join( ROOT, file ), 'utf8' ) )?.[ 1 ];
		if ( found !== version ) {
			throw new DevError( `${ file } says version ${ found ?? '(none)' }, the plugin's header ${ version }: make them equal.` );
		}
	}
	return version;
}

/** WordPress's plugin check refuses hidden files and Markdown. */
function refuseStrayFiles( top: string ): void {
	const stray = readdirSync( top, { recursive: true, encoding: 'utf8' } ).filter(
		( path ) => /(^|\/)\.[^/]*$|\.md$/i.test( path ) && ! statSync( join( top, path ) ).isDirectory()
	);
	if ( stray.length > 0 ) {
		throw new DevError( `These files do not belong into the zip: ${ stray.join( ', ' ) }` );
	}
}

/** Throws while a migration test is red: a zip is what sites upgrade from. */
async function refuseRedMigrations( say: ( line: string ) => void ): Promise< void > {
	const absent = await ensureTools( [ 'php', 'mariadb' ], say );
	if ( absent.size > 0 ) {
		throw new DevError( `The migrations cannot be tested here: ${ [ ...absent.values() ].join( '; ' ) }` );
	}
	await ensureComposer( say );
	const { folder } = await wordpressTree( '7.1', say );
	for ( const db of [ 'sqlite', 'mariadb' ] as const ) {
		say( `Testing the migrations on ${ db } ...` );
		const ran = await phpunit( { db, multisite: false, wordpress: folder, phpunit_args: [ '--testsuite', 'migrations' ] } );
		if ( ran.code !== 0 || ! /OK \(\d+ tests?/.test( ran.output ) ) {
			throw new DevError( `No zip is made while the migrations are red on ${ db }:\n${ ran.output.slice( -3000 ) }` );
		}
	}
}

if ( import.meta.main ) {
	const say = ( line: string ): void => void process.stdout.write( `${ line }\n` );
	try {
		await refuseRedMigrations( say );
		say( 'Building ...' );
		await buildAll();
		const made = await makeZip();
		say( `${ made } (${ Math.round( statSync( made ).size / 1024 ) } KiB)` );
	} catch ( error ) {
		process.stderr.write( `${ error instanceof Error ? error.message : String( error ) }\n` );
		process.exitCode = 1;
	}
}
