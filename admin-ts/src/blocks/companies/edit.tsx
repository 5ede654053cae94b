import { Placeholder, ToggleControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { AtMost, InEditor } from '../in-editor.tsx';
import metadata from './block.json';

export type Attributes = { limit: number; show_batch: boolean };
type EditProps = { attributes: Attributes; setAttributes: ( changed: Partial< Attributes > ) => void };

function Nothing() {
	return (
		<Placeholder icon="groups" label={ __( 'Companies among your users', 'rollcall' ) }>
			{ __( 'Nothing is shown here yet: switch the wall on in the settings of Rollcall, and run the matcher.', 'rollcall' ) }
		</Placeholder>
	);
}

/** The block in the editor, with its settings. */
export function Edit( { attributes, setAttributes }: EditProps ) {
	return (
		<InEditor block={ metadata.name } attributes={ attributes } title={ __( 'Companies', 'rollcall' ) } empty={ Nothing }>
			<AtMost limit={ attributes.limit } bounds={ metadata.attributes.limit } onChange={ ( limit ) => setAttributes( { limit } ) } />
			<ToggleControl
				label={ __( 'Show the batch', 'rollcall' ) }
				checked={ attributes.show_batch }
				onChange={ ( show_batch ) => setAttributes( { show_batch } ) }
				__nextHasNoMarginBottom
			/>
		</InEditor>
	);
}
