import { BaseControl, CheckboxControl } from '@wordpress/components';
import type { DataFormControlProps, Field } from '@wordpress/dataviews';
import { __ } from '@wordpress/i18n';
import { NOTICE_RHYTHMS, RUN_SCHEDULES, wordsOf } from '../../../../companion/src/contract/vocabulary.ts';
import { useSources } from '../../data/run-queries.ts';
import { noticeRhythmText, runScheduleText, userSourceText } from '../../words.ts';
import type { Draft } from './draft.ts';

/** Sources of runs that start by themselves; a pasted list is not among them. */
function RunSources( { data, field, onChange, validity }: DataFormControlProps< Draft > ) {
	const known = useSources().data?.items ?? [];
	const names = [
		...new Set( [ ...known.filter( ( { available } ) => available ).map( ( { source } ) => source ), ...data.run_sources ] ),
	].filter( ( source ) => source !== 'paste' );
	const titleOf = ( name: string ) => known.find( ( { source } ) => source === name )?.title ?? userSourceText( name );
	return (
		<fieldset className="rollcall-choice">
			<BaseControl.VisualLabel as="legend">{ field.label }</BaseControl.VisualLabel>
			<div className="rollcall-choice__options">
				{ names.map( ( name ) => (
					<CheckboxControl
						key={ name }
						label={ titleOf( name ) }
						checked={ data.run_sources.includes( name ) }
						onChange={ ( is_on ) =>
							onChange( {
								run_sources: names.filter( ( other ) => ( other === name ? is_on : data.run_sources.includes( other ) ) ),
							} )
						}
						__nextHasNoMarginBottom
					/>
				) ) }
			</div>
			{ validity?.custom ? <p role="alert">{ validity.custom.message }</p> : null }
		</fieldset>
	);
}

function runFields(): Field< Draft >[] {
	return [
		{
			id: 'threshold',
			type: 'integer',
			label: __( 'Fewest people a domain needs to be sent', 'rollcall' ),
			description: __(
				'A domain that few people share may give one of them away. Below this number a domain is never sent to the companion; the report counts such people in one line.',
				'rollcall'
			),
		},
		{
			id: 'run_schedule',
			type: 'text',
			Edit: 'select',
			label: __( 'Run the matcher', 'rollcall' ),
			description: __( 'Runs that start by themselves send only domains that you have agreed to send once.', 'rollcall' ),
			elements: wordsOf( RUN_SCHEDULES ).map( ( value ) => ( { value, label: runScheduleText( value ) } ) ),
		},
		{
			id: 'run_sources',
			type: 'array',
			Edit: RunSources,
			label: __( 'Whose addresses such a run reads', 'rollcall' ),
			isVisible: ( draft ) => draft.run_schedule !== 'off',
		},
		{
			id: 'run_retention_days',
			type: 'integer',
			label: __( 'Days for which runs are kept', 'rollcall' ),
			description: __( 'Older runs are deleted with their figures. The live report stays.', 'rollcall' ),
		},
	];
}

function otherFields(): Field< Draft >[] {
	return [
		{
			id: 'signup_notices',
			type: 'text',
			Edit: 'select',
			label: __( 'Mail about sign-ups from listed companies', 'rollcall' ),
			description: __( 'It names company, batch and domain with a link to the profile; never the address or the name.', 'rollcall' ),
			elements: wordsOf( NOTICE_RHYTHMS ).map( ( value ) => ( { value, label: noticeRhythmText( value ) } ) ),
		},
		{
			id: 'recipients',
			type: 'text',
			Edit: 'textarea',
			label: __( 'Who gets it', 'rollcall' ),
			description: __( 'One address a line. Empty: the administration address of the site.', 'rollcall' ),
			isVisible: ( draft ) => draft.signup_notices !== 'off',
		},
		{
			id: 'webhook_url',
			type: 'text',
			label: __( 'Address that is told of finished runs', 'rollcall' ),
			description: __(
				'The companion sends a signed POST with the figures of the run: no domain, no address. Empty: nobody is told.',
				'rollcall'
			),
		},
		{
			id: 'dead_man_url',
			type: 'text',
			label: __( 'Address that is called while monitoring goes on', 'rollcall' ),
			description: __(
				'The companion calls it about once a minute as long as checks are made and stored here. A service that raises the alarm when the calls stop tells you when monitoring itself has died. Empty: nobody is called.',
				'rollcall'
			),
		},
		{
			id: 'companies_wall_enabled',
			type: 'boolean',
			Edit: 'toggle',
			label: __( 'Show companies to visitors', 'rollcall' ),
			description: __( 'The shortcode [rollcall_companies] and its block show nothing until this is on.', 'rollcall' ),
		},
		{
			id: 'companies_wall_minimum',
			type: 'integer',
			label: __( 'Fewest users a company needs to be shown', 'rollcall' ),
			description: __( 'A higher number keeps single people from being recognised.', 'rollcall' ),
		},
		{
			id: 'companies_public',
			type: 'boolean',
			Edit: 'toggle',
			label: __( 'Let anyone read companies.json', 'rollcall' ),
			description: __(
				'The list that is in use, without anything about your users. Off: only people who may see reports.',
				'rollcall'
			),
		},
		{
			id: 'delete_data_on_uninstall',
			type: 'boolean',
			Edit: 'toggle',
			label: __( 'Delete all data of Rollcall', 'rollcall' ),
			description: __(
				'Its tables and settings go when you delete the plugin on the Plugins screen. Deactivating it deletes nothing.',
				'rollcall'
			),
		},
	];
}

/** Fields of the settings; which panel shows which stands in the screen. */
export function fields(): Field< Draft >[] {
	return [ ...runFields(), ...otherFields() ];
}
