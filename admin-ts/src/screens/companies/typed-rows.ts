import type { ListRows, TypedRow } from '../../worker/protocol.ts';

/** The rows of a list by hand as they were typed, in alphabetical order. Former domains are kept by WordPress. */
export function typedRows( { companies, domains }: ListRows ): TypedRow[] {
	return companies
		.map( ( { source_id, name, website_raw, status, batch } ) => ( {
			source_id,
			name,
			website: website_raw,
			domains: domains.filter( ( row ) => row.source_id === source_id && row.kind === 'alias' ).map( ( { domain } ) => domain ),
			status,
			batch,
		} ) )
		.sort( ( a, b ) => a.name.localeCompare( b.name ) );
}
