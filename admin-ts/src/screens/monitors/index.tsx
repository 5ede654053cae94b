import { Button } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';
import { useState } from 'react';
import type { Monitor } from '../../../../companion/src/contract/monitor.ts';
import { Confirm } from '../../components/confirm.tsx';
import { DataTable, queryOf, tableView } from '../../components/data-table.tsx';
import { EmptyFace, ErrorFace } from '../../components/faces.tsx';
import { Frame, Panel } from '../../components/frame.tsx';
import { useNotify } from '../../components/notify.tsx';
import { useDeleteMonitors, useEditMonitors, useMonitors } from '../../data/monitor-queries.ts';
import { formatNumber } from '../../format.ts';
import { pageSettings } from '../../page-settings.ts';
import { useRouter } from '../../router.tsx';
import { actions, requestOf } from './actions.tsx';
import { CheckNow } from './check-now.tsx';
import { columns } from './fields.tsx';
import { MonitorForm } from './form.tsx';
import { neighboursOf, useRowFocus } from './next-row.ts';
import { Notices } from './notices.tsx';
import { PasteMonitors } from './paste.tsx';

/** The dialog that stands open. No monitors to check means all that are active. */
type Opened =
	| { name: 'add' }
	| { name: 'paste' }
	| { name: 'edit'; monitor: Monitor }
	| { name: 'check'; monitors: Monitor[] }
	| { name: 'delete'; monitors: Monitor[]; neighbours: string[] };
type Open = ( opened: Opened ) => void;

function DeleteMonitors( { monitors, onDone, onClose }: { monitors: Monitor[]; onDone: () => void; onClose: () => void } ) {
	const remove = useDeleteMonitors();
	const notify = useNotify();
	const names = monitors.map( ( { name } ) => name );
	return (
		<Confirm
			title={ sprintf(
				/* translators: %s: number of monitors. */
				_n( 'Delete %s monitor?', 'Delete %s monitors?', monitors.length, 'rollcall' ),
				formatNumber( monitors.length )
			) }
			confirm={ __( 'Delete', 'rollcall' ) }
			is_busy={ remove.isPending }
			onConfirm={ () =>
				remove.mutate(
					monitors.map( ( { monitor_uid } ) => monitor_uid ),
					{
						onSuccess: () => {
							notify(
								sprintf(
									/* translators: %s: number of monitors. */
									_n( '%s monitor deleted.', '%s monitors deleted.', monitors.length, 'rollcall' ),
									formatNumber( monitors.length )
								)
							);
							onDone();
						},
					}
				)
			}
			onClose={ onClose }
		>
			<p>{ names.slice( 0, 5 ).join( ', ' ) + ( names.length > 5 ? '…' : '' ) }</p>
			<p>{ __( 'They are no longer checked, and what was measured goes with them.', 'rollcall' ) }</p>
			{ remove.error ? <ErrorFace error={ remove.error } /> : null }
		</Confirm>
	);
}

function Dialog( { opened, onClose, focusRow }: { opened: Opened; onClose: () => void; focusRow: ( uids: string[] ) => void } ) {
	switch ( opened.name ) {
		case 'add':
			return <MonitorForm onClose={ onClose } />;
		case 'edit':
			return <MonitorForm monitor={ opened.monitor } onClose={ onClose } />;
		case 'paste':
			return <PasteMonitors onClose={ onClose } />;
		case 'check':
			return <CheckNow monitor_uids={ opened.monitors.map( ( { monitor_uid } ) => monitor_uid ) } onClose={ onClose } />;
		case 'delete':
			return (
				<DeleteMonitors
					monitors={ opened.monitors }
					onDone={ () => {
						onClose();
						focusRow( opened.neighbours );
					} }
					onClose={ onClose }
				/>
			);
	}
}

function NoMonitors( { open }: { open: Open } ) {
	const may_add = pageSettings().can.manage;
	return (
		<EmptyFace
			title={ __( 'Nothing is monitored yet.', 'rollcall' ) }
			action={
				may_add ? (
					<div className="rollcall-actions">
						<Button variant="primary" onClick={ () => open( { name: 'add' } ) } __next40pxDefaultSize>
							{ __( 'Add the first monitor', 'rollcall' ) }
						</Button>
						<Button variant="secondary" onClick={ () => open( { name: 'paste' } ) } __next40pxDefaultSize>
							{ __( 'Paste a list', 'rollcall' ) }
						</Button>
					</div>
				) : null
			}
		>
			{ may_add
				? __( 'Add an address: the companion asks it every minute and says here whether it is up.', 'rollcall' )
				: __( 'Someone with the right to manage adds the first address.', 'rollcall' ) }
		</EmptyFace>
	);
}

