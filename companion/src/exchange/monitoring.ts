import type { Batch, Exchange, ExchangePayload, Job, JobProgress } from '../contract/exchange.ts';
import type { MonitorPage, Vitals } from '../contract/monitor.ts';
import { isDiskFull, type Database } from '../store/database.ts';
import type { MonitorStore } from '../store/monitor-store.ts';
import type { MonitoringRows } from '../store/pending-batch.ts';
import { DeadMan, type DeadManOptions } from './dead-man.ts';
import { progressOf } from './list-pages.ts';
import type { Monitoring } from './rooms.ts';
import { noRows, type Rows } from './rows.ts';
import type { SiteState } from './site-state.ts';
import type { Spool } from './spool.ts';

export type MonitoringOptions = DeadManOptions & {
	database: Database;
	monitors: MonitorStore;
	monitoring: Monitoring;
	batches: Spool;
	state: SiteState;
};

/** What is sealed at once. Checks that ask wait so long, which would be told as their response time: 25 ms for this much,
 *  and 60 for twice of it. */
const SEALED_BYTES = 400_000;

/** A page of beats that is full may not be all of them. */
const MOST_BEATS = 500;

/** What an exchange says of monitoring beside its batch. */
export type Said = Pick< Exchange, 'judge_epoch' | 'vitals' > & Omit< Exchange[ 'cursors' ], 'domains_after' >;

/** A job that checks monitors: how many of them WordPress signed for, behind which row of the store more of them end, and behind
 *  which the last; null until it is checked. */
type CheckJob = { done: number; unsigned: { done: number; mark: number }[]; ends_at: number | null };

/** For a call that only asks whether the way is open. */
export const NOTHING_SAID: Said = { judge_epoch: 0, vitals: null, monitors_revision: 0, beats_after_ms: 0 };

/** Monitoring's part of the exchange of one site: takes the work list in, and seals what the engine committed. */
export class MonitoringWork {
	#options: MonitoringOptions;
	#dead_man: DeadMan;
	#jobs = new Map< string, CheckJob >();
	#can_seal = true;
	/** Pages were taken of which the engine was not told. */
	#is_list_other = false;

	constructor( options: MonitoringOptions ) {
		this.#options = options;
		this.#dead_man = new DeadMan( options );
	}

	/** Tells the engine what was known before a restart. */
	start(): void {
		if ( this.#options.monitors.judgeEpoch() > 0 ) {
			this.#options.monitoring.setEpoch( this.#decidingEpoch() );
		}
	}

