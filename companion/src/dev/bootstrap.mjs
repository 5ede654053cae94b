// Plain JavaScript for Node >= 20: installs what is missing, then starts Node 24 (npm package `node`)
// with a TypeScript program of companion/src, named without `.ts`.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath( new URL( '../../../', import.meta.url ) );
const bin = join( root, 'node_modules/.bin' );

/** @param {string} line */
function fail( line ) {
	process.stderr.write( `rollcall: ${ line }\n` );
	process.exit( 1 );
}

/** True when node_modules holds every version of the lockfile; npm keeps its own account of what it installed. */
function installed() {
	const account = join( root, 'node_modules/.package-lock.json' );
	if ( ! existsSync( account ) ) {
		return false;
	}
	const wanted = JSON.parse( readFileSync( join( root, 'package-lock.json' ), 'utf8' ) ).packages;
	const present = JSON.parse( readFileSync( account, 'utf8' ) ).packages;
	return Object.entries( wanted ).every(
		( [ path, entry ] ) =>
			path === '' ||
			entry.link ||
			entry.optional ||
			entry.peer ||
			! path.includes( 'node_modules/' ) ||
			present[ path ]?.version === entry.version
	);
}

/**
 * Runs a command quietly and says every 15 seconds that it still runs.
 *
 * @param {string}   title
 * @param {string}   command
 * @param {string[]} args
 * @return {Promise<{ ok: boolean, output: string }>} Whether it exited with 0, and all that it printed.
 */
function quietly( title, command, args ) {
	const started = Date.now();
	const seconds = () => Math.round( ( Date.now() - started ) / 1000 );
	process.stdout.write( `${ title } ...\n` );
	const ticker = setInterval( () => process.stdout.write( `  ... ${ seconds() } s\n` ), 15000 );
	return new Promise( ( resolve ) => {
		const child = spawn( command, args, { cwd: root, stdio: [ 'ignore', 'pipe', 'pipe' ] } );
		let output = '';
		child.stdout.on( 'data', ( chunk ) => ( output += chunk ) );
		child.stderr.on( 'data', ( chunk ) => ( output += chunk ) );
		const end = ( ok ) => {
			clearInterval( ticker );
			if ( ok ) {
				process.stdout.write( `  done in ${ seconds() } s\n` );
			}
			resolve( { ok, output } );
		};
		child.on( 'error', ( error ) => {
			output += error.message;
			end( false );
		} );
		child.on( 'close', ( code ) => end( code === 0 ) );
	} );
}

/** True when the npm package `node` brought a Node 24 that runs. */
function node24() {
	const answer = spawnSync( join( bin, 'node' ), [ '--version' ], { encoding: 'utf8' } );
	return answer.stdout?.startsWith( 'v24.' ) === true;
}

/** @param {string} output */
const lastLine = ( output ) =>
	output
		.split( '\n' )
		.filter( ( line ) => /npm error|ERR!|ENO|EAI/.test( line ) && ! /A complete log|EBADENGINE/.test( line ) )
		.slice( 0, 3 )
		.join( ' | ' ) || output.trim().split( '\n' ).at( -1 );

if ( Number( process.versions.node.split( '.' )[ 0 ] ) < 20 ) {
	fail( `Node ${ process.versions.node } is too old: install Node 20 or newer, then try again.` );
}
if ( ! installed() ) {
	const { ok, output } = await quietly( 'Installing npm packages (a minute or two)', 'npm', [ 'ci', '--no-audit', '--no-fund' ] );
	if ( ! ok ) {
		fail( `npm ci failed: ${ lastLine( output ) }. Check the network and the disk, then try again.` );
	}
}
if ( ! node24() ) {
	// No package runs a script when it is installed (.npmrc); these two are the ones that package.json allows.
	const { ok, output } = await quietly( 'Getting Node 24', 'npm', [
		'rebuild',
		'node',
		'esbuild',
		'--ignore-scripts=false',
		'--foreground-scripts',
	] );
	if ( ! ok || ! node24() ) {
		fail(
			`Node 24 could not be installed by the npm package node: ${ lastLine( output ) }. Allow its install script, then try again.`
		);
	}
}

const [ program, ...args ] = process.argv.slice( 2 );
const child = spawn( join( bin, 'node' ), [ join( root, `companion/src/${ program }.ts` ), ...args ], {
	cwd: process.cwd(),
	stdio: 'inherit',
	env: { ...process.env, PATH: `${ bin }:${ process.env.PATH }` },
} );
// A terminal sends Ctrl-C to the child too, a supervisor only to this process, which waits for the child to clean up.
for ( const signal of [ 'SIGINT', 'SIGTERM', 'SIGHUP' ] ) {
	process.on( signal, () => child.kill( signal ) );
}
child.on( 'close', ( code, signal ) => process.exit( signal ? 130 : ( code ?? 1 ) ) );