function switchedText( count: number, active: boolean ): string {
	return active
		? /* translators: %s: number of monitors. */
			sprintf( _n( '%s monitor resumed.', '%s monitors resumed.', count, 'rollcall' ), formatNumber( count ) )
		: /* translators: %s: number of monitors. */
			sprintf( _n( '%s monitor paused.', '%s monitors paused.', count, 'rollcall' ), formatNumber( count ) );
}

function Table( { open }: { open: Open } ) {
	const [ view, setView ] = useState( () =>
		tableView( {
			layout: { density: 'compact', styles: { last_error: { width: '20%' } } },
			sort: { field: 'state', direction: 'asc' },
			titleField: 'name',
			descriptionField: 'url',
			fields: [ 'state', 'response_time', 'last_error', 'uptime', 'last_checked_at' ],
		} )
	);
	const may_change = pageSettings().can.manage;
	const rows = useMonitors( queryOf( view ) );
	const has_any = ( rows.data?.total ?? 0 ) > 0 || Boolean( view.search ) || ( view.filters ?? [] ).length > 0;
	const edit = useEditMonitors();
	const notify = useNotify();
	const onSwitch = ( monitors: Monitor[], active: boolean ) =>
		edit.mutate(
			monitors.map( ( monitor ) => ( { monitor_uid: monitor.monitor_uid, monitor: { ...requestOf( monitor ), active } } ) ),
			{ onSuccess: () => notify( switchedText( monitors.length, active ) ) }
		);
	const onEdit = ( monitor: Monitor ) => open( { name: 'edit', monitor } );
	const onDelete = ( monitors: Monitor[] ) => {
		const uidsOf = ( some: Monitor[] ) => some.map( ( { monitor_uid } ) => monitor_uid );
		open( { name: 'delete', monitors, neighbours: neighboursOf( uidsOf( rows.data?.items ?? [] ), uidsOf( monitors ) ) } );
	};
	return (
		<Panel className="is-flush">
			{ edit.error ? <ErrorFace error={ edit.error } /> : null }
			{ may_change && has_any ? <Bar open={ open } /> : null }
			<DataTable
				rows={ rows }
				columns={ columns() }
				actions={ actions( {
					onCheck: ( monitors ) => open( { name: 'check', monitors } ),
					onEdit,
					onSwitch,
					onDelete,
				} ) }
				view={ view }
				onChangeView={ setView }
				idOf={ ( row ) => row.monitor_uid }
				onOpen={ may_change ? onEdit : undefined }
				searchLabel={ __( 'Search monitors', 'rollcall' ) }
				empty={ <NoMonitors open={ open } /> }
			/>
		</Panel>
	);
}

/** What is done with all of them at once. */
function Bar( { open }: { open: Open } ) {
	return (
		<div className="rollcall-actions rollcall-tab-bar">
			<Button variant="secondary" size="compact" onClick={ () => open( { name: 'check', monitors: [] } ) }>
				{ __( 'Check all now', 'rollcall' ) }
			</Button>
			<Button variant="secondary" size="compact" onClick={ () => open( { name: 'paste' } ) }>
				{ __( 'Add many', 'rollcall' ) }
			</Button>
		</div>
	);
}

/** What is watched, whether it is up, and whether monitoring itself goes on. */
export default function Monitors() {
	const may_change = pageSettings().can.manage;
	const adds_at_once = useRouter().view === 'add' && may_change;
	const { place, focusRow } = useRowFocus();
	const [ opened, setOpened ] = useState< Opened | undefined >( adds_at_once ? { name: 'add' } : undefined );
	const add = may_change ? (
		<Button variant="primary" onClick={ () => setOpened( { name: 'add' } ) } __next40pxDefaultSize>
			{ __( 'Add a monitor', 'rollcall' ) }
		</Button>
	) : null;
	return (
		<Frame
			title={ __( 'Monitors', 'rollcall' ) }
			subtitle={ __( 'Websites and services that are checked again and again.', 'rollcall' ) }
			actions={ add }
			wide
		>
			<div className="rollcall-stack">
				<Notices />
				<div ref={ place } className="rollcall-keep-focus" tabIndex={ -1 }>
					<Table open={ setOpened } />
				</div>
			</div>
			{ opened ? <Dialog opened={ opened } onClose={ () => setOpened( undefined ) } focusRow={ focusRow } /> : null }
		</Frame>
	);
}
