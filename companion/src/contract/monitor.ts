import type { Static } from 'typebox';
import { listUid } from './company.ts';
import { errorCode, uid } from './identity.ts';
import { count, flag, instantIso, instantMs, listOf, nullable, number, oneOf, pattern, ratio, record, text } from './schema.ts';
import {
	CHANGE_KINDS,
	CHECK_CODES,
	CHECK_TYPES,
	HTTP_METHODS,
	MAIL_STATES,
	MONITOR_STATES,
	RESOLVERS,
	SCREEN_STATES,
	STATS,
	STAT_UNITS,
	wordsOf,
} from './vocabulary.ts';

const between = ( minimum: number, maximum: number, description: string ) => Object.assign( count( description ), { minimum, maximum } );
const state = oneOf( wordsOf( MONITOR_STATES ), 'Unknown says that nothing was learnt of the target.' );
const code = oneOf( wordsOf( CHECK_CODES ), 'Why it has this state; ok when it is up.' );
const message = text( 500, 'What was tried and what came back, at most 500 bytes; empty when it is up.' );
const target = text( 2048, 'What is checked, at most 2,048 bytes; empty for push.' );
const interval = between( 10, 604_800, 'Seconds between two checks.' );

export const monitorOptions = record( 'What only some types of check have; the others leave it as it is.', {
	method: oneOf( wordsOf( HTTP_METHODS ), 'HTTP method.' ),
	headers: listOf(
		record( 'A header that is sent.', {
			name: pattern( "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$", 'Name.' ),
			value: text( 4096, 'Value, without line breaks.' ),
		} ),
		20,
		'Headers besides those that every check sends.'
	),
	body: text( 10_000, 'Body that is sent; empty for none.' ),
	assertions: listOf( text( 1000, 'Such as `[STATUS] < 400`.' ), 20, 'What must hold.' ),
	timeout_ms: between( 1000, 10_000, 'Time of one try, redirects included.' ),
	grace_seconds: between( 0, 86_400, 'How much later than the interval a beat may come.' ),
} );
export type MonitorOptions = Static< typeof monitorOptions >;

/** A monitor as the companion gets it. */
export const monitorWork = record( 'A monitor that is new, was changed, or is gone.', {
	monitor_uid: uid,
	revision: count( 'Raised by each change of any monitor; the order in which they are sent.' ),
	active: flag( 'It is checked; false when it is paused or deleted.' ),
	deleted: flag( 'It is gone.' ),
	type: oneOf( wordsOf( CHECK_TYPES ), 'What it asks.' ),
	url: target,
	name: text( 200, 'Name for people.' ),
	interval_seconds: interval,
	is_polite: flag( 'A site of others: one request a domain at a time, and whether mail can be delivered is looked up too.' ),
	options: monitorOptions,
	created_at_ms: instantMs( 'Since when beats are expected.' ),
	known_until_ms: nullable(
		instantMs( 'Newest slot that WordPress has; a lower one than ours after a restored backup. Null when it has none.' )
	),
	last_beat_at_ms: nullable( instantMs( 'Newest beat of a push monitor that had come by then; null when none had.' ) ),
} );
export type MonitorWork = Static< typeof monitorWork >;

export const monitorPage = record( 'Monitors with a higher revision than the cursor, in the order of their revisions.', {
	after: count( 'Cursor that was asked with. From 0 on it is the whole list: monitors that are on no page are gone.' ),
	revision: count( 'Cursor after this page.' ),
	has_more: flag( 'Another page waits.' ),
	rows: listOf( monitorWork, 500, 'Monitors.' ),
} );
export type MonitorPage = Static< typeof monitorPage >;

export const beat = record( 'A beat that came in.', {
	monitor_uid: uid,
	beat_at_ms: instantMs( 'When WordPress took it.' ),
} );
export type Beat = Static< typeof beat >;

