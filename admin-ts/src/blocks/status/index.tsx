import { registerBlockType } from '@wordpress/blocks';
import metadata from './block.json';
import { Edit, type Attributes } from './edit.tsx';

// Rendered in PHP by the same code as the shortcode, so nothing but the attributes is saved.
// WordPress hands the rest of block.json to the editor by itself.
registerBlockType< Attributes >( metadata.name, {
	title: metadata.title,
	category: metadata.category,
	attributes: { limit: { type: 'integer', default: 1000 }, show_stats: { type: 'boolean', default: true } },
	edit: Edit,
	save: () => null,
} );
