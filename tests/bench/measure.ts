import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';

/** A program with what it printed and cost; CPU is user and system. */
export type Measured = { stdout: string; cpu_seconds: number; peak_mib: number };

const MAX_OUTPUT = 1024 * 1024 * 1024;

/** Runs a program to its end. Throws when it fails, or when GNU time is missing. */
export function measure( command: string, args: readonly string[] ): Measured {
	const folder = mkdtempSync( join( tmpdir(), 'rollcall-time-' ) );
	try {
		const figures = join( folder, 'time' );
		const ran = spawnSync( 'time', [ '-f', '%U %S %M', '-o', figures, command, ...args ], {
			encoding: 'utf8',
			maxBuffer: MAX_OUTPUT,
			stdio: [ 'ignore', 'pipe', 'pipe' ],
		} );
		if ( ran.status !== 0 ) {
			throw new Error( `${ command } failed: ${ ran.error?.message ?? ran.stderr.trim() }` );
		}
		const [ user = 0, system = 0, kib = 0 ] = readFileSync( figures, 'utf8' ).trim().split( ' ' ).map( Number );
		return { stdout: ran.stdout, cpu_seconds: user + system, peak_mib: kib / 1024 };
	} finally {
		rmSync( folder, { recursive: true } );
	}
}

/** True when the program is there. */
export function isInstalled( command: string ): boolean {
	return spawnSync( command, [ '--version' ], { stdio: 'ignore' } ).error === undefined;
}

export function machine(): string {
	const processors = cpus();
	const memory = Math.round( totalmem() / 1024 ** 3 );
	return `${ processors[ 0 ]?.model.trim() }, ${ processors.length } cores, ${ memory } GiB, ${ process.platform }, Node ${ process.versions.node }`;
}

export function median( values: readonly number[] ): number {
	return values.toSorted( ( a, b ) => a - b )[ Math.floor( values.length / 2 ) ] ?? Number.NaN;
}
