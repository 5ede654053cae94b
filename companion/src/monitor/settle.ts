import type { Incident, Reading, StateChange } from '../contract/monitor.ts';
import { checkRow, emptyRow } from './check-row.ts';
import { stepFlapping } from './flapping.ts';
import { stepIncident, uidOf } from './incident.ts';
import { isConfirming, judge, judgeMissed, type Change, type Judged } from './judge.ts';
import type { MonitorResult, SlotOutcome } from './ports.ts';
import { slotsOf, type Missed } from './schedule.ts';
import { NO_PROGRESS, seqAt, writeProgress, type Note, type Progress } from './watched.ts';

/** Of longer gaps only the newest slots have rows; the state change tells of the rest. */
export const MOST_MISSED_ROWS = 1000;

/** Who judges, and when: on the line of slots, which never goes back. */
export type Judging = { monitor_uid: string; epoch: number; line_ms: number };

/** What became of a monitor: its progress, and what is stored of that. */
export type Settled = { progress: Progress; outcome: SlotOutcome; notice: 'began' | 'settled' | null };

/** A slot that was checked. */
export function settleSlot(
	before: Progress,
	slot: { slot_ms: number; result: MonitorResult; attempts: number },
	judging: Judging
): Settled {
	const { slot_ms, result, attempts } = slot;
	const { judged, changes } = judge( before.judged, { slot_ms, state: result.state, error_code: result.error_code } );
	const is_change = changes.some( ( change ) => change.kind === 'confirmed' );
	const { flapping, notice } = stepFlapping( before.flapping, { is_known: result.state !== 'unknown', is_change } );
	const note: Note = { slot_ms, error_code: result.error_code, message: result.error_message };
	const mail_state = result.mail_state ?? before.mail_state;
	const progress = { ...before, judged, flapping, mail_state, is_paused: false };
	const reading: Reading = {
		monitor_uid: judging.monitor_uid,
		slot_ms,
		state: result.state,
		error_code: result.error_code,
		error_message: result.error_message,
		status_code: result.status_code,
		response_time_ms: attempts === 0 ? null : Math.round( result.phases.total_ms ),
		is_confirming: isConfirming( judged ),
		mail_state,
	};
	const rows = [ checkRow( slot_ms, result, attempts ) ];
	return { ...told( progress, { changes, note, rows, reading, last_slot_ms: slot_ms }, judging ), notice };
}

const WHY_MISSED = {
	missed: 'The companion could not begin the check in time.',
	suspended: 'The computer of the companion slept.',
} as const;

/** Slots in which nothing was asked. */
export function settleMissed( before: Progress, missed: Missed, judging: Judging ): Settled {
	const { reason, step_ms, first_slot_ms, last_slot_ms } = missed;
	const { judged, changes } = judgeMissed( before.judged, missed );
	const first_row_ms = Math.max( first_slot_ms, last_slot_ms - ( MOST_MISSED_ROWS - 1 ) * step_ms );
	const rows = [ ...slotsOf( { ...missed, first_slot_ms: first_row_ms } ) ].map( ( slot_ms ) => emptyRow( slot_ms, reason ) );
	const note = { slot_ms: first_slot_ms, error_code: reason, message: WHY_MISSED[ reason ] };
	const reading = emptyReading( before, { ...note, slot_ms: last_slot_ms }, judged, judging );
	return { ...told( { ...before, judged, is_paused: false }, { changes, note, rows, reading, last_slot_ms }, judging ), notice: null };
}

/** A time from which on nothing is known, without a slot: after a pause, or when WordPress lost what it had stored. */
export function settleGap( before: Progress, at: Note, judging: Judging ): Settled {
	const { slot_ms, error_code } = at;
	const changes: Change[] = [ { slot_ms, state: 'unknown', error_code, kind: 'reading' } ];
	const last_slot_ms = before.judged.last_slot_ms ?? slot_ms;
	const settled = told( before, { changes, note: at, rows: [], reading: null, last_slot_ms }, judging );
	const progress = { ...settled.progress, is_untold: true, is_paused: error_code === 'paused' };
	// WordPress takes the change as the newest instant that it knows of, and tells so when the monitor goes on.
	progress.judged = { ...before.judged, last_slot_ms: Math.max( last_slot_ms, slot_ms ) };
	return { progress, outcome: { ...settled.outcome, progress: writeProgress( progress ) }, notice: null };
}

/** Why nothing is known of the time before a clock was found to be wrong. */
export const CLOCK_MESSAGE = 'The companion was not running, or its clock was wrong.';

/** Changes and rows that are of the past: the newest reading stays. */
export function settleChanges( before: Progress, told_of: Omit< Told, 'reading' >, judging: Judging ): Settled {
	return { ...told( before, { ...told_of, reading: null }, judging ), notice: null };
}

/** The same incident, with something that was learnt of it later. */
export function settleIncident( before: Progress, incident: Incident, judging: Judging ): Settled {
	const judged_at_ms = Math.max( Math.floor( judging.line_ms ), incident.judged_at_ms + 1 );
	const progress = { ...before, incident: { ...incident, judged_at_ms } };
	const outcome: SlotOutcome = {
		monitor_uid: judging.monitor_uid,
		rows: [],
		reading: null,
		changes: [],
		incidents: [ progress.incident ],
		progress: writeProgress( progress ),
		last_slot_ms: before.judged.last_slot_ms ?? incident.opened_at_ms,
	};
	return { progress, outcome, notice: null };
}

type Told = { changes: readonly Change[]; note: Note; rows: string[]; reading: Reading | null; last_slot_ms: number };

