import { context } from 'esbuild';
import { COMPANION } from './build.ts';
import { BIN, ROOT } from './paths.ts';
import { spawn } from 'node:child_process';

// Rebuilds the companion and the admin page whenever a source file changes, until Ctrl-C.
const companion = await context( { ...COMPANION, logLevel: 'info' } );
await companion.watch();
const admin = spawn( 'npm', [ 'run', '--silent', 'dev', '--workspace', 'admin-ts' ], {
	cwd: ROOT,
	stdio: 'inherit',
	env: { ...process.env, PATH: `${ BIN }:${ process.env.PATH }` },
} );
admin.on( 'close', ( code ) => {
	void companion.dispose().then( () => process.exit( code ?? 0 ) );
} );
process.on( 'SIGINT', () => {} );
