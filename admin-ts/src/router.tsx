import { createContext, useContext, useEffect, useState, type MouseEvent, type ReactNode } from 'react';
import { addQueryArgs, getQueryArg } from '@wordpress/url';
import { pageSettings } from './page-settings.ts';

/** Where the page is: a screen and, on screens that have several, its view. */
export type Place = { screen: string; view: string };

type Router = Place & { go: ( screen: string, view?: string ) => void };

const RouterContext = createContext< Router >( { screen: '', view: '', go: () => undefined } );

export const useRouter = () => useContext( RouterContext );

function argument( url: string, name: string ): string {
	const value = getQueryArg( url, name );
	return typeof value === 'string' ? value : '';
}

/** The place that an address of the admin page names. */
export function placeOf( url: string ): Place {
	return { screen: argument( url, 'screen' ), view: argument( url, 'view' ) };
}

/** Address of a screen, also for a new tab. */
export function addressOf( screen: string, view = '' ): string {
	const query = { ...( screen === 'overview' ? {} : { screen } ), ...( view ? { view } : {} ) };
	return addQueryArgs( pageSettings().page_url, query );
}

/** View of the Matcher screen that shows the report on a source. */
export function reportView( source: string ): string {
	return source === 'users' ? 'report' : `report-${ source }`;
}

/** View that shows what a run has read: the source of it, or all together when there are several. */
export function reportViewOf( run: { sources: readonly string[] } ): string {
	const [ first = 'users', ...others ] = run.sources;
	return reportView( others.length > 0 ? 'all' : first );
}

function isPlainClick( event: {
	button: number;
	metaKey: boolean;
	ctrlKey: boolean;
	shiftKey: boolean;
	altKey: boolean;
	defaultPrevented: boolean;
} ): boolean {
	return event.button === 0 && ! event.metaKey && ! event.ctrlKey && ! event.shiftKey && ! event.altKey && ! event.defaultPrevented;
}

/** Marks the entry of the admin menu that leads to this screen, as WordPress does when it prints the menu. */
function markMenu( screen: string ): void {
	for ( const link of document.querySelectorAll< HTMLAnchorElement >( '#toplevel_page_rollcall .wp-submenu a' ) ) {
		const is_current = ( placeOf( link.href ).screen || 'overview' ) === screen;
		link.classList.toggle( 'current', is_current );
		link.parentElement?.classList.toggle( 'current', is_current );
		if ( is_current ) {
			link.setAttribute( 'aria-current', 'page' );
		} else {
			link.removeAttribute( 'aria-current' );
		}
	}
}

/** Keeps the place in the address bar, takes the links of the admin menu over, and follows Back and Forward. */
export function RouterProvider( { children }: { children: ReactNode } ) {
	const [ place, setPlace ] = useState( () => placeOf( window.location.href ) );
	const screen = place.screen || 'overview';

	const go = ( next: string, view = '' ) => {
		// Only the query: the site may be open under another host than the one that it knows.
		window.history.pushState( null, '', new URL( addressOf( next, view ), window.location.href ).search );
		setPlace( { screen: next, view } );
		window.scrollTo( 0, 0 );
	};

	useEffect( () => {
		const follow = () => setPlace( placeOf( window.location.href ) );
		const onMenuClick = ( event: globalThis.MouseEvent ) => {
			const target = event.target instanceof Element ? event.target.closest( '#toplevel_page_rollcall .wp-submenu a' ) : null;
			if ( target instanceof HTMLAnchorElement && isPlainClick( event ) ) {
				event.preventDefault();
				go( placeOf( target.href ).screen || 'overview' );
			}
		};
		window.addEventListener( 'popstate', follow );
		document.addEventListener( 'click', onMenuClick );
		return () => {
			window.removeEventListener( 'popstate', follow );
			document.removeEventListener( 'click', onMenuClick );
		};
	}, [] );
	useEffect( () => markMenu( screen ), [ screen ] );

	return <RouterContext.Provider value={ { screen, view: place.view, go } }>{ children }</RouterContext.Provider>;
}

/** Props of a link or link-like button that stays inside the page on a plain click. */
export function useLink( screen: string, view = '' ): { href: string; onClick: ( event: MouseEvent ) => void } {
	const { go } = useRouter();
	return {
		href: addressOf( screen, view ),
		onClick: ( event ) => {
			if ( isPlainClick( event ) ) {
				event.preventDefault();
				go( screen, view );
			}
		},
	};
}

export function ScreenLink( { to, view, children }: { to: string; view?: string; children: ReactNode } ) {
	return <a { ...useLink( to, view ) }>{ children }</a>;
}
