import type { Incident, Reading, StateChange } from '../contract/monitor.ts';
import type { Moved, Shift } from './shift.ts';

/** All that one monitor stores at once. */
export type Outcome = {
	monitor_uid: string;
	/** Rows of checks, oldest first. */
	rows: readonly string[];
	reading: Reading | null;
	changes: readonly StateChange[];
	incidents: readonly Incident[];
	progress: string;
	last_slot_ms: number;
};

/** One that waits in memory, numbered in the order in which they came. */
export type Kept = Outcome & { number: number };

/** Checks that are kept while the disk takes nothing. */
export const MOST_CHECKS = 10_000;

/** Outcomes while the disk is full. Of the checks the newest 10,000 stay; decisions are never dropped. */
export class PendingMemory {
	#outcomes: Kept[] = [];
	#number = 0;
	#check_count = 0;
	#dropped_count = 0;

	get isEmpty(): boolean {
		return this.#outcomes.length === 0;
	}

	get checkCount(): number {
		return this.#check_count;
	}

	get rowCount(): number {
		return this.#outcomes.reduce(
			( sum, { changes, incidents, reading } ) => sum + changes.length + incidents.length + ( reading === null ? 0 : 1 ),
			this.#check_count
		);
	}

	/** Checks that had no room since `takeDropped` was asked last. */
	get droppedCount(): number {
		return this.#dropped_count;
	}

	/** Newest progress of a monitor in here; null when there is none. */
	progressOf( monitor_uid: string ): string | null {
		return this.#outcomes.findLast( ( outcome ) => outcome.monitor_uid === monitor_uid )?.progress ?? null;
	}

	/** Goes on with what a process of before left, and counts the checks that it lost. */
	restore( decisions: readonly Kept[], lost_checks: number, number: number ): void {
		this.#outcomes = [ ...decisions ];
		this.#dropped_count = lost_checks;
		this.#number = Math.max( number, ...decisions.map( ( one ) => one.number ) );
	}

	/** Answers them with their numbers. */
	push( outcomes: readonly Outcome[] ): readonly Kept[] {
		const kept = outcomes.map( ( outcome ) => ( { ...outcome, number: ++this.#number } ) );
		for ( const outcome of kept ) {
			this.#outcomes.push( outcome );
			this.#check_count += outcome.rows.length;
		}
		if ( this.#check_count > MOST_CHECKS || this.#outcomes.length > 2 * MOST_CHECKS ) {
			this.#shrink();
		}
		return kept;
	}

	/** The oldest outcomes, at most `maximum`; they stay until `shift`. */
	peek( maximum: number ): readonly Kept[] {
		return this.#outcomes.slice( 0, maximum );
	}

	shift( count: number ): void {
		for ( const { rows } of this.#outcomes.splice( 0, count ) ) {
			this.#check_count -= rows.length;
		}
	}

	takeDropped(): number {
		const dropped_count = this.#dropped_count;
		this.#dropped_count = 0;
		return dropped_count;
	}

	/** Takes the decisions of earlier epochs away. */
	dropDecisionsBelow( judge_epoch: number ): void {
		this.#outcomes = this.#outcomes.map( ( outcome ) => ( { ...ofEpoch( outcome, judge_epoch ), number: outcome.number } ) );
	}

	/** Moves what is in here to where it is in truth. */
	move( shift: Shift, moved: Moved, moveProgress: ( progress: string ) => string ): void {
		this.#outcomes = this.#outcomes.map( ( outcome ) => {
			const { monitor_uid, changes, incidents, reading } = outcome;
			const rows = moved.checks( monitor_uid, shift.rows( outcome.rows ) );
			this.#check_count -= outcome.rows.length - rows.length;
			if ( changes.some( ( { changed_at_ms } ) => changed_at_ms > shift.trusted_ms ) ) {
				moved.changed( monitor_uid );
			}
			return {
				number: outcome.number,
				monitor_uid,
				rows,
				reading: reading && shift.reading( reading ),
				changes: changes.map( shift.change ),
				incidents: incidents.map( shift.incident ),
				progress: moveProgress( outcome.progress ),
				last_slot_ms: shift.at( outcome.last_slot_ms ),
			};
		} );
	}

	/** Drops the oldest checks that are too many. What else an outcome holds stays, unless a newer one says it anew. */
	#shrink(): void {
		for ( let index = 0; this.#check_count > MOST_CHECKS; index++ ) {
			const outcome = this.#outcomes[ index ];
			if ( outcome === undefined ) {
				break;
			}
			const dropped_count = Math.min( outcome.rows.length, this.#check_count - MOST_CHECKS );
			this.#check_count -= dropped_count;
			this.#dropped_count += dropped_count;
			this.#outcomes[ index ] = { ...outcome, rows: outcome.rows.slice( dropped_count ) };
		}
		const said = new Set< string >();
		this.#outcomes = this.#outcomes
			.toReversed()
			.filter( ( { monitor_uid, rows, changes, incidents } ) => {
				const is_new = ! said.has( monitor_uid );
				said.add( monitor_uid );
				return is_new || rows.length + changes.length + incidents.length > 0;
			} )
			.toReversed();
	}
}

/** An outcome without decisions of earlier epochs. */
export function ofEpoch( outcome: Outcome, judge_epoch: number ): Outcome {
	const isOurs = ( row: { judge_epoch: number } ): boolean => row.judge_epoch >= judge_epoch;
	const { changes, incidents } = outcome;
	return changes.every( isOurs ) && incidents.every( isOurs )
		? outcome
		: { ...outcome, changes: changes.filter( isOurs ), incidents: incidents.filter( isOurs ) };
}

export const checksOf = ( outcomes: readonly Outcome[] ): number => outcomes.reduce( ( sum, { rows } ) => sum + rows.length, 0 );

/** The highest slot of outcomes and of what was before. */
export function lineOf( outcomes: readonly Outcome[], before_ms: number ): number {
	return outcomes.reduce( ( highest, { last_slot_ms } ) => Math.max( highest, last_slot_ms ), before_ms );
}
