import { useQueryClient } from '@tanstack/react-query';
import { Button, ProgressBar } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { useCallback, useState } from 'react';
import type { Run } from '../../../companion/src/contract/report.ts';
import { handOver, labelRun } from '../data/browser-run.ts';
import { listKey } from '../data/run-queries.ts';
import { formatNumber } from '../format.ts';
import type { ScannedHosts } from '../worker/protocol.ts';
import { ErrorFace } from './faces.tsx';
import { PasteList } from './paste-list.tsx';
import { useTask, type Task } from './use-task.ts';

function StopOrGoOn( { task, stopped }: { task: Task; stopped: string } ) {
	return (
		<>
			{ task.error ? <ErrorFace error={ task.error } onRetry={ task.start } /> : null }
			{ task.state === 'running' ? (
				<div className="rollcall-actions">
					<Button variant="secondary" size="compact" onClick={ task.stop }>
						{ __( 'Stop', 'rollcall' ) }
					</Button>
				</div>
			) : null }
			{ task.state === 'stopped' ? (
				<div className="rollcall-actions">
					<Button variant="primary" size="compact" onClick={ task.start }>
						{ __( 'Go on', 'rollcall' ) }
					</Button>
					<span className="rollcall-muted">{ stopped }</span>
				</div>
			) : null }
		</>
	);
}

/** Matches the domains of a run in this page, for as long as it is shown. */
export function BrowserMatching( { run }: { run: Run } ) {
	const client = useQueryClient();
	const task = useTask( ( signal ) => labelRun( client, run, signal ) );
	return (
		<div className="rollcall-stack is-tight">
			<p className="rollcall-waits">
				{ task.state === 'running' ? __( 'This page matches the domains: keep it open.', 'rollcall' ) : null }{ ' ' }
				{ __( 'They are not sent anywhere. After a reload it goes on where it was.', 'rollcall' ) }
			</p>
			<StopOrGoOn task={ task } stopped={ __( 'What is matched stays matched.', 'rollcall' ) } />
		</div>
	);
}

function HandingOver( { run, list }: { run: Run; list: ScannedHosts } ) {
	const client = useQueryClient();
	const [ pages, setPages ] = useState( { done: 0, total: 1 } );
	const task = useTask( async ( signal ) => {
		await handOver( run, list, signal, ( done, total ) => setPages( { done, total } ) );
		await client.invalidateQueries( { queryKey: [ 'run', run.run_id ] } );
	} );
	return (
		<div className="rollcall-stack is-tight">
			<ProgressBar
				className="rollcall-progress"
				value={ ( 100 * pages.done ) / pages.total }
				aria-label={ __( 'Domains handed over', 'rollcall' ) }
			/>
			<p role="status">
				{ sprintf(
					/* translators: 1: number of parts, 2: number of parts in all. */
					__( 'Handing the domains of your list over to WordPress: part %1$s of %2$s.', 'rollcall' ),
					formatNumber( Math.min( pages.done + 1, pages.total ) ),
					formatNumber( pages.total )
				) }
			</p>
			<StopOrGoOn task={ task } stopped={ __( 'What was handed over is not counted twice.', 'rollcall' ) } />
		</div>
	);
}

/** Hands over the domains of the list that a run waits for; asks for the list again when the page was reloaded. */
export function HandOver( { run }: { run: Run } ) {
	const client = useQueryClient();
	const kept = client.getQueryData< ScannedHosts >( listKey( run.run_id ) );
	const [ read, setRead ] = useState< ScannedHosts >();
	const [ given, setGiven ] = useState( kept );
	const onRead = useCallback( ( list: ScannedHosts | undefined ) => setRead( list ), [] );
	if ( given ) {
		return <HandingOver run={ run } list={ given } />;
	}
	return (
		<div className="rollcall-stack is-tight">
			<p className="rollcall-waits">
				{ __(
					'It waits for your list: the page was closed before all of it was handed over. Give the same list again, or cancel the run.',
					'rollcall'
				) }
			</p>
			<PasteList onRead={ onRead } />
			<div className="rollcall-actions">
				<Button
					variant="primary"
					disabled={ ! read }
					accessibleWhenDisabled
					onClick={ () => setGiven( read ) }
					__next40pxDefaultSize
				>
					{ __( 'Go on with this list', 'rollcall' ) }
				</Button>
			</div>
		</div>
	);
}
