import { Button, Modal } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';
import { useState } from 'react';
import type { Run, SendPreview } from '../../../companion/src/contract/report.ts';
import { useAgree, useSendPreview, useSendPreviewPage } from '../data/run-queries.ts';
import { formatHost, formatNumber } from '../format.ts';
import { Answer, ErrorFace } from './faces.tsx';

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

/** Says how many domains go where, with the way to every one of them. */
export function Sending( { preview }: { preview: SendPreview } ) {
	const [ shows_hosts, setShowsHosts ] = useState( false );
	return (
		<>
			<p className="rollcall-send">
				<strong>{ sentence( preview ) }</strong> { __( 'No addresses, no counts.', 'rollcall' ) }{ ' ' }
				<Button variant="link" onClick={ () => setShowsHosts( true ) }>
					{ __( 'See the list', 'rollcall' ) }
				</Button>
			</p>
			{ shows_hosts ? <HostList host_count={ preview.host_count } onClose={ () => setShowsHosts( false ) } /> : null }
		</>
	);
}

/** Asks anew in an open run, because another companion was connected than the one that was agreed to. */
export function AgreeAgain( { run }: { run: Run } ) {
	const preview = useSendPreview( true, true );
	const agree = useAgree();
	return (
		<Answer of={ preview } lines={ 2 }>
			{ ( data ) =>
				data.agreed_at === null ? (
					<>
						<Sending preview={ data } />
						{ agree.error ? <ErrorFace error={ agree.error } /> : null }
						<div className="rollcall-actions">
							<Button
								variant="primary"
								isBusy={ agree.isPending }
								disabled={ agree.isPending }
								accessibleWhenDisabled
								onClick={ () => agree.mutate( run ) }
								__next40pxDefaultSize
							>
								{ __( 'Agree and go on', 'rollcall' ) }
							</Button>
							<span className="rollcall-muted">
								{ __( 'By pressing the button you agree that these domains are sent, now and in later runs.', 'rollcall' ) }
							</span>
						</div>
					</>
				) : null
			}
		</Answer>
	);
}
