/** Counts made-up users of a WordPress on MariaDB as a run does, then reads the report: time, processor and memory.
 *
 *    ROLLCALL_WORDPRESS=folder of a WordPress tree npm run bench -- count [users]
 *
 *  `read_and_cut` is the pure count; `first_count` stores a row for each user, `second_count` finds all of them there. */
import { cpus } from 'node:os';
import { join } from 'node:path';
import { phpunit } from '../../companion/src/dev/phpunit.ts';

type Figure = { wall_s: number; cpu_s: number; db_cpu_s: number; peak_mib: number };

/** Runs the bench and prints a line for each part. */
export async function benchCount( users = '1000000' ): Promise< void > {
	const ran = await phpunit( {
		db: 'mariadb',
		multisite: false,
		wordpress: process.env.ROLLCALL_WORDPRESS ?? '',
		phpunit_args: [ users ],
		script: join( import.meta.dirname, 'count.php' ),
	} );
	if ( ran.code !== 0 ) {
		throw new Error( ran.output );
	}
	const figures: Record< string, Figure | number > = JSON.parse( ran.stdout );
	process.stdout.write( `${ users } users, ${ figures.domains } hosts; ${ cpus().length } x ${ cpus()[ 0 ]?.model }\n` );
	for ( const [ name, figure ] of Object.entries( figures ) ) {
		if ( typeof figure === 'object' ) {
			process.stdout.write(
				`${ name.padEnd( 14 ) } ${ figure.wall_s } s wall, ${ figure.cpu_s } s PHP, ${ figure.db_cpu_s } s database, ${ figure.peak_mib } MiB\n`
			);
		}
	}
}

if ( import.meta.main ) {
	await benchCount( process.argv[ 2 ] );
}
