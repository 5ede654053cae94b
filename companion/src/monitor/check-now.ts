/** Checks that were asked for at once may take so much room; the others wait behind them, so that those of the plan go on. */
const MOST_OUTSTANDING = 100;

type Job< Monitor > = { since_ms: number; total: number; awaited: Set< Monitor > };

/** Monitors that are to be checked beside their plan: new ones, changed ones, and those of jobs. Times are on the line. */
export class CheckNow< Monitor > {
	readonly #wanted = new Set< Monitor >();
	readonly #outstanding = new Set< Monitor >();
	readonly #jobs = new Map< string, Job< Monitor > >();

	/** Asks for a check of one. */
	want( monitor: Monitor ): void {
		this.#wanted.add( monitor );
	}

	/** A job that is known already goes on. */
	addJob( job: string, monitors: readonly Monitor[], since_ms: number ): void {
		if ( ! this.#jobs.has( job ) ) {
			this.#jobs.set( job, { since_ms, total: monitors.length, awaited: new Set( monitors ) } );
			monitors.forEach( ( monitor ) => this.want( monitor ) );
		}
	}

	progress( job: string ): { done: number; total: number } | null {
		const known = this.#jobs.get( job );
		return known === undefined ? null : { done: known.total - known.awaited.size, total: known.total };
	}

	forgetJob( job: string ): void {
		this.#jobs.delete( job );
	}

	/** Begins as many as there is room for. `begin` is false when the monitor cannot be checked right now: a check of it
	 *  runs or is about to, and `settled` will tell of that. */
	pump( begin: ( monitor: Monitor ) => boolean ): void {
		for ( const monitor of this.#wanted ) {
			if ( this.#outstanding.size >= MOST_OUTSTANDING ) {
				return;
			}
			this.#wanted.delete( monitor );
			if ( begin( monitor ) ) {
				this.#outstanding.add( monitor );
			}
		}
	}

	/** A slot of a monitor ended, with a result or without. Jobs that want a newer one have it checked again. */
	settled( monitor: Monitor, slot_ms: number, has_result: boolean ): void {
		this.#outstanding.delete( monitor );
		const serves = ( job: Job< Monitor > ): boolean => has_result && slot_ms >= job.since_ms;
		if ( this.#jobs.values().some( ( job ) => job.awaited.has( monitor ) && ! serves( job ) ) ) {
			this.want( monitor );
		} else if ( has_result ) {
			this.#wanted.delete( monitor );
		}
	}

	/** Results up to a slot of a monitor are stored. Whether a job ended with them. */
	stored( monitor: Monitor, slot_ms: number ): boolean {
		return this.#end( monitor, ( job ) => slot_ms >= job.since_ms );
	}

	/** The monitor is gone; nobody waits for it any more. Whether a job ended with it. */
	forget( monitor: Monitor ): boolean {
		this.#wanted.delete( monitor );
		this.#outstanding.delete( monitor );
		return this.#end( monitor, () => true );
	}

	#end( monitor: Monitor, is_served: ( job: Job< Monitor > ) => boolean ): boolean {
		let has_ended = false;
		for ( const job of this.#jobs.values() ) {
			if ( is_served( job ) && job.awaited.delete( monitor ) && job.awaited.size === 0 ) {
				has_ended = true;
			}
		}
		return has_ended;
	}
}
