import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const ROOT = join( import.meta.dirname, '../..' );

/** Source files by pattern, as paths from the repository's root, in order. */
export function files( ...patterns: string[] ): string[] {
	return globSync( patterns, { cwd: ROOT } )
		.filter( ( path ) => ! /node_modules|vendor|plugin\/(build|companion)\/|snapshots/.test( path ) )
		.sort();
}

export function read( path: string ): string {
	return readFileSync( join( ROOT, path ), 'utf8' );
}

export type Import = { from: string; to: string; type_only: boolean };

/** Imports of a TypeScript file, also dynamic ones; relative ones resolved to paths from the root. */
export function importsOf( path: string ): Import[] {
	const text = read( path );
	const statements = text.matchAll( /^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm );
	const dynamic = text.matchAll( /\bimport\(\s*'([^']+)'/g );
	return [
		...[ ...statements ].map( ( [ , type, to ] ) => ( { to: to ?? '', type_only: type !== undefined } ) ),
		...[ ...dynamic ].map( ( [ , to ] ) => ( { to: to ?? '', type_only: false } ) ),
	].map( ( found ) => ( {
		...found,
		from: path,
		to: found.to.startsWith( '.' ) ? normalize( join( dirname( path ), found.to ) ) : found.to,
	} ) );
}
