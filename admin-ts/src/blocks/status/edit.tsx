import { InspectorControls, useBlockProps } from '@wordpress/block-editor';
import { Disabled, PanelBody, RangeControl, ToggleControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
// The default one: WordPress 6.8 has no other.
import ServerSideRender from '@wordpress/server-side-render';
import metadata from './block.json';

export type Attributes = { limit: number; show_stats: boolean };
type EditProps = { attributes: Attributes; setAttributes: ( changed: Partial< Attributes > ) => void };

/** The block in the editor: what visitors get, drawn by WordPress, with two settings beside it. */
export function Edit( { attributes, setAttributes }: EditProps ) {
	return (
		<div { ...useBlockProps() }>
			<InspectorControls>
				<PanelBody title={ __( 'Monitors', 'rollcall' ) }>
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
						label={ __( 'Show the figures of all monitors', 'rollcall' ) }
						checked={ attributes.show_stats }
						onChange={ ( show_stats ) => setAttributes( { show_stats } ) }
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
