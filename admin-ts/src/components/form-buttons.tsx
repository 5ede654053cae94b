import { Button } from '@wordpress/components';
import { __ } from '@wordpress/i18n';

type FormButtonsProps = { submit: string; is_busy: boolean; onCancel: () => void };

/** The end of a form in a dialog: back without a change, or on with what the button says. */
export function FormButtons( { submit, is_busy, onCancel }: FormButtonsProps ) {
	return (
		<div className="rollcall-actions is-end">
			<Button variant="tertiary" onClick={ onCancel } __next40pxDefaultSize>
				{ __( 'Cancel', 'rollcall' ) }
			</Button>
			<Button type="submit" variant="primary" isBusy={ is_busy } disabled={ is_busy } accessibleWhenDisabled __next40pxDefaultSize>
				{ submit }
			</Button>
		</div>
	);
}
