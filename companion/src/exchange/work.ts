import type { DomainPage, ExchangePayload, Job, LabelRow, ListWork } from '../contract/exchange.ts';
import { messageOf } from '../errors.ts';
import { isGivenUp } from './given-up.ts';
import { isBehind, progressOf } from './list-pages.ts';
import { JobWorker, type JobWorkerOptions } from './job-work.ts';
import { ListWorker } from './list-work.ts';
import type { MonitoringWork } from './monitoring.ts';
import { countRows, noRows, type Rows } from './rows.ts';
import type { Cursor, SiteState } from './site-state.ts';

/** The rows that answer WordPress's work, and where the labelling is then. */
export type WorkDone = { rows: Rows; cursor: Cursor };

export type Worker = {
	/** Does what the payload asks for. Touches nothing that WordPress would miss if it were repeated. */
	workOf: ( payload: ExchangePayload ) => Promise< WorkDone >;
	lists: ListWorker;
	jobs: JobWorker;
};

export type WorkerOptions = JobWorkerOptions & { site_id: string; checks: Pick< MonitoringWork, 'progress' | 'keepOnly' > };

const UNKNOWN_JOB = { error_code: 'bad_request', error_message: 'The companion cannot do this job.' };

export function worker( options: WorkerOptions ): Worker {
	const { rooms, state, log, checks } = options;
	const lists = new ListWorker( options );
	const jobs = new JobWorker( options );

	async function labelPage( page: DomainPage, work: ExchangePayload[ 'work' ] ): Promise< LabelRow[] | null > {
		const wanted = page.rows.filter( ( row ) => ! isGivenUp( state, row.domain_id ) );
		const versions = await versionsOf( work.lists, options );
		if ( versions === null || wanted.length === 0 ) {
			return versions === null ? null : [];
		}
		const verdicts = await rooms.label( {
			hosts: wanted.map( ( row ) => row.host ),
			own_hosts: work.own_hosts,
			versions,
			lists: work.lists,
		} );
		return (
			verdicts &&
			wanted.flatMap( ( { domain_id }, index ) => {
				const verdict = verdicts[ index ];
				return verdict === undefined ? [] : [ { domain_id, data_version: page.data_version, verdict } ];
			} )
		);
	}

	async function explain( job: Job, host: string, work: ExchangePayload[ 'work' ], rows: Rows ): Promise< void > {
		const versions = await versionsOf( work.lists, options );
		const request = { hosts: [ host ], own_hosts: work.own_hosts, versions: versions ?? [], lists: work.lists };
		const [ verdict = null ] = versions === null ? [] : ( ( await rooms.label( request ) ) ?? [] );
		if ( verdict !== null ) {
			rows.jobs.push( progressOf( job, 'done', { done: 1, total: 1, verdict } ) );
		}
	}

	async function takeJob( job: Job, work: ExchangePayload[ 'work' ], rows: Rows ): Promise< void > {
		if ( state.note( `job/${ job.job_uid }` ) === 'cancelled' ) {
			rows.jobs.push( progressOf( job, 'cancelled' ) );
		} else if ( job.kind === 'explain' && job.host !== null ) {
			await explain( job, job.host, work, rows );
		} else if ( job.kind === 'redirects' || job.kind === 'webhook' ) {
			rows.jobs.push( jobs.progress( job ) );
		} else if ( job.kind === 'check' ) {
			rows.jobs.push( checks.progress( job ) );
		} else if ( job.kind !== 'list_update' || ! work.lists.some( ( list ) => list.list_uid === job.list_uid ) ) {
			rows.jobs.push( progressOf( job, 'failed', UNKNOWN_JOB ) );
		}
	}

	return {
		lists,
		jobs,
		async workOf( { work } ) {
			const rows = noRows();
			await forgetOthers( work.lists, options );
			jobs.keepOnly( work.jobs );
			checks.keepOnly( work.jobs );
			for ( const job of work.jobs ) {
				await takeJob( job, work, rows );
			}
			for ( const list of work.lists ) {
				append( rows, await lists.rowsFor( list, updateJob( work.jobs, list, state ) ) );
			}
			let cursor = state.cursor();
			const page = work.domains;
			if ( page === null || page.rows.length === 0 ) {
				cursor = { ...cursor, after: 0 };
			} else {
				const labels = await labelPage( page, work );
				if ( labels === null ) {
					log( 'debug', 'labelling_waits_for_list', { domains: page.rows.length } );
				} else {
					rows.labels.push( ...labels );
					cursor = nextCursor( cursor, page );
				}
			}
			return { rows: withoutRepeats( rows, state ), cursor };
		},
	};
}

