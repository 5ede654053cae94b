import { createHash } from 'node:crypto';
import type { CheckCode } from '../contract/vocabulary.ts';
import type { Change } from './judge.ts';

/** A time in which a monitor was down, from the first slot that failed to the first that did not. */
export type Incident = {
	incident_uid: string;
	opened_slot_ms: number;
	error_code: CheckCode;
	resolved_slot_ms: number | null;
	resolved_by: 'check' | 'person' | null;
};

/** Who judged: the state change's number `seq` under the judge's epoch. */
export type Judgement = { monitor_uid: string; epoch: number; seq: number };

/** 32 hexadecimal digits that are always the same for the same parts, so that what is sent twice is stored once. */
export function uidOf( ...parts: readonly ( string | number )[] ): string {
	return createHash( 'sha256' ).update( JSON.stringify( parts ) ).digest( 'hex' ).slice( 0, 32 );
}

/** What a state change does to the newest incident of its monitor; the same object when nothing.
 *  An incident that a person resolved stays resolved until the monitor's state changes. */
export function stepIncident( newest: Incident | null, change: Change, judgement: Judgement ): Incident | null {
	const is_open = newest !== null && newest.resolved_slot_ms === null;
	if ( change.kind !== 'confirmed' || change.state === 'unknown' || ( change.state === 'down' ) === is_open ) {
		return newest;
	}
	if ( change.state !== 'down' ) {
		return newest && is_open ? { ...newest, resolved_slot_ms: change.slot_ms, resolved_by: 'check' } : newest;
	}
	return {
		incident_uid: uidOf( judgement.monitor_uid, judgement.epoch, judgement.seq ),
		opened_slot_ms: change.slot_ms,
		error_code: change.error_code,
		resolved_slot_ms: null,
		resolved_by: null,
	};
}

/** Resolves by a person's hand, never before it was opened; an incident that is resolved stays as it is. */
export function resolveByHand( incident: Incident, at_ms: number ): Incident {
	return incident.resolved_slot_ms === null
		? { ...incident, resolved_slot_ms: Math.max( at_ms, incident.opened_slot_ms ), resolved_by: 'person' }
		: incident;
}
