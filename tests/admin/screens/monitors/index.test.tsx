import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { MonitorRequest } from '../../../../companion/src/contract/monitor.ts';
import { ago, allowed, makeOverview } from '../../fixtures.ts';
import { makeVitals } from '../../../make-vitals.ts';
import { makeMonitor, makeMonitoring, uidOf } from '../../monitor-fixtures.ts';
import { failure, openPage, type Request, type Routes } from '../../page.tsx';
import { filled, untouched } from '../../routes.ts';

const PLACE = '&screen=monitors';

const shop = makeMonitor();
const blog = makeMonitor( {
	monitor_uid: uidOf( 2 ),
	name: 'https://blog.test/',
	url: 'https://blog.test/',
	screen_state: 'down',
	last_status_code: 503,
	last_response_time_ms: 81,
	last_error_code: 'http_status',
	last_error_message: 'GET https://blog.test/ answered 503 after 81 ms',
	uptime_24h: 0.5,
	uptime_30d: null,
} );
const intern = makeMonitor( {
	monitor_uid: uidOf( 3 ),
	name: 'Printer',
	url: 'http://192.168.1.5:8080/',
	screen_state: 'no_reading',
	last_status_code: null,
	last_response_time_ms: null,
	last_error_code: 'target_refused',
	last_checked_at: null,
} );

const many = (): Routes => ( { ...filled(), 'GET /monitors': { body: [ shop, blog, intern ] } } );

async function act_on( name: string, action: string ) {
	const row = ( await screen.findByText( name ) ).closest( 'tr' );
	fireEvent.click( within( row! ).getByRole( 'button', { name: 'Actions' } ) );
	fireEvent.click( await screen.findByRole( 'menuitem', { name: action } ) );
}

const bodies = ( requests: Request[], method: string ) =>
	requests.filter( ( request ) => request.method === method ).map( ( { path, body } ) => [ path, body ] );

