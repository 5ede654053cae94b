import type { CompanyFacets, CompanyList, CompanyListItem } from '../../companion/src/contract/list.ts';
import type {
	Explanation,
	JobRow,
	ReportCompanyRow,
	ReportDomainRow,
	ReportSummary,
	ReportUserRow,
	Run,
	SendPreview,
} from '../../companion/src/contract/report.ts';
import type { Companion, Connection, Overview, Payload, Settings } from '../../companion/src/contract/site.ts';
import { LABELS, wordsOf, type Label } from '../../companion/src/contract/vocabulary.ts';
import type { PageSettings } from '../../admin-ts/src/page-settings.ts';

/** An instant that lies some minutes back, as REST writes it. */
export function ago( minutes: number ): string {
	return new Date( Date.now() - minutes * 60_000 ).toISOString().replace( /\.\d{3}Z$/, 'Z' );
}

/** What an administrator's page is told. */
export function allowed( can: Partial< PageSettings[ 'can' ] > = {} ): PageSettings {
	return {
		page_url: 'http://site.test/wp-admin/admin.php?page=rollcall',
		rest_url: 'http://site.test/wp-json/',
		nonce: 'nonce-1',
		locale: 'en-US',
		companion_path: '/srv/site/wp-content/plugins/rollcall/companion/rollcall-companion.mjs',
		can: { view: true, manage: true, settings: true, list_users: true, ...can },
		own_hosts: [ 'site.test' ],
		errors: {
			list_unreachable: { title: 'The list could not be fetched.', hint: 'Check the address; the last good version stays in use.' },
		},
	};
}

export function makeConnection( over: Partial< Connection > = {} ): Connection {
	return {
		state: 'connected',
		kid: '0123456789abcdef-1',
		paired_at: ago( 4000 ),
		last_seen_at: ago( 1 ),
		next_expected_at: ago( -1 ),
		companion_version: '0.1.0',
		companion_contract_version: 1,
		companion_url: null,
		reachable: null,
		plugin_version: '0.1.0',
		contract_version: 1,
		clock_offset_seconds: 0,
		transport: 'rest',
		error_code: null,
		error_message: null,
		error_hint: null,
		code_expires_at: null,
		companions: [ makeCompanion( { companion_url: over.companion_url ?? null } ) ],
		site_url: 'https://site.test',
		contact_url: 'https://www.site.test/',
		download_url: 'https://site.test/wp-content/plugins/rollcall/companion/rollcall-companion.mjs',
		...over,
	};
}

/** A companion that decides. */
export function makeCompanion( over: Partial< Companion > = {} ): Companion {
	return {
		companion_id: '0123456789abcdef',
		is_judge: true,
		is_silent: false,
		paired_at: ago( 4000 ),
		last_seen_at: ago( 1 ),
		companion_version: '0.1.0',
		companion_url: null,
		...over,
	};
}

/** A connection before any pairing. */
export function makeUnpaired( over: Partial< Connection > = {} ): Connection {
	return makeConnection( {
		state: 'not_paired',
		kid: null,
		paired_at: null,
		last_seen_at: null,
		companion_version: null,
		transport: null,
		clock_offset_seconds: null,
		companions: [],
		...over,
	} );
}

export function makeRun( over: Partial< Run > = {} ): Run {
	return {
		run_id: 3,
		state: 'done',
		sources: [ 'users' ],
		ran_in: 'companion',
		started_by: 'Ada',
		scheduled: false,
		started_at: ago( 65 ),
		finished_at: ago( 62 ),
		data_version: 4,
		users_total: 10_431,
		users_read: 10_431,
		domains_total: 4812,
		domains_labelled: 4812,
		waits_for: 'nothing',
		matched_users: 1204,
		matched_companies: 386,
		error_code: null,
		error_message: null,
		...over,
	};
}

export function makeReport( over: Partial< ReportSummary > = {} ): ReportSummary {
	const users: Partial< Record< Label, number > > = { company: 1204, core_mail: 5210, free_mail: 803, unmatched: 3159 };
	return {
		as_of: ago( 0 ),
		source: 'users',
		run_id: null,
		totals: {
			users_read: 10_431,
			no_usable_address: 43,
			below_threshold: 0,
			waiting: 12,
			labels: wordsOf( LABELS ).map( ( label ) => ( { label, user_count: users[ label ] ?? 0, domain_count: 1 } ) ),
			reasons: [ { reason: 'no_at', user_count: 43 } ],
		},
		matched_users: 1204,
		matched_domains: 392,
		matched_companies: 386,
		domain_count: 4812,
		match_rate: 0.1154,
		ambiguous_domains: 2,
		batches: [
			{ key: 'Summer 2026', user_count: 30, company_count: 9 },
			{ key: 'Winter 2009', user_count: 12, company_count: 1 },
		],
		industries: [ { key: 'B2B', user_count: 520, company_count: 160 } ],
		statuses: [ { key: 'active', user_count: 930, company_count: 290 } ],
		newest_run: makeRun(),
		open_run: null,
		...over,
	};
}

const company = {
	list_uid: 'yc',
	list_title: 'Y Combinator companies',
	source_id: '100',
	name: 'Airbnb',
	slug: 'airbnb',
	status: 'public' as const,
	batch: 'Winter 2009',
	industry: 'Consumer',
	one_liner: 'Book accommodations around the world.',
	team_size: 6132,
	logo_url: null,
	website_origin: 'https://www.airbnb.com',
};

