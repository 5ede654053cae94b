import type { Static } from 'typebox';
import { listChanges, listUid, rejection } from './company.ts';
import { errorCode } from './identity.ts';
import { jobRow, reportCompany } from './report.ts';
import { count, flag, hex, instantIso, listOf, nullable, oneOf, record, text } from './schema.ts';
import { COMPANY_STATUSES, LIST_CHANGES, LIST_OWNERS, LIST_SOURCES, MATCH_KINDS, RULE_KINDS, RULE_STATES, wordsOf } from './vocabulary.ts';

export const companyListItem = record( 'A company on a list.', {
	...reportCompany,
	former_names: listOf( text( 200, 'Name.' ), 50, 'Earlier names.' ),
	subindustry: text( 200, 'Sub-industry.' ),
	regions: listOf( text( 200, 'Region.' ), 100, 'Regions.' ),
	tags: listOf( text( 200, 'Tag.' ), 100, 'Tags.' ),
	launched_at: nullable( instantIso( 'When it was put on the list.' ) ),
	domains: listOf(
		record( 'A domain of the company.', {
			domain: text( 253, 'Domain.' ),
			kind: oneOf( wordsOf( MATCH_KINDS ), 'How it belongs to it.' ),
			first_seen: instantIso( 'First seen.' ),
			last_seen: instantIso( 'Last seen.' ),
		} ),
		50,
		'Domains, current first.'
	),
	user_count: count( 'Users of the site at it.' ),
	first_seen: instantIso( 'First seen.' ),
	last_seen: instantIso( 'Last seen.' ),
	removed_at: nullable( instantIso( 'When it left the list.' ) ),
} );
export type CompanyListItem = Static< typeof companyListItem >;

export const companyList = record( 'A companies list.', {
	list_uid: listUid,
	title: text( 200, 'Name on screens.' ),
	owner: oneOf( wordsOf( LIST_OWNERS ), 'Which side keeps it.' ),
	source: oneOf( wordsOf( LIST_SOURCES ), 'Where it is fetched from.' ),
	active_source: nullable( oneOf( wordsOf( LIST_SOURCES ), 'Where the rows in use came from; sample is made up.' ) ),
	url: text( 2048, 'Where it is fetched; `sample:` is the built-in one; empty for lists that WordPress keeps.' ),
	enabled: flag( 'Its companies are matched.' ),
	visible_to_visitors: flag( 'Visitors may look for its companies.' ),
	schedule_hours: count( 'Hours between two looks at it; 0 when it is only fetched on request.' ),
	active_version: count( 'Version in use; 0 when there is none.' ),
	active_sha256: nullable( hex( 32, 'Content in use.' ) ),
	row_count: count( 'Companies in use.' ),
	rejected_count: count( 'Rows that could not be read.' ),
	rejections: listOf( rejection, 20, 'The first of them.' ),
	source_updated_at: nullable( instantIso( 'When upstream says that it changed.' ) ),
	fetched_at: nullable( instantIso( 'When the version in use was fetched.' ) ),
	checked_at: nullable( instantIso( 'When it was looked at last.' ) ),
	error_code: nullable( errorCode ),
	error_message: nullable( text( 500, 'Why the last look failed.' ) ),
	changes: nullable( listChanges ),
	open_job: nullable( jobRow ),
} );
export type CompanyList = Static< typeof companyList >;

const listTitle = text( 200, 'Name on screens.' );
const scheduleHours = Object.assign( count( 'Hours between two looks at it; 0 when it is only fetched on request.' ), { maximum: 8760 } );

/** Body of POST /rollcall/v1/lists. The server gives the list its list_uid. */
export const listCreation = record( 'Adds a list.', {
	title: listTitle,
	source: oneOf( [ 'yc', 'csv', 'google_sheet', 'upload', 'manual' ], 'Kind of list.' ),
	url: text( 2048, 'http(s) URL for the kinds that are fetched; else empty.' ),
	schedule_hours: scheduleHours,
} );
export type ListCreation = Static< typeof listCreation >;

/** Body of PUT /rollcall/v1/lists/{list_uid}. */
export const listRequest = record( 'Changes a list.', {
	title: listTitle,
	url: text( 2048, 'http(s) URL, or `sample:` for the default list; empty for lists that WordPress keeps.' ),
	enabled: flag( 'Its companies are matched.' ),
	visible_to_visitors: flag( 'Visitors may look for its companies.' ),
	schedule_hours: scheduleHours,
} );
export type ListRequest = Static< typeof listRequest >;