/** Fields of a check's row, in their order. Milliseconds are whole; a phase that was not reached and a missing status are empty. */
export const CHECK_ROW_FIELDS = [
	'slot_ms',
	'state',
	'error_code',
	'status_code',
	'dns_ms',
	'connect_ms',
	'tls_ms',
	'first_byte_ms',
	'transfer_ms',
	'total_ms',
	'attempts',
	'warnings',
] as const;
export type CheckRowField = ( typeof CHECK_ROW_FIELDS )[ number ];

/** Rows are text: 5,000 objects of twelve numbers took WordPress's validator 0.4 s, 5,000 texts take it 15 ms. */
export const checkRow = pattern(
	'^\\d{12,15},[1-4],\\d{1,3},([1-5]\\d\\d)?(,\\d{0,5}){5},\\d{1,5},\\d{1,2},\\d{1,3}$',
	'slot_ms,state,error_code,status_code,dns_ms,connect_ms,tls_ms,first_byte_ms,transfer_ms,total_ms,attempts,warnings; words by their numbers.'
);

export const monitorChecks = record( 'Checks of one monitor, oldest first.', {
	monitor_uid: uid,
	location_id: between( 1, 255, 'Where from; 1 is the judge itself.' ),
	rows: listOf( checkRow, 5000, 'One a slot.' ),
} );
export type MonitorChecks = Static< typeof monitorChecks >;

/** The newest slot of a monitor. WordPress keeps the one with the highest slot_ms. */
export const reading = record( 'What the newest slot of a monitor found.', {
	monitor_uid: uid,
	slot_ms: instantMs( 'Slot.' ),
	state,
	error_code: code,
	error_message: message,
	status_code: nullable( between( 0, 999, 'Status; null without an answer.' ) ),
	response_time_ms: nullable( count( 'Time of the last try; null when nothing was asked.' ) ),
	is_confirming: flag( 'A change is being confirmed.' ),
	mail_state: nullable( oneOf( wordsOf( MAIL_STATES ), 'Whether mail can be delivered; null when it is not asked for.' ) ),
} );
export type Reading = Static< typeof reading >;

export const stateChange = record( 'What the judge decided.', {
	monitor_uid: uid,
	judge_epoch: between( 1, 2_147_483_647, 'Who judged.' ),
	seq: between( 1, 2_147_483_647, 'Number of the decision under this epoch: each one of a monitor has a higher one than those before.' ),
	changed_at_ms: instantMs( 'Slot from which on the state holds.' ),
	kind: oneOf( wordsOf( CHANGE_KINDS ), 'Kind of change.' ),
	state,
	error_code: code,
	message,
} );
export type StateChange = Static< typeof stateChange >;

export const incident = record( 'A time in which a monitor was down. The row with the higher judged_at_ms holds.', {
	incident_uid: uid,
	monitor_uid: uid,
	judge_epoch: between( 1, 2_147_483_647, 'Who judged.' ),
	opened_at_ms: instantMs( 'First slot that failed.' ),
	error_code: code,
	message,
	resolved_at_ms: nullable( instantMs( 'First slot that did not fail; null while it is open.' ) ),
	resolved_by: nullable( oneOf( wordsOf( RESOLVERS ), 'What ended it.' ) ),
	group_uid: nullable( uid ),
	is_flapping: flag( 'The monitor changed again and again.' ),
	judged_at_ms: instantMs( 'When this was decided.' ),
} );
export type Incident = Static< typeof incident >;

