import { registerBlockType } from '@wordpress/blocks';
import metadata from './block.json';
import { Edit, type Attributes } from './edit.tsx';

// Rendered in PHP by the same code as the shortcode, so nothing but the attributes is saved.
registerBlockType< Attributes >( metadata.name, {
	title: metadata.title,
	category: metadata.category,
	attributes: { show_steps: { type: 'boolean', default: true } },
	edit: Edit,
	save: () => null,
} );
