import { createHash } from 'node:crypto';
import type { Batch, JobProgress, LabelRow, ListPage, ListStatus, Verdict } from '../contract/exchange.ts';
import { newNonce } from './signature.ts';

/** The rows of a batch, by kind. */
export type Rows = Pick< Batch, 'labels' | 'list_pages' | 'list_statuses' | 'jobs' >;

/** A call is at most 1 MiB; 800 kB of rows leave room for the rest. A list page alone may take 700 kB. */
export const BATCH_BYTES = 800_000;

type Row =
	| { kind: 'labels'; row: LabelRow }
	| { kind: 'list_pages'; row: ListPage }
	| { kind: 'list_statuses'; row: ListStatus }
	| { kind: 'jobs'; row: JobProgress };

export function noRows(): Rows {
	return { labels: [], list_pages: [], list_statuses: [], jobs: [] };
}

function rowsOf( rows: Rows ): Row[] {
	return [
		...rows.jobs.map( ( row ): Row => ( { kind: 'jobs', row } ) ),
		...rows.list_statuses.map( ( row ): Row => ( { kind: 'list_statuses', row } ) ),
		...rows.list_pages.map( ( row ): Row => ( { kind: 'list_pages', row } ) ),
		...rows.labels.map( ( row ): Row => ( { kind: 'labels', row } ) ),
	];
}

function put( rows: Rows, item: Row ): void {
	switch ( item.kind ) {
		case 'labels':
			rows.labels.push( item.row );
			break;
		case 'list_pages':
			rows.list_pages.push( item.row );
			break;
		case 'list_statuses':
			rows.list_statuses.push( item.row );
			break;
		case 'jobs':
			rows.jobs.push( item.row );
	}
}

function collect( items: Row[] ): Rows {
	const rows = noRows();
	for ( const item of items ) {
		put( rows, item );
	}
	return rows;
}

export function countRows( rows: Rows ): number {
	return rows.labels.length + rows.list_pages.length + rows.list_statuses.length + rows.jobs.length;
}

/** The rows in portions of at most BATCH_BYTES of JSON and one list page, in the order in which they must arrive. */
export function portionsOf( rows: Rows, maximum_bytes = BATCH_BYTES ): Rows[] {
	const portions: Rows[] = [];
	let current = noRows();
	let bytes = 0;
	for ( const item of rowsOf( rows ) ) {
		const size = Buffer.byteLength( JSON.stringify( item.row ) ) + 1;
		const is_second_page = item.kind === 'list_pages' && current.list_pages.length > 0;
		if ( countRows( current ) > 0 && ( bytes + size > maximum_bytes || is_second_page || current.labels.length === 5000 ) ) {
			portions.push( current );
			current = noRows();
			bytes = 0;
		}
		put( current, item );
		bytes += size;
	}
	return countRows( current ) > 0 ? [ ...portions, current ] : portions;
}

/** Two halves, or null when there is only one row. */
export function halvesOf( rows: Rows ): [ Rows, Rows ] | null {
	const items = rowsOf( rows );
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
	};
}

/** Text of the rows and its SHA-256, as they are kept and sent. */
export function sealed( rows: Rows ): { id: string; digest: string; text: string } {
	const { labels, list_pages, list_statuses, jobs } = rows;
	const text = JSON.stringify( { labels, list_pages, list_statuses, jobs } );
	return { id: newNonce(), digest: createHash( 'sha256' ).update( text ).digest( 'hex' ), text };
}
