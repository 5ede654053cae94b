/** Freezes the schema and the statements of the plugin's version in tests/migrations/snapshots/<version>/.
 *
 *    node companion/src/dev/snapshot.ts [--replace]
 *
 *  Runs the whole PHP suite on MariaDB with a recorder. --replace is for a version that is not released yet.
 *  ROLLCALL_WORDPRESS is the folder of a WordPress tree. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pluginVersion } from './build.ts';
import { ROOT } from './paths.ts';
import { phpunit } from './phpunit.ts';
import { DevError } from './run.ts';

/** Records the snapshot of the present version; the answer is its folder. */
async function record( replace: boolean ): Promise< string > {
	const folder = join( ROOT, 'tests/migrations/snapshots', pluginVersion() );
	if ( existsSync( folder ) && ! replace ) {
		throw new DevError( `${ folder } is there already. A released version is frozen: raise the version, or give --replace.` );
	}
	mkdirSync( folder, { recursive: true } );
	const ran = await phpunit( {
		db: 'mariadb',
		multisite: false,
		wordpress: process.env.ROLLCALL_WORDPRESS ?? '',
		phpunit_args: [ '--testsuite', 'plugin' ],
		env: { ROLLCALL_RECORD: folder },
	} );
	if ( ran.code !== 0 ) {
		throw new DevError( `The suite is red, so the statements may not be all:\n${ ran.output }` );
	}
	return folder;
}

if ( import.meta.main ) {
	try {
		const { values } = parseArgs( {
			options: { replace: { type: 'boolean', default: false } },
		} );
		process.stdout.write( `${ await record( values.replace ) }\n` );
	} catch ( error ) {
		if ( ! ( error instanceof DevError ) ) {
			throw error;
		}
		process.stderr.write( `${ error.message }\n` );
		process.exitCode = 1;
	}
}
