import type { Job, JobProgress, ListPage, ListWork } from '../contract/exchange.ts';
import type { ListState } from './site-state.ts';

const DAY_MS = 24 * 3_600_000;
const AFTER_FAILURE_MS = 15 * 60_000;

/** Whether a list must be fetched: never fetched from this address, a day old, its content lost,
 *  or a quarter of an hour after a failure. A time in the future means that the clock was set back. */
export function mustFetch( state: ListState | null, source: string, has_content: boolean, now_ms: number ): boolean {
	if ( state === null || state.url !== source || state.checked_at_ms > now_ms || ( state.is_ok && ! has_content ) ) {
		return true;
	}
	return now_ms - state.checked_at_ms >= ( state.is_ok ? DAY_MS : AFTER_FAILURE_MS );
}

/** The page that WordPress lacks next, from 1; null when it has all of them. */
export function nextPage( list: ListWork, sha256: string, page_count: number ): number | null {
	if ( list.active_sha256 === sha256 ) {
		return null;
	}
	const staged = list.staging_sha256 === sha256 ? list.staged_pages : 0;
	return staged < page_count ? staged + 1 : null;
}

/** The pages cut into `parts` pieces each. The same cut each time, so that a page number means the same rows. */
export function recut( pages: ListPage[], parts: number ): ListPage[] {
	if ( parts === 1 ) {
		return pages;
	}
	return pages.flatMap( ( page ) =>
		Array.from( { length: parts }, ( _, index ): ListPage => {
			const portion = Math.ceil( page.companies.length / parts );
			const companies = page.companies.slice( index * portion, ( index + 1 ) * portion );
			const ids = new Set( companies.map( ( company ) => company.source_id ) );
			const known = new Set( page.companies.map( ( company ) => company.source_id ) );
			const domains = page.domains.filter(
				( domain ) => ids.has( domain.source_id ) || ( index === 0 && ! known.has( domain.source_id ) )
			);
			return { ...page, page: ( page.page - 1 ) * parts + index + 1, page_count: page.page_count * parts, companies, domains };
		} )
	);
}

/** What is told of a job; `rest` takes what is not 0 or null. */
export const progressOf = ( job: Job, state: JobProgress[ 'state' ], rest: Partial< JobProgress > = {} ): JobProgress => ( {
	job_uid: job.job_uid,
	state,
	done: 0,
	total: 0,
	error_code: null,
	error_message: null,
	verdict: null,
	redirects: [],
	...rest,
} );
