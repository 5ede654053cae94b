import { SAME_TIME_MS } from '../contract/exchange.ts';
import type { EngineClock, EngineLog, Shifted } from './ports.ts';
import type { Missed, Schedule } from './schedule.ts';
import type { Judging, Settled } from './settle.ts';
import type { SiteBook, Watched } from './site-book.ts';
import { agreedTime, MOST_LEAD_MS } from './time-line.ts';
import { moveProgress, settleMoved } from './time-shift.ts';
import { readProgress } from './watched.ts';

export type ToldTimeParts = {
	clock: EngineClock;
	log: EngineLog;
	schedule: Schedule;
	books: readonly SiteBook[];
	by_key: ReadonlyMap< string, Watched >;
	judging: ( monitor: Watched ) => Judging;
	/** Stores all that is known, and forgets what is under way. */
	clear: () => void;
	keep: ( monitor: Watched, settled: Settled ) => void;
	missed: ( missed: Missed ) => void;
};

/** A wall that went ahead by less was set, or is fast. */
const SLEPT_MS = 1000;

/** Keeps the line of slots at the time of WordPress, which owns it. */
export class ToldTime {
	readonly #parts: ToldTimeParts;
	#looked: { mono_ms: number; wall_ms: number };
	#asleep_ms: number;

	constructor( parts: ToldTimeParts ) {
		this.#parts = parts;
		const { clock } = parts;
		this.#looked = { mono_ms: clock.mono(), wall_ms: clock.wall() };
		this.#asleep_ms = clock.asleep();
	}

	/** How long the machine slept since this was asked last. The clock is asked only when the wall went ahead: that opens a file. */
	sleptFor(): number {
		const { clock } = this.#parts;
		const before = this.#looked;
		this.#looked = { mono_ms: clock.mono(), wall_ms: clock.wall() };
		const ahead_ms = this.#looked.wall_ms - before.wall_ms - ( this.#looked.mono_ms - before.mono_ms );
		if ( ahead_ms < SLEPT_MS ) {
			return 0;
		}
		const slept_ms = clock.asleep() - this.#asleep_ms;
		this.#asleep_ms += slept_ms;
		return slept_ms < SLEPT_MS ? 0 : slept_ms;
	}

	/** A site's WordPress told its time. What was planned by a wrong clock since the start is moved to where it was in truth; later
	 *  on the line steps ahead or gives way, and is moved only when it leads so far that WordPress would take nothing of it. */
	heard( book: SiteBook, at_ms: number, uncertain_ms: number ): void {
		const { books, clock, schedule } = this.#parts;
		const mono_ms = clock.mono();
		const is_first = books.every( ( { time_off_ms } ) => time_off_ms === null );
		const told = books.flatMap( ( one ) => ( one === book ? at_ms - mono_ms : ( one.time_off_ms ?? [] ) ) );
		const true_ms = mono_ms + ( agreedTime( told, clock.wall() - mono_ms ) ?? at_ms - mono_ms );
		const ahead_ms = true_ms - schedule.line_ms;
		if ( ahead_ms < -MOST_LEAD_MS || ( is_first && ahead_ms > MOST_LEAD_MS ) ) {
			this.#shift( Math.round( ahead_ms ), Math.floor( true_ms ) );
		} else if ( Math.abs( true_ms - schedule.true_ms ) > SAME_TIME_MS + uncertain_ms ) {
			schedule.follow( true_ms );
		}
		books.forEach( ( { store } ) => store.trustTime() );
		book.time_off_ms = at_ms - mono_ms;
	}

	/** Moves all that waits, and goes on from there. What was under way is missed, and comes again with the next slot. */
	#shift( by_ms: number, to_ms: number ): void {
		const { books, by_key, log, schedule, clear, missed } = this.#parts;
		log( 'warn', 'time_corrected', { by_seconds: Math.round( by_ms / 1000 ) } );
		clear();
		const shifts = new Map( books.map( ( book ) => [ book, book.store.shift( by_ms, to_ms, moveProgress ) ] ) );
		const atOf = ( key: string, slot_ms: number ): number => {
			const book = by_key.get( key )?.book;
			return ( book && shifts.get( book )?.at( slot_ms ) ) ?? slot_ms;
		};
		const gaps = schedule.shift( to_ms, atOf );
		for ( const monitor of by_key.values() ) {
			const stored = monitor.book.store.progressOf( monitor.work.monitor_uid );
			monitor.progress = ( stored === null ? null : readProgress( stored ) ) ?? monitor.progress;
			this.#tellGap( monitor, shifts );
		}
		gaps.forEach( missed );
	}

	#tellGap( monitor: Watched, shifts: ReadonlyMap< SiteBook, Shifted > ): void {
		const { judging, keep } = this.#parts;
		const shifted = shifts.get( monitor.book );
		const step_ms = monitor.work.interval_seconds * 1000;
		const settled = shifted && settleMoved( monitor.progress, shifted, step_ms, judging( monitor ) );
		if ( settled ) {
			keep( monitor, settled );
		}
	}
}
