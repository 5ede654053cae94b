import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Value } from 'typebox/value';
import { listPage } from '../../../companion/src/contract/exchange.ts';
import { canonicalJson } from '../../../companion/src/lists/canonical.ts';
import { makeContent, PAGE_BYTES, pagesOf, shaOf } from '../../../companion/src/lists/content.ts';
import { sha256 } from '../../../companion/src/lists/sha256.ts';
import { makeCompany, makeListContent, NOW_MS } from './make-list.ts';

const TWO = [ makeCompany( { source_id: '1' } ), makeCompany( { source_id: '2' } ) ];
const DOMAINS = [
	{ domain: 'a.com', source_id: '1', kind: 'current' },
	{ domain: 'b.com', source_id: '2', kind: 'current' },
] as const;

describe( 'the sha256 of a content', () => {
	test( 'does not depend on the order of upstream or of fields, nor on when it was fetched', async () => {
		const first = await makeListContent( TWO, [ ...DOMAINS ] );
		const reordered = TWO.map( ( company ) =>
			Object.assign( makeCompany(), Object.fromEntries( Object.entries( company ).reverse() ) )
		).reverse();
		const second = await makeContent(
			{
				list_uid: 'yc',
				source: 'yc',
				companies: reordered,
				domains: [ ...DOMAINS ].reverse(),
				source_updated_at_ms: 5,
				fetched_at_ms: NOW_MS + 1,
			},
			null,
			sha256
		);
		assert.equal( first.sha256, second.sha256 );
		assert.deepEqual(
			second.companies.map( ( company ) => company.source_id ),
			[ '1', '2' ]
		);
	} );

	test( 'changes with a row, a domain, the list and the source', async () => {
		const base: Parameters< typeof makeContent >[ 0 ] = {
			list_uid: 'yc',
			source: 'yc',
			companies: TWO,
			domains: [ ...DOMAINS ],
			source_updated_at_ms: null,
			fetched_at_ms: NOW_MS,
		};
		const contents = await Promise.all( [
			makeContent( { ...base }, null, sha256 ),
			makeContent(
				{ ...base, companies: [ makeCompany( { source_id: '1', team_size: 18 } ), makeCompany( { source_id: '2' } ) ] },
				null,
				sha256
			),
			makeContent( { ...base, domains: [ DOMAINS[ 0 ] ] }, null, sha256 ),
			makeContent( { ...base, list_uid: 'other' }, null, sha256 ),
			makeContent( { ...base, source: 'csv' }, null, sha256 ),
		] );
		assert.equal( new Set( contents.map( ( content ) => content.sha256 ) ).size, 5 );
	} );

	test( 'is the same of the whole text and of its pieces', async () => {
		for ( const content of [ await makeListContent( TWO, [ ...DOMAINS ] ), await makeListContent( [], [] ) ] ) {
			assert.equal( content.sha256, await shaOf( content, ( text ) => sha256( text ) ) );
		}
	} );

	test( 'is over JSON whose keys are in code-unit order', () => {
		assert.equal( canonicalJson( { b: [ 2, { z: null, a: 'é' } ], B: true, a: 1 } ), '{"B":true,"a":1,"b":[2,{"a":"é","z":null}]}' );
	} );
} );