/** A file that cannot be removed is no reason to stop working. */
async function forgetOthers( lists: readonly ListWork[], { rooms, site_id, log }: WorkerOptions ): Promise< void > {
	try {
		await rooms.keepLists( site_id, lists );
	} catch ( thrown ) {
		log( 'warn', 'lists_not_removed', { message: messageOf( thrown ) } );
	}
}

/** Behind the last domain of the page. After a change of lists every domain is stale again, also those before it. */
export function nextCursor( cursor: Cursor, page: DomainPage ): Cursor {
	const is_same = cursor.data_version === page.data_version;
	return { data_version: page.data_version, after: is_same ? ( page.rows.at( -1 )?.domain_id ?? 0 ) : 0 };
}

/** The versions in use to judge on; null while one is yet to come. A list that cannot be fetched or stored, or that
 *  a browser fetched after us, holds nobody up: WordPress walks over all of its own rows again when a verdict comes in. */
async function versionsOf(
	lists: readonly ListWork[],
	{ rooms, state }: Pick< WorkerOptions, 'rooms' | 'state' >
): Promise< string[] | null > {
	const versions: string[] = [];
	let is_awaited = false;
	for ( const list of lists ) {
		const known = state.list( list.list_uid );
		if ( list.active_sha256 === null ) {
			is_awaited ||= known === null ? list.schedule_hours > 0 : known.is_ok;
		} else if ( ( await rooms.findContent( list, list.active_sha256 ) ) !== null ) {
			versions.push( list.active_sha256 );
		} else if ( known?.is_ok !== false && ! ( await isHeldUp( list, known?.sha256 ?? null, { rooms, state } ) ) ) {
			return null;
		}
	}
	return versions.length === 0 && is_awaited ? null : versions;
}

/** Whether the newest content of a list is not going to be the one in use: a browser fetched after us, or it was refused. */
async function isHeldUp(
	list: ListWork,
	sha256: string | null,
	{ rooms, state }: Pick< WorkerOptions, 'rooms' | 'state' >
): Promise< boolean > {
	const content = sha256 === null ? null : await rooms.findContent( list, sha256 );
	return isBehind( list, content ) || ( sha256 !== null && state.note( `aside/${ sha256 }` ) !== null );
}

function updateJob( jobs: readonly Job[], list: ListWork, state: SiteState ): Job | null {
	const is_open = ( job: Job ) => job.kind === 'list_update' && job.list_uid === list.list_uid;
	return jobs.find( ( job ) => is_open( job ) && state.note( `job/${ job.job_uid }` ) !== 'cancelled' ) ?? null;
}

function append( rows: Rows, more: Rows ): void {
	rows.list_pages.push( ...more.list_pages );
	rows.list_statuses.push( ...more.list_statuses );
	rows.jobs.push( ...more.jobs );
}

/** Progress that WordPress has already is not sent again; the end of a job is, because an open job asks for it. */
function withoutRepeats( rows: Rows, state: SiteState ): Rows {
	const jobs = rows.jobs.filter( ( job ) => {
		const text = `${ job.state } ${ job.done } ${ job.total }`;
		const is_new = job.state !== 'running' || state.note( `told/${ job.job_uid }` ) !== text;
		state.setNote( `told/${ job.job_uid }`, text );
		return is_new;
	} );
	return { ...rows, jobs };
}

export function isEmpty( rows: Rows ): boolean {
	return countRows( rows ) === 0;
}
