import type { Action } from '@wordpress/dataviews';
import { __ } from '@wordpress/i18n';
import type { Rule } from '../../../../companion/src/contract/list.ts';
import type { Row } from '../../components/data-table.tsx';
import { pageSettings } from '../../page-settings.ts';

type Doing = {
	onDelete: ( domains: string[] ) => void;
	onDecide: ( domain: string, decision: 'confirm' | 'decline' ) => void;
};

/** What can be done with a rule; deleting works on many at once. None without the right to manage. */
export function actions( { onDelete, onDecide }: Doing ): Action< Row< Rule > >[] {
	if ( ! pageSettings().can.manage ) {
		return [];
	}
	const decide = ( decision: 'confirm' | 'decline' ) => ( items: Row< Rule >[] ) =>
		items.forEach( ( { row } ) => onDecide( row.domain, decision ) );
	return [
		{
			id: 'confirm',
			label: __( 'Confirm', 'rollcall' ),
			isEligible: ( { row } ) => row.state === 'proposed',
			supportsBulk: true,
			callback: decide( 'confirm' ),
		},
		{
			id: 'decline',
			label: __( 'Decline', 'rollcall' ),
			isEligible: ( { row } ) => row.state === 'proposed',
			supportsBulk: true,
			callback: decide( 'decline' ),
		},
		{
			id: 'delete',
			label: __( 'Delete', 'rollcall' ),
			supportsBulk: true,
			callback: ( items ) => onDelete( items.map( ( { row } ) => row.domain ) ),
		},
	];
}
