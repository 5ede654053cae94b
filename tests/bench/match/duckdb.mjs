// DuckDB as its package of npm runs it. Arguments: a folder in which @duckdb/node-api was installed, and the statements.
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const [ folder = '', ...statements ] = process.argv.slice( 2 );
const { DuckDBInstance } = createRequire( join( resolve( folder ), 'package.json' ) )( '@duckdb/node-api' );
const connection = await ( await DuckDBInstance.create( ':memory:' ) ).connect();
for ( const statement of statements ) {
	const reader = await connection.runAndReadAll( statement );
	if ( statement === statements.at( -1 ) ) {
		process.stdout.write( `${ reader.getRows()[ 0 ][ 0 ] }\n` );
	}
}
