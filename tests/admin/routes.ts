import {
	ago,
	facets,
	makeCompany,
	makeConnection,
	makeExplanation,
	makeList,
	makeNoList,
	makeOverview,
	makePayload,
	makePreview,
	makeReport,
	makeReportCompany,
	makeReportDomain,
	makeReportUser,
	makeRun,
	makeSettings,
	makeUnpaired,
} from './fixtures.ts';
import { makeCompanyChange, makeComparison, makeDomainChange, sources } from './run-fixtures.ts';
import { makeChange, makeManual, makeRows, makeRule } from './list-fixtures.ts';
import { makeMonitor, makeMonitoring } from './monitor-fixtures.ts';
import type { Routes } from './page.tsx';

/** A site that has been matched: every screen is filled. */
export function filled(): Routes {
	return {
		'GET /overview': { body: makeOverview() },
		'GET /connection': { body: makeConnection() },
		'GET /report': { body: makeReport() },
		'GET /lists': { body: [ makeList() ] },
		'GET /sources': { body: sources },
		'GET /runs': { body: [ makeRun(), makeRun( { run_id: 2, started_at: ago( 3000 ), finished_at: ago( 2990 ) } ) ] },
		'GET /runs/3': { body: makeRun() },
		'GET /runs/2/compare/3': { body: makeComparison() },
		'GET /runs/2/compare/3/companies': { body: [ makeCompanyChange() ] },
		'GET /runs/2/compare/3/domains': { body: [ makeDomainChange() ] },
		'POST /runs/count': { body: makePreview( { agreed_at: makeRun().started_at, host_count: 31 } ) },
		'GET /runs/preview': { body: makePreview() },
		'GET /companies': { body: [ makeCompany() ] },
		'GET /companies/facets': { body: facets },
		'GET /companies/yc/100': { body: makeCompany() },
		'GET /lists/yc/changes': { body: [ makeChange() ] },
		[ `GET /lists/${ makeManual().list_uid }/rows` ]: { body: [ makeRows() ] },
		'GET /rules': ( { query } ) => ( { body: query.get( 'state[0]' ) === 'proposed' ? [] : [ makeRule() ] } ),
		'GET /report/companies': { body: [ makeReportCompany() ] },
		'GET /report/domains': { body: [ makeReportDomain() ] },
		'GET /report/users': { body: [ makeReportUser() ] },
		'GET /monitors': { body: [ makeMonitor() ] },
		'GET /monitoring': { body: makeMonitoring() },
		'GET /payloads': { body: [ makePayload() ] },
		'GET /payloads/1': { body: makePayload( { body: '{"domains":["airbnb.com"]}' } ) },
		'GET /settings': { body: makeSettings() },
		'POST /explanations': { body: makeExplanation() },
	};
}

/** A site on which nothing was done yet. */
export function untouched(): Routes {
	const nothing = makeReport( { newest_run: null, matched_users: 0, matched_companies: 0, batches: [], industries: [], statuses: [] } );
	return {
		...filled(),
		'GET /overview': {
			body: makeOverview( {
				next_step: 'connect',
				connection: makeUnpaired(),
				newest_run: null,
				company_count: 0,
				list_source: null,
			} ),
		},
		'GET /connection': { body: makeUnpaired() },
		'GET /report': { body: nothing },
		'GET /lists': { body: [ makeNoList() ] },
		'GET /runs': { body: [] },
		'GET /runs/2/compare/3/companies': { body: [] },
		'GET /runs/2/compare/3/domains': { body: [] },
		'POST /runs/count': { body: makePreview( { companion_name: '' } ) },
		'GET /companies': { body: [] },
		'GET /lists/yc/changes': { body: [] },
		[ `GET /lists/${ makeManual().list_uid }/rows` ]: { body: [] },
		'GET /rules': { body: [] },
		'GET /companies/facets': { body: { batches: [], industries: [], regions: [], statuses: [] } },
		'GET /report/companies': { body: [] },
		'GET /report/domains': { body: [] },
		'GET /report/users': { body: [] },
		'GET /monitors': { body: [] },
		'GET /monitoring': { body: makeMonitoring( { is_connected: false, last_seen_at: null, monitor_count: 0, vitals: null } ) },
		'GET /payloads': { body: [] },
	};
}
