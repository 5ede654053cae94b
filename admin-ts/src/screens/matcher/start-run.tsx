import { Button, Modal, Notice, ProgressBar } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';
import { useState } from 'react';
import type { Run, SendPreview } from '../../../../companion/src/contract/report.ts';
import { Age } from '../../components/age.tsx';
import { Answer, ErrorFace } from '../../components/faces.tsx';
import { Panel } from '../../components/frame.tsx';
import { useLists, useSendPreview, useSendPreviewPage, useStartRun } from '../../data/queries.ts';
import { formatHost, formatInstant, formatNumber } from '../../format.ts';
import { pageSettings } from '../../page-settings.ts';
import { ScreenLink } from '../../router.tsx';

const PAGE_SIZE = 200;

/** Every host that would be sent, 200 at a time. */
function HostList( { host_count, onClose }: { host_count: number; onClose: () => void } ) {
	const [ page, setPage ] = useState( 1 );
	const preview = useSendPreviewPage( page );
	const pages = Math.max( 1, Math.ceil( host_count / PAGE_SIZE ) );
	return (
		<Modal title={ __( 'What will be sent', 'rollcall' ) } size="medium" onRequestClose={ onClose }>
			<p className="rollcall-muted">{ __( 'These domains, and nothing else. They stand in alphabetical order.', 'rollcall' ) }</p>
			<Answer of={ preview } lines={ 8 }>
				{ ( { hosts } ) => (
					<div
						className="rollcall-hosts"
						role="region"
						aria-label={ __( 'Domains', 'rollcall' ) }
						aria-busy={ preview.isPlaceholderData }
						tabIndex={ 0 }
					>
						<ul>
							{ hosts.map( ( host ) => (
								<li key={ host }>{ formatHost( host ) }</li>
							) ) }
						</ul>
					</div>
				) }
			</Answer>
			<div className="rollcall-actions is-spread">
				<Button
					variant="secondary"
					size="compact"
					disabled={ page <= 1 }
					accessibleWhenDisabled
					onClick={ () => setPage( page - 1 ) }
				>
					{ __( 'Previous', 'rollcall' ) }
				</Button>
				<span role="status">
					{
						/* translators: 1: page, 2: number of pages. */
						sprintf( __( 'Page %1$s of %2$s', 'rollcall' ), formatNumber( page ), formatNumber( pages ) )
					}
				</span>
				<Button
					variant="secondary"
					size="compact"
					disabled={ page >= pages }
					accessibleWhenDisabled
					onClick={ () => setPage( page + 1 ) }
				>
					{ __( 'Next', 'rollcall' ) }
				</Button>
			</div>
		</Modal>
	);
}

function Counting( { preview }: { preview: SendPreview } ) {
	const share = preview.users_total > 0 ? ( 100 * preview.users_read ) / preview.users_total : 0;
	return (
		<>
			<ProgressBar className="rollcall-progress" value={ share } aria-label={ __( 'Users read', 'rollcall' ) } />
			<p role="status">
				{ sprintf(
					/* translators: 1: users read, 2: users in all. */
					__( 'Reading your user list: %1$s of %2$s users. Nothing is sent yet.', 'rollcall' ),
					formatNumber( preview.users_read ),
					formatNumber( preview.users_total )
				) }
			</p>
		</>
	);
}

/** "4,812 domains go to companion.example. No addresses, no counts." */
function sentence( preview: SendPreview ): string {
	const name = preview.companion_name || __( 'the companion', 'rollcall' );
	const text = preview.agreed_at
		? /* translators: 1: number of domains, 2: name of the companion. */
			_n( '%1$s new domain goes to %2$s.', '%1$s new domains go to %2$s.', preview.host_count, 'rollcall' )
		: /* translators: 1: number of domains, 2: name of the companion. */
			_n( '%1$s domain goes to %2$s.', '%1$s domains go to %2$s.', preview.host_count, 'rollcall' );
	return sprintf( text, formatNumber( preview.host_count ), name );
}

