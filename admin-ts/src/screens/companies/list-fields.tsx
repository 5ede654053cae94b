import { SelectControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import type { ListSource } from '../../../../companion/src/contract/vocabulary.ts';
import { SCHEDULES, scheduleText } from './words.ts';

/** Address that stands for the built-in list of made-up companies. */
export const SAMPLE_URL = 'sample:';

/** Whether a list of this kind is fetched from an address. */
export function isFetched( source: ListSource ): boolean {
	return source === 'yc' || source === 'csv' || source === 'google_sheet';
}

/** What is wrong with the address of a list; undefined when it can be saved. The companion judges it again. */
export function urlProblem( source: ListSource, url: string ): string | undefined {
	if ( ! isFetched( source ) || url === SAMPLE_URL ) {
		return undefined;
	}
	if ( url === '' ) {
		return __( 'Enter the address of the list.', 'rollcall' );
	}
	const parsed = URL.canParse( url ) ? new URL( url ) : undefined;
	if ( ! parsed || ! /^https?:$/.test( parsed.protocol ) ) {
		return __( 'Enter a whole address, which begins with https:// or http://.', 'rollcall' );
	}
	if ( parsed.username !== '' || parsed.password !== '' ) {
		return __( 'Leave user name and password out of the address.', 'rollcall' );
	}
	if ( source === 'google_sheet' && ! ( parsed.hostname === 'docs.google.com' && parsed.pathname.startsWith( '/spreadsheets/' ) ) ) {
		return __( 'Open the sheet and copy its address: it begins with https://docs.google.com/spreadsheets/.', 'rollcall' );
	}
	return undefined;
}

export function ScheduleField( { value, onChange }: { value: number; onChange: ( hours: number ) => void } ) {
	const hours = SCHEDULES.includes( value ) ? SCHEDULES : [ value, ...SCHEDULES ];
	return (
		<SelectControl
			label={ __( 'How often it is fetched', 'rollcall' ) }
			value={ String( value ) }
			options={ hours.map( ( choice ) => ( { value: String( choice ), label: scheduleText( choice ) } ) ) }
			onChange={ ( choice ) => onChange( Number( choice ) ) }
			__next40pxDefaultSize
			__nextHasNoMarginBottom
		/>
	);
}
