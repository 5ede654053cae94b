import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BUNDLE, buildAdmin, buildCompanion } from './build.ts';
import { demoUsers, usersOfCsv } from './demo-users.ts';
import { BIN, STATE } from './paths.ts';
import { playgroundReady, refuseBusyPort, SITE, startPlayground } from './playground.ts';
import { daemon, DevError, stop } from './run.ts';
import { demoPort, startDemoSites, watchDemoSites } from './start-monitors.ts';
import { loadList, offerList, resultLines, runMatcher, until, type OfferedList } from './start-run.ts';
import { commandPath } from './system.ts';
import { WpClient } from './wp-client.ts';

const LOGIN = { user: 'admin', password: 'password' };
const COMPANION_STATE = join( STATE, 'companion' );
const HELP = `npm start -- [options]
  --companies URL|FILE  companies list (default: the public YC list; without network a built-in sample)
  --users FILE.csv      users to add instead of the demo ones
  --port N              port of WordPress (default 8787)
  --fresh               start over: a new WordPress, a new companion
  --no-open             do not open a browser`;

const say = ( line: string ): void => void process.stdout.write( `${ line }\n` );

const STEPS = 7;
let steps_done = 0;

/** Says what is done now, and afterwards how long it took. */
async function step< T >( title: string, work: () => Promise< T > ): Promise< T > {
	const begun = performance.now();
	say( `${ ++steps_done }/${ STEPS } ${ title } ...` );
	const result = await work();
	say( `    ${ ( ( performance.now() - begun ) / 1000 ).toFixed( 1 ) } s` );
	return result;
}

/** What was started, newest last; ended in reverse. */
const started: ( () => Promise< void > | void )[] = [];

async function stopAll(): Promise< void > {
	for ( const finish of started.splice( 0 ).toReversed() ) {
		await finish();
	}
}

/** Lets the companion reach this machine: the port of the demo's sites, and the one that serves the list or that the person named. */
function allowed( { list_url, demo_port }: Reached ): string[] {
	const url = list_url !== null && URL.canParse( list_url ) ? new URL( list_url ) : null;
	const ports = [ ...( url?.hostname === '127.0.0.1' ? [ url.port || '80' ] : [] ), String( demo_port ) ];
	return ports.flatMap( ( port ) => [ '--allow', `127.0.0.1/32:${ port }` ] );
}

type Reached = { list_url: string | null; demo_port: number };

function startCompanion( args: readonly string[], reached: Reached ): ChildProcess {
	const child = daemon(
		join( BIN, 'node' ),
		[ BUNDLE, ...args, '--state', COMPANION_STATE, '--port', '0', ...allowed( reached ) ],
		join( STATE, 'logs/companion.log' )
	);
	started.push( () => stop( child ) );
	return child;
}

/** Pairs by the protocol of production, or goes on with the pairing of the last start. */
async function connect( site: WpClient, reached: Reached ): Promise< void > {
	let connection = await site.must( 'GET', '/rollcall/v1/connection' );
	if ( connection.state === 'site_changed' ) {
		// Another --port is another site to the companion of the last start.
		rmSync( COMPANION_STATE, { recursive: true, force: true } );
		connection = await site.must( 'DELETE', '/rollcall/v1/connection' );
	}
	const since = typeof connection.last_seen_at === 'string' ? connection.last_seen_at : '';
	const known = existsSync( COMPANION_STATE ) && connection.paired_at !== null;
	const code = known ? null : await site.must( 'POST', '/rollcall/v1/connection/code', {} );
	const child = startCompanion( code === null ? [ 'serve' ] : [ 'pair', site.url, String( code.code ) ], reached );
	await until(
		'Connecting the companion',
		60,
		async () => {
			if ( child.exitCode !== null ) {
				throw new DevError(
					`The companion ended; its output is in ${ join( STATE, 'logs/companion.log' ) }. npm start -- --fresh starts over.`
				);
			}
			const now = await site.must( 'GET', '/rollcall/v1/connection' );
			return now.state === 'connected' && typeof now.last_seen_at === 'string' && now.last_seen_at > since ? now : null;
		},
		`Its output is in ${ join( STATE, 'logs/companion.log' ) }.`
	);
}

function openBrowser( url: string ): void {
	const opener = { darwin: 'open', linux: 'xdg-open' }[ String( process.platform ) ];
	if ( opener !== undefined && process.stdout.isTTY && commandPath( opener ) !== null ) {
		spawn( opener, [ url ], { stdio: 'ignore', detached: true } ).unref();
	}
}

