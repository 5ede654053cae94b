import type { Static } from 'typebox';
import { listChanges, listUid } from './company.ts';
import { errorCode, uid, verdict } from './exchange.ts';
import { count, flag, hex, instantIso, listOf, nullable, oneOf, ratio, record, text } from './schema.ts';
import {
	COMPANY_STATUSES,
	JOB_KINDS,
	JOB_STATES,
	LABELS,
	LIST_SOURCES,
	MATCH_KINDS,
	REASONS,
	RUN_PLACES,
	RUN_STATES,
	USER_SOURCES,
	wordsOf,
} from './vocabulary.ts';

const label = oneOf( wordsOf( LABELS ), 'Type of address.' );

const labelCount = record( 'Users and domains of one label.', {
	label,
	user_count: count( 'Users.' ),
	domain_count: count( 'Registrable domains.' ),
} );

export const totals = record( 'Adds up: labels + no usable address + below threshold + waiting = users read.', {
	users_read: count( 'Users of this blog.' ),
	no_usable_address: count( 'Users without a usable address.' ),
	below_threshold: count( 'Users whose domain is hidden by the threshold.' ),
	waiting: count( 'Users whose domain waits for a label.' ),
	labels: listOf( labelCount, 12, 'All twelve labels, in their order.' ),
	reasons: listOf(
		record( 'Users without a usable address, by reason.', {
			reason: oneOf( wordsOf( REASONS ), 'Reason.' ),
			user_count: count( 'Users.' ),
		} ),
		30,
		'Only reasons that occur.'
	),
} );

export const run = record( 'A run of the matcher.', {
	run_id: count( 'Number.' ),
	state: oneOf( wordsOf( RUN_STATES ), 'Where it is.' ),
	source: oneOf( wordsOf( USER_SOURCES ), 'Where the addresses were read.' ),
	ran_in: oneOf( wordsOf( RUN_PLACES ), 'What labelled the domains.' ),
	started_by: text( 250, 'Display name of the user; empty when the user is gone.' ),
	started_at: instantIso( 'Start.' ),
	finished_at: nullable( instantIso( 'End; null while it runs.' ) ),
	data_version: count( 'Version of lists and rules.' ),
	users_total: count( 'Users to be read.' ),
	users_read: count( 'Users read so far.' ),
	domains_total: count( 'Domains that need a label in this run.' ),
	domains_labelled: count( 'Of these, labelled.' ),
	waits_for: oneOf(
		[ 'nothing', 'consent', 'companion', 'list' ],
		'What the run is waiting for; consent when another companion was paired.'
	),
	matched_users: count( 'Users at listed companies; 0 until it is done.' ),
	matched_companies: count( 'Companies; 0 until it is done.' ),
	error_code: nullable( errorCode ),
	error_message: nullable( text( 500, 'What went wrong.' ) ),
} );
export type Run = Static< typeof run >;

/** Body of POST /rollcall/v1/runs and /runs/{run_id}/agree. */
export const runRequest = record( 'Starts a run.', {
	agreed: flag( 'The user has seen what will be sent and agrees; needed once for each companion.' ),
} );

/** What would be sent, shown before the first run. */
export const sendPreview = record( 'What a run would send.', {
	counted: flag( 'All users have been read; false while counting goes on.' ),
	users_total: count( 'Users of this blog.' ),
	users_read: count( 'Users read so far.' ),
	host_count: count( 'Distinct hosts that would be sent.' ),
	companion_name: text(
		253,
		'Where they would go, as people call it: "the companion on this server", its host, or "your companion"; empty when none is paired.'
	),
	agreed_at: nullable( instantIso( 'When sending to this companion was agreed to; null before.' ) ),
	hosts: listOf( text( 1024, 'Host.' ), 200, 'This page of the hosts, in alphabetical order.' ),
} );
export type SendPreview = Static< typeof sendPreview >;

const keyCount = record( 'A bar of a chart.', {
	key: text( 200, 'Batch, industry or status; empty when unknown.' ),
	user_count: count( 'Users.' ),
	company_count: count( 'Companies.' ),
} );

export const reportSummary = record( 'Header and charts of the report, live.', {
	as_of: instantIso( 'When it was computed.' ),
	totals,
	matched_users: count( 'Users at listed companies.' ),
	matched_domains: count( 'Registrable domains of listed companies.' ),
	matched_companies: count( 'Companies with users.' ),
	domain_count: count( 'Registrable domains in all.' ),
	match_rate: ratio( 'matched_users / users_read; 0 without users.' ),
	ambiguous_domains: count( 'Domains that several companies claim.' ),
	batches: listOf( keyCount, 100, 'By batch, newest first.' ),
	industries: listOf( keyCount, 50, 'By industry, most users first.' ),
	statuses: listOf( keyCount, 5, 'By status.' ),
	newest_run: nullable( run ),
	open_run: nullable( run ),
} );
export type ReportSummary = Static< typeof reportSummary >;

const reportCompany = {
	list_uid: listUid,
	source_id: text( 64, 'Company.' ),
	name: text( 200, 'Name.' ),
	slug: text( 200, 'Slug.' ),
	status: oneOf( wordsOf( COMPANY_STATUSES ), 'Status.' ),
	batch: text( 64, 'Batch.' ),
	industry: text( 200, 'Industry.' ),
	one_liner: text( 500, 'One sentence.' ),
	team_size: nullable( count( 'People.' ) ),
	logo_url: nullable( text( 2048, 'Logo.' ) ),
	website_origin: nullable( text( 2048, 'Website.' ) ),
};

