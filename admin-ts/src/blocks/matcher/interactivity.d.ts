// WordPress serves the module; these are all that the view uses of it.
declare module '@wordpress/interactivity' {
	export function store< Parts extends object >( namespace: string, parts: Parts ): Parts;
	export function getConfig< Config >( namespace: string ): Config;
	export function getContext< Context >(): Context;
	export function getElement(): { ref: HTMLElement | null };
	/** Lets an action stop the event before it returns; since WordPress 6.8. */
	export function withSyncEvent< Action extends ( event: never ) => void >( action: Action ): Action;
}
