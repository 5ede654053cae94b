import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { ago, allowed, makeReportCompany } from '../../fixtures.ts';
import { uidOf } from '../../monitor-fixtures.ts';
import { openPage, type Request, type Routes } from '../../page.tsx';
import { filled } from '../../routes.ts';

const PLACE = '&screen=matcher&view=report';
const monitored = makeReportCompany( {
	source_id: '101',
	name: 'Gone Rockets',
	monitor: {
		monitor_uid: uidOf( 1 ),
		screen_state: 'down',
		error_code: 'dns_nxdomain',
		mail_state: 'dead',
		last_checked_at: ago( 5 ),
	},
} );

const routes = (): Routes => ( {
	...filled(),
	'GET /report/companies': { body: [ makeReportCompany(), monitored ] },
	'POST /monitors/companies': {
		body: {
			added: 380,
			known: 5,
			refused: [ { url: '', error_code: 'monitor_url', error_message: 'Acme has no website on its list.' } ],
		},
	},
} );

const posted = ( requests: Request[] ) => requests.find( ( { method } ) => method === 'POST' )?.body;

describe( 'the sites of the companies of the report', () => {
	it( 'have a column that says how they are', async () => {
		openPage( PLACE, routes() );
		expect( ( await screen.findByText( 'Gone Rockets' ) ).closest( 'tr' )?.textContent ).toContain( 'Web dead, mail dead' );
	} );

	it( 'are all monitored after a question that says how many, how often and as whom', async () => {
		const { requests } = openPage( PLACE, routes() );
		await screen.findByText( 'Airbnb' );
		fireEvent.click( screen.getByRole( 'button', { name: 'Monitor these companies’ sites' } ) );
		const dialog = within( await screen.findByRole( 'dialog', { name: 'Monitor these companies’ sites' } ) );
		expect( await dialog.findByText( /386 companies/ ) ).toBeTruthy();
		expect( dialog.getByText( /every 60 minutes/ ) ).toBeTruthy();
		expect( await dialog.findByText( 'Rollcall/0.1.0 (+https://www.site.test/)' ) ).toBeTruthy();
		expect( posted( requests ) ).toBeUndefined();
		fireEvent.click( dialog.getByRole( 'button', { name: 'Monitor sites' } ) );
		expect(
			await dialog.findByText( /380 monitors were added\. 5 sites are monitored already\. 1 company has no usable website\./ )
		).toBeTruthy();
		expect( dialog.getByText( 'Acme has no website on its list.' ) ).toBeTruthy();
		expect( posted( requests ) ).toEqual( { monitors: { companies: [] } } );
	} );

	it( 'are monitored one by one too, unless they are already', async () => {
		const { requests } = openPage( PLACE, routes() );
		const row = ( await screen.findByText( 'Airbnb' ) ).closest( 'tr' )!;
		fireEvent.click( within( row ).getByRole( 'button', { name: 'Actions' } ) );
		fireEvent.click( await screen.findByRole( 'menuitem', { name: 'Monitor site' } ) );
		const dialog = within( await screen.findByRole( 'dialog' ) );
		expect( dialog.getByText( /1 company/ ) ).toBeTruthy();
		fireEvent.click( dialog.getByRole( 'button', { name: 'Monitor sites' } ) );
		await vi.waitFor( () =>
			expect( posted( requests ) ).toEqual( { monitors: { companies: [ { list_uid: 'yc', source_id: '100' } ] } } )
		);
	} );

	it( 'are not offered to who may only look', async () => {
		window.rollcall_settings = allowed( { manage: false } );
		openPage( PLACE, routes() );
		await screen.findByText( 'Airbnb' );
		expect( screen.queryByRole( 'button', { name: /Monitor/ } ) ).toBeNull();
	} );
} );
