import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CompanyDomain, CompanyRow } from '../../../companion/src/contract/company.ts';
import type { Verdict } from '../../../companion/src/contract/exchange.ts';
import { LABELS, wordsOf, type Label } from '../../../companion/src/contract/vocabulary.ts';
import { buildCompanyIndex } from '../../../companion/src/match/company-index.ts';
import { labelDomain, labelHost, labelRules } from '../../../companion/src/match/label.ts';
import { hostOfAddress } from '../../../companion/src/match/normalize-domain.ts';
import { domainsOfWebsite } from '../../../companion/src/match/website.ts';
import { makeCompany } from './make-company.ts';

/** Made by hand after the cases that the real list holds. */
const COMPANIES: [ Partial< CompanyRow > & { source_id: string }, former?: string ][] = [
	[ { source_id: 'benchmarks', website_raw: 'https://openbenchmarks.com' }, 'openfunnel.dev' ],
	[ { source_id: 'airbnb', status: 'public', website_raw: 'http://airbnb.com' } ],
	[ { source_id: 'recordbook', website_raw: 'https://play.google.com/store/apps/details?id=x' } ],
	[ { source_id: 'typeless', website_raw: 'https://apps.apple.com/us/app/x/id1' } ],
	[ { source_id: 'vidpresso', status: 'acquired', website_raw: 'http://facebook.com/live/producer' } ],
	[ { source_id: 'ycombinator', website_raw: 'https://www.ycombinator.com' } ],
	[ { source_id: 'uiflow', status: 'acquired', website_raw: 'https://www.ycombinator.com/companies/uiflow' } ],
	[ { source_id: 'producthunt', status: 'acquired', website_raw: 'http://producthunt.com' } ],
	[ { source_id: 'storyline', status: 'inactive', website_raw: 'https://www.producthunt.com/posts/x' } ],
	[ { source_id: 'leafpress', status: 'inactive', batch_sort: 8093, website_raw: 'https://trycardinal.ai' } ],
	[ { source_id: 'cardinal', batch_sort: 8104, website_raw: 'https://trycardinal.ai' } ],
	[ { source_id: 'easypost', website_raw: 'https://www.easypost.com' } ],
	[ { source_id: 'ubicloud', website_raw: 'https://ubicloud.com' } ],
	[ { source_id: '22738', website_raw: 'https://pragmaticleaders.io, https://ostronaut.com' } ],
	[ { source_id: 'delee', website_raw: 'http://www.delee.co    ' } ],
	[ { source_id: 'lakonia', website_raw: 'https://lakonia.us.com' } ],
	[ { source_id: 'sorted', website_raw: 'https://sorted-lp.webflow.io/' } ],
	[ { source_id: 'stripe', website_raw: 'http://stripe.com' } ],
	[ { source_id: 'acme', website_raw: 'https://acme.co.uk' } ],
	[ { source_id: 'books', website_raw: 'https://b\u00fccher.de' } ],
	[ { source_id: 'tenant', website_raw: 'https://foo.vercel.app' } ],
	[ { source_id: 'qq', website_raw: 'https://qq.com' } ],
	[ { source_id: 'campus', website_raw: 'https://campus.edu' } ],
];

const companies = COMPANIES.map( ( [ fields ] ) => makeCompany( fields ) );
const domains = COMPANIES.flatMap( ( [ { source_id, website_raw }, former ] ): CompanyDomain[] => [
	...domainsOfWebsite( website_raw ?? '' ).domains.map( ( domain ): CompanyDomain => ( { domain, source_id, kind: 'current' } ) ),
	...( former ? [ { domain: former, source_id, kind: 'former' as const } ] : [] ),
] );
const rules = labelRules( {
	index: buildCompanyIndex( [ { list_uid: 'yc', companies, domains } ] ),
	own_hosts: [ 'www.mysite.com', 'shop.uni.edu', 'localhost' ],
	exclusions: [ 'agency.com', 'b\u00fcro.de' ],
} );

