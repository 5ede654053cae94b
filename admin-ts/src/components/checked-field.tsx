import { TextControl } from '@wordpress/components';

/** A field whose problem, if any, is said below it and to screen readers. */
export function CheckedField( {
	label,
	help,
	problem,
	value,
	onChange,
	is_url = false,
}: {
	label: string;
	help?: string;
	problem?: string;
	value: string;
	onChange: ( value: string ) => void;
	is_url?: boolean;
} ) {
	return (
		<div className={ problem ? 'rollcall-field is-wrong' : 'rollcall-field' }>
			<TextControl
				label={ label }
				help={ problem ?? help }
				aria-invalid={ problem ? true : undefined }
				value={ value }
				onChange={ onChange }
				type="text"
				inputMode={ is_url ? 'url' : undefined }
				spellCheck={ ! is_url }
				__next40pxDefaultSize
				__nextHasNoMarginBottom
			/>
			<div className="screen-reader-text" role="status">
				{ problem ?? '' }
			</div>
		</div>
	);
}
