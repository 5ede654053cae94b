import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

const CHILD = fileURLToPath( new URL( 'full-disk-child.ts', import.meta.url ) );
/** Where this kernel lets nobody mount. */
const NO_MOUNT = 77;

function run( command: string, args: readonly string[], env: { [ name: string ]: string } ): { status: number | null; text: string } {
	const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
	const { status, stdout, stderr } = spawnSync( command, args, { env: { ...inherited, ...env }, encoding: 'utf8', timeout: 60_000 } );
	return { status, text: stdout + stderr };
}

test( 'F16: a disk of 4 MB fills up while WordPress is away; afterwards all is delivered but exactly what was counted', ( context ) => {
	const folder = mkdtempSync( join( tmpdir(), 'rollcall-disk-' ) );
	context.after( () => rmSync( folder, { recursive: true } ) );
	const script = `mount -t tmpfs -o size=4m tmpfs "$TMPDIR" || exit ${ NO_MOUNT }; exec "$0" "$1"`;
	const mounted = run( 'unshare', [ '-rm', 'sh', '-c', script, process.execPath, CHILD ], { TMPDIR: folder } );
	const is_mounted = mounted.status !== null && mounted.status !== NO_MOUNT && ! /unshare/.test( mounted.text );
	const { status, text } = is_mounted ? mounted : run( process.execPath, [ CHILD ], { ROLLCALL_TEST_PAGES: '400' } );
	context.diagnostic( is_mounted ? 'on a tmpfs' : 'with a limit of the database, because nothing can be mounted here' );
	assert.equal( status, 0, text );
} );
