const BUCKETS = 1024;
const BUCKET_MS = 64;

type Entry< Item > = { item: Item; due_ms: number };

/** Deadlines in buckets by their time, as on a clock face that is gone round once in 65 s; later rounds wait in the same bucket.
 *  The earliest is remembered, so that asking for it costs nothing and finding it one bucket. */
export class Wheel< Item > {
	readonly #buckets: Entry< Item >[][] = Array.from( { length: BUCKETS }, () => [] );
	readonly #due = new Map< Item, number >();
	/** No deadline is before it. */
	#from_ms = 0;
	/** The earliest deadline; null when it must be found. */
	#next_ms: number | null = Infinity;

	get size(): number {
		return this.#due.size;
	}

	/** Sets the deadline of an item, in ms from 0; one that it had is forgotten. */
	set( item: Item, due_ms: number ): void {
		this.delete( item );
		this.#due.set( item, due_ms );
		this.#bucket( due_ms ).push( { item, due_ms } );
		this.#from_ms = Math.min( this.#from_ms, due_ms );
		if ( this.#next_ms !== null ) {
			this.#next_ms = Math.min( this.#next_ms, due_ms );
		}
	}

	delete( item: Item ): void {
		const due_ms = this.#due.get( item );
		if ( due_ms === undefined ) {
			return;
		}
		const bucket = this.#bucket( due_ms );
		const last = bucket.pop();
		const index = bucket.findIndex( ( entry ) => entry.item === item );
		if ( index >= 0 && last !== undefined ) {
			bucket[ index ] = last;
		}
		this.#due.delete( item );
		if ( this.#next_ms === due_ms ) {
			this.#next_ms = null;
		}
	}

	/** The earliest deadline; Infinity when there is none. */
	next(): number {
		if ( this.#next_ms === null ) {
			this.#next_ms = this.#earliest();
			this.#from_ms = Math.max( this.#from_ms, Math.min( this.#next_ms, Number.MAX_SAFE_INTEGER ) );
		}
		return this.#next_ms;
	}

	/** Takes out what is due by now, earliest first. */
	take( now_ms: number ): Item[] {
		const taken: Entry< Item >[] = [];
		while ( this.next() <= now_ms ) {
			const bucket = this.#bucket( this.next() );
			taken.push( ...bucket.filter( ( entry ) => entry.due_ms <= now_ms ) );
			const kept = bucket.filter( ( entry ) => entry.due_ms > now_ms );
			bucket.splice( 0, bucket.length, ...kept );
			this.#from_ms = this.next();
			this.#next_ms = null;
			taken.forEach( ( { item, due_ms } ) => this.#due.get( item ) === due_ms && this.#due.delete( item ) );
		}
		return taken.sort( ( a, b ) => a.due_ms - b.due_ms ).map( ( entry ) => entry.item );
	}

	#bucket( due_ms: number ): Entry< Item >[] {
		// The index is below the length, whatever the deadline.
		return this.#buckets[ Math.floor( due_ms / BUCKET_MS ) % BUCKETS ] ?? [];
	}

	#earliest(): number {
		if ( this.#due.size === 0 ) {
			return Infinity;
		}
		const first = Math.floor( this.#from_ms / BUCKET_MS );
		for ( let turn = first; turn < first + BUCKETS; turn++ ) {
			const end_ms = ( turn + 1 ) * BUCKET_MS;
			const bucket = this.#buckets[ turn % BUCKETS ] ?? [];
			let least_ms = Infinity;
			for ( const { due_ms } of bucket ) {
				least_ms = Math.min( least_ms, due_ms );
			}
			if ( least_ms < end_ms ) {
				return least_ms;
			}
		}
		return this.#due.values().reduce( ( least_ms, due_ms ) => Math.min( least_ms, due_ms ), Infinity );
	}
}
