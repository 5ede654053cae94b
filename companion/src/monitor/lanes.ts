/** Lets one at a time go in a lane, in the order in which they came. */
export class Lanes< Item > {
	readonly #lanes = new Map< string, { first: Item; others: Set< Item > } >();

	/** Whether the item may go now; else it waits until `leave` gives it. */
	enter( lane: string, item: Item ): boolean {
		const known = this.#lanes.get( lane );
		if ( known === undefined ) {
			this.#lanes.set( lane, { first: item, others: new Set() } );
			return true;
		}
		known.others.add( item );
		return false;
	}

	/** The item no longer goes or waits. Gives the one that goes now; null when that does not change. */
	leave( lane: string, item: Item ): Item | null {
		const known = this.#lanes.get( lane );
		if ( known === undefined || known.first !== item ) {
			known?.others.delete( item );
			return null;
		}
		const [ next ] = known.others;
		if ( next === undefined ) {
			this.#lanes.delete( lane );
			return null;
		}
		known.others.delete( next );
		known.first = next;
		return next;
	}
}
