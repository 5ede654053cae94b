import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath( new URL( '../../../companion/src/main.ts', import.meta.url ) );

/** A companion in a process of its own, with what it wrote. */
export type Started = {
	child: ChildProcess;
	output: () => string;
	ended: Promise< { code: number | null; signal: NodeJS.Signals | null } >;
};

export function newStateFolder( context: TestContext ): string {
	const folder = mkdtempSync( join( tmpdir(), 'rollcall-process-' ) );
	context.after( () => rmSync( folder, { recursive: true, force: true } ) );
	return folder;
}

/** Starts the command line; it is killed when the test ends. */
export function startCompanion( context: TestContext, args: string[], env: NodeJS.ProcessEnv = {} ): Started {
	const child = spawn( process.execPath, [ MAIN, ...args ], { env: { PATH: process.env.PATH, HOME: tmpdir(), ...env } } );
	let output = '';
	child.stdout.on( 'data', ( chunk: Buffer ) => ( output += chunk.toString() ) );
	child.stderr.on( 'data', ( chunk: Buffer ) => ( output += chunk.toString() ) );
	const ended = new Promise< { code: number | null; signal: NodeJS.Signals | null } >( ( resolve ) => {
		child.on( 'close', ( code, signal ) => resolve( { code, signal } ) );
	} );
	context.after( async () => {
		child.kill( 'SIGKILL' );
		await ended;
	} );
	return { child, output: () => output, ended };
}

/** Waits until the condition holds. Throws after `seconds`, with what `show` says. */
export async function until( condition: () => boolean, show: () => string, seconds = 20 ): Promise< void > {
	const since_ms = Date.now();
	while ( ! condition() ) {
		if ( Date.now() - since_ms > seconds * 1000 ) {
			throw new Error( `It did not happen within ${ seconds } s: ${ show() }` );
		}
		await new Promise( ( resolve ) => setTimeout( resolve, 10 ) );
	}
}
