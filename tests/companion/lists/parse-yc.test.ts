import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Value } from 'typebox/value';
import { companyDomain, companyRow, type CompanyRow } from '../../../companion/src/contract/company.ts';
import { MAX_ROWS } from '../../../companion/src/lists/limits.ts';
import { parseYc, type ParsedList } from '../../../companion/src/lists/parse-yc.ts';
import { makeRecord, TOOLS } from './make-list.ts';

type Fields = { [ field: string ]: unknown };

const parse = ( ...records: unknown[] ): Promise< ParsedList > => parseYc( records, TOOLS );

async function parseOne( fields: Fields ): Promise< CompanyRow > {
	const { companies } = await parse( makeRecord( fields ) );
	assert.ok( companies[ 0 ], 'the record was rejected' );
	return companies[ 0 ];
}

test( 'a whole record becomes a company row and a domain', async () => {
	const { companies, domains, rejected, remarks } = await parse( makeRecord() );
	const { raw_hash, ...row } = companies[ 0 ] ?? ( await parseOne( {} ) );
	assert.match( raw_hash, /^[0-9a-f]{64}$/ );
	assert.deepEqual( row, {
		source: 'yc',
		source_id: '7',
		name: 'Tidewren',
		former_names: [ 'Postwren' ],
		slug: 'tidewren',
		status: 'active',
		batch: 'Summer 2021',
		batch_sort: 2021 * 4 + 2,
		team_size: 17,
		industry: 'B2B',
		subindustry: 'Marketing',
		regions: [ 'Argentina', 'Latin America' ],
		tags: [ 'SaaS', 'Email' ],
		one_liner: 'Newsletters that stop when nobody reads.',
		logo_url: 'https://logos.tidewren.com/small.png',
		website_raw: 'https://tidewren.com',
		website_origin: 'https://tidewren.com',
		launched_at_ms: 1_626_000_000_000,
	} );
	assert.deepEqual( domains, [ { domain: 'tidewren.com', source_id: '7', kind: 'current' } ] );
	assert.deepEqual( [ rejected, remarks ], [ [], [] ] );
} );

