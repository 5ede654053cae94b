import {
	keepPreviousData,
	useMutation,
	useQuery,
	useQueryClient,
	QueryClient,
	type QueryKey,
	type UseMutationResult,
	type UseQueryResult,
} from '@tanstack/react-query';
import type { CompanyFacets, CompanyList, CompanyListItem } from '../../../companion/src/contract/list.ts';
import type { Explanation, JobRow } from '../../../companion/src/contract/report.ts';
import type { Connection, ConnectionCode, Overview, Payload, Settings } from '../../../companion/src/contract/site.ts';
import { ApiError, request, requestRows, restPath, type Query, type Rows } from './api.ts';

export type Loading< Answer > = UseQueryResult< Answer, ApiError >;
export type Doing< Answer, Input = void > = UseMutationResult< Answer, ApiError, Input >;

export const SECOND_MS = 1000;
const OPEN_STATES: readonly string[] = [ 'counting', 'labelling', 'reporting', 'queued', 'running' ];

/** Whether a run or a job is still under way. */
export function isOpen( row: { state: string } | null | undefined ): boolean {
	return row ? OPEN_STATES.includes( row.state ) : false;
}

/** The store of answers. Only a lost connection is tried again by itself, once. */
export function makeQueryClient(): QueryClient {
	return new QueryClient( {
		defaultOptions: {
			queries: {
				staleTime: 5 * SECOND_MS,
				refetchOnWindowFocus: true,
				retry: ( failures, error ) => failures < 1 && error instanceof ApiError && error.code === 'fetch_error',
				retryDelay: SECOND_MS,
			},
		},
	} );
}

/** One answer of the plugin, read again every `poll_ms` of the newest one. */
export function useAnswer< Answer >(
	key: QueryKey,
	path: string,
	poll_ms: ( answer: Answer | undefined ) => number | false = () => false,
	enabled = true
): Loading< Answer > {
	return useQuery< Answer, ApiError >( {
		queryKey: key,
		queryFn: ( { signal } ) => request< Answer >( path, { signal } ),
		refetchInterval: ( query ) => poll_ms( query.state.data ),
		enabled,
	} );
}

/** A page of a collection; the page before stays until the next one is there. */
export function useRows< Item >( key: QueryKey, path: string, enabled = true ): Loading< Rows< Item > > {
	return useQuery< Rows< Item >, ApiError >( {
		queryKey: key,
		queryFn: ( { signal } ) => requestRows< Item >( path, signal ),
		placeholderData: keepPreviousData,
		enabled,
	} );
}

/** A change. `stale` names what must be read again afterwards, also when it failed. */
export function useChange< Answer, Input = void >(
	send: ( input: Input ) => Promise< Answer >,
	stale: readonly string[],
	keep?: ( answer: Answer, client: QueryClient ) => void
): Doing< Answer, Input > {
	const client = useQueryClient();
	return useMutation< Answer, ApiError, Input >( {
		mutationFn: send,
		onSuccess: ( answer ) => keep?.( answer, client ),
		onSettled: () => Promise.all( stale.map( ( key ) => client.invalidateQueries( { queryKey: [ key ] } ) ) ),
	} );
}

export function useOverview(): Loading< Overview > {
	return useAnswer< Overview >( [ 'overview' ], restPath( '/overview' ), ( overview ) => {
		const waits =
			overview && ( isOpen( overview.open_run ) || overview.open_jobs.length > 0 || overview.next_step === 'wait_for_list' );
		return waits ? 5 * SECOND_MS : overview?.next_step === 'connect' ? 10 * SECOND_MS : false;
	} );
}

/** The connection, read every 3 s while a pairing code is open and every 15 s otherwise. */
export function useConnection(): Loading< Connection > {
	return useAnswer< Connection >( [ 'connection' ], restPath( '/connection' ), ( connection ) =>
		connection?.state === 'waiting_for_pairing' || connection?.code_expires_at ? 3 * SECOND_MS : 15 * SECOND_MS
	);
}

function keepConnection( connection: Connection, client: QueryClient ): void {
	client.setQueryData( [ 'connection' ], connection );
}

export function usePairingCode(): Doing< ConnectionCode > {
	return useChange( () => request< ConnectionCode >( restPath( '/connection/code' ), { method: 'POST' } ), [ 'connection' ] );
}

export function useDisconnect(): Doing< unknown > {
	return useChange( () => request( restPath( '/connection' ), { method: 'DELETE' } ), [ 'connection', 'overview' ] );
}

export function useChooseJudge(): Doing< unknown, string > {
	return useChange(
		( companion_id ) => request( restPath( `/connection/companions/${ companion_id }/judge` ), { method: 'POST' } ),
		[ 'connection', 'overview' ]
	);
}

