import { RadioControl } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import type { RunRequest } from '../../../../companion/src/contract/report.ts';

export type RunPlace = RunRequest[ 'ran_in' ];

/** What matches the domains: the companion, or this page. */
export function PlaceChoice( {
	companion_name,
	place,
	onChange,
}: {
	/** Empty when none is connected. */
	companion_name: string;
	place: RunPlace;
	onChange: ( place: RunPlace ) => void;
} ) {
	return (
		<RadioControl
			label={ __( 'What matches them?', 'rollcall' ) }
			selected={ place }
			onChange={ ( value ) => onChange( value === 'browser' ? 'browser' : 'companion' ) }
			options={ [
				{
					value: 'companion',
					label: __( 'The companion (the helper program)', 'rollcall' ),
					description: companion_name
						? /* translators: %s: name of the companion. */
							sprintf( __( 'Domains go to %s. You can close this page.', 'rollcall' ), companion_name )
						: __( 'None is connected yet.', 'rollcall' ),
				},
				{
					value: 'browser',
					label: __( 'Match in this browser', 'rollcall' ),
					description: __(
						'Nothing leaves this site; keep the page open until it is done. Monitoring stays with the companion.',
						'rollcall'
					),
				},
			] }
		/>
	);
}
