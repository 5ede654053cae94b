import { InspectorControls, useBlockProps } from '@wordpress/block-editor';
import { Disabled, PanelBody, RangeControl } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
// The default one: WordPress 6.8 has no other.
import ServerSideRender from '@wordpress/server-side-render';
import type { ComponentType, ReactNode } from 'react';

type InEditorProps = {
	/** Name of the block. */
	block: string;
	attributes: Record< string, unknown >;
	/** Of the panel that holds the settings. */
	title: string;
	/** The settings. */
	children: ReactNode;
	/** Shown where visitors get nothing. */
	empty?: ComponentType;
};

/** A block in the editor: what visitors get without script, drawn by WordPress, with its settings beside it. */
export function InEditor( { block, attributes, title, children, empty }: InEditorProps ) {
	return (
		<div { ...useBlockProps() }>
			<InspectorControls>
				<PanelBody title={ title }>{ children }</PanelBody>
			</InspectorControls>
			<Disabled>
				<ServerSideRender block={ block } attributes={ attributes } { ...( empty && { EmptyResponsePlaceholder: empty } ) } />
			</Disabled>
		</div>
	);
}

type AtMostProps = {
	limit: number;
	/** As block.json has them. */
	bounds: { default: number; minimum: number; maximum: number };
	onChange: ( limit: number ) => void;
};

/** How many are shown. */
export function AtMost( { limit, bounds, onChange }: AtMostProps ) {
	return (
		<RangeControl
			label={ __( 'At most', 'rollcall' ) }
			value={ limit }
			onChange={ ( chosen ) => onChange( chosen ?? bounds.default ) }
			min={ bounds.minimum }
			max={ bounds.maximum }
			__next40pxDefaultSize
			__nextHasNoMarginBottom
		/>
	);
}
