import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUNDLE } from '../../../companion/src/dev/build.ts';
import { BIN } from '../../../companion/src/dev/paths.ts';

/** A companion as a process of its own, with its own state folder. */
export class Companion {
	/** Internal addresses that the companion may fetch from: the list's host and no other. */
	allow: string;
	readonly state = mkdtempSync( join( tmpdir(), 'rc-companion-' ) );
	output = '';
	#child: ChildProcess | null = null;

	constructor( list_url: string ) {
		this.allow = `127.0.0.1/32:${ new URL( list_url ).port }`;
	}

	start( args: readonly string[], env: Record< string, string > = {}, program = BUNDLE ): void {
		this.#child = spawn( join( BIN, 'node' ), [ program, ...args, '--state', this.state, '--port', '0', '--allow', this.allow ], {
			env: { ...process.env, ...env },
			stdio: [ 'ignore', 'pipe', 'pipe' ],
		} );
		this.#child.stdout?.on( 'data', ( chunk: Buffer ) => ( this.output += chunk.toString() ) );
		this.#child.stderr?.on( 'data', ( chunk: Buffer ) => ( this.output += chunk.toString() ) );
	}

	/** The process that runs or ran last; 0 before the first. */
	get pid(): number {
		return this.#child?.pid ?? 0;
	}

	/** Exit code, once it ends by itself. */
	async ended(): Promise< number | null > {
		const child = this.#child;
		if ( child === null || child.exitCode !== null ) {
			return child?.exitCode ?? null;
		}
		return new Promise( ( resolve ) => child.once( 'exit', ( code ) => resolve( code ) ) );
	}

	async stop( signal: NodeJS.Signals = 'SIGTERM' ): Promise< void > {
		const child = this.#child;
		if ( child !== null && child.exitCode === null && child.signalCode === null ) {
			child.kill( signal );
			await this.ended();
		}
	}

	async remove(): Promise< void > {
		await this.stop( 'SIGKILL' );
		rmSync( this.state, { recursive: true, force: true } );
	}
}
