import type { CompanyRow } from '../../../companion/src/contract/company.ts';

/** A company with valid defaults; `source_id` also makes its name. */
export function makeCompany( fields: Partial< CompanyRow > = {} ): CompanyRow {
	const source_id = fields.source_id ?? '1';
	return {
		source: 'yc',
		source_id,
		name: `Company ${ source_id }`,
		former_names: [],
		slug: `company-${ source_id }`,
		status: 'active',
		batch: 'Winter 2020',
		batch_sort: 8080,
		team_size: null,
		industry: '',
		subindustry: '',
		regions: [],
		tags: [],
		one_liner: '',
		logo_url: null,
		website_raw: '',
		website_origin: null,
		launched_at_ms: null,
		raw_hash: '0'.repeat( 64 ),
		...fields,
	};
}
