import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { Value } from 'typebox/value';
import { csvCell } from '../../../companion/src/commands/match-output.ts';
import { companyDomain, companyRow, rejection } from '../../../companion/src/contract/company.ts';
import { MAX_LIST_BYTES, MAX_ROWS } from '../../../companion/src/lists/limits.ts';
import { parseCsv, type ReadRows } from '../../../companion/src/lists/parse-csv.ts';
import type { ParsedTable } from '../../../companion/src/lists/parse-table.ts';
import { TOOLS } from './make-list.ts';

const parse = ( text: string | Uint8Array ): Promise< ParsedTable > =>
	parseCsv( typeof text === 'string' ? new TextEncoder().encode( text ) : text, 'GET https://list.example/a.csv', {
		...TOOLS,
		source: 'csv',
	} );

/** `row name -> domains` of accepted rows, `row !reason` of rejected ones. */
const shown = ( { verdicts }: ParsedTable ): string[] =>
	verdicts.map( ( verdict ) =>
		verdict.accepted
			? `${ verdict.row } ${ verdict.name } -> ${ verdict.domains.join( ' ' ) }`
			: `${ verdict.row } !${ verdict.reason }`
	);

const utf16 = ( text: string, order: 'le' | 'be', mark: boolean ): Uint8Array => {
	const bytes = Buffer.from( `${ mark ? '\ufeff' : '' }${ text }`, 'utf16le' );
	return order === 'le' ? bytes : bytes.swap16();
};

describe( 'forms of a table', () => {
	const rows = [ '2 Tidewren -> tidewren.com', '3 Marlow -> marlow.dev' ];
	const forms: [ string, string | Uint8Array ][] = [
		[ 'commas', 'name,website\nTidewren,https://tidewren.com\nMarlow,marlow.dev\n' ],
		[ 'semicolons', 'name;website\nTidewren;https://tidewren.com\nMarlow;marlow.dev\n' ],
		[ 'tabs', 'name\twebsite\nTidewren\thttps://tidewren.com\nMarlow\tmarlow.dev\n' ],
		[ 'semicolons that Excel announces', 'sep=;\r\nname;website\r\nTidewren;https://tidewren.com\r\nMarlow;marlow.dev' ],
		[ 'CR LF', 'name,website\r\nTidewren,https://tidewren.com\r\nMarlow,marlow.dev\r\n' ],
		[ 'CR alone', 'name,website\rTidewren,https://tidewren.com\rMarlow,marlow.dev' ],
		[ 'blank lines', '\n\nname,website\n\nTidewren,https://tidewren.com\n\n\nMarlow,marlow.dev\n\n' ],
		[ 'a byte order mark', '\ufeffname,website\nTidewren,https://tidewren.com\nMarlow,marlow.dev' ],
		[ 'quotes everywhere', '"name","website"\n"Tidewren","https://tidewren.com"\n"Marlow","marlow.dev"' ],
		[ 'quotes everywhere between tabs', '"name"\t"website"\n"Tidewren"\t"https://tidewren.com"\n"Marlow"\t"marlow.dev"' ],
		[ 'quotes everywhere between semicolons', '"name";"website"\n"Tidewren";"https://tidewren.com"\n"Marlow";"marlow.dev"' ],
		[ 'white space around cells', ' Name , Website \n Tidewren , https://tidewren.com \n Marlow,\tmarlow.dev ' ],
		[ 'other columns and another order', 'notes,WEBSITE,x,Name\n,https://tidewren.com,,Tidewren\nnew,marlow.dev,,Marlow' ],
		[ 'rows without their last cells', 'website,name,notes\nhttps://tidewren.com,Tidewren\nmarlow.dev,Marlow,' ],
		[ 'UTF-16 LE with its mark', utf16( 'name,website\nTidewren,https://tidewren.com\nMarlow,marlow.dev', 'le', true ) ],
		[ 'UTF-16 BE with its mark', utf16( 'name,website\nTidewren,https://tidewren.com\nMarlow,marlow.dev', 'be', true ) ],
		[ 'UTF-16 LE without a mark', utf16( 'name,website\nTidewren,https://tidewren.com\nMarlow,marlow.dev', 'le', false ) ],
		[ 'UTF-16 BE without a mark', utf16( 'name,website\nTidewren,https://tidewren.com\nMarlow,marlow.dev', 'be', false ) ],
	];
	for ( const [ name, text ] of forms ) {
		test( `reads ${ name }`, async () => assert.deepEqual( shown( await parse( text ) ), rows ) );
	}

	test( 'reads line ends and delimiters inside quotes, and doubled quotes', async () => {
		const { companies } = await parse( 'name,website,about\n"Tide ""the"" wren, Inc.",tidewren.com,"Two\r\nlines"\n' );
		assert.deepEqual( [ companies[ 0 ]?.name, companies[ 0 ]?.one_liner ], [ 'Tide "the" wren, Inc.', 'Two lines' ] );
	} );

	test( 'reads Windows-1252, which is no UTF-8', async () => {
		const { companies } = await parse( Buffer.from( 'name,website\nB\xfccher \x80,buecher.example.com', 'latin1' ) );
		assert.equal( companies[ 0 ]?.name, 'Bücher €' );
	} );

	test( 'skips rows of empty cells, which spreadsheets export, and keeps their numbers', async () => {
		assert.deepEqual( shown( await parse( 'name,website\n,\nTidewren,tidewren.com\n, \n' ) ), [ '3 Tidewren -> tidewren.com' ] );
	} );
} );

