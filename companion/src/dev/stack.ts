import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createDatabase, startMariadb } from './mariadb.ts';
import { daemon, DevError, must, stop } from './run.ts';
import { commandPath, phpFpm } from './system.ts';
import { wordpressTree, type WordpressVersion } from './wordpress.ts';
import { TEST_SITE, wpConfig } from './wp-config.ts';

export type Stack = {
	/** Origin of the site. */
	url: string;
	/** Folder of WordPress. */
	site: string;
	/** Folder with logs, sockets and the database. */
	folder: string;
	wordpress_version: string;
	socket: string;
	/** Runs a PHP file of ours inside this WordPress, as the administrator; its output. */
	php: ( file: string, ...args: string[] ) => Promise< string >;
	/** Ends all workers of PHP and starts new ones. */
	restartPhp: () => Promise< void >;
	/** Ends all workers of PHP: from then on the site answers 502, until restartPhp. */
	stopPhp: () => Promise< void >;
	/** Ends the database, by SIGKILL where it is to have no time for it. */
	stopDatabase: ( how: 'stop' | 'kill' ) => Promise< void >;
	/** Starts it again with the same data, and with further options of the server. */
	startDatabase: ( options?: readonly string[] ) => Promise< void >;
	stop: () => Promise< void >;
};

/** What was committed outlives a killed server, as it does with the server's own defaults. */
const DURABLE = [ '--innodb-flush-log-at-trx-commit=2', '--innodb-doublewrite=1' ];

export const ADMIN = { user: 'root', password: 'password' };

/** A free port of the loopback interface. */
export function freePort(): Promise< number > {
	return new Promise( ( resolve, reject ) => {
		const server = createServer();
		server.on( 'error', reject );
		server.listen( 0, '127.0.0.1', () => {
			const address = server.address();
			server.close( () => resolve( typeof address === 'object' && address !== null ? address.port : 0 ) );
		} );
	} );
}

/** A fresh WordPress on MariaDB, PHP-FPM and nginx, all of its own, reached on the loopback interface only. */
export async function startStack( version: WordpressVersion, workers = 4 ): Promise< Stack > {
	const folder = mkdtempSync( join( tmpdir(), 'rc-stack-' ) );
	const stops: ( () => Promise< void > )[] = [];
	const stopAll = async (): Promise< void > => {
		for ( const end of stops.toReversed() ) {
			await end();
		}
		rmSync( folder, { recursive: true, force: true, maxRetries: 5 } );
	};
	try {
		const tree = await wordpressTree( version );
		const site = join( folder, 'wp' );
		cpSync( tree.folder, site, { recursive: true } );
		const port = await freePort();
		const url = `http://127.0.0.1:${ port }`;
		let mariadb = await startMariadb( folder, DURABLE );
		stops.push( () => mariadb.stop() );
		const stopDatabase = ( how: 'stop' | 'kill' ): Promise< void > => mariadb[ how ]();
		const startDatabase = async ( options: readonly string[] = [] ): Promise< void > => {
			mariadb = await startMariadb( folder, [ ...DURABLE, ...options ] );
		};
		await createDatabase( mariadb.socket, TEST_SITE.database );
		writeFileSync( join( site, 'wp-config.php' ), siteConfig( folder, mariadb.socket ) );
		const php = async ( file: string, ...args: string[] ): Promise< string > => {
			const ran = await must( file, 'php', [ '-d', 'display_errors=stderr', file, site, ...args ], '', {
				env: { ROLLCALL_SITE_URL: url },
			} );
			return ran.stdout;
		};
		await php( join( import.meta.dirname, 'install.php' ), url, ADMIN.user, ADMIN.password );
		let fpm = startFpm( folder, workers );
		stops.push( () => stop( fpm ) );
		const stopPhp = (): Promise< void > => stop( fpm );
		const restartPhp = async (): Promise< void > => {
			await stopPhp();
			fpm = startFpm( folder, workers );
			await answers( `${ url }/wp-login.php`, folder );
		};
		const nginx = startNginx( folder, site, port );
		stops.push( () => stop( nginx ) );
		await answers( `${ url }/wp-login.php`, folder );
		return {
			url,
			site,
			folder,
			wordpress_version: tree.version,
			socket: mariadb.socket,
			php,
			restartPhp,
			stopPhp,
			stopDatabase,
			startDatabase,
			stop: stopAll,
		};
	} catch ( error ) {
		await stopAll();
		throw error;
	}
}