const labelAddress = ( text: string ): Verdict => labelDomain( hostOfAddress( text ), rules );

/** Address, label, rule, companies in their order. */
const GOLDEN: [ address: string, label: Label, rule: string, companies?: string[] ][] = [
	[ 'user@openbenchmarks.com', 'company', 'company_current', [ 'benchmarks' ] ],
	[ 'user@openfunnel.dev', 'company', 'company_former', [ 'benchmarks' ] ],
	[ 'user@mail.airbnb.com', 'company', 'company_subdomain', [ 'airbnb' ] ],
	[ 'user@google.com', 'platform', 'platform' ],
	[ 'user@apple.com', 'platform', 'platform' ],
	[ 'user@facebook.com', 'platform', 'platform' ],
	[ 'user@ycombinator.com', 'company', 'company_current', [ 'ycombinator' ] ],
	[ 'user@producthunt.com', 'company', 'company_current', [ 'producthunt' ] ],
	[ 'user@trycardinal.ai', 'company', 'company_current', [ 'cardinal', 'leafpress' ] ],
	[ 'user@easypost.com', 'company', 'company_current', [ 'easypost' ] ],
	[ 'user@ubicloud.com', 'company', 'company_current', [ 'ubicloud' ] ],
	[ 'user@ostronaut.com', 'company', 'company_current', [ '22738' ] ],
	[ 'user@delee.co', 'company', 'company_current', [ 'delee' ] ],
	[ 'user@lakonia.us.com', 'company', 'company_current', [ 'lakonia' ] ],
	[ 'user@other.us.com', 'unmatched', 'unmatched' ],
	[ 'user@sorted-lp.webflow.io', 'unmatched', 'unmatched' ],
	[ 'user@GMAIL.COM', 'core_mail', 'core_mail' ],
	[ 'user@googlemail.com', 'core_mail', 'core_mail' ],
	[ 'user@icloud.com', 'core_mail', 'core_mail' ],
	[ 'user@qq.com', 'core_mail', 'core_mail' ],
	[ 'user@gmial.com', 'unmatched', 'unmatched' ],
	[ 'user@hey.com', 'free_mail', 'free_mail' ],
	[ 'user@mozmail.com', 'relay', 'relay' ],
	[ 'user@passmail.net', 'relay', 'relay' ],
	[ 'user@privaterelay.appleid.com', 'relay', 'relay' ],
	[ 'user@mailinator.com', 'disposable', 'disposable' ],
	[ 'user@stanford.edu', 'education_government', 'education_government' ],
	[ 'user@cs.ox.ac.uk', 'education_government', 'education_government' ],
	[ 'user@treasury.gov.au', 'education_government', 'education_government' ],
	[ 'user@army.mil', 'education_government', 'education_government' ],
	[ 'user@city.k12.ca.us', 'education_government', 'education_government' ],
	[ 'user@edu.com', 'unmatched', 'unmatched' ],
	[ 'user@campus.edu', 'company', 'company_current', [ 'campus' ] ],
	[ 'user@acme.co.uk', 'company', 'company_current', [ 'acme' ] ],
	[ 'user@co.uk', 'invalid', 'public_suffix' ],
	[ 'user@b\u00fccher.de', 'company', 'company_current', [ 'books' ] ],
	[ 'user@xn--bcher-kva.de', 'company', 'company_current', [ 'books' ] ],
	[ 'user@bucher.de', 'unmatched', 'unmatched' ],
	[ 'a@b@c.com', 'invalid', 'multiple_at' ],
	[ '@x.com', 'invalid', 'empty_local' ],
	[ 'x@', 'invalid', 'empty' ],
	[ 'x@[1.2.3.4]', 'invalid', 'ip_literal' ],
	[ 'x@stripe.com.', 'company', 'company_current', [ 'stripe' ] ],
	[ 'x@bar.vercel.app', 'unmatched', 'unmatched' ],
	[ 'x@foo.local', 'special_use', 'special_use' ],
	[ 'x@mysite.com', 'own_site', 'own_site' ],
	[ 'x@mail.mysite.com', 'own_site', 'own_site' ],
	[ 'x@uni.edu', 'own_site', 'own_site' ],
	[ 'x@agency.com', 'excluded', 'excluded' ],
	[ 'x@mail.agency.com', 'excluded', 'excluded' ],
	[ 'x@xn--bro-hoa.de', 'excluded', 'excluded' ],
];

