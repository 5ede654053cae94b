import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { ROOT } from './paths.ts';

export type Ran = { code: number; stdout: string; output: string };

type Options = {
	cwd?: string;
	env?: Record< string, string >;
	input?: string;
	/** File that gets all output as it comes. */
	log?: string;
	timeout_ms?: number;
};

/** Runs a command to its end. `output` has stdout and stderr as they came; a command that is not there has code 127,
 *  one that took longer than `timeout_ms` (default 20 minutes) is killed and has code 124. */
export function run( command: string, args: readonly string[], options: Options = {} ): Promise< Ran > {
	return new Promise( ( resolve ) => {
		const child = spawn( command, args, {
			cwd: options.cwd ?? ROOT,
			env: { ...process.env, ...options.env },
			stdio: [ options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe' ],
		} );
		if ( options.log ) {
			mkdirSync( dirname( options.log ), { recursive: true } );
		}
		const log = options.log ? createWriteStream( options.log ) : undefined;
		let stdout = '';
		let output = '';
		let late = false;
		const timer = setTimeout( () => {
			late = true;
			child.kill( 'SIGKILL' );
		}, options.timeout_ms ?? 1_200_000 );
		const end = ( code: number ): void => {
			clearTimeout( timer );
			log?.end();
			resolve( { code: late ? 124 : code, stdout, output } );
		};
		child.stdout?.on( 'data', ( chunk: Buffer ) => {
			stdout += chunk.toString();
			output += chunk.toString();
			log?.write( chunk );
		} );
		child.stderr?.on( 'data', ( chunk: Buffer ) => {
			output += chunk.toString();
			log?.write( chunk );
		} );
		child.stdin?.end( options.input );
		child.on( 'error', ( error ) => {
			output += error.message;
			end( 127 );
		} );
		child.on( 'close', ( code ) => end( code ?? 1 ) );
	} );
}

/** A failure with one line that says what to do. */
export class DevError extends Error {}

/** Runs a command and throws its last words when it fails. `todo` says what the person can do. */
export async function must( title: string, command: string, args: readonly string[], todo: string, options: Options = {} ): Promise< Ran > {
	const ran = await run( command, args, options );
	if ( ran.code !== 0 ) {
		throw new DevError( `${ title } failed: ${ lastWords( ran ) } ${ todo }` );
	}
	return ran;
}

/** The last line that a failed command printed. */
export function lastWords( ran: Ran ): string {
	if ( ran.code === 124 ) {
		return 'it took too long.';
	}
	return ran.output.trim().split( '\n' ).at( -1 )?.trim() || `exit code ${ ran.code }.`;
}

/** Starts a daemon in a process group of its own, so that Ctrl-C in the terminal does not reach it before us. */
export function daemon( command: string, args: readonly string[], log: string, options: Options = {} ): ChildProcess {
	mkdirSync( dirname( log ), { recursive: true } );
	const stream = createWriteStream( log );
	const child = spawn( command, args, {
		cwd: options.cwd ?? ROOT,
		env: { ...process.env, ...options.env },
		stdio: [ 'ignore', 'pipe', 'pipe' ],
		detached: true,
	} );
	child.stdout?.pipe( stream, { end: false } );
	child.stderr?.pipe( stream, { end: false } );
	child.on( 'error', ( error ) => stream.write( error.message ) );
	return child;
}

/** Ends a daemon and what it started: TERM or the signal given, then KILL after `grace_ms`. */
export async function stop( child: ChildProcess, grace_ms = 5000, signal: NodeJS.Signals = 'SIGTERM' ): Promise< void > {
	if ( child.exitCode !== null || child.signalCode !== null || child.pid === undefined ) {
		return;
	}
	const gone = new Promise< void >( ( resolve ) => child.once( 'exit', () => resolve() ) );
	signalGroup( child.pid, signal );
	const timer = setTimeout( () => signalGroup( child.pid ?? 0, 'SIGKILL' ), grace_ms );
	await gone;
	clearTimeout( timer );
}

function signalGroup( pid: number, signal: NodeJS.Signals ): void {
	try {
		process.kill( -pid, signal );
	} catch ( error ) {
		// ESRCH: it ended between the look and the signal, which is what was wanted.
		if ( ! ( error instanceof Error && 'code' in error && error.code === 'ESRCH' ) ) {
			throw error;
		}
	}
}
