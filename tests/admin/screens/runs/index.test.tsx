import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { runBefore } from '../../../../admin-ts/src/screens/runs/compare-form.tsx';
import { runsOf } from '../../../../admin-ts/src/screens/runs/index.tsx';
import { differenceText } from '../../../../admin-ts/src/screens/runs/totals-table.tsx';
import { makeRun } from '../../fixtures.ts';
import { makeCompanyChange, makeComparison, makeSource, sources } from '../../run-fixtures.ts';
import { openPage } from '../../page.tsx';
import { filled } from '../../routes.ts';

const PLACE = '&screen=runs';

describe( 'the Runs screen', () => {
	it( 'says of each run who started it, where its addresses come from and where it was matched', async () => {
		openPage( PLACE, {
			...filled(),
			'GET /sources': { body: [ ...sources, makeSource( { source: 'newsletter', title: 'Subscribers of News' } ) ] },
			'GET /runs': {
				body: [
					makeRun( { run_id: 9, sources: [ 'users', 'newsletter' ], ran_in: 'browser' } ),
					makeRun( { run_id: 8, scheduled: true, started_by: '' } ),
				],
			},
		} );
		expect( await screen.findByText( 'WordPress users, Subscribers of News' ) ).toBeTruthy();
		expect( screen.getByText( 'A browser' ) ).toBeTruthy();
		expect( screen.getByText( 'The schedule' ) ).toBeTruthy();
		expect( screen.getByText( 'Ada' ) ).toBeTruthy();
	} );

	it( 'gives no figures of a run that did not end well', async () => {
		openPage( PLACE, { ...filled(), 'GET /runs': { body: [ makeRun( { state: 'cancelled', matched_users: 0, users_read: 500 } ) ] } } );
		expect( await screen.findByText( 'Cancelled' ) ).toBeTruthy();
		expect( screen.getByText( '500 people read' ) ).toBeTruthy();
	} );

	it( 'has the figures as words on a narrow screen, where columns have no headings', async () => {
		const width = window.innerWidth;
		window.innerWidth = 375;
		openPage( PLACE, filled() );
		expect( ( await screen.findAllByText( '1,204 of 10,431 people at 386 companies' ) ).length ).toBe( 2 );
		window.innerWidth = width;
	} );

	it( 'opens a run from the table, and leads back', async () => {
		openPage( PLACE, filled() );
		const table = await screen.findByRole( 'table' );
		const row = within( table ).getAllByRole( 'row' )[ 1 ];
		fireEvent.click( row?.querySelector( '.dataviews-title-field' ) ?? table );
		expect( await screen.findByText( 'Started by' ) ).toBeTruthy();
		expect( window.location.search ).toBe( '?page=rollcall&screen=runs&view=3' );
		fireEvent.click( screen.getByRole( 'link', { name: 'All runs' } ) );
		expect( await screen.findByText( 'Compare two runs' ) ).toBeTruthy();
	} );

	it( 'proposes the two newest runs, and compares any two, the earlier one first', async () => {
		openPage( PLACE, filled() );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Compare' } ) );
		expect( await screen.findByText( 'Earlier run', { selector: 'h2' } ) ).toBeTruthy();
		expect( window.location.search ).toBe( '?page=rollcall&screen=runs&view=2-3' );
	} );

	it( 'does not compare a run with itself', async () => {
		const { requests } = openPage( PLACE, filled() );
		fireEvent.change( await screen.findByLabelText( 'One run' ), { target: { value: '3' } } );
		fireEvent.click( screen.getByRole( 'button', { name: 'Compare' } ) );
		expect( screen.getByText( 'Choose two different runs.' ) ).toBeTruthy();
		expect( requests.some( ( { path } ) => path.includes( 'compare' ) ) ).toBe( false );
	} );

	it( 'offers no comparison while there is only one run', async () => {
		openPage( PLACE, { ...filled(), 'GET /runs': { body: [ makeRun() ] } } );
		expect( await screen.findByText( 'Ada' ) ).toBeTruthy();
		expect( screen.queryByRole( 'button', { name: 'Compare' } ) ).toBeNull();
	} );

	it( 'shows an open run with its progress in place of figures', async () => {
		const open = makeRun( { run_id: 4, state: 'labelling', finished_at: null } );
		openPage( `${ PLACE }&view=4`, { ...filled(), 'GET /runs/4': { body: open }, 'POST /runs/4/advance': { body: open } } );
		expect( await screen.findByText( 'The matcher is running' ) ).toBeTruthy();
	} );
} );

