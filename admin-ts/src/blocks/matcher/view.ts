import { getConfig, getContext, getElement, store, withSyncEvent } from '@wordpress/interactivity';
import { matchList, type Config, type Context } from './match-list.ts';

const NAME = 'rollcall/matcher';

/** What is under way, by matcher of the page. */
const running = new WeakMap< Element, AbortController >();

function rootOf(): HTMLElement | null {
	return getElement().ref?.closest< HTMLElement >( '.rollcall-matcher' ) ?? null;
}

/** Starts unless something is under way. The focus is not lost with the button that stops it, or with the field of a file. */
async function start( source: Blob | string, root: HTMLElement | null, context: Context ): Promise< void > {
	if ( root === null || context.is_busy ) {
		return;
	}
	const controller = new AbortController();
	running.set( root, controller );
	await matchList( source, context, getConfig< Config >( NAME ), controller.signal );
	const button = root.querySelector( '.rollcall-matcher__progress button' );
	const { activeElement, body } = root.ownerDocument;
	if ( activeElement === button || activeElement === body ) {
		root.querySelector< HTMLElement >( '.rollcall-matcher__message' )?.focus( { preventScroll: true } );
	}
}

function fileInput( root: HTMLElement | null ): HTMLInputElement | null {
	return root?.querySelector< HTMLInputElement >( 'input[type=file]' ) ?? null;
}

/** What the button reads: the text, or while there is none the file that the page names. */
function chosen( root: HTMLElement | null ): Blob | string {
	const text = root?.querySelector( 'textarea' )?.value ?? '';
	const input = fileInput( root );
	if ( text.trim() === '' ) {
		return input?.files?.[ 0 ] ?? text;
	}
	if ( input !== null ) {
		input.value = '';
	}
	return text;
}

store( NAME, {
	actions: {
		submit: withSyncEvent( ( event: SubmitEvent ) => {
			event.preventDefault();
			const root = rootOf();
			const context = getContext< Context >();
			if ( ! context.is_busy ) {
				void start( chosen( root ), root, context );
			}
		} ),
		dragOver: withSyncEvent( ( event: DragEvent ) => event.preventDefault() ),
		drop: withSyncEvent( ( event: DragEvent ) => {
			const files = event.dataTransfer?.files;
			const root = rootOf();
			const context = getContext< Context >();
			const input = fileInput( root );
			if ( files?.[ 0 ] === undefined ) {
				return;
			}
			event.preventDefault();
			if ( input !== null && ! context.is_busy ) {
				// Named on the page as if it had been chosen.
				input.files = files;
			}
			void start( files[ 0 ], root, context );
		} ),
		choose: ( event: Event ) => {
			const file = event.target instanceof HTMLInputElement ? event.target.files?.[ 0 ] : undefined;
			if ( file !== undefined ) {
				void start( file, rootOf(), getContext< Context >() );
			}
		},
		cancel: () => {
			const root = rootOf();
			( root === null ? undefined : running.get( root ) )?.abort();
		},
	},
	callbacks: {
		/** Without script the form stays hidden. */
		ready: () => {
			getContext< Context >().is_waiting = false;
		},
	},
} );
