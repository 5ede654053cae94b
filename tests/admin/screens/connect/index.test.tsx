import { act, fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { CONNECTION_STATES, wordsOf, type ConnectionState } from '../../../../companion/src/contract/vocabulary.ts';
import { ago, allowed, makeCompanion, makeConnection, makeOverview, makeUnpaired } from '../../fixtures.ts';
import { openPage } from '../../page.tsx';
import { filled } from '../../routes.ts';

const PLACE = '&screen=connect';

/** What an admin reads in each state; all of the contract's states stand here. */
const READS: Record< ConnectionState, RegExp > = {
	not_paired: /The companion \(the helper program\) is a small program/,
	waiting_for_pairing: /still waits for its companion/,
	connected: /^Connected$/,
	silent: /has not called for a while/,
	companion_older: /The companion is older than the plugin/,
	plugin_older: /The plugin is older than the companion/,
	clock_skew: /They are 3,600 seconds apart/,
	key_unreadable: /Connect the companion again with a new code/,
	site_changed: /This site is a copy, or it was moved/,
};

describe( 'the Connect screen', () => {
	it.each( wordsOf( CONNECTION_STATES ) )( 'says what the state %s means', async ( state ) => {
		const is_unpaired = state === 'not_paired' || state === 'waiting_for_pairing';
		const body = is_unpaired
			? makeUnpaired( { state } )
			: makeConnection( { state, clock_offset_seconds: state === 'clock_skew' ? -3600 : 0 } );
		openPage( PLACE, { ...filled(), 'GET /connection': { body } } );
		expect( ( await screen.findAllByText( READS[ state ] ) ).length ).toBeGreaterThan( 0 );
	} );

	it( 'shows a code once, in a command for each of three ways, and counts down', async () => {
		vi.useFakeTimers( { shouldAdvanceTime: true } );
		openPage( PLACE, {
			...filled(),
			'GET /connection': { body: makeUnpaired( { state: 'waiting_for_pairing' } ) },
			'POST /connection/code': { body: { code: 'abcd.efgh', expires_at: ago( -10 ) } },
		} );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Make a pairing code' } ) );
		const command = await screen.findByRole( 'region', { name: 'Command that connects the companion' } );
		expect( command.textContent ).toBe(
			'npx -y -p node@24 node /srv/site/wp-content/plugins/rollcall/companion/rollcall-companion.mjs pair https://site.test abcd.efgh'
		);
		expect( screen.getByText( /ends in (10:00|9:5\d)/ ) ).toBeTruthy();
		fireEvent.click( screen.getByRole( 'tab', { name: 'On any computer' } ) );
		expect( await screen.findByText( /While it is off, matching waits; uptime shows no data, not down/ ) ).toBeTruthy();
		expect( screen.getByRole( 'link', { name: 'Download rollcall-companion.mjs' } ).getAttribute( 'href' ) ).toMatch(
			/rollcall-companion\.mjs$/
		);
		act( () => vi.advanceTimersByTime( 601_000 ) );
		expect( await screen.findByText( /The code has expired/, { selector: 'p' } ) ).toBeTruthy();
		expect( screen.queryByText( /abcd\.efgh/ ) ).toBeNull();
	} );

	it( 'goes on by itself when the companion has called', async () => {
		vi.useFakeTimers( { shouldAdvanceTime: true } );
		let is_paired = false;
		openPage( PLACE, {
			...filled(),
			'GET /connection': () => ( { body: is_paired ? makeConnection() : makeUnpaired( { state: 'waiting_for_pairing' } ) } ),
		} );
		await screen.findByText( /still waits for its companion/ );
		is_paired = true;
		await act( () => vi.advanceTimersByTimeAsync( 3500 ) );
		expect( await screen.findByText( 'Last seen' ) ).toBeTruthy();
	} );

	it.each( [
		[ 'wait_for_list', 'See the list' ],
		[ 'run', 'Go to the matcher' ],
	] as const )( 'leads on from a new connection at the step %s by "%s"', async ( next_step, name ) => {
		openPage( PLACE, { ...filled(), 'GET /overview': { body: makeOverview( { next_step } ) } } );
		expect( await screen.findByRole( 'link', { name } ) ).toBeTruthy();
	} );

	it( 'keeps the focus beside the code when the button that made it is gone', async () => {
		openPage( PLACE, {
			...filled(),
			'GET /connection': { body: makeUnpaired() },
			'POST /connection/code': { body: { code: 'abcd.efgh', expires_at: ago( -10 ) } },
		} );
		const button = await screen.findByRole( 'button', { name: 'Make a pairing code' } );
		button.focus();
		fireEvent.click( button );
		const command = await screen.findByRole( 'region', { name: 'Command that connects the companion' } );
		expect( command.closest( '.rollcall-keep-focus' )?.matches( ':focus' ) ).toBe( true );
	} );

	it.each( [
		[ -3600, 'This server is 60 minutes behind the companion.' ],
		[ 45, 'This server is 45 seconds ahead of the companion.' ],
		[ -7200, 'This server is 2 hours behind the companion.' ],
	] as const )( 'says a clock difference of %d s in words', async ( clock_offset_seconds, text ) => {
		openPage( PLACE, { ...filled(), 'GET /connection': { body: makeConnection( { clock_offset_seconds } ) } } );
		expect( await screen.findByText( text ) ).toBeTruthy();
	} );

	it( 'asks before it disconnects, and gives the focus back when the answer is no', async () => {
		const { requests } = openPage( PLACE, { ...filled(), 'DELETE /connection': { body: null } } );
		const button = await screen.findByRole( 'button', { name: 'Disconnect' } );
		button.focus();
		fireEvent.click( button );
		const dialog = await screen.findByRole( 'dialog', { name: 'Disconnect the companion?' } );
		fireEvent.click( within( dialog ).getByRole( 'button', { name: 'Cancel' } ) );
		expect( requests.some( ( { method } ) => method === 'DELETE' ) ).toBe( false );
		fireEvent.click( button );
		fireEvent.click( within( await screen.findByRole( 'dialog' ) ).getByRole( 'button', { name: 'Disconnect' } ) );
		await screen.findAllByText( 'Companion disconnected.' );
		expect( requests.some( ( { method, path } ) => method === 'DELETE' && path === '/connection' ) ).toBe( true );
	} );

	it( 'sends moved at once and copy only after a question', async () => {
		const { requests } = openPage( PLACE, {
			...filled(),
			'GET /connection': { body: makeConnection( { state: 'site_changed' } ) },
			'POST /connection/site': { body: makeConnection() },
		} );
		fireEvent.click( await screen.findByRole( 'button', { name: /It was moved/ } ) );
		await vi.waitFor( () =>
			expect( requests.find( ( { path } ) => path === '/connection/site' )?.body ).toEqual( { site: { decision: 'moved' } } )
		);
		await vi.waitFor( () => expect( screen.getByRole( 'button', { name: /It is a copy/ } ) ).toHaveProperty( 'disabled', false ) );
		fireEvent.click( screen.getByRole( 'button', { name: /It is a copy/ } ) );
		fireEvent.click( within( await screen.findByRole( 'dialog' ) ).getByRole( 'button', { name: 'Forget the connection' } ) );
		await vi.waitFor( () =>
			expect( requests.filter( ( { path } ) => path === '/connection/site' ).at( -1 )?.body ).toEqual( {
				site: { decision: 'copy' },
			} )
		);
	} );

	it( 'offers nothing that changes the connection without the right', async () => {
		window.rollcall_settings = allowed( { settings: false } );
		openPage( PLACE, filled() );
		await screen.findByText( 'Last seen' );
		expect( screen.queryByRole( 'button', { name: /Disconnect|Change keys|Check now/ } ) ).toBeNull();
	} );

	it( 'lists several companions, and asks before another one decides', async () => {
		const second = makeCompanion( { companion_id: 'fedcba9876543210', is_judge: false, is_silent: true, last_seen_at: null } );
		openPage( PLACE, {
			...filled(),
			'GET /connection': { body: makeConnection( { companions: [ makeCompanion(), second ] } ) },
			'POST /connection/companions/fedcba9876543210/judge': { body: makeConnection() },
		} );
		expect( await screen.findByText( 'Stands by' ) ).toBeTruthy();
		fireEvent.click( screen.getByRole( 'button', { name: 'Let this companion decide', description: 'Companion fedcba98' } ) );
		fireEvent.click( within( await screen.findByRole( 'dialog' ) ).getByRole( 'button', { name: 'Let it decide' } ) );
		expect( ( await screen.findAllByText( 'This companion decides now.' ) ).length ).toBeGreaterThan( 0 );
		await vi.waitFor( () => expect( document.querySelector( '.rollcall-keep-focus:focus' ) ).not.toBeNull() );
	} );

	it( 'does not list a companion that is alone, and says what a second one is for', async () => {
		openPage( PLACE, filled() );
		expect( await screen.findByText( /keeps monitoring going when the first one fails/ ) ).toBeTruthy();
		expect( screen.queryByText( 'All companions' ) ).toBeNull();
	} );
} );
