import type { AddressSource, RunCompanyChange, RunComparison, RunDomainChange } from '../../companion/src/contract/report.ts';
import { makeReport, makeRun } from './fixtures.ts';

export function makeSource( over: Partial< AddressSource > = {} ): AddressSource {
	return { source: 'users', title: 'WordPress users', available: true, people_count: 10_431, newest_run_id: null, ...over };
}

/** The sources of a site without WooCommerce. */
export const sources: AddressSource[] = [
	makeSource(),
	makeSource( { source: 'comments', title: 'Comment authors', people_count: 812, newest_run_id: 3 } ),
	makeSource( { source: 'woocommerce', title: 'WooCommerce customers', available: false, people_count: null } ),
	makeSource( { source: 'paste', title: 'Pasted or dropped list', people_count: null } ),
];

export function makeCompanyChange( over: Partial< RunCompanyChange > = {} ): RunCompanyChange {
	const before = { user_count: 12, domain_count: 1, status: 'active', batch: 'Winter 2009', kind: 'current' } as const;
	return {
		list_uid: 'yc',
		list_title: 'Y Combinator companies',
		source_id: '100',
		name: 'Airbnb',
		change: 'changed',
		churn: null,
		before,
		after: { ...before, user_count: 14, status: 'public' },
		...over,
	};
}

export function makeDomainChange( over: Partial< RunDomainChange > = {} ): RunDomainChange {
	return {
		domain: 'siemens.com',
		change: 'changed',
		before_user_count: 29,
		after_user_count: 31,
		before_label: 'unmatched',
		after_label: 'unmatched',
		...over,
	};
}

export function makeComparison( over: Partial< RunComparison > = {} ): RunComparison {
	const { totals } = makeReport();
	return {
		before: makeRun( { run_id: 2, matched_users: 1100 } ),
		after: makeRun(),
		before_totals: {
			...totals,
			users_read: 10_400,
			labels: totals.labels.map( ( row ) => ( { ...row, user_count: row.label === 'company' ? 1207 : row.user_count } ) ),
		},
		after_totals: totals,
		companies: { new: 3, gone: 1, changed: 12 },
		domains: { new: 40, gone: 5, changed: 60 },
		churn_count: 1,
		...over,
	};
}
