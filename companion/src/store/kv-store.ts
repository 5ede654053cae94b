import { RollcallError } from '../errors.ts';
import type { Database } from './database.ts';

/** What JSON can say. */
export type Json = null | boolean | number | string | Json[] | { [ name: string ]: Json };

/** Small values by name, shared by everything that must outlive the process.
 *  Names are 1 to 191 of a-z 0-9 _ . / : - because the databases of WordPress compare other letters differently.
 *  The clock is an argument: a value is gone from `expires_at_ms` on. */
export type KvStore = {
	/** Makes the table; may be called again. */
	init: () => void;
	/** The value, or null when there is none or it has expired. */
	get: ( name: string, now_ms: number ) => Json;
	/** Stores or replaces. `expires_at_ms` null keeps it for ever. Throws bad_request on a name that is not allowed. */
	set: ( name: string, value: Json, expires_at_ms: number | null, now_ms: number ) => void;
	delete: ( name: string ) => void;
	/** Values whose names begin with `prefix`, by name. */
	list: ( prefix: string, now_ms: number ) => { name: string; value: Json }[];
};

const NAME = /^[a-z0-9_./:-]{1,191}$/;

export function kvStore( database: Database ): KvStore {
	return {
		init() {
			const table = `CREATE TABLE IF NOT EXISTS kv (
				name TEXT PRIMARY KEY,
				value TEXT NOT NULL,
				expires_at_ms INTEGER,
				updated_at_ms INTEGER NOT NULL
			) STRICT, WITHOUT ROWID`;
			database.keepTables( 'kv', () => void database.run( table ) );
		},
		get( name, now_ms ) {
			const [ row ] = database.all(
				'SELECT value FROM kv WHERE name = ? AND ( expires_at_ms IS NULL OR expires_at_ms > ? )',
				name,
				now_ms
			);
			return row === undefined ? null : parsed( row.value );
		},
		set( name, value, expires_at_ms, now_ms ) {
			if ( ! NAME.test( name ) ) {
				throw new RollcallError( 'bad_request', `"${ name.slice( 0, 191 ) }" cannot be the name of a stored value.` );
			}
			database.run(
				'INSERT OR REPLACE INTO kv ( name, value, expires_at_ms, updated_at_ms ) VALUES ( ?, ?, ?, ? )',
				name,
				JSON.stringify( value ),
				expires_at_ms,
				now_ms
			);
		},
		delete( name ) {
			database.run( 'DELETE FROM kv WHERE name = ?', name );
		},
		list( prefix, now_ms ) {
			return database
				.all(
					`SELECT name, value FROM kv WHERE substr( name, 1, ? ) = ?
						AND ( expires_at_ms IS NULL OR expires_at_ms > ? ) ORDER BY name`,
					prefix.length,
					prefix,
					now_ms
				)
				.map( ( row ) => ( { name: String( row.name ), value: parsed( row.value ) } ) );
		},
	};
}

/** JSON.parse of a column that only `set` writes, so it holds JSON. */
function parsed( column: unknown ): Json {
	return JSON.parse( String( column ) ) as Json;
}
