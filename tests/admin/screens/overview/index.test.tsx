import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { makeOverview, makeRun } from '../../fixtures.ts';
import { openPage } from '../../page.tsx';
import { filled, untouched } from '../../routes.ts';

describe( 'the Overview screen', () => {
	it.each( [
		[ 'connect', 'Connect', '&screen=connect' ],
		[ 'wait_for_list', 'See the list', '&screen=companies' ],
		[ 'run', 'Go to the matcher', '&screen=matcher' ],
		[ 'look', 'Open report', '&screen=matcher&view=report' ],
	] as const )( 'leads from the step %s by "%s"', async ( next_step, name, place ) => {
		openPage( '', { ...filled(), 'GET /overview': { body: makeOverview( { next_step, newest_run: null } ) } } );
		const link = await screen.findByRole( 'link', { name } );
		expect( link.getAttribute( 'href' ) ).toBe( `http://site.test/wp-admin/admin.php?page=rollcall${ place }` );
	} );

	it( 'says that the list is missing while the sample stands in for it', async () => {
		openPage( '', {
			...filled(),
			'GET /overview': { body: makeOverview( { next_step: 'wait_for_list', list_source: 'sample', newest_run: null } ) },
		} );
		expect( await screen.findByText( /made-up sample companies stand in for it/ ) ).toBeTruthy();
		expect( screen.queryByText( /Everything is ready/ ) ).toBeNull();
	} );

	it( 'opens the next step without a new page', async () => {
		openPage( '', untouched() );
		fireEvent.click( await screen.findByRole( 'link', { name: 'Connect' } ) );
		expect( await screen.findByRole( 'heading', { level: 1, name: 'Connect' } ) ).toBeTruthy();
		expect( window.location.search ).toBe( '?page=rollcall&screen=connect' );
	} );

	it( 'shows an open run in place of the next step', async () => {
		const open = makeRun( { run_id: 4, state: 'labelling', finished_at: null, domains_labelled: 2406 } );
		openPage( '', {
			...filled(),
			'GET /overview': { body: makeOverview( { open_run: open } ) },
			'POST /runs/4/advance': { body: open },
		} );
		expect( await screen.findByText( 'The matcher is running' ) ).toBeTruthy();
		expect( screen.queryByText( 'Next step' ) ).toBeNull();
	} );

	it.each( [
		[ 'Add a list first', 0, '&screen=companies' ],
		[ 'Match in this browser', 12, '&screen=matcher' ],
	] as const )( 'leads without a companion by "%s" where %d companies are on the lists', async ( name, company_count, place ) => {
		openPage( '', {
			...untouched(),
			'GET /overview': { body: makeOverview( { next_step: 'connect', newest_run: null, company_count } ) },
		} );
		const link = await screen.findByRole( 'link', { name } );
		expect( link.getAttribute( 'href' ) ).toBe( `http://site.test/wp-admin/admin.php?page=rollcall${ place }` );
		expect( screen.getByRole( 'link', { name: 'Connect' } ) ).toBeTruthy();
	} );

	it( 'leads to the report after a run in the browser, with no step for a companion', async () => {
		openPage( '', {
			...filled(),
			'GET /overview': { body: makeOverview( { next_step: 'connect', newest_run: makeRun( { ran_in: 'browser' } ) } ) },
		} );
		expect( await screen.findByText( 'Look at your report', { selector: 'h2' } ) ).toBeTruthy();
		expect( screen.queryByText( 'Connect the companion' ) ).toBeNull();
		expect( screen.getByText( 'A browser' ) ).toBeTruthy();
	} );

	it( 'says who started the newest run, from which addresses, and when the next one starts', async () => {
		const run = makeRun( { scheduled: true, started_by: '', sources: [ 'users', 'comments' ] } );
		openPage( '', { ...filled(), 'GET /overview': { body: makeOverview( { newest_run: run, run_schedule: 'weekly' } ) } } );
		expect( await screen.findByText( 'The schedule' ) ).toBeTruthy();
		expect( await screen.findByText( 'WordPress users, Comment authors' ) ).toBeTruthy();
		expect( screen.getByText( /Every week/ ) ).toBeTruthy();
		expect( screen.getByRole( 'link', { name: 'All runs' } ).getAttribute( 'href' ) ).toContain( 'screen=runs' );
	} );

	it( 'labels the sample as made up', async () => {
		openPage( '', { ...filled(), 'GET /overview': { body: makeOverview( { list_source: 'sample' } ) } } );
		expect( await screen.findByText( 'Built-in sample of made-up companies' ) ).toBeTruthy();
	} );
} );
