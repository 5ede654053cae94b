import { messageOf, RollcallError } from '../errors.ts';
import { cleanText } from './clean-text.ts';
import { MAX_LIST_BYTES } from './limits.ts';
import { parseTable, type ParsedTable, type TableTools } from './parse-table.ts';

/** Gives the rows of a text in any encoding to `sink`, blank lines left out. Throws for what is no text. */
export type ReadRows = ( bytes: Uint8Array, sink: ( cells: string[] ) => void ) => void;

export type CsvTools = TableTools & { readRows: ReadRows };

/** Companies of a CSV with a heading, whatever its delimiter, line ends and encoding. `origin` begins the messages.
 *  Errors: list_not_table (a web page, JSON or a spreadsheet), list_no_website, list_empty, list_too_large. */
export async function parseCsv( bytes: Uint8Array, origin: string, { readRows, ...tools }: CsvTools ): Promise< ParsedTable > {
	if ( bytes.length > MAX_LIST_BYTES ) {
		throw new RollcallError( 'list_too_large', `${ origin } is larger than ${ MAX_LIST_BYTES / 1024 / 1024 } MiB.` );
	}
	const rows: string[][] = [];
	try {
		readRows( bytes, ( cells ) => rows.push( cells ) );
	} catch ( cause ) {
		throw new RollcallError( 'list_not_table', `${ origin }: ${ messageOf( cause ) }`, { cause } );
	}
	if ( rows.length === 0 ) {
		throw new RollcallError( 'list_empty', `${ origin } is empty.` );
	}
	refuseOtherText( rows, origin );
	return parseTable( rows, tools );
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
