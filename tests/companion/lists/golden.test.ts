import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { makeContent, type ListContent } from '../../../companion/src/lists/content.ts';
import { parseCsv } from '../../../companion/src/lists/parse-csv.ts';
import { parseYc } from '../../../companion/src/lists/parse-yc.ts';
import { buildCompanyIndex } from '../../../companion/src/match/company-index.ts';
import { labelDomain, labelRules } from '../../../companion/src/match/label.ts';
import { hostOfAddress } from '../../../companion/src/match/normalize-domain.ts';
import { NOW_MS, TOOLS } from './make-list.ts';

/** Made by hand after the cases that the real list holds: id, name, website, status, batch. */
const COMPANIES = [
	[ 1, 'Open Benchmarks', 'https://openbenchmarks.com', 'Active', 'Winter 2025' ],
	[ 2, 'Airbnb', 'http://airbnb.com', 'Public', 'Winter 2009' ],
	[ 3, 'RecordBook', 'https://play.google.com/store/apps/details?id=x', 'Inactive', 'Winter 2015' ],
	[ 4, 'TypeLess', 'https://apps.apple.com/us/app/x/id1', 'Active', 'Winter 2024' ],
	[ 5, 'Vidpresso', 'http://facebook.com/live/producer', 'Acquired', 'Winter 2014' ],
	[ 6, 'Y Combinator', 'https://www.ycombinator.com', 'Active', '' ],
	[ 7, 'Uiflow', 'https://www.ycombinator.com/companies/uiflow', 'Acquired', 'Winter 2021' ],
	[ 8, 'Product Hunt', 'http://producthunt.com', 'Acquired', 'Summer 2014' ],
	[ 9, 'Storyline', 'https://www.producthunt.com/posts/x', 'Inactive', 'Winter 2018' ],
	[ 10, 'Leafpress', 'https://trycardinal.ai', 'Inactive', 'Summer 2023' ],
	[ 11, 'Cardinal', 'https://trycardinal.ai', 'Active', 'Winter 2026' ],
	[ 12, 'EasyPost', 'https://www.easypost.com', 'Active', 'Summer 2013' ],
	[ 13, 'Ubicloud', 'https://ubicloud.com', 'Active', 'Winter 2024' ],
	[ 22738, 'Pragmatic Leaders', 'https://pragmaticleaders.io, https://ostronaut.com', 'Active', 'Winter 2021' ],
	[ 14, 'Delee', 'http://www.delee.co    ', 'Active', 'Winter 2017' ],
	[ 15, 'Lakonia', 'https://lakonia.us.com', 'Active', 'Winter 2022' ],
	[ 16, 'Sorted', 'https://sorted-lp.webflow.io/', 'Inactive', 'Winter 2022' ],
	[ 17, 'Stripe', 'HTTP://STRIPE.COM', 'Active', 'Summer 2009' ],
	[ 18, 'Acme', 'acme.co.uk', 'Active', 'Summer 2020' ],
	[ 19, 'Bücher', 'https://bücher.de', 'Active', 'Summer 2020' ],
	[ 20, 'BitSample323', 'http://', 'Active', 'Unspecified' ],
] as const;

type Companies = readonly ( readonly ( string | number )[] )[];

/** The list before its first company moved. */
const BEFORE: Companies = COMPANIES.map( ( row ) =>
	row[ 0 ] === 1 ? [ 1, 'OpenFunnel', 'https://openfunnel.dev', row[ 3 ], row[ 4 ] ] : row
);

