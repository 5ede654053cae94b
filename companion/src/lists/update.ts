import type { ListStatus, ListWork } from '../contract/exchange.ts';
import { RollcallError } from '../errors.ts';
import type { Fetcher } from '../guard/fetcher.ts';
import type { ListCache, StoredList } from './cache.ts';
import { makeContent, type ListContent } from './content.ts';
import { fetchListBytes } from './fetch.ts';
import { DEFAULT_LIST } from './default-list.ts';
import type { Remark } from './parse-yc.ts';
import { ANY_TYPES, fetchUrlOf, NOTHING_LEFT_OUT, readList, sourceOfBytes, type LeftOut, type ReadTools } from './read-list.ts';
import { SAMPLE_URL, sampleContent } from './sample.ts';

/** Below this share of the last good version an update is set aside: more likely an accident than the truth. */
const LEAST_SHARE = 0.8;

export type ListTools = { cache: ListCache; fetcher: Fetcher; parse: ReadTools };

export type ListUpdate = {
	list: ListWork;
	tools: ListTools;
	now_ms: number;
	signal: AbortSignal;
	/** The operator named another place for the list, and what lies there may be of any kind. */
	is_of_any_kind?: boolean;
	/** Steps of three: fetched, read, stored. */
	onProgress?: ( done: number, total: number ) => void;
};

/** How a look at a list ended. `content` is the newest one to use: fetched, kept from before, the sample when the
 *  list never was in use, or null when there is none. Compare its sha256 with that of WordPress. */
export type ListOutcome = {
	content: ListContent | null;
	status: ListStatus;
	/** The same failure as `status` tells, with its cause for the log. */
	error: RollcallError | null;
	/** Fields not taken over; empty unless a list was read now. */
	remarks: Remark[];
};

const STEPS = 3;

/** Fetches a list, reads it and keeps it. A failure is told in `status`, and the last good content stays as it is.
 *  What an address gave before counts only for that address: another one begins without history.
 *  Throws only `cancelled` and `state_folder`. */
export async function updateList( update: ListUpdate ): Promise< ListOutcome > {
	const { list, tools, now_ms, onProgress } = update;
	const { list_uid } = list;
	const status: ListStatus = { list_uid, checked_at_ms: now_ms, error_code: null, error_message: null, ...NOTHING_LEFT_OUT };
	onProgress?.( 0, STEPS );
	if ( list.url === SAMPLE_URL ) {
		const content = await sampleContent( list_uid, now_ms, tools.parse );
		onProgress?.( STEPS, STEPS );
		return { content, status, error: null, remarks: [] };
	}
	const kept = await tools.cache.load( list_uid );
	const last = kept.find( ( stored ) => stored.url === list.url ) ?? null;
	try {
		const { stored, remarks } = await refresh( update, last, kept );
		onProgress?.( STEPS, STEPS );
		return { content: stored.content, status: { ...status, ...leftOutOf( stored ) }, error: null, remarks };
	} catch ( error ) {
		if ( ! ( error instanceof RollcallError ) || error.code === 'cancelled' || error.code === 'state_folder' ) {
			throw error;
		}
		const stored = last ?? kept.find( ( { content } ) => content.sha256 === list.active_sha256 ) ?? null;
		return {
			content: stored?.content ?? ( await sampleInstead( update ) ),
			status: {
				...status,
				...leftOutOf( stored ),
				error_code: error.code,
				error_message: error.message.slice( 0, 500 ).toWellFormed(),
			},
			error,
			remarks: [],
		};
	}
}

function leftOutOf( stored: StoredList | null ): LeftOut {
	return stored === null ? NOTHING_LEFT_OUT : { rejected_count: stored.rejected_count, rejections: stored.rejections };
}

