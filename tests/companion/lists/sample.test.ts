import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sampleContent, sampleRecords } from '../../../companion/src/lists/sample.ts';
import { parseYc } from '../../../companion/src/lists/parse-yc.ts';
import { NOW_MS, TOOLS } from './make-list.ts';

describe( 'the sample', async () => {
	const content = await sampleContent( 'yc', NOW_MS, TOOLS );
	const companiesAt = ( domain: string ): string[] =>
		content.domains
			.filter( ( row ) => row.domain === domain )
			.map( ( row ) => `${ content.companies.find( ( company ) => company.source_id === row.source_id )?.name } (${ row.kind })` );

	test( 'has at least 60 companies, each labelled as sample', () => {
		assert.ok( content.companies.length >= 60 );
		assert.deepEqual(
			[ content.source, new Set( content.companies.map( ( { source } ) => source ) ) ],
			[ 'sample', new Set( [ 'sample' ] ) ]
		);
	} );

	test( 'is always the same version', async () => {
		assert.equal( ( await sampleContent( 'yc', NOW_MS + 1, TOOLS ) ).sha256, content.sha256 );
	} );

	test( 'is read like upstream, with only the shared host remarked', async () => {
		const { rejected, remarks } = await parseYc( sampleRecords(), TOOLS );
		assert.deepEqual( [ rejected, remarks ], [ [], [ { source_id: '57', field: 'website', reason: 'platform: sites.google.com' } ] ] );
	} );

	test( 'uses invented domains only', () => {
		for ( const { domain } of content.domains ) {
			assert.match( domain, /^[a-z-]+-sample\.(?:com|co|io|ai|dev|de|co\.uk)$|^xn--bcherwald-sample-jzb\.de$/ );
		}
	} );

	test( 'shows what matching has to deal with', () => {
		assert.deepEqual( companiesAt( 'quillgrove-sample.com' ), [ 'Quillgrove (current)', 'Quillgrove Labs (current)' ] );
		assert.deepEqual( companiesAt( 'postwren-sample.com' ), [ 'Tidewren (former)' ] );
		assert.deepEqual( companiesAt( 'harborlight-sample.com' ), [ 'Harborlight (current)' ] );
		assert.deepEqual( companiesAt( 'nettlebay-shop-sample.com' ), [ 'Nettlebay (current)' ] );
		assert.deepEqual( companiesAt( 'google.com' ), [] );
	} );

	test( 'varies', () => {
		const distinct = ( values: string[] ): number => new Set( values ).size;
		assert.deepEqual( [ ...new Set( content.companies.map( ( { status } ) => status ) ) ].sort(), [
			'acquired',
			'active',
			'inactive',
			'public',
		] );
		assert.ok( distinct( content.companies.map( ( { batch } ) => batch ) ) >= 25 );
		assert.ok( distinct( content.companies.map( ( { industry } ) => industry ) ) >= 8 );
		assert.ok( distinct( content.companies.flatMap( ( { regions } ) => regions ) ) >= 20 );
	} );
} );
