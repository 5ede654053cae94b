/** Runs the PHP tests on a real WordPress.
 *
 *    node companion/src/dev/phpunit.ts --db=sqlite|mariadb [--multisite] [-- phpunit arguments]
 *
 *  ROLLCALL_WORDPRESS is the folder of a WordPress tree, which is not changed. Each run has its own copy, its own
 *  database and, with MariaDB, its own server, so any number of runs may go on at once. The installed database is kept
 *  in .rollcall/phpunit. For one test: -- --filter 'refuses a nested' or -- tests/plugin/Database/KvTest.php */
import { createHash } from 'node:crypto';
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDatabase, startMariadb } from './mariadb.ts';
import { ROOT, STATE } from './paths.ts';
import { DevError, must, run, type Ran } from './run.ts';
import { TEST_SITE, wpConfig } from './wp-config.ts';

export type Options = {
	db: 'sqlite' | 'mariadb';
	multisite: boolean;
	/** WordPress tree. */
	wordpress: string;
	phpunit_args: readonly string[];
	/** PHP file that gets the site instead of PHPUnit, such as a bench. */
	script?: string;
	log?: string;
	env?: Record< string, string >;
};

const LAYER = join( ROOT, 'node_modules/@wp-playground/cli/sqlite-database-integration.zip' );
const BOOTSTRAP = join( ROOT, 'tests/plugin/bootstrap.php' );
const INSTALLER = join( ROOT, 'tests/plugin/install.php' );

/** The layer of SQLite parses each statement in PHP: compiled, 775 tests of routes take 33.6 s of CPU and not 45.8. A PHP
 *  without it ignores the settings. Benches run as sites do, without. */
const COMPILED = [ 'opcache.enable_cli=1', 'opcache.jit=tracing', 'opcache.jit_buffer_size=64M' ].flatMap( ( setting ) => [
	'-d',
	setting,
] );

/** One run of PHPUnit; the scratch folder and the database server are gone afterwards. */
export async function phpunit( options: Options ): Promise< Ran > {
	const scratch = mkdtempSync( join( tmpdir(), 'rc-php-' ) );
	try {
		cpSync( await installed( options ), scratch, { recursive: true } );
		await makeSite( options, join( scratch, 'wp' ) );
		return await onDatabase( options, scratch, options.multisite, () =>
			run( 'php', [ '-d', 'memory_limit=1G', ...script( options ), ...options.phpunit_args ], {
				env: {
					...options.env,
					ROLLCALL_TEST_SITE: join( scratch, 'wp' ),
				},
				log: options.log,
			} )
		);
	} finally {
		rmSync( scratch, { recursive: true, force: true, maxRetries: 3 } );
	}
}

function script( options: Options ): string[] {
	return options.script === undefined ? [ ...COMPILED, BOOTSTRAP, ...groups( options ) ] : [ options.script ];
}

/** Groups that cannot run here: a test is never skipped, it is left out where its subject does not exist. */
function groups( { db, multisite }: Options ): string[] {
	return [ db === 'sqlite' ? 'mariadb' : 'sqlite', multisite ? 'single-site' : 'multisite' ].flatMap( ( group ) => [
		'--exclude-group',
		group,
	] );
}

/** A copy of the tree in `site`: its two large folders, which nothing writes to, are linked. */
async function makeSite( { wordpress, db }: Options, site: string ): Promise< void > {
	mkdirSync( join( site, 'wp-content/plugins' ), { recursive: true } );
	for ( const name of readdirSync( wordpress ) ) {
		if ( name === 'wp-admin' || name === 'wp-includes' ) {
			symlinkSync( join( wordpress, name ), join( site, name ) );
		} else if ( name.endsWith( '.php' ) && name !== 'wp-config.php' ) {
			cpSync( join( wordpress, name ), join( site, name ) );
		}
	}
	symlinkSync( join( wordpress, 'wp-content/themes' ), join( site, 'wp-content/themes' ) );
	symlinkSync( join( ROOT, 'plugin' ), join( site, 'wp-content/plugins/rollcall' ) );
	if ( db === 'sqlite' ) {
		const layer = join( await layerFolder(), 'plugin-sqlite-database-integration' );
		symlinkSync( layer, join( site, 'wp-content/plugins/sqlite-database-integration' ) );
		const drop_in = readFileSync( join( layer, 'db.copy' ), 'utf8' );
		writeFileSync( join( site, 'wp-content/db.php' ), drop_in.replaceAll( '{SQLITE_IMPLEMENTATION_FOLDER_PATH}', layer ) );
	}
}

