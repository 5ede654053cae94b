import { accessSync, constants, statSync } from 'node:fs';
import { run } from './run.ts';

/** What parts of the tests need of the machine, and the Debian packages that bring it. */
const TOOLS = {
	php: {
		title: 'PHP with its extensions, and Composer',
		commands: [ 'php', 'composer', 'unzip', 'zip', 'git' ],
		extensions: [ 'pdo_sqlite', 'mysqli', 'curl', 'mbstring', 'xml', 'intl' ],
		packages: [
			'php-cli',
			'php-sqlite3',
			'php-mysql',
			'php-curl',
			'php-mbstring',
			'php-xml',
			'php-intl',
			'composer',
			'unzip',
			'zip',
			'git',
		],
	},
	mariadb: {
		title: 'MariaDB',
		commands: [ 'mariadbd', 'mariadb-install-db', 'mariadb' ],
		extensions: [],
		packages: [ 'mariadb-server-core', 'mariadb-client-core' ],
	},
	web: {
		title: 'nginx and PHP-FPM',
		commands: [ 'nginx', phpFpm ],
		extensions: [],
		packages: [ 'nginx-light', 'php-fpm' ],
	},
	browser: { title: 'Chromium', commands: [ 'chromium' ], extensions: [], packages: [ 'chromium' ] },
} satisfies Record< string, { title: string; commands: ( string | ( () => string | null ) )[]; extensions: string[]; packages: string[] } >;

export type Tool = keyof typeof TOOLS;

const FOLDERS = [ '/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin' ];

/** Path of a system command, or null. Looks into sbin too, which is not on every PATH. */
export function commandPath( name: string ): string | null {
	const folders = [ ...( process.env.PATH ?? '' ).split( ':' ), ...FOLDERS ].filter( ( folder ) => folder !== '' );
	return folders.map( ( folder ) => `${ folder }/${ name }` ).find( isProgram ) ?? null;
}

function isProgram( path: string ): boolean {
	if ( statSync( path, { throwIfNoEntry: false } )?.isFile() !== true ) {
		return false;
	}
	try {
		accessSync( path, constants.X_OK );
		return true;
	} catch {
		// EACCES: a file that this user may not run is as good as none.
		return false;
	}
}

/** Path of PHP-FPM, whose name has the version on Debian, or null. */
export function phpFpm(): string | null {
	const names = [ 'php-fpm', ...[ 5, 4, 3, 2, 1 ].map( ( minor ) => `php-fpm8.${ minor }` ) ];
	return names.map( commandPath ).find( ( path ) => path !== null ) ?? null;
}

/** True for root on a system with apt-get: the only place where packages are installed without asking. */
export function canInstall(): boolean {
	return process.getuid?.() === 0 && commandPath( 'apt-get' ) !== null;
}

/** What the tool lacks here, in words; empty when it is complete. */
async function lacks( tool: Tool ): Promise< string[] > {
	const { commands, extensions } = TOOLS[ tool ];
	const missing = commands
		.filter( ( command ) => ( typeof command === 'string' ? commandPath( command ) : command() ) === null )
		.map( ( command ) => ( typeof command === 'string' ? command : 'php-fpm' ) );
	if ( extensions.length === 0 || missing.includes( 'php' ) ) {
		return missing;
	}
	const loaded = ( await run( 'php', [ '-m' ] ) ).stdout.toLowerCase().split( '\n' );
	return [ ...missing, ...extensions.filter( ( name ) => ! loaded.includes( name ) ).map( ( name ) => `PHP extension ${ name }` ) ];
}

/** Installs what is missing where that is possible. The answer says for each tool that is still not there, why. */
export async function ensureTools( tools: readonly Tool[], say: ( line: string ) => void ): Promise< Map< Tool, string > > {
	const wanted: Tool[] = [];
	for ( const tool of tools ) {
		if ( ( await lacks( tool ) ).length > 0 ) {
			wanted.push( tool );
		}
	}
	let apt_error = '';
	if ( wanted.length > 0 && canInstall() ) {
		say( `Installing ${ wanted.map( ( tool ) => TOOLS[ tool ].title ).join( ', ' ) } by apt-get ...` );
		apt_error = await aptInstall( wanted.flatMap( ( tool ) => TOOLS[ tool ].packages ) );
	}
	const absent = new Map< Tool, string >();
	for ( const tool of wanted ) {
		const missing = await lacks( tool );
		if ( missing.length > 0 ) {
			const todo = apt_error || `install ${ TOOLS[ tool ].packages.join( ' ' ) } (Debian's names), or run as root on Debian`;
			absent.set( tool, `${ missing.join( ', ' ) } not found; ${ todo }` );
		}
	}
	return absent;
}

/** Empty when all went well. RUNLEVEL=1 keeps the packages from starting their services. */
async function aptInstall( packages: readonly string[] ): Promise< string > {
	const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
	await run( 'apt-get', [ 'update', '-q' ], { env, timeout_ms: 300_000 } );
	const ran = await run( 'apt-get', [ 'install', '-y', '-q', '--no-install-recommends', ...packages ], { env, timeout_ms: 900_000 } );
	const line = ran.output.split( '\n' ).find( ( text ) => text.startsWith( 'E:' ) );
	return ran.code === 0 ? '' : `apt-get install ${ packages.join( ' ' ) } failed: ${ line ?? `exit code ${ ran.code }` }`;
}
