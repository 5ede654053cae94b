import { join } from 'node:path';
import { BUNDLE, buildCompanion } from '../../../companion/src/dev/build.ts';
import { isInstalled } from '../measure.ts';
import type { MatchData } from './data.ts';

/** Users at companies that were found, not found, and put to a company that is not theirs. */
export type Judgement = { found: number; missed: number; wrong: number };

export type Program = { name: string; command: string; args: string[]; judge: ( stdout: string, data: MatchData ) => Judgement };

/** Counts users by domain, then adds up those of the companies. */
const AWK = `
	FILENAME == ARGV[ 1 ] { listed[ $1 ] = 1; next }
	{ at = index( $2, "@" ); users[ substr( $2, at + 1 ) ]++ }
	END { for ( domain in users ) if ( domain in listed ) found += users[ domain ]; print found + 0 }
`;

/** Ours first, and those of the others that are installed. Builds the companion. `duckdb_folder` is where npm installed
 *  DuckDB's package; null leaves it to a `duckdb` on the PATH. */
export async function programs( data: MatchData, duckdb_folder: string | null ): Promise< Program[] > {
	await buildCompanion();
	const { users, companies, domains } = data;
	const ours = [ BUNDLE, 'match', users, '--companies', companies, '--format', 'json' ];
	const awks = [ 'mawk', 'gawk' ].filter( isInstalled );
	const join_domains = `SELECT count(*) FROM read_csv('${ users }', header = true) AS users
		JOIN read_csv('${ domains }', header = false, columns = {'domain': 'VARCHAR'}) AS listed ON listed.domain = split_part(users.email, '@', 2)`;
	return [
		{ name: 'rollcall match', command: process.execPath, args: ours, judge: judgeReport },
		...awks.map( ( awk ) => exact( awk, awk, [ '-F,', AWK, domains, users ] ) ),
		exact( 'readline + Map', process.execPath, [ join( import.meta.dirname, 'readline-map.mjs' ), domains, users ] ),
		...duckdb( [ 'SET threads = 1', join_domains ], duckdb_folder ),
	];
}

function duckdb( statements: string[], folder: string | null ): Program[] {
	const name = 'DuckDB, 1 thread';
	if ( folder !== null ) {
		return [ exact( name, process.execPath, [ join( import.meta.dirname, 'duckdb.mjs' ), folder, ...statements ] ) ];
	}
	return isInstalled( 'duckdb' ) ? [ exact( name, 'duckdb', [ '-noheader', '-list', '-c', statements.join( '; ' ) ] ) ] : [];
}

/** A program that prints nothing but how many users it found. */
function exact( name: string, command: string, args: string[] ): Program {
	return {
		name,
		command,
		args,
		judge: ( stdout, { matches } ) => ( { found: Number( stdout ), missed: matches - Number( stdout ), wrong: 0 } ),
	};
}

type Row = { label: string; user_count: number; companies: { id: number }[] };

/** Compares the JSON of `match` with the truth, company by company. */
export function judgeReport( stdout: string, { users_of }: MatchData ): Judgement {
	const { rows }: { rows: Row[] } = JSON.parse( stdout );
	const found_of = new Map< number, number >();
	for ( const { label, user_count, companies } of rows ) {
		const id = label === 'company' ? companies[ 0 ]?.id : undefined;
		if ( id !== undefined ) {
			found_of.set( id, ( found_of.get( id ) ?? 0 ) + user_count );
		}
	}
	const judgement = { found: 0, missed: 0, wrong: 0 };
	for ( const id of new Set( [ ...users_of.keys(), ...found_of.keys() ] ) ) {
		const found = found_of.get( id ) ?? 0;
		const there = users_of.get( id ) ?? 0;
		judgement.found += Math.min( found, there );
		judgement.missed += Math.max( there - found, 0 );
		judgement.wrong += Math.max( found - there, 0 );
	}
	return judgement;
}