describe( 'labels', () => {
	for ( const [ address, label, rule, matched = [] ] of GOLDEN ) {
		it( `${ address } is ${ rule }`, () => {
			const verdict = labelAddress( address );
			assert.deepEqual(
				{ label: verdict.label, rule: verdict.rule, matched: verdict.companies.map( ( { source_id } ) => source_id ) },
				{ label, rule, matched }
			);
			assert.equal( verdict.ambiguous, matched.length > 1 );
		} );
	}

	it( 'are all tried by the golden list', () => {
		assert.deepEqual( new Set( GOLDEN.map( ( [ , label ] ) => label ) ), new Set( wordsOf( LABELS ) ) );
	} );

	it( 'name the entry that decided', () => {
		const evidence = [
			'a@openfunnel.dev',
			'a@mail.airbnb.com',
			'a@play.google.com',
			'a@cs.ox.ac.uk',
			'a@github.io',
			'a@\u0430pple.com',
		].map( ( address ) => labelAddress( address ).evidence );
		assert.deepEqual( evidence, [
			'openfunnel.dev',
			'airbnb.com',
			'google.com',
			'ac.uk',
			'github.io (private suffix)',
			'looks like apple.com',
		] );
	} );

	it( 'give host and registrable domain in A-label form', () => {
		const { ascii_host, registrable } = labelHost( 'Mail.B%C3%9CCHER.de.', rules );
		assert.deepEqual( [ ascii_host, registrable ], [ 'mail.xn--bcher-kva.de', 'xn--bcher-kva.de' ] );
	} );

	it( 'keep at most 20 companies of a domain, the best ones, and still say ambiguous', () => {
		const many = Array.from( { length: 25 }, ( _, number ) => makeCompany( { source_id: String( number ), batch_sort: number } ) );
		const index = buildCompanyIndex( [
			{
				list_uid: 'yc',
				companies: many,
				domains: many.map( ( { source_id } ) => ( { domain: 'shared.com', source_id, kind: 'current' } ) ),
			},
		] );
		const verdict = labelHost( 'shared.com', labelRules( { index, own_hosts: [], exclusions: [] } ) );
		assert.deepEqual( [ verdict.companies.length, verdict.companies[ 0 ]?.source_id, verdict.ambiguous ], [ 20, '24', true ] );
	} );
} );

describe( 'suspected typos', () => {
	for ( const [ typo, provider ] of [
		[ 'gmial.com', 'gmail.com' ],
		[ 'gamil.com', 'gmail.com' ],
		[ 'gmail.co', 'gmail.com' ],
		[ 'hotmal.com', 'hotmail.com' ],
		[ 'outlookk.com', 'outlook.com' ],
		[ 'yaho.com', 'yahoo.com' ],
		[ 'iclod.com', 'icloud.com' ],
	] ) {
		it( `${ typo } stays unmatched and names ${ provider }`, () => {
			const { label, flags, typo_of } = labelAddress( `a@${ typo }` );
			assert.deepEqual( [ label, flags, typo_of ], [ 'unmatched', [ 'suspected_typo' ], provider ] );
		} );
	}

	for ( const real of [ 'gail.com', 'cloud.com', 'examp1e.com', 'mymail.com', 'ymail.net' ] ) {
		it( `${ real } is none`, () => {
			assert.equal( labelAddress( `a@${ real }` ).typo_of, null );
		} );
	}
} );