/** As in the tests of PHP, but errors go to a log: on a page they would break its JSON. */
function siteConfig( folder: string, socket: string ): string {
	return wpConfig( { db: 'mariadb', scratch: folder, socket, network: false } )
		.replace( "'WP_DEBUG_DISPLAY', true", "'WP_DEBUG_DISPLAY', false" )
		.replace( "'WP_DEBUG_LOG', false", `'WP_DEBUG_LOG', '${ join( folder, 'debug.log' ) }'` );
}

function startFpm( folder: string, workers: number ): ReturnType< typeof daemon > {
	const program = phpFpm();
	if ( program === null ) {
		throw new DevError( 'PHP-FPM was not found. Install php-fpm.' );
	}
	const as_root = process.getuid?.() === 0;
	writeFileSync(
		join( folder, 'fpm.conf' ),
		`[global]
error_log = ${ folder }/fpm.log
daemonize = no
[www]
listen = ${ folder }/fpm.sock
${ as_root ? 'user = root\ngroup = root\n' : '' }pm = static
pm.max_children = ${ workers }
php_admin_value[error_log] = ${ folder }/php.log
php_admin_value[upload_max_filesize] = 64M
php_admin_value[post_max_size] = 64M
php_admin_value[sendmail_path] = /bin/true
`
	);
	return daemon(
		program,
		[ '--nodaemonize', '--fpm-config', join( folder, 'fpm.conf' ), ...( as_root ? [ '--allow-to-run-as-root' ] : [] ) ],
		join( folder, 'fpm-out.log' )
	);
}

function startNginx( folder: string, site: string, port: number ): ReturnType< typeof daemon > {
	const program = commandPath( 'nginx' );
	if ( program === null ) {
		throw new DevError( 'nginx was not found. Install nginx-light.' );
	}
	const temporary = [ 'client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi' ].map( ( name ) => {
		mkdirSync( join( folder, `nginx-${ name }` ) );
		return `${ name }_temp_path ${ folder }/nginx-${ name };`;
	} );
	// Debian's fastcgi_params passes the host without its port, and WordPress then redirects to itself for ever.
	writeFileSync(
		join( folder, 'nginx.conf' ),
		`${ process.getuid?.() === 0 ? `user ${ userInfo().username };` : '' }
daemon off;
pid ${ folder }/nginx.pid;
error_log ${ folder }/nginx.log;
worker_processes 1;
events {}
http {
	include /etc/nginx/mime.types;
	access_log off;
	${ temporary.join( '\n\t' ) }
	client_max_body_size 64m;
	server {
		listen 127.0.0.1:${ port };
		root ${ site };
		index index.php;
		location / { try_files $uri $uri/ /index.php?$args; }
		location ~ \\.php$ {
			include /etc/nginx/fastcgi_params;
			fastcgi_param HTTP_HOST $http_host;
			fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
			fastcgi_read_timeout 120s;
			fastcgi_pass unix:${ folder }/fpm.sock;
		}
	}
}
`
	);
	return daemon(
		program,
		[ '-c', join( folder, 'nginx.conf' ), '-p', folder, '-e', join( folder, 'nginx.log' ) ],
		join( folder, 'nginx-out.log' )
	);
}

/** Waits until the site answers with 200. */
export async function answers( url: string, folder: string, seconds = 30 ): Promise< void > {
	let last = 'no answer';
	const end = performance.now() + seconds * 1000;
	while ( performance.now() < end ) {
		try {
			const answer = await fetch( url, { signal: AbortSignal.timeout( 20_000 ) } );
			if ( answer.status === 200 ) {
				return;
			}
			last = `status ${ answer.status }`;
		} catch ( error ) {
			last = error instanceof Error ? error.message : String( error );
		}
		await new Promise( ( resolve ) => setTimeout( resolve, 150 ) );
	}
	throw new DevError(
		`${ url } did not answer with 200 in ${ seconds } s (${ last }); logs are in ${ existsSync( folder ) ? folder : 'a folder that is gone' }.`
	);
}
