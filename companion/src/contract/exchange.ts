import type { Static } from 'typebox';
import { companyDomain, companyRow, listChanges, listUid, rejection } from './company.ts';
import { errorCode, uid } from './identity.ts';
import { beat, incident, monitorChecks, monitorPage, reading, stateChange, vitals } from './monitor.ts';
import { count, flag, hex, instantMs, listOf, nullable, oneOf, pattern, record, text } from './schema.ts';
import { DOMAIN_FLAGS, JOB_KINDS, JOB_STATES, LABELS, LIST_SOURCES, MATCH_KINDS, wordsOf } from './vocabulary.ts';

/** Clocks that differ by less are told as one: what WordPress tells of its time is some seconds old. */
export const SAME_TIME_MS = 10_000;

const errorMessage = text( 500, 'What was tried, on what, and what came back.' );
const host = text( 1024, 'Host as cut from an address: ASCII lower-cased, other bytes percent-encoded.' );

export const companyMatch = record( 'A company that a domain belongs to.', {
	list_uid: listUid,
	source_id: text( 64, 'Company.' ),
	kind: oneOf( wordsOf( MATCH_KINDS ), 'How the domain belongs to it.' ),
} );
export type CompanyMatch = Static< typeof companyMatch >;

/** The verdict on one domain, with everything that is needed to explain it. */
export const verdict = record( 'The verdict on one domain.', {
	ascii_host: nullable( text( 253, 'Host in A-label form; null when the text is no domain.' ) ),
	registrable: nullable( text( 253, 'Registrable domain in A-label form; null when there is none.' ) ),
	label: oneOf( wordsOf( LABELS ), 'Type of address.' ),
	rule: text( 64, 'Rule that decided, lower_snake_case; for invalid the reason.' ),
	evidence: text( 500, 'What the rule saw, such as the entry or the former website.' ),
	flags: listOf( oneOf( wordsOf( DOMAIN_FLAGS ), 'Remark.' ), 6, 'Remarks on the domain.' ),
	typo_of: nullable( text( 253, 'Mail provider that the domain looks like; null when it looks like none.' ) ),
	ambiguous: flag( 'Several companies claim the domain; the first one is the best.' ),
	companies: listOf( companyMatch, 20, 'Companies, best first; empty unless the label is company.' ),
} );
export type Verdict = Static< typeof verdict >;

export const labelRow = record( 'The verdict on one domain of WordPress.', {
	domain_id: count( 'Domain, as WordPress numbered it.' ),
	data_version: count( 'Version of lists and rules that it was decided on, as WordPress sent it.' ),
	verdict,
} );
export type LabelRow = Static< typeof labelRow >;

export const listPage = record( 'A page of a new version of a list. Page 1 begins a version.', {
	list_uid: listUid,
	sha256: hex( 32, 'SHA-256 of the normalised list; identity of the version on both sides.' ),
	source: oneOf( wordsOf( LIST_SOURCES ), 'Where the rows came from.' ),
	page: count( 'From 1.' ),
	page_count: count( 'Pages of this version.' ),
	row_count: count( 'Companies of this version.' ),
	source_updated_at_ms: nullable( instantMs( 'When upstream says that it last changed.' ) ),
	fetched_at_ms: instantMs( 'When it was fetched.' ),
	changes: nullable( listChanges ),
	companies: listOf( companyRow, 2000, 'Companies of this page.' ),
	domains: listOf( companyDomain, 4000, 'Their domains.' ),
} );
export type ListPage = Static< typeof listPage >;

export const listStatus = record( 'How the last look at a list ended.', {
	list_uid: listUid,
	checked_at_ms: instantMs( 'When it was looked at.' ),
	error_code: nullable( errorCode ),
	error_message: nullable( errorMessage ),
	rejected_count: count( 'Rows of the version in use that could not be read; 0 when all could.' ),
	rejections: listOf( rejection, 20, 'The first of them.' ),
} );
export type ListStatus = Static< typeof listStatus >;

export const redirect = record( 'Where the site of a domain leads.', {
	host,
	final_host: nullable( text( 253, 'Host of the last address, A-label form, without www; null when the site did not answer.' ) ),
	error_code: nullable( errorCode ),
} );
export type Redirect = Static< typeof redirect >;

