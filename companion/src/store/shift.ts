import { CHECK_CODES } from '../contract/vocabulary.ts';
import type { Incident, Reading, StateChange } from '../contract/monitor.ts';

/** Rows whose slots were planned by a wrong clock, and where they are in truth. Up to `trusted_ms` all is left as it is. */
export type Shift = {
	trusted_ms: number;
	by_ms: number;
	at: ( slot_ms: number ) => number;
	/** Rows of checks that still fall behind what is trusted; those in which nothing was asked never were. */
	rows: ( rows: readonly string[] ) => { kept: string[]; dropped_count: number; first_slot_ms: number | null };
	reading: ( row: Reading ) => Reading;
	change: ( row: StateChange ) => StateChange;
	incident: ( row: Incident ) => Incident;
};

/** Fields of a check's row: its slot, its code, and how often it asked. */
const FIELDS = /^(\d+)(,\d+,(\d+),.*)$/;
const NOT_ASKED: ReadonlySet< number > = new Set( [ CHECK_CODES.missed, CHECK_CODES.suspended ] );

export function shiftBy( by_ms: number, trusted_ms: number ): Shift {
	// A time that was planned before, and falls on what is stored, is taken as the first one after it.
	const at = ( slot_ms: number ): number =>
		slot_ms <= trusted_ms ? slot_ms : Math.max( Math.floor( slot_ms + by_ms ), Math.floor( trusted_ms ) + 1 );
	const orNull = ( at_ms: number | null ): number | null => ( at_ms === null ? null : at( at_ms ) );
	return {
		trusted_ms,
		by_ms,
		at,
		rows: ( rows ) => {
			const kept: string[] = [];
			let dropped_count = 0;
			let first_slot_ms: number | null = null;
			for ( const row of rows ) {
				const [ , slot = '0', rest = '', code = '0' ] = FIELDS.exec( row ) ?? [];
				const slot_ms = Number( slot );
				const is_moved = slot_ms > trusted_ms;
				const moved_ms = is_moved ? Math.floor( slot_ms + by_ms ) : slot_ms;
				const is_asked = ! NOT_ASKED.has( Number( code ) );
				if ( is_moved && moved_ms <= trusted_ms ) {
					dropped_count += is_asked ? 1 : 0;
					continue;
				}
				first_slot_ms = is_moved ? ( first_slot_ms ?? moved_ms ) : first_slot_ms;
				kept.push( `${ moved_ms }${ rest }` );
			}
			return { kept, dropped_count, first_slot_ms };
		},
		reading: ( row ) => ( { ...row, slot_ms: at( row.slot_ms ) } ),
		change: ( row ) => ( { ...row, changed_at_ms: at( row.changed_at_ms ) } ),
		incident: ( row ) => ( {
			...row,
			opened_at_ms: at( row.opened_at_ms ),
			resolved_at_ms: orNull( row.resolved_at_ms ),
			judged_at_ms: at( row.judged_at_ms ),
		} ),
	};
}

/** What was moved, by monitor. */
export class Moved {
	readonly by_monitor = new Map< string, { first_slot_ms: number; has_changes: boolean } >();
	dropped_count = 0;

	checks( monitor_uid: string, found: ReturnType< Shift[ 'rows' ] > ): string[] {
		this.dropped_count += found.dropped_count;
		const known = this.by_monitor.get( monitor_uid );
		if ( found.first_slot_ms !== null ) {
			const first_slot_ms = Math.min( found.first_slot_ms, known?.first_slot_ms ?? Infinity );
			this.by_monitor.set( monitor_uid, { first_slot_ms, has_changes: known?.has_changes ?? false } );
		}
		return found.kept;
	}

	changed( monitor_uid: string ): void {
		const known = this.by_monitor.get( monitor_uid );
		this.by_monitor.set( monitor_uid, { first_slot_ms: known?.first_slot_ms ?? Infinity, has_changes: true } );
	}
}
