import { act, fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { allowed, makeCompany, makeJob, makeOverview, makeUnpaired } from '../../fixtures.ts';
import { makeProposal, makeRule } from '../../list-fixtures.ts';
import { failure, openPage, type Routes } from '../../page.tsx';
import { filled } from '../../routes.ts';

const PLACE = '&screen=rules';

/** A site with one rule of each state. */
function withRules(): Routes {
	const proposals = [ makeProposal() ];
	return {
		...filled(),
		'GET /rules': ( { query } ) => ( {
			body: query.get( 'state[0]' ) === 'proposed' ? proposals : [ makeRule(), ...proposals ],
		} ),
	};
}

async function openForm() {
	fireEvent.click( ( await screen.findAllByRole( 'button', { name: 'Add rules' } ) )[ 0 ]! );
	return within( await screen.findByRole( 'dialog', { name: 'Add rules' } ) );
}

describe( 'the Rules screen', () => {
	it( 'shows each rule with the users that it concerns', async () => {
		openPage( PLACE, withRules() );
		expect( ( await screen.findAllByText( 'university.com' ) ).length ).toBeGreaterThan( 0 );
		expect( screen.getAllByText( '12' ).length ).toBeGreaterThan( 0 );
		expect( screen.getByText( 'Students only' ) ).toBeTruthy();
	} );

	it( 'adds an exclusion for each pasted line, once', async () => {
		const { requests } = openPage( PLACE, {
			...withRules(),
			'POST /rules': { body: { stored: [ 'a.com', 'b.com' ], refused: [] } },
		} );
		const dialog = await openForm();
		fireEvent.change( dialog.getByLabelText( 'Domains' ), { target: { value: 'a.com\n ann@b.com, a.com\n' } } );
		fireEvent.change( dialog.getByLabelText( 'Note' ), { target: { value: 'Schools' } } );
		fireEvent.click( dialog.getByRole( 'button', { name: 'Add rules' } ) );
		await vi.waitFor( () => expect( screen.queryByRole( 'dialog' ) ).toBeNull() );
		expect( requests.find( ( { method } ) => method === 'POST' )?.body ).toEqual( {
			rules: { kind: 'exclusion', domains: [ 'a.com', 'ann@b.com' ], list_uid: null, source_id: null, note: 'Schools' },
		} );
	} );

	it( 'shows the lines that are no domains, with the reason', async () => {
		openPage( PLACE, {
			...withRules(),
			'POST /rules': { body: { stored: [ 'a.com' ], refused: [ { text: 'co.uk', reason: 'public_suffix' } ] } },
		} );
		const dialog = await openForm();
		fireEvent.change( dialog.getByLabelText( 'Domains' ), { target: { value: 'a.com co.uk' } } );
		fireEvent.click( dialog.getByRole( 'button', { name: 'Add rules' } ) );
		expect( await dialog.findByText( 'co.uk' ) ).toBeTruthy();
		expect( dialog.getByText( 'It is a suffix under which anyone can register' ) ).toBeTruthy();
		expect( dialog.getByText( /1 domain is stored/ ) ).toBeTruthy();
	} );

	it( 'adds an alias for a company that is looked up by name', async () => {
		const { requests } = openPage( PLACE, { ...withRules(), 'POST /rules': { body: { stored: [ 'air.com' ], refused: [] } } } );
		const dialog = await openForm();
		fireEvent.click( dialog.getByLabelText( 'Domains of a company' ) );
		fireEvent.change( dialog.getByLabelText( 'Domains' ), { target: { value: 'air.com' } } );
		fireEvent.click( dialog.getByRole( 'button', { name: 'Add rules' } ) );
		expect( dialog.getByRole( 'alert' ).textContent ).toBe( 'Choose the company that the domains belong to.' );
		const company = dialog.getByRole( 'combobox' );
		fireEvent.focus( company );
		fireEvent.change( company, { target: { value: 'airb' } } );
		fireEvent.click( await dialog.findByRole( 'option', { name: 'Airbnb (Winter 2009)' } ) );
		fireEvent.click( dialog.getByRole( 'button', { name: 'Add rules' } ) );
		await vi.waitFor( () =>
			expect( requests.find( ( { method } ) => method === 'POST' )?.body ).toMatchObject( {
				rules: { kind: 'alias', list_uid: 'yc', source_id: makeCompany().source_id },
			} )
		);
	} );

	it( 'does not send an empty paste', async () => {
		const { requests } = openPage( PLACE, withRules() );
		const dialog = await openForm();
		fireEvent.click( dialog.getByRole( 'button', { name: 'Add rules' } ) );
		expect( dialog.getByRole( 'alert' ).textContent ).toBe( 'Enter at least one domain.' );
		expect( requests.some( ( { method } ) => method === 'POST' ) ).toBe( false );
	} );

	it( 'asks about each proposal, and passes the answer on', async () => {
		const { requests } = openPage( PLACE, {
			...withRules(),
			'POST /rules/airbedandbreakfast.com/confirm': { body: makeProposal( { state: 'active' } ) },
		} );
		expect( await screen.findByText( 'airbedandbreakfast.com belongs to Airbnb?' ) ).toBeTruthy();
		expect( screen.getByText( /redirects to airbnb\.com · 12 users/ ) ).toBeTruthy();
		fireEvent.click( screen.getByRole( 'button', { name: 'Confirm airbedandbreakfast.com' } ) );
		await vi.waitFor( () => expect( requests.some( ( { path } ) => path.endsWith( '/confirm' ) ) ).toBe( true ) );
	} );

	it( 'searches for moved sites, shows the progress, and then reads the rules again', async () => {
		vi.useFakeTimers( { shouldAdvanceTime: true } );
		let is_done = false;
		const { requests } = openPage( PLACE, {
			...filled(),
			'POST /rules/proposals': { status: 202, body: makeJob( { kind: 'redirects', list_uid: null, state: 'queued' } ) },
			[ `GET /jobs/${ makeJob().job_uid }` ]: () => ( {
				body: makeJob( { kind: 'redirects', list_uid: null, ...( is_done ? { state: 'done', done: 5 } : {} ) } ),
			} ),
		} );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Search for moved sites' } ) );
		expect( await screen.findByText( 'Under way: 2 / 5' ) ).toBeTruthy();
		const before = requests.filter( ( { path } ) => path === '/rules' ).length;
		is_done = true;
		await act( () => vi.advanceTimersByTimeAsync( 2500 ) );
		expect( await screen.findByText( 'The search is done.' ) ).toBeTruthy();
		expect( requests.filter( ( { path } ) => path === '/rules' ).length ).toBeGreaterThan( before );
	} );

	it( 'says that the search needs a companion', async () => {
		openPage( PLACE, {
			...filled(),
			'GET /overview': { body: makeOverview( { next_step: 'connect', connection: makeUnpaired() } ) },
		} );
		expect( await screen.findByText( /does the search. Connect one first/ ) ).toBeTruthy();
		expect( screen.queryByRole( 'button', { name: 'Search for moved sites' } ) ).toBeNull();
	} );

	it( 'deletes a rule after a question, and says when it could not', async () => {
		let fails = true;
		openPage( PLACE, {
			...filled(),
			'DELETE /rules/university.com': () =>
				fails ? failure( 'database_busy', 503, 'The database did not take the change.', 'Try again.' ) : { body: null },
		} );
		await screen.findAllByText( 'university.com' );
		fireEvent.click( screen.getByRole( 'button', { name: 'Actions' } ) );
		fireEvent.click( await screen.findByRole( 'menuitem', { name: 'Delete' } ) );
		const dialog = within( await screen.findByRole( 'dialog', { name: 'Delete 1 rule?' } ) );
		fireEvent.click( dialog.getByRole( 'button', { name: 'Delete' } ) );
		expect( ( await dialog.findAllByText( 'The database did not take the change.' ) ).length ).toBeGreaterThan( 0 );
		fails = false;
		fireEvent.click( dialog.getByRole( 'button', { name: 'Delete' } ) );
		await vi.waitFor( () => expect( screen.queryByRole( 'dialog' ) ).toBeNull() );
	} );

	it( 'offers no change to who may only look', async () => {
		window.rollcall_settings = allowed( { settings: false, manage: false } );
		openPage( PLACE, withRules() );
		await screen.findByText( 'airbedandbreakfast.com belongs to Airbnb?' );
		expect( screen.queryByRole( 'button', { name: /Add rules|Search for moved sites|Confirm|Decline|Actions/ } ) ).toBeNull();
	} );
} );
