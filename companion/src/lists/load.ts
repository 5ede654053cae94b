import type { ListWork } from '../contract/exchange.ts';
import { asSentence, messageOf, RollcallError } from '../errors.ts';
import type { ListCache } from './cache.ts';
import { makeContent, type ListContent } from './content.ts';
import { DEFAULT_LIST } from './default-list.ts';
import { fetchListBytes, readListFile, type ListBytes } from './fetch.ts';
import type { Remark } from './parse-yc.ts';
import { ANY_TYPES, fetchUrlOf, NOTHING_LEFT_OUT, readList, sourceOfBytes, type LeftOut } from './read-list.ts';
import { SAMPLE_URL, sampleContent } from './sample.ts';
import { updateList, type ListTools } from './update.ts';

export { DEFAULT_LIST };

export type LoadOptions = { tools: ListTools; now_ms: number; signal: AbortSignal };

export type LoadedCompanies = LeftOut & {
	content: ListContent;
	/** What the user should know of where the rows come from and which are missing; null when they are what was asked for. */
	notice: string | null;
	remarks: Remark[];
};

/** Companies for one use without WordPress. `source` is an http(s) URL of a JSON list or a CSV, a link to a Google Sheet,
 *  `sample:` or the path of a file; undefined is the default list, which falls back to the newest copy and then to the
 *  sample, with a notice. Errors: list_*, file_unreadable, bad_url, target_refused, cancelled. */
export async function loadCompanies( source: string | undefined, options: LoadOptions ): Promise< LoadedCompanies > {
	if ( source === undefined ) {
		return loadDefault( options );
	}
	const { tools, now_ms, signal } = options;
	if ( source === SAMPLE_URL ) {
		const content = await sampleContent( DEFAULT_LIST.list_uid, now_ms, tools.parse );
		return { content, notice: SAMPLE_NOTICE, remarks: [], ...NOTHING_LEFT_OUT };
	}
	if ( ! /^[a-z][a-z0-9+.-]+:/i.test( source ) ) {
		return loadBytes( 'file', source, source, await readListFile( source ), options );
	}
	const url = fetchUrlOf( 'csv', source );
	// A named list is read once: the two places of the cache belong to the list that `serve` looks after.
	const fetched = await fetchListBytes( { url, etag: null, fetcher: tools.fetcher, signal, accept: ANY_TYPES } );
	if ( fetched === null ) {
		throw new RollcallError( 'list_not_ready', `GET ${ url } gave no companies.` );
	}
	return loadBytes( DEFAULT_LIST.list_uid, source, `GET ${ url }`, fetched, options );
}

async function loadDefault( { tools, now_ms, signal }: LoadOptions ): Promise< LoadedCompanies > {
	const unkept: string[] = [];
	const cache = forgiving( tools.cache, unkept );
	const { content, status, error, remarks } = await updateList( { list: DEFAULT_WORK, tools: { ...tools, cache }, now_ms, signal } );
	const { rejected_count, rejections } = status;
	if ( ! content ) {
		throw error ?? new RollcallError( 'list_not_ready', `GET ${ DEFAULT_LIST.url } gave no companies.` );
	}
	if ( error === null ) {
		return { content, notice: unkept[ 0 ] ?? null, remarks, rejected_count, rejections };
	}
	const instead =
		content.source === 'sample' ? SAMPLE_NOTICE : `The copy of ${ new Date( content.fetched_at_ms ).toISOString() } is used.`;
	return { content, notice: `${ asSentence( messageOf( error ) ) } ${ instead }`, remarks, rejected_count, rejections };
}

const SAMPLE_NOTICE = 'The built-in sample of made-up companies is used.';

/** The cache for a run that does not need it: where nothing can be written the notice goes to `unkept`. */
function forgiving( cache: ListCache, unkept: string[] ): ListCache {
	const orNotice = ( done: Promise< void > ): Promise< void > =>
		done.catch( ( error: unknown ) => {
			unkept.push( `${ asSentence( messageOf( error ) ) } No copy of the list is kept.` );
		} );
	return {
		load: cache.load,
		list_uids: cache.list_uids,
		save: ( stored ) => orNotice( cache.save( stored ) ),
		setAside: ( stored ) => orNotice( cache.setAside( stored ) ),
		keepOnly: cache.keepOnly,
	};
}

async function loadBytes(
	list_uid: string,
	source_name: string,
	origin: string,
	{ bytes, updated_at_ms }: ListBytes,
	{ tools, now_ms }: LoadOptions
): Promise< LoadedCompanies > {
	const source = sourceOfBytes( source_name, bytes );
	const { companies, domains, remarks, rejected_count, rejections } = await readList( source, bytes, origin, tools.parse );
	const rows = { list_uid, source, companies, domains, source_updated_at_ms: updated_at_ms, fetched_at_ms: now_ms } as const;
	const [ first ] = rejections;
	const notice =
		source === 'yc' || first === undefined
			? null
			: `${ rejected_count } of ${ rejected_count + companies.length } rows are left out; row ${ first.row } (${ first.text }) fails with ${ first.reason }.`;
	return { content: await makeContent( rows, null, tools.parse.hash ), notice, remarks, rejected_count, rejections };
}

/** The default list as a site without any version of it would name it. */
export const DEFAULT_WORK: ListWork = {
	...DEFAULT_LIST,
	source: 'yc',
	active_version: 0,
	active_sha256: null,
	active_row_count: 0,
	active_fetched_at_ms: null,
	staging_sha256: null,
	staged_pages: 0,
	schedule_hours: 24,
	accept_shrunk: false,
};