/** How the companion itself does. */
export const vitals = record( 'How monitoring does; counters grow until the companion is started anew.', {
	started_at_ms: instantMs( 'When the companion was started.' ),
	monitor_count: count( 'Active monitors of this site.' ),
	running_count: count( 'Checks under way.' ),
	waiting_count: count( 'Checks that wait for room.' ),
	stalled_count: count( 'Monitors that did not run within two intervals.' ),
	unsent_count: count( 'Rows that WordPress has not signed for.' ),
	oldest_unsent_at_ms: nullable( instantMs( 'When the oldest of them was stored; null when there is none.' ) ),
	dropped_count: count( 'Checks that were lost since the folder was made: no room on the disk, past the quota, or in a damaged store.' ),
	dead_letter_count: count( 'Rows that the site refuses for good, since the folder was made.' ),
	quarantine_count: count( 'Times that a damaged store was put aside.' ),
	disk_full: flag( 'The disk takes nothing; the newest rows are in memory.' ),
	offline_since_ms: nullable( instantMs( 'Since when our own network is away; null when it is there.' ) ),
	clock_jumped_at_ms: nullable( instantMs( 'When the clock last jumped; null when it never did.' ) ),
	suspended_at_ms: nullable( instantMs( 'When the process last slept; null when it never did.' ) ),
	loop_lag_ms: count( 'Greatest delay of the event loop in the last minute.' ),
	dead_man_at_ms: nullable( instantMs( 'Last ping of the dead-man address that was answered; null when none was.' ) ),
	dead_man_error: nullable( text( 500, 'Why the newest ping failed; null when it did not.' ) ),
} );
export type Vitals = Static< typeof vitals >;

/** Of these, what only the engine that checks knows. */
export type EngineVitals = Pick<
	Vitals,
	| 'started_at_ms'
	| 'monitor_count'
	| 'running_count'
	| 'waiting_count'
	| 'stalled_count'
	| 'offline_since_ms'
	| 'clock_jumped_at_ms'
	| 'suspended_at_ms'
	| 'loop_lag_ms'
>;

/** Shapes of screens. */
export const uptimeFigure = nullable( ratio( 'Share of the known time in which it was reachable; null when nothing is known.' ) );

export const monitor = record( 'A monitor as screens show it.', {
	monitor_uid: uid,
	name: text( 200, 'Name; the target when none was given.' ),
	type: oneOf( wordsOf( CHECK_TYPES ), 'What it asks.' ),
	url: target,
	active: flag( 'It is checked.' ),
	is_public: flag( 'The status page shows it.' ),
	is_polite: flag( 'A site of a company of the report.' ),
	interval_seconds: interval,
	options: monitorOptions,
	push_url: nullable( text( 2048, 'Address that takes the beats; null for other types and without the right to manage.' ) ),
	last_beat_at: nullable( instantIso( 'Newest beat; null when none came.' ) ),
	company: nullable(
		record( 'The company whose site it is.', {
			list_uid: listUid,
			source_id: text( 64, 'Company.' ),
			name: text( 200, 'Name.' ),
		} )
	),
	screen_state: oneOf( wordsOf( SCREEN_STATES ), 'What to say of it.' ),
	state,
	state_since: nullable( instantIso( 'Since when; null when it was never checked.' ) ),
	known_until: nullable( instantIso( 'What came later is not known; null when it was never checked.' ) ),
	last_checked_at: nullable( instantIso( 'Newest slot.' ) ),
	last_state: nullable( state ),
	last_status_code: nullable( between( 0, 999, 'Status of the newest answer.' ) ),
	last_response_time_ms: nullable( count( 'Time of the newest try.' ) ),
	last_error_code: nullable( code ),
	last_error_message: message,
	mail_state: nullable( oneOf( wordsOf( MAIL_STATES ), 'Whether mail to its domain can be delivered.' ) ),
	uptime_24h: uptimeFigure,
	uptime_30d: uptimeFigure,
	created_at: instantIso( 'When it was added.' ),
} );
export type Monitor = Static< typeof monitor >;

/** Body of POST /rollcall/v1/monitors and PUT /rollcall/v1/monitors/{monitor_uid}. */
export const monitorRequest = record( 'A monitor as a person wants it.', {
	name: text( 200, 'Name; empty for the target.' ),
	type: oneOf( wordsOf( CHECK_TYPES ), 'What it asks.' ),
	url: target,
	active: flag( 'It is checked.' ),
	is_public: flag( 'The status page shows it.' ),
	interval_seconds: interval,
	options: monitorOptions,
} );
export type MonitorRequest = Static< typeof monitorRequest >;

/** Body of POST /rollcall/v1/monitors/many. */
export const monitorsRequest = record( 'Many monitors at once.', {
	monitors: listOf( monitorRequest, 500, 'Monitors; what is watched already is left out.' ),
} );
export type MonitorsRequest = Static< typeof monitorsRequest >;

