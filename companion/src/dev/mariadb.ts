import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { daemon, DevError, must, run, stop } from './run.ts';
import { commandPath } from './system.ts';

export type Mariadb = {
	socket: string;
	stop: () => Promise< void >;
	/** Ends it without any time to tidy up. */
	kill: () => Promise< void >;
};

const AS_ROOT = process.getuid?.() === 0 ? [ '--user=root' ] : [];

/** Starts a MariaDB of its own in `folder` (its data in `folder/data`, made when missing), reached by a socket only.
 *  Nothing is flushed to the disk: for tests, not for data that should outlive the machine. `options` are given last, and win. */
export async function startMariadb( folder: string, options: readonly string[] = [] ): Promise< Mariadb > {
	const server = commandPath( 'mariadbd' );
	if ( server === null ) {
		throw new DevError( 'mariadbd was not found. Install mariadb-server-core.' );
	}
	const data = join( folder, 'data' );
	// A server removes temporary tables that it finds at its start: those of another one too, in a folder they share.
	const tmpdir = `--tmpdir=${ folder }`;
	if ( ! existsSync( data ) ) {
		mkdirSync( data, { recursive: true } );
		await must(
			'mariadb-install-db',
			commandPath( 'mariadb-install-db' ) ?? 'mariadb-install-db',
			[ '--no-defaults', ...AS_ROOT, `--datadir=${ data }`, tmpdir, '--auth-root-authentication-method=normal', '--skip-test-db' ],
			'Install mariadb-server-core.'
		);
	}
	const socket = join( folder, 'db.sock' );
	const child = daemon(
		server,
		[
			'--no-defaults',
			...AS_ROOT,
			`--datadir=${ data }`,
			`--socket=${ socket }`,
			`--pid-file=${ join( folder, 'db.pid' ) }`,
			tmpdir,
			'--skip-networking',
			'--debug-no-sync',
			'--innodb-flush-method=nosync',
			'--innodb-flush-log-at-trx-commit=0',
			'--innodb-log-file-size=16M',
			'--innodb-buffer-pool-size=64M',
			'--innodb-doublewrite=0',
			'--innodb-lock-wait-timeout=2',
			...options,
		],
		join( folder, 'mariadbd.log' )
	);
	const client = commandPath( 'mariadb' ) ?? 'mariadb';
	for ( let waited = 0; waited < 300; waited++ ) {
		if ( child.exitCode !== null ) {
			break;
		}
		const ran = await run( client, [ '--no-defaults', `--socket=${ socket }`, '-uroot', '-e', 'SELECT 1' ] );
		if ( ran.code === 0 ) {
			return { socket, stop: () => stop( child, 10_000 ), kill: () => stop( child, 0, 'SIGKILL' ) };
		}
		await new Promise( ( resolve ) => setTimeout( resolve, 100 ) );
	}
	await stop( child );
	throw new DevError( `mariadbd did not start; its log is ${ join( folder, 'mariadbd.log' ) }.` );
}

/** Makes an empty database. */
export async function createDatabase( socket: string, name: string ): Promise< void > {
	const client = commandPath( 'mariadb' ) ?? 'mariadb';
	await must(
		'CREATE DATABASE',
		client,
		[ '--no-defaults', `--socket=${ socket }`, '-uroot', '-e', `CREATE DATABASE \`${ name }\`` ],
		''
	);
}
