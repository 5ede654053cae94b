declare module '*.scss';

// The package has no types of its own; these two are all that the block uses.
declare module '@wordpress/block-editor' {
	import type { HTMLAttributes, ReactNode } from 'react';
	export function InspectorControls( props: { children: ReactNode } ): ReactNode;
	export function useBlockProps(): HTMLAttributes< HTMLDivElement >;
}
