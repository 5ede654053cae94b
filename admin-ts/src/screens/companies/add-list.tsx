import { Button, Modal, RadioControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { useState, type FormEvent } from 'react';
import type { ListCreation } from '../../../../companion/src/contract/list.ts';
import { CheckedField } from '../../components/checked-field.tsx';
import { ErrorFace } from '../../components/faces.tsx';
import { useNotify } from '../../components/notify.tsx';
import { useAddList } from '../../data/list-queries.ts';
import { useRouter } from '../../router.tsx';
import { isFetched, ScheduleField, urlProblem } from './list-fields.tsx';
import { UploadFlow } from './upload.tsx';
import { kindText } from './words.ts';

type Kind = ListCreation[ 'source' ];
const KINDS: readonly Kind[] = [ 'upload', 'manual', 'csv', 'google_sheet', 'yc' ];

function KindField( { kind, onChange }: { kind: Kind; onChange: ( kind: Kind ) => void } ) {
	const options = KINDS.map( ( value ) => ( { value, ...kindText( value ) } ) );
	return (
		<RadioControl
			label={ __( 'Where the companies come from', 'rollcall' ) }
			selected={ kind }
			options={ options }
			onChange={ ( value ) => onChange( KINDS.find( ( known ) => known === value ) ?? kind ) }
		/>
	);
}

/** Adds a list; an upload is read and shown first, rows by hand are typed on the screen that opens next. */
export function AddList( { onClose }: { onClose: () => void } ) {
	const [ list, setList ] = useState< ListCreation >( { title: '', source: 'upload', url: '', schedule_hours: 24 } );
	const [ tried, setTried ] = useState( false );
	const [ uploads, setUploads ] = useState( false );
	const add = useAddList();
	const notify = useNotify();
	const { go } = useRouter();
	const change = ( part: Partial< ListCreation > ) => setList( { ...list, ...part } );
	const clean = { ...list, title: list.title.trim(), url: isFetched( list.source ) ? list.url.trim() : '' };
	const title_problem = clean.title === '' ? __( 'Give the list a name.', 'rollcall' ) : undefined;
	const url_problem = urlProblem( clean.source, clean.url );

	const onSubmit = ( event: FormEvent ) => {
		event.preventDefault();
		setTried( true );
		if ( title_problem || url_problem ) {
			return;
		}
		if ( clean.source === 'upload' ) {
			setUploads( true );
			return;
		}
		add.mutate( clean, {
			onSuccess: ( { list_uid } ) => {
				onClose();
				if ( isFetched( clean.source ) ) {
					notify( __( 'List added. It is fetched next.', 'rollcall' ) );
				} else {
					notify( __( 'List added.', 'rollcall' ) );
					go( 'companies', `rows-${ list_uid }` );
				}
			},
		} );
	};
	if ( uploads ) {
		return <UploadFlow target={ { title: clean.title } } onClose={ onClose } />;
	}
	return (
		<Modal title={ __( 'Add a list', 'rollcall' ) } size="medium" onRequestClose={ onClose }>
			<form className="rollcall-stack" onSubmit={ onSubmit } noValidate>
				<CheckedField
					label={ __( 'Name of the list', 'rollcall' ) }
					help={ __( 'Matches say which list they come from.', 'rollcall' ) }
					problem={ tried ? title_problem : undefined }
					value={ list.title }
					onChange={ ( title ) => change( { title } ) }
				/>
				<KindField kind={ list.source } onChange={ ( source ) => change( { source } ) } />
				{ isFetched( list.source ) ? (
					<>
						<CheckedField
							label={ __( 'Address of the list', 'rollcall' ) }
							problem={ tried ? url_problem : undefined }
							value={ list.url }
							onChange={ ( url ) => change( { url } ) }
							is_url
						/>
						<ScheduleField value={ list.schedule_hours } onChange={ ( schedule_hours ) => change( { schedule_hours } ) } />
					</>
				) : null }
				{ add.error ? <ErrorFace error={ add.error } /> : null }
				<div className="rollcall-actions is-end">
					<Button variant="tertiary" onClick={ onClose } __next40pxDefaultSize>
						{ __( 'Cancel', 'rollcall' ) }
					</Button>
					<Button
						type="submit"
						variant="primary"
						isBusy={ add.isPending }
						disabled={ add.isPending }
						accessibleWhenDisabled
						__next40pxDefaultSize
					>
						{ list.source === 'upload' ? __( 'Choose a file', 'rollcall' ) : __( 'Add list', 'rollcall' ) }
					</Button>
				</div>
			</form>
		</Modal>
	);
}