/** Address, label, companies in their order. */
const GOLDEN: [ string, string, string[] ][] = [
	[ 'user@openbenchmarks.com', 'company', [ '1 current' ] ],
	[ 'user@openfunnel.dev', 'company', [ '1 former' ] ],
	[ 'user@mail.airbnb.com', 'company', [ '2 subdomain' ] ],
	[ 'user@google.com', 'platform', [] ],
	[ 'user@apple.com', 'platform', [] ],
	[ 'user@facebook.com', 'platform', [] ],
	[ 'user@ycombinator.com', 'company', [ '6 current' ] ],
	[ 'user@producthunt.com', 'company', [ '8 current' ] ],
	[ 'user@trycardinal.ai', 'company', [ '11 current', '10 current' ] ],
	[ 'user@easypost.com', 'company', [ '12 current' ] ],
	[ 'user@ubicloud.com', 'company', [ '13 current' ] ],
	[ 'user@ostronaut.com', 'company', [ '22738 current' ] ],
	[ 'user@pragmaticleaders.io', 'company', [ '22738 current' ] ],
	[ 'user@delee.co', 'company', [ '14 current' ] ],
	[ 'user@lakonia.us.com', 'company', [ '15 current' ] ],
	[ 'user@other.us.com', 'unmatched', [] ],
	[ 'user@sorted-lp.webflow.io', 'unmatched', [] ],
	[ 'GMAIL@GMAIL.COM', 'core_mail', [] ],
	[ 'user@gmial.com', 'unmatched', [] ],
	[ 'user@hey.com', 'free_mail', [] ],
	[ 'user@mozmail.com', 'relay', [] ],
	[ 'user@stanford.edu', 'education_government', [] ],
	[ 'user@acme.co.uk', 'company', [ '18 current' ] ],
	[ 'user@co.uk', 'invalid', [] ],
	[ 'user@bücher.de', 'company', [ '19 current' ] ],
	[ 'user@xn--bcher-kva.de', 'company', [ '19 current' ] ],
	[ 'a@b@c.com', 'invalid', [] ],
	[ 'x@stripe.com.', 'company', [ '17 current' ] ],
];

const csvOf = ( companies: Companies ): Uint8Array =>
	new TextEncoder().encode(
		[ [ 'id', 'name', 'website', 'status', 'batch' ], ...companies ]
			.map( ( row ) => row.map( ( cell ) => `"${ cell }"` ).join( ',' ) )
			.join( '\r\n' )
	);

const csvContent = async ( companies: Companies, previous: ListContent | null ): Promise< ListContent > => {
	const rows = await parseCsv( csvOf( companies ), 'list.csv', { ...TOOLS, source: 'csv' } );
	return contentOf( 'csv', rows, previous );
};

const ycContent = async ( companies: Companies, previous: ListContent | null ): Promise< ListContent > => {
	const records = companies.map( ( [ id, name, website, status, batch ] ) => ( { id, name, website, status, batch } ) );
	return contentOf( 'yc', await parseYc( records, TOOLS ), previous );
};

function contentOf(
	source: 'csv' | 'yc',
	{ companies, domains }: Pick< ListContent, 'companies' | 'domains' >,
	previous: ListContent | null
): Promise< ListContent > {
	const dates = { source_updated_at_ms: null, fetched_at_ms: NOW_MS };
	return makeContent( { list_uid: 'golden', source, companies, domains, ...dates }, previous, TOOLS.hash );
}

for ( const [ form, contentFor ] of [
	[ 'a CSV', csvContent ],
	[ 'JSON', ycContent ],
] as const ) {
	describe( `the golden list as ${ form }, whose first company moved`, async () => {
		const content = await contentFor( COMPANIES, await contentFor( BEFORE, null ) );
		const rules = labelRules( { index: buildCompanyIndex( [ content ] ), own_hosts: [], exclusions: [] } );
		for ( const [ address, label, companies ] of GOLDEN ) {
			test( `${ address } is ${ label } ${ companies.join( ', ' ) }`, () => {
				const verdict = labelDomain( hostOfAddress( address ), rules );
				assert.deepEqual(
					[ verdict.label, verdict.companies.map( ( { source_id, kind } ) => `${ source_id } ${ kind }` ) ],
					[ label, companies ]
				);
				assert.equal( verdict.ambiguous, companies.length > 1 );
			} );
		}

		test( 'a likely typing error is remarked', () => {
			const { flags, typo_of } = labelDomain( hostOfAddress( 'user@gmial.com' ), rules );
			assert.deepEqual( [ flags, typo_of ], [ [ 'suspected_typo' ], 'gmail.com' ] );
		} );
	} );
}
