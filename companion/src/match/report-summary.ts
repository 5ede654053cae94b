import { LABELS, wordsOf, type Label, type ListSource } from '../contract/vocabulary.ts';
import type { IndexedList } from './company-index.ts';
import type { HostCounts } from './host-counts.ts';
import type { Group } from './report.ts';

/** A list with what a reader must know of it. */
export type ReportedList = IndexedList & { source: ListSource; sha256: string; source_updated_at_ms: number | null };

/** Adds up: user_count over the rows, and over `labels`, is users_read; over `reasons` it is that of the label invalid.
 *  users_read is rows_read unless a row holds addresses at several hosts. */
export type ReportSummary = {
	rows_read: number;
	users_read: number;
	matched_users: number;
	matched_domains: number;
	matched_companies: number;
	domain_count: number;
	match_rate: number;
	ambiguous_domains: number;
	labels: { label: Label; user_count: number; domain_count: number }[];
	/** Why texts are invalid, most users first. */
	reasons: { reason: string; user_count: number }[];
	/** `sample` as source is made up. `updated_at` is ISO 8601, null when upstream does not say. */
	lists: { list_uid: string; source: ListSource; company_count: number; sha256: string; updated_at: string | null }[];
};

/** A company of any list as one text. */
export function companyKey( { list_uid, source_id }: { list_uid: string; source_id: string } ): string {
	return `${ list_uid }\n${ source_id }`;
}

/** The totals of a report: `unmatched` are users by domain beside the groups. */
export function summaryOf(
	rows_read: number,
	{ unmatched, groups }: { unmatched: HostCounts; groups: readonly Group[] },
	lists: readonly ReportedList[]
): ReportSummary {
	const unmatched_domains = unmatched.table.size;
	let unmatched_users = 0;
	for ( const record of unmatched.records() ) {
		unmatched_users += unmatched.table.countOf( record );
	}
	const matched = groups.filter( ( { verdict } ) => verdict.label === 'company' );
	const users_read = usersOf( groups ) + unmatched_users;
	const matched_users = usersOf( matched );
	return {
		rows_read,
		users_read,
		matched_users,
		matched_domains: domainsOf( matched ).length,
		matched_companies: new Set( matched.flatMap( ( { verdict } ) => verdict.companies.map( companyKey ) ) ).size,
		domain_count: unmatched_domains + domainsOf( groups ).filter( ( domain ) => unmatched.countOf( domain ) === 0 ).length,
		match_rate: users_read === 0 ? 0 : matched_users / users_read,
		ambiguous_domains: domainsOf( matched.filter( ( { verdict } ) => verdict.ambiguous ) ).length,
		labels: wordsOf( LABELS ).map( ( label ) =>
			labelTotal( label, groups, label === 'unmatched' ? [ unmatched_users, unmatched_domains ] : [ 0, 0 ] )
		),
		reasons: reasonsOf( groups.filter( ( { verdict } ) => verdict.label === 'invalid' ) ),
		lists: lists.map( ( { list_uid, source, companies, sha256, source_updated_at_ms: updated_at_ms } ) => ( {
			list_uid,
			source,
			company_count: companies.length,
			sha256,
			updated_at: updated_at_ms === null ? null : new Date( updated_at_ms ).toISOString(),
		} ) ),
	};
}

function labelTotal( label: Label, groups: readonly Group[], [ users, domains ]: [ number, number ] ): ReportSummary[ 'labels' ][ number ] {
	const labelled = groups.filter( ( { verdict } ) => verdict.label === label );
	return { label, user_count: usersOf( labelled ) + users, domain_count: domainsOf( labelled ).length + domains };
}

function reasonsOf( invalid: Group[] ): ReportSummary[ 'reasons' ] {
	const counts = new Map< string, number >();
	for ( const { verdict, user_count } of invalid ) {
		counts.set( verdict.rule, ( counts.get( verdict.rule ) ?? 0 ) + user_count );
	}
	return [ ...counts ].map( ( [ reason, user_count ] ) => ( { reason, user_count } ) ).sort( ( a, b ) => b.user_count - a.user_count );
}

function usersOf( groups: readonly Group[] ): number {
	return groups.reduce( ( sum, { user_count } ) => sum + user_count, 0 );
}

function domainsOf( groups: readonly Group[] ): string[] {
	return [ ...new Set( groups.flatMap( ( { domain } ) => ( domain === '' ? [] : [ domain ] ) ) ) ];
}
