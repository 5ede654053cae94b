import type { Vitals } from '../contract/monitor.ts';
import { isCorruption, isDiskFull, type Database } from './database.ts';
import { randomInt } from 'node:crypto';
import { KeptAside, type Recovered } from './kept-aside.ts';
import { makeMonitorTables, numbersOf, type NumberName } from './monitor-tables.ts';
import { checksOf, lineOf, ofEpoch, PendingMemory, type Outcome } from './pending-memory.ts';
import { Pending } from './pending.ts';
import { countOf, type MonitoringRows } from './pending-batch.ts';
import { Moved, shiftBy, type Shift } from './shift.ts';
import { workList, type WorkList } from './work-list.ts';

/** What the store tells of itself. */
export type StoreVitals = Pick< Vitals, 'unsent_count' | 'oldest_unsent_at_ms' | 'dropped_count' | 'disk_full' | 'quarantine_count' >;

/** The monitors of one site and their outcomes, until WordPress has signed for them. There is one for each site: what a
 *  full disk does not take is in its memory. */
export type MonitorStore = Omit< WorkList, 'acknowledge' > & {
	progressOf: ( monitor_uid: string ) => string | null;
	/** Stores all of it in one transaction, in the order given. A full disk is no error: then it is kept in memory. */
	commit: ( outcomes: readonly Outcome[] ) => void;
	lastLineMs: () => number;
	/** The clock that slots followed is right: what is stored from here on can be trusted until it is found otherwise. */
	trustTime: () => void;
	/** Slots since the clock was last known to be right were planned by a wrong one: what waits of them is moved by so much, and
	 *  with it the progress of each monitor. What would fall on a time that is stored already is dropped; checks among it count.
	 *  `to_ms` is the time now, which nothing that is stored is after. */
	shift: ( by_ms: number, to_ms: number, moveProgress: ( progress: string, at: Shift[ 'at' ] ) => string ) => Shifted;
	judgeEpoch: () => number;
	/** Decisions of earlier epochs are dropped, also those that are yet to be committed. `also` is done in the same transaction. */
	setJudgeEpoch: ( judge_epoch: number, also?: () => void ) => void;
	/** Hands rows of at most so many bytes over to `keep`, in one transaction; not at all when nothing waits. */
	take: ( maximum_bytes: number, keep: ( rows: MonitoringRows ) => void ) => void;
	/** WordPress has signed for these rows. `was_here`: they were kept until now, so they do not count as lost. */
	acknowledge: ( rows: MonitoringRows, was_here?: boolean ) => void;
	/** Rows that were taken are given up; who does that counts them. */
	giveUp: ( rows: MonitoringRows ) => void;
	/** A decision waits: people are to hear of it at once. */
	hasDecisions: () => boolean;
	/** Bytes of checks that wait. */
	checkBytes: () => number;
	/** A mark behind all that was committed so far, and whether something before a mark still waits here. */
	mark: () => number;
	waitsBefore: ( mark: number ) => boolean;
	/** `taken_count`: rows that were taken and that WordPress has not signed for. */
	vitals: ( taken_count: number ) => StoreVitals;
};

/** `at` tells where a slot is now; up to `trusted_ms` none moved. `moved`: the first check of a monitor since, or Infinity. */
export type Shifted = Pick< Shift, 'trusted_ms' | 'at' > & {
	moved: ReadonlyMap< string, { first_slot_ms: number; has_changes: boolean } >;
};

export type MonitorStoreOptions = {
	database: Database;
	site_id: string;
	now: () => number;
	/** A damaged file was put aside under this name, and a new one begun. */
	onDamaged?: ( kept_as: string ) => void;
	/** A process of before was ended while its disk was full, or its database was lost since. */
	onRecovered?: ( recovered: Recovered ) => void;
	quota_bytes?: number;
};

/** How often a full disk is tried again, and how much at a time. */
const TRY_AGAIN_MS = 5000;
const PORTION = 500;
const QUOTA_EVERY_MS = 10_000;

export function monitorStore( options: MonitorStoreOptions ): MonitorStore {
	return new FileStore( options ).store();
}

class FileStore {
	#database: Database;
	#site_id: string;
	#now: () => number;
	#pending: Pending;
	#memory = new PendingMemory();
	#aside: KeptAside;
	#numbers;
	#work_list: WorkList;
	#onDamaged: ( kept_as: string ) => void;
	#last_line_ms = 0;
	/** Slots up to here were planned by a clock that was right. */
	#trusted_ms = 0;
	#is_trusted = false;
	#dropped_count = 0;
	/** Checks that were taken, and that WordPress has not signed for. */
	#sealed_checks = 0;
	#judge_epoch = 0;
	#mark = 0;
	#memory_done = 0;
	#tried_at_ms = -Infinity;
	#quota_at_ms = -Infinity;

