import { Button } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { useState } from 'react';
import { statusTone } from '../../components/company-detail.tsx';
import { Confirm } from '../../components/confirm.tsx';
import { Answer, EmptyFace, ErrorFace } from '../../components/faces.tsx';
import { Badge, Frame, Panel } from '../../components/frame.tsx';
import { useNotify } from '../../components/notify.tsx';
import { useListRows } from '../../data/list-queries.ts';
import { useLists } from '../../data/queries.ts';
import { pageSettings } from '../../page-settings.ts';
import { ScreenLink } from '../../router.tsx';
import { statusText } from '../../words.ts';
import type { ListRows, TypedRow } from '../../worker/protocol.ts';
import { NEW_ROW, RowForm } from './row-form.tsx';
import { typedRows } from './typed-rows.ts';
import { useRowsSaving } from './use-rows-saving.ts';

type Opened = { edits: TypedRow } | { deletes: TypedRow };

function RowsTable( { rows, onOpen }: { rows: TypedRow[]; onOpen: ( opened: Opened ) => void } ) {
	const can_change = pageSettings().can.settings;
	return (
		<div className="rollcall-scroll">
			<table className="rollcall-plain-table is-roomy">
				<thead>
					<tr>
						<th scope="col">{ __( 'Company', 'rollcall' ) }</th>
						<th scope="col">{ __( 'Website', 'rollcall' ) }</th>
						<th scope="col">{ __( 'Further domains', 'rollcall' ) }</th>
						<th scope="col">{ __( 'Status', 'rollcall' ) }</th>
						<th scope="col">{ __( 'Batch', 'rollcall' ) }</th>
						{ can_change ? <th scope="col">{ __( 'Actions', 'rollcall' ) }</th> : null }
					</tr>
				</thead>
				<tbody>
					{ rows.map( ( row ) => (
						<tr key={ row.source_id }>
							<th scope="row">{ row.name }</th>
							<td>{ row.website || '–' }</td>
							<td>{ row.domains.join( ', ' ) || '–' }</td>
							<td>
								<Badge tone={ statusTone( row.status ) }>{ statusText( row.status ) }</Badge>
							</td>
							<td>{ row.batch || '–' }</td>
							{ can_change ? (
								<td>
									<RowActions row={ row } onOpen={ onOpen } />
								</td>
							) : null }
						</tr>
					) ) }
				</tbody>
			</table>
		</div>
	);
}

function RowActions( { row, onOpen }: { row: TypedRow; onOpen: ( opened: Opened ) => void } ) {
	return (
		<div className="rollcall-actions">
			<Button variant="secondary" size="compact" onClick={ () => onOpen( { edits: row } ) }>
				{ __( 'Edit', 'rollcall' ) } <span className="screen-reader-text">{ row.name }</span>
			</Button>
			<Button variant="tertiary" size="compact" isDestructive onClick={ () => onOpen( { deletes: row } ) }>
				{ __( 'Delete', 'rollcall' ) } <span className="screen-reader-text">{ row.name }</span>
			</Button>
		</div>
	);
}

function Editor( { list_uid, stored }: { list_uid: string; stored: ListRows } ) {
	const [ opened, setOpened ] = useState< Opened >();
	const notify = useNotify();
	const close = () => {
		setOpened( undefined );
		saving.reset();
	};
	const saving = useRowsSaving( list_uid );
	const rows = typedRows( stored );
	const others = ( row: TypedRow ) => rows.filter( ( one ) => one.source_id !== row.source_id );
	const save = async ( next: TypedRow[], changed: TypedRow | undefined, message: string ) => {
		if ( await saving.save( next, changed ) ) {
			notify( message );
			close();
		}
	};
	const add = pageSettings().can.settings ? (
		<Button variant="primary" onClick={ () => setOpened( { edits: NEW_ROW } ) } __next40pxDefaultSize>
			{ __( 'Add a company', 'rollcall' ) }
		</Button>
	) : null;
	return (
		<>
			{ rows.length === 0 ? (
				<EmptyFace title={ __( 'This list has no companies yet.', 'rollcall' ) } action={ add }>
					{ __( 'Type the first one. Users whose address has its domain match it at once.', 'rollcall' ) }
				</EmptyFace>
			) : (
				<Panel title={ __( 'Companies of this list', 'rollcall' ) } actions={ add }>
					<RowsTable rows={ rows } onOpen={ setOpened } />
				</Panel>
			) }
			{ opened && 'edits' in opened ? (
				<RowForm
					row={ opened.edits }
					problem={ saving.problem }
					error={ saving.error }
					is_busy={ saving.is_busy }
					onSave={ ( row ) => void save( [ ...others( row ), row ], row, __( 'Company saved.', 'rollcall' ) ) }
					onClose={ close }
				/>
			) : null }
			{ opened && 'deletes' in opened ? (
				<Confirm
					title={
						/* translators: %s: name of a company. */
						sprintf( __( 'Delete %s?', 'rollcall' ), opened.deletes.name )
					}
					confirm={ __( 'Delete company', 'rollcall' ) }
					is_busy={ saving.is_busy }
					onConfirm={ () => void save( others( opened.deletes ), undefined, __( 'Company deleted.', 'rollcall' ) ) }
					onClose={ close }
				>
					<p>{ __( 'Users at its domains no longer match it.', 'rollcall' ) }</p>
					{ saving.error ? <ErrorFace error={ saving.error } /> : null }
				</Confirm>
			) : null }
		</>
	);
}

/** The companies of a list that is kept by hand. */
export function Rows( { list_uid }: { list_uid: string } ) {
	const rows = useListRows( list_uid );
	const list = useLists().data?.items.find( ( one ) => one.list_uid === list_uid );
	return (
		<Frame
			title={ list?.title ?? __( 'List by hand', 'rollcall' ) }
			subtitle={ __( 'Companies that you type yourself.', 'rollcall' ) }
			wide
		>
			<div className="rollcall-stack">
				<p>
					<ScreenLink to="companies">{ __( 'Back to all lists', 'rollcall' ) }</ScreenLink>
				</p>
				<Answer of={ rows }>{ ( stored ) => <Editor list_uid={ list_uid } stored={ stored } /> }</Answer>
			</div>
		</Frame>
	);
}
