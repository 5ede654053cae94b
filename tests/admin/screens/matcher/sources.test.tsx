import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { hostPages } from '../../../../admin-ts/src/data/browser-run.ts';
import type { Run } from '../../../../companion/src/contract/report.ts';
import { stubWorker } from '../../fake-worker.ts';
import { ago, allowed, makeNoList, makePreview, makeReport, makeRun } from '../../fixtures.ts';
import { openPage, type Request, type Routes } from '../../page.tsx';
import { filled } from '../../routes.ts';

const PLACE = '&screen=matcher';
const PASTED = 'ada@siemens.com, grace@siemens.com\nno address\neve@airbnb.com';

/** A site on which a started run waits for something until it has it. */
function site( open: Partial< Run >, over: Routes = {} ): Routes {
	const run = makeRun( { run_id: 4, finished_at: null, matched_users: 0, ...open } );
	let is_open = false;
	return {
		...filled(),
		'GET /report': () => ( { body: makeReport( { open_run: is_open ? run : null } ) } ),
		'POST /runs': () => {
			is_open = true;
			return { status: 201, body: run };
		},
		'POST /runs/4/advance': { body: run },
		...over,
	};
}

const bodyOf = ( requests: Request[], path: string ) =>
	requests.find( ( { method, ...request } ) => method === 'POST' && request.path === path )?.body;

function fileField(): Element {
	const field = document.querySelector( 'input[type=file]' );
	if ( field === null ) {
		throw new Error( 'There is no field for files.' );
	}
	return field;
}

async function paste( text: string ): Promise< void > {
	fireEvent.click( await screen.findByRole( 'checkbox', { name: 'Pasted or dropped list' } ) );
	fireEvent.change( await screen.findByLabelText( 'Addresses or domains' ), { target: { value: text } } );
}

beforeEach( stubWorker );

describe( 'the sources of a run', () => {
	it( 'are offered with how many people they have; what is not on the site cannot be chosen', async () => {
		openPage( PLACE, filled() );
		expect( await screen.findByRole( 'checkbox', { name: 'WordPress users', checked: true } ) ).toBeTruthy();
		expect( screen.getByText( '812 people' ) ).toBeTruthy();
		expect( screen.getByRole( 'checkbox', { name: 'WooCommerce customers' } ) ).toHaveProperty( 'disabled', true );
		expect( screen.getByText( 'Not on this site.' ) ).toBeTruthy();
	} );

	it( 'are counted before anyone agrees to sending their domains', async () => {
		const { requests } = openPage( PLACE, site( { state: 'counting' }, { 'POST /runs/count': { body: makePreview() } } ) );
		fireEvent.click( await screen.findByRole( 'checkbox', { name: 'Comment authors' } ) );
		expect( screen.getByText( /First everything is counted\. Then you see which domains would be sent/ ) ).toBeTruthy();
		fireEvent.click( screen.getByRole( 'button', { name: 'Run matcher' } ) );
		expect( await screen.findByText( 'The matcher is running' ) ).toBeTruthy();
		expect( bodyOf( requests, '/runs' ) ).toEqual( {
			run: { agreed: false, sources: [ 'users', 'comments' ], ran_in: 'companion' },
		} );
	} );

	it( 'must be chosen', async () => {
		openPage( PLACE, filled() );
		fireEvent.click( await screen.findByRole( 'checkbox', { name: 'WordPress users' } ) );
		expect( screen.getByText( 'Choose whose addresses are read.' ) ).toBeTruthy();
		expect( screen.getByRole( 'button', { name: 'Run matcher' } ).getAttribute( 'aria-disabled' ) ).toBe( 'true' );
	} );
} );

