import { Button, Modal, Notice, ProgressBar } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { useEffect, useRef } from 'react';
import type { CheckJob } from '../../../../companion/src/contract/monitor.ts';
import { ErrorFace, RowError } from '../../components/faces.tsx';
import { KeepFocus } from '../../components/keep-focus.tsx';
import { useCheckJob, useMonitoring, useStartCheck, useStopCheck } from '../../data/monitor-queries.ts';
import { isOpen } from '../../data/queries.ts';
import { formatNumber } from '../../format.ts';
import { ScreenLink } from '../../router.tsx';
import { firstStep, stepsOf, summaryOf } from './check-steps.ts';

/** Nothing can be checked without a companion. */
function NoCompanion() {
	return (
		<Notice status="warning" isDismissible={ false } className="rollcall-error">
			<p className="rollcall-error__title">{ __( 'No companion is connected, so nothing is checked.', 'rollcall' ) }</p>
			<p className="rollcall-error__hint">
				{ __( 'Checks are made by the companion (the helper program). Connect one, then check again.', 'rollcall' ) }{ ' ' }
				<ScreenLink to="connect">{ __( 'Connect the companion', 'rollcall' ) }</ScreenLink>
			</p>
		</Notice>
	);
}

function NothingActive() {
	return <p role="status">{ __( 'There is no active monitor. Resume one, or add one.', 'rollcall' ) }</p>;
}

/** The log, to whose end it scrolls by itself. */
function Log( { job }: { job: CheckJob | undefined } ) {
	const box = useRef< HTMLDivElement >( null );
	const count = job?.results.length ?? 0;
	useEffect( () => {
		if ( box.current ) {
			box.current.scrollTop = box.current.scrollHeight;
		}
	}, [ count ] );
	return (
		<div
			ref={ box }
			className="rollcall-scroll is-tall rollcall-log"
			tabIndex={ 0 }
			role="log"
			aria-label={ __( 'Steps', 'rollcall' ) }
		>
			<p>{ firstStep( job ) }</p>
			{ job?.results.map( ( result ) => (
				<ul key={ result.monitor_uid } className="rollcall-log__one">
					{ stepsOf( result ).map( ( step ) => (
						<li key={ step }>{ step }</li>
					) ) }
				</ul>
			) ) }
		</div>
	);
}

function stateText( job: CheckJob ): string {
	if ( job.state === 'queued' ) {
		return __( 'Waiting for the companion to take it, which is up to a minute.', 'rollcall' );
	}
	if ( job.state === 'cancelled' ) {
		return __( 'Stopped. What was checked until then is stored.', 'rollcall' );
	}
	if ( job.state !== 'running' ) {
		return summaryOf( job );
	}
	return sprintf(
		/* translators: 1: number of monitors checked, 2: number of monitors in all. */
		__( '%1$s of %2$s checked and stored.', 'rollcall' ),
		formatNumber( job.done ),
		formatNumber( job.active_count )
	);
}

function Progress( { job }: { job: CheckJob } ) {
	return (
		<>
			{ isOpen( job ) ? (
				<ProgressBar
					className="rollcall-progress"
					value={ job.state === 'running' && job.active_count > 0 ? ( 100 * job.done ) / job.active_count : undefined }
					aria-label={ __( 'Progress of the check', 'rollcall' ) }
				/>
			) : null }
			<p role="status">{ stateText( job ) }</p>
			{ job.error_code ? <RowError code={ job.error_code } message={ job.error_message } /> : null }
		</>
	);
}

/** Checks some monitors now, or all that are active, and shows each step as it happens. */
export function CheckNow( { monitor_uids, onClose }: { monitor_uids: string[]; onClose: () => void } ) {
	const start = useStartCheck();
	const stop = useStopCheck();
	const monitoring = useMonitoring().data;
	const is_connected = monitoring?.is_connected;
	const is_idle = monitoring?.monitor_count === 0;
	const may_ask = is_connected === true && ! is_idle;
	const asked = useRef( false );
	const read = useCheckJob( start.data?.job_uid );
	const job = read.data ?? start.data;
	const { mutate } = start;
	useEffect( () => {
		if ( may_ask && ! asked.current ) {
			asked.current = true;
			mutate( { monitor_uids } );
		}
	}, [ may_ask, monitor_uids, mutate ] );
	const open_uid = job && isOpen( job ) ? job.job_uid : undefined;
	const error = start.error ?? read.error ?? stop.error;
	return (
		<Modal title={ __( 'Check now', 'rollcall' ) } size="medium" onRequestClose={ onClose } shouldCloseOnClickOutside={ false }>
			<KeepFocus>
				<div className="rollcall-stack">
					{ is_connected === false ? <NoCompanion /> : is_idle ? <NothingActive /> : <Log job={ job } /> }
					{ job ? <Progress job={ job } /> : null }
					{ error ? <ErrorFace error={ error } /> : null }
					<div className="rollcall-actions is-end">
						{ open_uid ? (
							<Button
								variant="tertiary"
								isDestructive
								isBusy={ stop.isPending }
								onClick={ () => stop.mutate( open_uid ) }
								__next40pxDefaultSize
							>
								{ __( 'Stop', 'rollcall' ) }
							</Button>
						) : null }
						<Button variant="primary" onClick={ onClose } __next40pxDefaultSize>
							{ __( 'Close', 'rollcall' ) }
						</Button>
					</div>
				</div>
			</KeepFocus>
		</Modal>
	);
}
