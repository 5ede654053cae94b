import { fireEvent, screen, within } from '@testing-library/react';
import axe from 'axe-core';
import { describe, expect, it, vi } from 'vitest';
import type { Settings } from '../../../../companion/src/contract/site.ts';
import { allowed, makeSettings } from '../../fixtures.ts';
import { failure, openPage, type Reply, type Request } from '../../page.tsx';
import { filled } from '../../routes.ts';

const PLACE = '&screen=settings';

/** WordPress answers with what it stored; an empty secret becomes a new one. */
function stores( { body }: Request ): Reply {
	const { settings } = body as { settings: Settings };
	return { body: { ...settings, webhook_secret: settings.webhook_secret || 'whsec_bmV3' } };
}

const sent = ( requests: Request[] ) => requests.findLast( ( { method } ) => method === 'PUT' )?.body;
const save = () => fireEvent.click( screen.getByRole( 'button', { name: 'Save settings' } ) );

describe( 'the Settings screen', () => {
	it( 'saves all settings under one name and says so', async () => {
		const { requests } = openPage( PLACE, { ...filled(), 'PUT /settings': stores } );
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

	it( 'asks whose addresses a scheduled run reads, of what is on the site, and not of a pasted list', async () => {
		const { requests } = openPage( PLACE, { ...filled(), 'PUT /settings': stores } );
		const schedule = await screen.findByLabelText( 'Run the matcher' );
		expect( screen.queryByRole( 'checkbox', { name: 'Comment authors' } ) ).toBeNull();
		fireEvent.change( schedule, { target: { value: 'weekly' } } );
		const group = await screen.findByRole( 'group', { name: 'Whose addresses such a run reads' } );
		expect( await within( group ).findByRole( 'checkbox', { name: 'Comment authors' } ) ).toBeTruthy();
		expect( within( group ).getAllByRole( 'checkbox' ).length ).toBe( 2 );
		fireEvent.click( within( group ).getByRole( 'checkbox', { name: 'WordPress users' } ) );
		save();
		expect( ( await screen.findAllByText( 'Choose at least one.' ) ).length ).toBeGreaterThan( 0 );
		expect( sent( requests ) ).toBeUndefined();
		fireEvent.click( within( group ).getByRole( 'checkbox', { name: 'Comment authors' } ) );
		save();
		expect( ( await screen.findAllByText( 'Settings saved.' ) ).length ).toBeGreaterThan( 0 );
		expect( sent( requests ) ).toEqual( { settings: makeSettings( { run_schedule: 'weekly', run_sources: [ 'comments' ] } ) } );
	} );

	it( 'takes recipients of notices one a line, and refuses what is no address', async () => {
		const { requests } = openPage( PLACE, { ...filled(), 'PUT /settings': stores } );
		fireEvent.change( await screen.findByLabelText( 'Mail about sign-ups from listed companies' ), { target: { value: 'daily' } } );
		const recipients = await screen.findByLabelText( 'Who gets it' );
		fireEvent.change( recipients, { target: { value: 'ada@site.test\nnobody' } } );
		save();
		expect( ( await screen.findAllByText( 'nobody is no e-mail address.' ) ).length ).toBeGreaterThan( 0 );
		fireEvent.change( recipients, { target: { value: 'ada@site.test\n ed@site.test, ada@site.test' } } );
		save();
		expect( ( await screen.findAllByText( 'Settings saved.' ) ).length ).toBeGreaterThan( 0 );
		expect( sent( requests ) ).toEqual( {
			settings: makeSettings( { signup_notices: 'daily', signup_notice_recipients: [ 'ada@site.test', 'ed@site.test' ] } ),
		} );
	} );

	it.each( [ 'hooks.test', 'ftp://hooks.test', 'https://a:b@hooks.test', 'javascript:alert(1)' ] )(
		'does not take "%s" as the address of the webhook',
		async ( url ) => {
			const { requests } = openPage( PLACE, filled() );
			fireEvent.change( await screen.findByLabelText( 'Address that is told of finished runs' ), { target: { value: url } } );
			save();
			expect( ( await screen.findAllByText( /Give a full http\(s\) address/ ) ).length ).toBeGreaterThan( 0 );
			expect( sent( requests ) ).toBeUndefined();
		}
	);

	it( 'takes the address that is called while monitoring goes on', async () => {
		const { requests } = openPage( PLACE, { ...filled(), 'PUT /settings': stores } );
		const field = await screen.findByLabelText( 'Address that is called while monitoring goes on' );
		fireEvent.change( field, { target: { value: 'alarm.test' } } );
		save();
		expect( ( await screen.findAllByText( /Give a full http\(s\) address/ ) ).length ).toBeGreaterThan( 0 );
		expect( sent( requests ) ).toBeUndefined();
		fireEvent.change( field, { target: { value: ' https://alarm.test/ping ' } } );
		save();
		expect( ( await screen.findAllByText( 'Settings saved.' ) ).length ).toBeGreaterThan( 0 );
		expect( sent( requests ) ).toEqual( { settings: makeSettings( { dead_man_url: 'https://alarm.test/ping' } ) } );
	} );

	it( 'shows the secret of the webhook once there is one, and makes a new one after a question', async () => {
		const { requests } = openPage( PLACE, {
			...filled(),
			'GET /settings': { body: makeSettings( { webhook_url: 'https://hooks.test/run' } ) },
			'PUT /settings': stores,
		} );
		expect( await screen.findByText( makeSettings().webhook_secret ) ).toBeTruthy();
		fireEvent.click( screen.getByRole( 'button', { name: 'New secret' } ) );
		fireEvent.click( within( await screen.findByRole( 'dialog' ) ).getByRole( 'button', { name: 'Make a new secret' } ) );
		expect( await screen.findByText( 'whsec_bmV3' ) ).toBeTruthy();
		expect( sent( requests ) ).toEqual( { settings: makeSettings( { webhook_url: 'https://hooks.test/run', webhook_secret: '' } ) } );
	} );

	it( 'shows no secret while nobody is told of runs', async () => {
		openPage( PLACE, filled() );
		expect( await screen.findByLabelText( 'Address that is told of finished runs' ) ).toBeTruthy();
		expect( screen.queryByRole( 'button', { name: 'New secret' } ) ).toBeNull();
	} );

	it( 'has no faults of accessibility with every field shown', async () => {
		openPage( PLACE, {
			...filled(),
			'GET /settings': {
				body: makeSettings( { run_schedule: 'daily', signup_notices: 'daily', webhook_url: 'https://hooks.test/run' } ),
			},
		} );
		expect( await screen.findByLabelText( 'Who gets it' ) ).toBeTruthy();
		const result = await axe.run( document.body, {
			rules: { 'color-contrast': { enabled: false }, region: { enabled: false }, 'page-has-heading-one': { enabled: false } },
		} );
		expect( result.violations.map( ( found ) => `${ found.id }: ${ found.nodes[ 0 ]?.html }` ) ).toEqual( [] );
	} );

	it( 'asks for nothing without the right to change settings', async () => {
		window.rollcall_settings = allowed( { settings: false } );
		const { requests } = openPage( PLACE, filled() );
		expect( await screen.findByText( 'You may not change settings.' ) ).toBeTruthy();
		expect( requests ).toEqual( [] );
	} );
} );