describe( 'columns', () => {
	const headings: [ string, string ][] = [
		[ 'website', 'name' ],
		[ 'Website', 'Company' ],
		[ 'domain', 'company_name' ],
		[ 'Company Domain', 'Company-Name' ],
		[ 'Company domain name', 'ORGANIZATION' ],
		[ 'URL', 'Account Name' ],
		[ 'Website URL:', 'Startup' ],
		[ 'Webseite', 'Firma' ],
	];
	for ( const [ website, name ] of headings ) {
		test( `are known as ${ website } and ${ name }`, async () => {
			const table = await parse( `${ name },${ website }\nTidewren,tidewren.com` );
			assert.deepEqual( shown( table ), [ '2 Tidewren -> tidewren.com' ] );
			assert.deepEqual(
				table.columns.map( ( { field } ) => field ),
				[ 'name', 'website' ]
			);
		} );
	}

	test( 'of two for websites the better one is read: url is often a directory page', async () => {
		const { domains, columns } = await parse(
			'name,url,website\nTidewren,https://directory.com/tidewren,tidewren.com\nMarlow,https://directory.com/marlow,'
		);
		assert.deepEqual(
			domains.map( ( { domain } ) => domain ),
			[ 'tidewren.com' ]
		);
		assert.deepEqual( columns[ 1 ], { heading: 'url', field: null } );
	} );

	test( 'fill every field of a company that the contract has', async () => {
		const { companies, domains } = await parse(
			'id,name,website,other domains,former domains,former names,slug,status,batch,team size,industry,subindustry,regions,tags,one liner,logo,launched at\n' +
				'7,Tidewren,https://www.tidewren.com/en,tidewren.io,"postwren.com; oldwren.com",Postwren | Wren & Co,tidewren,Acquired,W21,"1,200",B2B,B2B -> Marketing,Argentina;Chile,"AI, Email",Write to a@tidewren.com now.,https://logos.tidewren.com/a.png,2021-07-11\n'
		);
		assert.deepEqual( companies[ 0 ] && { ...companies[ 0 ], raw_hash: '' }, {
			source: 'csv',
			source_id: '7',
			name: 'Tidewren',
			former_names: [ 'Postwren', 'Wren & Co' ],
			slug: 'tidewren',
			status: 'acquired',
			batch: 'Winter 2021',
			batch_sort: 8084,
			team_size: 1200,
			industry: 'B2B',
			subindustry: 'Marketing',
			regions: [ 'Argentina', 'Chile' ],
			tags: [ 'Artificial Intelligence', 'Email' ],
			one_liner: 'Write to now.',
			logo_url: 'https://logos.tidewren.com/a.png',
			website_raw: 'https://www.tidewren.com/en',
			website_origin: 'https://www.tidewren.com',
			launched_at_ms: Date.UTC( 2021, 6, 11 ),
			raw_hash: '',
		} );
		assert.deepEqual(
			domains.map( ( { domain, kind } ) => `${ domain } ${ kind }` ),
			[ 'tidewren.com current', 'tidewren.io alias', 'postwren.com former', 'oldwren.com former' ]
		);
	} );

	test( 'of several values are cut by the first separator that stands in them', async () => {
		const { companies } = await parse(
			'name,website,tags,former names\nA,,"SOAR, automation; Security","Pipe|bio; Wren, Inc."\nB,,"AI|Email",Pipe|bio\nC,,"AI, Email",A | B'
		);
		assert.deepEqual(
			companies.map( ( { tags, former_names } ) => [ tags, former_names ] ),
			[
				[
					[ 'SOAR, automation', 'Security' ],
					[ 'Pipe|bio', 'Wren, Inc.' ],
				],
				[ [ 'Artificial Intelligence', 'Email' ], [ 'Pipe|bio' ] ],
				[
					[ 'Artificial Intelligence', 'Email' ],
					[ 'A', 'B' ],
				],
			]
		);
	} );

	test( 'of a size that is a range, or of a day that may be two, are left empty', async () => {
		const { companies } = await parse( 'name,website,employees,launched\nA,a-wren.com,11-50,03/04/2020' );
		assert.deepEqual( [ companies[ 0 ]?.team_size, companies[ 0 ]?.launched_at_ms ], [ null, null ] );
	} );
} );

