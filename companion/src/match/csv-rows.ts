/** Reads rows of cells out of text that comes in pieces. */
export type RowReader = {
	push: ( text: string ) => void;
	/** True when the last text ended within a row. */
	isWithinRow: () => boolean;
	/** Null until enough of the text was seen. */
	delimiter: () => string | null;
	end: () => void;
};

const DELIMITERS = [ ',', ';', '\t' ];
/** A quoted cell that is not closed within this many characters was no quoted cell. */
const MAX_QUOTED = 65_536;
/** A row that is longer is read in pieces, so that memory stays constant on a file without line ends. */
const MAX_ROW = 1_048_576;
/** What is looked at to find the delimiter. */
const SNIFF = 4096;

/** Rows of a CSV or of plain lines: comma, semicolon or tab, whichever the first line has most of; line ends LF, CR LF
 *  or CR; cells in quotes with doubled quotes and line ends inside. Blank lines are no rows. Text after a closing quote
 *  makes the cell a plain one, as in `"a@b"@example.com`. */
export function makeRowReader( sink: ( cells: string[] ) => void ): RowReader {
	let rest = '';
	let delimiter: string | null = null;

	const read = ( final: boolean ): void => {
		delimiter ??= final || rest.length >= SNIFF ? delimiterOf( rest ) : null;
		let at = 0;
		for ( ; delimiter !== null && at < rest.length; ) {
			const row = rowAt( rest, at, delimiter, final );
			if ( row === null ) {
				break;
			}
			if ( row.cells.length > 1 || row.cells[ 0 ] !== '' ) {
				sink( row.cells );
			}
			at = row.end;
		}
		rest = rest.slice( at );
	};

	return {
		push: ( text ) => {
			rest += text;
			read( false );
		},
		isWithinRow: () => rest !== '',
		delimiter: () => delimiter,
		end: () => read( true ),
	};
}

type Row = { cells: string[]; end: number };

/** The row at `at` and where the next one begins; null when its end has not come yet. */
function rowAt( text: string, at: number, delimiter: string, final: boolean ): Row | null {
	const end = lineEnd( text, at );
	if ( end === -1 && ! final && text.length - at < MAX_ROW ) {
		return null;
	}
	const line = text.slice( at, end === -1 ? text.length : end );
	if ( ! line.includes( '"' ) ) {
		return { cells: line.split( delimiter ), end: at + line.length + 1 };
	}
	const cells: string[] = [];
	let line_end = end;
	for ( let from = at; ; ) {
		// Looked for again only behind a quoted line end: once a cell would take quadratic time on a long row.
		line_end = line_end !== -1 && line_end < from ? lineEnd( text, from ) : line_end;
		const cell = cellAt( { text, delimiter, final, line_end }, from );
		if ( cell === null ) {
			return cells.length > 0 && text.length - at >= MAX_ROW ? { cells, end: from } : null;
		}
		cells.push( cell.value );
		from = cell.end + 1;
		if ( text[ cell.end ] !== delimiter ) {
			return { cells, end: from };
		}
	}
}

type Line = { text: string; delimiter: string; final: boolean; line_end: number };

/** The cell at `at` and where its delimiter or line end is; null when that has not come yet. */
function cellAt( { text, delimiter, final, line_end }: Line, at: number ): { value: string; end: number } | null {
	const closing = text[ at ] === '"' ? closingQuote( text, at ) : -1;
	if ( text[ at ] === '"' && ! final && ( closing === -1 ? text.length - at < MAX_QUOTED : closing + 1 === text.length ) ) {
		return null;
	}
	if ( closing !== -1 && ( closing + 1 === text.length || [ delimiter, '\n', '\r' ].includes( text[ closing + 1 ] ?? '' ) ) ) {
		return { value: text.slice( at + 1, closing ).replaceAll( '""', '"' ), end: closing + 1 };
	}
	const in_line = closing !== -1 && ( line_end === -1 || closing < line_end );
	const from = in_line ? closing + 1 : at;
	// Only within the line: a file without the delimiter would be searched to its end for each row.
	const delimiter_at = line_end === -1 ? text.indexOf( delimiter, from ) : indexWithin( text, delimiter, from, line_end );
	if ( line_end === -1 && delimiter_at === -1 && ! final && text.length - at < MAX_ROW ) {
		return null;
	}
	const end = Math.min( ...[ line_end, delimiter_at, text.length ].filter( ( position ) => position !== -1 ) );
	return { value: text.slice( at, end ), end };
}

/** Where the quote that opens at `at` is closed; -1 when it is not within MAX_QUOTED. */
function closingQuote( text: string, at: number ): number {
	for ( let from = at + 1; ; ) {
		const quote = text.indexOf( '"', from );
		if ( quote === -1 || quote - at > MAX_QUOTED ) {
			return -1;
		}
		if ( text[ quote + 1 ] !== '"' ) {
			return quote;
		}
		from = quote + 2;
	}
}

function indexWithin( text: string, delimiter: string, from: number, to: number ): number {
	const found = text.slice( from, to ).indexOf( delimiter );
	return found === -1 ? -1 : from + found;
}

const LINE_END = /[\r\n]/gu;

/** Where the line ends; a CR LF is two ends with a blank line between them. One search for both: each alone would go to the
 *  end of a file that has only the other. */
function lineEnd( text: string, from: number ): number {
	LINE_END.lastIndex = from;
	return LINE_END.test( text ) ? LINE_END.lastIndex - 1 : -1;
}

function delimiterOf( text: string ): string {
	const first =
		text
			.slice( 0, SNIFF )
			.trimStart()
			.replace( /"[^"]*"/gu, '' )
			.split( /[\r\n]/u, 1 )[ 0 ] ?? '';
	const counts = DELIMITERS.map( ( delimiter ) => first.split( delimiter ).length );
	return DELIMITERS[ counts.indexOf( Math.max( ...counts ) ) ] ?? ',';
}
