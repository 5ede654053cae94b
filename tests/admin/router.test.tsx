import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { openPage } from './page.tsx';
import { filled } from './routes.ts';

afterEach( () => document.getElementById( 'toplevel_page_rollcall' )?.remove() );

/** The submenu as WordPress prints it. */
function printMenu(): HTMLAnchorElement[] {
	const menu = document.createElement( 'div' );
	menu.id = 'toplevel_page_rollcall';
	menu.innerHTML = `<ul class="wp-submenu">${ [ '', '&amp;screen=connect', '&amp;screen=settings' ].map( ( place ) => `<li><a href="http://site.test/wp-admin/admin.php?page=rollcall${ place }">x</a></li>` ).join( '' ) }</ul>`;
	document.body.append( menu );
	return [ ...menu.querySelectorAll( 'a' ) ];
}

describe( 'the place', () => {
	it( 'follows the links of the admin menu and marks the current one', async () => {
		const [ overview, connect ] = printMenu();
		document.title = 'Overview ‹ Rollcall ‹ Site — WordPress';
		openPage( '', filled() );
		await screen.findByRole( 'heading', { level: 1, name: 'Overview' } );
		expect( overview?.getAttribute( 'aria-current' ) ).toBe( 'page' );
		fireEvent.click( connect ?? document.body );
		await screen.findByRole( 'heading', { level: 1, name: 'Connect' } );
		expect( connect?.parentElement?.classList.contains( 'current' ) ).toBe( true );
		expect( overview?.hasAttribute( 'aria-current' ) ).toBe( false );
		expect( document.title ).toBe( 'Connect ‹ Rollcall ‹ Site — WordPress' );
	} );

	it( 'follows Back', async () => {
		openPage( '&screen=settings', filled() );
		await screen.findByRole( 'heading', { level: 1, name: 'Settings' } );
		window.history.replaceState( null, '', '/wp-admin/admin.php?page=rollcall&screen=companies' );
		act( () => void window.dispatchEvent( new PopStateEvent( 'popstate' ) ) );
		expect( await screen.findByRole( 'heading', { level: 1, name: 'Companies' } ) ).toBeTruthy();
	} );

	it( 'opens the Overview for a screen that does not exist', async () => {
		openPage( '&screen=nowhere', filled() );
		expect( await screen.findByRole( 'heading', { level: 1, name: 'Overview' } ) ).toBeTruthy();
	} );
} );
