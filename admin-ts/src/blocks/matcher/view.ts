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

store( NAME, {
	actions: {
		submit: withSyncEvent( ( event: SubmitEvent ) => {
			event.preventDefault();
			const root = rootOf();
			void start( root?.querySelector( 'textarea' )?.value ?? '', root, getContext< Context >() );
		} ),
		dragOver: withSyncEvent( ( event: DragEvent ) => event.preventDefault() ),
		drop: withSyncEvent( ( event: DragEvent ) => {
			const file = event.dataTransfer?.files[ 0 ];
			if ( file !== undefined ) {
				event.preventDefault();
				void start( file, rootOf(), getContext< Context >() );
			}
		} ),
		choose: ( event: Event ) => {
			const input = event.target instanceof HTMLInputElement ? event.target : null;
			const file = input?.files?.[ 0 ];
			if ( input !== null && file !== undefined ) {
				void start( file, rootOf(), getContext< Context >() );
				// The same file can be chosen again.
				input.value = '';
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