	constructor( { database, site_id, now, onDamaged = () => {}, onRecovered = () => {}, quota_bytes }: MonitorStoreOptions ) {
		this.#database = database;
		this.#onDamaged = onDamaged;
		this.#site_id = site_id;
		this.#now = now;
		this.#pending = new Pending( database, site_id, quota_bytes );
		this.#numbers = numbersOf( database, site_id );
		this.#work_list = workList( database, site_id, this.#numbers );
		this.#aside = new KeptAside( database.sideFile( `waiting-${ site_id }` ) );
		database.keepTables( `monitors ${ site_id }`, () => this.#begin() );
		this.#recover( onRecovered );
	}

	/** After the file was damaged, the checks that waited in it are lost, and those that were under way. */
	#begin(): void {
		this.#database.keepRoom();
		makeMonitorTables( this.#database );
		const lost_count = this.#dropped_count + this.#pending.checkCount() + this.#sealed_checks;
		this.#raise( 'dropped_count', lost_count );
		this.#pending.load();
		this.#mark = this.#numbers.get( 'mark' );
		this.#memory_done = this.#numbers.get( 'memory_done' );
		this.#dropped_count = this.#numbers.get( 'dropped_count' );
		this.#sealed_checks = this.#numbers.get( 'sealed_checks' );
		this.#judge_epoch = this.#numbers.get( 'judge_epoch' );
		this.#last_line_ms = Math.max( this.#last_line_ms, this.#numbers.get( 'last_line_ms' ) );
		const untrusted_ms = this.#numbers.get( 'untrusted_from_ms' );
		this.#trusted_ms = untrusted_ms === 0 ? this.#last_line_ms : untrusted_ms - 1;
	}

	#recover( onRecovered: ( recovered: Recovered ) => void ): void {
		const number = this.#numbers.get( 'memory_number' );
		const recovered = this.#aside.recover( { mark: this.#mark, done: this.#memory_done, number } );
		const { decisions, lost_checks, lost_decisions } = recovered;
		this.#memory.restore( decisions, lost_checks, number );
		// Those of a judge that was replaced since are in the file yet: WordPress would refuse each batch that has one.
		this.#memory.dropDecisionsBelow( this.#judge_epoch );
		if ( decisions.length + lost_checks + lost_decisions > 0 ) {
			onRecovered( recovered );
			this.#empty( true );
		}
		this.#tellAside();
	}

