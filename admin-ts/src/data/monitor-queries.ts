import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
	CheckJob,
	CheckRequest,
	CompanyMonitorsRequest,
	Monitor,
	Monitoring,
	MonitorRequest,
	MonitorsAnswer,
	MonitorsRequest,
} from '../../../companion/src/contract/monitor.ts';
import { request, requestRows, restPath, type ApiError, type Query, type Rows } from './api.ts';
import { isOpen, SECOND_MS, useAnswer, useChange, type Doing, type Loading } from './queries.ts';

/** What is read again when monitors change. */
const OF_MONITORS = [ 'monitors', 'monitoring', 'report' ];
const POLL_MS = 5 * SECOND_MS;

/** How monitoring does. Like all that is read again and again here it rests while the page is hidden. */
export function useMonitoring(): Loading< Monitoring > {
	return useAnswer< Monitoring >( [ 'monitoring' ], restPath( '/monitoring' ), () => POLL_MS );
}

/** A page of monitors; the page before stays until the next one is there. */
export function useMonitors( query: Query ): Loading< Rows< Monitor > > {
	return useQuery< Rows< Monitor >, ApiError >( {
		queryKey: [ 'monitors', query ],
		queryFn: ( { signal } ) => requestRows< Monitor >( restPath( '/monitors', query ), signal ),
		refetchInterval: POLL_MS,
		placeholderData: keepPreviousData,
	} );
}

/** More monitors than this are not compared with a pasted list; WordPress knows them all. */
const COMPARED = 1000;

/** Targets of monitors that there are, to tell what a pasted list adds. */
export function useKnownTargets(): Loading< string[] > {
	return useQuery< string[], ApiError >( {
		queryKey: [ 'monitors', 'targets' ],
		queryFn: async ( { signal } ) => {
			const targets: string[] = [];
			for ( let page = 1; ; page++ ) {
				const rows = await requestRows< Monitor >( restPath( '/monitors', { page, per_page: 100 } ), signal );
				targets.push( ...rows.items.map( ( { url } ) => url ) );
				if ( page >= rows.pages || targets.length >= COMPARED ) {
					return targets;
				}
			}
		},
	} );
}

export function useAddMonitor(): Doing< Monitor, MonitorRequest > {
	return useChange( ( monitor ) => request< Monitor >( restPath( '/monitors' ), { method: 'POST', data: { monitor } } ), OF_MONITORS );
}

export type Edited = { monitor_uid: string; monitor: MonitorRequest };

const put = ( { monitor_uid, monitor }: Edited ) =>
	request< Monitor >( restPath( `/monitors/${ monitor_uid }` ), { method: 'PUT', data: { monitor } } );

export function useEditMonitor(): Doing< Monitor, Edited > {
	return useChange( put, OF_MONITORS );
}

/** Does something with one after the other; a failure does not keep the others from it and is thrown at the end. */
async function each< Item >( items: readonly Item[], send: ( item: Item ) => Promise< unknown > ): Promise< void > {
	const failures: unknown[] = [];
	for ( const item of items ) {
		await send( item ).catch( ( thrown: unknown ) => failures.push( thrown ) );
	}
	if ( failures.length > 0 ) {
		throw failures[ 0 ];
	}
}

export function useEditMonitors(): Doing< void, readonly Edited[] > {
	return useChange( ( edited ) => each( edited, put ), OF_MONITORS );
}

export function useDeleteMonitors(): Doing< void, readonly string[] > {
	return useChange( ( uids ) => each( uids, ( uid ) => request( restPath( `/monitors/${ uid }` ), { method: 'DELETE' } ) ), OF_MONITORS );
}

export function useAddMonitors(): Doing< MonitorsAnswer, MonitorsRequest > {
	return useChange(
		( monitors ) => request< MonitorsAnswer >( restPath( '/monitors/many' ), { method: 'POST', data: { monitors } } ),
		OF_MONITORS
	);
}

export function useMonitorCompanies(): Doing< MonitorsAnswer, CompanyMonitorsRequest > {
	return useChange(
		( monitors ) => request< MonitorsAnswer >( restPath( '/monitors/companies' ), { method: 'POST', data: { monitors } } ),
		OF_MONITORS
	);
}

export function useStartCheck(): Doing< CheckJob, CheckRequest > {
	return useChange( ( check ) => request< CheckJob >( restPath( '/monitors/check' ), { method: 'POST', data: { check } } ), [] );
}

/** A check that was asked for, read every second until it is over; then the monitors are read again. */
export function useCheckJob( job_uid: string | undefined ): Loading< CheckJob > {
	const client = useQueryClient();
	return useQuery< CheckJob, ApiError >( {
		queryKey: [ 'check', job_uid ],
		queryFn: async ( { signal } ) => {
			const job = await request< CheckJob >( restPath( `/monitors/check/${ job_uid ?? '' }` ), { signal } );
			if ( ! isOpen( job ) ) {
				void client.invalidateQueries( { queryKey: [ 'monitors' ] } );
			}
			return job;
		},
		refetchInterval: ( { state } ) => ( state.data === undefined || isOpen( state.data ) ? SECOND_MS : false ),
		enabled: job_uid !== undefined,
	} );
}

export function useStopCheck(): Doing< unknown, string > {
	return useChange( ( job_uid ) => request( restPath( `/jobs/${ job_uid }/cancel` ), { method: 'POST' } ), [ 'check', 'monitors' ] );
}
