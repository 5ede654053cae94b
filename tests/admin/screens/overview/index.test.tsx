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

	it( 'labels the sample as made up', async () => {
		openPage( '', { ...filled(), 'GET /overview': { body: makeOverview( { list_source: 'sample' } ) } } );
		expect( await screen.findByText( 'Built-in sample of made-up companies' ) ).toBeTruthy();
	} );
} );
