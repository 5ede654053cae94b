import type { CompanyList, ListChangeRow, Rule } from '../../companion/src/contract/list.ts';
import type { ListRows } from '../../admin-ts/src/worker/protocol.ts';
import { ago, makeList } from './fixtures.ts';

/** A list that was uploaded. */
export function makeUpload( over: Partial< CompanyList > = {} ): CompanyList {
	return makeList( {
		list_uid: 'l0123456789ab',
		title: 'Our customers',
		owner: 'wordpress',
		source: 'upload',
		active_source: 'upload',
		url: '',
		visible_to_visitors: false,
		schedule_hours: 0,
		row_count: 120,
		source_updated_at: null,
		checked_at: null,
		changes: null,
		...over,
	} );
}

/** A list that is kept by hand. */
export function makeManual( over: Partial< CompanyList > = {} ): CompanyList {
	return makeUpload( { list_uid: 'lffffffffffff', title: 'Partners', source: 'manual', active_source: 'manual', row_count: 1, ...over } );
}

/** The rows of a list by hand with one company. */
export function makeRows(): ListRows {
	return {
		companies: [
			{
				source: 'manual',
				source_id: 'name-1',
				name: 'Acme',
				former_names: [],
				slug: '',
				status: 'active',
				batch: 'Gold',
				batch_sort: 0,
				team_size: null,
				industry: '',
				subindustry: '',
				regions: [],
				tags: [],
				one_liner: '',
				logo_url: null,
				website_raw: 'https://acme.com',
				website_origin: 'https://acme.com',
				launched_at_ms: null,
				raw_hash: 'b'.repeat( 64 ),
			},
		],
		domains: [
			{ domain: 'acme.com', source_id: 'name-1', kind: 'current' },
			{ domain: 'acme.de', source_id: 'name-1', kind: 'alias' },
		],
	};
}

export function makeChange( over: Partial< ListChangeRow > = {} ): ListChangeRow {
	return {
		source_id: '100',
		name: 'Airbnb',
		previous_name: null,
		change: 'moved',
		status: 'public',
		previous_status: null,
		batch: 'Winter 2009',
		domains: [ 'airbnb.com' ],
		previous_domains: [ 'airbedandbreakfast.com' ],
		user_count: 14,
		...over,
	};
}

export function makeRule( over: Partial< Rule > = {} ): Rule {
	return {
		domain: 'university.com',
		kind: 'exclusion',
		state: 'active',
		list_uid: null,
		source_id: null,
		company_name: '',
		evidence: 'Students only',
		user_count: 12,
		created_by: 'Ada',
		created_at: ago( 3000 ),
		...over,
	};
}

/** What a redirect proposed. */
export function makeProposal( over: Partial< Rule > = {} ): Rule {
	return makeRule( {
		domain: 'airbedandbreakfast.com',
		kind: 'alias',
		state: 'proposed',
		list_uid: 'yc',
		source_id: '100',
		company_name: 'Airbnb',
		evidence: 'https://airbedandbreakfast.com redirects to airbnb.com',
		created_by: '',
		...over,
	} );
}
