import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ROOT } from './paths.ts';
import { must } from './run.ts';

const STAMP = join( ROOT, 'vendor/.composer-json-sha256' );

/** Installs the PHP packages when composer.json is not the one that vendor/ was made from. */
export async function ensureComposer( say: ( line: string ) => void ): Promise< void > {
	const sha256 = createHash( 'sha256' )
		.update( readFileSync( join( ROOT, 'composer.json' ) ) )
		.digest( 'hex' );
	if ( existsSync( STAMP ) && readFileSync( STAMP, 'utf8' ) === sha256 ) {
		return;
	}
	say( 'Installing PHP packages ...' );
	await must(
		'composer update',
		'composer',
		[ 'update', '--no-interaction', '--no-progress', '--no-audit' ],
		'Check the network, then try again.',
		{ env: { COMPOSER_ALLOW_SUPERUSER: '1' }, timeout_ms: 600_000 }
	);
	writeFileSync( STAMP, sha256 );
}
