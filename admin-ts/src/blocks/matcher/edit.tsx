import { ToggleControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { InEditor } from '../in-editor.tsx';
import metadata from './block.json';

export type Attributes = { show_steps: boolean };
type EditProps = { attributes: Attributes; setAttributes: ( changed: Partial< Attributes > ) => void };

/** The block in the editor, with its setting. */
export function Edit( { attributes, setAttributes }: EditProps ) {
	return (
		<InEditor block={ metadata.name } attributes={ attributes } title={ __( 'Matcher', 'rollcall' ) }>
			<ToggleControl
				label={ __( 'Explain how it works', 'rollcall' ) }
				help={ __( 'Visitors see the field to paste into on the page itself, not here.', 'rollcall' ) }
				checked={ attributes.show_steps }
				onChange={ ( show_steps ) => setAttributes( { show_steps } ) }
				__nextHasNoMarginBottom
			/>
		</InEditor>
	);
}