describe( 'former domains', () => {
	test( 'are carried from version to version until the company has them again', async () => {
		const first = await makeListContent( TWO, [ ...DOMAINS ] );
		const moved = await makeListContent( TWO, [ DOMAINS[ 0 ], { domain: 'c.com', source_id: '2', kind: 'current' } ], first );
		assert.deepEqual(
			moved.domains.map( ( { domain, kind } ) => [ domain, kind ] ),
			[
				[ 'a.com', 'current' ],
				[ 'b.com', 'former' ],
				[ 'c.com', 'current' ],
			]
		);
		const again = await makeListContent( TWO, [ DOMAINS[ 0 ], { domain: 'd.com', source_id: '2', kind: 'current' } ], moved );
		assert.deepEqual(
			again.domains.filter( ( { kind } ) => kind === 'former' ).map( ( { domain } ) => domain ),
			[ 'b.com', 'c.com' ]
		);
		const back = await makeListContent( TWO, [ ...DOMAINS ], again );
		assert.deepEqual( back.domains.find( ( { domain } ) => domain === 'b.com' )?.kind, 'current' );
	} );

	test( 'of a company that left the list stay', async () => {
		const first = await makeListContent( TWO, [ ...DOMAINS ] );
		const without = await makeListContent( TWO.slice( 0, 1 ), [ DOMAINS[ 0 ] ], first );
		assert.deepEqual( without.domains.at( -1 ), { domain: 'b.com', source_id: '2', kind: 'former' } );
		assert.deepEqual( without.changes, { added: 0, changed: 0, moved: 0, removed: 1 } );
	} );

	test( 'are not taken from another list or source', async () => {
		const sample = { ...( await makeListContent( TWO, [ ...DOMAINS ] ) ), source: 'sample' as const };
		const other = { ...( await makeListContent( TWO, [ ...DOMAINS ] ) ), list_uid: 'other' };
		for ( const previous of [ sample, other, null ] ) {
			const content = await makeListContent( TWO.slice( 0, 1 ), [ DOMAINS[ 0 ] ], previous );
			assert.deepEqual( [ content.domains.length, content.changes ], [ 1, null ] );
		}
	} );
} );

describe( 'pages', () => {
	const many = ( count: number, one_liner: string ): ReturnType< typeof makeListContent > => {
		const companies = Array.from( { length: count }, ( _, index ) => makeCompany( { source_id: String( index ), one_liner } ) );
		return makeListContent(
			companies,
			companies.map( ( { source_id } ) => ( { domain: `c${ source_id }.com`, source_id, kind: 'current' } ) )
		);
	};

	for ( const one_liner of [ 'x'.repeat( 500 ), 'é'.repeat( 500 ), '👍'.repeat( 250 ), '"\\'.repeat( 250 ) ] ) {
		test( `stay within their bytes with sentences of ${ one_liner.slice( 0, 2 ) }`, async () => {
			const pages = pagesOf( await many( 3000, one_liner ) );
			assert.ok( pages.length > 1 );
			for ( const page of pages ) {
				assert.ok( Buffer.byteLength( JSON.stringify( page ) ) <= PAGE_BYTES );
			}
		} );
	}

	test( 'fit the contract, are numbered from 1 and hold each row once, domains beside their company', async () => {
		const content = await many( 4500, '' );
		const pages = pagesOf( content );
		assert.deepEqual(
			pages.map( ( { page, page_count, row_count } ) => [ page, page_count, row_count ] ),
			pages.map( ( _, index ) => [ index + 1, pages.length, 4500 ] )
		);
		assert.deepEqual(
			pages.flatMap( ( page ) => page.companies ),
			content.companies
		);
		assert.equal( pages.flatMap( ( page ) => page.domains ).length, 4500 );
		for ( const page of pages ) {
			assert.equal( Value.Check( listPage, page ), true );
			const ids = new Set( page.companies.map( ( company ) => company.source_id ) );
			assert.ok( page.domains.every( ( { source_id } ) => ids.has( source_id ) ) );
		}
	} );

	test( 'are the same each time', async () => {
		const content = await many( 3000, 'x'.repeat( 300 ) );
		assert.deepEqual( pagesOf( content ), pagesOf( structuredClone( content ) ) );
	} );

	test( 'keep 4,000 domains apart and put those of removed companies last', async () => {
		const gone = Array.from( { length: 5000 }, ( _, index ) => ( {
			domain: `gone${ index }.com`,
			source_id: `g${ index }`,
			kind: 'former' as const,
		} ) );
		const pages = pagesOf( await makeListContent( TWO, [ ...DOMAINS, ...gone ] ) );
		assert.deepEqual(
			pages.map( ( page ) => [ page.companies.length, page.domains.length ] ),
			[
				[ 2, 4000 ],
				[ 0, 1002 ],
			]
		);
	} );

	test( 'of a list without companies are one', async () => {
		assert.deepEqual(
			pagesOf( await makeListContent( [], [] ) ).map( ( page ) => [ page.page, page.page_count ] ),
			[ [ 1, 1 ] ]
		);
	} );
} );
