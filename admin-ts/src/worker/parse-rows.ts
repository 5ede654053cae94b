import type { CompanyDomain } from '../../../companion/src/contract/company.ts';
import { parseYc } from '../../../companion/src/lists/parse-yc.ts';
import { previewOf, TOOLS } from './parse-list.ts';
import type { ListPreview, PreviewRow, Tasks, TypedRow } from './protocol.ts';

/** Rows that a person typed, as they would be stored. A row without source_id gets the next free number. */
export async function parseRows( input: Tasks[ 'parse_rows' ][ 'input' ], now_ms: number ): Promise< ListPreview > {
	const rows = numbered( input.rows );
	const records = rows.map( ( { source_id, name, website, status, batch } ) => ( {
		id: source_id,
		name,
		website: website.trim(),
		status,
		batch,
	} ) );
	const list = records.length > 0 ? await parseYc( records, TOOLS ) : { companies: [], domains: [], rejected: [], remarks: [] };
	const accepted = new Set( list.companies.map( ( company ) => company.source_id ) );
	const domains: CompanyDomain[] = [ ...list.domains ];
	const preview = rows.map( ( row, index ): PreviewRow => {
		const typed = TOOLS.domainsOfWebsite( row.domains.join( ' ' ) );
		const of_website = domains.filter( ( { source_id } ) => source_id === row.source_id ).map( ( { domain } ) => domain );
		const further = typed.domains.filter( ( domain ) => ! of_website.includes( domain ) );
		if ( accepted.has( row.source_id ) ) {
			domains.push( ...further.map( ( domain ) => ( { domain, source_id: row.source_id, kind: 'manual' as const } ) ) );
		}
		return {
			row: index + 1,
			name: row.name,
			website: row.website,
			domains: [ ...of_website, ...further ],
			...verdictOf(
				row,
				[ ...of_website, ...further ],
				typed.refused[ 0 ]?.reason ?? TOOLS.domainsOfWebsite( row.website ).refused[ 0 ]?.reason
			),
		};
	} );
	return previewOf( input, { companies: list.companies, domains }, preview, [], now_ms );
}

function verdictOf( row: TypedRow, domains: string[], reason = '' ): Pick< PreviewRow, 'verdict' | 'reason' > {
	if ( row.name.trim() === '' ) {
		return { verdict: 'refused', reason: 'no_name' };
	}
	return { verdict: domains.length > 0 ? 'taken' : 'no_domain', reason };
}

function numbered( rows: TypedRow[] ): TypedRow[] {
	let last = Math.max( 0, ...rows.map( ( row ) => Number( row.source_id ) || 0 ) );
	return rows.map( ( row ) => ( row.source_id === '' ? { ...row, source_id: String( ++last ) } : row ) );
}
