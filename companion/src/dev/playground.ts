import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import type { DemoUser } from './demo-users.ts';
import { BIN, ROOT, STATE } from './paths.ts';
import { daemon, DevError } from './run.ts';
import { wordpressTree } from './wordpress.ts';

export const SITE = join( STATE, 'site' );
const HANDED_IN = join( STATE, 'start' );

/** Throws one line when the port is taken. */
export async function refuseBusyPort( port: number ): Promise< void > {
	await new Promise< void >( ( resolve, reject ) => {
		const server = createServer();
		server.on( 'error', () =>
			reject(
				new DevError(
					`Port ${ port } is taken: stop the program that uses it, or give another one: npm start -- --port ${ port + 1 }`
				)
			)
		);
		server.listen( port, '127.0.0.1', () => server.close( () => resolve() ) );
	} );
}

/** Starts WordPress in the Playground on SQLite. Its files and database lie in .rollcall/site and survive a restart. */
export async function startPlayground(
	port: number,
	users: DemoUser[],
	say: ( line: string ) => void
): Promise< { child: ChildProcess; version: string } > {
	const tree = await wordpressTree( null, say );
	if ( ! existsSync( join( SITE, 'wp-includes/version.php' ) ) ) {
		cpSync( tree.folder, SITE, { recursive: true } );
	}
	mkdirSync( HANDED_IN, { recursive: true } );
	writeFileSync( join( HANDED_IN, 'users.json' ), JSON.stringify( users ) );
	cpSync( join( import.meta.dirname, 'seed.php' ), join( HANDED_IN, 'seed.php' ) );
	writeFileSync(
		join( HANDED_IN, 'blueprint.json' ),
		JSON.stringify( { steps: [ { step: 'runPHP', code: "<?php require '/rollcall-start/seed.php';" } ] } )
	);
	const child = daemon(
		join( BIN, 'node' ),
		[
			join( BIN, 'wp-playground-cli' ),
			'server',
			`--port=${ port }`,
			'--php=8.3',
			`--site-url=http://127.0.0.1:${ port }`,
			`--mount-before-install=${ SITE }:/wordpress`,
			`--mount=${ join( ROOT, 'plugin' ) }:/wordpress/wp-content/plugins/rollcall`,
			`--mount=${ HANDED_IN }:/rollcall-start`,
			'--wordpress-install-mode=install-from-existing-files-if-needed',
			`--blueprint=${ join( HANDED_IN, 'blueprint.json' ) }`,
			// A demo looks nothing up outside: without network each page would wait for wordpress.org.
			'--define-bool',
			'WP_HTTP_BLOCK_EXTERNAL',
			'true',
			'--define',
			'WP_ACCESSIBLE_HOSTS',
			'127.0.0.1,localhost',
		],
		join( STATE, 'logs/wordpress.log' )
	);
	return { child, version: tree.version };
}

/** Waits for status 200: while it boots the Playground answers 502. */
export async function playgroundReady( url: string, child: ChildProcess, log = join( STATE, 'logs/wordpress.log' ) ): Promise< void > {
	const end = performance.now() + 180_000;
	while ( performance.now() < end ) {
		if ( child.exitCode !== null ) {
			break;
		}
		const status = await fetch( `${ url }/wp-login.php`, { signal: AbortSignal.timeout( 60_000 ) } ).then(
			( answer ) => answer.status,
			() => 0
		);
		if ( status === 200 ) {
			return;
		}
		await new Promise( ( resolve ) => setTimeout( resolve, 400 ) );
	}
	throw new DevError( `WordPress did not start; its output is in ${ log }. npm start -- --fresh starts over.` );
}
