import { InspectorControls, useBlockProps } from '@wordpress/block-editor';
import { Disabled, PanelBody, Placeholder, RangeControl, ToggleControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
// The default one: WordPress 6.8 has no other.
import ServerSideRender from '@wordpress/server-side-render';
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

/** The block in the editor: what visitors get, drawn by WordPress, with two settings beside it. */
export function Edit( { attributes, setAttributes }: EditProps ) {
	return (
		<div { ...useBlockProps() }>
			<InspectorControls>
				<PanelBody title={ __( 'Companies', 'rollcall' ) }>
					<RangeControl
						label={ __( 'At most', 'rollcall' ) }
						value={ attributes.limit }
						onChange={ ( limit ) => setAttributes( { limit: limit ?? metadata.attributes.limit.default } ) }
						min={ metadata.attributes.limit.minimum }
						max={ metadata.attributes.limit.maximum }
						__next40pxDefaultSize
						__nextHasNoMarginBottom
					/>
					<ToggleControl
						label={ __( 'Show the batch', 'rollcall' ) }
						checked={ attributes.show_batch }
						onChange={ ( show_batch ) => setAttributes( { show_batch } ) }
						__nextHasNoMarginBottom
					/>
				</PanelBody>
			</InspectorControls>
			<Disabled>
				<ServerSideRender block={ metadata.name } attributes={ attributes } EmptyResponsePlaceholder={ Nothing } />
			</Disabled>
		</div>
	);
}
