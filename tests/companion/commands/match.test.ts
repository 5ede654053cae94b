import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { parse } from 'csv-parse/sync';
import { matchCommand } from '../../../companion/src/commands/match.ts';
import { csvCell } from '../../../companion/src/commands/match-output.ts';

let folder = '';
before( async () => {
	folder = await mkdtemp( join( tmpdir(), 'rollcall-match-' ) );
	await writeFile(
		join( folder, 'companies.json' ),
		JSON.stringify( [
			{
				id: 7,
				name: '=Acme, "the" one',
				slug: 'acme',
				website: 'https://acme.com',
				batch: 'Winter 2020',
				status: 'Active',
				one_liner: '-',
			},
			{ id: 8, name: 'Former Acme', slug: 'former', website: 'https://acme.com', batch: 'Summer 2010', status: 'Inactive' },
		] )
	);
	await writeFile( join( folder, 'users.csv' ), 'email,name\na@acme.com,A\nb@mail.acme.com,B\nc@gmail.com,C\n@x.com,D\n,E\n' );
	await writeFile( join( folder, 'sheet.xlsx' ), Uint8Array.of( 0x50, 0x4b, 3, 4 ) );
} );
after( () => rm( folder, { recursive: true } ) );

type Result = { code: number; stdout: string; stderr: string };

async function run( argv: string[], stdin = '', signal = new AbortController().signal ): Promise< Result > {
	const out = collector();
	const err = collector();
	const code = await matchCommand( argv, {
		stdin: Readable.from( [ Buffer.from( stdin ) ] ),
		stdout: out.stream,
		stderr: err.stream,
		signal,
		state_folder: null,
	} );
	return { code, stdout: out.text(), stderr: err.text() };
}

function collector(): { stream: Writable; text: () => string } {
	let text = '';
	const stream = new Writable( {
		write: ( chunk, _encoding, done ) => {
			text += String( chunk );
			done();
		},
	} );
	return { stream, text: () => text };
}

const withList = ( ...argv: string[] ): string[] => [ ...argv, '--companies', join( folder, 'companies.json' ) ];

