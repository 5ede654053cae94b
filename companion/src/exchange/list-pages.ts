import type { Job, JobProgress, ListPage, ListWork } from '../contract/exchange.ts';
import type { Content } from './rooms.ts';
import type { ListState } from './site-state.ts';

const HOUR_MS = 3_600_000;
const AFTER_FAILURE_MS = 15 * 60_000;

export type Look = {
	list: Pick< ListWork, 'schedule_hours' | 'active_sha256' | 'accept_shrunk' >;
	/** Null when the list was never looked at. */
	state: ListState | null;
	/** Where it is fetched from now. */
	source: string;
	/** The newest content of `state` is at hand. */
	has_content: boolean;
	/** That content is older than the one in use. */
	is_behind: boolean;
	now_ms: number;
};

/** Whether WordPress has a newer content than ours, which a browser fetched while we were away. It would refuse ours. */
export function isBehind( list: Pick< ListWork, 'active_sha256' | 'active_fetched_at_ms' >, content: Content | null ): boolean {
	return (
		content !== null &&
		list.active_sha256 !== null &&
		list.active_sha256 !== content.sha256 &&
		content.fetched_at_ms < ( list.active_fetched_at_ms ?? 0 )
	);
}

/** Whether a list must be fetched without a job: never fetched from this address, its hours over, or a quarter of an hour
 *  after a failure; and whatever its schedule, when runs wait for a content that was lost, a person agreed to a version that
 *  shrank, or ours is behind. A time in the future means that the clock was set back. */
export function mustFetch( { list, state, source, has_content, is_behind, now_ms }: Look ): boolean {
	const is_scheduled = list.schedule_hours > 0;
	const is_lost = list.active_sha256 !== null && ! has_content;
	if ( state === null ) {
		return is_scheduled || is_lost;
	}
	const age_ms = now_ms - state.checked_at_ms;
	const may_again = age_ms < 0 || age_ms >= AFTER_FAILURE_MS || state.url !== source;
	if ( ! state.is_ok ) {
		const is_agreed = list.accept_shrunk && ! state.may_shrink;
		return is_agreed || ( ( is_scheduled || is_lost || is_behind ) && may_again );
	}
	const is_due = age_ms < 0 || age_ms >= list.schedule_hours * HOUR_MS || state.url !== source || ! has_content;
	return is_lost || ( is_behind && may_again ) || ( is_scheduled && is_due );
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
