import { Button, Modal } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import type { ReactNode } from 'react';

type ConfirmProps = {
	title: string;
	confirm: string;
	/** What the way back says, where "Cancel" could be taken for the act itself. */
	keep?: string;
	is_busy: boolean;
	onConfirm: () => void;
	onClose: () => void;
	children: ReactNode;
};

/** Asks before something that cannot be taken back. Focus goes into it and back to the button that opened it. */
export function Confirm( { title, confirm, keep, is_busy, onConfirm, onClose, children }: ConfirmProps ) {
	return (
		<Modal title={ title } size="small" onRequestClose={ onClose }>
			{ children }
			<div className="rollcall-actions is-end">
				<Button variant="tertiary" onClick={ onClose } __next40pxDefaultSize>
					{ keep ?? __( 'Cancel', 'rollcall' ) }
				</Button>
				<Button variant="primary" isDestructive isBusy={ is_busy } disabled={ is_busy } onClick={ onConfirm } __next40pxDefaultSize>
					{ confirm }
				</Button>
			</div>
		</Modal>
	);
}