describe( 'match command', () => {
	it( 'takes a CSV as list, and says which of its rows are left out', async () => {
		const path = join( folder, 'companies.csv' );
		await writeFile( path, 'Company;Website\r\nAcme;https://acme.com\r\nShop;https://facebook.com/shop\r\n' );
		const { code, stdout, stderr } = await run( [ '-', '--companies', path, '--format', 'json' ], 'a@mail.acme.com\n' );
		assert.equal( code, 0 );
		assert.equal( JSON.parse( stdout ).rows[ 0 ].companies[ 0 ].name, 'Acme' );
		assert.match( stderr, /1 of 2 rows are left out; row 3 \(Shop, https:\/\/facebook\.com\/shop\) fails with platform\.\n$/u );
	} );

	it( 'writes JSON of the documented form', async () => {
		const { code, stdout, stderr } = await run( withList( join( folder, 'users.csv' ), '--format', 'json' ) );
		assert.deepEqual( [ code, stderr ], [ 0, '' ] );
		const { summary, rows } = JSON.parse( stdout );
		assert.deepEqual( Object.keys( JSON.parse( stdout ) ), [ 'summary', 'rows' ] );
		assert.deepEqual( [ summary.rows_read, summary.users_read, summary.matched_users ], [ 5, 5, 2 ] );
		const { domain, user_count, label, rule, ambiguous, companies } = rows[ 0 ];
		assert.deepEqual(
			{ domain, user_count, label, rule, ambiguous },
			{ domain: 'acme.com', user_count: 2, label: 'company', rule: 'company_current', ambiguous: true }
		);
		const { id, name, slug, status, batch } = companies[ 0 ];
		assert.deepEqual(
			{ id, name, slug, status, batch },
			{ id: 7, name: '=Acme, "the" one', slug: 'acme', status: 'active', batch: 'Winter 2020' }
		);
	} );

	it( 'writes CSV in which no cell begins a formula', async () => {
		const { stdout } = await run( withList( '-', '--format', 'csv' ), 'a@acme.com\n-x@co.uk\n' );
		const rows: Record< string, string >[] = parse( stdout, { columns: true } );
		assert.deepEqual(
			rows.map( ( { domain, company_name, company_one_liner, other_companies } ) => [
				domain,
				company_name,
				company_one_liner,
				other_companies,
			] ),
			[
				[ 'acme.com', '\'=Acme, "the" one', "'-", 'Former Acme' ],
				[ 'co.uk', '', '', '' ],
			]
		);
	} );

	it( 'writes a table for people', async () => {
		const { stdout } = await run( withList( join( folder, 'users.csv' ) ) );
		assert.match(
			stdout,
			/^5 rows read: 3 addresses or domains, 2 invalid\.\n2 users \(40\.0 %\) at 2 listed companies\.\nList: 2 companies, as of \d{4}-\d\d-\d\d\.\n/u
		);
		assert.match( stdout, /=Acme, "the" one \* +2 {2}acme\.com +Active {2}Winter 2020/u );
	} );

	it( 'reads standard input', async () => {
		assert.match( ( await run( withList( '-' ), 'acme.com\n' ) ).stdout, /^1 rows read/u );
	} );

	it( 'sets own and excluded domains aside', async () => {
		const { stdout } = await run(
			withList( '-', '--format', 'json', '--own', 'www.acme.com', '--exclude', 'b.de' ),
			'a@acme.com\na@b.de\n'
		);
		assert.deepEqual(
			JSON.parse( stdout ).rows.map( ( { label }: { label: string } ) => label ),
			[ 'own_site', 'excluded' ]
		);
	} );

	it( 'uses the built-in sample when told to, and says so', async () => {
		const { code, stdout, stderr } = await run( [ '-', '--companies', 'sample:' ], 'a@acme.com\n' );
		assert.equal( code, 0 );
		assert.match( stderr, /sample/u );
		assert.match( stdout, /^List: \d+ companies, made up/mu );
	} );

	it( 'shows help', async () => {
		const { code, stdout } = await run( [ '--help' ] );
		assert.equal( code, 0 );
		assert.match( stdout, /Exit codes: 0 .* 1 .* 2 .* 3 /u );
	} );

	for ( const [ what, argv, code, message ] of [
		[ 'no file', [], 2, /A file is missing/u ],
		[ 'two files', [ 'a', 'b' ], 2, /One file at a time/u ],
		[ 'an unknown option', [ 'a', '--nonsense' ], 2, /--nonsense/u ],
		[ 'an unknown format', [ 'a', '--format', 'xml' ], 2, /--format is one of table, json, csv/u ],
		[ 'a file that is not there', [ '/nonexistent.csv', '--companies', 'sample:' ], 1, /cannot be read: ENOENT.* Check its path/u ],
		[ 'a list that is not there', [ '-', '--companies', '/nonexistent.json' ], 1, /nonexistent\.json/u ],
		[ 'an address that may not be fetched', [ '-', '--companies', 'http://127.0.0.1/x.json' ], 1, /not a public one.*--allow/u ],
		[ 'a bad range', [ '-', '--companies', 'sample:', '--allow', 'x' ], 2, /not an address or range/u ],
		[ 'an own host that is none', [ '-', '--own', 'acme' ], 2, /--own "acme" is no domain \(no_dot\)/u ],
		[ 'an excluded domain that is none', [ '-', '--exclude', 'a@acme.com' ], 2, /--exclude "a@acme.com" is no domain \(bad_char\)/u ],
		[ 'an empty file name', [ '' ], 2, /A file is missing/u ],
		[ 'an empty list', [ '-', '--companies', '' ], 2, /--companies is empty/u ],
		[ 'a list that is no JSON', [ '-', '--companies', '/dev/null' ], 1, /is not JSON: it is empty\. Check that/u ],
		[ 'a list that is a folder', [ '-', '--companies', '/' ], 1, /illegal operation on a directory, read\. Check its path/u ],
		[
			'an address that does not answer',
			[ '-', '--companies', 'http://127.0.0.1:1/x', '--allow', '127.0.0.1:1' ],
			1,
			/ECONNREFUSED 127\.0\.0\.1:1\. Check the address, or give a file\.$/mu,
		],
	] as const ) {
		it( `tells ${ what } in one line`, async () => {
			const result = await run( [ ...argv ] );
			assert.equal( result.code, code );
			assert.match( result.stderr, message );
			assert.equal( result.stderr.trimEnd().split( '\n' ).length, 1 );
			assert.equal( result.stdout, '' );
		} );
	}

	it( 'refuses a spreadsheet with a hint', async () => {
		const { code, stderr } = await run( withList( join( folder, 'sheet.xlsx' ) ) );
		assert.equal( code, 1 );
		assert.match( stderr, /spreadsheet.*Save it as CSV/u );
	} );

	it( 'says that it was cancelled and ends as a program does that Ctrl-C ended', async () => {
		const { code, stdout, stderr } = await run( withList( '-' ), 'a@acme.com\n', AbortSignal.abort() );
		assert.deepEqual( [ code, stdout, stderr ], [ 130, '', 'rollcall-companion match: Cancelled. The report is not complete.\n' ] );
	} );

	it( 'stops while it waits for standard input', async () => {
		const stop = new AbortController();
		const { stream, text } = collector();
		const waiting = new PassThrough();
		const ended = matchCommand( withList( '-' ), {
			stdin: waiting,
			stdout: stream,
			stderr: stream,
			signal: stop.signal,
			state_folder: null,
		} );
		waiting.write( 'a@acme.com\n' );
		setTimeout( () => stop.abort(), 20 );
		assert.equal( await ended, 130 );
		assert.match( text(), /Cancelled/u );
	} );

	it( 'says on stderr that a CSV is of the sample', async () => {
		const { stdout, stderr } = await run( [ '-', '--companies', 'sample:', '--format', 'csv' ], 'a@acme.com\n' );
		assert.match( stderr, /sample of made-up companies/u );
		assert.doesNotMatch( stdout, /made-up/u );
	} );
} );

describe( 'csvCell', () => {
	for ( const [ text, cell ] of [
		[ 'plain', '"plain"' ],
		[ '', '""' ],
		[ '=1+1', '"\'=1+1"' ],
		[ '+1', '"\'+1"' ],
		[ '-', '"\'-"' ],
		[ '@SUM', '"\'@SUM"' ],
		[ '\t=1', '"\'\t=1"' ],
		[ '\tx', '"\'\tx"' ],
		[ '\rx', '"\'\rx"' ],
		[ ' =1', '"\' =1"' ],
		[ '\uff1d1', '"\'\uff1d1"' ],
		[ '\uff0b1', '"\'\uff0b1"' ],
		[ '\uff0d1', '"\'\uff0d1"' ],
		[ '\uff20x', '"\'\uff20x"' ],
		[ 'a,b', '"a,b"' ],
		[ 'a "b"', '"a ""b"""' ],
		[ 'a=b', '"a=b"' ],
		[ 'line\nend', '"line\nend"' ],
	] as const ) {
		it( `writes ${ JSON.stringify( text ) } as ${ JSON.stringify( cell ) }`, () => {
			assert.equal( csvCell( text ), cell );
		} );
	}
} );
