import { act, fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { CheckJob } from '../../../../companion/src/contract/monitor.ts';
import { makeCheck, makeMonitoring, makeResult, uidOf } from '../../monitor-fixtures.ts';
import { failure, openPage, type Routes } from '../../page.tsx';
import { filled } from '../../routes.ts';

const { job_uid } = makeCheck();

async function checkAll( routes: Routes ) {
	const { requests } = openPage( '&screen=monitors', { ...filled(), ...routes } );
	fireEvent.click( await screen.findByRole( 'button', { name: 'Check all now' } ) );
	return { requests, dialog: within( await screen.findByRole( 'dialog', { name: 'Check now' } ) ) };
}

describe( 'checking now', () => {
	it( 'shows each step as it happens, and what came of all', async () => {
		vi.useFakeTimers( { shouldAdvanceTime: true } );
		let job: CheckJob = makeCheck( { active_count: 2 } );
		const { requests, dialog } = await checkAll( {
			'POST /monitors/check': { body: job },
			[ `GET /monitors/check/${ job_uid }` ]: () => ( { body: job } ),
		} );
		expect( await dialog.findByText( 'Querying active URLs: 2 found.' ) ).toBeTruthy();
		expect( dialog.getByText( /Waiting for the companion to take it/ ) ).toBeTruthy();
		expect( requests.find( ( { method } ) => method === 'POST' )?.body ).toEqual( { check: { monitor_uids: [] } } );
		job = makeCheck( { state: 'running', active_count: 2, done: 1, results: [ makeResult() ] } );
		await act( () => vi.advanceTimersByTimeAsync( 1500 ) );
		expect( await dialog.findByText( 'Received status code 200 from https://shop.test/' ) ).toBeTruthy();
		expect( dialog.getByText( 'Response time 0.412 s' ) ).toBeTruthy();
		expect( dialog.getByText( 'Stored' ) ).toBeTruthy();
		expect( dialog.getByText( '1 of 2 checked and stored.' ) ).toBeTruthy();
		expect( dialog.getByRole( 'progressbar' ) ).toBeTruthy();
		const results = [
			makeResult(),
			makeResult( {
				monitor_uid: uidOf( 2 ),
				state: 'down',
				error_code: 'assertion_failed',
				error_message: '[BODY] has no "Welcome".',
			} ),
		];
		job = makeCheck( { state: 'done', active_count: 2, done: 2, results } );
		const lists = requests.filter( ( { path } ) => path === '/monitors' ).length;
		await act( () => vi.advanceTimersByTimeAsync( 1500 ) );
		expect( ( await dialog.findByRole( 'status' ) ).textContent ).toMatch( /^2 checked: 1 up, 0 slow or degraded, 1 down/ );
		expect( dialog.getAllByText( /has no "Welcome"/ ).map( ( { textContent } ) => textContent ) ).toEqual( [
			'An assertion does not hold: [BODY] has no "Welcome".',
		] );
		expect( dialog.queryByRole( 'button', { name: 'Stop' } ) ).toBeNull();
		await vi.waitFor( () => expect( requests.filter( ( { path } ) => path === '/monitors' ).length ).toBeGreaterThan( lists ) );
	} );

	it( 'can be stopped', async () => {
		let state: CheckJob[ 'state' ] = 'running';
		const { dialog } = await checkAll( {
			'POST /monitors/check': { body: makeCheck() },
			[ `GET /monitors/check/${ job_uid }` ]: () => ( { body: makeCheck( { state } ) } ),
			[ `POST /jobs/${ job_uid }/cancel` ]: () => {
				state = 'cancelled';
				return { body: {} };
			},
		} );
		fireEvent.click( await dialog.findByRole( 'button', { name: 'Stop' } ) );
		expect( await dialog.findByText( 'Stopped. What was checked until then is stored.' ) ).toBeTruthy();
	} );

	it( 'checks one monitor by its own entry', async () => {
		const { requests } = openPage( '&screen=monitors', {
			...filled(),
			'POST /monitors/check': { body: makeCheck() },
			[ `GET /monitors/check/${ job_uid }` ]: { body: makeCheck() },
		} );
		fireEvent.click( within( ( await screen.findByText( 'Shop' ) ).closest( 'tr' )! ).getByRole( 'button', { name: 'Actions' } ) );
		fireEvent.click( await screen.findByRole( 'menuitem', { name: 'Check now' } ) );
		await vi.waitFor( () =>
			expect( requests.find( ( { method } ) => method === 'POST' )?.body ).toEqual( { check: { monitor_uids: [ uidOf( 1 ) ] } } )
		);
	} );

	it( 'asks for nothing and leads to Connect without a companion', async () => {
		const { requests, dialog } = await checkAll( {
			'GET /monitoring': { body: makeMonitoring( { is_connected: false, vitals: null } ) },
		} );
		expect( await dialog.findByText( 'No companion is connected, so nothing is checked.', { selector: 'p' } ) ).toBeTruthy();
		expect( dialog.getByRole( 'link', { name: 'Connect the companion' } ) ).toBeTruthy();
		expect( requests.some( ( { method } ) => method === 'POST' ) ).toBe( false );
	} );

	it( 'says so when nothing is active', async () => {
		const { requests, dialog } = await checkAll( { 'GET /monitoring': { body: makeMonitoring( { monitor_count: 0 } ) } } );
		expect( await dialog.findByText( 'There is no active monitor. Resume one, or add one.' ) ).toBeTruthy();
		expect( requests.some( ( { method } ) => method === 'POST' ) ).toBe( false );
	} );

	it( 'shows why it was refused', async () => {
		const { dialog } = await checkAll( {
			'POST /monitors/check': failure( 'database_busy', 503, 'The database did not take the change.', 'Try again.' ),
		} );
		expect( await dialog.findByText( 'The database did not take the change.', { selector: 'p' } ) ).toBeTruthy();
	} );
} );
