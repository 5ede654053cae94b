import { describe, expect, it } from 'vitest';
import { labelHosts } from '../../../admin-ts/src/worker/label-hosts.ts';
import { parseYcList, sampleList } from '../../../admin-ts/src/worker/parse-list.ts';
import { parseCsvList, parseTypedRows } from '../../../admin-ts/src/worker/parse-table.ts';
import type { TypedRow } from '../../../admin-ts/src/worker/protocol.ts';
import { sha256 } from '../../../admin-ts/src/worker/sha256.ts';
import { sha256 as sha256OfNode } from '../../../companion/src/lists/sha256.ts';

const NOW_MS = 1_800_000_000_000;
const yc = ( records: unknown ) =>
	parseYcList( { list_uid: 'yc', source: 'yc', previous: null, kind: 'yc', body: JSON.stringify( records ) }, NOW_MS );

function makeTyped( over: Partial< TypedRow > = {} ): TypedRow {
	return { source_id: '', name: 'Acme', website: 'https://www.acme.com', domains: [], status: 'active', batch: '', ...over };
}
const typed = ( rows: TypedRow[] ) => parseTypedRows( { list_uid: 'l1', source: 'manual', previous: null, rows }, NOW_MS );
const csv = ( body: string ) => parseCsvList( { list_uid: 'l1', source: 'upload', previous: null, kind: 'csv', body }, NOW_MS );

describe( 'hashing in the browser', () => {
	it.each( [ '', 'abc', 'Ünïcödé 😀', 'x'.repeat( 100_000 ) ] )( 'gives what Node gives', ( text ) => {
		expect( sha256( text ) ).toBe( sha256OfNode( text ) );
	} );
} );

describe( 'a YC list in the browser', () => {
	it( 'has a verdict on each record, and pages to send', async () => {
		const preview = await yc( [
			{ id: 1, name: 'Airbnb', website: 'https://www.airbnb.com', batch: 'W09', status: 'Public' },
			{ id: 1, name: 'Twice', website: 'https://twice.com' },
			{ id: 3, name: 'A page', website: 'https://facebook.com/apage' },
		] );
		expect( preview.rows.map( ( { name, domains, verdict, reason } ) => ( { name, domains, verdict, reason } ) ) ).toEqual( [
			{ name: 'Airbnb', domains: [ 'airbnb.com' ], verdict: 'taken', reason: '' },
			{ name: '', domains: [], verdict: 'refused', reason: 'duplicate_id' },
			{ name: 'A page', domains: [], verdict: 'no_domain', reason: 'platform: facebook.com' },
		] );
		expect( preview.row_count ).toBe( 2 );
		expect( preview.pages ).toHaveLength( 1 );
		expect( preview.pages[ 0 ] ).toMatchObject( {
			list_uid: 'yc',
			source: 'yc',
			page: 1,
			page_count: 1,
			row_count: 2,
			sha256: preview.sha256,
		} );
	} );

	it( 'is refused when it is a web page', async () => {
		const input = { list_uid: 'yc', source: 'yc', previous: null, kind: 'yc', body: '<!doctype html>' } as const;
		await expect( parseYcList( input, NOW_MS ) ).rejects.toMatchObject( { code: 'list_not_json' } );
	} );

	it( 'keeps domains that companies had before as former ones', async () => {
		const before = await yc( [ { id: 1, name: 'Airbnb', website: 'https://airbedandbreakfast.com' } ] );
		const [ page ] = before.pages;
		const after = await parseYcList(
			{
				list_uid: 'yc',
				source: 'yc',
				kind: 'yc',
				previous: { companies: page?.companies ?? [], domains: page?.domains ?? [] },
				body: JSON.stringify( [ { id: 1, name: 'Airbnb', website: 'https://airbnb.com' } ] ),
			},
			NOW_MS
		);
		expect( after.pages[ 0 ]?.domains ).toEqual( [
			{ domain: 'airbedandbreakfast.com', source_id: '1', kind: 'former' },
			{ domain: 'airbnb.com', source_id: '1', kind: 'current' },
		] );
		expect( after.changes ).toEqual( { added: 0, changed: 0, moved: 1, removed: 0 } );
	} );

	it( 'has a built-in sample', async () => {
		const sample = await sampleList( 'yc', NOW_MS );
		expect( sample.row_count ).toBeGreaterThan( 10 );
		expect( sample.pages[ 0 ]?.source ).toBe( 'sample' );
		expect( sample.rows.some( ( row ) => row.verdict === 'taken' ) ).toBe( true );
	} );
} );