/** Says before a run that its result will mean nothing, while made-up companies stand in for a list. */
function SampleWarning() {
	const is_sample = useLists().data?.items.some( ( list ) => list.active_source === 'sample' ) ?? false;
	return is_sample ? (
		<Notice status="warning" isDismissible={ false }>
			{ __( 'The companies in use are a made-up sample, so a report with them means nothing.', 'rollcall' ) }{ ' ' }
			<ScreenLink to="companies">{ __( 'Get the real list', 'rollcall' ) }</ScreenLink>
		</Notice>
	) : null;
}

function Ready( { preview, has_report }: { preview: SendPreview; has_report: boolean } ) {
	const [ shows_hosts, setShowsHosts ] = useState( false );
	const start = useStartRun();
	const is_paired = preview.companion_name !== '';
	return (
		<>
			{ preview.users_total === 0 ? (
				<p>{ __( 'This site has no users yet. Run the matcher when it has some.', 'rollcall' ) }</p>
			) : null }
			{ preview.host_count > 0 ? (
				<p className="rollcall-send">
					<strong>{ sentence( preview ) }</strong> { __( 'No addresses, no counts.', 'rollcall' ) }{ ' ' }
					<Button variant="link" onClick={ () => setShowsHosts( true ) }>
						{ __( 'See the list', 'rollcall' ) }
					</Button>
				</p>
			) : (
				<p className="rollcall-send">
					{ __( 'No domain has to be sent: all of them are matched. A run brings the report up to date.', 'rollcall' ) }
				</p>
			) }
			<SampleWarning />
			{ is_paired ? null : (
				<Notice status="warning" isDismissible={ false }>
					{ __( 'No companion is connected, so a run would wait for one.', 'rollcall' ) }{ ' ' }
					<ScreenLink to="connect">{ __( 'Connect one', 'rollcall' ) }</ScreenLink>
				</Notice>
			) }
			{ start.error ? <ErrorFace error={ start.error } /> : null }
			<div className="rollcall-actions">
				<Button
					variant={ has_report && preview.host_count === 0 ? 'secondary' : 'primary' }
					isBusy={ start.isPending }
					disabled={ start.isPending || preview.users_total === 0 }
					accessibleWhenDisabled
					onClick={ () => start.mutate() }
					__next40pxDefaultSize
				>
					{ __( 'Run matcher', 'rollcall' ) }
				</Button>
				{ preview.agreed_at ? (
					<span className="rollcall-muted">
						{
							/* translators: %s: date and time. */
							sprintf( __( 'Sending domains was agreed to on %s.', 'rollcall' ), formatInstant( preview.agreed_at ) )
						}
					</span>
				) : (
					<span className="rollcall-muted">
						{ __( 'By pressing the button you agree that these domains are sent, now and in later runs.', 'rollcall' ) }
					</span>
				) }
			</div>
			{ shows_hosts ? <HostList host_count={ preview.host_count } onClose={ () => setShowsHosts( false ) } /> : null }
		</>
	);
}

/** Shows exactly what a run sends, and asks. Counting goes on in the background of this panel until all users are read. */
export function StartRun( { newest }: { newest: Run | null } ) {
	const { can } = pageSettings();
	const preview = useSendPreview( can.manage );
	const title = newest ? __( 'Run it again', 'rollcall' ) : __( 'Before the first run', 'rollcall' );
	return (
		<Panel title={ title } className="is-accent">
			{ newest ? (
				<p className="rollcall-muted">
					{ __( 'The newest run ended:', 'rollcall' ) } <Age instant={ newest.finished_at ?? newest.started_at } />
				</p>
			) : null }
			{ can.manage ? (
				<Answer of={ preview } lines={ 3 }>
					{ ( data ) =>
						data.counted ? <Ready preview={ data } has_report={ newest !== null } /> : <Counting preview={ data } />
					}
				</Answer>
			) : (
				<p>{ __( 'Ask an administrator to run the matcher.', 'rollcall' ) }</p>
			) }
		</Panel>
	);
}