describe( 'a field of a record', () => {
	const cases: [ string, Fields, Partial< CompanyRow > ][] = [
		[ 'a relative logo is none', { small_logo_thumb_url: '/company/thumb/missing.png' }, { logo_url: null } ],
		[ 'a logo without scheme is none', { small_logo_thumb_url: '//logos.tidewren.com/a.png' }, { logo_url: null } ],
		[ 'a javascript: logo is none', { small_logo_thumb_url: 'javascript:alert(1)' }, { logo_url: null } ],
		[ 'a data: logo is none', { small_logo_thumb_url: 'data:image/svg+xml,<svg onload=alert(1)>' }, { logo_url: null } ],
		[ 'a logo with a password is none', { small_logo_thumb_url: 'https://u:p@logos.tidewren.com/a.png' }, { logo_url: null } ],
		[ 'a logo that cannot be parsed is none', { small_logo_thumb_url: 'https://' }, { logo_url: null } ],
		[ 'W09 is Winter 2009', { batch: 'W09' }, { batch: 'Winter 2009', batch_sort: 8036 } ],
		[ 'X25 is Spring 2025', { batch: 'X25' }, { batch: 'Spring 2025', batch_sort: 8101 } ],
		[ 'S21 is Summer 2021', { batch: 'S21' }, { batch: 'Summer 2021', batch_sort: 8086 } ],
		[ 'F24 is Fall 2024', { batch: 'F24' }, { batch: 'Fall 2024', batch_sort: 8099 } ],
		[ 'IK12 stays', { batch: 'IK12' }, { batch: 'IK12', batch_sort: 0 } ],
		[ 'Winter 2009 stays', { batch: 'Winter 2009' }, { batch: 'Winter 2009', batch_sort: 8036 } ],
		[ 'a batch of the future is taken', { batch: 'Winter 2027' }, { batch: 'Winter 2027', batch_sort: 8108 } ],
		[ 'another case is the same batch', { batch: ' winter 2009 ' }, { batch: 'Winter 2009', batch_sort: 8036 } ],
		[ 'Autumn is Fall', { batch: 'Autumn 2024' }, { batch: 'Fall 2024', batch_sort: 8099 } ],
		[ 'Unspecified stays', { batch: 'Unspecified' }, { batch: 'Unspecified', batch_sort: 0 } ],
		[ 'an unknown batch stays', { batch: 'Batch 3 (trial)' }, { batch: 'Batch 3 (trial)', batch_sort: 0 } ],
		[ 'an absent batch is empty', { batch: undefined }, { batch: '', batch_sort: 0 } ],
		[ 'status Public', { status: 'Public' }, { status: 'public' } ],
		[ 'status Acquired', { status: 'Acquired' }, { status: 'acquired' } ],
		[ 'status Inactive', { status: 'Inactive' }, { status: 'inactive' } ],
		[ 'another status is unknown', { status: 'Zombie' }, { status: 'unknown' } ],
		[ 'an absent status is unknown', { status: null }, { status: 'unknown' } ],
		[ 'team_size null is unknown', { team_size: null }, { team_size: null } ],
		[ 'team_size 0 is known', { team_size: 0 }, { team_size: 0 } ],
		[ 'a negative team_size is unknown', { team_size: -3 }, { team_size: null } ],
		[ 'a team_size beyond people is unknown', { team_size: 1e15 }, { team_size: null } ],
		[ 'a team_size with a fraction is unknown', { team_size: 2.5 }, { team_size: null } ],
		[ 'the leaf of the arrow form', { subindustry: 'B2B -> Productivity' }, { subindustry: 'Productivity' } ],
		[ 'the leaf of two arrows', { subindustry: 'B2B -> Sales -> Calls' }, { subindustry: 'Calls' } ],
		[ 'a subindustry equal to the industry is none', { industry: 'Education', subindustry: 'Education' }, { subindustry: '' } ],
		[ 'AI is Artificial Intelligence', { tags: [ 'AI', 'SaaS' ] }, { tags: [ 'Artificial Intelligence', 'SaaS' ] } ],
		[
			'both spellings are one tag',
			{ tags: [ 'Artificial Intelligence', 'SaaS', 'AI' ] },
			{ tags: [ 'Artificial Intelligence', 'SaaS' ] },
		],
		[ 'empty tags are dropped', { tags: [ '', ' ', 'SaaS' ] }, { tags: [ 'SaaS' ] } ],
		[ 'no tags', { tags: [] }, { tags: [] } ],
		[
			'an e-mail address is cut out of the one_liner',
			{ one_liner: 'Write to ann.lee+x@tidewren.com or call' },
			{ one_liner: 'Write to or call' },
		],
		[ 'a one_liner that is an address is empty', { one_liner: 'ann@tidewren.com' }, { one_liner: '' } ],
		[ 'an @ without a domain stays', { one_liner: 'Meet @work' }, { one_liner: 'Meet @work' } ],
		[
			'HTML stays as data',
			{ one_liner: '<b>Bold</b> & <img src=x onerror=alert(1)>' },
			{ one_liner: '<b>Bold</b> & <img src=x onerror=alert(1)>' },
		],
		[ 'a formula stays as data', { one_liner: '-' }, { one_liner: '-' } ],
		[ 'an ellipsis cut upstream stays', { one_liner: 'The fastest way to…' }, { one_liner: 'The fastest way to…' } ],
		[ 'line breaks become spaces', { one_liner: 'One\r\ntwo\u2028three' }, { one_liner: 'One two three' } ],
		[ 'controls and bidi marks are dropped', { name: 'Tide\u0000wren\u202e\u200b\u0085' }, { name: 'Tidewren' } ],
		[ 'a non-ASCII name stays', { name: 'Café Ünïcode 株式会社' }, { name: 'Café Ünïcode 株式会社' } ],
		[ 'a long name is cut to 200', { name: 'x'.repeat( 5000 ) }, { name: 'x'.repeat( 200 ) } ],
		[ 'a cut never halves a character', { name: `${ 'x'.repeat( 199 ) }👍` }, { name: 'x'.repeat( 199 ) } ],
		[ 'a lone surrogate is replaced', { name: 'Tide\ud800wren' }, { name: 'Tide\ufffdwren' } ],
		[ '"(formerly X)" stays in the name', { name: 'Tidewren (formerly Postwren)' }, { name: 'Tidewren (formerly Postwren)' } ],
		[ 'launched_at 0 is unknown', { launched_at: 0 }, { launched_at_ms: null } ],
		[ 'launched_at in milliseconds is unknown', { launched_at: 1_626_000_000_000 }, { launched_at_ms: null } ],
		[ 'a text as former_names is none', { former_names: 'Postwren' }, { former_names: [] } ],
		[ 'numbers among former_names are left out', { former_names: [ 'Postwren', 7, null ] }, { former_names: [ 'Postwren' ] } ],
		[
			'null everywhere is a company without facts',
			Object.fromEntries(
				Object.keys( makeRecord() ).map( ( key ) => [ key, key === 'id' ? 7 : key === 'name' ? 'Tidewren' : null ] )
			),
			{ former_names: [], slug: '', one_liner: '', industry: '', regions: [], tags: [], website_raw: '', website_origin: null },
		],
	];
	for ( const [ name, fields, expected ] of cases ) {
		test( name, async () => {
			const row = await parseOne( fields );
			assert.deepEqual(
				Object.fromEntries(
					Object.keys( expected ).map( ( key ) => [ key, Object.entries( row ).find( ( [ field ] ) => field === key )?.[ 1 ] ] )
				),
				expected
			);
		} );
	}
} );