describe( 'the verdict on a row', () => {
	const cases: [ string, string, string ][] = [
		[ 'a website', 'Tidewren,https://tidewren.com', 'Tidewren -> tidewren.com' ],
		[ 'a domain alone', 'Tidewren,tidewren.com', 'Tidewren -> tidewren.com' ],
		[ 'path, query, port and upper case', 'Tidewren,HTTPS://WWW.TideWren.com:8443/en?x=1#y', 'Tidewren -> tidewren.com' ],
		[ 'two websites', 'Tidewren,"https://tidewren.com, https://wren.dev"', 'Tidewren -> tidewren.com wren.dev' ],
		[ 'two with a semicolon', 'Tidewren,tidewren.com;wren.dev', 'Tidewren -> tidewren.com wren.dev' ],
		[ 'a foreign script', 'Bücher,https://bücher.de', 'Bücher -> xn--bcher-kva.de' ],
		[ 'no website', 'Tidewren,', 'Tidewren -> ' ],
		[ 'a scheme alone', 'Tidewren,http://', 'Tidewren -> ' ],
		[ 'no name', ',tidewren.com', 'tidewren.com -> tidewren.com' ],
		[ 'one good website beside a page', 'Tidewren,"tidewren.com https://facebook.com/tidewren"', 'Tidewren -> tidewren.com' ],
		[ 'a page on a shared host', 'Tidewren,https://facebook.com/tidewren', '!platform' ],
		[ 'an app store', 'Tidewren,https://play.google.com/store/apps/details?id=a', '!platform' ],
		[ 'a mail provider', 'Tidewren,https://gmail.com', '!core_mail' ],
		[ 'a public suffix', 'Tidewren,co.uk', '!public_suffix' ],
		[ 'a private public suffix', 'Tidewren,github.io', '!public_suffix' ],
		[ 'an address of the network', 'Tidewren,http://127.0.0.1/', '!numeric_tld' ],
		[ 'a bracketed address', 'Tidewren,http://[::1]/', '!ip_literal' ],
		[ 'a special-use name', 'Tidewren,http://localhost/', '!special_use' ],
		[ 'another scheme', 'Tidewren,javascript:alert(1)', '!bad_url' ],
		[ 'a user name', 'Tidewren,https://a:b@tidewren.com', '!bad_url' ],
		[ 'an address of a person', 'Tidewren,ann@tidewren.com', '!bad_url' ],
		[ 'a formula', 'Tidewren,"=HYPERLINK(""http://tidewren.com"")"', '!bad_url' ],
		[ 'a NUL in the host', 'Tidewren,tide\0wren.com', '!control' ],
		[ 'an invisible character in the host', 'Tidewren,tide\u200bwren.com', '!invisible' ],
		[ 'a host that turns direction', 'Tidewren,tide\u202ewren.com', '!bidi' ],
		[ 'a comma that wanted quotes', 'Tidewren, Inc.,tidewren.com', '!too_many_columns' ],
		[ 'a website of 3,000 characters', `Tidewren,https://tidewren.com/${ 'a'.repeat( 3000 ) }`, '!too_long' ],
	];
	for ( const [ name, row, expected ] of cases ) {
		test( `says ${ expected } on ${ name }`, async () => {
			const table = await parse( `name,website\n${ row }\nMarlow,marlow.dev\n` );
			assert.deepEqual( shown( table ), [ `2 ${ expected }`, '3 Marlow -> marlow.dev' ] );
			assert.equal( table.companies.length, expected.startsWith( '!' ) ? 1 : 2 );
		} );
	}

	test( 'names the hosts of an accepted row that nobody may claim', async () => {
		const { verdicts } = await parse( 'name,website\nTidewren,"tidewren.com, https://facebook.com/tidewren"' );
		assert.deepEqual( verdicts[ 0 ]?.accepted && verdicts[ 0 ].refused, [ { host: 'facebook.com', reason: 'platform' } ] );
	} );

	test( 'of two rows with one id keeps the first', async () => {
		const table = await parse( 'id,name,website\n7,Tidewren,tidewren.com\n7,Marlow,marlow.dev' );
		assert.deepEqual( shown( table ), [ '2 Tidewren -> tidewren.com', '3 !duplicate_id' ] );
	} );

	test( 'of two equal rows keeps the first', async () => {
		const table = await parse( 'name,website\nTidewren,tidewren.com\ntidewren ,www.tidewren.com' );
		assert.deepEqual( shown( table ), [ '2 Tidewren -> tidewren.com', '3 !duplicate_row' ] );
	} );

	test( 'fits the contract, whatever stands in the cells', async () => {
		const wild = `"${ 'x'.repeat( 500 ) }\u202e\0<script>"`;
		const { companies, domains, verdicts } = await parse(
			`id,name,website,former names,status,batch,team size,tags,about,logo\n${ wild },${ wild },tidewren.com,${ wild },${ wild },${ wild },-5,${ wild },${ wild },javascript:1\n,,${ wild }`
		);
		assert.deepEqual( [ companies.length, domains.length ], [ 1, 1 ] );
		assert.ok( companies.every( ( row ) => Value.Check( companyRow, row ) ) );
		assert.ok( domains.every( ( row ) => Value.Check( companyDomain, row ) ) );
		const [ rejected ] = verdicts.flatMap( ( verdict ) => ( verdict.accepted ? [] : [ verdict ] ) );
		assert.ok( rejected && Value.Check( rejection, { row: rejected.row, reason: rejected.reason, text: rejected.text } ) );
	} );
} );

