/** What storing checks costs: rows a second through the REST route on php-fpm, and bytes of a row.
 *
 *    node tests/bench/ingest.ts [monitors, 500] [rows of each, 33] [batches, 7] [rows for the size, 1000000]
 *
 *  nginx, php-fpm and MariaDB of this machine, each batch signed and stored as the companion sends it. */
import { cpSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../companion/src/dev/paths.ts';
import { startStack } from '../../companion/src/dev/stack.ts';

const stack = await startStack( '7.1', 4 );
try {
	cpSync( join( ROOT, 'plugin' ), join( stack.site, 'wp-content/plugins/rollcall' ), { recursive: true } );
	process.stdout.write(
		`${ cpus()[ 0 ]?.model ?? 'processor' } x ${ cpus().length }, WordPress ${ stack.wordpress_version }, MariaDB\n`
	);
	process.stdout.write( await stack.php( join( import.meta.dirname, 'ingest.php' ), stack.url, ...process.argv.slice( 2 ) ) );
} finally {
	await stack.stop();
}