describe( 'a website', () => {
	const cases: [ string, unknown, string[], string | null ][] = [
		[ 'null has no domain', null, [], null ],
		[ 'empty has no domain', '', [], null ],
		[ 'http:// alone has no domain', 'http://', [], null ],
		[
			'two URLs with a comma give both domains',
			'https://pragmaticleaders.io, https://ostronaut.com',
			[ 'ostronaut.com', 'pragmaticleaders.io' ],
			'https://pragmaticleaders.io',
		],
		[ 'trailing spaces are trimmed', 'http://www.delee.co    ', [ 'delee.co' ], 'http://www.delee.co' ],
		[ 'without scheme', 'picplum.com', [ 'picplum.com' ], 'http://picplum.com' ],
		[ 'upper case and www', 'HTTPS://WWW.Tidewren.COM/', [ 'tidewren.com' ], 'https://www.tidewren.com' ],
		[ 'path, query and fragment are dropped', 'https://tidewren.com/en?ref=yc#top', [ 'tidewren.com' ], 'https://tidewren.com' ],
		[ 'a subdomain counts for its registrable domain', 'https://go.tidewren.com', [ 'tidewren.com' ], 'https://go.tidewren.com' ],
		[ 'a private suffix keeps its tenant', 'http://lakonia.us.com', [ 'lakonia.us.com' ], 'http://lakonia.us.com' ],
		[ 'a page on a platform gives none', 'https://play.google.com/store/apps/details?id=x', [], null ],
		[ 'a page on a social network gives none', 'https://www.facebook.com/tidewren', [], null ],
		[ 'a public suffix is refused', 'https://co.uk', [], null ],
		[ 'a mailbox provider is refused', 'https://gmail.com', [], null ],
		[ 'an IP address is refused', 'http://127.0.0.1/', [], null ],
		[ 'javascript: is refused', 'javascript:alert(1)', [], null ],
		[ 'credentials are refused', 'http://user:pw@tidewren.com', [], null ],
		[ 'an invisible character is refused, not dropped', 'https://tide\u200bwren.com', [], null ],
		[ 'a number is no website', 7, [], null ],
		[ 'more than 2,048 characters are not read', `https://tidewren.com/${ 'a'.repeat( 2048 ) }`, [], null ],
	];
	for ( const [ name, website, expected, origin ] of cases ) {
		test( name, async () => {
			const { companies, domains } = await parse( makeRecord( { website } ) );
			assert.deepEqual( domains.map( ( { domain } ) => domain ).sort(), expected );
			assert.equal( companies[ 0 ]?.website_origin, origin );
		} );
	}

	test( 'that may not become a domain is remarked with its reason', async () => {
		const { remarks } = await parse(
			makeRecord( { website: 'https://gmail.com' } ),
			makeRecord( { id: 8, website: 'https://facebook.com/x' } )
		);
		assert.deepEqual( remarks, [
			{ source_id: '7', field: 'website', reason: 'core_mail: gmail.com' },
			{ source_id: '8', field: 'website', reason: 'platform: facebook.com' },
		] );
	} );

	test( 'gives at most 20 domains', async () => {
		const { domains } = await parse(
			makeRecord( { website: Array.from( { length: 50 }, ( _, index ) => `https://a${ index }.com` ).join( ', ' ) } )
		);
		assert.equal( domains.length, 20 );
	} );
} );