describe( 'the identity of a row', () => {
	const ids = async ( text: string ): Promise< { [ name: string ]: string } > =>
		Object.fromEntries(
			( await parse( text ) ).companies.map( ( { name, website_raw, source_id } ) => [ `${ name } ${ website_raw }`, source_id ] )
		);

	test( 'is its id where WordPress takes it, else the hash of it', async () => {
		const { companies } = await parse( 'id,name,website\na-7,Tidewren,tidewren.com\nA-7,Marlow,marlow.dev\nÜ 7,Scout,scout.dev' );
		assert.equal( companies[ 0 ]?.source_id, 'a-7' );
		assert.match( companies[ 1 ]?.source_id ?? '', /^id-[0-9a-f]{32}$/ );
		assert.match( companies[ 2 ]?.source_id ?? '', /^id-[0-9a-f]{32}$/ );
	} );

	test( 'stays when the rows are put in another order', async () => {
		const rows = [ 'Tidewren,tidewren.com', 'Marlow,marlow.dev', 'Scout,scout.dev', 'Scout,scout.io' ];
		const before = await ids( [ 'name,website', ...rows ].join( '\n' ) );
		const after = await ids( [ 'name,website', ...rows.reverse() ].join( '\n' ) );
		assert.equal( Object.keys( before ).length, 4 );
		assert.deepEqual( after, before );
	} );

	test( 'stays when the company moves to another domain', async () => {
		const [ before ] = ( await parse( 'name,website\nTidewren,tidewren.com' ) ).companies;
		const [ after ] = ( await parse( 'website,name\nwren.dev,TIDEWREN' ) ).companies;
		assert.equal( after?.source_id, before?.source_id );
	} );

	test( 'of a row without a name is that of its domain', async () => {
		const [ company ] = ( await parse( 'domain\ntidewren.com' ) ).companies;
		assert.deepEqual( [ company?.name, company?.source_id.startsWith( 'name-' ) ], [ 'tidewren.com', true ] );
	} );
} );

