import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { allowed, makeExplanation, makeReport, makeReportDomain } from '../../fixtures.ts';
import { openPage } from '../../page.tsx';
import { filled } from '../../routes.ts';

const PLACE = '&screen=matcher&view=report';

describe( 'the report', () => {
	it( 'shows the header figures with separators and the match rate', async () => {
		openPage( PLACE, filled() );
		for ( const figure of [ '10,431', '1,204', '386', '12%', '4,812' ] ) {
			expect( ( await screen.findAllByText( figure ) ).length ).toBeGreaterThan( 0 );
		}
		expect( screen.getByText( /Waiting for a label: 12 users\. No usable address: 43 users\./ ) ).toBeTruthy();
	} );

	it( 'adds the two kinds of personal mail up into one bar', async () => {
		openPage( PLACE, filled() );
		const bar = await screen.findByRole( 'button', { name: /Personal mail/ } );
		expect( bar.textContent ).toContain( '6,013 users' );
	} );

	it( 'has the columns of the batch chart as a table too, oldest first, and walks them by arrow keys', async () => {
		openPage( PLACE, filled() );
		const table = await screen.findByRole( 'table', { name: 'Users by batch' } );
		expect(
			within( table )
				.getAllByRole( 'rowheader' )
				.map( ( cell ) => cell.textContent )
		).toEqual( [ 'Winter 2009', 'Summer 2026' ] );
		const newest = screen.getByRole( 'button', { name: 'Summer 2026: 30 users, 9 companies' } );
		expect( newest.getAttribute( 'tabindex' ) ).toBe( '0' );
		fireEvent.keyDown( newest, { key: 'ArrowLeft' } );
		expect( newest.ownerDocument.activeElement?.getAttribute( 'aria-label' ) ).toBe( 'Winter 2009: 12 users, 1 company' );
	} );

	it( 'filters the table by the part of a chart that was picked', async () => {
		const { requests } = openPage( PLACE, filled() );
		fireEvent.click( await screen.findByRole( 'button', { name: /Personal mail/ } ) );
		await waitFor( () => {
			const query = requests.findLast( ( { path } ) => path === '/report/domains' )?.query;
			expect( [ query?.get( 'label[0]' ), query?.get( 'label[1]' ) ] ).toEqual( [ 'core_mail', 'free_mail' ] );
		} );
		expect( screen.getByRole( 'tab', { name: 'Domains' } ).getAttribute( 'aria-selected' ) ).toBe( 'true' );
	} );

	it( 'asks WordPress for order, page and search instead of sorting itself', async () => {
		const { requests } = openPage( PLACE, filled() );
		await screen.findByText( 'Airbnb' );
		const query = requests.find( ( { path } ) => path === '/report/companies' )?.query;
		expect( Object.fromEntries( query ?? [] ) ).toMatchObject( { page: '1', per_page: '20', orderby: 'user_count', order: 'desc' } );
		fireEvent.change( screen.getByRole( 'searchbox', { name: 'Search companies' } ), { target: { value: 'air' } } );
		await waitFor( () => expect( requests.some( ( request ) => request.query.get( 'search' ) === 'air' ) ).toBe( true ) );
	} );

	it( 'sets and takes back the quick filters, also in the links of the exports', async () => {
		const { requests } = openPage( PLACE, filled() );
		fireEvent.click( await screen.findByRole( 'tab', { name: 'Domains' } ) );
		await screen.findByText( 'siemens.com' );
		const quick = screen.getByRole( 'button', { name: 'Other organisations' } );
		fireEvent.click( quick );
		await waitFor( () =>
			expect( requests.findLast( ( { path } ) => path === '/report/domains' )?.query.get( 'label[0]' ) ).toBe( 'unmatched' )
		);
		const link = new URL( screen.getByRole( 'link', { name: 'Export CSV' } ).getAttribute( 'href' ) ?? '' );
		expect( link.pathname ).toBe( '/wp-json/rollcall/v1/report/domains/export' );
		expect( Object.fromEntries( link.searchParams ) ).toMatchObject( { format: 'csv', 'label[0]': 'unmatched', _wpnonce: 'nonce-1' } );
		expect( link.searchParams.has( 'page' ) ).toBe( false );
		fireEvent.click( quick );
		await waitFor( () => expect( quick.getAttribute( 'aria-pressed' ) ).toBe( 'false' ) );
	} );

	it( 'says that nothing matches a filter, and clears it', async () => {
		openPage( PLACE, {
			...filled(),
			'GET /report/companies': ( { query } ) => ( {
				body: query.get( 'ambiguous' )
					? []
					: [
							{
								...makeReportDomain(),
								list_uid: 'yc',
								source_id: '1',
								name: 'Airbnb',
								status: 'active',
								batch: '',
								industry: '',
								domains: [],
								kind: 'current',
								team_size: null,
								one_liner: '',
							},
						],
			} ),
		} );
		await screen.findByText( 'Airbnb' );
		fireEvent.click( screen.getByRole( 'button', { name: 'Ambiguous' } ) );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Clear search and filters' } ) );
		expect( await screen.findByText( 'Airbnb' ) ).toBeTruthy();
	} );

	it( 'shows users only to who may list them, and asks for none otherwise', async () => {
		window.rollcall_settings = allowed( { list_users: false } );
		const { requests } = openPage( PLACE, filled() );
		await screen.findByText( 'Airbnb' );
		expect( screen.queryByRole( 'tab', { name: 'Users' } ) ).toBeNull();
		expect( requests.some( ( { path } ) => path === '/report/users' ) ).toBe( false );
	} );

	it( 'lists users with their addresses to who may', async () => {
		openPage( PLACE, filled() );
		fireEvent.click( await screen.findByRole( 'tab', { name: 'Users' } ) );
		expect( await screen.findByText( 'grace@airbnb.com' ) ).toBeTruthy();
	} );

	it( 'opens a company over the table', async () => {
		openPage( PLACE, filled() );
		fireEvent.click( await screen.findByText( 'Airbnb' ) );
		const dialog = await screen.findByRole( 'dialog', { name: 'Airbnb' } );
		expect( await within( dialog ).findByText( 'AirBed & Breakfast' ) ).toBeTruthy();
		expect( within( dialog ).getByText( 'Current website' ) ).toBeTruthy();
	} );

	it( 'stays readable while nothing matched', async () => {
		openPage( PLACE, {
			...filled(),
			'GET /report': {
				body: makeReport( { matched_users: 0, matched_companies: 0, match_rate: 0, batches: [], industries: [], statuses: [] } ),
			},
			'GET /report/companies': { body: [] },
		} );
		expect( await screen.findByText( /None of your users is at a listed company/ ) ).toBeTruthy();
	} );
} );

