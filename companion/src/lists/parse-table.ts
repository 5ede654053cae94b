import type { CompanyDomain, CompanyRow, Rejection } from '../contract/company.ts';
import type { ListSource, MatchKind } from '../contract/vocabulary.ts';
import { RollcallError } from '../errors.ts';
import { cleanText } from './clean-text.ts';
import { MAX_DOMAINS_OF_COMPANY, MAX_ROWS, MAX_WEBSITE } from './limits.ts';
import type { ParseTools } from './parse-yc.ts';
import { fieldsOf, type Cells, type TableField } from './table-columns.ts';
import { companyOf, type TableRow } from './table-company.ts';

/** Kinds of list that are tables. */
export type TableSource = Extract< ListSource, 'csv' | 'google_sheet' | 'upload' | 'manual' >;

export type TableTools = ParseTools & { source: TableSource };

/** What becomes of a row. `refused` are hosts of an accepted row that no company may claim. */
export type RowVerdict =
	| {
			accepted: true;
			row: number;
			source_id: string;
			name: string;
			website: string;
			domains: string[];
			refused: { host: string; reason: string }[];
	  }
	| ( { accepted: false } & Rejection );

/** Companies in the order of the rows; every row that is not blank has one verdict, in order. */
export type ParsedTable = {
	columns: { heading: string; field: TableField | null }[];
	companies: CompanyRow[];
	domains: CompanyDomain[];
	verdicts: RowVerdict[];
};

/** A heading of more columns is no heading, and a row of more cells is no company. */
const MAX_COLUMNS = 1000;

type Draft = TableRow & {
	row: number;
	/** The id column as it is; empty when there is none. */
	id: string;
	/** Same for the same name, whatever its case and spaces; empty for a row with an id. */
	name_key: string;
	domains: { domain: string; kind: MatchKind }[];
	refused: { host: string; reason: string }[];
};

/** Companies of a table whose first row is the heading. Row numbers count rows that are not blank lines, the heading is 1.
 *  One bad row never fails the list; a table of bad rows only gives no companies.
 *  Errors: list_not_table, list_no_website, list_empty, list_too_large. */
export async function parseTable( rows: Iterable< readonly string[] >, tools: TableTools ): Promise< ParsedTable > {
	const reader = rows[ Symbol.iterator ]();
	const headings = headingsOf( reader.next().value ?? [] );
	const fields = fieldsOf( headings );
	if ( ! fields.includes( 'website' ) ) {
		const shown = cleanText( headings.join( ', ' ), 120 );
		throw new RollcallError(
			'list_no_website',
			`No column of the first row is named website, domain or url: ${ shown || 'it is empty' }`
		);
	}
	const verdicts = new Map< number, RowVerdict >();
	const drafts: Draft[] = [];
	let row = 1;
	for ( let next = reader.next(); ! next.done; next = reader.next() ) {
		row++;
		if ( isBlank( next.value ) ) {
			continue;
		}
		if ( drafts.length + verdicts.size >= MAX_ROWS ) {
			throw tooManyRows( 'The table' );
		}
		const draft = draftOf( row, next.value, { headings, fields }, tools );
		if ( 'reason' in draft ) {
			verdicts.set( row, draft );
		} else {
			drafts.push( draft );
		}
	}
	if ( drafts.length + verdicts.size === 0 ) {
		throw new RollcallError( 'list_empty', 'The table has a heading and no rows.' );
	}
	const table: ParsedTable = {
		columns: headings.map( ( heading, index ) => ( { heading, field: fields[ index ] ?? null } ) ),
		companies: [],
		domains: [],
		verdicts: [],
	};
	await take( drafts, verdicts, table, tools );
	table.verdicts = [ ...verdicts.values() ].sort( ( a, b ) => a.row - b.row );
	return table;
}

/** Whether nothing stands in a row, as in those that spreadsheets write behind the last one. */
export function isBlank( cells: readonly string[] ): boolean {
	return cells.every( ( cell ) => cell.trim() === '' );
}

function headingsOf( cells: readonly string[] ): string[] {
	if ( cells.length > MAX_COLUMNS ) {
		throw new RollcallError( 'list_not_table', `The first row has ${ cells.length } columns; at most ${ MAX_COLUMNS } are read.` );
	}
	return cells.map( ( cell ) => cleanText( cell, 200 ) );
}

export function tooManyRows( origin: string ): RollcallError {
	return new RollcallError( 'list_too_large', `${ origin } has more than ${ MAX_ROWS } rows.` );
}

type Columns = { headings: string[]; fields: ( TableField | null )[] };

