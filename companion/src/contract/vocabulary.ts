/** Closed lists of words. A word's number is its place in the database and is never reused:
 *  append, never reorder or remove. Imports nothing, so that the admin page may take it as it is. */

/** What the plugin and the companion say to each other; each accepts its own and the previous number. */
export const CONTRACT_VERSION = 1;

/** Type of an address, in the order in which the labels are tried. */
export const LABELS = {
	invalid: 1,
	special_use: 2,
	own_site: 3,
	excluded: 4,
	core_mail: 5,
	company: 6,
	platform: 7,
	free_mail: 8,
	disposable: 9,
	relay: 10,
	education_government: 11,
	unmatched: 12,
} as const;
export type Label = keyof typeof LABELS;

/** Why a text is no domain. The first group is decided in WordPress and never leaves it. */
export const REASONS = {
	no_at: 1,
	empty: 2,
	empty_local: 3,
	multiple_at: 4,
	display_name: 5,
	comment: 6,
	whitespace: 7,
	control: 8,
	invisible: 9,
	bidi: 10,
	ip_literal: 11,
	bad_char: 12,
	too_long: 13,
	not_string: 14,
	numeric_tld: 15,
	empty_label: 16,
	bad_hyphen: 17,
	underscore: 18,
	label_too_long: 19,
	bad_punycode: 20,
	public_suffix: 21,
	special_use: 22,
	no_dot: 23,
	unlisted_tld: 24,
	bad_url: 25,
} as const;
export type Reason = keyof typeof REASONS;

/** Remarks on an accepted domain; a bit set in the database. */
export const DOMAIN_FLAGS = {
	mapped: 1,
	mixed_script: 2,
	confusable: 4,
	not_idna2008: 8,
	long_local: 16,
	suspected_typo: 32,
} as const;
export type DomainFlag = keyof typeof DOMAIN_FLAGS;

export const COMPANY_STATUSES = {
	active: 1,
	inactive: 2,
	acquired: 3,
	public: 4,
	unknown: 5,
} as const;
export type CompanyStatus = keyof typeof COMPANY_STATUSES;

/** How a domain belongs to a company. */
export const MATCH_KINDS = {
	current: 1,
	former: 2,
	alias: 3,
	manual: 4,
	subdomain: 5,
} as const;
export type MatchKind = keyof typeof MATCH_KINDS;

/** Where a list's rows come from. `sample` is the built-in list of made-up companies. */
export const LIST_SOURCES = {
	yc: 1,
	csv: 2,
	google_sheet: 3,
	upload: 4,
	manual: 5,
	sample: 6,
} as const;
export type ListSource = keyof typeof LIST_SOURCES;

/** Which side a list's rows are kept by: fetched ones by the companion, typed and uploaded ones by WordPress. */
export const LIST_OWNERS = { companion: 1, wordpress: 2 } as const;
export type ListOwner = keyof typeof LIST_OWNERS;

/** Where addresses are read from. Sources of other plugins have names of their own and numbers from 64. */
export const USER_SOURCES = { users: 1, comments: 2, woocommerce: 3, paste: 4 } as const;
export type UserSource = keyof typeof USER_SOURCES;

/** What the site owner decided on a domain. */
export const RULE_KINDS = { exclusion: 1, alias: 2 } as const;
export type RuleKind = keyof typeof RULE_KINDS;

/** A rule that was found in a redirect is proposed until a person confirms or declines it. */
export const RULE_STATES = { active: 1, proposed: 2, declined: 3 } as const;
export type RuleState = keyof typeof RULE_STATES;

/** How a company or domain differs from an earlier version of its list. */
export const LIST_CHANGES = { added: 1, changed: 2, moved: 3, removed: 4 } as const;
export type ListChange = keyof typeof LIST_CHANGES;

/** How a company or domain of one run differs from an earlier run. */
export const RUN_CHANGES = { new: 1, gone: 2, changed: 3 } as const;
export type RunChange = keyof typeof RUN_CHANGES;

/** Why the users of a company may soon be unreachable. */
export const CHURN_SIGNS = { turned_inactive: 1, turned_acquired: 2, domain_gone: 3 } as const;
export type ChurnSign = keyof typeof CHURN_SIGNS;

/** When mail about sign-ups from listed companies is sent. */
export const NOTICE_RHYTHMS = { off: 1, immediate: 2, daily: 3, weekly: 4 } as const;
export type NoticeRhythm = keyof typeof NOTICE_RHYTHMS;

/** When runs are started without a person. */
export const RUN_SCHEDULES = { off: 1, daily: 2, weekly: 3, monthly: 4 } as const;
export type RunSchedule = keyof typeof RUN_SCHEDULES;

export const RUN_STATES = {
	counting: 1,
	labelling: 2,
	reporting: 3,
	done: 4,
	cancelled: 5,
	failed: 6,
} as const;
export type RunState = keyof typeof RUN_STATES;

export const RUN_PLACES = { companion: 1, browser: 2 } as const;

/** redirects: where the sites of some domains lead; webhook: tells an address that a run is finished;
 *  check: checks some monitors now, beside their schedule. */
export const JOB_KINDS = { list_update: 1, explain: 2, redirects: 3, webhook: 4, check: 5 } as const;
export type JobKind = keyof typeof JOB_KINDS;

