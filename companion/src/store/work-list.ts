import type { Beat, MonitorPage, MonitorWork } from '../contract/monitor.ts';
import type { Database } from './database.ts';
import type { Numbers } from './monitor-tables.ts';

/** The monitors of one site as WordPress sent them, and the cursors up to which it did. */
export type WorkList = {
	/** The named query of active URLs. */
	activeMonitors: () => MonitorWork[];
	/** Takes a page in and moves the cursor with it. A page that was asked with another cursor is ignored.
	 *  True when the list is another one than before. */
	takePage: ( page: MonitorPage ) => boolean;
	revision: () => number;
	/** Asks for the whole list again, because WordPress was restored from a backup. */
	startRestoring: () => void;
	/** Once the whole list is there again: monitors of which WordPress knows less than it had signed for, and until when.
	 *  Null while it is not, and when nothing was restored. Asked once. */
	takeRestored: () => ReadonlyMap< string, number > | null;
	takeBeats: ( beats: readonly Beat[] ) => void;
	beatsAfterMs: () => number;
	/** WordPress has signed for all slots of a monitor up to this one. */
	acknowledge: ( monitor_uid: string, slot_ms: number ) => void;
};

export const ACTIVE_MONITORS = 'SELECT url, work, known_until_ms, last_beat_at_ms FROM monitors WHERE active = 1 AND site_id = ?';

const STORE_MONITOR = `INSERT INTO monitors ( site_id, monitor_uid, active, url, work, known_until_ms, last_beat_at_ms, listing )
				VALUES ( ?, ?, ?, ?, ?, ?, ?, ? )
				ON CONFLICT ( site_id, monitor_uid ) DO UPDATE SET active = excluded.active, url = excluded.url, work = excluded.work,
					known_until_ms = excluded.known_until_ms, listing = excluded.listing,
					last_beat_at_ms = COALESCE( MAX( excluded.last_beat_at_ms, last_beat_at_ms ), excluded.last_beat_at_ms, last_beat_at_ms )`;