/** The content that WordPress has in use, by its sha256, without the network; null when it is not at hand. */
export async function findContent( list: ListWork, sha256: string, tools: ListTools, now_ms: number ): Promise< ListContent | null > {
	const kept = ( await tools.cache.load( list.list_uid ) ).find( ( { content } ) => content.sha256 === sha256 );
	if ( kept ) {
		return kept.content;
	}
	const sample = await sampleContent( list.list_uid, now_ms, tools.parse );
	return sample.sha256 === sha256 ? sample : null;
}

const TABLE_TYPES = 'text/csv, text/tab-separated-values;q=0.9, text/plain;q=0.5, */*;q=0.1';

async function refresh(
	update: ListUpdate,
	last: StoredList | null,
	kept: StoredList[]
): Promise< { stored: StoredList; remarks: Remark[] } > {
	const { list, tools, now_ms, signal, is_of_any_kind = false, onProgress } = update;
	const url = fetchUrlOf( is_of_any_kind ? 'csv' : list.source, list.url );
	const accept = is_of_any_kind ? ANY_TYPES : list.source === 'yc' ? 'application/json' : TABLE_TYPES;
	const fetched = await fetchListBytes( { url, etag: last?.etag ?? null, fetcher: tools.fetcher, signal, accept } );
	onProgress?.( 1, STEPS );
	if ( fetched === null && last !== null ) {
		return { stored: await confirmed( last, last === kept[ 0 ], update ), remarks: [] };
	}
	const bytes = fetched?.bytes ?? new Uint8Array();
	const source = is_of_any_kind ? sourceOfBytes( list.url, bytes ) : list.source;
	const { companies, domains, remarks, ...left_out } = await readList( source, bytes, `GET ${ url }`, tools.parse );
	const { list_uid } = list;
	const dates = { source_updated_at_ms: fetched?.updated_at_ms ?? null, fetched_at_ms: now_ms };
	const content = await makeContent( { list_uid, source, companies, domains, ...dates }, last?.content ?? null, tools.parse.hash );
	onProgress?.( 2, STEPS );
	const stored = { url: list.url, etag: fetched?.etag ?? null, content, ...left_out };
	const is_elsewhere = kept.some( ( { content: { sha256 } } ) => sha256 === list.active_sha256 );
	const expected = last?.content.companies.length ?? ( is_elsewhere ? 0 : await rowsInUse( update ) );
	if ( companies.length < expected * LEAST_SHARE && ! list.accept_shrunk ) {
		await tools.cache.setAside( stored );
		throw new RollcallError(
			'list_shrunk',
			`GET ${ url } answered ${ companies.length } companies; the last good version has ${ expected }.`
		);
	}
	await tools.cache.save( stored );
	return { stored, remarks };
}

/** What the address still gives. Where another one was read after it, or WordPress uses another content, it is the newest
 *  again: it must not look older than what it replaces. */
async function confirmed( last: StoredList, is_newest: boolean, { list, tools, now_ms }: ListUpdate ): Promise< StoredList > {
	if ( is_newest && ( list.active_sha256 === null || list.active_sha256 === last.content.sha256 ) ) {
		return last;
	}
	const stored = { ...last, content: { ...last.content, fetched_at_ms: now_ms } };
	await tools.cache.save( stored );
	return stored;
}

/** Companies that WordPress has in use, for a companion whose cache was lost; the sample does not count. */
async function rowsInUse( { list, tools, now_ms }: ListUpdate ): Promise< number > {
	if ( list.active_sha256 === null ) {
		return 0;
	}
	const sample = await sampleContent( list.list_uid, now_ms, tools.parse );
	return sample.sha256 === list.active_sha256 ? 0 : list.active_row_count;
}

/** The sample, as long as the default list never was in use. */
async function sampleInstead( { list, tools, now_ms }: ListUpdate ): Promise< ListContent | null > {
	if ( list.list_uid !== DEFAULT_LIST.list_uid || list.source !== 'yc' ) {
		return null;
	}
	const sample = await sampleContent( list.list_uid, now_ms, tools.parse );
	return list.active_version === 0 || sample.sha256 === list.active_sha256 ? sample : null;
}
