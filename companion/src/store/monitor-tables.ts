import type { Database } from './database.ts';

/** Tables of monitoring; each row is of one site. What waits for WordPress is in pending_*, in the order of `sequence`. */
const TABLES = [
	`CREATE TABLE IF NOT EXISTS monitors (
		site_id TEXT NOT NULL,
		monitor_uid TEXT NOT NULL,
		active INTEGER NOT NULL,
		url TEXT NOT NULL,
		work TEXT NOT NULL,
		known_until_ms INTEGER,
		last_beat_at_ms INTEGER,
		listing INTEGER NOT NULL,
		PRIMARY KEY ( site_id, monitor_uid )
	) STRICT, WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS progress (
		site_id TEXT NOT NULL,
		monitor_uid TEXT NOT NULL,
		progress TEXT NOT NULL,
		PRIMARY KEY ( site_id, monitor_uid )
	) STRICT, WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS acknowledged (
		site_id TEXT NOT NULL,
		monitor_uid TEXT NOT NULL,
		slot_ms INTEGER NOT NULL,
		PRIMARY KEY ( site_id, monitor_uid )
	) STRICT, WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS pending_checks (
		site_id TEXT NOT NULL,
		sequence INTEGER NOT NULL,
		monitor_uid TEXT NOT NULL,
		stored_at_ms INTEGER NOT NULL,
		row_count INTEGER NOT NULL,
		check_rows TEXT NOT NULL,
		PRIMARY KEY ( site_id, sequence )
	) STRICT, WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS pending_readings (
		site_id TEXT NOT NULL,
		monitor_uid TEXT NOT NULL,
		sequence INTEGER NOT NULL,
		stored_at_ms INTEGER NOT NULL,
		body TEXT NOT NULL,
		PRIMARY KEY ( site_id, monitor_uid )
	) STRICT, WITHOUT ROWID`,
	'CREATE INDEX IF NOT EXISTS pending_readings_sequence ON pending_readings ( site_id, sequence )',
	`CREATE TABLE IF NOT EXISTS pending_changes (
		site_id TEXT NOT NULL,
		sequence INTEGER NOT NULL,
		judge_epoch INTEGER NOT NULL,
		stored_at_ms INTEGER NOT NULL,
		body TEXT NOT NULL,
		PRIMARY KEY ( site_id, sequence )
	) STRICT, WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS pending_incidents (
		site_id TEXT NOT NULL,
		incident_uid TEXT NOT NULL,
		sequence INTEGER NOT NULL,
		judge_epoch INTEGER NOT NULL,
		stored_at_ms INTEGER NOT NULL,
		body TEXT NOT NULL,
		PRIMARY KEY ( site_id, incident_uid )
	) STRICT, WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS monitoring (
		site_id TEXT NOT NULL,
		name TEXT NOT NULL,
		value INTEGER NOT NULL,
		PRIMARY KEY ( site_id, name )
	) STRICT, WITHOUT ROWID`,
];

export function makeMonitorTables( database: Database ): void {
	database.transaction( () => TABLES.forEach( ( table ) => database.run( table ) ) );
}

/** Numbers of one site that must move in one transaction with its rows; 0 until they are set. */
export type Numbers = {
	get: ( name: NumberName ) => number;
	set: ( name: NumberName, value: number ) => void;
};

export type NumberName =
	| 'judge_epoch'
	| 'last_line_ms'
	| 'untrusted_from_ms'
	| 'revision'
	| 'listing'
	| 'is_listing'
	| 'is_restoring'
	| 'beats_after_ms'
	| 'dropped_count'
	| 'sealed_checks'
	| 'sealed_since_ms'
	| 'mark'
	| 'memory_done'
	| 'memory_number';

export function numbersOf( database: Database, site_id: string ): Numbers {
	return {
		get( name ) {
			const [ row ] = database.all( 'SELECT value FROM monitoring WHERE site_id = ? AND name = ?', site_id, name );
			return Number( row?.value ?? 0 );
		},
		set: ( name, value ) =>
			void database.run( 'INSERT OR REPLACE INTO monitoring ( site_id, name, value ) VALUES ( ?, ?, ? )', site_id, name, value ),
	};
}