describe( 'a CSV in the browser', () => {
	it( 'names the columns that it recognises, and has a verdict on each row', async () => {
		const preview = await csv( 'Company;Domain;Cohort;Shoe size\nAirbnb;airbnb.com;W09;4\nMailers;gmail.com;;\nNo site;;;\n' );
		expect( preview.columns ).toEqual( [
			{ heading: 'Company', field: 'name' },
			{ heading: 'Domain', field: 'website' },
			{ heading: 'Cohort', field: 'batch' },
			{ heading: 'Shoe size', field: null },
		] );
		expect( preview.rows ).toEqual( [
			{ row: 2, name: 'Airbnb', website: 'airbnb.com', domains: [ 'airbnb.com' ], verdict: 'taken', reason: '' },
			{ row: 3, name: 'Mailers, gmail.com', website: '', domains: [], verdict: 'refused', reason: 'core_mail' },
			{ row: 4, name: 'No site', website: '', domains: [], verdict: 'no_domain', reason: '' },
		] );
		expect( preview.pages[ 0 ] ).toMatchObject( { source: 'upload', row_count: 2 } );
	} );

	it( 'is refused when it has no column of websites', async () => {
		await expect( csv( 'Shoe,Size\nBoot,4\n' ) ).rejects.toMatchObject( { code: 'list_no_website' } );
	} );
} );

describe( 'rows that a person typed', () => {
	it( 'become companies with the domains of website and field', async () => {
		const { rows, pages } = await typed( [ makeTyped( { domains: [ 'acme.de', 'https://acme.com' ], batch: 'w21' } ) ] );
		expect( rows[ 0 ] ).toMatchObject( { domains: [ 'acme.com', 'acme.de' ], verdict: 'taken', reason: '' } );
		expect( pages[ 0 ]?.companies[ 0 ] ).toMatchObject( {
			source: 'manual',
			name: 'Acme',
			batch: 'Winter 2021',
			status: 'active',
			website_raw: 'https://www.acme.com',
		} );
		expect( pages[ 0 ]?.domains.map( ( { domain, kind } ) => [ domain, kind ] ) ).toEqual( [
			[ 'acme.com', 'current' ],
			[ 'acme.de', 'alias' ],
		] );
	} );

	it( 'keep their identity when their name changes', async () => {
		const [ first ] = ( await typed( [ makeTyped() ] ) ).pages[ 0 ]?.companies ?? [];
		const { pages } = await typed( [ makeTyped( { source_id: first?.source_id ?? '', name: 'Acme Ltd' } ) ] );
		expect( pages[ 0 ]?.companies.map( ( { source_id, name } ) => [ source_id, name ] ) ).toEqual( [
			[ first?.source_id, 'Acme Ltd' ],
		] );
	} );

	it.each( [
		[ 'a row that is empty', { name: ' ', website: '' }, { verdict: 'refused', reason: 'no_name' } ],
		[ 'a mailbox provider', { website: 'https://gmail.com' }, { verdict: 'refused', reason: 'core_mail' } ],
		[ 'a public suffix among the domains', { domains: [ 'co.uk' ] }, { verdict: 'taken', reason: 'public_suffix: co.uk' } ],
	] )( 'say what is wrong with %s', async ( _what, over, verdict ) => {
		const { rows } = await typed( [ makeTyped( over ), makeTyped( { name: 'Other' } ) ] );
		expect( rows[ 0 ] ).toMatchObject( verdict );
	} );

	it( 'may all be gone', async () => {
		expect( ( await typed( [] ) ).pages ).toMatchObject( [ { page: 1, page_count: 1, row_count: 0, companies: [] } ] );
	} );
} );

describe( 'labels made in the browser', () => {
	it( 'carry the number and version that WordPress sent', () => {
		const rows = labelHosts( {
			data_version: 4,
			own_hosts: [ 'site.test.com' ],
			rows: [
				{ domain_id: 1, host: 'gmail.com' },
				{ domain_id: 2, host: 'airbnb.com' },
				{ domain_id: 3, host: 'shop.test.com' },
			],
		} );
		expect( rows.map( ( { domain_id, data_version, verdict } ) => [ domain_id, data_version, verdict.label ] ) ).toEqual( [
			[ 1, 4, 'core_mail' ],
			[ 2, 4, 'unmatched' ],
			[ 3, 4, 'own_site' ],
		] );
	} );
} );
