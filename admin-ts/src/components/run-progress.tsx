import { Button, ProgressBar } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { useState } from 'react';
import type { Run } from '../../../companion/src/contract/report.ts';
import { isOpen } from '../data/queries.ts';
import { useCancelRun, useOpenRun } from '../data/run-queries.ts';
import { formatNumber, formatShare } from '../format.ts';
import { pageSettings } from '../page-settings.ts';
import { ScreenLink } from '../router.tsx';
import { runStateText } from '../words.ts';
import { Confirm } from './confirm.tsx';
import { BrowserMatching, HandOver } from './in-this-page.tsx';
import { ErrorFace, RowError } from './faces.tsx';
import { Panel } from './frame.tsx';
import { AgreeAgain } from './sending.tsx';

const STAGES = [ 'counting', 'labelling', 'reporting' ] as const;

function stageText( stage: ( typeof STAGES )[ number ] ): string {
	switch ( stage ) {
		case 'counting':
			return __( 'Extract the domains', 'rollcall' );
		case 'labelling':
			return __( 'Match them against the companies', 'rollcall' );
		case 'reporting':
			return __( 'Write the report', 'rollcall' );
	}
}

/** What the run is doing, in numbers. */
function progressText( run: Run ): string {
	switch ( run.state ) {
		case 'counting':
			return sprintf(
				/* translators: 1: people read, 2: people in all. */
				__( '%1$s of %2$s people read.', 'rollcall' ),
				formatNumber( run.users_read ),
				formatNumber( run.users_total )
			);
		case 'labelling':
			return sprintf(
				/* translators: 1: domains matched, 2: domains in all. */
				__( '%1$s of %2$s domains matched.', 'rollcall' ),
				formatNumber( run.domains_labelled ),
				formatNumber( run.domains_total )
			);
		default:
			return __( 'Adding up the figures.', 'rollcall' );
	}
}

/** Share of the whole run that is done, 0..100: counting is its first third, matching most of the rest. */
export function percentOf( run: Run ): number {
	const share = ( done: number, total: number ) => ( total > 0 ? Math.min( 1, done / total ) : 1 );
	switch ( run.state ) {
		case 'counting':
			return 30 * share( run.users_read, run.users_total );
		case 'labelling':
			return 30 + 60 * share( run.domains_labelled, run.domains_total );
		case 'reporting':
			return 95;
		default:
			return 100;
	}
}

/** Stage and progress in steps of 10 %, so that a screen reader is not talked over. */
function spokenText( run: Run ): string {
	const tens = Math.floor( percentOf( run ) / 10 ) / 10;
	/* translators: 1: stage of the run, 2: share that is done, such as 40%. */
	return sprintf( __( '%1$s, %2$s', 'rollcall' ), runStateText( run.state ), formatShare( tens ) );
}

function WaitsFor( { run }: { run: Run } ) {
	if ( run.waits_for === 'consent' ) {
		return (
			<p className="rollcall-waits">
				{ __(
					'It waits for an administrator: nothing is sent to the companion that is connected now before someone agrees.',
					'rollcall'
				) }
			</p>
		);
	}
	if ( run.waits_for === 'companion' ) {
		return (
			<p className="rollcall-waits">
				{ __(
					'It waits for the companion, which is not connected or has not called for a while. It goes on by itself.',
					'rollcall'
				) }{ ' ' }
				<ScreenLink to="connect">{ __( 'See the connection', 'rollcall' ) }</ScreenLink>
			</p>
		);
	}
	if ( run.waits_for === 'list' ) {
		return (
			<p className="rollcall-waits">
				{ __( 'It waits for the companies list, which the companion is fetching. It goes on by itself.', 'rollcall' ) }{ ' ' }
				<ScreenLink to="companies">{ __( 'See the list', 'rollcall' ) }</ScreenLink>
			</p>
		);
	}
	if ( run.waits_for === 'hosts' ) {
		return pageSettings().can.manage ? null : (
			<p className="rollcall-waits">{ __( 'It waits for the list of the person who started it.', 'rollcall' ) }</p>
		);
	}
	if ( run.waits_for === 'browser' ) {
		return pageSettings().can.manage ? null : (
			<p className="rollcall-waits">{ __( 'It waits for the page of the person who started it.', 'rollcall' ) }</p>
		);
	}
	return run.ran_in === 'browser' ? null : (
		<p className="rollcall-muted">{ __( 'You can close this page. The run goes on.', 'rollcall' ) }</p>
	);
}

function CancelRun( { run }: { run: Run } ) {
	const [ asks, setAsks ] = useState( false );
	const cancel = useCancelRun();
	return (
		<>
			<Button variant="tertiary" size="compact" isDestructive onClick={ () => setAsks( true ) }>
				{ __( 'Cancel run', 'rollcall' ) }
			</Button>
			{ cancel.error ? <ErrorFace error={ cancel.error } /> : null }
			{ asks ? (
				<Confirm
					title={ __( 'Cancel this run?', 'rollcall' ) }
					confirm={ __( 'Cancel run', 'rollcall' ) }
					keep={ __( 'Let it run', 'rollcall' ) }
					is_busy={ cancel.isPending }
					onConfirm={ () => cancel.mutate( run.run_id, { onSettled: () => setAsks( false ) } ) }
					onClose={ () => setAsks( false ) }
				>
					<p>{ __( 'Domains that were matched already stay matched, so a later run is faster.', 'rollcall' ) }</p>
				</Confirm>
			) : null }
		</>
	);
}

/** The open run: its stages, how far it is, what it waits for, and a way to stop it. Drives it while it is shown. */
export function RunProgress( { open }: { open: Run } ) {
	const { can } = pageSettings();
	const answer = useOpenRun( open, can.manage );
	const run = answer.data ?? open;
	const at = STAGES.findIndex( ( stage ) => stage === run.state );
	return (
		<Panel
			title={ __( 'The matcher is running', 'rollcall' ) }
			actions={ can.manage && isOpen( run ) ? <CancelRun run={ run } /> : null }
			className="is-accent"
		>
			<ol className="rollcall-stages">
				{ STAGES.map( ( stage, index ) => (
					<li
						key={ stage }
						className={ index < at || at < 0 ? 'is-done' : index === at ? 'is-now' : '' }
						aria-current={ index === at ? 'step' : undefined }
					>
						{ stageText( stage ) }
					</li>
				) ) }
			</ol>
			<ProgressBar className="rollcall-progress" value={ percentOf( run ) } aria-label={ __( 'Progress of the run', 'rollcall' ) } />
			<p>{ progressText( run ) }</p>
			<div role="status">
				<span className="screen-reader-text">{ spokenText( run ) }</span>
				<WaitsFor run={ run } />
			</div>
			{ can.manage && run.waits_for === 'hosts' ? <HandOver run={ run } /> : null }
			{ can.manage && run.waits_for === 'browser' ? <BrowserMatching run={ run } /> : null }
			{ can.manage && run.waits_for === 'consent' ? <AgreeAgain run={ run } /> : null }
			{ run.error_code ? <RowError code={ run.error_code } message={ run.error_message } /> : null }
			{ answer.error ? <ErrorFace error={ answer.error } /> : null }
		</Panel>
	);
}
