import { Button, Notice } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { useState } from 'react';
import type { Connection } from '../../../../companion/src/contract/site.ts';
import { Confirm } from '../../components/confirm.tsx';
import { connectionAdvice } from '../../components/connection-state.tsx';
import { ErrorFace, RowError } from '../../components/faces.tsx';
import { useSiteDecision } from '../../data/queries.ts';
import { pageSettings } from '../../page-settings.ts';

/** Moved or copy: the one question that a changed site has to answer. */
function SiteQuestion() {
	const [ asks, setAsks ] = useState( false );
	const decide = useSiteDecision();
	if ( ! pageSettings().can.settings ) {
		return <p>{ __( 'Ask an administrator to decide.', 'rollcall' ) }</p>;
	}
	return (
		<>
			<div className="rollcall-actions">
				<Button variant="primary" size="compact" disabled={ decide.isPending } onClick={ () => decide.mutate( 'moved' ) }>
					{ __( 'It was moved: keep the connection', 'rollcall' ) }
				</Button>
				<Button variant="secondary" size="compact" disabled={ decide.isPending } onClick={ () => setAsks( true ) }>
					{ __( 'It is a copy: forget the connection', 'rollcall' ) }
				</Button>
			</div>
			{ decide.error ? <ErrorFace error={ decide.error } /> : null }
			{ asks ? (
				<Confirm
					title={ __( 'Forget the connection on this copy?', 'rollcall' ) }
					confirm={ __( 'Forget the connection', 'rollcall' ) }
					is_busy={ decide.isPending }
					onConfirm={ () => decide.mutate( 'copy', { onSettled: () => setAsks( false ) } ) }
					onClose={ () => setAsks( false ) }
				>
					<p>
						{ __(
							'The original site keeps its companion. This copy can be connected to a companion of its own afterwards.',
							'rollcall'
						) }
					</p>
				</Confirm>
			) : null }
		</>
	);
}

/** What is wrong with the connection and what to do about it; nothing while all is well. */
export function Advice( { connection }: { connection: Connection } ) {
	const advice = connectionAdvice( connection );
	if ( ! advice ) {
		return connection.error_code && connection.state !== 'connected' ? (
			<RowError code={ connection.error_code } message={ connection.error_message } />
		) : null;
	}
	const is_mild = connection.state === 'companion_older' || connection.state === 'plugin_older' || connection.state === 'silent';
	return (
		<Notice status={ is_mild ? 'warning' : 'error' } isDismissible={ false } className="rollcall-error">
			<p className="rollcall-error__title">{ advice.title }</p>
			<p className="rollcall-error__hint">{ advice.text }</p>
			{ connection.state === 'site_changed' ? <SiteQuestion /> : null }
			{ connection.error_message ? (
				<details className="rollcall-error__details">
					<summary>{ __( 'Details', 'rollcall' ) }</summary>
					<p>
						{ connection.error_code ? <code>{ connection.error_code }</code> : null } { connection.error_message }
					</p>
					{ connection.error_hint ? <p>{ connection.error_hint }</p> : null }
				</details>
			) : null }
		</Notice>
	);
}