describe( 'what is no table', () => {
	test( 'is not read on behind the first row that is too many', async () => {
		let rows = 0;
		const readMany: ReadRows = ( _bytes, sink ) => {
			for ( ; rows < MAX_ROWS * 2; rows++ ) {
				sink( rows === 0 ? [ 'website' ] : rows % 2 === 0 ? [ '' ] : [ 'tidewren.com' ] );
			}
			for ( ; rows < MAX_ROWS * 4; rows++ ) {
				sink( [ 'tidewren.com' ] );
			}
		};
		await assert.rejects( parseCsv( Buffer.from( 'website' ), 'GET x', { ...TOOLS, readRows: readMany, source: 'csv' } ), {
			code: 'list_too_large',
		} );
		assert.equal( rows, MAX_ROWS * 2 );
	} );

	const zip = Buffer.concat( [ Buffer.from( 'PK\x03\x04' ), deflateRawSync( 'name,website\nTidewren,tidewren.com' ) ] );
	const columns = Array.from( { length: 1_000_000 }, ( _, index ) => `c${ index }` ).join( ',' );
	const cases: [ string, string | Uint8Array, string ][] = [
		[ 'a login page', '<!DOCTYPE html><html><body>Sign in, please; website</body></html>', 'list_not_table' ],
		[ 'a page that begins with text', 'website\n<html><head><title>Sign in</title>', 'list_not_table' ],
		[ 'a page behind a byte order mark and white space', '\ufeff \n<html>', 'list_not_table' ],
		[ 'a page in UTF-16', utf16( '<html><body>website</body>', 'le', true ), 'list_not_table' ],
		[ 'JSON', '[{"website":"https://tidewren.com"}]', 'list_not_table' ],
		[ 'a zip (xlsx) renamed to csv', zip, 'list_not_table' ],
		[ 'gzip', gzipSync( 'name,website\nTidewren,tidewren.com' ), 'list_not_table' ],
		[ 'octets', new Uint8Array( 4096 ).fill( 7 ), 'list_not_table' ],
		[ 'a million columns', `${ columns }\nTidewren`, 'list_not_table' ],
		[ 'a million empty columns', ','.repeat( 1_000_000 ), 'list_not_table' ],
		[ 'no heading', 'Tidewren,tidewren.com\nMarlow,marlow.dev', 'list_no_website' ],
		[ 'a heading without websites', 'name,city\nTidewren,Rosario', 'list_no_website' ],
		[ 'a text', 'Please sign in to go on.', 'list_no_website' ],
		[ 'a heading alone', 'name,website\n', 'list_empty' ],
		[ 'nothing', '', 'list_empty' ],
		[ 'blank lines', '\n\r\n\n', 'list_empty' ],
		[ 'more than 50,000 rows', `website\n${ 'tidewren.com\n'.repeat( MAX_ROWS + 1 ) }`, 'list_too_large' ],
		[ 'more than 20 MiB', new Uint8Array( MAX_LIST_BYTES + 1 ).fill( 97 ), 'list_too_large' ],
	];
	for ( const [ name, text, code ] of cases ) {
		test( `ends with ${ code }: ${ name }`, () => assert.rejects( parse( text ), { code } ) );
	}

	test( 'a quote that is never closed costs its row, not the rows behind it', async () => {
		const table = await parse( 'name,website\nTidewren,"https://tidewren.com\nMarlow,marlow.dev\nScout,scout.dev' );
		assert.deepEqual( shown( table ), [ '2 !bad_url', '3 Marlow -> marlow.dev', '4 Scout -> scout.dev' ] );
	} );

	test( 'a row of a million cells is one bad row', async () => {
		const table = await parse( `name,website\n${ 'x,'.repeat( 500_000 ) }\nMarlow,marlow.dev` );
		assert.deepEqual( shown( table ), [ '2 !too_many_columns', '3 Marlow -> marlow.dev' ] );
	} );

	test( '20 MiB of commas behind a heading take a few bad rows and no gigabytes', async () => {
		const table = await parse( `name,website\n${ 'x,'.repeat( MAX_LIST_BYTES / 2 - 100 ) }` );
		assert.ok( table.verdicts.length < 40 );
		assert.equal( table.companies.length, 0 );
	} );

	test( 'a table of bad rows gives their verdicts and no company', async () => {
		const table = await parse( 'name,website\nA,co.uk\nB,gmail.com' );
		assert.deepEqual( [ shown( table ), table.companies ], [ [ '2 !public_suffix', '3 !core_mail' ], [] ] );
	} );
} );

