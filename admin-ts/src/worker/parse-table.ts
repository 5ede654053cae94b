import { parseCsv } from '../../../companion/src/lists/parse-csv.ts';
import { parseTable, type ParsedTable, type RowVerdict, type TableSource } from '../../../companion/src/lists/parse-table.ts';
import { readRows } from '../../../companion/src/match/table-rows.ts';
import { previewOf, TOOLS } from './parse-list.ts';
import type { ListInput, ListPreview, PreviewRow, Tasks, TypedRow } from './protocol.ts';

/** A CSV as it would be stored, with a verdict on each row. Errors: list_*. */
export async function parseCsvList( input: Tasks[ 'parse_list' ][ 'input' ], now_ms: number ): Promise< ListPreview > {
	const bytes = typeof input.body === 'string' ? new TextEncoder().encode( input.body ) : input.body;
	const table = await parseCsv( bytes, 'The file', { ...TOOLS, readRows, source: tableSource( input.source ) } );
	return tablePreview( input, table, now_ms );
}

const TYPED_HEADING = [ 'id', 'name', 'website', 'other domains', 'status', 'batch' ];

/** Rows that a person typed, as they would be stored. They may be none. */
export async function parseTypedRows( input: Tasks[ 'parse_rows' ][ 'input' ], now_ms: number ): Promise< ListPreview > {
	if ( input.rows.length === 0 ) {
		return previewOf( input, { companies: [], domains: [] }, [], [], now_ms );
	}
	const table = await parseTable( [ TYPED_HEADING, ...input.rows.map( cellsOf ) ], { ...TOOLS, source: tableSource( input.source ) } );
	return tablePreview( input, table, now_ms );
}

function cellsOf( { source_id, name, website, domains, status, batch }: TypedRow ): string[] {
	return [ source_id, name, website, domains.join( ' ' ), status, batch ];
}

/** Only lists that are tables get here; any other kind would be named an upload. */
function tableSource( source: ListInput[ 'source' ] ): TableSource {
	return source === 'csv' || source === 'google_sheet' || source === 'manual' ? source : 'upload';
}

function tablePreview( input: ListInput, table: ParsedTable, now_ms: number ): Promise< ListPreview > {
	const websites = new Map( table.companies.map( ( company ) => [ company.source_id, company.website_raw ] ) );
	const rows = table.verdicts.map( ( verdict ) => previewRow( verdict, websites ) );
	return previewOf( input, table, rows, table.columns, now_ms );
}

function previewRow( verdict: RowVerdict, websites: ReadonlyMap< string, string > ): PreviewRow {
	if ( ! verdict.accepted ) {
		return { row: verdict.row, name: verdict.text, website: '', domains: [], verdict: 'refused', reason: verdict.reason };
	}
	const [ refused ] = verdict.refused;
	return {
		row: verdict.row,
		name: verdict.name,
		website: websites.get( verdict.source_id ) ?? '',
		domains: verdict.domains,
		verdict: verdict.domains.length > 0 ? 'taken' : 'no_domain',
		reason: refused ? `${ refused.reason }: ${ refused.host }` : '',
	};
}