export const listChangeRow = record( 'A company that differs from the version before.', {
	source_id: text( 64, 'Company.' ),
	name: text( 200, 'Name.' ),
	previous_name: nullable( text( 200, 'Name before; null when it is the same or new.' ) ),
	change: oneOf( wordsOf( LIST_CHANGES ), 'How it differs; moved when its domains do.' ),
	status: oneOf( wordsOf( COMPANY_STATUSES ), 'Status.' ),
	previous_status: nullable( oneOf( wordsOf( COMPANY_STATUSES ), 'Status before; null when it is the same or new.' ) ),
	batch: text( 64, 'Batch.' ),
	domains: listOf( text( 253, 'Domain.' ), 20, 'Domains now.' ),
	previous_domains: listOf( text( 253, 'Domain.' ), 20, 'Domains that it no longer uses.' ),
	user_count: count( 'Users of the site at any of them.' ),
} );
export type ListChangeRow = Static< typeof listChangeRow >;

export const rule = record( 'What the site owner decided on a domain.', {
	domain: text( 253, 'Domain in A-label form; its sub-domains follow it.' ),
	kind: oneOf( wordsOf( RULE_KINDS ), 'exclusion: never a company; alias: belongs to a company.' ),
	state: oneOf( wordsOf( RULE_STATES ), 'Only active rules count.' ),
	list_uid: nullable( listUid ),
	source_id: nullable( text( 64, 'Company of an alias.' ) ),
	company_name: text( 200, 'Its name; empty for an exclusion.' ),
	evidence: text( 500, 'Why it was proposed, or the note of the owner.' ),
	user_count: count( 'Users of the site at the domain.' ),
	created_by: text( 250, 'Display name; empty when it was proposed or the user is gone.' ),
	created_at: instantIso( 'When.' ),
} );
export type Rule = Static< typeof rule >;

/** Body of POST /rollcall/v1/rules. */
export const rulesRequest = record( 'Adds rules of one kind; rules on the same domains are replaced.', {
	kind: oneOf( wordsOf( RULE_KINDS ), 'Kind.' ),
	domains: listOf( text( 1024, 'Domain, address or URL; only its host is used.' ), 1000, 'Domains.' ),
	list_uid: nullable( listUid ),
	source_id: nullable( text( 64, 'Company of an alias.' ) ),
	note: text( 500, 'Why; may be empty.' ),
} );
export type RulesRequest = Static< typeof rulesRequest >;

export const rulesAnswer = record( 'What became of each domain.', {
	stored: listOf( text( 253, 'Domain.' ), 1000, 'Domains with a rule now.' ),
	refused: listOf(
		record( 'A text that is no domain.', { text: text( 1024, 'As it was given.' ), reason: text( 64, 'Reason.' ) } ),
		1000,
		'Texts that are none.'
	),
} );
export type RulesAnswer = Static< typeof rulesAnswer >;

/** Body of POST /rollcall/v1/rules/proposals: the companion looks where the sites of these domains lead. */
export const ruleProposals = record( 'Asks for aliases that redirects suggest.', {
	domains: listOf(
		text( 1024, 'Domain, address or URL; only its host is used.' ),
		50,
		'Domains; empty for those without a company that have most users.'
	),
} );
export type RuleProposals = Static< typeof ruleProposals >;

/** Body of POST /rollcall/v1/visitor-match: domains that a visitor's browser cut out of a list. */
export const visitorMatch = record( 'Asks which domains belong to listed companies.', {
	domains: listOf( text( 253, 'Host, ASCII lower case.' ), 500, 'Domains; no addresses, no counts.' ),
} );
export type VisitorMatch = Static< typeof visitorMatch >;

export const visitorMatchAnswer = record( 'Companies of the domains.', {
	checked: count( 'Domains that were looked up.' ),
	matches: listOf(
		record( 'A domain of a company.', {
			domain: text( 253, 'As it was asked.' ),
			name: text( 200, 'Company.' ),
			batch: text( 64, 'Batch.' ),
			status: oneOf( wordsOf( COMPANY_STATUSES ), 'Status.' ),
			industry: text( 200, 'Industry.' ),
			one_liner: text( 500, 'One sentence.' ),
			website_origin: nullable( text( 2048, 'Website.' ) ),
			kind: oneOf( wordsOf( MATCH_KINDS ), 'How the domain belongs to it.' ),
		} ),
		500,
		'Best company of each domain that has one.'
	),
	list_title: text( 200, 'List that was asked; titles joined by a comma when there are several.' ),
	list_updated_at: nullable( instantIso( 'When the oldest of them was fetched.' ) ),
} );
export type VisitorMatchAnswer = Static< typeof visitorMatchAnswer >;

export const companyFacets = record( 'Values for the filters of the Companies screen.', {
	batches: listOf( text( 64, 'Batch.' ), 500, 'Newest first.' ),
	industries: listOf( text( 200, 'Industry.' ), 500, 'In alphabetical order.' ),
	regions: listOf( text( 200, 'Region.' ), 1000, 'In alphabetical order.' ),
	statuses: listOf( oneOf( wordsOf( COMPANY_STATUSES ), 'Status.' ), 5, 'That occur.' ),
} );
export type CompanyFacets = Static< typeof companyFacets >;
