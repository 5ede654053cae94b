/** What status pages and uptimes cost MariaDB beside 90 days of checks of 1,000 monitors.
 *
 *    ROLLCALL_WORDPRESS=folder of a WordPress tree node tests/bench/uptime.ts [rows of checks, 10000000] [runs, 9]
 *
 *  The naive statements read the checks themselves, as no page does. */
import { join } from 'node:path';
import { phpunit } from '../../companion/src/dev/phpunit.ts';
import { machine } from './measure.ts';

type Figure = { min_ms: number; median_ms: number; min_cpu_ms: number; statements: number };
type Figures = {
	made_s: number;
	tables: Record< string, { rows: number; bytes_per_row: number } >;
	database: Record< string, Figure >;
	page: { median_ms: number; html_bytes: number; gzip_bytes: number; style_gzip_bytes: number };
};

/** Runs the bench and prints a line for each part. */
export async function benchUptime( {
	rows,
	runs,
	print,
}: {
	rows: number;
	runs: number;
	print: ( line: string ) => void;
} ): Promise< void > {
	const ran = await phpunit( {
		db: 'mariadb',
		multisite: false,
		wordpress: process.env.ROLLCALL_WORDPRESS ?? '',
		phpunit_args: [ String( rows ), String( runs ) ],
		script: join( import.meta.dirname, 'uptime.php' ),
	} );
	if ( ran.code !== 0 ) {
		throw new Error( ran.output );
	}
	const figures: Figures = JSON.parse( ran.stdout );
	print( `${ machine() }; MariaDB with a buffer of 64 MiB; ${ runs } runs; data made in ${ figures.made_s } s` );
	for ( const [ name, table ] of Object.entries( figures.tables ) ) {
		print( `${ name.padEnd( 50 ) } ${ table.rows } rows, ${ table.bytes_per_row } bytes a row` );
	}
	for ( const [ name, { min_ms, median_ms, min_cpu_ms, statements } ] of Object.entries( figures.database ) ) {
		print(
			`${ name.padEnd( 50 ) } least ${ min_ms } ms, middle ${ median_ms } ms of database, ${ min_cpu_ms } ms of its processor, ${ statements } statements`
		);
	}
	const { page } = figures;
	print(
		`page of 1,000 monitors: middle ${ page.median_ms } ms in all, ${ page.html_bytes } bytes, ${ page.gzip_bytes } by gzip; style ${ page.style_gzip_bytes }`
	);
}

if ( import.meta.main ) {
	const [ rows = '10000000', runs = '9' ] = process.argv.slice( 2 );
	await benchUptime( { rows: Number( rows ), runs: Number( runs ), print: ( line ) => process.stdout.write( `${ line }\n` ) } );
}