describe( 'a record that is no company', () => {
	const deep = JSON.parse( '{"id":9,"name":"Deep","x":[[[[[[[[1]]]]]]]]}' );
	const cases: [ string, unknown, string, string | null ][] = [
		[ 'null', null, 'not_object', null ],
		[ 'a text', 'Tidewren', 'not_object', null ],
		[ 'an array', [ 7, 'Tidewren' ], 'not_object', null ],
		[ 'an empty object', {}, 'bad_id', null ],
		[ 'an id with a fraction', makeRecord( { id: 1.5 } ), 'bad_id', null ],
		[ 'a negative id', makeRecord( { id: -1 } ), 'bad_id', null ],
		[ 'an id beyond 2^53', makeRecord( { id: 2 ** 53 } ), 'bad_id', null ],
		[ 'a word as id', makeRecord( { id: 'seven' } ), 'bad_id', null ],
		[ 'an object as id', makeRecord( { id: { toString: 7 } } ), 'bad_id', null ],
		[ 'no name', makeRecord( { id: 9, name: undefined } ), 'no_name', '9' ],
		[ 'a blank name', makeRecord( { id: 9, name: ' \u200b ' } ), 'no_name', '9' ],
		[ 'a number as name', makeRecord( { id: 9, name: 7 } ), 'no_name', '9' ],
		[ 'the id of another record', makeRecord( { name: 'Twin' } ), 'duplicate_id', '7' ],
		[ 'the same id as text', makeRecord( { id: '7' } ), 'duplicate_id', '7' ],
		[ 'nesting below 8 levels', deep, 'too_deep', '9' ],
	];
	for ( const [ name, record, reason, source_id ] of cases ) {
		test( `is left out with its reason: ${ name }`, async () => {
			const { companies, rejected } = await parse( makeRecord(), record, makeRecord( { id: 10 } ) );
			assert.deepEqual(
				companies.map( ( company ) => company.source_id ),
				[ '7', '10' ]
			);
			assert.deepEqual( rejected, [ { position: 1, source_id, reason } ] );
		} );
	}

	test( 'is not a junk record with a null website: that is a company without domain', async () => {
		const { companies, domains } = await parse( makeRecord( { name: 'BitSample323', website: null } ) );
		assert.deepEqual( [ companies.length, domains ], [ 1, [] ] );
	} );

	test( 'is not one with a text of digits as id', async () => {
		assert.equal( ( await parseOne( { id: '4711' } ) ).source_id, '4711' );
	} );
} );