describe( 'the Monitors screen', () => {
	it( 'shows state, status, time, error and uptime of each in words', async () => {
		openPage( PLACE, many() );
		const row = ( await screen.findByText( 'https://blog.test/' ) ).closest( 'tr' )?.textContent ?? '';
		for ( const text of [
			'Down',
			'503',
			'0.081 s',
			'The status is an error',
			'answered 503 after 81 ms',
			'Website',
			'50% in 24 hours',
			'– in 30 days',
		] ) {
			expect( row ).toContain( text );
		}
		expect( row.match( /https:\/\/blog\.test/g )?.length ).toBe( 1 );
		expect( screen.getByTitle( 'GET https://blog.test/ answered 503 after 81 ms' ) ).toBeTruthy();
		expect( screen.getByText( 'Shop' ).closest( 'tr' )?.textContent ).toContain( 'https://shop.test/' );
	} );

	it( 'says how to allow an address that the companion does not ask', async () => {
		openPage( PLACE, many() );
		const row = ( await screen.findByText( 'Printer' ) ).closest( 'tr' )!;
		expect( within( row ).getByText( 'The address is not public' ) ).toBeTruthy();
		expect( within( row ).getByText( 'rollcall-companion serve --allow 192.168.1.5/32:8080' ) ).toBeTruthy();
		expect( within( row ).getByText( 'ROLLCALL_ALLOW=192.168.1.5/32:8080' ) ).toBeTruthy();
		expect( within( row ).getByText( 'Never' ) ).toBeTruthy();
	} );

	it( 'gives no advice to allow a public host of which too many ports are new', async () => {
		const limited = { ...intern, url: 'tcp://mail.acme.com:993', last_error_code: 'ports_limited' as const };
		openPage( PLACE, { ...filled(), 'GET /monitors': { body: [ limited ] } } );
		const row = ( await screen.findByText( 'Printer' ) ).closest( 'tr' )!;
		expect( within( row ).getByText( 'At most 3 new ports of one host are asked a minute; it is asked later' ) ).toBeTruthy();
		expect( within( row ).queryByText( 'How to allow it' ) ).toBeNull();
		expect( row.textContent ).not.toMatch( /--allow|not public/ );
	} );

	it( 'asks WordPress for order, search and filters', async () => {
		const { requests } = openPage( PLACE, many() );
		await screen.findByText( 'Shop' );
		const newest = () => Object.fromEntries( requests.findLast( ( { path } ) => path === '/monitors' )?.query ?? [] );
		expect( newest() ).toMatchObject( { page: '1', per_page: '20', orderby: 'state', order: 'asc' } );
		fireEvent.change( screen.getByRole( 'searchbox', { name: 'Search monitors' } ), { target: { value: 'shop' } } );
		await waitFor( () => expect( newest() ).toMatchObject( { search: 'shop' } ) );
	} );

	it( 'pauses by sending the monitor as it is, but for that', async () => {
		const { requests } = openPage( PLACE, { ...many(), [ `PUT /monitors/${ uidOf( 2 ) }` ]: { body: blog } } );
		await act_on( 'https://blog.test/', 'Pause' );
		expect( ( await screen.findAllByText( '1 monitor paused.' ) ).length ).toBeGreaterThan( 0 );
		const { type, url, is_public, interval_seconds, options } = blog;
		expect( bodies( requests, 'PUT' ) ).toEqual( [
			[
				`/monitors/${ uidOf( 2 ) }`,
				{ monitor: { name: '', type, url, active: false, is_public, interval_seconds, options } satisfies MonitorRequest },
			],
		] );
	} );

	it( 'deletes after a question, and says when it could not', async () => {
		let fails = true;
		const { requests } = openPage( PLACE, {
			...many(),
			[ `DELETE /monitors/${ uidOf( 1 ) }` ]: () =>
				fails ? failure( 'database_busy', 503, 'The database did not take the change.', 'Try again.' ) : { body: shop },
		} );
		await act_on( 'Shop', 'Delete' );
		const dialog = within( await screen.findByRole( 'dialog', { name: 'Delete 1 monitor?' } ) );
		fireEvent.click( dialog.getByRole( 'button', { name: 'Delete' } ) );
		expect( await dialog.findByText( 'The database did not take the change.', { selector: 'p' } ) ).toBeTruthy();
		fails = false;
		fireEvent.click( dialog.getByRole( 'button', { name: 'Delete' } ) );
		expect( ( await screen.findAllByText( '1 monitor deleted.' ) ).length ).toBeGreaterThan( 0 );
		expect( bodies( requests, 'DELETE' ).length ).toBe( 2 );
	} );

	it.each( [
		[ 'Shop', [ 'Shop' ], 'https://blog.test/' ],
		[ 'Printer', [ 'Printer' ], 'https://blog.test/' ],
		[ 'the only one', [ 'Shop' ], undefined ],
	] )( 'brings the focus to a name near by, or to the list, after deleting %s', async ( _, [ name = '' ], next ) => {
		let rows = next === undefined ? [ shop ] : [ shop, blog, intern ];
		const gone = rows.find( ( row ) => row.name === name )!;
		openPage( PLACE, {
			...filled(),
			'GET /monitors': () => ( { body: rows } ),
			[ `DELETE /monitors/${ gone.monitor_uid }` ]: () => {
				rows = rows.filter( ( row ) => row !== gone );
				return { body: gone };
			},
		} );
		await act_on( name, 'Delete' );
		const dialog = within( await screen.findByRole( 'dialog', { name: 'Delete 1 monitor?' } ) );
		fireEvent.click( dialog.getByRole( 'button', { name: 'Delete' } ) );
		await waitFor( () => expect( screen.queryByRole( 'dialog' ) ).toBeNull() );
		const focused = document.body.ownerDocument.activeElement;
		if ( next === undefined ) {
			expect( focused?.contains( screen.getByText( 'Nothing is monitored yet.' ) ) ).toBe( true );
			expect( focused ).not.toBe( document.body );
		} else {
			expect( focused ).toBe( screen.getByRole( 'button', { name: next } ) );
		}
	} );

	it( 'keeps the type out of the way until it is chosen', async () => {
		openPage( PLACE, many() );
		const row = ( await screen.findByText( 'Shop' ) ).closest( 'tr' )!;
		expect( row.textContent ).not.toContain( 'Website' );
		expect( screen.queryByRole( 'columnheader', { name: /Type/ } ) ).toBeNull();
	} );

	it( 'reads again by itself without taking the focus from where it is', async () => {
		vi.useFakeTimers( { shouldAdvanceTime: true } );
		let state: 'up' | 'down' = 'up';
		const { requests } = openPage( PLACE, {
			...filled(),
			'GET /monitors': () => ( { body: [ makeMonitor( { screen_state: state } ) ] } ),
		} );
		const button = within( ( await screen.findByText( 'Shop' ) ).closest( 'tr' )! ).getByRole( 'button', { name: 'Actions' } );
		button.focus();
		const before = requests.filter( ( { path } ) => path === '/monitors' ).length;
		state = 'down';
		await act( () => vi.advanceTimersByTimeAsync( 11_000 ) );
		expect( ( await screen.findAllByText( 'Down' ) ).length ).toBeGreaterThan( 0 );
		expect( requests.filter( ( { path } ) => path === '/monitors' ).length ).toBeGreaterThan( before );
		expect( button.ownerDocument.activeElement ).toBe( button );
	} );

	it( 'offers nothing to who may only look', async () => {
		window.rollcall_settings = allowed( { manage: false } );
		openPage( PLACE, many() );
		await screen.findByText( 'Shop' );
		expect( screen.queryByRole( 'button', { name: /Add|Check all|Actions/ } ) ).toBeNull();
	} );

	it( 'opens the form where there is nothing yet', async () => {
		openPage( PLACE, untouched() );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Add the first monitor' } ) );
		expect( await screen.findByRole( 'dialog', { name: 'Add a monitor' } ) ).toBeTruthy();
	} );
} );