export function workList( database: Database, site_id: string, numbers: Numbers ): WorkList {
	/** Whether the row is another one than before. */
	const store = ( work: MonitorWork, listing: number ): boolean => {
		const { monitor_uid, deleted, active, url, known_until_ms, last_beat_at_ms } = work;
		if ( deleted ) {
			return forget( database, site_id, monitor_uid );
		}
		const [ known ] = database.all( 'SELECT work FROM monitors WHERE site_id = ? AND monitor_uid = ?', site_id, monitor_uid );
		const text = JSON.stringify( { ...work, known_until_ms: null, last_beat_at_ms: null } );
		database.run( STORE_MONITOR, ...[ site_id, monitor_uid, active ? 1 : 0, url, text, known_until_ms, last_beat_at_ms, listing ] );
		return known?.work !== text;
	};

	/** A list from the beginning replaces the one that is here: what was on none of its pages is gone. */
	const finish = ( listing: number ): boolean => {
		numbers.set( 'is_listing', 0 );
		const gone = database.all( 'SELECT monitor_uid FROM monitors WHERE site_id = ? AND listing <> ?', site_id, listing );
		gone.forEach( ( row ) => forget( database, site_id, String( row.monitor_uid ) ) );
		return gone.length > 0;
	};

	return {
		activeMonitors: () => database.all( ACTIVE_MONITORS, site_id ).map( workOf ),
		takePage: ( page ) =>
			database.transaction( () => {
				if ( page.after !== numbers.get( 'revision' ) ) {
					return false;
				}
				if ( page.after === 0 ) {
					numbers.set( 'listing', numbers.get( 'listing' ) + 1 );
					numbers.set( 'is_listing', 1 );
				}
				const listing = numbers.get( 'listing' );
				const is_other = page.rows.map( ( work ) => store( work, listing ) ).includes( true );
				numbers.set( 'revision', page.revision );
				const is_end = ! page.has_more && numbers.get( 'is_listing' ) === 1;
				return ( is_end && finish( listing ) ) || is_other;
			} ),
		revision: () => numbers.get( 'revision' ),
		startRestoring() {
			numbers.set( 'revision', 0 );
			numbers.set( 'is_listing', 1 );
			numbers.set( 'is_restoring', 1 );
		},
		takeRestored: () =>
			database.transaction( () => {
				if ( numbers.get( 'is_restoring' ) === 0 || numbers.get( 'is_listing' ) === 1 ) {
					return null;
				}
				numbers.set( 'is_restoring', 0 );
				return lowered( database, site_id );
			} ),
		takeBeats: ( beats ) =>
			database.transaction( () => {
				for ( const { monitor_uid, beat_at_ms } of beats ) {
					database.run(
						`UPDATE monitors SET last_beat_at_ms = ?
							WHERE site_id = ? AND monitor_uid = ? AND ( last_beat_at_ms IS NULL OR last_beat_at_ms < ? )`,
						...[ beat_at_ms, site_id, monitor_uid, beat_at_ms ]
					);
				}
				const newest_ms = Math.max( 0, ...beats.map( ( beat ) => beat.beat_at_ms ) );
				if ( newest_ms > numbers.get( 'beats_after_ms' ) ) {
					numbers.set( 'beats_after_ms', newest_ms );
				}
			} ),
		beatsAfterMs: () => numbers.get( 'beats_after_ms' ),
		acknowledge( monitor_uid, slot_ms ) {
			database.run(
				`INSERT INTO acknowledged ( site_id, monitor_uid, slot_ms ) VALUES ( ?, ?, ? )
					ON CONFLICT ( site_id, monitor_uid ) DO UPDATE SET slot_ms = MAX( slot_ms, excluded.slot_ms )`,
				...[ site_id, monitor_uid, slot_ms ]
			);
		},
	};
}

function forget( database: Database, site_id: string, monitor_uid: string ): boolean {
	for ( const table of [ 'progress', 'acknowledged' ] ) {
		database.run( `DELETE FROM ${ table } WHERE site_id = ? AND monitor_uid = ?`, site_id, monitor_uid );
	}
	return database.run( 'DELETE FROM monitors WHERE site_id = ? AND monitor_uid = ?', site_id, monitor_uid ).changes > 0;
}

/** What WordPress does not know of at all it does not know since the monitor was made. */
function lowered( database: Database, site_id: string ): Map< string, number > {
	const rows = database.all(
		`SELECT monitors.monitor_uid, known_until_ms, work, last_beat_at_ms FROM monitors
			JOIN acknowledged ON acknowledged.site_id = monitors.site_id AND acknowledged.monitor_uid = monitors.monitor_uid
			WHERE monitors.site_id = ? AND slot_ms > COALESCE( known_until_ms, 0 )`,
		site_id
	);
	database.run(
		`UPDATE acknowledged SET slot_ms = COALESCE(
			( SELECT known_until_ms FROM monitors WHERE site_id = acknowledged.site_id AND monitor_uid = acknowledged.monitor_uid ), 0
		) WHERE site_id = ?`,
		site_id
	);
	return new Map( rows.map( ( row ) => [ String( row.monitor_uid ), Number( row.known_until_ms ?? workOf( row ).created_at_ms ) ] ) );
}

/** The column `work` is written by `store` only, so it holds a monitor. */
export function workOf( { work, known_until_ms, last_beat_at_ms }: { [ name: string ]: unknown } ): MonitorWork {
	const stored = JSON.parse( String( work ) ) as MonitorWork;
	const instantOf = ( value: unknown ): number | null => ( value === null ? null : Number( value ) );
	return { ...stored, known_until_ms: instantOf( known_until_ms ), last_beat_at_ms: instantOf( last_beat_at_ms ) };
}
