import { SelectControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { useReportSources, useSourceTitle } from '../../data/run-queries.ts';
import { reportView, useRouter } from '../../router.tsx';

/** Chooses whose addresses the report is about; nothing to choose while only users were read. */
export function ReportSource( { source }: { source: string } ) {
	const { go } = useRouter();
	const others = useReportSources();
	const sourceTitle = useSourceTitle();
	const known = [ ...new Set( [ 'users', ...others, ...( source === 'all' ? [] : [ source ] ) ] ) ];
	if ( known.length < 2 && source !== 'all' ) {
		return null;
	}
	return (
		<SelectControl
			label={ __( 'Report on', 'rollcall' ) }
			value={ source }
			options={ [
				...known.map( ( value ) => ( { value, label: sourceTitle( value ) } ) ),
				{ value: 'all', label: __( 'All of them together', 'rollcall' ) },
			] }
			onChange={ ( value ) => go( 'matcher', reportView( value ) ) }
			className="rollcall-short-field"
			__next40pxDefaultSize
			__nextHasNoMarginBottom
		/>
	);
}
