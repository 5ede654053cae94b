import type { ListWork } from '../contract/exchange.ts';
import { asSentence, messageOf, RollcallError } from '../errors.ts';
import { NO_CACHE, type ListCache } from './cache.ts';
import { makeContent, type ListContent } from './content.ts';
import { readListFile } from './fetch.ts';
import { parseJson } from './parse-json.ts';
import { parseYc, type ParsedList } from './parse-yc.ts';
import { SAMPLE_URL, sampleContent } from './sample.ts';
import { updateList, type ListTools } from './update.ts';

/** The list that is used when none is named. */
export const DEFAULT_LIST = { list_uid: 'yc', url: 'https://yc-oss.github.io/api/companies/all.json' } as const;

export type LoadOptions = { tools: ListTools; now_ms: number; signal: AbortSignal };

export type LoadedCompanies = {
	content: ListContent;
	/** What the user should know of where the rows come from; null when they are what was asked for. */
	notice: string | null;
	rejected: ParsedList[ 'rejected' ];
	remarks: ParsedList[ 'remarks' ];
};

/** Companies for one use without WordPress. `source` is an http(s) URL, `sample:` or the path of a JSON file; undefined is
 *  the default list, which falls back to the newest copy and then to the sample, with a notice.
 *  Errors: list_*, file_unreadable, bad_url, target_refused, cancelled. */
export async function loadCompanies( source: string | undefined, { tools, now_ms, signal }: LoadOptions ): Promise< LoadedCompanies > {
	const { list_uid } = DEFAULT_LIST;
	if ( source === SAMPLE_URL ) {
		return { content: await sampleContent( list_uid, now_ms, tools.parse ), notice: SAMPLE_NOTICE, rejected: [], remarks: [] };
	}
	if ( source !== undefined && ! /^[a-z][a-z0-9+.-]+:/i.test( source ) ) {
		return loadFile( source, now_ms, tools );
	}
	const url = source ?? DEFAULT_LIST.url;
	const unkept: string[] = [];
	// A named list is read once: the two places of the cache belong to the list that `serve` looks after.
	const cache = source === undefined ? forgiving( tools.cache, unkept ) : NO_CACHE;
	const { content, error, rejected, remarks } = await updateList( { list: workOf( url ), tools: { ...tools, cache }, now_ms, signal } );
	if ( error === null && content ) {
		return { content, notice: unkept[ 0 ] ?? null, rejected, remarks };
	}
	if ( source !== undefined || ! content ) {
		throw error ?? new RollcallError( 'list_not_ready', `GET ${ url } gave no companies.` );
	}
	const instead =
		content.source === 'sample' ? SAMPLE_NOTICE : `The copy of ${ new Date( content.fetched_at_ms ).toISOString() } is used.`;
	return { content, notice: `${ asSentence( messageOf( error ) ) } ${ instead }`, rejected, remarks };
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
		save: ( stored ) => orNotice( cache.save( stored ) ),
		setAside: ( stored ) => orNotice( cache.setAside( stored ) ),
	};
}

async function loadFile( path: string, now_ms: number, { parse }: ListTools ): Promise< LoadedCompanies > {
	const { bytes, updated_at_ms } = await readListFile( path );
	const { companies, domains, rejected, remarks } = await parseYc( parseJson( bytes, path ), parse );
	const rows = {
		list_uid: 'file',
		source: 'yc',
		companies,
		domains,
		source_updated_at_ms: updated_at_ms,
		fetched_at_ms: now_ms,
	} as const;
	return { content: await makeContent( rows, null, parse.hash ), notice: null, rejected, remarks };
}

function workOf( url: string ): ListWork {
	return {
		list_uid: DEFAULT_LIST.list_uid,
		source: 'yc',
		url,
		active_version: 0,
		active_sha256: null,
		active_row_count: 0,
		staging_sha256: null,
		staged_pages: 0,
		schedule_hours: 24,
		accept_shrunk: false,
	};
}
