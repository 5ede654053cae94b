import { createHash } from 'node:crypto';
import type { Batch, Verdict } from '../contract/exchange.ts';
import { newNonce } from './signature.ts';

/** The rows of a batch, by kind. */
export type Rows = Omit< Batch, 'id' | 'digest' >;

/** A call is at most 1 MiB; 800 kB of rows leave room for the rest. A list page alone may take 700 kB. */
export const BATCH_BYTES = 800_000;

/** In the order in which rows must arrive: what people wait for first, readings before the checks that tell the past. */
const KINDS = [
	'jobs',
	'state_changes',
	'incidents',
	'list_statuses',
	'list_pages',
	'labels',
	'readings',
	'checks',
] as const satisfies readonly ( keyof Rows )[];

type Item = { [ Kind in keyof Rows ]: { kind: Kind; row: Rows[ Kind ][ number ] } }[ keyof Rows ];

export function noRows(): Rows {
	return { labels: [], list_pages: [], list_statuses: [], jobs: [], checks: [], readings: [], state_changes: [], incidents: [] };
}

function itemsOf( rows: Rows ): Item[] {
	// Each row is taken from the list of its own kind.
	return KINDS.flatMap( ( kind ) => rows[ kind ].map( ( row ) => ( { kind, row } ) as Item ) );
}

function put( rows: Rows, { kind, row }: Item ): void {
	const list: unknown[] = rows[ kind ];
	list.push( row );
}

function collect( items: Item[] ): Rows {
	const rows = noRows();
	for ( const item of items ) {
		put( rows, item );
	}
	return rows;
}

/** Rows that the engine made; WordPress asks for the others again. */
export function countMonitoring( { checks, readings, state_changes, incidents }: Rows ): number {
	return countRows( { ...noRows(), checks, readings, state_changes, incidents } );
}

/** Every slot of a check is a row of its own. */
export function countRows( rows: Rows ): number {
	const slots = rows.checks.reduce( ( sum, group ) => sum + group.rows.length, 0 );
	return KINDS.reduce( ( sum, kind ) => sum + ( kind === 'checks' ? slots : rows[ kind ].length ), 0 );
}

/** The rows in portions of at most BATCH_BYTES of JSON and one list page, in the order in which they must arrive. */
export function portionsOf( rows: Rows, maximum_bytes = BATCH_BYTES ): Rows[] {
	const portions: Rows[] = [];
	let current = noRows();
	let bytes = 0;
	for ( const item of itemsOf( rows ) ) {
		const size = Buffer.byteLength( JSON.stringify( item.row ) ) + 1;
		const is_second_page = item.kind === 'list_pages' && current.list_pages.length > 0;
		if ( bytes > 0 && ( bytes + size > maximum_bytes || is_second_page || current.labels.length === 5000 ) ) {
			portions.push( current );
			current = noRows();
			bytes = 0;
		}
		put( current, item );
		bytes += size;
	}
	return bytes > 0 ? [ ...portions, current ] : portions;
}

/** Two halves, or null when there is only one row. The checks of one monitor are halved by their slots. */
export function halvesOf( rows: Rows ): [ Rows, Rows ] | null {
	const items = itemsOf( rows );
	const [ only ] = items;
	if ( items.length === 1 && only?.kind === 'checks' && only.row.rows.length > 1 ) {
		const slots = only.row.rows;
		const middle = Math.ceil( slots.length / 2 );
		const part = ( from: number, to: number ): Rows => ( {
			...noRows(),
			checks: [ { ...only.row, rows: slots.slice( from, to ) } ],
		} );
		return [ part( 0, middle ), part( middle, slots.length ) ];
	}
	const middle = Math.ceil( items.length / 2 );
	return items.length < 2 ? null : [ collect( items.slice( 0, middle ) ), collect( items.slice( middle ) ) ];
}

const withoutEvidence = ( verdict: Verdict ): Verdict => ( { ...verdict, evidence: '' } );

/** The same rows without text that people wrote: a firewall may take a company's sentence for an attack. */
export function withoutFreeText( rows: Rows ): Rows {
	return {
		labels: rows.labels.map( ( row ) => ( { ...row, verdict: withoutEvidence( row.verdict ) } ) ),
		list_pages: rows.list_pages.map( ( page ) => ( {
			...page,
			companies: page.companies.map( ( company ) => ( { ...company, one_liner: '', tags: [], logo_url: null } ) ),
		} ) ),
		list_statuses: rows.list_statuses.map( ( row ) => ( {
			...row,
			error_message: null,
			rejections: row.rejections.map( ( rejection ) => ( { ...rejection, text: '' } ) ),
		} ) ),
		jobs: rows.jobs.map( ( row ) => ( {
			...row,
			error_message: null,
			verdict: row.verdict && withoutEvidence( row.verdict ),
		} ) ),
		checks: rows.checks,
		readings: rows.readings.map( ( row ) => ( { ...row, error_message: '' } ) ),
		state_changes: rows.state_changes.map( ( row ) => ( { ...row, message: '' } ) ),
		incidents: rows.incidents.map( ( row ) => ( { ...row, message: '' } ) ),
	};
}

/** Text of the rows and its SHA-256, as they are kept and sent. */
export function sealed( rows: Rows ): { id: string; digest: string; text: string } {
	const { labels, list_pages, list_statuses, jobs, checks, readings, state_changes, incidents } = rows;
	const text = JSON.stringify( { labels, list_pages, list_statuses, jobs, checks, readings, state_changes, incidents } );
	return { id: newNonce(), digest: digestOf( text ), text };
}

export const digestOf = ( text: string ): string => createHash( 'sha256' ).update( text ).digest( 'hex' );
