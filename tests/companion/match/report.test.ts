import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CompanyDomain } from '../../../companion/src/contract/company.ts';
import { LABELS, wordsOf, type Reason } from '../../../companion/src/contract/vocabulary.ts';
import { buildCompanyIndex } from '../../../companion/src/match/company-index.ts';
import { labelRules } from '../../../companion/src/match/label.ts';
import { makeReport, type Report } from '../../../companion/src/match/report.ts';
import type { ReportedList } from '../../../companion/src/match/report-summary.ts';
import { makeCompany } from './make-company.ts';

const domains: CompanyDomain[] = [
	{ domain: 'acme.com', source_id: '7', kind: 'current' },
	{ domain: 'lab.acme.com', source_id: '8', kind: 'current' },
	{ domain: 'old.io', source_id: '7', kind: 'former' },
	{ domain: 'pair.ai', source_id: '8', kind: 'current' },
	{ domain: 'pair.ai', source_id: 'typed-1', kind: 'current' },
	{ domain: 'gone.com', source_id: '9', kind: 'former' },
];
const companies = [
	makeCompany( { source_id: '7' } ),
	makeCompany( { source_id: '8', batch_sort: 9000 } ),
	makeCompany( { source_id: 'typed-1' } ),
];
const lists: ReportedList[] = [
	{ list_uid: 'yc', companies, domains, source: 'yc', sha256: 'ab', source_updated_at_ms: 1_780_000_000_000 },
];
const rules = labelRules( { index: buildCompanyIndex( lists ), own_hosts: [], exclusions: [] } );

function report( hosts: Record< string, number >, invalid: [ Reason, number ][] = [] ): Report {
	const counts = [ ...Object.values( hosts ), ...invalid.map( ( [ , n ] ) => n ) ];
	const rows_read = counts.reduce( ( a, b ) => a + b, 0 );
	return makeReport( { rows_read, hosts: new Map( Object.entries( hosts ) ), invalid: new Map( invalid ) }, rules, lists );
}

const brief = ( { rows }: Report ) =>
	[ ...rows ].map( ( { domain, user_count, rule, companies: found } ) => [ domain, user_count, rule, ...found.map( ( { id } ) => id ) ] );

describe( 'report', () => {
	it( 'brings hosts together by registrable domain and keeps the rule of the domain itself', () => {
		assert.deepEqual( brief( report( { 'mail.acme.com': 9, 'acme.com': 1, 'acme.com.': 2, 'eu.mail.acme.com': 1 } ) ), [
			[ 'acme.com', 13, 'company_current', 7 ],
		] );
	} );

	it( 'keeps hosts of one registrable domain apart when other companies have them', () => {
		assert.deepEqual( brief( report( { 'acme.com': 2, 'x.lab.acme.com': 1 } ) ), [
			[ 'acme.com', 2, 'company_current', 7 ],
			[ 'acme.com', 1, 'company_subdomain', 8 ],
		] );
	} );

	it( 'gives the id as upstream has it and all companies of a tie', () => {
		assert.deepEqual( brief( report( { 'pair.ai': 1 } ) ), [ [ 'pair.ai', 1, 'company_current', 8, 'typed-1' ] ] );
	} );

	it( 'counts a domain of two companies once among users and both companies', () => {
		const { summary } = report( { 'pair.ai': 5, 'acme.com': 1 } );
		assert.deepEqual(
			[ summary.matched_users, summary.matched_companies, summary.matched_domains, summary.ambiguous_domains ],
			[ 6, 3, 2, 1 ]
		);
	} );

	it( 'names a company that left the list by its id', () => {
		const [ row ] = report( { 'gone.com': 1 } ).rows;
		assert.deepEqual( [ row?.companies[ 0 ]?.id, row?.companies[ 0 ]?.name, row?.companies[ 0 ]?.status ], [ 9, '', 'unknown' ] );
	} );

	it( 'shows a bad host as its own row, and a text without host as its reason', () => {
		assert.deepEqual( brief( report( { 'co.uk': 3, 'foo_bar.com': 1 }, [ [ 'multiple_at', 2 ] ] ) ), [
			[ 'co.uk', 3, 'public_suffix' ],
			[ '', 2, 'multiple_at' ],
			[ 'foo_bar.com', 1, 'underscore' ],
		] );
	} );

	it( 'adds up, over labels and over rows', () => {
		const { summary, rows } = report( { 'acme.com': 5, 'gmail.com': 7, 'co.uk': 1, 'foo.local': 2, 'b%C3%BCcher.de': 1 }, [
			[ 'multiple_at', 2 ],
			[ 'no_at', 3 ],
		] );
		const users = ( counts: { user_count: number }[] ) => counts.reduce( ( sum, { user_count } ) => sum + user_count, 0 );
		assert.deepEqual( [ users( summary.labels ), users( [ ...rows ] ), summary.users_read, summary.rows_read ], [ 21, 21, 21, 21 ] );
		assert.equal( users( summary.reasons ), summary.labels.find( ( { label } ) => label === 'invalid' )?.user_count );
		assert.deepEqual(
			summary.labels.map( ( { label } ) => label ),
			wordsOf( LABELS )
		);
		assert.equal( summary.match_rate, 5 / 21 );
	} );

	it( 'adds up the reasons of texts and of hosts', () => {
		assert.deepEqual( report( { 'co.uk': 1, 'com.': 2, 'foo_bar.com': 1 }, [ [ 'no_at', 2 ] ] ).summary.reasons, [
			{ reason: 'public_suffix', user_count: 3 },
			{ reason: 'no_at', user_count: 2 },
			{ reason: 'underscore', user_count: 1 },
		] );
	} );

	it( 'says which lists it was made on', () => {
		assert.deepEqual( report( {} ).summary.lists, [
			{ list_uid: 'yc', source: 'yc', company_count: 3, sha256: 'ab', updated_at: '2026-05-28T20:26:40.000Z' },
		] );
	} );

	it( 'takes companies of two lists for two, whatever their ids', () => {
		const other = { ...lists[ 0 ], list_uid: 'own', companies: [ makeCompany( { source_id: '7' } ) ] } as ReportedList;
		const both = [ ...lists, { ...other, domains: [ { domain: 'other.com', source_id: '7', kind: 'current' as const } ] } ];
		const { summary } = makeReport(
			{
				rows_read: 2,
				hosts: [
					[ 'acme.com', 1 ],
					[ 'other.com', 1 ],
				],
				invalid: new Map(),
			},
			labelRules( { index: buildCompanyIndex( both ), own_hosts: [], exclusions: [] } ),
			both
		);
		assert.equal( summary.matched_companies, 2 );
	} );

	it( 'joins a subdomain that nobody knows with its domain, in either order', () => {
		for ( const hosts of [
			{ 'x.nobody.com': 2, 'nobody.com': 1 },
			{ 'nobody.com': 1, 'x.nobody.com': 2 },
		] ) {
			assert.deepEqual( brief( report( hosts ) ), [ [ 'nobody.com', 3, 'unmatched' ] ] );
			assert.equal( report( hosts ).summary.domain_count, 1 );
		}
	} );

	it( 'is empty without rows', () => {
		const { summary, rows } = report( {} );
		assert.deepEqual( [ summary.users_read, summary.match_rate, rows.length ], [ 0, 0, 0 ] );
	} );
} );
