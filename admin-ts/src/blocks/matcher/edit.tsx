import { InspectorControls, useBlockProps } from '@wordpress/block-editor';
import { Disabled, PanelBody, ToggleControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
// The default one: WordPress 6.8 has no other.
import ServerSideRender from '@wordpress/server-side-render';
import metadata from './block.json';

export type Attributes = { show_steps: boolean };
type EditProps = { attributes: Attributes; setAttributes: ( changed: Partial< Attributes > ) => void };

/** The block in the editor: what visitors without script get, drawn by WordPress, with its setting beside it. */
export function Edit( { attributes, setAttributes }: EditProps ) {
	return (
		<div { ...useBlockProps() }>
			<InspectorControls>
				<PanelBody title={ __( 'Matcher', 'rollcall' ) }>
					<ToggleControl
						label={ __( 'Explain how it works', 'rollcall' ) }
						help={ __( 'Visitors see the field to paste into on the page itself, not here.', 'rollcall' ) }
						checked={ attributes.show_steps }
						onChange={ ( show_steps ) => setAttributes( { show_steps } ) }
						__nextHasNoMarginBottom
					/>
				</PanelBody>
			</InspectorControls>
			<Disabled>
				<ServerSideRender block={ metadata.name } attributes={ attributes } />
			</Disabled>
		</div>
	);
}
