import type { Kept } from './pending-memory.ts';
import type { SideFile } from './side-file.ts';

/** How the store of a site is at the end of a transaction. */
type Standing = {
	/** Which database it is; 0 before its first row. */
	mark: number;
	/** Checks that would be lost with the database and the process, and those that are lost already. */
	held: number;
	/** Checks that were ever given to the memory of a full disk. */
	pushed: number;
};

/** What a process of before left. */
export type Recovered = {
	/** Checks that were lost with it, or with its database. */
	lost_checks: number;
	/** Decisions that it could not store, without their checks, which are among the lost. */
	decisions: Kept[];
	/** Decisions for which no space was left. */
	lost_decisions: number;
};

/** What is kept beside the database of one site, in space that is taken beforehand: the decisions that a full disk does not
 *  take, and how many checks are lost when the process is killed then, or when the database is damaged. */
export class KeptAside {
	readonly #file: SideFile;
	#is_clear = false;
	/** Numbers of decisions for which no space was left. */
	#unkept: number[] = [];

	constructor( file: SideFile ) {
		this.#file = file;
	}

	/** Asked once, at the start. `done` is how many checks of the memory the database knows of, `number` its last outcome. */
	recover( { mark, done, number }: { mark: number; done: number; number: number } ): Recovered {
		const found = this.#file.read();
		const head = parsed< Standing & { lost_decisions: number } >( found?.head ?? '' );
		const all = ( found?.lines ?? [] ).map( ( line ) => parsed< Kept >( line ) );
		const is_same = head?.mark === mark;
		return {
			lost_checks: head === null ? 0 : Math.max( 0, is_same ? head.pushed - done : head.held ),
			decisions: all.filter( ( one ) => one !== null && ( ! is_same || one.number > number ) ) as Kept[],
			lost_decisions: head?.lost_decisions ?? 0,
		};
	}

	/** Keeps the decisions of outcomes that are new in memory. */
	keep( outcomes: readonly Kept[] ): void {
		const decided = outcomes.filter( ( { changes, incidents } ) => changes.length + incidents.length > 0 );
		if ( decided.length > 0 ) {
			this.#is_clear = false;
			const kept_count = this.#file.add( decided.map( written ) );
			this.#unkept.push( ...decided.slice( kept_count ).map( ( { number } ) => number ) );
		}
	}

	/** What waits in memory is not as it was kept: its decisions take the place of those. */
	replace( outcomes: readonly Kept[] ): void {
		this.#unkept = [];
		this.#file.rewind();
		this.keep( outcomes );
	}

	/** The database took what was in memory up to this number. */
	stored( number: number ): void {
		this.#unkept = this.#unkept.filter( ( one ) => one > number );
	}

	/** Nothing waits in memory. */
	clear(): void {
		if ( ! this.#is_clear ) {
			this.#file.make();
			this.#file.clear();
			this.#is_clear = true;
			this.#unkept = [];
		}
	}

	note( standing: Standing ): void {
		this.#file.setHead( JSON.stringify( { ...standing, lost_decisions: this.#unkept.length } ) );
	}
}

const written = ( outcome: Kept ): string => JSON.stringify( { ...outcome, rows: [], reading: null } );

/** What we wrote; null when the machine stopped in the middle of it. */
function parsed< Value >( text: string ): Value | null {
	try {
		return JSON.parse( text ) as Value;
	} catch {
		return null;
	}
}
