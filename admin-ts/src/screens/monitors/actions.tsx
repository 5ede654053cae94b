import type { Action } from '@wordpress/dataviews';
import { __ } from '@wordpress/i18n';
import type { Monitor, MonitorRequest } from '../../../../companion/src/contract/monitor.ts';
import type { Row } from '../../components/data-table.tsx';
import { pageSettings } from '../../page-settings.ts';

type Doing = {
	onCheck: ( monitors: Monitor[] ) => void;
	onEdit: ( monitor: Monitor ) => void;
	onSwitch: ( monitors: Monitor[], active: boolean ) => void;
	onDelete: ( monitors: Monitor[] ) => void;
};

/** Characters of a name; a longer target is cut when it is one. */
const MAX_NAME = 200;

/** The part of a monitor that people change. A name that is only its target is none. */
export function requestOf( monitor: Monitor ): MonitorRequest {
	const { type, url, active, is_public, interval_seconds, options } = monitor;
	const is_target = url !== '' && monitor.name === [ ...url ].slice( 0, MAX_NAME ).join( '' );
	return { name: is_target ? '' : monitor.name, type, url, active, is_public, interval_seconds, options };
}

/** What can be done with monitors, all but editing with many at once. None without the right to manage. */
export function actions( { onCheck, onEdit, onSwitch, onDelete }: Doing ): Action< Row< Monitor > >[] {
	if ( ! pageSettings().can.manage ) {
		return [];
	}
	const rowsOf = ( items: Row< Monitor >[] ) => items.map( ( { row } ) => row );
	return [
		{
			id: 'check',
			label: __( 'Check now', 'rollcall' ),
			isEligible: ( { row } ) => row.active,
			supportsBulk: true,
			callback: ( items ) => onCheck( rowsOf( items ) ),
		},
		{
			id: 'edit',
			label: __( 'Edit', 'rollcall' ),
			callback: ( [ item ] ) => ( item ? onEdit( item.row ) : undefined ),
		},
		{
			id: 'pause',
			label: __( 'Pause', 'rollcall' ),
			isEligible: ( { row } ) => row.active,
			supportsBulk: true,
			callback: ( items ) => onSwitch( rowsOf( items ), false ),
		},
		{
			id: 'resume',
			label: __( 'Resume', 'rollcall' ),
			isEligible: ( { row } ) => ! row.active,
			supportsBulk: true,
			callback: ( items ) => onSwitch( rowsOf( items ), true ),
		},
		{
			id: 'delete',
			label: __( 'Delete', 'rollcall' ),
			supportsBulk: true,
			callback: ( items ) => onDelete( rowsOf( items ) ),
		},
	];
}
