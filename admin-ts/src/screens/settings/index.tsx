import { Button, TextControl, ToggleControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { useState, type FormEvent } from 'react';
import type { Settings } from '../../../../companion/src/contract/site.ts';
import { Answer, EmptyFace, ErrorFace } from '../../components/faces.tsx';
import { Frame, Panel } from '../../components/frame.tsx';
import { useNotify } from '../../components/notify.tsx';
import { useSaveSettings, useSettings } from '../../data/queries.ts';
import { pageSettings } from '../../page-settings.ts';

const LOWEST = 1;
const HIGHEST = 1_000_000;

/** The whole number in a text that lies in the allowed range; undefined when there is none. */
function minimumOf( text: string ): number | undefined {
	const number = /^\d{1,7}$/.test( text ) ? Number( text ) : NaN;
	return number >= LOWEST && number <= HIGHEST ? number : undefined;
}

function Form( { saved }: { saved: Settings } ) {
	const [ draft, setDraft ] = useState( saved );
	const [ minimum, setMinimum ] = useState( String( saved.companies_wall_minimum ) );
	const save = useSaveSettings();
	const notify = useNotify();
	const users = minimumOf( minimum );
	const onSubmit = ( event: FormEvent ) => {
		event.preventDefault();
		if ( users !== undefined ) {
			save.mutate( { ...draft, companies_wall_minimum: users }, { onSuccess: () => notify( __( 'Settings saved.', 'rollcall' ) ) } );
		}
	};
	return (
		<form className="rollcall-stack" onSubmit={ onSubmit }>
			<Panel title={ __( 'Wall of companies', 'rollcall' ) }>
				<ToggleControl
					label={ __( 'Show companies to visitors', 'rollcall' ) }
					help={ __( 'The shortcode [rollcall_companies] and its block show nothing until this is on.', 'rollcall' ) }
					checked={ draft.companies_wall_enabled }
					onChange={ ( companies_wall_enabled ) => setDraft( { ...draft, companies_wall_enabled } ) }
					__nextHasNoMarginBottom
				/>
				<TextControl
					label={ __( 'Fewest users a company needs to be shown', 'rollcall' ) }
					help={
						users === undefined
							? __( 'Give a whole number from 1 to 1,000,000.', 'rollcall' )
							: __( 'A higher number keeps single people from being recognised.', 'rollcall' )
					}
					aria-invalid={ users === undefined }
					type="number"
					min={ LOWEST }
					max={ HIGHEST }
					value={ minimum }
					onChange={ setMinimum }
					className="rollcall-short-field"
					__next40pxDefaultSize
					__nextHasNoMarginBottom
				/>
			</Panel>
			<Panel title={ __( 'Companies list', 'rollcall' ) }>
				<ToggleControl
					label={ __( 'Let anyone read companies.json', 'rollcall' ) }
					help={ __(
						'The list that is in use, without anything about your users. Off: only people who may see reports.',
						'rollcall'
					) }
					checked={ draft.companies_public }
					onChange={ ( companies_public ) => setDraft( { ...draft, companies_public } ) }
					__nextHasNoMarginBottom
				/>
			</Panel>
			<Panel title={ __( 'When the plugin is deleted', 'rollcall' ) }>
				<ToggleControl
					label={ __( 'Delete all data of Rollcall', 'rollcall' ) }
					help={ __(
						'Its tables and settings go when you delete the plugin on the Plugins screen. Deactivating it deletes nothing.',
						'rollcall'
					) }
					checked={ draft.delete_data_on_uninstall }
					onChange={ ( delete_data_on_uninstall ) => setDraft( { ...draft, delete_data_on_uninstall } ) }
					__nextHasNoMarginBottom
				/>
			</Panel>
			{ save.error ? <ErrorFace error={ save.error } /> : null }
			<div className="rollcall-actions">
				<Button
					type="submit"
					variant="primary"
					isBusy={ save.isPending }
					disabled={ save.isPending || users === undefined }
					accessibleWhenDisabled
					__next40pxDefaultSize
				>
					{ __( 'Save settings', 'rollcall' ) }
				</Button>
			</div>
		</form>
	);
}

/** What visitors may see, and what happens to the data when the plugin is deleted. */
export default function SettingsScreen() {
	const is_allowed = pageSettings().can.settings;
	return (
		<Frame
			title={ __( 'Settings', 'rollcall' ) }
			subtitle={ __( 'What visitors may see, and what happens to your data.', 'rollcall' ) }
		>
			{ is_allowed ? (
				<Loaded />
			) : (
				<EmptyFace title={ __( 'You may not change settings.', 'rollcall' ) }>
					{ __( 'Ask an administrator for the right.', 'rollcall' ) }
				</EmptyFace>
			) }
		</Frame>
	);
}

function Loaded() {
	const settings = useSettings();
	return (
		<Answer of={ settings } lines={ 6 }>
			{ ( saved ) => <Form saved={ saved } /> }
		</Answer>
	);
}
