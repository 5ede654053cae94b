import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { percentOf } from '../../../../admin-ts/src/components/run-progress.tsx';
import { ago, allowed, makeList, makePreview, makeReport, makeRun } from '../../fixtures.ts';
import { makeManual, makeUpload } from '../../list-fixtures.ts';
import { openPage } from '../../page.tsx';
import { filled, untouched } from '../../routes.ts';

const PLACE = '&screen=matcher';
const first = () => ( { ...untouched(), 'POST /runs/count': { body: makePreview() } } );

describe( 'the Matcher screen', () => {
	it( 'opens with the three steps and the links to source and cache', async () => {
		openPage( PLACE, filled() );
		expect( await screen.findByText( 'We extract email domains from your user list.' ) ).toBeTruthy();
		expect( screen.getByText( 'We match these domains against our database of YC companies.' ) ).toBeTruthy();
		expect( screen.getByText( 'You get a detailed report of matches, enriched with company data.' ) ).toBeTruthy();
		expect( ( await screen.findByRole( 'link', { name: /Sourced here/ } ) ).getAttribute( 'href' ) ).toBe(
			'https://lists.test/all.json'
		);
		expect( screen.getByRole( 'link', { name: /Cached here/ } ).getAttribute( 'href' ) ).toContain( '/rollcall/v1/companies.json' );
	} );

	it( 'names the list of Y Combinator companies in step two, whatever other lists there are', async () => {
		openPage( PLACE, {
			...filled(),
			'GET /lists': { body: [ makeUpload(), makeManual( { enabled: false } ), makeList() ] },
		} );
		const more = await screen.findByRole( 'link', { name: 'and 1 more list' } );
		expect( more.parentElement?.textContent ).toContain( '5,950 companies' );
		expect( screen.getByRole( 'link', { name: /Sourced here/ } ).getAttribute( 'href' ) ).toBe( 'https://lists.test/all.json' );
	} );

	it( 'gives neither source nor copy of a list that is kept in WordPress', async () => {
		openPage( PLACE, { ...filled(), 'GET /lists': { body: [ makeList( { enabled: false } ), makeUpload() ] } } );
		expect( await screen.findByText( '120 companies' ) ).toBeTruthy();
		expect( screen.queryByRole( 'link', { name: /Sourced here|Cached here/ } ) ).toBeNull();
	} );

	it( 'says before the first run exactly what will be sent, and sends nothing until asked', async () => {
		const { requests } = openPage( PLACE, first() );
		expect( await screen.findByText( '4,812 domains go to helper.test.' ) ).toBeTruthy();
		expect( screen.getByText( /No addresses, no counts\./ ) ).toBeTruthy();
		expect( requests.some( ( { method, path } ) => method === 'POST' && path === '/runs' ) ).toBe( false );
		fireEvent.click( screen.getByRole( 'button', { name: 'See the list' } ) );
		const dialog = await screen.findByRole( 'dialog', { name: 'What will be sent' } );
		expect( await within( dialog ).findByText( 'siemens.com' ) ).toBeTruthy();
		expect( within( dialog ).getByText( 'Page 1 of 25' ) ).toBeTruthy();
	} );

	it( 'counts chunk by chunk until all users are read', async () => {
		let chunk = 0;
		openPage( PLACE, {
			...first(),
			'POST /runs/count': () => {
				chunk += 1;
				return { body: makePreview( { counted: chunk === 3, users_read: chunk * 3000 } ) };
			},
		} );
		expect( await screen.findByText( /of 10,431 users. Nothing is sent yet./ ) ).toBeTruthy();
		expect( await screen.findByText( '4,812 domains go to helper.test.' ) ).toBeTruthy();
		expect( chunk ).toBe( 3 );
	} );

	it( 'starts a run with the consent of the button, drives it, and shows the report when it is done', async () => {
		const open = makeRun( { run_id: 4, state: 'counting', finished_at: null, users_read: 0, matched_users: 0 } );
		const steps = [
			makeRun( { ...open, users_read: 9000 } ),
			makeRun( { ...open, state: 'labelling', users_read: 10_431, domains_labelled: 4800 } ),
			makeRun( { run_id: 4 } ),
		];
		let state: 'none' | 'open' | 'done' = 'none';
		let step = 0;
		const { requests } = openPage( PLACE, {
			...first(),
			'POST /runs/count': () => ( { body: makePreview( state === 'done' ? { host_count: 0, agreed_at: ago( 1 ) } : {} ) } ),
			'GET /report': () => ( {
				body: makeReport(
					state === 'open'
						? { newest_run: null, open_run: open }
						: { newest_run: state === 'done' ? makeRun( { run_id: 4 } ) : null }
				),
			} ),
			'POST /runs': () => {
				state = 'open';
				return { status: 201, body: open };
			},
			'POST /runs/4/advance': () => {
				const body = steps[ Math.min( step, 2 ) ];
				step += 1;
				state = step > 2 ? 'done' : 'open';
				return { body };
			},
		} );
		const button = await screen.findByRole( 'button', { name: 'Run matcher' } );
		button.focus();
		fireEvent.click( button );
		expect( await screen.findByText( 'The matcher is running' ) ).toBeTruthy();
		expect( await screen.findByText( '4,800 of 4,812 domains matched.' ) ).toBeTruthy();
		expect( requests.find( ( { method, path } ) => method === 'POST' && path === '/runs' )?.body ).toEqual( {
			run: { agreed: true, sources: [ 'users' ], ran_in: 'companion' },
		} );
		expect( await screen.findByText( 'Your report is ready', {}, { timeout: 8000 } ) ).toBeTruthy();
		expect( screen.getByRole( 'link', { name: 'See your report' } ).getAttribute( 'href' ) ).toContain( 'view=report' );
		expect( await screen.findByText( /No domain has to be sent/ ) ).toBeTruthy();
		expect( screen.getByText( 'Run it again' ).closest( '.rollcall-keep-focus' )?.matches( ':focus' ) ).toBe( true );
	} );

	it( 'offers no report before there is one', async () => {
		openPage( PLACE, first() );
		expect( await screen.findByText( '4,812 domains go to helper.test.' ) ).toBeTruthy();
		expect( screen.queryByRole( 'link', { name: 'Open report' } ) ).toBeNull();
	} );

	it.each( [
		[ 'sample', true ],
		[ 'yc', false ],
	] as const )( 'warns before a run with companies of the source %s: %s', async ( active_source, warns ) => {
		openPage( PLACE, { ...first(), 'GET /lists': { body: [ makeList( { active_source } ) ] } } );
		expect( await screen.findByText( '4,812 domains go to helper.test.' ) ).toBeTruthy();
		expect( await screen.findByRole( 'link', { name: /Sourced here/ } ) ).toBeTruthy();
		expect( screen.queryByRole( 'link', { name: 'Get the real list' } ) !== null ).toBe( warns );
	} );

	it( 'shows hosts of other scripts as people write them', async () => {
		openPage( PLACE, {
			...first(),
			'GET /runs/preview': { body: makePreview( { hosts: [ 'm%C3%BCller.test', 'a%b.test' ] } ) },
		} );
		fireEvent.click( await screen.findByRole( 'button', { name: 'See the list' } ) );
		expect( await screen.findByText( 'müller.test' ) ).toBeTruthy();
		expect( screen.getByText( 'a%b.test' ) ).toBeTruthy();
	} );

	it.each( [
		[ 'companion', /It waits for the companion/, '&screen=connect' ],
		[ 'list', /It waits for the companies list/, '&screen=companies' ],
	] as const )( 'says that a run waits for the %s and where to look', async ( waits_for, text, place ) => {
		const open = makeRun( { run_id: 4, state: 'labelling', finished_at: null, waits_for } );
		openPage( PLACE, {
			...filled(),
			'GET /report': { body: makeReport( { open_run: open } ) },
			'POST /runs/4/advance': { body: open },
		} );
		const line = await screen.findByText( text );
		expect( within( line ).getByRole( 'link' ).getAttribute( 'href' ) ).toContain( place );
	} );

	it( 'asks again in mid run when another companion was connected, and goes on once someone agrees', async () => {
		const open = makeRun( { run_id: 4, state: 'labelling', finished_at: null, waits_for: 'consent' } );
		let agreed = false;
		const { requests } = openPage( PLACE, {
			...filled(),
			'GET /report': { body: makeReport( { open_run: open } ) },
			'POST /runs/count': () => ( { body: makePreview( { companion_name: 'other.test', agreed_at: agreed ? ago( 1 ) : null } ) } ),
			'POST /runs/4/advance': () => ( { body: { ...open, waits_for: agreed ? 'nothing' : 'consent' } } ),
			'POST /runs/4/agree': () => {
				agreed = true;
				return { body: { ...open, waits_for: 'nothing' } };
			},
		} );
		expect( await screen.findByText( /nothing is sent to the companion that is connected now/ ) ).toBeTruthy();
		expect( await screen.findByText( '4,812 domains go to other.test.' ) ).toBeTruthy();
		expect( screen.getByRole( 'button', { name: 'See the list' } ) ).toBeTruthy();
		expect( screen.getByRole( 'button', { name: 'Cancel run' } ) ).toBeTruthy();
		fireEvent.click( screen.getByRole( 'button', { name: 'Agree and go on' } ) );
		expect( await screen.findByText( /You can close this page/ ) ).toBeTruthy();
		expect( requests.find( ( { path } ) => path === '/runs/4/agree' )?.body ).toEqual( {
			run: { agreed: true, sources: [ 'users' ], ran_in: 'companion' },
		} );
		expect( screen.queryByRole( 'button', { name: 'Agree and go on' } ) ).toBeNull();
	} );

	it( 'offers nobody to agree who may not manage runs', async () => {
		window.rollcall_settings = allowed( { manage: false } );
		const open = makeRun( { run_id: 4, state: 'labelling', finished_at: null, waits_for: 'consent' } );
		openPage( PLACE, { ...filled(), 'GET /report': { body: makeReport( { open_run: open } ) }, 'GET /runs/4': { body: open } } );
		expect( await screen.findByText( /It waits for an administrator/ ) ).toBeTruthy();
		expect( screen.queryByRole( 'button', { name: 'Agree and go on' } ) ).toBeNull();
	} );

	it( 'agrees by the button only to what it has shown', async () => {
		const { requests } = openPage( PLACE, {
			...first(),
			'POST /runs/count': { body: makePreview( { agreed_at: ago( 9 ) } ) },
			'POST /runs': { status: 201, body: makeRun( { run_id: 4 } ) },
		} );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Run matcher' } ) );
		await vi.waitFor( () =>
			expect( requests.find( ( { method, path } ) => method === 'POST' && path === '/runs' )?.body ).toEqual( {
				run: { agreed: false, sources: [ 'users' ], ran_in: 'companion' },
			} )
		);
	} );

	it( 'cancels a run after a question', async () => {
		const open = makeRun( { run_id: 4, state: 'labelling', finished_at: null } );
		const { requests } = openPage( PLACE, {
			...filled(),
			'GET /report': { body: makeReport( { open_run: open } ) },
			'POST /runs/4/advance': { body: open },
			'POST /runs/4/cancel': { body: { ...open, state: 'cancelled' } },
		} );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Cancel run' } ) );
		expect( within( await screen.findByRole( 'dialog' ) ).getByRole( 'button', { name: 'Let it run' } ) ).toBeTruthy();
		fireEvent.click( within( await screen.findByRole( 'dialog' ) ).getByRole( 'button', { name: 'Cancel run' } ) );
		await vi.waitFor( () => expect( requests.some( ( { path } ) => path === '/runs/4/cancel' ) ).toBe( true ) );
	} );

	it( 'only watches a run without the right to manage it', async () => {
		window.rollcall_settings = allowed( { manage: false } );
		const open = makeRun( { run_id: 4, state: 'labelling', finished_at: null } );
		const { requests } = openPage( PLACE, {
			...filled(),
			'GET /report': { body: makeReport( { open_run: open } ) },
			'GET /runs/4': { body: open },
		} );
		await vi.waitFor( () => expect( requests.some( ( { path } ) => path === '/runs/4' ) ).toBe( true ) );
		expect( requests.some( ( { method } ) => method === 'POST' ) ).toBe( false );
		expect( screen.queryByRole( 'button', { name: 'Cancel run' } ) ).toBeNull();
	} );

	it( 'warns that a run would wait when no companion is connected', async () => {
		openPage( PLACE, { ...filled(), 'POST /runs/count': { body: makePreview( { companion_name: '' } ) } } );
		expect( await screen.findByText( 'Nothing leaves this site by this run.' ) ).toBeTruthy();
		fireEvent.click( screen.getByRole( 'radio', { name: 'The companion (the helper program)' } ) );
		expect( ( await screen.findAllByText( /No companion is connected, so a run would wait for one/ ) ).length ).toBeGreaterThan( 0 );
	} );
} );

describe( 'progress of a run', () => {
	it.each( [
		[ 'counting', { users_read: 0 }, 0 ],
		[ 'counting', { users_read: 10_431 }, 30 ],
		[ 'labelling', { domains_labelled: 2406 }, 60 ],
		[ 'labelling', { domains_total: 0, domains_labelled: 0 }, 90 ],
		[ 'reporting', {}, 95 ],
		[ 'done', {}, 100 ],
	] as const )( 'in %s with %o is %d per cent', ( state, over, percent ) => {
		expect( percentOf( makeRun( { state, ...over } ) ) ).toBe( percent );
	} );
} );
