import { screen, waitFor } from '@testing-library/react';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import { failure, openPage, type Routes } from '../page.tsx';
import { filled, untouched } from '../routes.ts';

type Case = {
	place: string;
	/** The request without which the screen has nothing to show. */
	main: string;
	empty: string | RegExp;
	filled: string | RegExp;
};

const CASES: Record< string, Case > = {
	overview: { place: '', main: 'GET /overview', empty: /It takes one command, on this server or on any computer/, filled: '1,204' },
	matcher: { place: '&screen=matcher', main: 'GET /report', empty: 'Before the first run', filled: 'Run it again' },
	report: { place: '&screen=matcher&view=report', main: 'GET /report', empty: 'There is no report yet.', filled: 'Users by batch' },
	runs: { place: '&screen=runs', main: 'GET /runs', empty: 'No run yet.', filled: 'Ada' },
	comparison: {
		place: '&screen=runs&view=2-3',
		main: 'GET /runs/2/compare/3',
		empty: 'The companies of both runs are the same.',
		filled: 'Airbnb',
	},
	companies: { place: '&screen=companies', main: 'GET /companies', empty: 'There is no list yet.', filled: 'Airbnb' },
	changes: {
		place: '&screen=companies&view=changes-yc',
		main: 'GET /lists/yc/changes',
		empty: 'Nothing has changed yet.',
		filled: 'Airbnb',
	},
	'rows by hand': {
		place: '&screen=companies&view=rows-lffffffffffff',
		main: 'GET /lists/lffffffffffff/rows',
		empty: 'This list has no companies yet.',
		filled: 'Acme',
	},
	rules: { place: '&screen=rules', main: 'GET /rules', empty: 'You have no rules yet.', filled: 'university.com' },
	monitors: { place: '&screen=monitors', main: 'GET /monitors', empty: 'Nothing is monitored yet.', filled: 'Shop' },
	connect: { place: '&screen=connect', main: 'GET /connection', empty: 'Make a pairing code', filled: 'Clock difference' },
	payloads: {
		place: '&screen=payloads',
		main: 'GET /payloads',
		empty: 'Nothing has left this site yet.',
		filled: 'POST /rollcall/v1/exchange',
	},
	settings: { place: '&screen=settings', main: 'GET /settings', empty: 'Show companies to visitors', filled: 'Save settings' },
};

async function violations(): Promise< string[] > {
	// jsdom draws nothing, so colours are checked in the browser.
	const result = await axe.run( document.body, {
		rules: { 'color-contrast': { enabled: false }, region: { enabled: false }, 'page-has-heading-one': { enabled: false } },
	} );
	return result.violations.map( ( found ) => `${ found.id }: ${ found.nodes[ 0 ]?.html }` );
}

describe.each( Object.entries( CASES ) )( 'the %s screen', ( _name, { place, main, ...text } ) => {
	it( 'says that it is loading, and never that there is nothing', async () => {
		openPage( place, { ...filled(), [ main ]: 'pending' } );
		expect( ( await screen.findAllByText( 'Loading…' ) ).length ).toBeGreaterThan( 0 );
		expect( screen.queryByText( /No results|There is no|Nothing/ ) ).toBeNull();
		expect( screen.queryByText( text.filled ) ).toBeNull();
	} );

	it( 'says what to do next when it is empty', async () => {
		openPage( place, untouched() );
		expect( ( await screen.findAllByText( text.empty ) ).length ).toBeGreaterThan( 0 );
	} );

	it( 'shows title, hint and details of an error, and tries again', async () => {
		let fails = true;
		const answer = filled()[ main ];
		const routes: Routes = {
			...filled(),
			[ main ]: ( request ) =>
				fails || answer === undefined
					? failure( 'database_busy', 503, 'The database did not take the change.', 'Look at the database server.' )
					: typeof answer === 'function'
						? answer( request )
						: answer,
		};
		openPage( place, routes );
		const title = await screen.findByText( 'The database did not take the change.', { selector: 'p' } );
		expect( screen.getByText( 'Look at the database server.', { selector: 'p' } ) ).toBeTruthy();
		expect( screen.getByText( /INSERT failed: table is locked/, { selector: 'details p' } ) ).toBeTruthy();
		fails = false;
		screen.getByRole( 'button', { name: 'Try again' } ).click();
		expect( ( await screen.findAllByText( text.filled ) ).length ).toBeGreaterThan( 0 );
		expect( title.isConnected ).toBe( false );
	} );

	it( 'is filled without faults of accessibility', async () => {
		openPage( place, filled() );
		expect( ( await screen.findAllByText( text.filled ) ).length ).toBeGreaterThan( 0 );
		await waitFor( () => expect( screen.queryByText( 'Loading…' ) ).toBeNull() );
		expect( await violations() ).toEqual( [] );
	} );
} );
