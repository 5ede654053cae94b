import { Button, Modal, TextControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { useState, type FormEvent } from 'react';
import type { CompanyList } from '../../../../companion/src/contract/list.ts';
import { ErrorFace } from '../../components/faces.tsx';
import { useNotify } from '../../components/notify.tsx';
import { useListUrl, useUpdateList } from '../../data/queries.ts';
import { pageSettings } from '../../page-settings.ts';

/** Address that stands for the built-in list of made-up companies. */
export const SAMPLE_URL = 'sample:';

/** Failures of the list's own host, for which the built-in sample is a way out. */
const HOST_ERRORS: readonly string[] = [
	'list_unreachable',
	'list_timeout',
	'list_not_json',
	'list_shape',
	'list_empty',
	'target_refused',
];

/** Changes the address of a list, and then has it fetched. */
export function UrlModal( { list, onClose }: { list: CompanyList; onClose: () => void } ) {
	const [ url, setUrl ] = useState( list.url );
	const save = useListUrl();
	const update = useUpdateList();
	const notify = useNotify();
	const error = save.error ?? update.error;
	const send = ( next: string ) =>
		save.mutate(
			{ list_uid: list.list_uid, url: next },
			{
				onSuccess: () => {
					update.mutate( list.list_uid );
					notify( __( 'Address saved. The list is fetched next.', 'rollcall' ) );
					onClose();
				},
			}
		);
	const onSubmit = ( event: FormEvent ) => {
		event.preventDefault();
		send( url.trim() );
	};
	return (
		<Modal title={ __( 'Where the list comes from', 'rollcall' ) } size="medium" onRequestClose={ onClose }>
			<form className="rollcall-stack" onSubmit={ onSubmit }>
				<TextControl
					label={ __( 'Address of the list', 'rollcall' ) }
					help={ __(
						'A JSON list of companies, each with id, name and website. The companion fetches it once a day.',
						'rollcall'
					) }
					value={ url }
					onChange={ setUrl }
					type="text"
					inputMode="url"
					spellCheck={ false }
					__next40pxDefaultSize
					__nextHasNoMarginBottom
				/>
				{ error ? <ErrorFace error={ error } /> : null }
				<div className="rollcall-actions is-end">
					<Button variant="tertiary" onClick={ () => send( SAMPLE_URL ) } disabled={ save.isPending } __next40pxDefaultSize>
						{ __( 'Use the built-in sample', 'rollcall' ) }
					</Button>
					<Button
						type="submit"
						variant="primary"
						isBusy={ save.isPending }
						disabled={ save.isPending || url.trim() === '' }
						accessibleWhenDisabled
						__next40pxDefaultSize
					>
						{ __( 'Save and fetch', 'rollcall' ) }
					</Button>
				</div>
			</form>
		</Modal>
	);
}

/** The way out when the host of the list is down and nothing is in use: a good list is never traded for made-up companies. */
export function SampleOffer( { list }: { list: CompanyList } ) {
	const save = useListUrl();
	const update = useUpdateList();
	const onClick = () => save.mutate( { list_uid: list.list_uid, url: SAMPLE_URL }, { onSuccess: () => update.mutate( list.list_uid ) } );
	const error = save.error ?? update.error;
	const is_needed = list.error_code !== null && HOST_ERRORS.includes( list.error_code ) && list.active_source === null;
	if ( ! is_needed || ! pageSettings().can.settings ) {
		return null;
	}
	return (
		<div className="rollcall-actions">
			<Button variant="secondary" size="compact" isBusy={ save.isPending } onClick={ onClick }>
				{ __( 'Load the built-in sample', 'rollcall' ) }
			</Button>
			<span className="rollcall-muted">{ __( 'Made-up companies, to try Rollcall out.', 'rollcall' ) }</span>
			{ error ? <ErrorFace error={ error } /> : null }
		</div>
	);
}