export const JOB_STATES = {
	queued: 1,
	running: 2,
	done: 3,
	failed: 4,
	cancelled: 5,
} as const;
export type JobState = keyof typeof JOB_STATES;

/** What the Connect screen says of the companion. */
export const CONNECTION_STATES = {
	not_paired: 1,
	waiting_for_pairing: 2,
	connected: 3,
	silent: 4,
	companion_older: 5,
	plugin_older: 6,
	clock_skew: 7,
	key_unreadable: 8,
	site_changed: 9,
} as const;
export type ConnectionState = keyof typeof CONNECTION_STATES;

export const TRANSPORTS = { rest: 1, rest_route: 2, admin_ajax: 3 } as const;
export type Transport = keyof typeof TRANSPORTS;

/** What a monitor asks; the names are also those of the probes. */
export const CHECK_TYPES = { http: 1, tcp: 2, tls: 3, dns: 4, push: 5, rdap: 6 } as const;
export type CheckType = keyof typeof CHECK_TYPES;

/** `unknown` says that nothing was learnt of the site, and is never downtime. */
export const MONITOR_STATES = { up: 1, degraded: 2, down: 3, unknown: 4 } as const;
export type MonitorState = keyof typeof MONITOR_STATES;

/** What a screen says of a monitor, from its state and what is known of it now. */
export const SCREEN_STATES = { up: 1, degraded: 2, down: 3, no_reading: 4, paused: 5, maintenance: 6, confirming: 7 } as const;
export type ScreenState = keyof typeof SCREEN_STATES;

/** `confirmed` changes open and close incidents; `reading` only says from where on nothing is known, and from where again. */
export const CHANGE_KINDS = { confirmed: 1, reading: 2 } as const;
export type ChangeKind = keyof typeof CHANGE_KINDS;

/** What ended an incident. */
export const RESOLVERS = { check: 1, person: 2 } as const;
export type Resolver = keyof typeof RESOLVERS;

/** Whether mail to a domain has somewhere to go. */
export const MAIL_STATES = { alive: 1, dead: 2, unknown: 3 } as const;
export type MailState = keyof typeof MAIL_STATES;

export const HTTP_METHODS = { GET: 1, HEAD: 2, POST: 3, PUT: 4, PATCH: 5, DELETE: 6, OPTIONS: 7 } as const;
export type HttpMethod = keyof typeof HTTP_METHODS;

/** Figures of the public dashboard, in their order. */
export const STATS = {
	monitors: 1,
	up: 2,
	degraded: 3,
	down: 4,
	no_reading: 5,
	uptime_24h: 6,
	uptime_30d: 7,
	response_time_p95_24h: 8,
	open_incidents: 9,
} as const;
export type Stat = keyof typeof STATS;

export const STAT_UNITS = { monitors: 1, percent: 2, seconds: 3, incidents: 4 } as const;
export type StatUnit = keyof typeof STAT_UNITS;

/** Why a check has its state. */
export const CHECK_CODES = {
	ok: 1,
	http_status: 2,
	dns_nxdomain: 3,
	dns_nodata: 4,
	dns_servfail: 5,
	dns_refused: 6,
	dns_timeout: 7,
	dns_other: 8,
	connect_refused: 9,
	connect_timeout: 10,
	connect_reset: 11,
	unreachable: 12,
	tls_expired: 13,
	tls_not_yet_valid: 14,
	tls_self_signed: 15,
	tls_unknown_issuer: 16,
	tls_wrong_host: 17,
	tls_protocol: 18,
	tls_timeout: 19,
	tls_client_cert: 20,
	header_timeout: 21,
	header_overflow: 22,
	protocol: 23,
	body_timeout: 24,
	body_truncated: 25,
	body_reset: 26,
	decode_failed: 27,
	redirect_limit: 28,
	redirect_invalid: 29,
	keyword_missing: 30,
	keyword_present: 31,
	assertion_failed: 32,
	too_slow: 33,
	tls_expiring: 34,
	domain_expiring: 35,
	dns_mismatch: 36,
	push_missed: 37,
	challenged: 38,
	target_refused: 39,
	self_offline: 40,
	check_failed_internally: 41,
	suspended: 42,
	missed: 43,
	restored: 44,
	paused: 45,
	not_checked_yet: 46,
	past_cap: 47,
	ports_limited: 48,
} as const;
export type CheckCode = keyof typeof CHECK_CODES;

/** Remarks beside a verdict; a bit set in the database. `framing`: the body was not sent as HTTP wants it;
 *  `body_capped`: reading stopped at the cap. */
export const CHECK_WARNINGS = { framing: 1, body_capped: 2 } as const;
export type CheckWarning = keyof typeof CHECK_WARNINGS;

/** The words of a vocabulary in the order of their numbers, for `oneOf`. */
export function wordsOf< Vocabulary extends Record< string, number > >(
	vocabulary: Vocabulary
): readonly Extract< keyof Vocabulary, string >[] {
	// Object.keys is typed string[]; a literal object's own keys are exactly its declared ones.
	return Object.keys( vocabulary ) as Extract< keyof Vocabulary, string >[];
}
