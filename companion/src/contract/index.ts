import { companyDomain, companyRow } from './company.ts';
import * as exchangeShapes from './exchange.ts';
import * as pairingShapes from './pairing.ts';
import * as reportShapes from './report.ts';
import * as siteShapes from './site.ts';

/** Every shape that PHP reads, by the name that `Contract::shape()` takes. */
export const shapes = {
	company_row: companyRow,
	company_domain: companyDomain,
	verdict: exchangeShapes.verdict,
	exchange: exchangeShapes.exchange,
	exchange_payload: exchangeShapes.exchangePayload,
	signed_answer: exchangeShapes.signedAnswer,
	pair: pairingShapes.pair,
	pair_payload: pairingShapes.pairPayload,
	clock_payload: pairingShapes.clockPayload,
	error_payload: pairingShapes.errorPayload,
	match: pairingShapes.match,
	match_payload: pairingShapes.matchPayload,
	health: pairingShapes.health,
	run: reportShapes.run,
	run_request: reportShapes.runRequest,
	send_preview: reportShapes.sendPreview,
	report_summary: reportShapes.reportSummary,
	report_company_row: reportShapes.reportCompanyRow,
	report_domain_row: reportShapes.reportDomainRow,
	report_user_row: reportShapes.reportUserRow,
	explanation_request: reportShapes.explanationRequest,
	explanation: reportShapes.explanation,
	job_row: reportShapes.jobRow,
	company_list_item: reportShapes.companyListItem,
	company_list: reportShapes.companyList,
	company_facets: reportShapes.companyFacets,
	list_request: reportShapes.listRequest,
	connection: siteShapes.connection,
	connection_code: siteShapes.connectionCode,
	site_decision: siteShapes.siteDecision,
	payload: siteShapes.payload,
	settings: siteShapes.settings,
	overview: siteShapes.overview,
};
