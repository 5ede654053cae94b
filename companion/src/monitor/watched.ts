import type { Incident, MonitorWork } from '../contract/monitor.ts';
import type { CheckCode, MailState } from '../contract/vocabulary.ts';
import { NOT_FLAPPING, type Flapping } from './flapping.ts';
import { NOT_JUDGED, type Judged } from './judge.ts';

/** Why a slot that is weighed failed. */
export type Note = { slot_ms: number; error_code: CheckCode; message: string };

/** What is held of a monitor between slots, and stored with each of them. */
export type Progress = {
	judged: Judged;
	flapping: Flapping;
	/** Number of its last state change under this epoch. */
	seq: number;
	epoch: number;
	/** Its incident, while that is open. */
	incident: Incident | null;
	/** Why it has its confirmed state. */
	message: string;
	notes: readonly Note[];
	mail_state: MailState | null;
	/** Whoever follows the state changes does not know the present state: the next slot tells it. */
	is_untold: boolean;
	/** Newest instant of which a state change told. */
	told_slot_ms: number;
	/** It was paused after its last slot, so that nothing was missed since. */
	is_paused: boolean;
	is_slow: boolean;
	/** Until when its beats were known at its last slot. */
	heard_until_ms: number;
};

export const NO_PROGRESS: Progress = {
	judged: NOT_JUDGED,
	flapping: NOT_FLAPPING,
	seq: 0,
	epoch: 0,
	incident: null,
	message: '',
	notes: [],
	mail_state: null,
	is_untold: false,
	told_slot_ms: 0,
	is_paused: false,
	is_slow: false,
	heard_until_ms: 0,
};

/** Seconds from 2023 on number the changes of a monitor of which nobody knows how many it had: they are past every number that it
 *  gave, because a monitor has at most one change in 10 s. */
const SEQ_FROM_MS = 1_700_000_000_000;
export const seqAt = ( line_ms: number ): number => Math.max( 0, Math.floor( ( line_ms - SEQ_FROM_MS ) / 1000 ) );

const VERSION = 1;

export function writeProgress( progress: Progress ): string {
	return JSON.stringify( { version: VERSION, ...progress } );
}

/** Progress as it was written; null when it is of another version or no JSON. Who wrote it is our own `writeProgress`. */
export function readProgress( text: string ): Progress | null {
	try {
		const { version, ...progress } = JSON.parse( text ) as Progress & { version: number };
		return version === VERSION ? { ...NO_PROGRESS, ...progress } : null;
	} catch {
		return null;
	}
}

export type Resuming = {
	/** Where the line of slots is. */
	line_ms: number;
	epoch: number;
	/** The process was just started: the folder may be a copy that is older than decisions that were told. */
	is_start: boolean;
};

/** Where a monitor goes on. When WordPress knows of a newer slot than the store does, the store was lost or is an old copy:
 *  then slots go on after that one, and numbers of changes where none was given. An old copy does not always tell, so that
 *  whatever is stored at a start is numbered on by the time. */
export function resume( work: MonitorWork, stored: string | null, { line_ms, epoch, is_start }: Resuming ): Progress {
	const found = stored === null ? null : readProgress( stored );
	const progress = found ?? NO_PROGRESS;
	const { judged } = progress;
	const known_ms = work.known_until_ms;
	const seq = Math.max( progress.seq, seqAt( line_ms ) );
	if ( known_ms === null || known_ms <= ( judged.last_slot_ms ?? -Infinity ) ) {
		return found !== null && is_start ? { ...progress, seq } : progress;
	}
	return {
		...progress,
		epoch,
		judged: { ...judged, last_slot_ms: known_ms, votes: [] },
		seq,
		is_untold: true,
		is_paused: false,
	};
}
