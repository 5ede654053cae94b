import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { MonitorWork } from '../contract/monitor.ts';
import { messageOf, RollcallError } from '../errors.ts';
import { DATABASE_FILE } from './database.ts';
import { ACTIVE_MONITORS, workOf } from './work-list.ts';

/** The active monitors of all sites in a state folder, by the named query, while the companion may be running. Nothing is written.
 *  Throws state_folder when there is no work list, or it cannot be read. */
export function readActiveMonitors( folder: string ): { site_id: string; monitors: MonitorWork[] }[] {
	const path = join( folder, DATABASE_FILE );
	if ( ! existsSync( path ) ) {
		throw new RollcallError( 'state_folder', `${ folder } holds no work list: no companion was paired with it yet.` );
	}
	const { DatabaseSync: Connection } = process.getBuiltinModule( 'node:sqlite' );
	try {
		const connection = new Connection( path, { readOnly: true, timeout: 5000 } );
		try {
			const is_there = connection.prepare( `SELECT 1 FROM sqlite_schema WHERE name = 'monitors'` ).get() !== undefined;
			const sites = is_there ? connection.prepare( 'SELECT DISTINCT site_id FROM monitors ORDER BY site_id' ).all() : [];
			const active = is_there ? connection.prepare( ACTIVE_MONITORS ) : null;
			return sites.map( ( { site_id } ) => ( {
				site_id: String( site_id ),
				monitors: ( active?.all( String( site_id ) ) ?? [] ).map( workOf ),
			} ) );
		} finally {
			connection.close();
		}
	} catch ( thrown ) {
		throw new RollcallError( 'state_folder', `${ path } cannot be read: ${ messageOf( thrown ) }.`, { cause: thrown } );
	}
}