/** Writes wp-config.php and does the work while the database can be reached. */
async function onDatabase< T >(
	{ db }: Options,
	scratch: string,
	network: boolean,
	work: () => Promise< T >,
	is_new = false
): Promise< T > {
	const server = db === 'mariadb' ? await startMariadb( scratch ) : null;
	try {
		if ( server !== null && is_new ) {
			await createDatabase( server.socket, TEST_SITE.database );
		}
		writeFileSync( join( scratch, 'wp/wp-config.php' ), wpConfig( { db, scratch, socket: server?.socket ?? '', network } ) );
		return await work();
	} finally {
		await server?.stop();
	}
}

/** Folder with the database of a fresh WordPress (`database` or `data`), installed once. */
function installed( options: Options ): Promise< string > {
	const key = digest( [
		join( options.wordpress, 'wp-includes/version.php' ),
		INSTALLER,
		LAYER,
		join( import.meta.dirname, 'wp-config.ts' ),
	] );
	return cached( `${ options.db }-${ options.multisite ? 'network' : 'site' }-${ key }`, async ( fresh ) => {
		const scratch = mkdtempSync( join( tmpdir(), 'rc-new-' ) );
		try {
			await makeSite( options, join( scratch, 'wp' ) );
			const args = [ INSTALLER, join( scratch, 'wp' ), options.multisite ? 'network' : 'site' ];
			await onDatabase( options, scratch, false, () => must( 'Installing WordPress', 'php', args, `Look at ${ INSTALLER }.` ), true );
			const kept = options.db === 'mariadb' ? 'data' : 'database';
			cpSync( join( scratch, kept ), join( fresh, kept ), {
				recursive: true,
			} );
		} finally {
			rmSync( scratch, {
				recursive: true,
				force: true,
				maxRetries: 3,
			} );
		}
	} );
}

/** The SQLite layer, unpacked once. */
function layerFolder(): Promise< string > {
	return cached( `layer-${ digest( [ LAYER ] ) }`, async ( fresh ) => {
		await must( 'unzip', 'unzip', [ '-q', LAYER, '-d', fresh ], 'Install unzip, and run npm install.' );
	} );
}

/** A folder that is made once. Two processes may make it at once: the first one that is ready wins. */
async function cached( name: string, make: ( fresh: string ) => Promise< void > ): Promise< string > {
	const folder = join( STATE, 'phpunit', name );
	if ( existsSync( folder ) ) {
		return folder;
	}
	mkdirSync( dirname( folder ), { recursive: true } );
	const fresh = mkdtempSync( `${ folder }-new-` );
	try {
		await make( fresh );
		renameSync( fresh, folder );
	} catch ( error ) {
		rmSync( fresh, { recursive: true, force: true } );
		if ( ! existsSync( folder ) ) {
			throw error;
		}
	}
	return folder;
}

function digest( files: readonly string[] ): string {
	const hash = createHash( 'sha256' );
	files.forEach( ( file ) => hash.update( readFileSync( file ) ) );
	return hash.digest( 'hex' ).slice( 0, 16 );
}

/** The options of the command line. */
function commandLine( args: readonly string[] ): Options {
	const { values, positionals } = parseArgs( {
		args: [ ...args ],
		options: {
			db: { type: 'string', default: 'sqlite' },
			multisite: { type: 'boolean', default: false },
		},
		allowPositionals: true,
	} );
	const wordpress = process.env.ROLLCALL_WORDPRESS ?? '';
	if ( values.db !== 'sqlite' && values.db !== 'mariadb' ) {
		throw new DevError( '--db is sqlite or mariadb.' );
	}
	if ( ! existsSync( join( wordpress, 'wp-includes/version.php' ) ) ) {
		throw new DevError( 'Set ROLLCALL_WORDPRESS to the folder of a WordPress tree.' );
	}
	return {
		db: values.db,
		multisite: values.multisite,
		wordpress,
		phpunit_args: positionals,
	};
}

if ( import.meta.main ) {
	// The first Ctrl-C ends PHPUnit, which is in our process group; then this process cleans up and ends.
	process.on( 'SIGINT', () => undefined );
	process.on( 'SIGTERM', () => undefined );
	try {
		const ran = await phpunit( commandLine( process.argv.slice( 2 ) ) );
		process.stdout.write( ran.output );
		process.exitCode = ran.code;
	} catch ( error ) {
		if ( ! ( error instanceof DevError ) ) {
			throw error;
		}
		process.stderr.write( `${ error.message }\n` );
		process.exitCode = 1;
	}
}
