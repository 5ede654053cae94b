import type { Batch, ExchangePayload } from '../contract/exchange.ts';
import type { Database } from '../store/database.ts';
import { forgetGivenUp, giveUp } from './given-up.ts';
import type { ListWorker } from './list-work.ts';
import type { MonitoringWork } from './monitoring.ts';
import type { Log } from './ports.ts';
import { countRows, type Rows } from './rows.ts';
import type { Cursor, SiteState } from './site-state.ts';
import type { Head, Spool } from './spool.ts';

/** A refusal of one batch while the site answers otherwise may be chance once, so it must be seen twice. */
export const STRIKES = 2;

export type DeliveryContext = {
	database: Database;
	batches: Spool;
	state: SiteState;
	lists: ListWorker;
	monitoring: MonitoringWork;
	log: Log;
};

/** Takes in what WordPress signed for: the batch leaves the spool, and what was given up is known there. */
export function settle( payload: ExchangePayload, head: Head | null, context: DeliveryContext ): void {
	const { database, batches, state, monitoring } = context;
	database.transaction( () => {
		forgetGivenUp( state );
		if ( head !== null && payload.accepted !== null ) {
			monitoring.settle( head.batch, batches.settle( head.batch.id ) );
			noteRefused( payload.accepted, head.batch, context );
		}
		noteGeneration( payload, context );
	} );
}

/** Puts rows into the spool and moves the cursor with them, both or neither. */
export function enqueue( rows: Rows, cursor: Cursor, { database, batches, state }: DeliveryContext ): void {
	database.transaction( () => {
		batches.add( rows );
		state.setCursor( cursor );
	} );
}

function noteRefused( accepted: NonNullable< ExchangePayload[ 'accepted' ] >, batch: Batch, { lists, log }: DeliveryContext ): void {
	log( 'info', 'batch_accepted', { stored: accepted.stored, refused: accepted.refused.length } );
	for ( const { kind, key, error_code } of accepted.refused ) {
		const page = kind === 'list_pages' ? batch.list_pages.find( ( row ) => key.startsWith( row.list_uid ) ) : undefined;
		if ( page !== undefined ) {
			lists.setAside( page.sha256, error_code );
		}
		log( 'warn', 'row_refused', { kind, key, error_code } );
	}
}

/** Another id or a lower counter is a restored backup: what WordPress had confirmed may be gone. */
function noteGeneration( { store_generation }: ExchangePayload, { state, monitoring, log }: DeliveryContext ): void {
	const known = state.generation();
	if ( known !== null && ( known.id !== store_generation.id || known.counter > store_generation.counter ) ) {
		log( 'warn', 'store_restored', { counter_before: known.counter, counter: store_generation.counter } );
		state.forgetProgress();
		monitoring.restore();
	}
	state.setGeneration( store_generation );
}

/** The site refuses the batch but answers otherwise: it is halved, and a single row sent without free text.
 *  When that is refused too the row is given up and counted. A list page that is too large is cut smaller instead. */
export function strike( head: Head, reason: 'too_large' | 'refused', context: DeliveryContext ): void {
	const { database, batches, lists, log } = context;
	const [ page ] = head.batch.list_pages;
	if ( reason === 'too_large' && page !== undefined && countRows( head.batch ) === 1 && lists.shrinkPages( page.sha256 ) ) {
		batches.discard();
		log( 'warn', 'list_page_too_large', { list_uid: page.list_uid } );
		return;
	}
	const { result, rows } = database.transaction( () => {
		const struck = batches.strike( reason === 'too_large' ? 1 : STRIKES );
		if ( struck.result === 'dropped' ) {
			noteGivenUp( head.batch, reason, struck.rows, context );
		}
		return struck;
	} );
	log( result === 'dropped' ? 'error' : 'warn', `batch_${ result }`, { rows } );
}

function noteGivenUp( batch: Batch, reason: 'too_large' | 'refused', rows: number, { state, lists, monitoring }: DeliveryContext ): void {
	for ( const row of batch.labels ) {
		giveUp( state, row );
	}
	for ( const row of batch.list_pages ) {
		lists.setAside( row.sha256, reason === 'too_large' ? 'too_large' : 'rest_blocked' );
	}
	monitoring.giveUp( batch );
	state.raise( 'dead_letters', rows );
}
