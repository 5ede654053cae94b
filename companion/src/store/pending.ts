import type { Incident, Reading, StateChange } from '../contract/monitor.ts';
import type { Database, Row } from './database.ts';
import { findBatch, type MonitoringRows } from './pending-batch.ts';
import type { Outcome } from './pending-memory.ts';
import type { Moved, Shift } from './shift.ts';

/** Spec, Delivery: beyond it the oldest checks are dropped and counted; decisions never are. */
export const QUOTA_BYTES = 256 * 1024 * 1024;
export const QUOTA_MS = 7 * 24 * 3_600_000;

const TABLES = [ 'checks', 'readings', 'changes', 'incidents' ] as const;
const MOST_SLOTS_A_ROW = 1000;
/** What a row of the table takes beside its text. */
const ROW_BYTES = 120;
const SIZE = `COALESCE( SUM( row_count ), 0 ) AS slots, COALESCE( SUM( LENGTH( check_rows ) + ${ ROW_BYTES } ), 0 ) AS bytes`;

type Counts = { [ Table in ( typeof TABLES )[ number ] ]: number } & { check_bytes: number };

const NOTHING: Counts = { checks: 0, readings: 0, changes: 0, incidents: 0, check_bytes: 0 };

/** What waits for WordPress, of one site, in the file. All that changes it belongs into a transaction, with `settle` behind
 *  it: its counts are held in memory, because counting a day's checks takes a second. */
export class Pending {
	#database: Database;
	#site_id: string;
	#quota_bytes: number;
	#held: Counts = NOTHING;
	#now: Counts = { ...NOTHING };
	#sequence = 0;

	constructor( database: Database, site_id: string, quota_bytes = QUOTA_BYTES ) {
		this.#database = database;
		this.#site_id = site_id;
		this.#quota_bytes = quota_bytes;
	}

