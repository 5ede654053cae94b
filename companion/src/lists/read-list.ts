import type { CompanyDomain, CompanyRow, Rejection } from '../contract/company.ts';
import type { ListSource } from '../contract/vocabulary.ts';
import { RollcallError } from '../errors.ts';
import { cleanText } from './clean-text.ts';
import { parseCsv, type ReadRows } from './parse-csv.ts';
import { parseRecords } from './parse-json.ts';
import { parseYc, type ParseTools, type Remark } from './parse-yc.ts';
import { sheetCsvUrl } from './sheet-url.ts';

export type ReadTools = ParseTools & { readRows: ReadRows };

/** What was left out of a list: how many rows, and the first of them as a screen shows them. */
export type LeftOut = { rejected_count: number; rejections: Rejection[] };

export type ReadList = LeftOut & { companies: CompanyRow[]; domains: CompanyDomain[]; remarks: Remark[] };

const SHOWN_REJECTIONS = 20;

export const NOTHING_LEFT_OUT: LeftOut = { rejected_count: 0, rejections: [] };

/** Where a list is fetched from: the CSV of a Google Sheet for any link to it. Errors: bad_url, and bad_request for a kind
 *  that WordPress keeps. */
export function fetchUrlOf( source: ListSource, url: string ): string {
	if ( ! [ 'yc', 'csv', 'google_sheet' ].includes( source ) ) {
		throw notFetched( source );
	}
	const sheet = source === 'yc' ? null : sheetCsvUrl( url );
	if ( sheet === null && source === 'google_sheet' ) {
		throw new RollcallError( 'bad_url', `${ cleanText( url, 200 ) } is no link to a Google Sheet.`, {
			hint: 'Copy the address of the sheet from the browser: https://docs.google.com/spreadsheets/d/...',
		} );
	}
	return sheet ?? url;
}

/** What is asked for where the answer tells what kind of list it is. */
export const ANY_TYPES = 'application/json, text/csv, text/plain;q=0.5, */*;q=0.1';

/** The kind of a list that the operator named: JSON begins with a bracket; of anything else the name says what was expected. */
export function sourceOfBytes( name: string, bytes: Uint8Array ): 'yc' | 'csv' | 'google_sheet' {
	const head = new TextDecoder().decode( bytes.subarray( 0, 1024 ) ).trimStart();
	const is_sheet = sheetCsvUrl( name ) !== null;
	const is_named_table = is_sheet || /\.(?:csv|tsv|txt)(?:$|[?#])/i.test( name );
	const is_table = ! /^[[{]/.test( head ) && ( is_named_table || ! ( head === '' || head.startsWith( '<' ) ) );
	return is_table ? ( is_sheet ? 'google_sheet' : 'csv' ) : 'yc';
}

/** Companies of a list's bytes. `origin` begins the messages. Errors: those of parseYc and parseCsv, and list_empty for a
 *  table without one good row. */
export async function readList( source: ListSource, bytes: Uint8Array, origin: string, tools: ReadTools ): Promise< ReadList > {
	switch ( source ) {
		case 'yc':
			return readYc( bytes, origin, tools );
		case 'csv':
		case 'google_sheet':
			return readTable( source, bytes, origin, tools );
		default:
			throw notFetched( source );
	}
}

function notFetched( source: ListSource ): RollcallError {
	return new RollcallError( 'bad_request', `Lists of the kind ${ source } are not fetched.` );
}

async function readYc( bytes: Uint8Array, origin: string, tools: ReadTools ): Promise< ReadList > {
	const { companies, domains, rejected, remarks } = await parseYc( parseRecords( bytes, origin ), tools );
	const rejections = rejected
		.slice( 0, SHOWN_REJECTIONS )
		.map( ( { position, reason, source_id } ) => ( { row: position + 1, reason, text: source_id ?? '' } ) );
	return { companies, domains, remarks, rejected_count: rejected.length, rejections };
}

async function readTable( source: 'csv' | 'google_sheet', bytes: Uint8Array, origin: string, tools: ReadTools ): Promise< ReadList > {
	const { companies, domains, verdicts } = await parseCsv( bytes, origin, { ...tools, source } );
	const rejected = verdicts.flatMap( ( verdict ) => ( verdict.accepted ? [] : [ verdict ] ) );
	const rejections = rejected.slice( 0, SHOWN_REJECTIONS ).map( ( { row, reason, text } ) => ( { row, reason, text } ) );
	const [ first ] = rejections;
	if ( companies.length === 0 && first !== undefined ) {
		throw new RollcallError(
			'list_empty',
			`${ origin }: none of ${ rejected.length } rows is a company; row ${ first.row } fails with ${ first.reason }.`
		);
	}
	const remarks = verdicts.flatMap( ( verdict ) =>
		verdict.accepted
			? verdict.refused.map( ( { host, reason } ) => ( {
					source_id: verdict.source_id,
					field: 'website',
					reason: `${ reason }: ${ host }`,
				} ) )
			: []
	);
	return { companies, domains, remarks, rejected_count: rejected.length, rejections };
}
