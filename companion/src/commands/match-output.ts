import type { CompanyStatus, Label } from '../contract/vocabulary.ts';
import type { ReportSummary } from '../match/report-summary.ts';
import type { Report, ReportRow, ReportRows } from '../match/report.ts';

export const FORMATS = [ 'table', 'json', 'csv' ] as const;
export type Format = ( typeof FORMATS )[ number ];

/** Rows of a table for people; the other formats have all of them. */
const TABLE_ROWS = 50;

/** The names that the screens use. */
const LABEL_NAMES: Record< Label, string > = {
	invalid: 'Invalid',
	special_use: 'Not on the internet',
	own_site: 'Your own domain',
	excluded: 'Excluded by you',
	core_mail: 'Personal mail',
	company: 'Company',
	platform: 'Shared host',
	free_mail: 'Personal mail (smaller providers)',
	disposable: 'Throw-away mail',
	relay: 'Hidden address',
	education_government: 'Education or government',
	unmatched: 'Other organisation',
};

const STATUS_NAMES: Record< CompanyStatus, string > = {
	active: 'Active',
	inactive: 'Inactive',
	acquired: 'Acquired',
	public: 'Public',
	unknown: '',
};

/** The report as text, in pieces, so that a long one is never one string. */
export function formatReport( report: Report, format: Format ): Iterable< string > {
	return { table: tableOf, json: jsonOf, csv: csvOf }[ format ]( report );
}

function* jsonOf( { summary, rows }: Report ): Iterable< string > {
	yield `{"summary":${ JSON.stringify( summary ) },"rows":[`;
	let separator = '\n';
	for ( const row of rows ) {
		yield separator + jsonOfRow( row );
		separator = ',\n';
	}
	yield ']}\n';
}

/** What is the same in each row of which there is nothing to say; most are, and making it anew takes four times as long. */
const NOTHING_TO_SAY = { label: 'unmatched', rule: 'unmatched', evidence: '', ambiguous: false, typo_of: null, companies: [] } as const;
const NOTHING_TO_SAY_JSON = JSON.stringify( NOTHING_TO_SAY ).slice( 1 );

function jsonOfRow( row: ReportRow ): string {
	const { domain, user_count, label, rule, evidence, ambiguous, typo_of, companies } = row;
	const is_plain =
		label === 'unmatched' && rule === label && evidence === '' && ! ambiguous && typo_of === null && companies.length === 0;
	return is_plain
		? `{"domain":${ JSON.stringify( domain ) },"user_count":${ user_count },${ NOTHING_TO_SAY_JSON }`
		: JSON.stringify( row );
}

const CSV_COLUMNS: [ string, ( row: ReportRow ) => string | number | boolean ][] = [
	[ 'domain', ( row ) => row.domain ],
	[ 'user_count', ( row ) => row.user_count ],
	[ 'label', ( row ) => row.label ],
	[ 'rule', ( row ) => row.rule ],
	[ 'evidence', ( row ) => row.evidence ],
	[ 'ambiguous', ( row ) => row.ambiguous ],
	[ 'typo_of', ( row ) => row.typo_of ?? '' ],
	[ 'company_count', ( row ) => row.companies.length ],
	[ 'company_id', ( row ) => row.companies[ 0 ]?.id ?? '' ],
	[ 'company_name', ( row ) => row.companies[ 0 ]?.name ?? '' ],
	[ 'company_slug', ( row ) => row.companies[ 0 ]?.slug ?? '' ],
	[ 'company_status', ( row ) => row.companies[ 0 ]?.status ?? '' ],
	[ 'company_batch', ( row ) => row.companies[ 0 ]?.batch ?? '' ],
	[ 'company_kind', ( row ) => row.companies[ 0 ]?.kind ?? '' ],
	[ 'company_industry', ( row ) => row.companies[ 0 ]?.industry ?? '' ],
	[ 'company_team_size', ( row ) => row.companies[ 0 ]?.team_size ?? '' ],
	[ 'company_one_liner', ( row ) => row.companies[ 0 ]?.one_liner ?? '' ],
	[ 'company_website', ( row ) => row.companies[ 0 ]?.website ?? '' ],
	[
		'other_companies',
		( row ) =>
			row.companies
				.slice( 1 )
				.map( ( { name } ) => name )
				.join( '; ' ),
	],
];

