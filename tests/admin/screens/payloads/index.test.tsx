import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { openPage } from '../../page.tsx';
import { filled } from '../../routes.ts';

describe( 'the screen of what left the site', () => {
	it( 'opens a text word by word, with line breaks', async () => {
		openPage( '&screen=payloads', filled() );
		const route = await screen.findByText( 'POST /rollcall/v1/exchange' );
		const row = route.closest( 'tr' );
		const title = row?.querySelector( '.dataviews-title-field' );
		expect( title ).toBeTruthy();
		fireEvent.click( title ?? route );
		const dialog = await screen.findByRole( 'dialog', { name: 'POST /rollcall/v1/exchange' } );
		const text = await within( dialog ).findByRole( 'region', { name: 'What was sent' } );
		expect( JSON.parse( text.textContent ?? '' ) ).toEqual( { domains: [ 'airbnb.com' ] } );
		expect( text.textContent ).toContain( '\n' );
	} );
} );