describe( 'hostile columns and claims', () => {
	test( 'headings named like parts of Object change nothing', async () => {
		const { companies } = await parse( 'name,website,__proto__,constructor,toString\nTidewren,tidewren.com,a,b,c' );
		assert.deepEqual( [ companies.length, companies[ 0 ]?.name, Object.hasOwn( Object.prototype, 'a' ) ], [ 1, 'Tidewren', false ] );
	} );

	test( 'a logo or website of another scheme is dropped', async () => {
		const { companies } = await parse( 'name,website,logo\nTidewren,,javascript:alert(1)\nMarlow,,data:image/svg+xml;base64,' );
		assert.deepEqual(
			companies.map( ( { logo_url } ) => logo_url ),
			[ null, null ]
		);
	} );

	test( 'former and other domains pass the same judgement as websites', async () => {
		const { domains, verdicts } = await parse(
			'name,website,former domains,aliases\nTidewren,tidewren.com,"gmail.com co.uk oldwren.com","facebook.com/x tidewren.io"'
		);
		assert.deepEqual(
			domains.map( ( { domain, kind } ) => `${ domain } ${ kind }` ),
			[ 'tidewren.com current', 'tidewren.io alias', 'oldwren.com former' ]
		);
		assert.deepEqual( verdicts[ 0 ]?.accepted && verdicts[ 0 ].refused.map( ( { reason } ) => reason ), [
			'platform',
			'core_mail',
			'public_suffix',
		] );
	} );

	test( 'a row that claims a thousand domains gets twenty', async () => {
		const websites = Array.from( { length: 1000 }, ( _, index ) => `w${ index }.com` )
			.join( ' ' )
			.slice( 0, 2000 );
		assert.equal( ( await parse( `name,website\nTidewren,${ websites }` ) ).domains.length, 20 );
	} );
} );

describe( 'formula cells', () => {
	const triggers = [ '=1+1', '+1', '-', '@SUM(A1)', '\t=1', '＝1', '＋1', '－1', '＠x' ];
	for ( const name of triggers ) {
		test( `${ JSON.stringify( name ) } is text, also behind the apostrophe of an export`, async () => {
			const quoted = ( text: string ): string => `"${ text.replaceAll( '"', '""' ) }"`;
			const { companies } = await parse(
				`id,name,website,about\n1,${ quoted( name ) },a-wren.com,\n2,${ quoted( `'${ name }` ) },b-wren.com,${ quoted( `'${ name }` ) }`
			);
			assert.deepEqual(
				companies.map( ( company ) => company.name ),
				[ name.trim(), name.trim() ]
			);
			assert.equal( companies[ 1 ]?.one_liner, name.trim() );
		} );
	}

	test( 'an export that is imported again gives the same', async () => {
		const names = [ ...triggers.map( ( name ) => name.trim() ), ' =1', "'n Sync", 'a "b", c', 'Bücher\u200d', '-' ];
		const exportOf = ( rows: string[][] ): string => rows.map( ( row ) => row.map( csvCell ).join( ',' ) ).join( '\r\n' );
		const rowsOf = ( { companies }: ParsedTable ): string[][] =>
			companies.map( ( company ) => [ company.source_id, company.name, company.website_raw, company.one_liner ] );
		const heading = [ 'id', 'name', 'website', 'one liner' ];
		const first = rowsOf(
			await parse( exportOf( [ heading, ...names.map( ( name, index ) => [ `c${ index }`, name, `wren-${ index }.com`, name ] ) ] ) )
		);
		assert.deepEqual(
			first.map( ( row ) => row[ 1 ] ),
			names.map( ( name ) => name.trim() )
		);
		assert.deepEqual( rowsOf( await parse( exportOf( [ heading, ...first ] ) ) ), first );
	} );

	test( 'an apostrophe of the name itself stays', async () => {
		assert.equal( ( await parse( "name,website\n'n Sync,sync-wren.com" ) ).companies[ 0 ]?.name, "'n Sync" );
	} );
} );