describe( 'a pasted list', () => {
	it( 'is read in the page, and only its domains and their counts are handed over', async () => {
		const handed: unknown[] = [];
		const routes = site(
			{ state: 'counting', sources: [ 'users', 'paste' ], waits_for: 'hosts' },
			{
				'POST /runs/4/hosts': ( { body } ) => {
					handed.push( body );
					return { body: makeRun( { run_id: 4, state: 'counting' } ) };
				},
			}
		);
		const { requests } = openPage( PLACE, routes );
		await paste( PASTED );
		expect( await screen.findByText( '2 domains.' ) ).toBeTruthy();
		expect( screen.getByText( /3 rows read\./ ) ).toBeTruthy();
		expect( screen.getByText( '1 row without a usable address' ) ).toBeTruthy();
		fireEvent.click( screen.getByRole( 'button', { name: 'Run matcher' } ) );
		await waitFor( () => expect( handed.length ).toBe( 1 ) );
		expect( handed ).toEqual( [
			{
				hosts: {
					page: 1,
					last: true,
					rows: [
						{ host: 'siemens.com', user_count: 2 },
						{ host: 'airbnb.com', user_count: 1 },
					],
					reasons: [ { reason: 'no_at', user_count: 1 } ],
				},
			},
		] );
		expect( requests.filter( ( { body } ) => JSON.stringify( body ?? '' ).includes( '@' ) ) ).toEqual( [] );
	} );

	it( 'may be a file, which is named and can be taken back', async () => {
		openPage( PLACE, filled() );
		fireEvent.click( await screen.findByRole( 'checkbox', { name: 'Pasted or dropped list' } ) );
		fireEvent.change( fileField(), { target: { files: [ new File( [ PASTED ], 'people.csv', { type: 'text/csv' } ) ] } } );
		expect( await screen.findByText( /people\.csv \(\d+ bytes\)/ ) ).toBeTruthy();
		expect( await screen.findByText( '2 domains.' ) ).toBeTruthy();
		fireEvent.click( screen.getByRole( 'button', { name: 'Remove file' } ) );
		expect( screen.queryByText( '2 domains.' ) ).toBeNull();
		expect( screen.getByText( 'Paste or drop your list first.' ) ).toBeTruthy();
	} );

	it( 'keeps the run waiting until it is read, and says when nothing is in it', async () => {
		openPage( PLACE, filled() );
		await paste( 'nothing here' );
		expect( await screen.findByText( /There is no address and no domain in it\./ ) ).toBeTruthy();
		expect( screen.getByRole( 'button', { name: 'Run matcher' } ).getAttribute( 'aria-disabled' ) ).toBe( 'true' );
	} );

	it( 'shows how far reading a large file is, and stops it', async () => {
		const file = new File( [ 'ada@siemens.com\n'.repeat( 300_000 ) ], 'large.csv' );
		const first = file.slice( 0, 4 * 1024 * 1024 );
		const unread = Object.assign( new Blob(), { arrayBuffer: () => new Promise< ArrayBuffer >( () => undefined ) } );
		file.slice = ( at ) => ( at === 0 ? first : unread );
		openPage( PLACE, filled() );
		fireEvent.click( await screen.findByRole( 'checkbox', { name: 'Pasted or dropped list' } ) );
		fireEvent.change( fileField(), { target: { files: [ file ] } } );
		expect( await screen.findByText( /262,1\d\d rows read, 4\.2 MB\./ ) ).toBeTruthy();
		fireEvent.click( screen.getByRole( 'button', { name: 'Stop' } ) );
		await waitFor( () => expect( screen.queryByRole( 'button', { name: 'Stop' } ) ).toBeNull() );
		expect( screen.getByText( 'Paste or drop your list first.' ) ).toBeTruthy();
	} );

	it( 'is asked for again after a reload, and the run goes on with it', async () => {
		const open = makeRun( { run_id: 4, state: 'counting', finished_at: null, sources: [ 'paste' ], waits_for: 'hosts' } );
		const { requests } = openPage( PLACE, {
			...filled(),
			'GET /report': { body: makeReport( { open_run: open } ) },
			'POST /runs/4/advance': { body: open },
			'POST /runs/4/hosts': { body: open },
		} );
		expect( await screen.findByText( /Give the same list again, or cancel the run/ ) ).toBeTruthy();
		fireEvent.change( screen.getByLabelText( 'Addresses or domains' ), { target: { value: PASTED } } );
		expect( await screen.findByText( '2 domains.' ) ).toBeTruthy();
		fireEvent.click( screen.getByRole( 'button', { name: 'Go on with this list' } ) );
		await waitFor( () => expect( requests.some( ( { path } ) => path === '/runs/4/hosts' ) ).toBe( true ) );
	} );

	it( 'is cut into pages of 5,000, of which the last one says so and has the reasons', () => {
		const hosts = Array.from( { length: 10_001 }, ( _, index ) => ( { host: `h${ index }.test`, user_count: 1 } ) );
		const pages = hostPages( { rows_read: 10_001, hosts, reasons: [ { reason: 'no_at', user_count: 2 } ] } );
		expect( pages.map( ( page ) => [ page.page, page.rows.length, page.last, page.reasons.length ] ) ).toEqual( [
			[ 1, 5000, false, 0 ],
			[ 2, 5000, false, 0 ],
			[ 3, 1, true, 1 ],
		] );
		expect( hostPages( { rows_read: 0, hosts: [], reasons: [] } ).length ).toBe( 1 );
	} );

	it( 'has a place without faults of accessibility', async () => {
		openPage( PLACE, filled() );
		await paste( PASTED );
		expect( await screen.findByText( '2 domains.' ) ).toBeTruthy();
		const result = await axe.run( document.body, {
			rules: { 'color-contrast': { enabled: false }, region: { enabled: false }, 'page-has-heading-one': { enabled: false } },
		} );
		expect( result.violations.map( ( found ) => `${ found.id }: ${ found.nodes[ 0 ]?.html }` ) ).toEqual( [] );
	} );
} );

