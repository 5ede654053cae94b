import { describe, expect, it } from 'vitest';
import { labelHosts } from '../../../admin-ts/src/worker/label-hosts.ts';
import { parseYcList, sampleList } from '../../../admin-ts/src/worker/parse-list.ts';
import { parseRows } from '../../../admin-ts/src/worker/parse-rows.ts';
import type { TypedRow } from '../../../admin-ts/src/worker/protocol.ts';
import { sha256 } from '../../../admin-ts/src/worker/sha256.ts';
import { sha256 as sha256OfNode } from '../../../companion/src/lists/sha256.ts';

const NOW_MS = 1_800_000_000_000;
const yc = ( records: unknown ) =>
	parseYcList( { list_uid: 'yc', source: 'yc', previous: null, kind: 'yc', body: JSON.stringify( records ) }, NOW_MS );

function makeTyped( over: Partial< TypedRow > = {} ): TypedRow {
	return { source_id: '', name: 'Acme', website: 'https://www.acme.com', domains: [], status: 'Active', batch: '', ...over };
}
const typed = ( rows: TypedRow[] ) => parseRows( { list_uid: 'l1', source: 'manual', previous: null, rows }, NOW_MS );

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

describe( 'rows that a person typed', () => {
	it( 'become companies with the domains of website and field', async () => {
		const { rows, pages } = await typed( [ makeTyped( { domains: [ 'acme.de', 'https://acme.com' ], batch: 'w21' } ) ] );
		expect( rows[ 0 ] ).toMatchObject( { domains: [ 'acme.com', 'acme.de' ], verdict: 'taken', reason: '' } );
		expect( pages[ 0 ]?.companies[ 0 ] ).toMatchObject( {
			source: 'manual',
			source_id: '1',
			name: 'Acme',
			batch: 'Winter 2021',
			status: 'active',
			website_raw: 'https://www.acme.com',
		} );
		expect( pages[ 0 ]?.domains ).toEqual( [
			{ domain: 'acme.com', source_id: '1', kind: 'current' },
			{ domain: 'acme.de', source_id: '1', kind: 'manual' },
		] );
	} );

	it( 'keep the number that they have, and new ones get the next', async () => {
		const { pages } = await typed( [ makeTyped( { source_id: '7' } ), makeTyped( { name: 'New', website: 'new-one.com' } ) ] );
		expect( pages[ 0 ]?.companies.map( ( { source_id, name } ) => [ source_id, name ] ) ).toEqual( [
			[ '7', 'Acme' ],
			[ '8', 'New' ],
		] );
	} );

	it.each( [
		[ 'a name that is missing', { name: ' ' }, { verdict: 'refused', reason: 'no_name' } ],
		[ 'a mailbox provider', { website: 'https://gmail.com' }, { verdict: 'no_domain', reason: 'core_mail' } ],
		[ 'a public suffix among the domains', { domains: [ 'co.uk' ] }, { verdict: 'taken', reason: 'public_suffix' } ],
	] as const )( 'say what is wrong with %s', async ( _what, over, verdict ) => {
		const { rows } = await typed( [ makeTyped( { ...over, domains: 'domains' in over ? [ ...over.domains ] : [] } ), makeTyped() ] );
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