export function makeReportCompany( over: Partial< ReportCompanyRow > = {} ): ReportCompanyRow {
	return {
		...company,
		user_count: 14,
		domains: [ 'airbnb.com' ],
		kind: 'current',
		former_domains: [],
		former_names: [],
		ambiguous: false,
		removed_at: null,
		monitor: null,
		...over,
	};
}

export function makeReportDomain( over: Partial< ReportDomainRow > = {} ): ReportDomainRow {
	return {
		domain: 'siemens.com',
		user_count: 31,
		label: 'unmatched',
		rule: 'unmatched',
		evidence: '',
		typo_of: null,
		ambiguous: false,
		company_names: [],
		list_titles: [],
		kind: null,
		data_version: 4,
		...over,
	};
}

export function makeReportUser( over: Partial< ReportUserRow > = {} ): ReportUserRow {
	return {
		user_id: 7,
		display_name: 'Grace',
		user_email: 'grace@airbnb.com',
		registered_at: ago( 9000 ),
		domain: 'airbnb.com',
		label: 'company',
		reason: null,
		company_names: [ 'Airbnb' ],
		batch: 'Winter 2009',
		edit_url: '',
		...over,
	};
}

export function makeCompany( over: Partial< CompanyListItem > = {} ): CompanyListItem {
	return {
		...company,
		former_names: [ 'AirBed & Breakfast' ],
		subindustry: 'Consumer -> Travel',
		regions: [ 'America / Canada' ],
		tags: [ 'Marketplace' ],
		launched_at: ago( 900_000 ),
		domains: [ { domain: 'airbnb.com', kind: 'current', first_seen: ago( 9000 ), last_seen: ago( 60 ) } ],
		user_count: 14,
		first_seen: ago( 9000 ),
		last_seen: ago( 60 ),
		removed_at: null,
		...over,
	};
}

export function makeJob( over: Partial< JobRow > = {} ): JobRow {
	return {
		job_uid: 'a'.repeat( 32 ),
		kind: 'list_update',
		state: 'running',
		done: 2,
		total: 5,
		list_uid: 'yc',
		created_at: ago( 1 ),
		error_code: null,
		error_message: null,
		...over,
	};
}

export function makeList( over: Partial< CompanyList > = {} ): CompanyList {
	return {
		list_uid: 'yc',
		title: 'Y Combinator companies',
		owner: 'companion',
		source: 'yc',
		active_source: 'yc',
		url: 'https://lists.test/all.json',
		enabled: true,
		visible_to_visitors: true,
		schedule_hours: 24,
		active_version: 4,
		active_sha256: 'a'.repeat( 64 ),
		row_count: 5950,
		rejected_count: 0,
		rejections: [],
		source_updated_at: ago( 600 ),
		fetched_at: ago( 300 ),
		checked_at: ago( 120 ),
		error_code: null,
		error_message: null,
		changes: { added: 12, changed: 41, moved: 3, removed: 1 },
		open_job: null,
		...over,
	};
}

/** A list before its first version. */
export function makeNoList(): CompanyList {
	return makeList( {
		active_version: 0,
		active_source: null,
		active_sha256: null,
		row_count: 0,
		source_updated_at: null,
		fetched_at: null,
		checked_at: null,
		changes: null,
	} );
}

export const facets: CompanyFacets = {
	batches: [ 'Winter 2009' ],
	industries: [ 'Consumer' ],
	regions: [ 'America / Canada' ],
	statuses: [ 'public' ],
};

export function makeOverview( over: Partial< Overview > = {} ): Overview {
	return {
		next_step: 'look',
		connection: makeConnection(),
		newest_run: makeRun(),
		open_run: null,
		open_jobs: [],
		run_schedule: 'off',
		user_count: 10_431,
		company_count: 5950,
		list_source: 'yc',
		...over,
	};
}

export function makePreview( over: Partial< SendPreview > = {} ): SendPreview {
	return {
		counted: true,
		users_total: 10_431,
		users_read: 10_431,
		host_count: 4812,
		companion_name: 'helper.test',
		agreed_at: null,
		hosts: [ 'airbnb.com', 'siemens.com' ],
		...over,
	};
}

export function makePayload( over: Partial< Payload > = {} ): Payload {
	return { payload_id: 1, sent_at: ago( 2 ), route: 'POST /rollcall/v1/exchange', bytes: 2800, truncated: false, body: null, ...over };
}

export function makeSettings( over: Partial< Settings > = {} ): Settings {
	return {
		delete_data_on_uninstall: false,
		companies_public: false,
		companies_wall_enabled: false,
		companies_wall_minimum: 3,
		threshold: 1,
		run_schedule: 'off',
		run_sources: [ 'users' ],
		run_retention_days: 400,
		signup_notices: 'off',
		signup_notice_recipients: [],
		webhook_url: '',
		dead_man_url: '',
		webhook_secret: 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
		...over,
	};
}

export function makeExplanation( over: Partial< Explanation > = {} ): Explanation {
	return {
		job_uid: null,
		state: 'done',
		host: 'mail.airbnb.com',
		decided_by: 'wordpress',
		verdict: {
			ascii_host: 'mail.airbnb.com',
			registrable: 'airbnb.com',
			label: 'company',
			rule: 'company_subdomain',
			evidence: 'airbnb.com',
			flags: [],
			typo_of: null,
			ambiguous: false,
			companies: [],
		},
		company_names: [ 'Airbnb' ],
		user_count: 14,
		...over,
	};
}
