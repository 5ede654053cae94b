import { uidOf } from './incident.ts';
import type { SlotResult } from './judge.ts';

/** Whether an anchor, a place that is as good as always there, answered. */
export type AnchorReading = { anchor: string; at_mono_ms: number; is_ok: boolean };

/** Whether our own network is there. `ask` means that anchors must be asked before a failure is believed. */
export type OwnNetwork = 'online' | 'offline' | 'ask';

/** Judges a failure whose last try began at `failed_mono_ms` by anchors that were asked after that: one that answers suffices.
 *  Without anchors every failure is believed. */
export function ownNetwork( anchors: readonly string[], readings: readonly AnchorReading[], failed_mono_ms: number ): OwnNetwork {
	const fresh = readings.filter( ( reading ) => reading.at_mono_ms >= failed_mono_ms && anchors.includes( reading.anchor ) );
	if ( anchors.length === 0 || fresh.some( ( reading ) => reading.is_ok ) ) {
		return 'online';
	}
	return anchors.every( ( anchor ) => fresh.some( ( reading ) => reading.anchor === anchor ) ) ? 'offline' : 'ask';
}

/** A failure while we are offline is ours. A target that answered did so all the same. */
export function veto( result: SlotResult, network: OwnNetwork ): SlotResult {
	return network === 'offline' && result.state === 'down' ? { ...result, state: 'unknown', error_code: 'self_offline' } : result;
}

/** One notice when our network goes, and one when it is back, however many monitors notice it. */
export function offlineNotice( was_offline: boolean, network: OwnNetwork ): { is_offline: boolean; notice: 'began' | 'ended' | null } {
	const is_offline = network === 'ask' ? was_offline : network === 'offline';
	return { is_offline, notice: is_offline === was_offline ? null : is_offline ? 'began' : 'ended' };
}

/** A monitor whose last slot failed, confirmed or not, since the slot `since_ms`. `domain` is the one that is registered. */
export type Failing = { monitor_uid: string; domain: string; since_ms: number };

/** Incidents that began together and are told once. */
export type Group = { group_uid: string; from_ms: number };

const MINUTE_MS = 60_000;
const LEAST_TARGETS = 5;
const LEAST_DOMAINS = 3;
/** The minute, and the longest try of a slot at its end: after that it is known whether others failed too. */
const HOLD_MS = MINUTE_MS + 10_000;

/** The first failure of a minute in which more than half of at least 5 targets failed, on at least 3 domains; or null. */
export function massFailure( failing: readonly Failing[], target_count: number ): number | null {
	if ( target_count < LEAST_TARGETS ) {
		return null;
	}
	const sorted = failing.toSorted( ( a, b ) => a.since_ms - b.since_ms );
	const monitors = new Map< string, number >();
	const domains = new Map< string, number >();
	let end = 0;
	for ( const first of sorted ) {
		for ( let one = sorted[ end ]; one !== undefined && isWithin( one, first.since_ms ); one = sorted[ ++end ] ) {
			step( monitors, one.monitor_uid, 1 );
			step( domains, one.domain, 1 );
		}
		if ( monitors.size * 2 > target_count && domains.size >= LEAST_DOMAINS ) {
			return first.since_ms;
		}
		step( monitors, first.monitor_uid, -1 );
		step( domains, first.domain, -1 );
	}
	return null;
}

function step( counts: Map< string, number >, word: string, by: number ): void {
	const count = ( counts.get( word ) ?? 0 ) + by;
	if ( count === 0 ) {
		counts.delete( word );
	} else {
		counts.set( word, count );
	}
}

/** Which incidents without a notice are told one by one now, which belong to a group, and which wait to see if others fail too.
 *  `opened` is part of `failing`. A group of which `is_new` is true gets its one notice; `before` is the newest group. */
export function groupNotices(
	opened: readonly Failing[],
	failing: readonly Failing[],
	target_count: number,
	before: Group | null,
	now_ms: number
): { group: Group | null; is_new: boolean; grouped: string[]; single: string[]; held: string[] } {
	const rest = opened.filter( ( one ) => before === null || ! isWithin( one, before.from_ms ) );
	const from_ms =
		rest.length === 0
			? null
			: massFailure(
					failing.filter( ( one ) => ! before || ! isWithin( one, before.from_ms ) ),
					target_count
				);
	const is_new = from_ms !== null && rest.some( ( one ) => isWithin( one, from_ms ) );
	const group = is_new ? { group_uid: uidOf( 'group', from_ms ), from_ms } : before;
	const alone = rest.filter( ( one ) => group === null || ! isWithin( one, group.from_ms ) );
	const single = new Set( alone );
	const may_wait = target_count >= LEAST_TARGETS && failing.length > 1;
	const waits = ( one: Failing ): boolean => may_wait && now_ms < one.since_ms + HOLD_MS;
	const uids = ( some: readonly Failing[] ): string[] => some.map( ( one ) => one.monitor_uid );
	return {
		group,
		is_new,
		grouped: uids( opened.filter( ( one ) => ! single.has( one ) ) ),
		single: uids( alone.filter( ( one ) => ! waits( one ) ) ),
		held: uids( alone.filter( waits ) ),
	};
}

function isWithin( { since_ms }: Failing, from_ms: number ): boolean {
	return since_ms >= from_ms && since_ms < from_ms + MINUTE_MS;
}
