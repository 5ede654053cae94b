import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machine, measure, median, type Measured } from '../measure.ts';
import { makeMatchData, SIZES, type MatchData } from './data.ts';
import { programs, type Program } from './programs.ts';

/** `duckdb_folder`: where npm installed DuckDB's package, null for none. */
export type BenchOptions = { rows: number; runs: number; duckdb_folder: string | null; print: ( line: string ) => void };

/** `match` beside programs that join on exact domains, on the same file in the same run. */
export async function benchMatch( { rows, runs, duckdb_folder, print }: BenchOptions ): Promise< void > {
	const folder = mkdtempSync( join( tmpdir(), 'rollcall-bench-' ) );
	try {
		const data = makeMatchData( folder, { rows, ...SIZES } );
		const { octets, distinct_domains, matches, unusual_matches } = data;
		print(
			`\n${ number( rows ) } addresses, ${ number( octets / 1e6 ) } MB, ${ number( distinct_domains ) } domains; ${ number( SIZES.companies ) } companies`
		);
		print( `${ number( matches ) } users at companies, ${ number( unusual_matches ) } of them not written as the list writes it` );
		print( `${ machine() }; ${ runs } runs each` );
		print( COLUMNS.map( ( [ title, width ] ) => title.padStart( width ) ).join( '' ) );
		const all = await programs( data, duckdb_folder );
		const measured = new Map( all.map( ( program ) => [ program, [] as Measured[] ] ) );
		// In turns, so that a busy minute of the machine is nobody's alone.
		for ( let run = 0; run < runs; run++ ) {
			for ( const [ program, results ] of measured ) {
				results.push( measure( program.command, program.args ) );
			}
		}
		const ours = leastOf( measured.values().next().value ?? [] );
		measured.forEach( ( results, program ) => print( lineOf( program, results, data, ours ) ) );
	} finally {
		rmSync( folder, { recursive: true } );
	}
}

const COLUMNS = [
	[ 'program', 24 ],
	[ 'CPU s min', 12 ],
	[ 'median', 10 ],
	[ 'of ours', 10 ],
	[ 'per CPU s', 12 ],
	[ 'peak MiB', 10 ],
	[ 'found', 12 ],
	[ 'missed', 10 ],
	[ 'wrong', 8 ],
] as const;

function leastOf( results: readonly Measured[] ): number {
	return Math.min( ...results.map( ( { cpu_seconds } ) => cpu_seconds ) );
}

/** `ours` is the least time of our own program, with which the others are compared: seconds drift with the machine. */
function lineOf( program: Program, results: readonly Measured[], data: MatchData, ours: number ): string {
	const seconds = results.map( ( { cpu_seconds } ) => cpu_seconds );
	const least = leastOf( results );
	const peak = Math.max( ...results.map( ( { peak_mib } ) => peak_mib ) );
	const { found, missed, wrong } = program.judge( results[ 0 ]?.stdout ?? '', data );
	const cells = [
		program.name,
		least.toFixed( 2 ),
		median( seconds ).toFixed( 2 ),
		`x ${ ( least / ours ).toFixed( 2 ) }`,
		`${ ( data.rows / least / 1e6 ).toFixed( 2 ) } M`,
		peak.toFixed( 0 ),
		number( found ),
		number( missed ),
		number( wrong ),
	];
	return cells.map( ( cell, column ) => cell.padStart( COLUMNS[ column ]?.[ 1 ] ?? 0 ) ).join( '' );
}

function number( value: number ): string {
	return Math.round( value ).toLocaleString( 'en-US' );
}
