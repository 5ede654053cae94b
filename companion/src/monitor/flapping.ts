/** Slots that were judged are counted, `unknown` ones not; `changed_at` are the counts at the last confirmed changes. */
export type Flapping = { slots: number; changed_at: readonly number[]; is_flapping: boolean };

export const NOT_FLAPPING: Flapping = { slots: 0, changed_at: [], is_flapping: false };

/** Spec, F27. */
const WITHIN_SLOTS = 20;
const CHANGES = 4;

/** Counts a judged slot. A monitor flaps from its 4th confirmed change within 20 slots until none came for 20;
 *  each gives one notice, and the changes in between none. */
export function stepFlapping(
	before: Flapping,
	slot: { is_known: boolean; is_change: boolean }
): { flapping: Flapping; notice: 'began' | 'settled' | null } {
	if ( ! slot.is_known ) {
		return { flapping: before, notice: null };
	}
	const slots = before.slots + 1;
	const is_recent = ( at: number ): boolean => at > slots - WITHIN_SLOTS;
	// The same list for as long as it holds, and one without room for more: 10,000 monitors keep theirs.
	const recent = before.changed_at.every( is_recent ) ? before.changed_at : before.changed_at.filter( is_recent );
	const changed_at = slot.is_change ? recent.concat( slots ) : recent;
	const is_flapping = before.is_flapping ? changed_at.length > 0 : changed_at.length >= CHANGES;
	const notice = is_flapping === before.is_flapping ? null : is_flapping ? 'began' : 'settled';
	return { flapping: { slots, changed_at, is_flapping }, notice };
}
