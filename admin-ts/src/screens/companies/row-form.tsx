import { Modal, SelectControl, TextareaControl, TextControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { useState, type FormEvent } from 'react';
import { COMPANY_STATUSES, wordsOf } from '../../../../companion/src/contract/vocabulary.ts';
import type { ApiError } from '../../data/api.ts';
import { CheckedField } from '../../components/checked-field.tsx';
import { ErrorFace } from '../../components/faces.tsx';
import { FormButtons } from '../../components/form-buttons.tsx';
import { statusText } from '../../words.ts';
import type { TypedRow } from '../../worker/protocol.ts';

export const NEW_ROW: TypedRow = { source_id: '', name: '', website: '', domains: [], status: 'active', batch: '' };

/** A company as it is typed. `problem` is what the parser says of it. */
export function RowForm( {
	row,
	problem,
	error,
	is_busy,
	onSave,
	onClose,
}: {
	row: TypedRow;
	problem?: string;
	error?: ApiError;
	is_busy: boolean;
	onSave: ( row: TypedRow ) => void;
	onClose: () => void;
} ) {
	const [ edited, setEdited ] = useState( row );
	const [ domains, setDomains ] = useState( row.domains.join( '\n' ) );
	const [ tried, setTried ] = useState( false );
	const change = ( part: Partial< TypedRow > ) => setEdited( { ...edited, ...part } );
	const name_problem = edited.name.trim() === '' ? __( 'Give the company a name.', 'rollcall' ) : undefined;
	const onSubmit = ( event: FormEvent ) => {
		event.preventDefault();
		setTried( true );
		if ( ! name_problem ) {
			onSave( { ...edited, name: edited.name.trim(), domains: domains.split( /[\s,;]+/ ).filter( Boolean ) } );
		}
	};
	return (
		<Modal
			title={ row.source_id === '' ? __( 'Add a company', 'rollcall' ) : __( 'Edit company', 'rollcall' ) }
			size="medium"
			onRequestClose={ onClose }
		>
			<form className="rollcall-stack" onSubmit={ onSubmit } noValidate>
				<CheckedField
					label={ __( 'Name of the company', 'rollcall' ) }
					problem={ tried ? name_problem : undefined }
					value={ edited.name }
					onChange={ ( name ) => change( { name } ) }
				/>
				<CheckedField
					label={ __( 'Website', 'rollcall' ) }
					help={ __( 'Users whose address has its domain match the company.', 'rollcall' ) }
					problem={ problem }
					value={ edited.website }
					onChange={ ( website ) => change( { website } ) }
					is_url
				/>
				<TextareaControl
					label={ __( 'Further domains', 'rollcall' ) }
					help={ __( 'One a line, such as the domain that its people have their mail at.', 'rollcall' ) }
					rows={ 3 }
					value={ domains }
					onChange={ setDomains }
					__nextHasNoMarginBottom
				/>
				<SelectControl
					label={ __( 'Status', 'rollcall' ) }
					value={ edited.status }
					options={ wordsOf( COMPANY_STATUSES ).map( ( status ) => ( { value: status, label: statusText( status ) } ) ) }
					onChange={ ( status ) => change( { status } ) }
					__next40pxDefaultSize
					__nextHasNoMarginBottom
				/>
				<TextControl
					label={ __( 'Batch', 'rollcall' ) }
					help={ __( 'Any word by which you group companies; may be empty.', 'rollcall' ) }
					value={ edited.batch }
					onChange={ ( batch ) => change( { batch } ) }
					__next40pxDefaultSize
					__nextHasNoMarginBottom
				/>
				{ error ? <ErrorFace error={ error } /> : null }
				<FormButtons submit={ __( 'Save company', 'rollcall' ) } is_busy={ is_busy } onCancel={ onClose } />
			</form>
		</Modal>
	);
}
