import { makeContent, type ListContent } from './content.ts';
import { parseYc, type ParseTools } from './parse-yc.ts';
import { SAMPLE_COMPANIES, SAMPLE_FORMER_DOMAINS } from './sample-companies.ts';
import { batchOf } from './yc-fields.ts';

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
		launched_at: launchedAt( batch ),
		tags: [ industry, subindustry ],
		regions: NORTH_AMERICA.has( country ) ? [ country, 'America / Canada' ] : [ country ],
		batch,
		status,
	} ) );
}

const YEAR_SECONDS = 31_556_952;

/** The season of the batch in unix seconds; null when the batch names none. */
function launchedAt( batch: string ): number | null {
	const { batch_sort } = batchOf( batch );
	return batch_sort === 0 ? null : Math.round( ( batch_sort / 4 - 1970 ) * YEAR_SECONDS );
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
