import { act, fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { allowed, makeCompany, makeJob, makeList, makeNoList, makeOverview } from '../../fixtures.ts';
import { openPage } from '../../page.tsx';
import { filled } from '../../routes.ts';

const PLACE = '&screen=companies';

describe( 'the Companies screen', () => {
	it( 'says where the list comes from, how old it is and what changed', async () => {
		openPage( PLACE, filled() );
		expect( ( await screen.findByRole( 'link', { name: /lists\.test\/all\.json/ } ) ).getAttribute( 'href' ) ).toBe(
			'https://lists.test/all.json'
		);
		expect( screen.getByText( '5,950 companies' ) ).toBeTruthy();
		expect( screen.getByText( '5 hours ago' ) ).toBeTruthy();
		expect( screen.getByText( /^12 added, 41 changed, 3 with other domains, 1 removed/ ) ).toBeTruthy();
	} );

	it( 'offers the four filters with the values that the list has', async () => {
		openPage( PLACE, filled() );
		await screen.findByText( 'Airbnb' );
		for ( const name of [ 'Batch', 'Status', 'Industry', 'Region' ] ) {
			expect( screen.getAllByText( name ).length ).toBeGreaterThan( 0 );
		}
	} );

	it( 'labels a sample as a sample', async () => {
		openPage( PLACE, { ...filled(), 'GET /lists': { body: [ makeList( { active_source: 'sample', url: 'sample:' } ) ] } } );
		expect( await screen.findByText( 'Sample' ) ).toBeTruthy();
		expect( screen.getByText( /These companies are made up/ ) ).toBeTruthy();
	} );

	it( 'updates the list, shows the progress, and then what changed', async () => {
		vi.useFakeTimers( { shouldAdvanceTime: true } );
		let state: 'idle' | 'open' | 'done' = 'idle';
		openPage( PLACE, {
			...filled(),
			'GET /lists': () => ( {
				body: [
					makeList(
						state === 'open'
							? { open_job: makeJob() }
							: state === 'done'
								? { active_version: 5, changes: { added: 1, changed: 0, moved: 0, removed: 0 } }
								: {}
					),
				],
			} ),
			'POST /lists/yc/update': () => {
				state = 'open';
				return { status: 202, body: makeJob( { state: 'queued' } ) };
			},
		} );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Update now' } ) );
		expect( await screen.findByText( 'Under way: 2 / 5' ) ).toBeTruthy();
		state = 'done';
		await act( () => vi.advanceTimersByTimeAsync( 3500 ) );
		expect( await screen.findByText( /^1 added/ ) ).toBeTruthy();
	} );

	it( 'reads the companies again when a new version is in use', async () => {
		vi.useFakeTimers( { shouldAdvanceTime: true } );
		let version = 0;
		openPage( PLACE, {
			...filled(),
			'GET /overview': { body: makeOverview( { next_step: 'wait_for_list' } ) },
			'GET /lists': () => ( { body: [ version === 0 ? makeNoList() : makeList( { active_version: version } ) ] } ),
			'GET /companies': () => ( { body: version === 0 ? [] : [ makeCompany() ] } ),
		} );
		expect( await screen.findByText( 'There is no list yet.' ) ).toBeTruthy();
		version = 1;
		await act( () => vi.advanceTimersByTimeAsync( 3500 ) );
		expect( await screen.findByText( 'Airbnb' ) ).toBeTruthy();
	} );

	it( 'offers the built-in sample when the host of the list is down and nothing is in use', async () => {
		const { requests } = openPage( PLACE, {
			...filled(),
			'GET /lists': {
				body: [
					{
						...makeNoList(),
						error_code: 'list_unreachable',
						error_message: 'GET https://lists.test/all.json answered 503 after 812 ms',
					},
				],
			},
			'PUT /lists/yc': { body: makeList( { url: 'sample:' } ) },
		} );
		expect( ( await screen.findAllByText( 'The list could not be fetched.' ) ).length ).toBeGreaterThan( 0 );
		fireEvent.click( screen.getByRole( 'button', { name: 'Load the built-in sample' } ) );
		await vi.waitFor( () =>
			expect( requests.find( ( { method } ) => method === 'PUT' )?.body ).toMatchObject( { list: { url: 'sample:', enabled: true } } )
		);
	} );

	it( 'does not trade a good list for made-up companies when its host is down', async () => {
		openPage( PLACE, { ...filled(), 'GET /lists': { body: [ makeList( { error_code: 'list_unreachable' } ) ] } } );
		expect( ( await screen.findAllByText( 'The list could not be fetched.' ) ).length ).toBeGreaterThan( 0 );
		expect( screen.queryByRole( 'button', { name: 'Load the built-in sample' } ) ).toBeNull();
	} );

	it( 'changes name, address, schedule and use of a list for who may change settings', async () => {
		const { requests } = openPage( PLACE, {
			...filled(),
			'PUT /lists/yc': { body: makeList() },
		} );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Edit list' } ) );
		const dialog = within( await screen.findByRole( 'dialog' ) );
		fireEvent.change( dialog.getByLabelText( 'Address of the list' ), { target: { value: ' https://other.test/list.json ' } } );
		fireEvent.change( dialog.getByLabelText( 'How often it is fetched' ), { target: { value: '168' } } );
		fireEvent.click( dialog.getByLabelText( 'Match with this list' ) );
		fireEvent.click( dialog.getByRole( 'button', { name: 'Save list' } ) );
		await vi.waitFor( () =>
			expect( requests.find( ( { method } ) => method === 'PUT' )?.body ).toEqual( {
				list: {
					title: 'Y Combinator companies',
					url: 'https://other.test/list.json',
					enabled: false,
					visible_to_visitors: true,
					schedule_hours: 168,
				},
			} )
		);
	} );

	it( 'does not save an address that is none, and says why', async () => {
		const { requests } = openPage( PLACE, filled() );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Edit list' } ) );
		const dialog = within( await screen.findByRole( 'dialog' ) );
		fireEvent.change( dialog.getByLabelText( 'Address of the list' ), { target: { value: 'lists.test/all.json' } } );
		fireEvent.click( dialog.getByRole( 'button', { name: 'Save list' } ) );
		expect( ( await dialog.findAllByText( 'Enter a whole address, which begins with https:// or http://.' ) ).length ).toBeGreaterThan(
			0
		);
		expect( dialog.getByLabelText( 'Address of the list' ).getAttribute( 'aria-invalid' ) ).toBe( 'true' );
		expect( requests.some( ( { method } ) => method === 'PUT' ) ).toBe( false );
	} );

	it( 'offers no change without the rights', async () => {
		window.rollcall_settings = allowed( { settings: false, manage: false } );
		openPage( PLACE, filled() );
		await screen.findByText( 'Airbnb' );
		expect( screen.queryByRole( 'button', { name: /Add a list|Edit list|Delete list|Update now/ } ) ).toBeNull();
	} );
} );
