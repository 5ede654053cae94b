import type { Batch } from '../contract/exchange.ts';
import type { Incident, MonitorChecks, Reading, StateChange } from '../contract/monitor.ts';
import type { Database, Row } from './database.ts';

/** Rows of monitoring in the form in which they are sent. */
export type MonitoringRows = Pick< Batch, 'checks' | 'readings' | 'state_changes' | 'incidents' >;

/** Checks among the rows. */
export const countOf = ( { checks }: MonitoringRows ): number => checks.reduce( ( sum, group ) => sum + group.rows.length, 0 );

/** The contract's limits of one batch. */
const MOST = { changes: 2000, incidents: 500, readings: 2000, checks: 20_000, groups: 5000, rows_of_group: 5000 };
/** What readings may take of a batch, because the checks of their monitors go along. */
const READINGS_SHARE = 0.4;
/** JSON around the rows of one monitor, and around each of them. */
const GROUP_BYTES = 90;
const QUOTES_BYTES = 3;
/** The least that a row takes; more of them than fit are not read. */
const CHECK_BYTES = 30;

/** What is read and until which number; `since_ms` is when the oldest of it was stored. */
export type Found = {
	rows: MonitoringRows;
	since_ms: number;
	/** The highest sequence of each table that is in it; null when nothing is. */
	last: { changes: number | null; incidents: number | null; readings: number | null; checks: number | null };
};

type Room = { bytes: number; since_ms: number };

/** Rows of at most so many bytes: decisions first, then readings, and checks grouped by their monitor, each in the order of
 *  their sequence. A single row is found whatever it weighs. */
export function findBatch( database: Database, site_id: string, maximum_bytes: number ): Found {
	const room: Room = { bytes: maximum_bytes, since_ms: Infinity };
	const changes = bodiesOf< StateChange >( database, site_id, 'changes', room );
	const incidents = bodiesOf< Incident >( database, site_id, 'incidents', room );
	const kept_bytes = Math.max( 0, room.bytes - maximum_bytes * READINGS_SHARE );
	room.bytes -= kept_bytes;
	const readings = bodiesOf< Reading >( database, site_id, 'readings', room );
	room.bytes += kept_bytes;
	const checks = checksOf( database, site_id, room );
	return {
		rows: { state_changes: changes.bodies, incidents: incidents.bodies, readings: readings.bodies, checks: checks.groups },
		since_ms: room.since_ms,
		last: { changes: changes.last, incidents: incidents.last, readings: readings.last, checks: checks.last },
	};
}

/** Only Pending writes these columns, so they hold what is said here. */
function bodiesOf< Body >(
	database: Database,
	site_id: string,
	table: 'changes' | 'incidents' | 'readings',
	room: Room
): { bodies: Body[]; last: number | null } {
	const rows = database.all(
		`SELECT sequence, stored_at_ms, body FROM pending_${ table } WHERE site_id = ? ORDER BY sequence LIMIT ${ MOST[ table ] }`,
		site_id
	);
	const fitting = whileFits( rows, room, ( row ) => Buffer.byteLength( String( row.body ) ) + 1 );
	return { bodies: fitting.map( ( row ) => JSON.parse( String( row.body ) ) as Body ), last: lastOf( fitting ) };
}

function checksOf( database: Database, site_id: string, room: Room ): { groups: MonitorChecks[]; last: number | null } {
	const rows = database.all(
		`SELECT sequence, monitor_uid, stored_at_ms, row_count, check_rows FROM pending_checks WHERE site_id = ?
			ORDER BY sequence LIMIT ?`,
		site_id,
		Math.min( MOST.checks, Math.ceil( room.bytes / CHECK_BYTES ) )
	);
	const seen = new Set< string >();
	let slots = 0;
	const fitting = whileFits( rows, room, ( { monitor_uid, check_rows, row_count } ) => {
		const group_bytes = seen.has( String( monitor_uid ) ) ? 0 : GROUP_BYTES;
		seen.add( String( monitor_uid ) );
		slots += Number( row_count );
		const is_over = slots > MOST.checks || seen.size > MOST.groups;
		return is_over ? Infinity : String( check_rows ).length + QUOTES_BYTES * Number( row_count ) + group_bytes;
	} );
	const groups = new Map< string, string[] >();
	for ( const { monitor_uid, check_rows } of fitting ) {
		const group = groups.get( String( monitor_uid ) ) ?? [];
		group.push( ...String( check_rows ).split( '\n' ) );
		groups.set( String( monitor_uid ), group );
	}
	return {
		groups: [ ...groups ].flatMap( ( [ monitor_uid, check_rows ] ) => groupsOf( monitor_uid, check_rows ) ),
		last: lastOf( fitting ),
	};
}

/** A monitor that WordPress has not heard of for a day has more slots than one group holds. */
function groupsOf( monitor_uid: string, rows: readonly string[] ): MonitorChecks[] {
	return Array.from( { length: Math.ceil( rows.length / MOST.rows_of_group ) }, ( _, index ) => {
		const from = index * MOST.rows_of_group;
		return { monitor_uid, location_id: 1, rows: rows.slice( from, from + MOST.rows_of_group ) };
	} );
}

const lastOf = ( rows: readonly Row[] ): number | null => ( rows.length === 0 ? null : Number( rows.at( -1 )?.sequence ) );

/** The first rows that fit into the room that is left, and makes it smaller. */
function whileFits( rows: readonly Row[], room: Room, weigh: ( row: Row ) => number ): Row[] {
	const fitting: Row[] = [];
	for ( const row of rows ) {
		const bytes = weigh( row );
		if ( bytes > room.bytes ) {
			break;
		}
		room.bytes -= bytes;
		room.since_ms = Math.min( room.since_ms, Number( row.stored_at_ms ) );
		fitting.push( row );
	}
	return fitting;
}
