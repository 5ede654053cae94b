import { Button } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { useMemo, useState, type FormEvent, type ReactNode } from 'react';
import type { Settings } from '../../../../companion/src/contract/site.ts';
import { Answer, EmptyFace, ErrorFace, LoadingFace } from '../../components/faces.tsx';
import { Frame, Panel } from '../../components/frame.tsx';
import { lazily } from '../../components/lazily.tsx';
import { useNotify } from '../../components/notify.tsx';
import { useSaveSettings, useSettings } from '../../data/queries.ts';
import { pageSettings } from '../../page-settings.ts';
import { draftOf, problemsOf, settingsOf, type Draft } from './draft.ts';
import { fields } from './fields.tsx';
import { Secret } from './secret.tsx';

/** DataForm comes with the tables, in one part of the page. */
const useForms = lazily( () => import( /* webpackChunkName: "dataviews" */ '../../components/dataviews.ts' ) );

type Group = { title: string; fields: ( keyof Draft )[]; after?: ReactNode };

function groups( saved: Settings ): Group[] {
	return [
		{
			title: __( 'Runs of the matcher', 'rollcall' ),
			fields: [ 'run_schedule', 'run_sources', 'threshold', 'run_retention_days' ],
		},
		{ title: __( 'Sign-ups', 'rollcall' ), fields: [ 'signup_notices', 'recipients' ] },
		{ title: __( 'Webhook', 'rollcall' ), fields: [ 'webhook_url' ], after: <Secret saved={ saved } /> },
		{ title: __( 'Monitoring', 'rollcall' ), fields: [ 'dead_man_url' ] },
		{ title: __( 'Wall of companies', 'rollcall' ), fields: [ 'companies_wall_enabled', 'companies_wall_minimum' ] },
		{ title: __( 'Companies list', 'rollcall' ), fields: [ 'companies_public' ] },
		{ title: __( 'When the plugin is deleted', 'rollcall' ), fields: [ 'delete_data_on_uninstall' ] },
	];
}

function Form( { saved }: { saved: Settings } ) {
	const forms = useForms();
	const [ draft, setDraft ] = useState( () => draftOf( saved ) );
	const [ tried, setTried ] = useState( false );
	const save = useSaveSettings();
	const notify = useNotify();
	const known = useMemo( fields, [] );
	if ( ! forms.part ) {
		return forms.error ? <ErrorFace error={ forms.error } /> : <LoadingFace lines={ 6 } />;
	}
	const { DataForm } = forms.part;
	const problems = problemsOf( draft );
	const validity = Object.fromEntries(
		Object.entries( problems ).map( ( [ name, message ] ) => [ name, { custom: { type: 'invalid' as const, message } } ] )
	);
	const onSubmit = ( event: FormEvent ) => {
		event.preventDefault();
		setTried( true );
		if ( Object.keys( problems ).length === 0 ) {
			save.mutate( settingsOf( draft, saved ), {
				onSuccess: ( stored ) => {
					setDraft( draftOf( stored ) );
					notify( __( 'Settings saved.', 'rollcall' ) );
				},
			} );
		}
	};
	return (
		<form className="rollcall-stack" onSubmit={ onSubmit } noValidate>
			{ groups( saved ).map( ( group ) => (
				<Panel key={ group.title } title={ group.title }>
					<DataForm
						data={ draft }
						fields={ known }
						form={ { layout: { type: 'regular' }, fields: group.fields } }
						onChange={ ( patch ) => setDraft( { ...draft, ...patch } ) }
						validity={ validity }
					/>
					{ group.after }
				</Panel>
			) ) }
			{ save.error ? <ErrorFace error={ save.error } /> : null }
			<div className="rollcall-actions">
				<Button
					type="submit"
					variant="primary"
					isBusy={ save.isPending }
					disabled={ save.isPending }
					accessibleWhenDisabled
					__next40pxDefaultSize
				>
					{ __( 'Save settings', 'rollcall' ) }
				</Button>
				<span role="status">{ tried ? Object.values( problems ).join( ' ' ) : '' }</span>
			</div>
		</form>
	);
}

/** What runs by itself, who is told, what visitors may see, and what happens to the data when the plugin is deleted. */
export default function SettingsScreen() {
	const is_allowed = pageSettings().can.settings;
	return (
		<Frame
			title={ __( 'Settings', 'rollcall' ) }
			subtitle={ __( 'What runs by itself, who is told, and what visitors may see.', 'rollcall' ) }
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
