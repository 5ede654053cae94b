import type { Job, ListPage, ListStatus, ListWork } from '../contract/exchange.ts';
import { messageOf, RollcallError } from '../errors.ts';
import type { Json } from '../store/kv-store.ts';
import { isBehind, mustFetch, nextPage, progressOf, recut } from './list-pages.ts';
import type { Clock, Log } from './ports.ts';
import type { Content, Rooms } from './rooms.ts';
import { noRows, type Rows } from './rows.ts';
import type { SiteState } from './site-state.ts';

/** How long a content that was refused is left alone. */
const ASIDE_MS = 10 * 60_000;
const MOST_PARTS = 64;
/** Lists are up to 20 MiB, and their rows take several times that while they are read. */
const MOST_AT_A_TIME = 3;

export type ListWorkerOptions = { rooms: Rooms; state: SiteState; clock: Clock; log: Log; wake: () => void; signal: AbortSignal };

type Fetching = { job_uid: string | null; controller: AbortController; done: Promise< void > };

/** Looks after the lists of one site. Fetching goes on beside the exchange and wakes it when it ends. */
export class ListWorker {
	#options: ListWorkerOptions;
	#fetching = new Map< string, Fetching >();
	#statuses = new Map< string, ListStatus >();

	constructor( options: ListWorkerOptions ) {
		this.#options = options;
	}

	/** Starts what is due and gives the rows that WordPress should have next. `job` is an open one to update the list.
	 *  Never throws: what goes wrong with one list is told of that list and leaves the others alone. */
	async rowsFor( list: ListWork, job: Job | null ): Promise< Rows > {
		try {
			return await this.#rowsFor( list, job );
		} catch ( thrown ) {
			if ( this.#options.state.list( list.list_uid )?.is_ok !== false ) {
				this.#remember( list, job?.job_uid ?? null, null, this.#failed( list, thrown ) );
			}
			const status = this.#statuses.get( list.list_uid );
			this.#statuses.delete( list.list_uid );
			return { ...noRows(), list_statuses: status === undefined ? [] : [ status ] };
		}
	}