	/** What is called when something is to be sent at once. On standby nothing is. */
	onUrgent( callback: () => void ): void {
		this.#options.monitoring.onUrgent( () => {
			if ( ! this.standsBy() ) {
				callback();
			}
		} );
	}

	/** WordPress refused decisions, because another companion decides by now. */
	noteRefusal(): void {
		const { log, monitors, state } = this.#options;
		state.raise( 'stale_lease', 1 );
		log( 'warn', 'stale_lease', { judge_epoch: monitors.judgeEpoch() } );
	}

	/** Another companion decides. */
	standsBy(): boolean {
		return this.#options.state.standbyLocation() !== 0;
	}

	said(): Said {
		const { monitors } = this.#options;
		return {
			judge_epoch: monitors.judgeEpoch(),
			monitors_revision: monitors.revision(),
			beats_after_ms: monitors.beatsAfterMs(),
			vitals: this.vitals(),
		};
	}

	vitals(): Vitals {
		const { monitors, monitoring, batches, state } = this.#options;
		return {
			...monitoring.vitals(),
			...monitors.vitals( batches.monitoringCount() ),
			dead_letter_count: state.counters().dead_letters ?? 0,
			...this.#dead_man.vitals(),
		};
	}

	/** Moves what waits into a batch, when none is in flight and its times are known to be right. On a full disk the space that
	 *  is kept aside is used for it; without any it stays where it is. */
	seal(): void {
		const { batches, database, log, monitoring } = this.#options;
		if ( batches.count() > 0 || ! monitoring.knowsTime() ) {
			return;
		}
		const is_sealed = this.#tryToSeal() || ( database.freeRoom() && this.#tryToSeal() );
		if ( ! is_sealed && this.#can_seal ) {
			log( 'error', 'disk_full', {} );
		}
		this.#can_seal = is_sealed;
	}

	/** False when the disk is full. */
	#tryToSeal(): boolean {
		const { monitors, batches } = this.#options;
		try {
			const location_id = this.#options.state.standbyLocation();
			monitors.take( SEALED_BYTES, ( rows ) => {
				batches.add( { ...noRows(), ...( location_id === 0 ? rows : ofStandby( rows, location_id ) ) } );
			} );
			return true;
		} catch ( thrown ) {
			if ( isDiskFull( thrown ) ) {
				return false;
			}
			throw thrown;
		}
	}

	/** Another batch would be full. */
	hasFullBatch(): boolean {
		return this.#can_seal && this.#options.monitors.checkBytes() > SEALED_BYTES;
	}

	/** A decision, or the end of a job that a person waits for, is yet to be sent. */
	isUrgent(): boolean {
		const { monitors } = this.#options;
		const isAwaited = ( { ends_at }: CheckJob ): boolean => ends_at !== null && monitors.waitsBefore( ends_at );
		return this.#can_seal && ( monitors.hasDecisions() || [ ...this.#jobs.values() ].some( isAwaited ) );
	}

	/** WordPress has signed for a batch. Belongs into the transaction in which it leaves the spool. */
	settle( batch: Batch, was_here: boolean ): void {
		this.#options.monitors.acknowledge( batch, was_here );
	}

	/** No way led to WordPress for the rows of this batch. */
	giveUp( batch: Batch ): void {
		this.#options.monitors.giveUp( batch );
	}

	/** WordPress was restored from a backup, or wants everything told anew. */
	restore(): void {
		this.#options.monitors.startRestoring();
	}

	/** Takes in what WordPress says of monitoring. True when it brought something and more waits there. `batch` is what it signed for. */
	takeIn( { judge_epoch, standby_location_id, work }: ExchangePayload, batch: Batch | null ): boolean {
		const { monitors, monitoring, log } = this.#options;
		const decided_as = this.#decidingEpoch();
		this.#takeRole( standby_location_id ?? 0 );
		this.#takeEpoch( judge_epoch );
		if ( this.#decidingEpoch() !== decided_as ) {
			monitoring.setEpoch( this.#decidingEpoch() );
		}
		const before = cursorsOf( monitors );
		monitoring.setContact( work.contact_url );
		this.#takePage( work.monitors );
		monitors.takeBeats( work.beats );
		const last_beat = work.beats.length < MOST_BEATS ? undefined : work.beats.at( -1 );
		monitoring.heard( work.beats, last_beat?.beat_at_ms ?? work.heard_until_ms );
		const restored = monitors.takeRestored();
		if ( restored !== null && restored.size > 0 ) {
			log( 'warn', 'monitors_restored', { monitors: restored.size } );
			monitoring.restored( restored );
		}
		const is_alive = ( batch?.checks.length ?? 0 ) > 0 && monitoring.vitals().stalled_count === 0;
		if ( is_alive || work.dead_man_url === '' ) {
			this.#dead_man.call( work.dead_man_url );
		}
		return ( work.monitors?.has_more === true || last_beat !== undefined ) && cursorsOf( monitors ) !== before;
	}

	/** The engine is told with the last page: what is on none of them would count as paused. */
	#takePage( page: MonitorPage | null ): void {
		const { monitors, monitoring, log } = this.#options;
		if ( page !== null && monitors.takePage( page ) ) {
			log( 'info', 'monitors_changed', { rows: page.rows.length, revision: page.revision } );
			this.#is_list_other = true;
		}
		if ( this.#is_list_other && page?.has_more !== true ) {
			this.#is_list_other = false;
			monitoring.changed();
		}
	}

	/** Starts a job that checks monitors now, and says how far it is. Done is what WordPress signed for: a person who reads of
	 *  nine checks looks for nine rows. */
	progress( job: Job ): JobProgress {
		const { monitors, monitoring } = this.#options;
		const { job_uid } = job;
		const known = this.#jobs.get( job_uid ) ?? { done: 0, unsigned: [], ends_at: null };
		if ( ! this.#jobs.has( job_uid ) ) {
			this.#jobs.set( job_uid, known );
			monitoring.checkNow( job_uid, job.monitor_uids );
		}
		const progress = monitoring.jobProgress( job_uid );
		if ( progress === null ) {
			return progressOf( job, 'running', {} );
		}
		const { done, total } = progress;
		if ( done > ( known.unsigned.at( -1 )?.done ?? known.done ) || ( done === total && known.ends_at === null ) ) {
			known.unsigned.push( { done, mark: monitors.mark() } );
		}
		known.ends_at ??= done === total ? monitors.mark() : null;
		known.done = known.unsigned.findLast( ( { mark } ) => ! monitors.waitsBefore( mark ) )?.done ?? known.done;
		known.unsigned = known.unsigned.filter( ( { mark } ) => monitors.waitsBefore( mark ) );
		const is_done = known.ends_at !== null && known.unsigned.length === 0;
		return progressOf( job, is_done ? 'done' : 'running', { done: known.done, total } );
	}

	/** Forgets the jobs that WordPress no longer has open. */
	keepOnly( jobs: readonly Job[] ): void {
		const open = new Set( jobs.map( ( { job_uid } ) => job_uid ) );
		for ( const job_uid of this.#jobs.keys() ) {
			if ( ! open.has( job_uid ) ) {
				this.forget( job_uid );
			}
		}
	}

	forget( job_uid: string ): void {
		this.#jobs.delete( job_uid );
		this.#options.monitoring.forgetJob( job_uid );
	}

	/** Resolves when nothing is under way. */
	settled(): Promise< void > {
		return this.#dead_man.settled();
	}

	/** The epoch under which the engine decides; 0 on standby. */
	#decidingEpoch(): number {
		return this.standsBy() ? 0 : this.#options.monitors.judgeEpoch();
	}

	/** Whoever stands by checks on; what it had decided it keeps to itself, also what a batch that waits already holds. */
	#takeRole( location_id: number ): void {
		const { batches, database, log, state } = this.#options;
		if ( location_id === state.standbyLocation() ) {
			return;
		}
		database.transaction( () => {
			state.setStandbyLocation( location_id );
			if ( location_id !== 0 ) {
				batches.rewrite( ( rows ) => ( { ...rows, ...ofStandby( rows, location_id ) } ) );
			}
		} );
		log( 'info', location_id === 0 ? 'judges' : 'stands_by', { location_id } );
	}

	/** Another judge took over since, or this one was paired anew: decisions of before are void, checks are not. */
	#takeEpoch( judge_epoch: number ): void {
		const { monitors, batches, log } = this.#options;
		if ( judge_epoch <= monitors.judgeEpoch() ) {
			return;
		}
		monitors.setJudgeEpoch( judge_epoch, () => batches.rewrite( ( rows ) => ofEpoch( rows, judge_epoch ) ) );
		log( 'info', 'judge_epoch', { judge_epoch } );
	}
}

const cursorsOf = ( monitors: MonitorStore ): string => `${ monitors.revision() } ${ monitors.beatsAfterMs() }`;

/** Checks, under the companion's own location, and nothing that only the judge says. */
function ofStandby( { checks }: MonitoringRows, location_id: number ): MonitoringRows {
	return { checks: checks.map( ( group ) => ( { ...group, location_id } ) ), readings: [], state_changes: [], incidents: [] };
}

function ofEpoch( rows: Rows, judge_epoch: number ): Rows {
	return {
		...rows,
		state_changes: rows.state_changes.filter( ( row ) => row.judge_epoch >= judge_epoch ),
		incidents: rows.incidents.filter( ( row ) => row.judge_epoch >= judge_epoch ),
	};
}
