import { useQuery } from '@tanstack/react-query';
import type { ListPage } from '../../../companion/src/contract/exchange.ts';
import type {
	CompanyList,
	CompanyListItem,
	ListChangeRow,
	ListCreation,
	ListRequest,
	Rule,
	RulesAnswer,
	RulesRequest,
} from '../../../companion/src/contract/list.ts';
import type { JobRow } from '../../../companion/src/contract/report.ts';
import type { ListRows } from '../worker/protocol.ts';
import { request, requestRows, restPath, type ApiError, type Query, type Rows } from './api.ts';
import { isOpen, SECOND_MS, useAnswer, useChange, useRows, type Doing, type Loading } from './queries.ts';

/** What is read again when a list or a rule changes: matches follow at once. */
const OF_LISTS = [ 'lists', 'companies', 'overview', 'report', 'rules' ];

export function useAddList(): Doing< CompanyList, ListCreation > {
	return useChange(
		( list ) => request< CompanyList >( restPath( '/lists' ), { method: 'POST', data: { list } } ),
		[ 'lists', 'overview' ]
	);
}

export function useSaveList(): Doing< CompanyList, { list_uid: string; list: ListRequest } > {
	return useChange(
		( { list_uid, list } ) => request< CompanyList >( restPath( `/lists/${ list_uid }` ), { method: 'PUT', data: { list } } ),
		OF_LISTS
	);
}

export function useDeleteList(): Doing< unknown, string > {
	return useChange( ( list_uid ) => request( restPath( `/lists/${ list_uid }` ), { method: 'DELETE' } ), OF_LISTS );
}

/** Agrees to the next version although it lost more than a fifth of its companies. */
export function useAcceptShrunk(): Doing< unknown, string > {
	return useChange( ( list_uid ) => request( restPath( `/lists/${ list_uid }/accept` ), { method: 'POST' } ), [ 'lists', 'overview' ] );
}

type Storing = { list_uid: string; pages: readonly ListPage[]; onPage?: ( done: number ) => void; signal?: AbortSignal };

/** Hands a version over page by page; it is in use once the last page is stored. */
export function useStoreList(): Doing< void, Storing > {
	return useChange( async ( { list_uid, pages, onPage, signal } ) => {
		for ( const page of pages ) {
			await request( restPath( `/lists/${ list_uid }/pages` ), { method: 'POST', data: { page }, signal } );
			onPage?.( page.page );
		}
	}, OF_LISTS );
}

/** Every row of a list that WordPress keeps. */
export function useListRows( list_uid: string ): Loading< ListRows > {
	return useQuery< ListRows, ApiError >( {
		queryKey: [ 'lists', list_uid, 'rows' ],
		queryFn: ( { signal } ) => readListRows( list_uid, signal ),
	} );
}

async function readListRows( list_uid: string, signal: AbortSignal ): Promise< ListRows > {
	const rows: ListRows = { companies: [], domains: [] };
	for ( let page = 1, pages = 1; page <= pages; page++ ) {
		const answer = await requestRows< ListRows >( restPath( `/lists/${ list_uid }/rows`, { page, per_page: 4 } ), signal );
		pages = answer.pages;
		for ( const { companies, domains } of answer.items ) {
			rows.companies.push( ...companies );
			rows.domains.push( ...domains );
		}
	}
	return rows;
}

/** How the version in use differs from the one before. */
export function useListChanges( list_uid: string, query: Query ): Loading< Rows< ListChangeRow > > {
	return useRows< ListChangeRow >( [ 'lists', list_uid, 'changes', query ], restPath( `/lists/${ list_uid }/changes`, query ) );
}

/** Companies by name, for the choice of one. */
export function useCompanySearch( search: string ): Loading< Rows< CompanyListItem > > {
	const query = { search, per_page: 20, orderby: 'name', order: 'asc' };
	return useRows< CompanyListItem >( [ 'companies', 'search', search ], restPath( '/companies', query ), search.trim() !== '' );
}

export function useRules( query: Query ): Loading< Rows< Rule > > {
	return useRows< Rule >( [ 'rules', query ], restPath( '/rules', query ) );
}

export function useAddRules(): Doing< RulesAnswer, RulesRequest > {
	return useChange( ( rules ) => request< RulesAnswer >( restPath( '/rules' ), { method: 'POST', data: { rules } } ), OF_LISTS );
}

/** Deletes rules, one after the other. */
export function useDeleteRules(): Doing< void, readonly string[] > {
	return useChange( async ( domains ) => {
		for ( const domain of domains ) {
			await request( restPath( `/rules/${ domain }` ), { method: 'DELETE' } );
		}
	}, OF_LISTS );
}

/** Confirms or declines what a redirect proposed. */
export function useDecideRule(): Doing< unknown, { domain: string; decision: 'confirm' | 'decline' } > {
	return useChange( ( { domain, decision } ) => request( restPath( `/rules/${ domain }/${ decision }` ), { method: 'POST' } ), OF_LISTS );
}

/** Asks the companion where the sites of domains lead; without domains, those of the unmatched ones with most users. */
export function useFindMoves(): Doing< JobRow, string[] > {
	return useChange(
		( domains ) => request< JobRow >( restPath( '/rules/proposals' ), { method: 'POST', data: { proposals: { domains } } } ),
		[ 'overview' ]
	);
}

/** A job, read every 2 s while it is open. */
export function useJob( job_uid: string | undefined ): Loading< JobRow > {
	return useAnswer< JobRow >(
		[ 'job', job_uid ],
		restPath( `/jobs/${ job_uid ?? '' }` ),
		( job ) => ( job && ! isOpen( job ) ? false : 2 * SECOND_MS ),
		job_uid !== undefined
	);
}
