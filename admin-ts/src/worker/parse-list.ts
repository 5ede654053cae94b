import { makeContent, pagesOf } from '../../../companion/src/lists/content.ts';
import { parseJson } from '../../../companion/src/lists/parse-json.ts';
import { parseYc, type ParsedList } from '../../../companion/src/lists/parse-yc.ts';
import { sampleContent } from '../../../companion/src/lists/sample.ts';
import { domainsOfWebsite } from '../../../companion/src/match/website.ts';
import type { ListInput, ListPreview, PreviewRow, Tasks } from './protocol.ts';
import { sha256 } from './sha256.ts';

export const TOOLS = { domainsOfWebsite, hash: sha256 };

/** A YC-style JSON list as it would be stored, with a verdict on each record. Errors: list_*. */
export async function parseYcList( input: Tasks[ 'parse_list' ][ 'input' ], now_ms: number ): Promise< ListPreview > {
	const bytes = typeof input.body === 'string' ? new TextEncoder().encode( input.body ) : input.body;
	const list = await parseYc( parseJson( bytes, 'The list' ), TOOLS );
	return previewOf( input, list, ycRows( list ), [], now_ms );
}

/** The built-in made-up companies. */
export async function sampleList( list_uid: string, now_ms: number ): Promise< ListPreview > {
	const content = await sampleContent( list_uid, now_ms, TOOLS );
	return {
		columns: [],
		rows: ycRows( { ...content, rejected: [], remarks: [] } ),
		row_count: content.companies.length,
		sha256: content.sha256,
		changes: content.changes,
		pages: pagesOf( content ),
	};
}

/** Orders, hashes and pages what a parser took. Former domains of `previous` stay. */
export async function previewOf(
	{ list_uid, source, previous }: ListInput,
	{ companies, domains }: Pick< ParsedList, 'companies' | 'domains' >,
	rows: PreviewRow[],
	columns: ListPreview[ 'columns' ],
	now_ms: number
): Promise< ListPreview > {
	const dates = { source_updated_at_ms: null, fetched_at_ms: now_ms };
	const before = previous && { list_uid, source, ...previous, ...dates, sha256: '', changes: null };
	const own = companies.map( ( company ) => ( { ...company, source } ) );
	const content = await makeContent( { list_uid, source, companies: own, domains, ...dates }, before, sha256 );
	return { columns, rows, row_count: own.length, sha256: content.sha256, changes: content.changes, pages: pagesOf( content ) };
}

/** A verdict on each record in upstream's order. */
function ycRows( { companies, domains, rejected, remarks }: ParsedList ): PreviewRow[] {
	const domains_of = Map.groupBy( domains, ( row ) => row.source_id );
	const remark_of = new Map(
		remarks.filter( ( remark ) => remark.field === 'website' ).map( ( remark ) => [ remark.source_id, remark.reason ] )
	);
	const refused = new Map( rejected.map( ( row ) => [ row.position, row ] ) );
	const taken = companies.values();
	return Array.from( { length: companies.length + rejected.length }, ( _, position ): PreviewRow => {
		const bad = refused.get( position );
		if ( bad ) {
			return { row: position + 1, name: '', website: '', domains: [], verdict: 'refused', reason: bad.reason };
		}
		const company = taken.next().value;
		const own = ( domains_of.get( company?.source_id ?? '' ) ?? [] ).map( ( { domain } ) => domain );
		return {
			row: position + 1,
			name: company?.name ?? '',
			website: company?.website_raw ?? '',
			domains: own,
			verdict: own.length > 0 ? 'taken' : 'no_domain',
			reason: remark_of.get( company?.source_id ?? '' ) ?? '',
		};
	} );
}
