import { ToggleControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { AtMost, InEditor } from '../in-editor.tsx';
import metadata from './block.json';

export type Attributes = { limit: number; show_stats: boolean };
type EditProps = { attributes: Attributes; setAttributes: ( changed: Partial< Attributes > ) => void };

/** The block in the editor, with its settings. */
export function Edit( { attributes, setAttributes }: EditProps ) {
	return (
		<InEditor block={ metadata.name } attributes={ attributes } title={ __( 'Monitors', 'rollcall' ) }>
			<AtMost limit={ attributes.limit } bounds={ metadata.attributes.limit } onChange={ ( limit ) => setAttributes( { limit } ) } />
			<ToggleControl
				label={ __( 'Show the figures of all monitors', 'rollcall' ) }
				checked={ attributes.show_stats }
				onChange={ ( show_stats ) => setAttributes( { show_stats } ) }
				__nextHasNoMarginBottom
			/>
		</InEditor>
	);
}
