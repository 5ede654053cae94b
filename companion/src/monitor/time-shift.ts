import { emptyRow } from './check-row.ts';
import type { Change } from './judge.ts';
import type { Shifted } from './ports.ts';
import { CLOCK_MESSAGE, MOST_MISSED_ROWS, settleChanges, type Judging, type Settled } from './settle.ts';
import { readProgress, writeProgress, type Progress } from './watched.ts';

/** Progress with its times moved; what is of another version stays as it is. */
export function moveProgress( text: string, at: ( slot_ms: number ) => number ): string {
	const progress = readProgress( text );
	return progress === null ? text : writeProgress( moved( progress, at ) );
}

/** The same progress on another line. */
function moved( progress: Progress, at: ( slot_ms: number ) => number ): Progress {
	const { judged, incident, notes, told_slot_ms } = progress;
	const orNull = ( at_ms: number | null ): number | null => ( at_ms === null ? null : at( at_ms ) );
	const atSlot = < Slot extends { slot_ms: number } >( slot: Slot ): Slot => ( { ...slot, slot_ms: at( slot.slot_ms ) } );
	return {
		...progress,
		judged: { ...judged, last_slot_ms: orNull( judged.last_slot_ms ), votes: judged.votes.map( atSlot ) },
		incident: incident && {
			...incident,
			opened_at_ms: at( incident.opened_at_ms ),
			resolved_at_ms: orNull( incident.resolved_at_ms ),
			judged_at_ms: at( incident.judged_at_ms ),
		},
		notes: notes.map( atSlot ),
		told_slot_ms: at( told_slot_ms ),
	};
}

/** After slots were moved ahead: nothing was asked between what is trusted and the first of them. The state that held before is
 *  told again, unless a decision among what was moved tells it. Null when there is no gap. */
export function settleMoved( progress: Progress, shifted: Shifted, gap_ms: number, judging: Judging ): Settled | null {
	const { judged, told_slot_ms } = progress;
	const found = shifted.moved.get( judging.monitor_uid );
	const first_ms = found?.first_slot_ms ?? Infinity;
	if ( first_ms === Infinity || first_ms - shifted.trusted_ms <= gap_ms || judged.last_slot_ms === null ) {
		return null;
	}
	const count = Math.min( MOST_MISSED_ROWS, Math.ceil( ( first_ms - shifted.trusted_ms ) / gap_ms ) - 1 );
	const slots = Array.from( { length: count }, ( _, index ) => first_ms - ( count - index ) * gap_ms );
	const from_ms = shifted.trusted_ms + 1;
	const changes: Change[] = [ { slot_ms: from_ms, state: 'unknown', error_code: 'missed', kind: 'reading' } ];
	if ( found?.has_changes === false && judged.has_reading && judged.state !== 'unknown' ) {
		changes.push( { slot_ms: first_ms, state: judged.state, error_code: judged.error_code, kind: 'reading' } );
	}
	const rows = slots.map( ( slot_ms ) => emptyRow( slot_ms, 'missed' ) );
	const note = { slot_ms: from_ms, error_code: 'missed' as const, message: CLOCK_MESSAGE };
	const settled = settleChanges( progress, { changes, note, rows, last_slot_ms: judged.last_slot_ms }, judging );
	const after = { ...settled.progress, told_slot_ms: Math.max( told_slot_ms, first_ms ) };
	return { ...settled, progress: after, outcome: { ...settled.outcome, progress: writeProgress( after ) } };
}