function draftOf(
	row: number,
	values: readonly string[],
	{ headings, fields }: Columns,
	tools: TableTools
): Draft | ( { accepted: false } & Rejection ) {
	const rejected = ( reason: string, text: string ) => ( { accepted: false as const, row, reason, text: cleanText( text, 200 ) } );
	// A comma that wanted quotes moves every cell behind it: `Tidewren, Inc.,https://...` has its website in no column.
	if ( values.length > MAX_COLUMNS || values.slice( fields.length ).some( ( value ) => value.trim() !== '' ) ) {
		return rejected( 'too_many_columns', values.slice( 0, 10 ).join( ', ' ) );
	}
	const cells: Cells = {};
	const record: Draft[ 'record' ] = {};
	for ( const [ index, field ] of fields.entries() ) {
		const value = unquoted( values[ index ] ?? '' );
		record[ `${ index } ${ headings[ index ] }` ] = value;
		if ( field !== null ) {
			cells[ field ] = value;
		}
	}
	if ( ( cells.website ?? '' ).length > MAX_WEBSITE ) {
		return rejected( 'too_long', cells.website ?? '' );
	}
	const found = domainsOf( cells, tools );
	const [ refused ] = found.refused;
	if ( found.domains.length === 0 && refused !== undefined ) {
		return rejected(
			refused.reason,
			[ cleanText( cells.name ?? '', 100 ), cells.website || refused.host ].filter( ( text ) => text !== '' ).join( ', ' )
		);
	}
	const name = cleanText( cells.name ?? '', 200 ) || ( found.domains[ 0 ]?.domain ?? '' );
	if ( name === '' ) {
		return rejected( 'no_name', values.join( ', ' ) );
	}
	const id = ( cells.id ?? '' ).trim();
	return { row, name, id, name_key: id === '' ? nameKey( name ) : '', cells, record, ...found };
}

/** A cell without the apostrophe that our exports put before what a spreadsheet would take for a formula. */
function unquoted( cell: string ): string {
	return /^'(?:[\s\p{Cc}]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])/u.test( cell ) ? cell.slice( 1 ) : cell;
}

/** Domains of the website, of other and of former ones; each under its best kind. Hosts as they came, not cleaned:
 *  one with an invisible character in it must be refused, not repaired. */
function domainsOf( cells: Cells, tools: TableTools ): Pick< Draft, 'domains' | 'origin' | 'refused' > {
	const kinds = [
		[ 'website', 'current' ],
		[ 'other_domains', 'alias' ],
		[ 'former_domains', 'former' ],
	] as const;
	const domains = new Map< string, MatchKind >();
	const refused: Draft[ 'refused' ] = [];
	let origin: string | null = null;
	for ( const [ field, kind ] of kinds ) {
		const found = tools.domainsOfWebsite( ( cells[ field ] ?? '' ).slice( 0, MAX_WEBSITE ).replace( /[;|]/g, ' ' ) );
		for ( const domain of found.domains.slice( 0, MAX_DOMAINS_OF_COMPANY ) ) {
			domains.set( domain, domains.get( domain ) ?? kind );
		}
		refused.push(
			...found.refused.slice( 0, MAX_DOMAINS_OF_COMPANY ).map( ( { host, reason } ) => ( { host: cleanText( host, 253 ), reason } ) )
		);
		origin = kind === 'current' ? found.origin : origin;
	}
	return { domains: [ ...domains ].map( ( [ domain, kind ] ) => ( { domain, kind } ) ), origin, refused };
}

function nameKey( name: string ): string {
	return name.normalize( 'NFKC' ).toLowerCase().replace( /\s+/gu, ' ' ).trim();
}

/** Gives each draft its identity and its verdict. */
async function take( drafts: Draft[], verdicts: Map< number, RowVerdict >, table: ParsedTable, tools: TableTools ): Promise< void > {
	const namesakes = new Map< string, number >();
	for ( const { name_key } of drafts ) {
		namesakes.set( name_key, ( namesakes.get( name_key ) ?? 0 ) + 1 );
	}
	const seen = new Set< string >();
	for ( const draft of drafts ) {
		const source_id = await sourceIdOf( draft, ( namesakes.get( draft.name_key ) ?? 0 ) > 1, tools );
		if ( seen.has( source_id ) ) {
			const reason = draft.id === '' ? 'duplicate_row' : 'duplicate_id';
			verdicts.set( draft.row, { accepted: false, row: draft.row, reason, text: cleanText( draft.id || draft.name, 200 ) } );
			continue;
		}
		seen.add( source_id );
		table.companies.push( await companyOf( draft, source_id, tools ) );
		table.domains.push( ...draft.domains.map( ( { domain, kind } ) => ( { domain, source_id, kind } ) ) );
		verdicts.set( draft.row, {
			accepted: true,
			row: draft.row,
			source_id,
			name: draft.name,
			website: cleanText( draft.cells.website ?? '', MAX_WEBSITE ),
			domains: draft.domains.map( ( { domain } ) => domain ),
			refused: draft.refused,
		} );
	}
}

/** The id column where it is one that WordPress takes, else its hash: in capitals it would compare differently on MariaDB and
 *  SQLite, and the whole page be refused. Without an id: the hash of the name, so that a company that moves
 *  to another domain stays itself wherever its row stands; namesakes are told apart by their first domain. */
async function sourceIdOf( { id, name_key, domains }: Draft, has_namesakes: boolean, { hash }: TableTools ): Promise< string > {
	if ( id !== '' ) {
		return /^[a-z0-9._:-]{1,64}$/.test( id ) ? id : `id-${ ( await hash( id ) ).slice( 0, 32 ) }`;
	}
	const key = has_namesakes ? `${ name_key }\n${ domains[ 0 ]?.domain ?? '' }` : name_key;
	return `name-${ ( await hash( key ) ).slice( 0, 32 ) }`;
}
