import type { Static } from 'typebox';
import { listUid } from './company.ts';
import { labelRow, verdict } from './exchange.ts';
import { errorCode, uid } from './identity.ts';
import { count, flag, instantIso, listOf, nullable, oneOf, pattern, ratio, record, text } from './schema.ts';
import {
	CHECK_CODES,
	CHURN_SIGNS,
	COMPANY_STATUSES,
	JOB_KINDS,
	JOB_STATES,
	LABELS,
	MAIL_STATES,
	MATCH_KINDS,
	REASONS,
	RUN_CHANGES,
	RUN_PLACES,
	RUN_STATES,
	SCREEN_STATES,
	wordsOf,
} from './vocabulary.ts';

const label = oneOf( wordsOf( LABELS ), 'Type of address.' );

/** A word of USER_SOURCES, or the name under which another plugin offers addresses. */
export const userSource = pattern( '^[a-z][a-z0-9_]{0,31}$', 'Where addresses are read.' );

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
	sources: listOf( userSource, 50, 'Where the addresses were read.' ),
	ran_in: oneOf( wordsOf( RUN_PLACES ), 'What labelled the domains.' ),
	started_by: text( 250, 'Display name of the user; empty when the user is gone or the schedule started it.' ),
	scheduled: flag( 'The schedule started it.' ),
	started_at: instantIso( 'Start.' ),
	finished_at: nullable( instantIso( 'End; null while it runs.' ) ),
	data_version: count( 'Version of lists and rules.' ),
	users_total: count( 'Users to be read.' ),
	users_read: count( 'Users read so far.' ),
	domains_total: count( 'Domains that need a label in this run.' ),
	domains_labelled: count( 'Of these, labelled.' ),
	waits_for: oneOf(
		[ 'nothing', 'consent', 'companion', 'list', 'hosts', 'browser' ],
		'What the run is waiting for; consent when another companion was paired, hosts for those of a pasted list, browser for the page that labels.'
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
	sources: listOf( userSource, 50, 'Where addresses are read; empty is users.' ),
	ran_in: oneOf( wordsOf( RUN_PLACES ), 'What labels the domains.' ),
} );
export type RunRequest = Static< typeof runRequest >;

export const addressSource = record( 'Something that addresses can be read from.', {
	source: userSource,
	title: text( 200, 'Name on screens.' ),
	available: flag( 'Its tables are there; paste always is.' ),
	people_count: nullable( count( 'People as far as a cheap query tells; null when it does not.' ) ),
	newest_run_id: nullable( count( 'Newest finished run that read it; null when none did. For users the report is live.' ) ),
} );
export type AddressSource = Static< typeof addressSource >;

/** Body of POST /rollcall/v1/runs/{run_id}/hosts: a pasted or dropped list, cut to hosts in the browser. */
export const hostsRequest = record( 'Hosts of a pasted list with the number of people at each; no addresses.', {
	page: count( 'From 1; a page that was stored before is not counted again.' ),
	last: flag( 'Nothing follows.' ),
	rows: listOf(
		record( 'A host.', {
			host: text( 1024, 'Host as cut from an address: ASCII lower-cased, other bytes percent-encoded.' ),
			user_count: count( 'People.' ),
		} ),
		5000,
		'Hosts.'
	),
	reasons: listOf(
		record( 'People without a usable address.', {
			reason: oneOf( wordsOf( REASONS ), 'Reason.' ),
			user_count: count( 'People.' ),
		} ),
		30,
		'Of the whole list, on the last page; else empty.'
	),
} );
export type HostsRequest = Static< typeof hostsRequest >;

/** Body of POST /rollcall/v1/runs/{run_id}/labels: verdicts that the browser made. */
export const labelsRequest = record( 'Verdicts of the page that runs the matcher.', {
	rows: listOf( labelRow, 5000, 'Verdicts.' ),
} );
export type LabelsRequest = Static< typeof labelsRequest >;

const runFigure = nullable(
	record( 'How a company stood in a run; null when it was not in it.', {
		user_count: count( 'Users.' ),
		domain_count: count( 'Registrable domains.' ),
		status: oneOf( wordsOf( COMPANY_STATUSES ), 'Status at that time.' ),
		batch: text( 64, 'Batch at that time.' ),
		kind: oneOf( wordsOf( MATCH_KINDS ), 'Best way in which a domain belonged to it.' ),
	} )
);

export const runCompanyChange = record( 'A company that differs between two runs.', {
	list_uid: listUid,
	list_title: text( 200, 'List.' ),
	source_id: text( 64, 'Company.' ),
	name: text( 200, 'Name.' ),
	change: oneOf( wordsOf( RUN_CHANGES ), 'How it differs.' ),
	churn: nullable( oneOf( wordsOf( CHURN_SIGNS ), 'Why its users may be lost; null when nothing says so.' ) ),
	before: runFigure,
	after: runFigure,
} );
export type RunCompanyChange = Static< typeof runCompanyChange >;

export const runDomainChange = record( 'A registrable domain that differs between two runs.', {
	domain: text( 1024, 'Registrable domain in A-label form.' ),
	change: oneOf( wordsOf( RUN_CHANGES ), 'How it differs.' ),
	before_user_count: count( 'Users in the earlier run.' ),
	after_user_count: count( 'Users in the later run.' ),
	before_label: nullable( label ),
	after_label: nullable( label ),
} );
export type RunDomainChange = Static< typeof runDomainChange >;

const changeCounts = record( 'How many differ.', {
	new: count( 'Only in the later run.' ),
	gone: count( 'Only in the earlier run.' ),
	changed: count( 'In both, with other figures.' ),
} );

export const runComparison = record( 'Two runs beside each other.', {
	before: run,
	after: run,
	before_totals: nullable( totals ),
	after_totals: nullable( totals ),
	companies: changeCounts,
	domains: changeCounts,
	churn_count: count( 'Companies with a churn sign.' ),
} );
export type RunComparison = Static< typeof runComparison >;

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
	as_of: instantIso( 'When it was computed; for other sources than users when their newest run ended.' ),
	source: userSource,
	run_id: nullable( count( 'Run whose figures these are; null when they are live.' ) ),
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

export const reportCompany = {
	list_uid: listUid,
	list_title: text( 200, 'List that it is on.' ),
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
	former_domains: listOf( text( 253, 'Domain.' ), 20, 'Of these, those that it no longer uses.' ),
	former_names: listOf( text( 200, 'Name.' ), 50, 'Earlier names.' ),
	ambiguous: flag( 'Some of the domains are claimed by several companies.' ),
	removed_at: nullable( instantIso( 'When it left the list; null while it is on it.' ) ),
	monitor: nullable(
		record( 'The monitor of its site; null while it has none.', {
			monitor_uid: uid,
			screen_state: oneOf( wordsOf( SCREEN_STATES ), 'What to say of the site.' ),
			error_code: nullable( oneOf( wordsOf( CHECK_CODES ), 'Why; null when it was never checked.' ) ),
			mail_state: nullable( oneOf( wordsOf( MAIL_STATES ), 'Whether mail can be delivered; null when it is not known yet.' ) ),
			last_checked_at: nullable( instantIso( 'Newest slot.' ) ),
		} )
	),
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
	list_titles: listOf( text( 200, 'List.' ), 20, 'Lists that they are on.' ),
	kind: nullable( oneOf( wordsOf( MATCH_KINDS ), 'How it belongs to the best of them; null when to none.' ) ),
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