function told( before: Progress, { changes, note, rows, reading, last_slot_ms }: Told, judging: Judging ): Omit< Settled, 'notice' > {
	const is_new_epoch = before.epoch !== judging.epoch;
	const { judged } = before;
	// A vote may be older than a gap: what was told of the time after it would go on to hold.
	const is_overtaken = changes.some( ( { kind, slot_ms } ) => kind === 'confirmed' && slot_ms < before.told_slot_ms );
	const all = before.is_untold || is_new_epoch || is_overtaken ? withPresent( changes, judged, note ) : changes;
	let progress: Progress = {
		...before,
		epoch: judging.epoch,
		seq: is_new_epoch ? firstSeq( before, judging ) : before.seq,
		is_untold: false,
		told_slot_ms: Math.max( before.told_slot_ms, ...all.map( ( change ) => change.slot_ms ) ),
		notes:
			judged.votes.length === 0
				? NO_PROGRESS.notes
				: [ ...before.notes, note ].filter( ( one ) => judged.votes.some( ( vote ) => vote.slot_ms === one.slot_ms ) ),
	};
	const state_changes: StateChange[] = [];
	const incidents: Incident[] = [];
	if ( progress.incident !== null && ( before.is_untold || is_new_epoch ) ) {
		const judged_at_ms = Math.max( Math.floor( judging.line_ms ), progress.incident.judged_at_ms + 1 );
		const incident_uid = takenOver( progress.incident, judging );
		progress.incident = { ...progress.incident, incident_uid, judge_epoch: judging.epoch, judged_at_ms };
		incidents.push( progress.incident );
	}
	for ( const change of all ) {
		const { slot_ms, kind, state, error_code } = change;
		const message = messageOf( change, progress.message, [ ...before.notes, note ] );
		const seq = progress.seq + 1;
		progress = { ...progress, seq, message: kind === 'confirmed' ? message : progress.message };
		state_changes.push( {
			monitor_uid: judging.monitor_uid,
			judge_epoch: judging.epoch,
			seq,
			changed_at_ms: slot_ms,
			kind,
			state,
			error_code,
			message,
		} );
		const incident = incidentOf( progress, change, message, { ...judging, seq } );
		if ( incident !== null ) {
			incidents.push( incident );
			progress = { ...progress, incident: incident.resolved_at_ms === null ? incident : null };
		}
	}
	const { monitor_uid } = judging;
	const outcome = { monitor_uid, rows, reading, changes: state_changes, incidents, progress: writeProgress( progress ), last_slot_ms };
	return { progress, outcome };
}

/** One that was found on standby, which WordPress was never told of, gets a number of its own under the epoch of whoever decides
 *  now: another companion may have found one as its change of the same number. */
function takenOver( { incident_uid, judge_epoch }: Incident, { monitor_uid, epoch }: Judging ): string {
	return judge_epoch === 0 ? uidOf( monitor_uid, epoch, 0 ) : incident_uid;
}

/** Under another epoch numbers begin anew, but not at 1 again: a folder that is an old copy may have decided under it before. */
function firstSeq( { epoch, told_slot_ms }: Progress, { line_ms }: Judging ): number {
	return epoch === 0 && told_slot_ms === 0 ? 0 : seqAt( line_ms );
}

/** Adds what the state is at this slot, unless a change says it. */
function withPresent( changes: readonly Change[], judged: Judged, { slot_ms, error_code }: Note ): readonly Change[] {
	if ( changes.at( -1 )?.slot_ms === slot_ms || ( judged.has_reading && judged.state === 'unknown' ) ) {
		return changes;
	}
	const present = judged.has_reading ? { state: judged.state, error_code: judged.error_code } : { state: 'unknown' as const, error_code };
	return [ ...changes, { slot_ms, kind: 'reading', ...present } ];
}

/** `message` is that of the confirmed state. Of the notes the last one is of this slot. */
function messageOf( change: Change, message: string, notes: readonly Note[] ): string {
	const last = notes.at( -1 )?.message ?? '';
	if ( change.state === 'unknown' || change.state === 'up' ) {
		return change.state === 'up' ? '' : last;
	}
	if ( change.kind === 'reading' ) {
		return message;
	}
	const of_code = notes.filter( ( note ) => note.error_code === change.error_code );
	return ( of_code.find( ( note ) => note.slot_ms === change.slot_ms ) ?? of_code[ 0 ] )?.message ?? last;
}

/** The row of the incident that a change opens or closes; null when it does neither. */
function incidentOf( progress: Progress, change: Change, message: string, judging: Judging & { seq: number } ): Incident | null {
	const open = progress.incident;
	const before = open && {
		incident_uid: open.incident_uid,
		opened_slot_ms: open.opened_at_ms,
		error_code: open.error_code,
		resolved_slot_ms: null,
		resolved_by: null,
	};
	const after = stepIncident( before, change, judging );
	if ( after === null || after === before ) {
		return null;
	}
	return {
		incident_uid: after.incident_uid,
		monitor_uid: judging.monitor_uid,
		judge_epoch: judging.epoch,
		opened_at_ms: after.opened_slot_ms,
		error_code: after.error_code,
		message: open?.message ?? message,
		resolved_at_ms: after.resolved_slot_ms,
		resolved_by: after.resolved_by,
		group_uid: open?.group_uid ?? null,
		is_flapping: progress.flapping.is_flapping || ( open?.is_flapping ?? false ),
		judged_at_ms: Math.max( Math.floor( judging.line_ms ), ( open?.judged_at_ms ?? 0 ) + 1 ),
	};
}

function emptyReading( { mail_state }: Progress, at: Note, judged: Judged, { monitor_uid }: Judging ): Reading {
	return {
		monitor_uid,
		slot_ms: at.slot_ms,
		state: 'unknown',
		error_code: at.error_code,
		error_message: at.message,
		status_code: null,
		response_time_ms: null,
		is_confirming: isConfirming( judged ),
		mail_state,
	};
}