describe( 'a comparison of two runs', () => {
	const COMPARED = `${ PLACE }&view=2-3`;

	it( 'shows both runs, what differs in figures, and each company with both', async () => {
		openPage( COMPARED, filled() );
		expect( await screen.findByText( '3 new, 1 gone, 12 changed' ) ).toBeTruthy();
		expect( await screen.findByText( 'Airbnb' ) ).toBeTruthy();
		const row = screen.getByText( 'Company', { selector: 'th[scope=row]' } ).closest( 'tr' );
		expect( [ ...( row?.querySelectorAll( 'td' ) ?? [] ) ].map( ( cell ) => cell.textContent ) ).toEqual( [ '1,207', '1,204', '−3' ] );
		expect( screen.getByText( '12', { exact: false, selector: '.rollcall-cell > span' } ).textContent ).toBe( '12 →to 14' );
	} );

	it.each( [
		[ 'warns when the runs read different addresses', [ 'comments', 'users' ], 1 ],
		[ 'has no warning when the runs read the same addresses', [ 'users' ], 0 ],
	] )( '%s', async ( _name, read, expected ) => {
		openPage( COMPARED, {
			...filled(),
			'GET /runs/2/compare/3': {
				body: makeComparison( { before: makeRun( { sources: [ 'users' ] } ), after: makeRun( { sources: read } ) } ),
			},
		} );
		expect( await screen.findByText( 'Earlier run', { selector: 'h2' } ) ).toBeTruthy();
		expect( screen.queryAllByText( /^These runs read different addresses/, { selector: '.components-notice__content' } ) ).toHaveLength(
			expected
		);
	} );

	it( 'asks for churn only on its tab, and says why people may be lost', async () => {
		const { requests } = openPage( COMPARED, {
			...filled(),
			'GET /runs/2/compare/3/companies': ( { query } ) => ( {
				body: query.get( 'churn' )
					? [ makeCompanyChange( { name: 'Gone Inc', change: 'gone', churn: 'domain_gone', after: null } ) ]
					: [],
			} ),
		} );
		expect( await screen.findByText( 'The companies of both runs are the same.' ) ).toBeTruthy();
		fireEvent.click( screen.getByRole( 'tab', { name: 'Churn (1)' } ) );
		expect( await screen.findByText( 'Domain no longer used' ) ).toBeTruthy();
		expect( requests.findLast( ( { path } ) => path.endsWith( '/companies' ) )?.query.get( 'churn' ) ).toBe( '1' );
	} );

	it( 'lists domains that differ', async () => {
		openPage( COMPARED, filled() );
		fireEvent.click( await screen.findByRole( 'tab', { name: 'Domains (105)' } ) );
		expect( await screen.findByText( 'siemens.com' ) ).toBeTruthy();
	} );

	it( 'does without the table of types where an old run kept none', async () => {
		openPage( COMPARED, { ...filled(), 'GET /runs/2/compare/3': { body: makeComparison( { before_totals: null } ) } } );
		expect( await screen.findByText( 'Airbnb' ) ).toBeTruthy();
		expect( screen.queryByText( 'People by type of address' ) ).toBeNull();
	} );
} );

describe( 'helpers of the Runs screen', () => {
	it.each( [
		[ '', [] ],
		[ '12', [ 12 ] ],
		[ '12-3', [ 12, 3 ] ],
		[ '12-', [] ],
		[ 'x', [] ],
		[ '1-2-3', [] ],
	] )( 'read the view "%s" as runs %o', ( view, runs ) => {
		expect( runsOf( view ) ).toEqual( runs );
	} );

	it( 'propose the run before of the same sources', () => {
		const run = makeRun( { run_id: 5, sources: [ 'users', 'paste' ] } );
		const other = makeRun( { run_id: 4 } );
		const same = makeRun( { run_id: 3, sources: [ 'paste', 'users' ] } );
		expect( runBefore( run, [ run, other, same ] ) ).toBe( same );
		expect( runBefore( run, [ run, other ] ) ).toBe( other );
		expect( runBefore( same, [ run, other, same ] ) ).toBeUndefined();
	} );

	it.each( [
		[ 1, 3, '+2' ],
		[ 3, 1, '−2' ],
		[ 2, 2, '0' ],
		[ 0, 1200, '+1,200' ],
	] )( 'write the difference from %d to %d as %s', ( before, after, text ) => {
		expect( differenceText( before, after ) ).toBe( text );
	} );
} );