export const jobProgress = record( 'How far the companion is with a job.', {
	job_uid: uid,
	state: oneOf( wordsOf( JOB_STATES ), 'State of the job.' ),
	done: count( 'Steps done.' ),
	total: count( 'Steps in all; 0 while unknown.' ),
	error_code: nullable( errorCode ),
	error_message: nullable( errorMessage ),
	verdict: nullable( verdict ),
	redirects: listOf( redirect, 50, 'For a job of kind redirects: its hosts so far.' ),
} );
export type JobProgress = Static< typeof jobProgress >;

export const batch = record( 'Rows for WordPress, stored all or not at all.', {
	id: uid,
	digest: hex( 32, 'SHA-256 of the rows; the same id with another digest is refused.' ),
	labels: listOf( labelRow, 5000, 'Verdicts.' ),
	list_pages: listOf( listPage, 4, 'Pages of lists.' ),
	list_statuses: listOf( listStatus, 50, 'Looks at lists.' ),
	jobs: listOf( jobProgress, 50, 'Progress of jobs.' ),
	checks: listOf( monitorChecks, 5000, 'Checks; at most 20,000 rows in all.' ),
	readings: listOf( reading, 2000, 'Newest slots.' ),
	state_changes: listOf( stateChange, 2000, 'Decisions of the judge.' ),
	incidents: listOf( incident, 500, 'Incidents that began, changed or ended.' ),
} );
export type Batch = Static< typeof batch >;

export const storeGeneration = record( 'Tells a restored backup: another id, or a lower counter than before.', {
	id: uid,
	counter: count( 'Raised in the transaction of each stored batch.' ),
} );
export type StoreGeneration = Static< typeof storeGeneration >;

export const keyRotation = record( 'Answer to the command rotate_keys.', {
	kid: pattern( '^[0-9a-f]{16}-[0-9]{1,9}$', 'New key id.' ),
	nonce: hex( 16, 'Nonce of the companion; the same one until the rotation is done.' ),
} );

/** POST /rollcall/v1/exchange, companion to WordPress. */
export const exchange = record( 'What the companion says to WordPress.', {
	contract_version: count( 'Contract of the companion.' ),
	companion_version: text( 32, 'Version of the companion.' ),
	companion_url: nullable( text( 2048, 'Origin at which WordPress may reach the companion; null behind NAT.' ) ),
	clock_offset_ms: Object.assign( count( '' ), {
		minimum: -Number.MAX_SAFE_INTEGER,
		description: 'Clock of WordPress minus that of the companion, as the companion measured it.',
	} ),
	judge_epoch: count( 'Highest epoch that the companion knows.' ),
	store_generation: nullable( storeGeneration ),
	acks: record( 'What was carried out, and what cannot be.', {
		rotation: nullable( keyRotation ),
		given_up: listOf(
			record( 'A domain whose verdict the site refuses to take, alone and without free text.', {
				domain_id: count( 'Domain, as WordPress numbered it.' ),
				data_version: count( 'Version of lists and rules of the verdict.' ),
			} ),
			500,
			'They keep waiting for a label, but no longer hold the open run; the next run tries them again.'
		),
	} ),
	batch: nullable( batch ),
	cursors: record( 'Where the companion is.', {
		domains_after: count( 'Highest domain_id of the last page that it labelled; 0 at the start.' ),
		monitors_revision: count( 'Highest revision of the monitors that it has; 0 asks for all.' ),
		beats_after_ms: count( 'Newest beat that it heard of; 0 at the start.' ),
	} ),
	vitals: nullable( vitals ),
} );
export type Exchange = Static< typeof exchange >;

export const listWork = record( 'A list that the companion looks after, as WordPress has it.', {
	list_uid: listUid,
	source: oneOf( wordsOf( LIST_SOURCES ), 'Kind of list.' ),
	url: text( 2048, 'Where it is fetched; `sample:` is the built-in one.' ),
	active_version: count( 'Version in use; 0 when there is none.' ),
	active_sha256: nullable( hex( 32, 'Content in use.' ) ),
	active_row_count: count( 'Companies in use.' ),
	active_fetched_at_ms: nullable( instantMs( 'When the content in use was fetched; an older one is refused.' ) ),
	staging_sha256: nullable( hex( 32, 'Content that is being staged.' ) ),
	staged_pages: count( 'Pages of it that are stored.' ),
	schedule_hours: count( 'Hours between two looks at it; 0 when it is only fetched on request.' ),
	accept_shrunk: flag( 'A person agreed to a version that lost more than a fifth of its companies.' ),
} );
export type ListWork = Static< typeof listWork >;