describe( 'the notices of the Monitors screen', () => {
	const withMonitoring = ( over: Parameters< typeof makeMonitoring >[ 0 ] ): Routes => ( {
		...filled(),
		'GET /monitoring': { body: makeMonitoring( over ) },
	} );

	it( 'say since when there is no data, and what to do', async () => {
		openPage( PLACE, withMonitoring( { no_data_since: ago( 42 ), vitals: makeVitals( { stalled_count: 2 } ) } ) );
		expect( await screen.findByText( /^No data since/, { selector: 'p' } ) ).toBeTruthy();
		expect( screen.getByText( '42 minutes ago' ) ).toBeTruthy();
		expect( screen.getByText( /Start it again on the computer where it runs/, { selector: 'p' } ) ).toBeTruthy();
		expect( screen.queryByText( /not checked in time/ ) ).toBeNull();
	} );

	it( 'name the exact number of checks that were lost', async () => {
		openPage(
			PLACE,
			withMonitoring( { vitals: makeVitals( { disk_full: true } ), lost_24h: { dropped_count: 10_431, dead_letter_count: 0 } } )
		);
		expect( await screen.findByText( 'The disk of the companion is full.', { selector: 'p' } ) ).toBeTruthy();
		expect( screen.getByText( /^10,431 checks were lost in the last 24 hours\./, { selector: 'p' } ) ).toBeTruthy();
	} );

	it( 'lead to Connect when no companion is connected', async () => {
		openPage( PLACE, withMonitoring( { is_connected: false, vitals: null } ) );
		expect( await screen.findByText( 'No companion is connected, so nothing is checked.', { selector: 'p' } ) ).toBeTruthy();
		expect( screen.getByRole( 'link', { name: 'Connect the companion' } ) ).toBeTruthy();
	} );

	it( 'are none while all is well', async () => {
		openPage( PLACE, filled() );
		await screen.findByText( 'Shop' );
		expect( document.querySelector( '.components-notice' ) ).toBeNull();
	} );
} );

describe( 'the state of a monitor', () => {
	it( 'stands with the time for which it holds', async () => {
		openPage( PLACE, filled() );
		expect( ( await screen.findAllByText( /^For \d+ (second|minute|hour)s$/ ) ).length ).toBeGreaterThan( 0 );
	} );
} );

describe( 'the card on the Overview', () => {
	const routes = ( over: Parameters< typeof makeMonitoring >[ 0 ] = {} ): Routes => ( {
		...filled(),
		'GET /overview': { body: makeOverview() },
		'GET /monitoring': { body: makeMonitoring( over ) },
	} );

	it( 'counts what is up, degraded, down and without a reading, asking once', async () => {
		const state_counts = { up: 1207, degraded: 4, confirming: 1, down: 17, no_reading: 9 };
		const { requests } = openPage( '', routes( { no_data_since: ago( 10 ), state_counts } ) );
		for ( const count of [ '1,207', '4', '17', '9' ] ) {
			expect( await screen.findByText( count ) ).toBeTruthy();
		}
		expect( screen.getByText( 'No data since' ) ).toBeTruthy();
		expect( requests.filter( ( { path } ) => path === '/monitors' ) ).toEqual( [] );
	} );

	it( 'leads to the first monitor', async () => {
		const { requests } = openPage( '', { ...routes( { monitor_count: 0 } ), 'GET /monitors': { body: [] } } );
		fireEvent.click( await screen.findByRole( 'link', { name: 'Add the first monitor' } ) );
		expect( await screen.findByRole( 'dialog', { name: 'Add a monitor' } ) ).toBeTruthy();
		expect( requests.some( ( { path } ) => path === '/monitors' ) ).toBe( true );
	} );
} );