export const monitorsAnswer = record( 'What became of many monitors.', {
	added: count( 'New ones.' ),
	known: count( 'Those that were there before.' ),
	refused: listOf(
		record( 'One that was not taken.', {
			url: target,
			error_code: errorCode,
			error_message: text( 500, 'Why.' ),
		} ),
		500,
		'Those that were not taken.'
	),
} );
export type MonitorsAnswer = Static< typeof monitorsAnswer >;

/** Body of POST /rollcall/v1/monitors/companies: the sites of companies of the report. */
export const companyMonitorsRequest = record( 'Asks to monitor the sites of companies.', {
	companies: listOf(
		record( 'A company.', { list_uid: listUid, source_id: text( 64, 'Company.' ) } ),
		500,
		'Companies of the report; none means all of them.'
	),
} );
export type CompanyMonitorsRequest = Static< typeof companyMonitorsRequest >;

/** Body of POST /rollcall/v1/monitors/check: check now. */
export const checkRequest = record( 'Asks to check some monitors now.', {
	monitor_uids: listOf( uid, 500, 'Monitors; none means all that are active.' ),
} );
export type CheckRequest = Static< typeof checkRequest >;

export const checkJob = record( 'Check now: what was asked for, and what came of it so far.', {
	job_uid: uid,
	state: oneOf( [ 'queued', 'running', 'done', 'failed', 'cancelled' ], 'State of the job.' ),
	active_count: count( 'Active URLs that the query found.' ),
	done: count( 'Of these, checked and stored.' ),
	error_code: nullable( errorCode ),
	error_message: nullable( text( 500, 'What went wrong.' ) ),
	results: listOf(
		record( 'A monitor that was checked.', {
			monitor_uid: uid,
			name: text( 200, 'Name.' ),
			url: target,
			state,
			error_code: code,
			error_message: message,
			status_code: nullable( between( 0, 999, 'Status.' ) ),
			response_time_ms: nullable( count( 'Time of the last try.' ) ),
		} ),
		500,
		'Those that are stored.'
	),
} );
export type CheckJob = Static< typeof checkJob >;

/** GET /rollcall/v1/monitoring. */
export const monitoring = record( 'How monitoring does, beside the monitors.', {
	is_connected: flag( 'A companion is paired.' ),
	no_data_since: nullable( instantIso( 'Since when the companion is silent; null while it calls in time.' ) ),
	last_seen_at: nullable( instantIso( 'Last exchange.' ) ),
	monitor_count: count( 'Active monitors.' ),
	open_incident_count: count( 'Open incidents.' ),
	state_counts: record( 'Active monitors by what to say of them.', {
		up: count( 'Up.' ),
		degraded: count( 'Slow, or otherwise not as they should be.' ),
		confirming: count( 'A change is being confirmed.' ),
		down: count( 'Down.' ),
		no_reading: count( 'Nothing is known of now.' ),
	} ),
	lost_24h: record( 'What the companion lost in the last 24 hours; its own counters never fall.', {
		dropped_count: count( 'Checks that there was no room for.' ),
		dead_letter_count: count( 'Rows that the site refuses for good.' ),
	} ),
	vitals: nullable( vitals ),
} );
export type Monitoring = Static< typeof monitoring >;

/** GET /rollcall/v1/public/dashboard. */
export const dashboard = record( 'Figures of the public monitors.', {
	stats: listOf(
		record( 'A figure.', {
			key: oneOf( wordsOf( STATS ), 'Which.' ),
			label: text( 200, 'What it is called, in the language of the site.' ),
			value: nullable( number( 'Null when it is not known.' ) ),
			unit: oneOf( wordsOf( STAT_UNITS ), 'What it counts; percent is from 0 to 100.' ),
		} ),
		20,
		'In the order in which they are shown.'
	),
	is_default: flag( 'Nothing could be read: no value is known.' ),
	generated_at: instantIso( 'When it was made.' ),
} );
export type Dashboard = Static< typeof dashboard >;
