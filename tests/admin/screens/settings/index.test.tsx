import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { allowed, makeSettings } from '../../fixtures.ts';
import { failure, openPage } from '../../page.tsx';
import { filled } from '../../routes.ts';

const PLACE = '&screen=settings';

describe( 'the Settings screen', () => {
	it( 'saves all settings under one name and says so', async () => {
		const { requests } = openPage( PLACE, { ...filled(), 'PUT /settings': ( { body } ) => ( { body } ) } );
		fireEvent.click( await screen.findByLabelText( 'Show companies to visitors' ) );
		fireEvent.change( screen.getByLabelText( 'Fewest users a company needs to be shown' ), { target: { value: '5' } } );
		fireEvent.click( screen.getByRole( 'button', { name: 'Save settings' } ) );
		expect( ( await screen.findAllByText( 'Settings saved.' ) ).length ).toBeGreaterThan( 0 );
		expect( requests.find( ( { method } ) => method === 'PUT' )?.body ).toEqual( {
			settings: makeSettings( { companies_wall_enabled: true, companies_wall_minimum: 5 } ),
		} );
	} );

	it.each( [ '0', '-1', '1.5', '', '1000001', 'five' ] )( 'does not send "%s" as the fewest users', async ( text ) => {
		const { requests } = openPage( PLACE, filled() );
		fireEvent.change( await screen.findByLabelText( 'Fewest users a company needs to be shown' ), { target: { value: text } } );
		fireEvent.click( screen.getByRole( 'button', { name: 'Save settings' } ) );
		expect( screen.getByText( 'Give a whole number from 1 to 1,000,000.' ) ).toBeTruthy();
		expect( requests.some( ( { method } ) => method === 'PUT' ) ).toBe( false );
	} );

	it( 'keeps what was typed when saving fails', async () => {
		openPage( PLACE, {
			...filled(),
			'PUT /settings': failure( 'database_busy', 503, 'The database did not take the change.', 'Try again.' ),
		} );
		const toggle = await screen.findByLabelText( 'Let anyone read companies.json' );
		fireEvent.click( toggle );
		fireEvent.click( screen.getByRole( 'button', { name: 'Save settings' } ) );
		await screen.findByText( 'The database did not take the change.', { selector: 'p' } );
		await vi.waitFor( () => expect( toggle ).toHaveProperty( 'checked', true ) );
	} );

	it( 'asks for nothing without the right to change settings', async () => {
		window.rollcall_settings = allowed( { settings: false } );
		const { requests } = openPage( PLACE, filled() );
		expect( await screen.findByText( 'You may not change settings.' ) ).toBeTruthy();
		expect( requests ).toEqual( [] );
	} );
} );