	async #rowsFor( list: ListWork, job: Job | null ): Promise< Rows > {
		const { state, clock, rooms } = this.#options;
		const { list_uid } = list;
		const rows = noRows();
		const noted = job === null ? null : state.note( `job/${ job.job_uid }` );
		const is_asked = job !== null && noted === null;
		const content = await this.#content( list );
		const is_behind = isBehind( list, content );
		const look = { list, state: state.list( list_uid ), source: rooms.sourceOf( list ), has_content: content !== null, is_behind };
		if (
			! this.#fetching.has( list_uid ) &&
			this.#fetching.size < MOST_AT_A_TIME &&
			( is_asked || mustFetch( { ...look, now_ms: clock.now() } ) )
		) {
			this.#start( list, job?.job_uid ?? null );
		}
		const status = this.#statuses.get( list_uid );
		if ( status !== undefined ) {
			rows.list_statuses.push( status );
			this.#statuses.delete( list_uid );
		}
		const failure = failureOf( noted );
		if ( job !== null && ( is_asked || failure !== null ) ) {
			rows.jobs.push( failure === null ? progressOf( job, 'running' ) : progressOf( job, 'failed', failure ) );
		}
		// A content that is about to be replaced is not sent any more, and one that was replaced already would be refused.
		if ( content !== null && ! is_behind && ! this.#fetching.has( list_uid ) ) {
			this.#stage( list, content, noted === 'fetched' ? job : null, rows );
		}
		return rows;
	}

	/** Stops the update that a job asked for. */
	cancel( job_uid: string ): void {
		for ( const entry of this.#fetching.values() ) {
			if ( entry.job_uid === job_uid ) {
				entry.controller.abort();
			}
		}
	}

	/** Sends smaller pages of a content from now on, because one was too large for the site. False at the smallest. */
	shrinkPages( sha256: string ): boolean {
		const parts = this.#parts( sha256 ) * 2;
		if ( parts > MOST_PARTS ) {
			return false;
		}
		this.#options.state.setNote( `parts/${ sha256 }`, parts );
		return true;
	}

	/** Leaves a content alone for ten minutes: WordPress or a firewall refused a page of it. */
	setAside( sha256: string, error_code: string ): void {
		this.#options.state.setNote( `aside/${ sha256 }`, error_code, ASIDE_MS );
	}

	/** Resolves when nothing is fetched any more. */
	async settled(): Promise< void > {
		await Promise.all( [ ...this.#fetching.values() ].map( ( entry ) => entry.done ) );
	}

	#start( list: ListWork, job_uid: string | null ): void {
		const controller = new AbortController();
		const signal = AbortSignal.any( [ controller.signal, this.#options.signal ] );
		const entry: Fetching = { job_uid, controller, done: Promise.resolve() };
		this.#fetching.set( list.list_uid, entry );
		entry.done = this.#fetch( list, job_uid, signal );
	}

	async #fetch( list: ListWork, job_uid: string | null, signal: AbortSignal ): Promise< void > {
		const { rooms, wake } = this.#options;
		try {
			const { content, status } = await rooms.updateList( list, signal );
			this.#remember( list, job_uid, content?.sha256 ?? null, status );
		} catch ( thrown ) {
			if ( ! signal.aborted ) {
				this.#remember( list, job_uid, null, this.#failed( list, thrown ) );
			}
		} finally {
			this.#fetching.delete( list.list_uid );
			wake();
		}
	}

	/** Nothing is known of what was left out, because nothing could be read. */
	#failed( { list_uid }: ListWork, thrown: unknown ): ListStatus {
		return {
			list_uid,
			checked_at_ms: this.#options.clock.now(),
			error_code: thrown instanceof RollcallError ? thrown.code : 'internal',
			error_message: messageOf( thrown ).slice( 0, 500 ).toWellFormed(),
			rejected_count: 0,
			rejections: [],
		};
	}

	#remember( list: ListWork, job_uid: string | null, sha256: string | null, status: ListStatus ): void {
		const { state, clock, log, rooms } = this.#options;
		const { error_code, error_message } = status;
		state.setList( list.list_uid, {
			url: rooms.sourceOf( list ),
			checked_at_ms: clock.now(),
			is_ok: error_code === null,
			sha256: sha256 ?? state.list( list.list_uid )?.sha256 ?? null,
			may_shrink: list.accept_shrunk,
		} );
		this.#statuses.set( list.list_uid, status );
		if ( job_uid !== null ) {
			state.setNote( `job/${ job_uid }`, error_code === null ? 'fetched' : { error_code, error_message } );
		}
		log( error_code === null ? 'info' : 'warn', 'list_checked', { list_uid: list.list_uid, error_code, message: error_message } );
	}

	async #content( list: ListWork ): Promise< Content | null > {
		const sha256 = this.#options.state.list( list.list_uid )?.sha256 ?? null;
		return sha256 === null ? null : this.#options.rooms.findContent( list, sha256 );
	}

	#parts( sha256: string ): number {
		const parts = this.#options.state.note( `parts/${ sha256 }` );
		return typeof parts === 'number' ? parts : 1;
	}

	/** Adds the page that comes next and what is said of the job. A content that was set aside is not sent. */
	#stage( list: ListWork, content: Content, job: Job | null, rows: Rows ): void {
		const { sha256 } = content;
		const aside = this.#options.state.note( `aside/${ sha256 }` );
		if ( list.active_sha256 === sha256 || typeof aside === 'string' ) {
			const failure = { error_code: String( aside ), error_message: 'A page of the list was refused.' };
			const is_done = list.active_sha256 === sha256;
			rows.jobs.push(
				...( job === null
					? []
					: [ is_done ? progressOf( job, 'done', { done: 1, total: 1 } ) : progressOf( job, 'failed', failure ) ] )
			);
			return;
		}
		const pages: ListPage[] = recut( content.pages(), this.#parts( sha256 ) );
		const number = nextPage( list, sha256, pages.length );
		const page = number === null ? undefined : pages[ number - 1 ];
		if ( page !== undefined ) {
			rows.list_pages.push( page );
		}
		if ( job !== null ) {
			rows.jobs.push( progressOf( job, 'running', { done: ( page?.page ?? pages.length + 1 ) - 1, total: pages.length } ) );
		}
	}
}

function failureOf( noted: Json ): { error_code: string; error_message: string | null } | null {
	if ( typeof noted !== 'object' || noted === null || Array.isArray( noted ) ) {
		return null;
	}
	const { error_code, error_message } = noted;
	return { error_code: String( error_code ), error_message: typeof error_message === 'string' ? error_message : null };
}
