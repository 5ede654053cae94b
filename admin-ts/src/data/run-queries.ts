import { keepPreviousData, useQuery, useQueryClient, type QueryClient, type QueryKey } from '@tanstack/react-query';
import type {
	AddressSource,
	ReportCompanyRow,
	ReportDomainRow,
	ReportSummary,
	ReportUserRow,
	Run,
	RunCompanyChange,
	RunComparison,
	RunDomainChange,
	RunRequest,
	SendPreview,
} from '../../../companion/src/contract/report.ts';
import { pageSettings } from '../page-settings.ts';
import { userSourceText } from '../words.ts';
import type { ScannedHosts } from '../worker/protocol.ts';
import { request, requestRows, restPath, type ApiError, type Query, type Rows } from './api.ts';
import { isOpen, SECOND_MS, useAnswer, useChange, useRows, type Doing, type Loading } from './queries.ts';

/** What is read again when a run begins or ends. */
const OF_RUNS = [ 'runs', 'report', 'overview', 'companies', 'preview', 'sources' ];

/** Makes everything that a run changes stale. */
function invalidateRuns( client: QueryClient ): Promise< unknown > {
	return Promise.all( OF_RUNS.map( ( key ) => client.invalidateQueries( { queryKey: [ key ] } ) ) );
}

/** Figures and charts of the report on one source, or `all`. Read again every 5 s while a run is open. */
export function useReport( source = 'users' ): Loading< ReportSummary > {
	return useQuery< ReportSummary, ApiError >( {
		queryKey: [ 'report', 'summary', source ],
		queryFn: ( { signal } ) => request< ReportSummary >( restPath( '/report', sourceQuery( source ) ), { signal } ),
		refetchInterval: ( { state } ) => ( isOpen( state.data?.open_run ) ? 5 * SECOND_MS : false ),
		placeholderData: keepPreviousData,
	} );
}

/** The argument for a source; users are the default, so that their answer can be printed into the page. */
export function sourceQuery( source: string ): Query {
	return source === 'users' ? {} : { source };
}

export function useReportCompanies( query: Query ): Loading< Rows< ReportCompanyRow > > {
	return useRows< ReportCompanyRow >( [ 'report', 'companies', query ], restPath( '/report/companies', query ) );
}

/** Companies on a printed page; more of them would be a book. */
const PRINTED = 500;

/** All companies of a report for print, most users first. */
export function usePrintedCompanies( source: string ): Loading< Rows< ReportCompanyRow > > {
	return useQuery< Rows< ReportCompanyRow >, ApiError >( {
		queryKey: [ 'report', 'print', source ],
		queryFn: async ( { signal } ) => {
			const items: ReportCompanyRow[] = [];
			for ( let page = 1; ; page++ ) {
				const query = { ...sourceQuery( source ), page, per_page: 100, orderby: 'user_count', order: 'desc' };
				const rows = await requestRows< ReportCompanyRow >( restPath( '/report/companies', query ), signal );
				items.push( ...rows.items );
				if ( page >= rows.pages || items.length >= PRINTED ) {
					return { ...rows, items };
				}
			}
		},
	} );
}

export function useReportDomains( query: Query ): Loading< Rows< ReportDomainRow > > {
	return useRows< ReportDomainRow >( [ 'report', 'domains', query ], restPath( '/report/domains', query ) );
}

export function useReportUsers( query: Query ): Loading< Rows< ReportUserRow > > {
	return useRows< ReportUserRow >( [ 'report', 'users', query ], restPath( '/report/users', query ) );
}

/** What addresses can be read from; asked only by those who may start a run. */
export function useSources(): Loading< Rows< AddressSource > > {
	return useRows< AddressSource >( [ 'sources' ], restPath( '/sources' ), pageSettings().can.manage );
}

/** Sources beside the users that a finished run has read. Who may not ask for sources learns them from the runs. */
export function useReportSources(): string[] {
	const { manage } = pageSettings().can;
	const sources = useSources().data?.items ?? [];
	const runs = useRuns( { per_page: 100 }, ! manage ).data?.items ?? [];
	const read = manage
		? sources.filter( ( { newest_run_id } ) => newest_run_id !== null ).map( ( { source } ) => source )
		: runs.filter( ( { state } ) => state === 'done' ).flatMap( ( run ) => run.sources );
	return [ ...new Set( read ) ].filter( ( source ) => source !== 'users' );
}

/** Names of sources as people read them, also those that other plugins give. */
export function useSourceTitle(): ( source: string ) => string {
	const sources = useSources().data?.items;
	return ( source ) => sources?.find( ( known ) => known.source === source )?.title ?? userSourceText( source );
}