describe( 'matching in this browser', () => {
	const unpaired = () => ( { 'POST /runs/count': { body: makePreview( { companion_name: '' } ) } } );
	const open = makeRun( {
		run_id: 4,
		state: 'labelling',
		finished_at: null,
		ran_in: 'browser',
		waits_for: 'browser',
		domains_labelled: 0,
	} );

	it( 'is what a site without a companion starts with, and nothing has to be agreed to', async () => {
		const { requests } = openPage( PLACE, site( { state: 'counting', ran_in: 'browser' }, unpaired() ) );
		expect( await screen.findByRole( 'radio', { name: 'Match in this browser', checked: true } ) ).toBeTruthy();
		expect( screen.getByText( /Monitoring stays with the companion\./ ) ).toBeTruthy();
		fireEvent.click( screen.getByRole( 'button', { name: 'Run matcher' } ) );
		await waitFor( () =>
			expect( bodyOf( requests, '/runs' ) ).toEqual( { run: { agreed: false, sources: [ 'users' ], ran_in: 'browser' } } )
		);
	} );

	it( 'is offered where a companion is connected, too', async () => {
		openPage( PLACE, { ...filled(), 'POST /runs/count': { body: makePreview( { agreed_at: ago( 9 ) } ) } } );
		fireEvent.click( await screen.findByRole( 'radio', { name: 'Match in this browser' } ) );
		expect( screen.getByText( 'Nothing leaves this site by this run.' ) ).toBeTruthy();
		expect( screen.queryByText( /domains go to helper\.test/ ) ).toBeNull();
	} );

	it( 'wants a list first', async () => {
		openPage( PLACE, { ...filled(), ...unpaired(), 'GET /lists': { body: [ makeNoList() ] } } );
		const link = await screen.findByRole( 'link', { name: 'Get a list' } );
		expect( link.getAttribute( 'href' ) ).toContain( 'screen=companies' );
		expect( screen.getByRole( 'button', { name: 'Run matcher' } ).getAttribute( 'aria-disabled' ) ).toBe( 'true' );
	} );

	it( 'labels the open run page by page until nothing is left, also after a reload', async () => {
		window.rollcall_settings = { ...allowed(), own_hosts: [ 'www.myshop.com' ] };
		const left = [
			{ domain_id: 1, host: 'gmail.com' },
			{ domain_id: 2, host: 'mail.myshop.com' },
			{ domain_id: 3, host: 'siemens.com' },
		];
		const labelled: [ number, string ][] = [];
		let is_done = false;
		const { requests } = openPage( PLACE, {
			...filled(),
			'GET /report': () => ( {
				body: makeReport( { open_run: is_done ? null : open, newest_run: is_done ? makeRun( { run_id: 4 } ) : null } ),
			} ),
			'POST /runs/4/advance': () => {
				is_done = labelled.length === 3;
				return { body: is_done ? makeRun( { run_id: 4, ran_in: 'browser' } ) : open };
			},
			'GET /runs/4/domains': ( { query } ) => ( {
				body: {
					data_version: 7,
					rows: left
						.filter(
							( { domain_id } ) =>
								domain_id > Number( query.get( 'after' ) ) && ! labelled.some( ( [ id ] ) => id === domain_id )
						)
						.slice( 0, 2 ),
				},
			} ),
			'POST /runs/4/labels': ( { body } ) => {
				const { rows } = ( body as { labels: { rows: { domain_id: number; data_version: number; verdict: { label: string } }[] } } )
					.labels;
				expect( rows.every( ( row ) => row.data_version === 7 ) ).toBe( true );
				labelled.push( ...rows.map( ( row ): [ number, string ] => [ row.domain_id, row.verdict.label ] ) );
				return { body: { ...open, domains_total: 3, domains_labelled: labelled.length } };
			},
		} );
		expect( await screen.findByText( /This page matches the domains: keep it open\./ ) ).toBeTruthy();
		expect( await screen.findByText( 'Your report is ready' ) ).toBeTruthy();
		expect( labelled ).toEqual( [
			[ 1, 'core_mail' ],
			[ 2, 'own_site' ],
			[ 3, 'unmatched' ],
		] );
		expect( requests.filter( ( { path } ) => path === '/runs/4/labels' ).length ).toBe( 2 );
	} );

	it( 'stops and goes on', async () => {
		const { requests } = openPage( PLACE, {
			...filled(),
			'GET /report': { body: makeReport( { open_run: open } ) },
			'POST /runs/4/advance': { body: open },
			'GET /runs/4/domains': 'pending',
		} );
		const asked = () => requests.filter( ( { path } ) => path === '/runs/4/domains' ).length;
		const stop = await screen.findByRole( 'button', { name: 'Stop' } );
		expect( asked() ).toBe( 1 );
		fireEvent.click( stop );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Go on' } ) );
		await waitFor( () => expect( asked() ).toBe( 2 ) );
	} );

	it( 'is left to who started it by those who may only look', async () => {
		window.rollcall_settings = allowed( { manage: false } );
		const { requests } = openPage( PLACE, {
			...filled(),
			'GET /report': { body: makeReport( { open_run: open } ) },
			'GET /runs/4': { body: open },
		} );
		const panel = ( await screen.findByText( 'The matcher is running' ) ).closest( 'section' );
		expect( within( panel ?? document.body ).getByText( /It waits for the page of the person who started it/ ) ).toBeTruthy();
		expect( requests.some( ( { method, path } ) => method === 'POST' || path.endsWith( '/domains' ) ) ).toBe( false );
	} );
} );
