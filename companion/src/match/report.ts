import type { CompanyRow } from '../contract/company.ts';
import type { Verdict } from '../contract/exchange.ts';
import { LABELS, wordsOf, type Label, type ListSource, type MatchKind } from '../contract/vocabulary.ts';
import type { IndexedList } from './company-index.ts';
import { labelHost, type LabelRules } from './label.ts';
import type { Counted } from './scan.ts';

/** A company of a row. `id` is upstream's: a number where upstream has one. */
export type ReportCompany = {
	id: number | string;
	name: string;
	slug: string;
	status: CompanyRow[ 'status' ];
	batch: string;
	kind: MatchKind;
	industry: string;
	team_size: number | null;
	one_liner: string;
	website: string | null;
};

/** Users at one registrable domain under one label; `domain` is the host where it has none, and empty for texts that hold no host. */
export type ReportRow = {
	domain: string;
	user_count: number;
	label: Label;
	rule: string;
	evidence: string;
	ambiguous: boolean;
	typo_of: string | null;
	companies: ReportCompany[];
};

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

export type Report = { summary: ReportSummary; rows: ReportRow[] };

/** Labels counted hosts and brings them together by registrable domain, most users first. `lists` are those of the rules. */
export function makeReport( counted: Counted, rules: LabelRules, lists: readonly ReportedList[] ): Report {
	const companies = companiesOf( lists );
	const groups = new Map< string, [ Member, ...Member[] ] >();
	for ( const [ host, user_count ] of counted.hosts ) {
		const member = { host, user_count, verdict: labelHost( host, rules ) };
		const key = groupKey( member );
		const members = groups.get( key );
		if ( members ) {
			members.push( member );
		} else {
			groups.set( key, [ member ] );
		}
	}
	const rows = [ ...groups.values() ].map( ( members ) => rowOf( members, companies ) );
	rows.push( ...[ ...counted.invalid ].map( ( [ reason, user_count ] ) => invalidRow( reason, user_count ) ) );
	rows.sort( ( a, b ) => b.user_count - a.user_count || Number( a.domain > b.domain ) - Number( a.domain < b.domain ) );
	return { summary: summaryOf( counted.rows_read, rows, lists ), rows };
}

type Member = { host: string; user_count: number; verdict: Verdict };

const keyOf = ( list_uid: string, source_id: string ): string => `${ list_uid }\n${ source_id }`;

/** A domain has several rows when its hosts belong to different companies or have different labels. */
function groupKey( { host, verdict }: Member ): string {
	const ids = verdict.companies.map( ( { list_uid, source_id } ) => keyOf( list_uid, source_id ) );
	return [ domainOf( host, verdict ), verdict.label, ...ids ].join( '\n' );
}

function domainOf( host: string, verdict: Verdict ): string {
	return verdict.registrable ?? verdict.ascii_host ?? host;
}

/** Rule, evidence and kinds are those of the domain itself, else of the host with most users. */
function rowOf( members: [ Member, ...Member[] ], companies: ReadonlyMap< string, CompanyRow > ): ReportRow {
	const { host, verdict } = members.reduce( ( best, member ) => ( outweighs( member, best ) ? member : best ) );
	return {
		domain: domainOf( host, verdict ),
		user_count: members.reduce( ( sum, member ) => sum + member.user_count, 0 ),
		label: verdict.label,
		rule: verdict.rule,
		evidence: verdict.evidence,
		ambiguous: verdict.ambiguous,
		typo_of: verdict.typo_of,
		companies: verdict.companies.map( ( { list_uid, source_id, kind } ) =>
			companyOf( source_id, kind, companies.get( keyOf( list_uid, source_id ) ) )
		),
	};
}

function outweighs( member: Member, best: Member ): boolean {
	const difference = Number( isApex( member ) ) - Number( isApex( best ) ) || member.user_count - best.user_count;
	return difference > 0 || ( difference === 0 && member.host < best.host );
}

function isApex( { verdict }: Member ): boolean {
	return verdict.ascii_host === verdict.registrable;
}

/** A company that left the list has its id only. */
function companyOf( source_id: string, kind: MatchKind, row: CompanyRow | undefined ): ReportCompany {
	return {
		id: /^(?:0|[1-9]\d{0,14})$/u.test( source_id ) ? Number( source_id ) : source_id,
		name: row?.name ?? '',
		slug: row?.slug ?? '',
		status: row?.status ?? 'unknown',
		batch: row?.batch ?? '',
		kind,
		industry: row?.industry ?? '',
		team_size: row?.team_size ?? null,
		one_liner: row?.one_liner ?? '',
		website: row?.website_origin ?? null,
	};
}

function invalidRow( reason: string, user_count: number ): ReportRow {
	return { domain: '', user_count, label: 'invalid', rule: reason, evidence: '', ambiguous: false, typo_of: null, companies: [] };
}

function summaryOf( rows_read: number, rows: ReportRow[], lists: readonly ReportedList[] ): ReportSummary {
	const matched = rows.filter( ( { label } ) => label === 'company' );
	const users_read = usersOf( rows );
	const matched_users = usersOf( matched );
	return {
		rows_read,
		users_read,
		matched_users,
		matched_domains: domainsOf( matched ),
		matched_companies: new Set( matched.flatMap( ( { companies } ) => companies.map( ( { id } ) => id ) ) ).size,
		domain_count: domainsOf( rows ),
		match_rate: users_read === 0 ? 0 : matched_users / users_read,
		ambiguous_domains: domainsOf( matched.filter( ( { ambiguous } ) => ambiguous ) ),
		labels: wordsOf( LABELS ).map( ( label ) => {
			const labelled = rows.filter( ( row ) => row.label === label );
			return { label, user_count: usersOf( labelled ), domain_count: domainsOf( labelled ) };
		} ),
		reasons: reasonsOf( rows.filter( ( { label } ) => label === 'invalid' ) ),
		lists: lists.map( ( { list_uid, source, companies, sha256, source_updated_at_ms: updated_at_ms } ) => ( {
			list_uid,
			source,
			company_count: companies.length,
			sha256,
			updated_at: updated_at_ms === null ? null : new Date( updated_at_ms ).toISOString(),
		} ) ),
	};
}

function reasonsOf( invalid: ReportRow[] ): ReportSummary[ 'reasons' ] {
	const counts = new Map< string, number >();
	for ( const { rule, user_count } of invalid ) {
		counts.set( rule, ( counts.get( rule ) ?? 0 ) + user_count );
	}
	return [ ...counts ].map( ( [ reason, user_count ] ) => ( { reason, user_count } ) ).sort( ( a, b ) => b.user_count - a.user_count );
}

function usersOf( rows: ReportRow[] ): number {
	return rows.reduce( ( sum, { user_count } ) => sum + user_count, 0 );
}

function domainsOf( rows: ReportRow[] ): number {
	return new Set( rows.flatMap( ( { domain } ) => ( domain === '' ? [] : [ domain ] ) ) ).size;
}

function companiesOf( lists: readonly IndexedList[] ): ReadonlyMap< string, CompanyRow > {
	return new Map(
		lists.flatMap( ( { list_uid, companies } ) => companies.map( ( row ) => [ keyOf( list_uid, row.source_id ), row ] as const ) )
	);
}