/** Where to look now. */
function places( url: string, { version, domains }: { version: string; domains: string } ): string {
	return `
${ domains } e-mail domains went to the companion on this machine, nothing else of the users.

  Report      ${ url }/wp-admin/admin.php?page=rollcall&screen=matcher&view=report
  Monitors    ${ url }/wp-admin/admin.php?page=rollcall&screen=monitors
  WordPress   ${ url }/wp-admin/   (version ${ version }; user ${ LOGIN.user }, password ${ LOGIN.password })
  State       .rollcall/ (survives a restart; npm start -- --fresh starts over)

Ctrl-C stops all of it.`;
}

async function main(): Promise< void > {
	const { values } = parseArgs( {
		options: {
			companies: { type: 'string' },
			users: { type: 'string' },
			port: { type: 'string', default: '8787' },
			fresh: { type: 'boolean' },
			'no-open': { type: 'boolean' },
			help: { type: 'boolean' },
		},
	} );
	if ( values.help ) {
		say( HELP );
		return;
	}
	const port = Number( values.port );
	if ( ! Number.isInteger( port ) || port < 1 || port > 65535 ) {
		throw new DevError( `--port ${ values.port } is no port: give a number from 1 to 65535.` );
	}
	const users = values.users ? usersOfCsv( resolve( values.users ) ) : demoUsers();
	const list: OfferedList | null = values.companies ? await offerList( values.companies ) : null;
	started.push( () => list?.stop() );
	await refuseBusyPort( port );
	const demo_port = demoPort( port );
	const demo = await startDemoSites( demo_port );
	started.push( () => demo?.stop() );
	if ( values.fresh ) {
		rmSync( SITE, { recursive: true, force: true } );
		rmSync( COMPANION_STATE, { recursive: true, force: true } );
	}
	mkdirSync( STATE, { recursive: true } );

	await step( 'Building the plugin and the companion', () => Promise.all( [ buildCompanion(), buildAdmin() ] ) );
	const url = `http://127.0.0.1:${ port }`;
	const site = new WpClient( url );
	const wordpress = await step( 'Starting WordPress', async () => {
		const running = await startPlayground( port, users, say );
		started.push( () => stop( running.child ) );
		await playgroundReady( url, running.child );
		await site.logIn( LOGIN.user, LOGIN.password );
		return running;
	} );
	await step( 'Activating the plugin', () => site.must( 'POST', '/wp/v2/plugins/rollcall/rollcall', { status: 'active' } ) );
	await step( 'Connecting the companion', () => connect( site, { list_url: list?.url ?? null, demo_port } ) );
	await step( 'Loading the companies list', async () => {
		const loaded = await loadList( site, list?.url ?? null, say );
		const from = loaded.active_source === 'sample' ? 'of the built-in SAMPLE (made up)' : `from ${ String( loaded.url ) }`;
		say( `    ${ String( loaded.row_count ) } companies ${ from }` );
	} );
	const run = await step( 'Running the matcher', () => runMatcher( site, say ) );
	const watched = await step( 'Checking three demo sites', async () =>
		demo === null ? [ `  not watched: port ${ demo_port } is taken` ] : watchDemoSites( site, demo_port )
	);
	say( '' );
	( await resultLines( site ) ).forEach( say );
	watched.forEach( say );
	say( places( url, { version: wordpress.version, domains: String( run.domains_total ) } ) );
	if ( ! values[ 'no-open' ] ) {
		openBrowser( `${ url }/wp-admin/admin.php?page=rollcall` );
	}
	await new Promise< void >( ( _resolve, reject ) => {
		wordpress.child.on( 'exit', () =>
			reject( new DevError( 'WordPress ended by itself; its output is in .rollcall/logs/wordpress.log.' ) )
		);
	} );
}

let ending = false;
function end( code: number ): void {
	if ( ! ending ) {
		ending = true;
		void stopAll().then( () => process.exit( code ) );
	}
}
for ( const signal of [ 'SIGINT', 'SIGTERM', 'SIGHUP' ] as const ) {
	process.on( signal, () => {
		if ( ! ending ) {
			say( '\nStopping ...' );
		}
		end( 0 );
	} );
}
try {
	await main();
	end( 0 );
} catch ( error ) {
	if ( ! ending ) {
		process.stderr.write(
			`rollcall: ${ error instanceof DevError || error instanceof TypeError ? error.message : String( error ) }\n`
		);
		end( 1 );
	}
}
