import type { ListStatus, ListWork } from '../contract/exchange.ts';
import { RollcallError } from '../errors.ts';
import type { Fetcher } from '../guard/fetcher.ts';
import type { ListCache, StoredList } from './cache.ts';
import { makeContent, type ListContent } from './content.ts';
import { fetchListBytes } from './fetch.ts';
import { parseJson } from './parse-json.ts';
import { parseYc, type ParsedList, type ParseTools } from './parse-yc.ts';
import { SAMPLE_URL, sampleContent } from './sample.ts';

/** Below this share of the last good version an update is set aside: more likely an accident than the truth. */
const LEAST_SHARE = 0.8;

export type ListTools = { cache: ListCache; fetcher: Fetcher; parse: ParseTools };

export type ListUpdate = {
	list: ListWork;
	tools: ListTools;
	now_ms: number;
	signal: AbortSignal;
	/** Steps of three: fetched, read, stored. */
	onProgress?: ( done: number, total: number ) => void;
	/** The operator looked at the shrunken list and wants it. */
	accept_shrunk?: boolean;
};

/** How a look at a list ended. `content` is the newest one to use: fetched, kept from before, the sample when the
 *  list never was in use, or null when there is none. Compare its sha256 with that of WordPress. */
export type ListOutcome = {
	content: ListContent | null;
	status: ListStatus;
	/** The same failure as `status` tells, with its cause for the log. */
	error: RollcallError | null;
	/** Records left out and fields not taken over; empty unless a list was read now. */
	rejected: ParsedList[ 'rejected' ];
	remarks: ParsedList[ 'remarks' ];
};

const STEPS = 3;

/** Fetches a list, reads it and keeps it. A failure is told in `status`, and the last good content stays as it is.
 *  Throws only `cancelled` and `state_folder`. */
export async function updateList( update: ListUpdate ): Promise< ListOutcome > {
	const { list, tools, now_ms, onProgress } = update;
	const status: ListStatus = {
		list_uid: list.list_uid,
		checked_at_ms: now_ms,
		error_code: null,
		error_message: null,
		rejected_count: 0,
		rejections: [],
	};
	const nothing = { error: null, rejected: [], remarks: [] };
	onProgress?.( 0, STEPS );
	if ( list.url === SAMPLE_URL ) {
		const content = await sampleContent( list.list_uid, now_ms, tools.parse );
		onProgress?.( STEPS, STEPS );
		return { content, status, ...nothing };
	}
	const kept = await tools.cache.load( list.list_uid );
	const last = kept.find( ( stored ) => stored.url === list.url ) ?? null;
	try {
		const outcome = { status, error: null, ...( await refresh( update, last, kept.length > 0 ) ) };
		onProgress?.( STEPS, STEPS );
		return outcome;
	} catch ( error ) {
		if ( ! ( error instanceof RollcallError ) || error.code === 'cancelled' || error.code === 'state_folder' ) {
			throw error;
		}
		status.error_code = error.code;
		status.error_message = error.message.slice( 0, 500 ).toWellFormed();
		return { content: await contentWithoutFetch( update, kept, last ), status, ...nothing, error };
	}
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

type Refreshed = Pick< ListOutcome, 'content' | 'rejected' | 'remarks' >;

async function refresh( update: ListUpdate, last: StoredList | null, has_history: boolean ): Promise< Refreshed > {
	const { list, tools, now_ms, signal, onProgress } = update;
	if ( list.source !== 'yc' ) {
		throw new RollcallError( 'bad_request', `Lists of the kind ${ list.source } are not read yet.` );
	}
	const fetched = await fetchListBytes( { url: list.url, etag: last?.etag ?? null, fetcher: tools.fetcher, signal } );
	onProgress?.( 1, STEPS );
	if ( fetched === null ) {
		return { content: last?.content ?? null, rejected: [], remarks: [] };
	}
	const { companies, domains, rejected, remarks } = await parseYc( parseJson( fetched.bytes, `GET ${ list.url }` ), tools.parse );
	const content = await makeContent(
		{
			list_uid: list.list_uid,
			source: 'yc',
			companies,
			domains,
			source_updated_at_ms: fetched.updated_at_ms,
			fetched_at_ms: now_ms,
		},
		last?.content ?? null,
		tools.parse.hash
	);
	onProgress?.( 2, STEPS );
	const stored = { url: list.url, etag: fetched.etag, content };
	const expected = last?.content.companies.length ?? ( has_history ? 0 : await rowsInUse( update ) );
	if ( companies.length < expected * LEAST_SHARE && update.accept_shrunk !== true ) {
		await tools.cache.setAside( stored );
		throw new RollcallError(
			'list_shrunk',
			`GET ${ list.url } answered ${ companies.length } companies; the last good version has ${ expected }.`
		);
	}
	await tools.cache.save( stored );
	return { content, rejected, remarks };
}

/** Companies that WordPress has in use, for a companion whose cache was lost; the sample does not count. */
async function rowsInUse( { list, tools, now_ms }: ListUpdate ): Promise< number > {
	if ( list.active_sha256 === null ) {
		return 0;
	}
	const sample = await sampleContent( list.list_uid, now_ms, tools.parse );
	return sample.sha256 === list.active_sha256 ? 0 : list.active_row_count;
}

async function contentWithoutFetch(
	{ list, tools, now_ms }: ListUpdate,
	kept: StoredList[],
	last: StoredList | null
): Promise< ListContent | null > {
	const stored = last ?? kept.find( ( { content } ) => content.sha256 === list.active_sha256 );
	if ( stored ) {
		return stored.content;
	}
	const sample = await sampleContent( list.list_uid, now_ms, tools.parse );
	return list.active_version === 0 || sample.sha256 === list.active_sha256 ? sample : null;
}
