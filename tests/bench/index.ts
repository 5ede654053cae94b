import { parseArgs } from 'node:util';
import { benchCheck } from './check.ts';
import { benchMatch } from './match/index.ts';
import { benchMonitor } from './monitor.ts';
import { benchSchedule } from './schedule.ts';
import { soak } from './soak.ts';
import { benchUptime } from './uptime.ts';

/** `duckdb_folder` is for those that compare with DuckDB; null is none. */
type Options = {
	rows: number;
	runs: number;
	duckdb_folder: string | null;
	interval_seconds: number;
	minutes: number;
	print: ( line: string ) => void;
};

/** False is a failure; most only measure. */
type Bench = ( options: Options ) => Promise< boolean | void >;

/** The benches by name, with their usual rows; one has the name of what it measures. */
const BENCHES: { [ name: string ]: { run: Bench; rows: string } | undefined } = {
	match: { run: benchMatch, rows: '1000000,10000000' },
	check: { run: benchCheck, rows: '4000' },
	schedule: { run: benchSchedule, rows: '10000' },
	monitor: { run: ( { rows, ...options } ) => benchMonitor( { monitors: rows, ...options } ), rows: '1000' },
	soak: { run: ( { rows, ...options } ) => soak( { monitors: rows, ...options } ), rows: '500' },
	uptime: { run: benchUptime, rows: '10000000' },
};

const HELP = `Usage: npm run bench -- ${ Object.keys( BENCHES ).join( '|' ) } [options]

Makes its data in a temporary folder, runs us and others on it, and prints the
least and the middle CPU time (user + system) of the runs, and the highest peak
of memory. Needs GNU time.

Options:
  --rows N[,N...]  Rows of the file (default: 1000000,10000000), or monitors
                   of the schedule (default: 10000), or URLs to check
                   (default: 4000), or checks behind a status page
                   (default: 10000000; needs MariaDB and ROLLCALL_WORDPRESS)
  --monitors N     The same as --rows, for monitors
  --interval N     soak, monitor: seconds between two checks (default: 10)
  --minutes N      soak, monitor: how long (default: 20)
  --runs N         Runs of each program (default: 5)
  --duckdb FOLDER  Where npm installed @duckdb/node-api, to compare with DuckDB
`;

const { values, positionals } = parseArgs( {
	options: {
		rows: { type: 'string' },
		monitors: { type: 'string' },
		interval: { type: 'string', default: '10' },
		minutes: { type: 'string', default: '20' },
		runs: { type: 'string', default: '5' },
		duckdb: { type: 'string' },
		help: { type: 'boolean', short: 'h', default: false },
	},
	allowPositionals: true,
} );
const bench = BENCHES[ positionals[ 0 ] ?? '' ];
const sizes = ( values.rows ?? values.monitors ?? bench?.rows ?? '' ).split( ',' ).map( Number );
const runs = Number( values.runs );
const interval_seconds = Number( values.interval );
const minutes = Number( values.minutes );
const are_usable = minutes > 0 && [ ...sizes, runs, interval_seconds ].every( ( size ) => Number.isSafeInteger( size ) && size > 0 );
if ( values.help || bench === undefined || ! are_usable ) {
	process.stdout.write( HELP );
	process.exitCode = values.help ? 0 : 2;
} else {
	const print = ( line: string ): void => void process.stdout.write( `${ line }\n` );
	for ( const rows of sizes ) {
		const passed = await bench.run( { rows, runs, interval_seconds, minutes, duckdb_folder: values.duckdb ?? null, print } );
		process.exitCode = passed === false ? 1 : process.exitCode;
	}
}