export const reportCompanyRow = record( 'A company with users.', {
	...reportCompany,
	user_count: count( 'Users; counted once a company.' ),
	domains: listOf( text( 253, 'Domain.' ), 20, 'Registrable domains by which they matched.' ),
	kind: oneOf( wordsOf( MATCH_KINDS ), 'Best way in which a domain belongs to it.' ),
	ambiguous: flag( 'Some of the domains are claimed by several companies.' ),
	removed_at: nullable( instantIso( 'When it left the list; null while it is on it.' ) ),
} );
export type ReportCompanyRow = Static< typeof reportCompanyRow >;

export const reportDomainRow = record( 'A registrable domain with users.', {
	domain: text( 1024, 'Registrable domain in A-label form; the host when there is none.' ),
	user_count: count( 'Users.' ),
	label: nullable( label ),
	rule: text( 64, 'Rule that decided; empty while it waits.' ),
	evidence: text( 500, 'What the rule saw.' ),
	typo_of: nullable( text( 253, 'Mail provider that it looks like.' ) ),
	ambiguous: flag( 'Several companies claim it.' ),
	company_names: listOf( text( 200, 'Name.' ), 20, 'Companies, best first.' ),
	data_version: count( 'Version that it was decided on; 0 while it waits.' ),
} );
export type ReportDomainRow = Static< typeof reportDomainRow >;

export const reportUserRow = record( 'A user; made in WordPress only.', {
	user_id: count( 'User.' ),
	display_name: text( 250, 'Name.' ),
	user_email: text( 320, 'Address.' ),
	registered_at: instantIso( 'Registration.' ),
	domain: text( 1024, 'Registrable domain; empty without a usable address.' ),
	label: nullable( label ),
	reason: nullable( oneOf( wordsOf( REASONS ), 'Why there is no usable address.' ) ),
	company_names: listOf( text( 200, 'Name.' ), 20, 'Companies, best first.' ),
	batch: text( 64, 'Batch of the best company; empty when none.' ),
	edit_url: text( 2048, "User's profile in wp-admin; empty without the right to edit." ),
} );
export type ReportUserRow = Static< typeof reportUserRow >;

/** Body of POST /rollcall/v1/explanations: why (not) this domain? */
export const explanationRequest = record( 'Asks why a domain has its label.', {
	text: text( 1024, 'Domain, address or URL; only its host is used.' ),
} );
export const explanation = record( 'Why a domain has its label.', {
	job_uid: nullable( uid ),
	state: oneOf( wordsOf( JOB_STATES ), 'queued while the companion has yet to answer.' ),
	host: text( 1024, 'Host that was asked for; empty when there is none in the text.' ),
	decided_by: oneOf( [ 'wordpress', 'companion' ], 'What gave the verdict.' ),
	verdict: nullable( verdict ),
	company_names: listOf( text( 200, 'Name.' ), 20, 'Companies, best first.' ),
	user_count: count( 'Users of the site with this registrable domain.' ),
} );
export type Explanation = Static< typeof explanation >;

export const jobRow = record( 'A job and how far it is.', {
	job_uid: uid,
	kind: oneOf( wordsOf( JOB_KINDS ), 'What was asked for.' ),
	state: oneOf( wordsOf( JOB_STATES ), 'State.' ),
	done: count( 'Steps done.' ),
	total: count( 'Steps in all; 0 while unknown.' ),
	list_uid: nullable( listUid ),
	created_at: instantIso( 'When it was asked for.' ),
	error_code: nullable( errorCode ),
	error_message: nullable( text( 500, 'What went wrong.' ) ),
} );
export type JobRow = Static< typeof jobRow >;

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
	source: oneOf( wordsOf( LIST_SOURCES ), 'Where it is fetched from.' ),
	active_source: nullable( oneOf( wordsOf( LIST_SOURCES ), 'Where the rows in use came from; sample is made up.' ) ),
	url: text( 2048, 'Where it is fetched; `sample:` is the built-in one.' ),
	active_version: count( 'Version in use; 0 when there is none.' ),
	active_sha256: nullable( hex( 32, 'Content in use.' ) ),
	row_count: count( 'Companies in use.' ),
	source_updated_at: nullable( instantIso( 'When upstream says that it changed.' ) ),
	fetched_at: nullable( instantIso( 'When the version in use was fetched.' ) ),
	checked_at: nullable( instantIso( 'When it was looked at last.' ) ),
	error_code: nullable( errorCode ),
	error_message: nullable( text( 500, 'Why the last look failed.' ) ),
	changes: nullable( listChanges ),
	open_job: nullable( jobRow ),
} );
export type CompanyList = Static< typeof companyList >;

/** Body of PUT /rollcall/v1/lists/{list_uid}. */
export const listRequest = record( 'Changes where a list is fetched.', {
	url: text( 2048, 'http(s) URL of a JSON list, or `sample:`.' ),
} );

export const companyFacets = record( 'Values for the filters of the Companies screen.', {
	batches: listOf( text( 64, 'Batch.' ), 500, 'Newest first.' ),
	industries: listOf( text( 200, 'Industry.' ), 500, 'In alphabetical order.' ),
	regions: listOf( text( 200, 'Region.' ), 1000, 'In alphabetical order.' ),
	statuses: listOf( oneOf( wordsOf( COMPANY_STATUSES ), 'Status.' ), 5, 'That occur.' ),
} );
export type CompanyFacets = Static< typeof companyFacets >;
