import type { Job, JobProgress } from '../contract/exchange.ts';
import { messageOf, RollcallError } from '../errors.ts';
import { deliver, type Delivery } from './webhook.ts';
import { progressOf } from './list-pages.ts';
import type { Clock, Log } from './ports.ts';
import type { Rooms } from './rooms.ts';
import type { SiteState } from './site-state.ts';

export type JobWorkerOptions = {
	rooms: Rooms;
	state: SiteState;
	clock: Clock;
	log: Log;
	/** How the companion calls itself to strangers. */
	userAgent: () => string;
	wake: () => void;
	signal: AbortSignal;
};

type Running = { job: Job; progress: JobProgress; controller: AbortController; done: Promise< void > };

/** Jobs that call other sites. They go on beside the exchange and wake it when they end; their end is told as long as
 *  WordPress keeps them open. After a restart they begin again, a webhook with the tries that it has left. */
export class JobWorker {
	#options: JobWorkerOptions;
	#running = new Map< string, Running >();

	constructor( options: JobWorkerOptions ) {
		this.#options = options;
	}

	/** Starts a job that is new and says how far it is. */
	progress( job: Job ): JobProgress {
		const running = this.#running.get( job.job_uid ) ?? this.#start( job );
		// WordPress may sign a webhook anew for each exchange, because receivers refuse old timestamps.
		running.job = job;
		return running.progress;
	}

	/** Stops a job; WordPress hears that it was cancelled when it asks. */
	cancel( job_uid: string ): void {
		this.#running.get( job_uid )?.controller.abort();
	}

	/** Forgets the jobs that WordPress no longer has open. */
	keepOnly( jobs: readonly Job[] ): void {
		const open = new Set( jobs.map( ( { job_uid } ) => job_uid ) );
		for ( const [ job_uid, { controller } ] of this.#running ) {
			if ( ! open.has( job_uid ) ) {
				controller.abort();
				this.#running.delete( job_uid );
			}
		}
	}

	/** Resolves when nothing is under way. */
	async settled(): Promise< void > {
		await Promise.all( [ ...this.#running.values() ].map( ( { done } ) => done ) );
	}

	#start( job: Job ): Running {
		const controller = new AbortController();
		const total = job.kind === 'redirects' ? job.hosts.length : 0;
		const running: Running = { job, progress: progressOf( job, 'running', { total } ), controller, done: Promise.resolve() };
		this.#running.set( job.job_uid, running );
		running.done = this.#carryOut( running, AbortSignal.any( [ controller.signal, this.#options.signal ] ) );
		return running;
	}

	async #carryOut( running: Running, signal: AbortSignal ): Promise< void > {
		const { log, wake } = this.#options;
		const { job_uid, kind } = running.job;
		try {
			await ( kind === 'redirects' ? this.#askSites( running, signal ) : this.#callWebhook( running, signal ) );
			log( 'info', 'job_done', { job_uid, kind } );
		} catch ( thrown ) {
			if ( signal.aborted ) {
				return;
			}
			const error_code = thrown instanceof RollcallError ? thrown.code : 'internal';
			const error_message = messageOf( thrown ).slice( 0, 500 ).toWellFormed();
			running.progress = { ...running.progress, state: 'failed', error_code, error_message };
			log( 'warn', 'job_failed', { job_uid, kind, error_code } );
		}
		wake();
	}

	async #askSites( running: Running, signal: AbortSignal ): Promise< void > {
		const { rooms, userAgent } = this.#options;
		const { hosts } = running.job;
		const redirects = await rooms.whereSitesLead( hosts, {
			user_agent: userAgent(),
			signal,
			onProgress: ( done ) => {
				running.progress = { ...running.progress, done: done.length, redirects: [ ...done ] };
			},
		} );
		running.progress = { ...running.progress, state: 'done', done: hosts.length, redirects };
	}

	async #callWebhook( running: Running, signal: AbortSignal ): Promise< void > {
		const delivery: Delivery = {
			...this.#options,
			signal,
			job_uid: running.job.job_uid,
			call: () => running.job.webhook,
			onTry: ( tries ) => {
				running.progress = { ...running.progress, done: tries };
			},
		};
		await deliver( delivery );
		running.progress = { ...running.progress, state: 'done' };
	}
}
