import { Button, Modal, ToggleControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { useState, type FormEvent } from 'react';
import type { CompanyList, ListRequest } from '../../../../companion/src/contract/list.ts';
import { CheckedField } from '../../components/checked-field.tsx';
import { ErrorFace } from '../../components/faces.tsx';
import { useNotify } from '../../components/notify.tsx';
import { useSaveList } from '../../data/list-queries.ts';
import { isFetched, SAMPLE_URL, ScheduleField, urlProblem } from './list-fields.tsx';

/** The part of a list that people change. */
export function requestOf( { title, url, enabled, visible_to_visitors, schedule_hours }: CompanyList ): ListRequest {
	return { title, url, enabled, visible_to_visitors, schedule_hours };
}

function Toggles( { list, onChange }: { list: ListRequest; onChange: ( part: Partial< ListRequest > ) => void } ) {
	return (
		<>
			<ToggleControl
				label={ __( 'Match with this list', 'rollcall' ) }
				help={ __( 'While it is off its companies stay here, and no user matches them.', 'rollcall' ) }
				checked={ list.enabled }
				onChange={ ( enabled ) => onChange( { enabled } ) }
				__nextHasNoMarginBottom
			/>
			<ToggleControl
				label={ __( 'Visitors may look for its companies', 'rollcall' ) }
				help={ __( 'In the matcher that you put on a page. Leave it off for a list of your own customers.', 'rollcall' ) }
				checked={ list.visible_to_visitors }
				onChange={ ( visible_to_visitors ) => onChange( { visible_to_visitors } ) }
				__nextHasNoMarginBottom
			/>
		</>
	);
}

/** Changes name, address, schedule and use of a list. A new address is fetched at once. */
export function EditList( { list, onClose }: { list: CompanyList; onClose: () => void } ) {
	const [ edited, setEdited ] = useState( () => requestOf( list ) );
	const [ tried, setTried ] = useState( false );
	const save = useSaveList();
	const notify = useNotify();
	const change = ( part: Partial< ListRequest > ) => setEdited( { ...edited, ...part } );
	const is_fetched = isFetched( list.source );
	const title_problem = edited.title.trim() === '' ? __( 'Give the list a name.', 'rollcall' ) : undefined;
	const url_problem = urlProblem( list.source, edited.url.trim() );
	const send = ( request: ListRequest ) => {
		const clean = { ...request, title: request.title.trim(), url: request.url.trim() };
		save.mutate(
			{ list_uid: list.list_uid, list: clean },
			{
				onSuccess: () => {
					notify( __( 'List saved.', 'rollcall' ) );
					onClose();
				},
			}
		);
	};
	const onSubmit = ( event: FormEvent ) => {
		event.preventDefault();
		setTried( true );
		if ( ! title_problem && ! url_problem ) {
			send( edited );
		}
	};
	return (
		<Modal title={ __( 'Edit list', 'rollcall' ) } size="medium" onRequestClose={ onClose }>
			<form className="rollcall-stack" onSubmit={ onSubmit } noValidate>
				<CheckedField
					label={ __( 'Name of the list', 'rollcall' ) }
					problem={ tried ? title_problem : undefined }
					value={ edited.title }
					onChange={ ( title ) => change( { title } ) }
				/>
				{ is_fetched ? (
					<>
						<CheckedField
							label={ __( 'Address of the list', 'rollcall' ) }
							problem={ tried ? url_problem : undefined }
							value={ edited.url }
							onChange={ ( url ) => change( { url } ) }
							is_url
						/>
						<ScheduleField value={ edited.schedule_hours } onChange={ ( schedule_hours ) => change( { schedule_hours } ) } />
					</>
				) : null }
				<Toggles list={ edited } onChange={ change } />
				{ save.error ? <ErrorFace error={ save.error } /> : null }
				<div className="rollcall-actions is-end">
					{ list.source === 'yc' && list.url !== SAMPLE_URL ? (
						<Button
							variant="tertiary"
							onClick={ () => send( { ...edited, url: SAMPLE_URL } ) }
							disabled={ save.isPending }
							__next40pxDefaultSize
						>
							{ __( 'Use the built-in sample', 'rollcall' ) }
						</Button>
					) : null }
					<Button
						type="submit"
						variant="primary"
						isBusy={ save.isPending }
						disabled={ save.isPending }
						accessibleWhenDisabled
						__next40pxDefaultSize
					>
						{ __( 'Save list', 'rollcall' ) }
					</Button>
				</div>
			</form>
		</Modal>
	);
}
