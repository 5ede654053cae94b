import type { MonitorState } from '../contract/vocabulary.ts';
import { groupNotices, type Failing, type Group } from './canary.ts';

/** Finds incidents of one site that began together. Slots are on the line. */
export class Groups {
	readonly #failing = new Map< string, Failing >();
	/** Incidents of which it is not known yet whether others began with them. */
	readonly #opened = new Map< string, Failing >();
	#group: Group | null = null;

	/** The newest slot of a monitor; `unknown` says nothing. */
	ran( monitor_uid: string, domain: string, slot: { slot_ms: number; state: MonitorState } ): void {
		if ( slot.state === 'up' || slot.state === 'degraded' ) {
			this.forget( monitor_uid );
		} else if ( slot.state === 'down' && ! this.#failing.has( monitor_uid ) ) {
			this.#failing.set( monitor_uid, { monitor_uid, domain, since_ms: slot.slot_ms } );
		}
	}

	opened( monitor_uid: string ): void {
		const failing = this.#failing.get( monitor_uid );
		if ( failing !== undefined ) {
			this.#opened.set( monitor_uid, failing );
		}
	}

	forget( monitor_uid: string ): void {
		this.#failing.delete( monitor_uid );
		this.#opened.delete( monitor_uid );
	}

	/** Monitors whose incidents belong to a group since the last look. `is_new` tells that the group began. */
	look( target_count: number, now_ms: number ): { group_uid: string; is_new: boolean; monitor_uids: string[] } | null {
		if ( this.#opened.size === 0 ) {
			return null;
		}
		const found = groupNotices( [ ...this.#opened.values() ], [ ...this.#failing.values() ], target_count, this.#group, now_ms );
		this.#group = found.group;
		[ ...found.grouped, ...found.single ].forEach( ( monitor_uid ) => this.#opened.delete( monitor_uid ) );
		return found.group === null || found.grouped.length === 0
			? null
			: { group_uid: found.group.group_uid, is_new: found.is_new, monitor_uids: found.grouped };
	}
}
