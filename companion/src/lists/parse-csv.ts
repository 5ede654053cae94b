import { messageOf, RollcallError } from '../errors.ts';
import { cleanText } from './clean-text.ts';
import { MAX_LIST_BYTES, MAX_ROWS } from './limits.ts';
import { isBlank, parseTable, tooManyRows, type ParsedTable, type TableTools } from './parse-table.ts';

/** Gives the rows of a text in any encoding to `sink`, blank lines left out. Throws for what is no text. */
export type ReadRows = ( bytes: Uint8Array, sink: ( cells: string[] ) => void ) => void;

export type CsvTools = TableTools & { readRows: ReadRows };

/** Companies of a CSV with a heading, whatever its delimiter, line ends and encoding. `origin` begins the messages.
 *  Errors: list_not_table (a web page, JSON or a spreadsheet), list_no_website, list_empty, list_too_large. */
export async function parseCsv( bytes: Uint8Array, origin: string, { readRows, ...tools }: CsvTools ): Promise< ParsedTable > {
	if ( bytes.length > MAX_LIST_BYTES ) {
		throw new RollcallError( 'list_too_large', `${ origin } is larger than ${ MAX_LIST_BYTES / 1024 / 1024 } MiB.` );
	}
	const rows = rowsOf( bytes, origin, readRows );
	if ( rows.length === 0 ) {
		throw new RollcallError( 'list_empty', `${ origin } is empty.` );
	}
	refuseOtherText( rows, origin );
	return parseTable( rows, tools );
}

const BLANK_ROW: string[] = [];

/** All rows with the heading. It stops at the first one that is too many, and blank ones are the same one: 20 MiB may be
 *  ten million rows, of which all cells took a gigabyte and the process with it. */
function rowsOf( bytes: Uint8Array, origin: string, readRows: ReadRows ): string[][] {
	const rows: string[][] = [];
	let filled = 0;
	const take = ( cells: string[] ): void => {
		const is_blank = rows.length > 0 && isBlank( cells );
		filled += is_blank ? 0 : 1;
		if ( filled > MAX_ROWS + 1 ) {
			throw tooManyRows( origin );
		}
		rows.push( is_blank ? BLANK_ROW : cells );
	};
	try {
		readRows( bytes, take );
	} catch ( cause ) {
		throw cause instanceof RollcallError && cause.code === 'list_too_large'
			? cause
			: new RollcallError( 'list_not_table', `${ origin }: ${ messageOf( cause ) }`, { cause } );
	}
	return rows;
}

/** A login page is answered with 200 as well, and so is JSON; either would be read as a strange heading. */
function refuseOtherText( rows: string[][], origin: string ): void {
	const head = rows.slice( 0, 5 ).map( ( cells ) => ( cells[ 0 ] ?? '' ).trim() );
	const is_page = head[ 0 ]?.startsWith( '<' ) || head.some( ( text ) => /^<(?:!doctype|html|head|body)\b/i.test( text ) );
	if ( is_page || /^[[{]/.test( head[ 0 ] ?? '' ) ) {
		const kind = is_page ? 'a web page' : 'JSON';
		throw new RollcallError( 'list_not_table', `${ origin } is ${ kind }, not a table: ${ cleanText( head.join( ' ' ), 80 ) }` );
	}
}
