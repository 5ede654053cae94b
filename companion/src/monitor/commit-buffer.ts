import { messageOf } from '../errors.ts';
import type { EngineClock, EngineLog, MonitorStore, SlotOutcome } from './ports.ts';

/** A transaction costs 1 to 2 ms, whatever is in it: so many outcomes, or what came in so long, share one (spec, "Data guarantees"). */
const MOST_OUTCOMES = 500;
export const COMMIT_AFTER_MS = 200;
/** After a store that failed. */
const AGAIN_AFTER_MS = 1000;

/** The site that outcomes belong to. */
export type Committing = { store: MonitorStore; committed: ( outcomes: readonly SlotOutcome[] ) => void };

/** Outcomes that are to be stored. A process that is killed loses those of the last 200 ms, and does their slots again. */
export class CommitBuffer {
	readonly #clock: EngineClock;
	readonly #log: EngineLog;
	readonly #waiting = new Map< Committing, SlotOutcome[] >();
	#count = 0;
	#cancel: ( () => void ) | null = null;
	#has_failed = false;

	constructor( clock: EngineClock, log: EngineLog ) {
		this.#clock = clock;
		this.#log = log;
	}

	push( site: Committing, outcome: SlotOutcome ): void {
		const outcomes = this.#waiting.get( site );
		if ( outcomes === undefined ) {
			this.#waiting.set( site, [ outcome ] );
		} else {
			outcomes.push( outcome );
		}
		this.#count++;
		if ( this.#count >= MOST_OUTCOMES && ! this.#has_failed ) {
			this.flush();
		} else {
			this.#cancel ??= this.#clock.after( COMMIT_AFTER_MS, () => this.flush() );
		}
	}

	/** Progress of a monitor's newest outcome, whether it is stored yet or waits; null when it never had one. */
	progressOf( site: Committing, monitor_uid: string ): string | null {
		const waiting = this.#waiting.get( site )?.findLast( ( outcome ) => outcome.monitor_uid === monitor_uid );
		return waiting?.progress ?? site.store.progressOf( monitor_uid );
	}

	/** Stores what waits. What a store does not take is kept, and tried again. */
	flush(): void {
		this.#cancel?.();
		this.#cancel = null;
		let has_failed = false;
		for ( const [ site, outcomes ] of this.#waiting ) {
			try {
				site.store.commit( outcomes );
			} catch ( thrown ) {
				has_failed = true;
				if ( ! this.#has_failed ) {
					this.#log( 'error', 'store_failed', { message: messageOf( thrown ), outcomes: outcomes.length } );
				}
				continue;
			}
			this.#waiting.delete( site );
			this.#count -= outcomes.length;
			site.committed( outcomes );
		}
		this.#has_failed = has_failed;
		if ( has_failed ) {
			this.#cancel ??= this.#clock.after( AGAIN_AFTER_MS, () => this.flush() );
		}
	}
}