	/** What is to be known when this process is killed, or the database lost. */
	#tellAside(): void {
		if ( this.#memory.isEmpty && this.#memory.droppedCount === 0 ) {
			this.#aside.clear();
		}
		const in_memory = this.#memory.checkCount + this.#memory.droppedCount;
		this.#aside.note( {
			mark: this.#mark,
			held: this.#dropped_count + this.#pending.checkCount() + this.#sealed_checks + in_memory,
			pushed: this.#memory_done + in_memory,
		} );
	}

	store(): MonitorStore {
		const pending = this.#pending;
		return {
			...this.#work_list,
			activeMonitors: () => this.#sound( () => this.#work_list.activeMonitors() ),
			progressOf: ( monitor_uid ) =>
				this.#memory.progressOf( monitor_uid ) ?? this.#sound( () => this.#storedProgress( monitor_uid ) ),
			commit: ( outcomes ) => this.#commit( outcomes ),
			lastLineMs: () => this.#last_line_ms,
			trustTime: () => this.#trust(),
			shift: ( by_ms, to_ms, moveProgress ) => this.#shift( by_ms, to_ms, moveProgress ),
			judgeEpoch: () => this.#judge_epoch,
			setJudgeEpoch: ( judge_epoch, also = () => {} ) => this.#setEpoch( judge_epoch, also ),
			take: ( maximum_bytes, keep ) => this.#take( maximum_bytes, keep ),
			acknowledge: ( rows, was_here = true ) => this.#acknowledge( rows, was_here ),
			giveUp: ( rows ) => this.#release( countOf( rows ) ),
			hasDecisions: () => pending.decisionCount() > 0,
			checkBytes: () => pending.checkBytes(),
			mark: () => pending.lastSequence(),
			waitsBefore: ( mark ) => ! this.#memory.isEmpty || ( pending.firstSequence() ?? Infinity ) <= mark,
			vitals: ( taken_count ) => this.#vitals( taken_count ),
		};
	}

	#commit( outcomes: readonly Outcome[] ): void {
		const ours = outcomes.map( ( outcome ) => ofEpoch( outcome, this.#judge_epoch ) );
		this.#last_line_ms = lineOf( outcomes, this.#last_line_ms );
		if ( ! this.#memory.isEmpty || ! this.#database.hasRoom() || ! this.#write( ours ) ) {
			this.#aside.keep( this.#memory.push( ours ) );
		}
		if ( ! this.#memory.isEmpty && Math.abs( this.#now() - this.#tried_at_ms ) >= TRY_AGAIN_MS ) {
			this.#empty();
		}
		this.#tellAside();
	}

	/** Puts what is in memory into the file, as far as the disk takes it. While no space is kept aside, what is in the file
	 *  goes to WordPress first: it frees the room for the rest. */
	#empty( has_lost = false ): void {
		this.#tried_at_ms = this.#now();
		while ( ( has_lost || ! this.#memory.isEmpty ) && ( this.#database.keepRoom() || this.#pending.rowCount() === 0 ) ) {
			has_lost = false;
			const portion = this.#memory.peek( PORTION );
			if ( ! this.#write( portion, portion.at( -1 )?.number ) ) {
				return;
			}
			this.#memory.shift( portion.length );
			this.#aside.stored( portion.at( -1 )?.number ?? 0 );
		}
	}

	/** False when the disk is full; then nothing of it is stored. */
	#write( outcomes: readonly Outcome[], number?: number ): boolean {
		const is_written = this.#tryToWrite( outcomes, number ) || ( this.#database.cutJournal() && this.#tryToWrite( outcomes, number ) );
		this.#tried_at_ms = is_written ? -Infinity : this.#now();
		return is_written;
	}

	/** `number` is that of the last one when they come from memory. */
	#tryToWrite( outcomes: readonly Outcome[], number?: number ): boolean {
		try {
			this.#sound( () => this.#changing( () => this.#writeAll( outcomes, number ) ) );
		} catch ( thrown ) {
			if ( isDiskFull( thrown ) ) {
				return false;
			}
			throw thrown;
		}
		this.#memory.takeDropped();
		this.#mark = this.#numbers.get( 'mark' );
		this.#memory_done = this.#numbers.get( 'memory_done' );
		this.#dropped_count = this.#numbers.get( 'dropped_count' );
		return true;
	}

	#writeAll( outcomes: readonly Outcome[], number?: number ): void {
		if ( this.#mark === 0 ) {
			this.#numbers.set( 'mark', randomInt( 1, 2 ** 47 ) );
		}
		this.#raise( 'memory_done', this.#memory.droppedCount + ( number === undefined ? 0 : checksOf( outcomes ) ) );
		if ( number !== undefined ) {
			this.#numbers.set( 'memory_number', number );
		}
		this.#pending.write( outcomes, this.#last_line_ms );
		for ( const { monitor_uid, progress } of outcomes ) {
			this.#database.run(
				'INSERT OR REPLACE INTO progress ( site_id, monitor_uid, progress ) VALUES ( ?, ?, ? )',
				...[ this.#site_id, monitor_uid, progress ]
			);
		}
		this.#raise( 'dropped_count', this.#memory.droppedCount + this.#beyondQuota() );
		if ( this.#numbers.get( 'last_line_ms' ) < this.#last_line_ms ) {
			this.#numbers.set( 'last_line_ms', this.#last_line_ms );
		}
		if ( ! this.#is_trusted && this.#numbers.get( 'untrusted_from_ms' ) === 0 ) {
			this.#numbers.set( 'untrusted_from_ms', this.#trusted_ms + 1 );
		}
	}

	#trust(): void {
		this.#trusted_ms = this.#last_line_ms;
		if ( ! this.#is_trusted ) {
			this.#numbers.set( 'untrusted_from_ms', 0 );
			this.#is_trusted = true;
		}
	}

	#shift( by_ms: number, to_ms: number, moveProgress: ( progress: string, at: Shift[ 'at' ] ) => string ): Shifted {
		const shift = shiftBy( by_ms, Math.min( this.#trusted_ms, Math.floor( to_ms ) ) );
		const moved = new Moved();
		const moveText = ( progress: string ): string => moveProgress( progress, shift.at );
		this.#changing( () => {
			this.#pending.shift( shift, moved );
			for ( const row of this.#database.all( 'SELECT monitor_uid, progress FROM progress WHERE site_id = ?', this.#site_id ) ) {
				this.#database.run(
					'UPDATE progress SET progress = ? WHERE site_id = ? AND monitor_uid = ?',
					...[ moveText( String( row.progress ) ), this.#site_id, String( row.monitor_uid ) ]
				);
			}
			this.#raise( 'dropped_count', moved.dropped_count );
			this.#numbers.set( 'last_line_ms', shift.at( this.#last_line_ms ) );
			this.#numbers.set( 'untrusted_from_ms', 0 );
		} );
		this.#memory.move( shift, moved, moveText );
		this.#aside.replace( this.#memory.peek( Infinity ) );
		this.#is_trusted = true;
		this.#dropped_count = this.#numbers.get( 'dropped_count' );
		this.#last_line_ms = shift.at( this.#last_line_ms );
		this.#trusted_ms = this.#last_line_ms;
		return { trusted_ms: shift.trusted_ms, at: shift.at, moved: moved.by_monitor };
	}

	/** A damaged file must not end the checks: it is put aside, and the work is done with a new one. WordPress sends the list
	 *  of monitors again. */
	#sound< Result >( work: () => Result ): Result {
		try {
			return work();
		} catch ( thrown ) {
			if ( ! isCorruption( thrown ) ) {
				throw thrown;
			}
			this.#onDamaged( this.#database.quarantine( this.#now() ) );
			this.#tellAside();
			return work();
		}
	}

	#beyondQuota(): number {
		const now_ms = this.#now();
		if ( Math.abs( now_ms - this.#quota_at_ms ) < QUOTA_EVERY_MS ) {
			return 0;
		}
		this.#quota_at_ms = now_ms;
		// A line that follows a wrong clock says nothing of age.
		return this.#pending.dropBeyondQuota( this.#is_trusted ? this.#last_line_ms : 0 );
	}

	#raise( name: NumberName, by: number ): void {
		if ( by > 0 ) {
			this.#numbers.set( name, this.#numbers.get( name ) + by );
		}
	}

	#setEpoch( judge_epoch: number, also: () => void ): void {
		this.#changing( () => {
			this.#numbers.set( 'judge_epoch', judge_epoch );
			this.#pending.dropDecisionsBelow( judge_epoch );
			also();
		} );
		this.#judge_epoch = judge_epoch;
		this.#memory.dropDecisionsBelow( judge_epoch );
		this.#tellAside();
	}

	#take( maximum_bytes: number, keep: ( rows: MonitoringRows ) => void ): void {
		if ( this.#pending.rowCount() === 0 ) {
			return;
		}
		this.#changing( () => {
			const found = this.#pending.take( maximum_bytes );
			if ( found !== null ) {
				this.#numbers.set( 'sealed_since_ms', found.since_ms );
				this.#numbers.set( 'sealed_checks', this.#numbers.get( 'sealed_checks' ) + countOf( found.rows ) );
				keep( found.rows );
			}
		} );
		this.#sealed_checks = this.#numbers.get( 'sealed_checks' );
		// What is on its way can no longer be moved, so nothing may be moved onto it.
		this.#trusted_ms = this.#last_line_ms;
		this.#tellAside();
	}

	#acknowledge( rows: MonitoringRows, was_here: boolean ): void {
		this.#database.transaction( () => {
			for ( const group of rows.checks ) {
				this.#work_list.acknowledge( group.monitor_uid, parseInt( group.rows.at( -1 ) ?? '0', 10 ) );
			}
			if ( was_here ) {
				this.#release( countOf( rows ) );
			} else {
				const dropped_count = Math.max( 0, this.#numbers.get( 'dropped_count' ) - countOf( rows ) );
				this.#numbers.set( 'dropped_count', dropped_count );
				this.#dropped_count = dropped_count;
			}
		} );
		this.#tellAside();
	}

	#release( count: number ): void {
		this.#sealed_checks = Math.max( 0, this.#numbers.get( 'sealed_checks' ) - count );
		this.#numbers.set( 'sealed_checks', this.#sealed_checks );
	}

	/** Runs work that changes what waits, in one transaction; a roll-back takes the counts back too. */
	#changing< Result >( work: () => Result ): Result {
		let has_held = false;
		try {
			const result = this.#database.transaction( work );
			has_held = true;
			return result;
		} finally {
			this.#pending.settle( has_held );
		}
	}

	#storedProgress( monitor_uid: string ): string | null {
		const [ row ] = this.#database.all(
			'SELECT progress FROM progress WHERE site_id = ? AND monitor_uid = ?',
			this.#site_id,
			monitor_uid
		);
		return row === undefined ? null : String( row.progress );
	}

	#vitals( taken_count: number ): StoreVitals {
		const since = [ this.#pending.sinceMs(), taken_count > 0 ? this.#numbers.get( 'sealed_since_ms' ) : null ];
		const known = since.filter( ( at_ms ) => at_ms !== null );
		return {
			unsent_count: taken_count + this.#pending.rowCount() + this.#memory.rowCount,
			// By the clock of this machine, as the rest of what it tells.
			oldest_unsent_at_ms: known.length === 0 ? null : this.#now() - Math.max( 0, this.#last_line_ms - Math.min( ...known ) ),
			dropped_count: this.#numbers.get( 'dropped_count' ) + this.#memory.droppedCount,
			disk_full: ! this.#memory.isEmpty,
			quarantine_count: this.#database.quarantines(),
		};
	}
}