function* csvOf( { rows }: Report ): Iterable< string > {
	yield `${ CSV_COLUMNS.map( ( [ name ] ) => csvCell( name ) ).join( ',' ) }\r\n`;
	for ( const row of rows ) {
		yield `${ CSV_COLUMNS.map( ( [ , read ] ) => csvCell( String( read( row ) ) ) ).join( ',' ) }\r\n`;
	}
}

/** A cell in quotes that no spreadsheet runs as a formula (OWASP, CSV injection). */
export function csvCell( text: string ): string {
	const safe = /^[\s\p{Cc}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u.test( text ) ? `'${ text }` : text;
	return `"${ safe.replaceAll( '"', '""' ) }"`;
}

function* tableOf( { summary, rows }: Report ): Iterable< string > {
	yield* headOf( summary );
	yield table(
		[ 'Type of address', 'Users', 'Domains' ],
		summary.labels
			.filter( ( { user_count } ) => user_count > 0 )
			.map( ( { label, user_count, domain_count } ) => [ LABEL_NAMES[ label ], number( user_count ), number( domain_count ) ] )
	);
	const matched = [ ...companyRows( rows ) ];
	if ( matched.length > 0 ) {
		yield `\n${ table( [ 'Company', 'Users', 'Domain', 'Status', 'Batch' ], matched.slice( 0, TABLE_ROWS ).map( companyLine ) ) }`;
	}
	if ( matched.length > TABLE_ROWS ) {
		yield `... and ${ number( matched.length - TABLE_ROWS ) } more domains: --format csv gives all.\n`;
	}
	if ( matched.some( ( { ambiguous } ) => ambiguous ) ) {
		yield '* Several companies claim the domain; the best one is shown.\n';
	}
}

function* companyRows( rows: ReportRows ): Iterable< ReportRow > {
	for ( const row of rows ) {
		if ( row.label === 'company' ) {
			yield row;
		}
	}
}

function* headOf( {
	rows_read,
	users_read,
	matched_users,
	matched_companies,
	match_rate,
	labels,
	lists,
}: ReportSummary ): Iterable< string > {
	const invalid = labels.find( ( { label } ) => label === 'invalid' )?.user_count ?? 0;
	yield `${ number( rows_read ) } rows read: ${ number( users_read - invalid ) } addresses or domains, ${ number( invalid ) } invalid.\n`;
	yield `${ number( matched_users ) } users (${ ( match_rate * 100 ).toFixed( 1 ) } %) at ${ number( matched_companies ) } listed companies.\n`;
	for ( const { source, company_count, updated_at } of lists ) {
		const age = updated_at === null ? '' : `, as of ${ updated_at.slice( 0, 10 ) }`;
		yield `List: ${ number( company_count ) } companies${ source === 'sample' ? ', made up (the built-in sample)' : age }.\n\n`;
	}
}

function companyLine( { companies: [ best ], user_count, domain, ambiguous, rule }: ReportRow ): string[] {
	const former = rule === 'company_former' ? ` (earlier domain)` : '';
	return [
		( best?.name || `${ best?.id }` ) + ( ambiguous ? ' *' : '' ),
		number( user_count ),
		domain + former,
		STATUS_NAMES[ best?.status ?? 'unknown' ],
		best?.batch ?? '',
	];
}

/** Lines with columns; the second column, and the third one of three, are numbers on the right. */
function table( head: string[], lines: string[][] ): string {
	const shown = [ head, ...lines ].map( ( line ) => line.map( ( cell ) => cell.replace( /[\p{Cc}\p{Bidi_Control}]/gu, ' ' ) ) );
	const widths = head.map( ( _, column ) => Math.max( ...shown.map( ( line ) => ( line[ column ] ?? '' ).length ) ) );
	const is_number = ( column: number ) => column === 1 || ( column === 2 && head.length === 3 );
	const padded = ( cell: string, column: number ) => {
		const width = widths[ column ] ?? 0;
		return is_number( column ) ? cell.padStart( width ) : cell.padEnd( width );
	};
	return shown.map( ( line ) => `${ line.map( padded ).join( '  ' ).trimEnd() }\n` ).join( '' );
}

function number( value: number ): string {
	return value.toLocaleString( 'en-US' );
}
