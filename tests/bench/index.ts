import { parseArgs } from 'node:util';
import { benchCheck } from './check.ts';
import { benchMatch } from './match/index.ts';
import { benchSchedule } from './schedule.ts';

/** `duckdb_folder` is for those that compare with DuckDB; null is none. */
type Bench = ( options: { rows: number; runs: number; duckdb_folder: string | null; print: ( line: string ) => void } ) => Promise< void >;

/** The benches by name, with their usual rows; one has the name of what it measures. */
const BENCHES: { [ name: string ]: { run: Bench; rows: string } | undefined } = {
	match: { run: benchMatch, rows: '1000000,10000000' },
	check: { run: benchCheck, rows: '4000' },
	schedule: { run: benchSchedule, rows: '10000' },
};

const HELP = `Usage: npm run bench -- ${ Object.keys( BENCHES ).join( '|' ) } [options]

Makes its data in a temporary folder, runs us and others on it, and prints the
least and the middle CPU time (user + system) of the runs, and the highest peak
of memory. Needs GNU time.

Options:
  --rows N[,N...]  Rows of the file (default: 1000000,10000000), or monitors
                   of the schedule (default: 10000), or URLs to check
                   (default: 4000)
  --runs N         Runs of each program (default: 5)
  --duckdb FOLDER  Where npm installed @duckdb/node-api, to compare with DuckDB
`;

const { values, positionals } = parseArgs( {
	options: {
		rows: { type: 'string' },
		runs: { type: 'string', default: '5' },
		duckdb: { type: 'string' },
		help: { type: 'boolean', short: 'h', default: false },
	},
	allowPositionals: true,
} );
const bench = BENCHES[ positionals[ 0 ] ?? '' ];
const sizes = ( values.rows ?? bench?.rows ?? '' ).split( ',' ).map( Number );
const runs = Number( values.runs );
if ( values.help || bench === undefined || ! [ ...sizes, runs ].every( ( size ) => Number.isSafeInteger( size ) && size > 0 ) ) {
	process.stdout.write( HELP );
	process.exitCode = values.help ? 0 : 2;
} else {
	for ( const rows of sizes ) {
		await bench.run( { rows, runs, duckdb_folder: values.duckdb ?? null, print: ( line ) => process.stdout.write( `${ line }\n` ) } );
	}
}