describe( 'why (not)?', () => {
	async function ask( text: string ) {
		fireEvent.change( await screen.findByLabelText( 'Domain, address or URL' ), { target: { value: text } } );
		fireEvent.click( screen.getByRole( 'button', { name: 'Explain' } ) );
	}

	it( 'answers with rule, evidence and company', async () => {
		const { requests } = openPage( PLACE, filled() );
		await ask( ' a@mail.airbnb.com ' );
		expect( await screen.findByText( 'mail.airbnb.com, part of airbnb.com' ) ).toBeTruthy();
		expect( screen.getByText( 'It is part of the website of a company on the list.' ) ).toBeTruthy();
		expect( requests.find( ( { path } ) => path === '/explanations' )?.body ).toEqual( { explanation: { text: 'a@mail.airbnb.com' } } );
	} );

	it( 'waits for the companion when WordPress cannot tell', async () => {
		vi.useFakeTimers( { shouldAdvanceTime: true } );
		const job_uid = 'b'.repeat( 32 );
		let is_done = false;
		openPage( PLACE, {
			...filled(),
			'POST /explanations': {
				body: makeExplanation( { job_uid, state: 'queued', verdict: null, company_names: [], host: 'gmial.com' } ),
			},
			[ `GET /explanations/${ job_uid }` ]: () => ( {
				body: is_done
					? makeExplanation( {
							job_uid,
							host: 'gmial.com',
							decided_by: 'companion',
							company_names: [],
							verdict: {
								ascii_host: 'gmial.com',
								registrable: 'gmial.com',
								label: 'unmatched',
								rule: 'unmatched',
								evidence: '',
								flags: [ 'suspected_typo' ],
								typo_of: 'gmail.com',
								ambiguous: false,
								companies: [],
							},
						} )
					: makeExplanation( { job_uid, state: 'running', verdict: null, company_names: [], host: 'gmial.com' } ),
			} ),
		} );
		await ask( 'gmial.com' );
		expect( await screen.findByText( 'Asking the companion…' ) ).toBeTruthy();
		is_done = true;
		await vi.advanceTimersByTimeAsync( 2500 );
		expect( await screen.findByText( 'gmail.com' ) ).toBeTruthy();
		expect( screen.getByText( 'Looks like a mistyped mail provider.' ) ).toBeTruthy();
	} );

	it( 'says that there is no domain in a text without one', async () => {
		openPage( PLACE, {
			...filled(),
			'POST /explanations': { body: makeExplanation( { host: '', verdict: null, company_names: [] } ) },
		} );
		await ask( 'hello' );
		expect( await screen.findByText( 'There is no domain in this text.' ) ).toBeTruthy();
	} );
} );
