import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { demoUsers } from './demo-users.ts';
import { BIN, ROOT } from './paths.ts';
import { playgroundReady } from './playground.ts';
import { daemon, must, stop } from './run.ts';
import { freePort } from './stack.ts';
import { wordpressTree } from './wordpress.ts';

/** Versions of PHP that the plugin runs on, oldest first. */
export const PHP_VERSIONS = [ '8.1', '8.2', '8.3', '8.4', '8.5' ] as const;
export type PhpVersion = ( typeof PHP_VERSIONS )[ number ];

export const PHP_ADMIN = { user: 'admin', password: 'password' };

export type PhpSite = {
	url: string;
	/** Folder for logs and whatever else a test keeps of it. */
	folder: string;
	/** Notices, warnings, deprecations and fatal errors of PHP in debug.log, each once. */
	complaints: () => string[];
	/** Runs a PHP file of ours inside the site; its output. */
	php: ( file: string ) => Promise< string >;
	stop: () => Promise< void >;
};

/** Lines that WordPress itself writes, whatever plugin is there: without network, and when PHP compiles its ms-functions.php. */
const OF_CORE = [
	/An unexpected error occurred\. Something may be wrong with WordPress\.org/,
	/Optional parameter \S+ declared before required parameter \S+ .* in \/wordpress\/wp-includes\//,
];

const MU_PLUGIN = join( ROOT, 'tests/php-versions/mu-plugin.php' );

/** A fresh WordPress in the Playground on one version of PHP, with the plugin of a zip unpacked but not active. */
export async function startPhpSite( version: PhpVersion, zip: string ): Promise< PhpSite > {
	const folder = mkdtempSync( join( tmpdir(), 'rc-playground-' ) );
	const site = join( folder, 'wp' );
	const { folder: tree } = await wordpressTree( '7.1' );
	cpSync( tree, site, { recursive: true } );
	await must( 'unzip', 'unzip', [ '-q', zip, '-d', join( site, 'wp-content/plugins' ) ], 'Install the command unzip.' );
	mkdirSync( join( site, 'wp-content/mu-plugins' ) );
	cpSync( MU_PLUGIN, join( site, 'wp-content/mu-plugins/rollcall-php-versions.php' ) );
	writeFileSync( join( folder, 'users.json' ), JSON.stringify( demoUsers() ) );
	const port = await freePort();
	const url = `http://127.0.0.1:${ port }`;
	const child = daemon( join( BIN, 'node' ), serverArguments( version, port, site, folder ), join( folder, 'server.log' ) );
	const end = async (): Promise< void > => {
		await stop( child );
		rmSync( folder, { recursive: true, force: true, maxRetries: 5 } );
	};
	try {
		await playgroundReady( url, child, join( folder, 'server.log' ) );
	} catch ( error ) {
		await end();
		throw error;
	}
	// What WordPress says while it installs itself is not about the plugin.
	rmSync( join( site, 'wp-content/debug.log' ), { force: true } );
	return {
		url,
		folder,
		complaints: () => {
			const log = join( site, 'wp-content/debug.log' );
			const lines = existsSync( log ) ? readFileSync( log, 'utf8' ).split( '\n' ) : [];
			const found = lines.flatMap( ( line ) => /PHP (?:Notice|Warning|Deprecated|Fatal|Parse|Recoverable).*/i.exec( line ) ?? [] );
			return [ ...new Set( found ) ].filter( ( line ) => ! OF_CORE.some( ( pattern ) => pattern.test( line ) ) );
		},
		php: async ( file ) => {
			const name = `rollcall-${ basename( file ) }`;
			cpSync( file, join( site, name ) );
			const answer = await fetch( `${ url }/${ name }`, { redirect: 'manual' } );
			rmSync( join( site, name ) );
			return answer.text();
		},
		stop: end,
	};
}

function serverArguments( version: PhpVersion, port: number, site: string, folder: string ): string[] {
	return [
		join( BIN, 'wp-playground-cli' ),
		'server',
		`--port=${ port }`,
		`--php=${ version }`,
		'--workers=1',
		`--site-url=http://127.0.0.1:${ port }`,
		`--mount-before-install=${ site }:/wordpress`,
		`--mount=${ folder }:/rollcall-start`,
		'--wordpress-install-mode=install-from-existing-files-if-needed',
		...[ 'WP_DEBUG', 'WP_DEBUG_LOG', 'WP_HTTP_BLOCK_EXTERNAL', 'SCRIPT_DEBUG' ].flatMap( ( name ) => [
			'--define-bool',
			name,
			'true',
		] ),
		...[ '--define-bool', 'WP_DEBUG_DISPLAY', 'false', '--define', 'WP_ACCESSIBLE_HOSTS', '127.0.0.1,localhost' ],
	];
}
