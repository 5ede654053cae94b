import { parseArgs } from 'node:util';
import { benchMatch } from './match/index.ts';

/** The benches by name; one with the name of what it measures. */
const BENCHES: { [ name: string ]: typeof benchMatch | undefined } = { match: benchMatch };

const HELP = `Usage: npm run bench -- ${ Object.keys( BENCHES ).join( '|' ) } [options]

Makes its data in a temporary folder, runs us and others on it, and prints the
least and the middle CPU time (user + system) of the runs, and the highest peak
of memory. Needs GNU time.

Options:
  --rows N[,N...]  Rows of the file (default: 1000000,10000000)
  --runs N         Runs of each program (default: 5)
`;

const { values, positionals } = parseArgs( {
	options: {
		rows: { type: 'string', default: '1000000,10000000' },
		runs: { type: 'string', default: '5' },
		help: { type: 'boolean', short: 'h', default: false },
	},
	allowPositionals: true,
} );
const bench = BENCHES[ positionals[ 0 ] ?? '' ];
const sizes = values.rows.split( ',' ).map( Number );
const runs = Number( values.runs );
if ( values.help || bench === undefined || ! [ ...sizes, runs ].every( ( size ) => Number.isSafeInteger( size ) && size > 0 ) ) {
	process.stdout.write( HELP );
	process.exitCode = values.help ? 0 : 2;
} else {
	for ( const rows of sizes ) {
		await bench( { rows, runs, print: ( line ) => process.stdout.write( `${ line }\n` ) } );
	}
}