	/** Counts what waits in the file. */
	load(): void {
		const size = this.#one( `SELECT ${ SIZE } FROM pending_checks WHERE site_id = ?` );
		this.#held = { ...NOTHING, checks: Number( size.slots ), check_bytes: Number( size.bytes ) };
		for ( const table of TABLES ) {
			const { rows, last } = this.#one(
				`SELECT COUNT( * ) AS rows, MAX( sequence ) AS last FROM pending_${ table } WHERE site_id = ?`
			);
			this.#held[ table ] = table === 'checks' ? this.#held.checks : Number( rows );
			this.#sequence = Math.max( this.#sequence, Number( last ) );
		}
		this.#now = { ...this.#held };
	}

	/** What was done holds, or was rolled back. */
	settle( has_held: boolean ): void {
		this.#held = has_held ? { ...this.#now } : this.#held;
		this.#now = { ...this.#held };
	}

	/** `now_ms` is on the line of slots, here and below: the clock of the machine may be set while rows wait. */
	write( outcomes: readonly Outcome[], now_ms: number ): void {
		for ( const { monitor_uid, rows, reading, changes, incidents } of outcomes ) {
			this.#addChecks( monitor_uid, rows, now_ms );
			if ( reading !== null ) {
				this.#addReading( reading, now_ms );
			}
			changes.forEach( ( change ) => this.#addChange( change, now_ms ) );
			incidents.forEach( ( incident ) => this.#addIncident( incident, now_ms ) );
		}
	}

	/** Drops the oldest checks beyond the quota. Answers how many. */
	dropBeyondQuota( now_ms: number ): number {
		let dropped_count = 0;
		while ( ( this.#extreme( 'stored_at_ms', [ 'checks' ] ) ?? Infinity ) < now_ms - QUOTA_MS ) {
			const { last } = this.#one(
				`SELECT MAX( sequence ) AS last FROM ( SELECT sequence, stored_at_ms FROM pending_checks
					WHERE site_id = ? ORDER BY sequence LIMIT 100 ) WHERE stored_at_ms < ?`,
				now_ms - QUOTA_MS
			);
			dropped_count += this.#removeChecks( 'sequence <= ?', Number( last ) );
		}
		while ( this.#now.check_bytes > this.#quota_bytes ) {
			const { last } = this.#one(
				'SELECT MAX( sequence ) AS last FROM ( SELECT sequence FROM pending_checks WHERE site_id = ? ORDER BY sequence LIMIT 100 )'
			);
			dropped_count += this.#removeChecks( 'sequence <= ?', Number( last ) );
		}
		return dropped_count;
	}

	dropDecisionsBelow( judge_epoch: number ): void {
		for ( const table of [ 'changes', 'incidents' ] as const ) {
			this.#now[ table ] -= this.#remove( table, 'judge_epoch < ?', judge_epoch );
		}
	}

	/** Moves what waits to where it is in truth. */
	shift( shift: Shift, moved: Moved ): void {
		const rows = this.#database.all( 'SELECT sequence, monitor_uid, check_rows FROM pending_checks WHERE site_id = ?', this.#site_id );
		for ( const { sequence, monitor_uid, check_rows } of rows ) {
			const before = String( check_rows );
			const kept = moved.checks( String( monitor_uid ), shift.rows( before.split( '\n' ) ) );
			const text = kept.join( '\n' );
			if ( text === '' ) {
				this.#removeChecks( 'sequence = ?', Number( sequence ) );
			} else if ( text !== before ) {
				this.#database.run(
					'UPDATE pending_checks SET check_rows = ?, row_count = ? WHERE site_id = ? AND sequence = ?',
					...[ text, kept.length, this.#site_id, Number( sequence ) ]
				);
				this.#now.checks -= before.split( '\n' ).length - kept.length;
				this.#now.check_bytes -= before.length - text.length;
			}
		}
		for ( const table of TABLES ) {
			this.#database.run(
				`UPDATE pending_${ table } SET stored_at_ms = MAX( stored_at_ms + ?, ? ) WHERE site_id = ? AND stored_at_ms > ?`,
				...[ Math.floor( shift.by_ms ), Math.floor( shift.trusted_ms ) + 1, this.#site_id, Math.floor( shift.trusted_ms ) ]
			);
		}
		this.#shiftBodies< Reading >( 'readings', shift.reading );
		this.#shiftBodies< Incident >( 'incidents', shift.incident );
		this.#shiftBodies< StateChange >( 'changes', ( change ) => {
			if ( change.changed_at_ms > shift.trusted_ms ) {
				moved.changed( change.monitor_uid );
			}
			return shift.change( change );
		} );
	}

	/** Takes rows of at most so many bytes away; null when nothing waits. `since_ms` is when the oldest was stored. */
	take( maximum_bytes: number ): { rows: MonitoringRows; since_ms: number } | null {
		const { rows, since_ms, last } = findBatch( this.#database, this.#site_id, maximum_bytes );
		for ( const table of [ 'readings', 'changes', 'incidents' ] as const ) {
			this.#now[ table ] -= last[ table ] === null ? 0 : this.#remove( table, 'sequence <= ?', last[ table ] );
		}
		if ( last.checks !== null ) {
			this.#removeChecks( 'sequence <= ?', last.checks );
		}
		return since_ms === Infinity ? null : { rows, since_ms };
	}

	rowCount(): number {
		return TABLES.reduce( ( sum, table ) => sum + this.#held[ table ], 0 );
	}

	checkCount(): number {
		return this.#held.checks;
	}

	decisionCount(): number {
		return this.#held.changes + this.#held.incidents;
	}

	checkBytes(): number {
		return this.#held.check_bytes;
	}

	/** Where the line was when the oldest row was stored; null when none waits. */
	sinceMs(): number | null {
		return this.#extreme( 'stored_at_ms', TABLES );
	}

	/** Number of the newest row that was ever stored. */
	lastSequence(): number {
		return this.#sequence;
	}

	/** Number of the oldest row that waits; null when none does. */
	firstSequence(): number | null {
		return this.#extreme( 'sequence', TABLES );
	}

	#addChecks( monitor_uid: string, rows: readonly string[], now_ms: number ): void {
		for ( let from = 0; from < rows.length; from += MOST_SLOTS_A_ROW ) {
			const part = rows.slice( from, from + MOST_SLOTS_A_ROW );
			const text = part.join( '\n' );
			this.#database.run(
				'INSERT INTO pending_checks ( site_id, sequence, monitor_uid, stored_at_ms, row_count, check_rows ) VALUES ( ?, ?, ?, ?, ?, ? )',
				...[ this.#site_id, ++this.#sequence, monitor_uid, now_ms, part.length, text ]
			);
			this.#now.checks += part.length;
			this.#now.check_bytes += text.length + ROW_BYTES;
		}
	}

	/** A newer reading takes the place of the one that waits, so that a busy monitor is not always last. */
	#addReading( reading: Reading, now_ms: number ): void {
		const sequence = ++this.#sequence;
		const [ stored ] = this.#database.all(
			`INSERT INTO pending_readings ( site_id, monitor_uid, sequence, stored_at_ms, body ) VALUES ( ?, ?, ?, ?, ? )
				ON CONFLICT ( site_id, monitor_uid ) DO UPDATE SET body = excluded.body RETURNING sequence`,
			...[ this.#site_id, reading.monitor_uid, sequence, now_ms, JSON.stringify( reading ) ]
		);
		this.#now.readings += stored?.sequence === sequence ? 1 : 0;
	}

	#addChange( change: StateChange, now_ms: number ): void {
		this.#database.run(
			'INSERT INTO pending_changes ( site_id, sequence, judge_epoch, stored_at_ms, body ) VALUES ( ?, ?, ?, ?, ? )',
			...[ this.#site_id, ++this.#sequence, change.judge_epoch, now_ms, JSON.stringify( change ) ]
		);
		this.#now.changes++;
	}

	#addIncident( incident: Incident, now_ms: number ): void {
		const sequence = ++this.#sequence;
		const [ stored ] = this.#database.all(
			`INSERT INTO pending_incidents ( site_id, incident_uid, sequence, judge_epoch, stored_at_ms, body ) VALUES ( ?, ?, ?, ?, ?, ? )
				ON CONFLICT ( site_id, incident_uid ) DO UPDATE SET body = excluded.body, judge_epoch = excluded.judge_epoch
				RETURNING sequence`,
			...[ this.#site_id, incident.incident_uid, sequence, incident.judge_epoch, now_ms, JSON.stringify( incident ) ]
		);
		this.#now.incidents += stored?.sequence === sequence ? 1 : 0;
	}

	/** Only we write these columns, so they hold what is said here. */
	#shiftBodies< Body >( table: 'readings' | 'changes' | 'incidents', move: ( body: Body ) => Body ): void {
		const rows = this.#database.all( `SELECT sequence, body FROM pending_${ table } WHERE site_id = ?`, this.#site_id );
		for ( const { sequence, body } of rows ) {
			const text = JSON.stringify( move( JSON.parse( String( body ) ) as Body ) );
			if ( text !== body ) {
				this.#database.run(
					`UPDATE pending_${ table } SET body = ? WHERE site_id = ? AND sequence = ?`,
					...[ text, this.#site_id, Number( sequence ) ]
				);
			}
		}
	}

	#remove( table: ( typeof TABLES )[ number ], where: string, value: number ): number {
		return this.#database.run( `DELETE FROM pending_${ table } WHERE site_id = ? AND ${ where }`, this.#site_id, value ).changes;
	}

	#removeChecks( where: string, value: number ): number {
		const size = this.#one( `SELECT ${ SIZE } FROM pending_checks WHERE site_id = ? AND ${ where }`, value );
		this.#remove( 'checks', where, value );
		this.#now.checks -= Number( size.slots );
		this.#now.check_bytes -= Number( size.bytes );
		return Number( size.slots );
	}

	#extreme( column: 'sequence' | 'stored_at_ms', tables: readonly ( typeof TABLES )[ number ][] ): number | null {
		const first = tables.flatMap( ( table ) =>
			this.#database.all(
				`SELECT ${ column } AS value FROM pending_${ table } WHERE site_id = ? ORDER BY sequence LIMIT 1`,
				this.#site_id
			)
		);
		return first.length === 0 ? null : Math.min( ...first.map( ( row ) => Number( row.value ) ) );
	}

	#one( sql: string, ...values: number[] ): Row {
		return this.#database.all( sql, this.#site_id, ...values )[ 0 ] ?? {};
	}
}