/** Runs, newest first. Read every 5 s while one of them is open. */
export function useRuns( query: Query = { per_page: 10 }, enabled = true ): Loading< Rows< Run > > {
	return useQuery< Rows< Run >, ApiError >( {
		enabled,
		queryKey: [ 'runs', query ],
		queryFn: ( { signal } ) => requestRows< Run >( restPath( '/runs', query ), signal ),
		refetchInterval: ( { state } ) => ( state.data?.items.some( isOpen ) ? 5 * SECOND_MS : false ),
		placeholderData: keepPreviousData,
	} );
}

export function useRun( run_id: number ): Loading< Run > {
	return useAnswer< Run >( [ 'runs', 'one', run_id ], restPath( `/runs/${ run_id }` ) );
}

/** Two runs beside each other, the earlier one first. */
export function useComparison( before: number, after: number ): Loading< RunComparison > {
	return useAnswer< RunComparison >( [ 'runs', 'compare', before, after ], restPath( `/runs/${ before }/compare/${ after }` ) );
}

export function useCompanyChanges( before: number, after: number, query: Query ): Loading< Rows< RunCompanyChange > > {
	return useRows< RunCompanyChange >(
		[ 'runs', 'compare', before, after, 'companies', query ],
		restPath( `/runs/${ before }/compare/${ after }/companies`, query )
	);
}

export function useDomainChanges( before: number, after: number, query: Query ): Loading< Rows< RunDomainChange > > {
	return useRows< RunDomainChange >(
		[ 'runs', 'compare', before, after, 'domains', query ],
		restPath( `/runs/${ before }/compare/${ after }/domains`, query )
	);
}

/** Starts a run. The list that was pasted for it, if any, waits in this page for its hosts to be handed over. */
export function useStartRun(): Doing< Run, { run: RunRequest; list?: ScannedHosts } > {
	const client = useQueryClient();
	return useChange( async ( { run, list } ) => {
		const started = await request< Run >( restPath( '/runs' ), { method: 'POST', data: { run } } );
		if ( list ) {
			client.setQueryDefaults( listKey( started.run_id ), { gcTime: Infinity } );
			client.setQueryData( listKey( started.run_id ), list );
		}
		return started;
	}, OF_RUNS );
}

/** Where the list of a run waits until its hosts are handed over. It lives in this page only. */
export const listKey = ( run_id: number ): QueryKey => [ 'list-of-run', run_id ];

/** Agrees in an open run to sending to the companion that is connected now. */
export function useAgree(): Doing< Run, Run > {
	return useChange(
		( { run_id, sources, ran_in } ) =>
			request< Run >( restPath( `/runs/${ run_id }/agree` ), { method: 'POST', data: { run: { agreed: true, sources, ran_in } } } ),
		[ 'run', 'report', 'overview', 'preview' ]
	);
}

export function useCancelRun(): Doing< unknown, number > {
	return useChange( ( run_id ) => request( restPath( `/runs/${ run_id }/cancel` ), { method: 'POST' } ), [ 'run', ...OF_RUNS ] );
}

/** Drives an open run one step at a time, as fast as WordPress answers while it counts, else every 2 s.
 *  Who may not manage runs only watches it. Stops while the tab is hidden: the companion goes on. */
export function useOpenRun( open: Run, can_manage: boolean ): Loading< Run > {
	const client = useQueryClient();
	const path = `/runs/${ open.run_id }`;
	return useQuery< Run, ApiError >( {
		queryKey: [ 'run', open.run_id ],
		queryFn: async () => {
			const run = await ( can_manage
				? request< Run >( restPath( `${ path }/advance` ), { method: 'POST' } )
				: request< Run >( restPath( path ) ) );
			if ( ! isOpen( run ) ) {
				await invalidateRuns( client );
			}
			return run;
		},
		initialData: open,
		initialDataUpdatedAt: 0,
		refetchInterval: ( { state } ) => {
			if ( ! isOpen( state.data ) ) {
				return false;
			}
			const counts = state.data?.state === 'counting' && state.data.waits_for === 'nothing';
			return counts && ! state.error ? 50 : 2 * SECOND_MS;
		},
	} );
}

/** What a run would send; counts the users chunk by chunk until all are read. Read every 5 s when `watches`. */
export function useSendPreview( enabled: boolean, watches = false ): Loading< SendPreview > {
	return useQuery< SendPreview, ApiError >( {
		queryKey: [ 'preview', 'count' ],
		queryFn: ( { signal } ) => request< SendPreview >( restPath( '/runs/count' ), { method: 'POST', signal } ),
		refetchInterval: ( { state } ) => ( state.data && ! state.data.counted && ! state.error ? 50 : watches && 5 * SECOND_MS ),
		enabled,
	} );
}

/** A page of the hosts that a run would send, 200 each. */
export function useSendPreviewPage( page: number ): Loading< SendPreview > {
	return useQuery< SendPreview, ApiError >( {
		queryKey: [ 'preview', page ],
		queryFn: ( { signal } ) => request< SendPreview >( restPath( '/runs/preview', { page } ), { signal } ),
		placeholderData: keepPreviousData,
	} );
}
