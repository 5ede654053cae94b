import type { CheckCode, MonitorState } from '../contract/vocabulary.ts';

/** What a slot came to: the verdict of its last try. */
export type SlotResult = { slot_ms: number; state: MonitorState; error_code: CheckCode };

/** What is held of a monitor between slots. `state` is confirmed, with the code it was confirmed by; it is `unknown` only until
 *  something was. `votes` are the slots that are weighed while a change is being confirmed, oldest first; none otherwise. */
export type Judged = {
	state: MonitorState;
	error_code: CheckCode;
	has_reading: boolean;
	last_slot_ms: number | null;
	votes: readonly SlotResult[];
};

/** A row of state changes. `confirmed` opens and closes incidents; `reading` only says where nothing is known, and where again. */
export type Change = SlotResult & { kind: 'confirmed' | 'reading' };

export const NOT_JUDGED: Judged = { state: 'unknown', error_code: 'not_checked_yet', has_reading: false, last_slot_ms: null, votes: [] };

const VOTES = 3;
const MAJORITY = 2;
/** Confirming slots are 30 s apart. A vote from before a long gap says nothing of now: a laptop that wakes has no network yet. */
const VOTE_LIFE_MS = 600_000;

/** While it is true, slots come every min(interval, 30 s), with one try each. */
export function isConfirming( { votes }: Judged ): boolean {
	return votes.length > 0;
}

/** Judges one slot. A state changes when 2 of 3 slots agree on another; the change then carries the slot of the first that agreed.
 *  `unknown` is our failure, not the site's: it is no vote. The very first `up` or `degraded` is believed at once.
 *  A slot that is not after the last one is ignored. */
export function judge( before: Judged, result: SlotResult ): { judged: Judged; changes: Change[] } {
	const { slot_ms } = result;
	if ( before.last_slot_ms !== null && slot_ms <= before.last_slot_ms ) {
		return { judged: before, changes: [] };
	}
	if ( result.state === 'unknown' ) {
		const is_news = before.has_reading && before.state !== 'unknown';
		return {
			judged: { ...before, has_reading: false, last_slot_ms: slot_ms, votes: alive( before, slot_ms ) },
			changes: is_news ? [ { ...pick( result ), kind: 'reading' } ] : [],
		};
	}
	const { verdict, votes } = weigh( before, result );
	const is_change = verdict !== null && verdict.state !== before.state;
	const { state, error_code } = is_change ? verdict : before;
	const changes: Change[] = is_change ? [ { ...pick( verdict ), kind: 'confirmed' } ] : [];
	if ( ! before.has_reading && state !== 'unknown' && changes[ 0 ]?.slot_ms !== slot_ms ) {
		changes.push( { slot_ms, state, error_code, kind: 'reading' } );
	}
	return { judged: { state, error_code, has_reading: true, last_slot_ms: slot_ms, votes }, changes };
}

/** Slots in which nothing was asked. */
export function judgeMissed(
	before: Judged,
	missed: { first_slot_ms: number; last_slot_ms: number; reason: 'missed' | 'suspended' }
): { judged: Judged; changes: Change[] } {
	const { judged, changes } = judge( before, { slot_ms: missed.first_slot_ms, state: 'unknown', error_code: missed.reason } );
	return { judged: { ...judged, last_slot_ms: Math.max( judged.last_slot_ms ?? 0, missed.last_slot_ms ) }, changes };
}

/** A result in maintenance, or of a monitor whose parent is down: that it is not well says nothing. That it is up does. */
export function withhold( result: SlotResult ): SlotResult {
	return result.state === 'up' ? result : { ...result, state: 'unknown' };
}

function alive( { votes }: Judged, slot_ms: number ): SlotResult[] {
	return votes.filter( ( vote ) => slot_ms - vote.slot_ms <= VOTE_LIFE_MS );
}

/** The verdict, as the first vote for it; null while the votes do not suffice. */
function weigh( before: Judged, result: SlotResult ): { verdict: SlotResult | null; votes: SlotResult[] } {
	const others = alive( before, result.slot_ms );
	if ( others.length === 0 && ( result.state === before.state || ( before.state === 'unknown' && result.state !== 'down' ) ) ) {
		return { verdict: result, votes: [] };
	}
	const votes = [ ...others, pick( result ) ];
	const agreed = votes.find( ( vote ) => votes.filter( ( other ) => other.state === vote.state ).length >= MAJORITY );
	if ( agreed !== undefined ) {
		return { verdict: agreed, votes: [] };
	}
	return votes.length < VOTES ? { verdict: null, votes } : { verdict: compromise( before, votes ), votes: [] };
}

/** Up, degraded and down once each: 2 of 3 slots say that it can be reached, and none of them that it is well. */
function compromise( before: Judged, votes: readonly SlotResult[] ): SlotResult | null {
	const reachable = votes.filter( ( vote ) => vote.state !== 'down' );
	const own = reachable.find( ( vote ) => vote.state === before.state );
	const degraded = reachable.find( ( vote ) => vote.state === 'degraded' );
	const [ first ] = reachable;
	return own ?? ( first && degraded ? { ...degraded, slot_ms: first.slot_ms } : null );
}

const pick = ( { slot_ms, state, error_code }: SlotResult ): SlotResult => ( { slot_ms, state, error_code } );