export function useRemoveCompanion(): Doing< unknown, string > {
	return useChange(
		( companion_id ) => request( restPath( `/connection/companions/${ companion_id }` ), { method: 'DELETE' } ),
		[ 'connection', 'overview' ]
	);
}

export function useRotateKeys(): Doing< unknown > {
	return useChange( () => request( restPath( '/connection/rotate' ), { method: 'POST' } ), [ 'connection' ] );
}

export function useCheckConnection(): Doing< Connection > {
	return useChange( () => request< Connection >( restPath( '/connection/check' ), { method: 'POST' } ), [ 'overview' ], keepConnection );
}

export function useSiteDecision(): Doing< unknown, 'moved' | 'copy' > {
	return useChange(
		( decision ) => request( restPath( '/connection/site' ), { method: 'POST', data: { site: { decision } } } ),
		[ 'connection', 'overview' ]
	);
}

export function usePayloads(): Loading< Rows< Payload > > {
	return useRows< Payload >( [ 'payloads' ], restPath( '/payloads', { per_page: 50 } ) );
}

export function usePayload( payload_id: number ): Loading< Payload > {
	return useAnswer< Payload >( [ 'payload', payload_id ], restPath( `/payloads/${ payload_id }` ) );
}

export function useSettings(): Loading< Settings > {
	return useAnswer< Settings >( [ 'settings' ], restPath( '/settings' ) );
}

export function useSaveSettings(): Doing< Settings, Settings > {
	return useChange(
		( settings ) => request< Settings >( restPath( '/settings' ), { method: 'PUT', data: { settings } } ),
		[],
		( settings, client ) => client.setQueryData( [ 'settings' ], settings )
	);
}

/** The lists, read every 3 s while one of them is being updated. A new version makes the companies stale. */
export function useLists(): Loading< Rows< CompanyList > > {
	const client = useQueryClient();
	return useQuery< Rows< CompanyList >, ApiError >( {
		queryKey: [ 'lists' ],
		queryFn: async ( { signal } ) => {
			const before = client.getQueryData< Rows< CompanyList > >( [ 'lists' ] );
			const lists = await requestRows< CompanyList >( restPath( '/lists' ), signal );
			const is_new = ( list: CompanyList ) =>
				before?.items.some( ( old ) => old.list_uid === list.list_uid && old.active_version !== list.active_version );
			if ( lists.items.some( is_new ) ) {
				void client.invalidateQueries( { queryKey: [ 'companies' ] } );
			}
			return lists;
		},
		refetchInterval: ( { state } ) => {
			const waits = state.data?.items.some(
				( list ) =>
					isOpen( list.open_job ) ||
					( list.owner === 'companion' && list.enabled && list.active_version === 0 && list.error_code === null )
			);
			return waits ? 3 * SECOND_MS : false;
		},
	} );
}

export function useUpdateList(): Doing< JobRow, string > {
	return useChange(
		( list_uid ) => request< JobRow >( restPath( `/lists/${ list_uid }/update` ), { method: 'POST' } ),
		[ 'lists', 'overview' ]
	);
}

export function useCancelJob(): Doing< unknown, string > {
	return useChange( ( job_uid ) => request( restPath( `/jobs/${ job_uid }/cancel` ), { method: 'POST' } ), [ 'lists', 'overview' ] );
}

export function useCompanies( query: Query ): Loading< Rows< CompanyListItem > > {
	return useRows< CompanyListItem >( [ 'companies', query ], restPath( '/companies', query ) );
}

export function useCompanyFacets(): Loading< CompanyFacets > {
	return useAnswer< CompanyFacets >( [ 'companies', 'facets' ], restPath( '/companies/facets' ) );
}

export function useCompany( list_uid: string, source_id: string ): Loading< CompanyListItem > {
	return useAnswer< CompanyListItem >(
		[ 'companies', 'one', list_uid, source_id ],
		restPath( `/companies/${ list_uid }/${ source_id }` )
	);
}

export function useExplain(): Doing< Explanation, string > {
	return useChange(
		( text ) => request< Explanation >( restPath( '/explanations' ), { method: 'POST', data: { explanation: { text } } } ),
		[]
	);
}

/** The answer to "why?" that the companion still owes, read every 2 s until it is there. */
export function useExplanation( first: Explanation ): Loading< Explanation > {
	return useQuery< Explanation, ApiError >( {
		queryKey: [ 'explanation', first.job_uid, first.host ],
		queryFn: ( { signal } ) => request< Explanation >( restPath( `/explanations/${ first.job_uid ?? '' }` ), { signal } ),
		initialData: first,
		enabled: first.job_uid !== null && isOpen( first ),
		refetchInterval: ( { state } ) => ( isOpen( state.data ) ? 2 * SECOND_MS : false ),
	} );
}
