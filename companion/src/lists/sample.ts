import type { ListContent } from './content.ts';
import { makeContent } from './content.ts';
import { parseYc, type ParseTools } from './parse-yc.ts';
import { SAMPLE_COMPANIES, SAMPLE_FORMER_DOMAINS } from './sample-companies.ts';

/** Address of the built-in list. */
export const SAMPLE_URL = 'sample:';

const NORTH_AMERICA = new Set( [ 'United States of America', 'Canada', 'Mexico' ] );

/** The sample as records of the form that yc-oss publishes, in the order of their ids (from 1). */
export function sampleRecords(): { [ field: string ]: unknown }[] {
	return SAMPLE_COMPANIES.map( ( [ name, website, batch, status, industry, subindustry, country, team_size, one_liner ], index ) => ( {
		id: index + 1,
		name,
		slug: name.toLowerCase().replace( /[^a-z0-9]+/g, '-' ),
		former_names: [],
		website,
		one_liner,
		team_size,
		industry,
		subindustry: `${ industry } -> ${ subindustry }`,
		launched_at: 1_300_000_000 + index * 6_000_000,
		tags: [ industry, subindustry ],
		regions: NORTH_AMERICA.has( country ) ? [ country, 'America / Canada' ] : [ country ],
		batch,
		status,
	} ) );
}

/** The made-up companies as a list, labelled `sample`; its sha256 is always the same for the same rules of `tools`. */
export async function sampleContent( list_uid: string, now_ms: number, tools: ParseTools ): Promise< ListContent > {
	const { companies, domains } = await parseYc( sampleRecords(), tools );
	const ids = new Map( companies.map( ( { name, source_id } ) => [ name, source_id ] ) );
	for ( const [ name, domain ] of SAMPLE_FORMER_DOMAINS ) {
		const source_id = ids.get( name );
		if ( source_id !== undefined ) {
			domains.push( { domain, source_id, kind: 'former' } );
		}
	}
	return makeContent(
		{
			list_uid,
			source: 'sample',
			companies: companies.map( ( company ) => ( { ...company, source: 'sample' as const } ) ),
			domains,
			source_updated_at_ms: null,
			fetched_at_ms: now_ms,
		},
		null,
		tools.hash
	);
}