/** Signed as https://www.standardwebhooks.com says, by WordPress, which alone has the secret. */
export const webhookCall = record( 'A webhook that is to be called; null for other kinds of job.', {
	url: text( 2048, 'http(s) address; the guard judges it.' ),
	webhook_id: text( 64, 'Header webhook-id, the same one on each try.' ),
	webhook_timestamp: count( 'Header webhook-timestamp, Unix seconds.' ),
	webhook_signature: text( 200, 'Header webhook-signature, `v1,<base64>`.' ),
	body: text( 65536, 'JSON text; nothing of single users or domains is in it.' ),
} );
export type WebhookCall = Static< typeof webhookCall >;

export const job = record( 'Something that the site owner asked for.', {
	job_uid: uid,
	kind: oneOf( wordsOf( JOB_KINDS ), 'What is asked for.' ),
	list_uid: nullable( listUid ),
	host: nullable( host ),
	hosts: listOf( host, 50, 'For redirects: the domains whose sites are asked; else empty.' ),
	webhook: nullable( webhookCall ),
	monitor_uids: listOf( uid, 500, 'For check: the monitors; empty means all that are active.' ),
} );
export type Job = Static< typeof job >;

export const domainPage = record( 'Domains that want a verdict, in the order of domain_id.', {
	data_version: count( 'To be sent back with each verdict.' ),
	rows: listOf(
		record( 'A domain; nothing else of the users leaves WordPress.', {
			domain_id: count( 'Number of the domain.' ),
			host,
		} ),
		5000,
		'Domains.'
	),
} );
export type DomainPage = Static< typeof domainPage >;

export const command = record( 'Something that the companion must do at once.', {
	kind: oneOf( [ 'rotate_keys', 'keys_rotated', 'cancel_job', 'forget_cursors' ], 'What to do.' ),
	kid: nullable( pattern( '^[0-9a-f]{16}-[0-9]{1,9}$', 'New key id.' ) ),
	nonce: nullable( hex( 16, 'Nonce of WordPress.' ) ),
	job_uid: nullable( uid ),
} );
export type Command = Static< typeof command >;

export const accepted = record( 'What became of the batch.', {
	batch_id: uid,
	stored: count( 'Rows stored or already there.' ),
	refused: listOf(
		record( 'A row that was not stored.', {
			kind: oneOf(
				[ 'labels', 'list_pages', 'list_statuses', 'jobs', 'checks', 'readings', 'state_changes', 'incidents' ],
				'Kind of row.'
			),
			key: text( 128, 'domain_id, list_uid and page, job_uid, or monitor_uid.' ),
			error_code: errorCode,
		} ),
		500,
		'Rows that were refused; the others are stored.'
	),
} );

/** The signed payload that answers an exchange. */
export const exchangePayload = record( 'What WordPress answers.', {
	accepted: nullable( accepted ),
	contract_version: count( 'Contract of the plugin.' ),
	plugin_version: text( 32, 'Version of the plugin.' ),
	judge_epoch: count( 'Epoch of the active judge.' ),
	standby_location_id: nullable(
		count( 'Location of a companion that stands by: it checks, and another one decides. Null for the judge; absent before 0.2.0.' )
	),
	store_generation: storeGeneration,
	commands: listOf( command, 50, 'Commands.' ),
	work: record( 'What there is to do.', {
		jobs: listOf( job, 50, 'Open jobs.' ),
		lists: listOf( listWork, 50, 'Lists of the companion.' ),
		own_hosts: listOf( text( 253, 'Host.' ), 20, "The site's own hosts." ),
		domains: nullable( domainPage ),
		monitors: nullable( monitorPage ),
		beats: listOf( beat, 500, 'Beats that came since the cursor, oldest first.' ),
		heard_until_ms: instantMs( 'Clock of WordPress: all beats until then are known with this answer, unless 500 of them are in it.' ),
		dead_man_url: text( 2048, 'Address that is called while monitoring goes on; empty when none.' ),
		contact_url: text( 2048, 'Address that polite checks name in their User-Agent.' ),
	} ),
	next_after_seconds: count( 'When to call again; 0 while pages wait.' ),
} );
export type ExchangePayload = Static< typeof exchangePayload >;

/** Answers on signed routes, both ways. The signature covers the payload text, not the outer JSON. */
export const signedAnswer = record( 'A signed answer.', {
	payload: text( 4194304, 'JSON text.' ),
	sig: pattern( '^v1=[0-9a-f]{64}$', 'Signature of direction ack, status, request nonce, kid and payload.' ),
} );
export type SignedAnswer = Static< typeof signedAnswer >;
