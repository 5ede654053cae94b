import { BaseControl, Button } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { useState } from 'react';
import type { Settings } from '../../../../companion/src/contract/site.ts';
import { Confirm } from '../../components/confirm.tsx';
import { CopyLine } from '../../components/copy-line.tsx';
import { ErrorFace } from '../../components/faces.tsx';
import { useNotify } from '../../components/notify.tsx';
import { useSaveSettings } from '../../data/queries.ts';

/** The secret that calls of the webhook are signed with. Giving it empty makes WordPress draw a new one. */
export function Secret( { saved }: { saved: Settings } ) {
	const [ asks, setAsks ] = useState( false );
	const save = useSaveSettings();
	const notify = useNotify();
	if ( saved.webhook_url === '' ) {
		return null;
	}
	const renew = () =>
		save.mutate(
			{ ...saved, webhook_secret: '' },
			{ onSuccess: () => notify( __( 'New secret made.', 'rollcall' ) ), onSettled: () => setAsks( false ) }
		);
	return (
		<div className="rollcall-stack is-tight">
			<BaseControl.VisualLabel as="h3">{ __( 'Secret', 'rollcall' ) }</BaseControl.VisualLabel>
			<p className="rollcall-muted">
				{ __(
					'Calls are signed with it as Standard Webhooks says, so that the receiver can tell that they are real.',
					'rollcall'
				) }
			</p>
			<CopyLine text={ saved.webhook_secret } label={ __( 'Secret', 'rollcall' ) } />
			<div className="rollcall-actions">
				<Button variant="secondary" size="compact" onClick={ () => setAsks( true ) }>
					{ __( 'New secret', 'rollcall' ) }
				</Button>
			</div>
			{ save.error ? <ErrorFace error={ save.error } /> : null }
			{ asks ? (
				<Confirm
					title={ __( 'Make a new secret?', 'rollcall' ) }
					confirm={ __( 'Make a new secret', 'rollcall' ) }
					is_busy={ save.isPending }
					onConfirm={ renew }
					onClose={ () => setAsks( false ) }
				>
					<p>
						{ __(
							'The receiver refuses every call until it has the new one. Other changes on this page are kept.',
							'rollcall'
						) }
					</p>
				</Confirm>
			) : null }
		</div>
	);
}
