import type { QueryClient } from '@tanstack/react-query';
import { __ } from '@wordpress/i18n';
import type { DomainPage } from '../../../companion/src/contract/exchange.ts';
import type { HostsRequest, LabelsRequest, Run } from '../../../companion/src/contract/report.ts';
import { pageSettings } from '../page-settings.ts';
import { labelHosts } from '../worker/client.ts';
import type { ScannedHosts } from '../worker/protocol.ts';
import { ApiError, request, restPath } from './api.ts';

/** Rows in one request; the contract's limit. */
const ROWS = 5000;
/** Times that the domains are gone through: lists and rules may change while the first round is under way. */
const ROUNDS = 5;

/** The pages in which a list is handed over, the same ones for the same list. */
export function hostPages( { hosts, reasons }: ScannedHosts ): HostsRequest[] {
	const page_count = Math.max( 1, Math.ceil( hosts.length / ROWS ) );
	return Array.from( { length: page_count }, ( _, index ) => {
		const last = index === page_count - 1;
		return { page: index + 1, last, rows: hosts.slice( index * ROWS, ( index + 1 ) * ROWS ), reasons: last ? reasons : [] };
	} );
}

/** Hands the hosts of a pasted list over to its run. Pages that WordPress has already are not counted again. */
export async function handOver(
	run: Run,
	list: ScannedHosts,
	signal: AbortSignal,
	onPage: ( done: number, total: number ) => void
): Promise< void > {
	const pages = hostPages( list );
	for ( const hosts of pages ) {
		onPage( hosts.page - 1, pages.length );
		await request( restPath( `/runs/${ run.run_id }/hosts` ), { method: 'POST', data: { hosts }, signal } );
	}
	onPage( pages.length, pages.length );
}

/** Labels the domains of a run in this page until none is left. WordPress lays its lists and rules over the verdicts. */
export async function labelRun( client: QueryClient, run: Run, signal: AbortSignal ): Promise< void > {
	const path = `/runs/${ run.run_id }`;
	for ( let round = 0; round < ROUNDS; round++ ) {
		let after = 0;
		for (;;) {
			const page = await request< DomainPage >( restPath( `${ path }/domains`, { after } ), { signal } );
			const last = page.rows.at( -1 );
			if ( last === undefined ) {
				break;
			}
			const rows = await labelHosts( { ...page, own_hosts: [ ...pageSettings().own_hosts ] }, { signal } );
			const labels: LabelsRequest = { rows };
			const next = await request< Run >( restPath( `${ path }/labels` ), { method: 'POST', data: { labels }, signal } );
			client.setQueryData( [ 'run', run.run_id ], next );
			after = last.domain_id;
		}
		if ( after === 0 ) {
			await client.invalidateQueries( { queryKey: [ 'run', run.run_id ] } );
			return;
		}
	}
	throw new ApiError(
		'run_failed',
		__( 'Some domains do not take their label.', 'rollcall' ),
		`${ ROUNDS } rounds`,
		__( 'The lists or rules change all the time. Go on when they are settled, or cancel the run.', 'rollcall' )
	);
}