describe( 'fields that are not kept', () => {
	test( 'change raw_hash, known or not', async () => {
		const rows = await Promise.all( [
			parseOne( {} ),
			parseOne( { isHiring: false } ),
			parseOne( { stage: 'Growth' } ),
			parseOne( { brand_new_field: [ 1 ] } ),
		] );
		assert.equal( new Set( rows.map( ( row ) => row.raw_hash ) ).size, 4 );
		assert.equal( new Set( rows.map( ( row ) => JSON.stringify( { ...row, raw_hash: '' } ) ) ).size, 1 );
	} );

	test( 'do not change raw_hash by their order', async () => {
		const record = makeRecord();
		const reversed = Object.fromEntries( Object.entries( record ).reverse() );
		assert.equal( ( await parseOne( reversed ) ).raw_hash, ( await parseOne( record ) ).raw_hash );
	} );

	for ( const [ field, value ] of Object.entries( {
		stage: 7,
		isHiring: 'yes',
		app_answers: {},
		url: 1,
		industries: 'B2B',
		tags_highlighted: [ 1 ],
		top_company: 0,
		team_size: '17',
		launched_at: 1.5,
	} ) ) {
		test( `are remarked when ${ field } has another type, and the record stays`, async () => {
			const { companies, remarks } = await parse( makeRecord( { [ field ]: value } ) );
			assert.equal( companies.length, 1 );
			assert.deepEqual( remarks, [ { source_id: '7', field, reason: 'wrong_type' } ] );
		} );
	}
} );

describe( 'keys named like those of Object.prototype', () => {
	const hostile =
		'[{"id":7,"name":"Tidewren","__proto__":{"website":"https://evil.com","polluted":true},"constructor":{"prototype":{"polluted":true}}},{"__proto__":{"id":8,"name":"Ghost"}}]';

	test( 'touch no prototype and give a record nothing', async () => {
		const { companies, domains, rejected } = await parseYc( JSON.parse( hostile ), TOOLS );
		assert.equal( Object.hasOwn( Object.prototype, 'polluted' ), false );
		assert.deepEqual( [ companies.length, companies[ 0 ]?.website_raw, domains ], [ 1, '', [] ] );
		assert.deepEqual( rejected, [ { position: 1, source_id: null, reason: 'bad_id' } ] );
	} );

	test( 'count in raw_hash', async () => {
		const [ first, second ] = await Promise.all(
			[ '{"a":1}', '{"a":2}' ].map( ( value ) =>
				parseYc( JSON.parse( `[{"id":7,"name":"Tidewren","__proto__":${ value }}]` ), TOOLS )
			)
		);
		assert.notEqual( first?.companies[ 0 ]?.raw_hash, second?.companies[ 0 ]?.raw_hash );
	} );
} );

describe( 'a list', () => {
	const cases: [ string, unknown, string ][] = [
		[ 'an object', { companies: [] }, 'list_shape' ],
		[ 'null', null, 'list_shape' ],
		[ 'a text', 'companies', 'list_shape' ],
		[ 'an empty array', [], 'list_empty' ],
		[ 'an array without a company', [ null, 1, {} ], 'list_shape' ],
		[ 'more than 50,000 records', Array.from( { length: MAX_ROWS + 1 }, () => null ), 'list_too_large' ],
	];
	for ( const [ name, records, code ] of cases ) {
		test( `is refused: ${ name }`, async () => {
			await assert.rejects( parseYc( records, TOOLS ), { code } );
		} );
	}

	test( 'counts each record once, as company or as rejected', async () => {
		const { companies, rejected } = await parse( makeRecord(), null, makeRecord( { id: 8 } ), makeRecord( { id: 8 } ) );
		assert.equal( companies.length + rejected.length, 4 );
	} );

	test( 'gives rows that fit the contract whatever upstream sends', async () => {
		const { companies, domains } = await parse(
			makeRecord( {
				former_names: Array.from( { length: 200 }, ( _, index ) => `Name ${ index } ${ 'é'.repeat( 400 ) }` ),
				tags: Array.from( { length: 500 }, ( _, index ) => `t${ index }` ),
				one_liner: '👍'.repeat( 4000 ),
			} ),
			makeRecord( {
				id: 8,
				website: 'https://bücher.de, https://a.com',
				logo: 1,
				slug: 's'.repeat( 1000 ),
				industry: 'i'.repeat( 1000 ),
				batch: 'b'.repeat( 1000 ),
			} )
		);
		assert.equal( companies.length, 2 );
		for ( const company of companies ) {
			assert.deepEqual( [ ...Value.Errors( companyRow, company ) ], [] );
		}
		for ( const domain of domains ) {
			assert.deepEqual( [ ...Value.Errors( companyDomain, domain ) ], [] );
		}
	} );
} );
