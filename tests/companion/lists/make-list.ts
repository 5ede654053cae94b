import type { CompanyDomain, CompanyRow } from '../../../companion/src/contract/company.ts';
import { makeContent, type ListContent } from '../../../companion/src/lists/content.ts';
import type { ReadTools } from '../../../companion/src/lists/read-list.ts';
import { sha256 } from '../../../companion/src/lists/sha256.ts';
import { readRows } from '../../../companion/src/match/table-rows.ts';
import { domainsOfWebsite } from '../../../companion/src/match/website.ts';

/** What the companion passes in. */
export const TOOLS: ReadTools = { domainsOfWebsite, hash: sha256, readRows };

export const NOW_MS = Date.UTC( 2026, 10, 23 );

/** A record of yc-oss with all of its 29 fields, made up. */
export function makeRecord( fields: { [ field: string ]: unknown } = {} ): { [ field: string ]: unknown } {
	return {
		id: 7,
		name: 'Tidewren',
		slug: 'tidewren',
		former_names: [ 'Postwren' ],
		small_logo_thumb_url: 'https://logos.tidewren.com/small.png',
		website: 'https://tidewren.com',
		all_locations: 'Rosario, Argentina; Remote',
		long_description: 'Newsletters.\r\nWrite to press@tidewren.com.',
		one_liner: 'Newsletters that stop when nobody reads.',
		team_size: 17,
		industry: 'B2B',
		subindustry: 'B2B -> Marketing',
		launched_at: 1_626_000_000,
		tags: [ 'SaaS', 'Email' ],
		tags_highlighted: [],
		top_company: false,
		isHiring: true,
		nonprofit: false,
		batch: 'Summer 2021',
		status: 'Active',
		industries: [ 'B2B', 'Marketing' ],
		regions: [ 'Argentina', 'Latin America' ],
		stage: 'Early',
		app_video_public: false,
		demo_day_video_public: false,
		app_answers: null,
		question_answers: false,
		url: 'https://upstream.tidewren.com/companies/tidewren',
		api: 'https://api.tidewren.com/tidewren.json',
		...fields,
	};
}

/** `count` records with ids from 1 and a website each. */
export function makeRecords( count: number ): { [ field: string ]: unknown }[] {
	return Array.from( { length: count }, ( _, index ) =>
		makeRecord( { id: index + 1, name: `Company ${ index + 1 }`, website: `https://company-${ index + 1 }.com` } )
	);
}

export function makeCompany( fields: Partial< CompanyRow > = {} ): CompanyRow {
	return {
		source: 'yc',
		source_id: '7',
		name: 'Tidewren',
		former_names: [],
		slug: 'tidewren',
		status: 'active',
		batch: 'Summer 2021',
		batch_sort: 8086,
		team_size: 17,
		industry: 'B2B',
		subindustry: 'Marketing',
		regions: [],
		tags: [],
		one_liner: '',
		logo_url: null,
		website_raw: 'https://tidewren.com',
		website_origin: 'https://tidewren.com',
		launched_at_ms: null,
		raw_hash: '0'.repeat( 64 ),
		...fields,
	};
}

export function makeListContent(
	companies: CompanyRow[],
	domains: CompanyDomain[],
	previous: ListContent | null = null
): Promise< ListContent > {
	return makeContent(
		{ list_uid: 'yc', source: 'yc', companies, domains, source_updated_at_ms: null, fetched_at_ms: NOW_MS },
		previous,
		sha256
	);
}
