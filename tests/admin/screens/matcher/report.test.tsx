import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { ago, allowed, makeExplanation, makeReport, makeReportCompany, makeRun } from '../../fixtures.ts';
import { makeSource } from '../../run-fixtures.ts';
import { openPage, type Request } from '../../page.tsx';
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

	it( 'says of a chart without columns that there is nothing to show', async () => {
		openPage( PLACE, { ...filled(), 'GET /report': { body: makeReport( { batches: [] } ) } } );
		const title = await screen.findByText( 'Users by batch', { selector: 'figcaption' } );
		expect( title.closest( 'figure' )?.textContent ).toContain( 'Nothing to show yet.' );
		expect( screen.queryByRole( 'table', { name: 'Users by batch' } ) ).toBeNull();
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
				body: query.get( 'ambiguous' ) ? [] : [ makeReportCompany() ],
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
		expect( await screen.findByText( /Nobody here is at a listed company/ ) ).toBeTruthy();
	} );
} );

describe( 'the report on another source', () => {
	const comments = () => ( {
		...filled(),
		'GET /report': ( { query }: Request ) => ( {
			body: query.get( 'source' ) === 'comments' ? makeReport( { source: 'comments', run_id: 3, as_of: ago( 60 ) } ) : makeReport(),
		} ),
	} );

	it( 'is chosen from the sources that a run has read, and keeps its place in the address', async () => {
		const { requests } = openPage( PLACE, comments() );
		const select = await screen.findByLabelText( 'Report on' );
		expect(
			within( select )
				.getAllByRole( 'option' )
				.map( ( option ) => option.textContent )
		).toEqual( [ 'WordPress users', 'Comment authors', 'All of them together' ] );
		fireEvent.change( select, { target: { value: 'comments' } } );
		expect( await screen.findByText( /^Comment authors, as the run of .* found them\.$/ ) ).toBeTruthy();
		expect( window.location.search ).toBe( '?page=rollcall&screen=matcher&view=report-comments' );
		await waitFor( () =>
			expect( requests.findLast( ( { path } ) => path === '/report/companies' )?.query.get( 'source' ) ).toBe( 'comments' )
		);
		expect( screen.getByRole( 'link', { name: 'Open run' } ).getAttribute( 'href' ) ).toContain( 'screen=runs&view=3' );
	} );

	it( 'lists no users, since no address of theirs is kept, and exports only its own rows', async () => {
		openPage( `${ PLACE }-comments`, comments() );
		await screen.findByText( 'Airbnb' );
		expect( screen.queryByRole( 'tab', { name: 'Users' } ) ).toBeNull();
		const link = new URL( screen.getByRole( 'link', { name: 'Export CSV' } ).getAttribute( 'href' ) ?? '' );
		expect( link.searchParams.get( 'source' ) ).toBe( 'comments' );
	} );

	it( 'says that there is none before a run has read it', async () => {
		openPage( `${ PLACE }-paste`, { ...filled(), 'GET /report': { body: makeReport( { source: 'paste', run_id: null } ) } } );
		expect( await screen.findByText( 'There is no report yet.' ) ).toBeTruthy();
	} );

	it( 'is offered by the runs to those who may not ask for sources', async () => {
		window.rollcall_settings = allowed( { manage: false } );
		const { requests } = openPage( PLACE, {
			...filled(),
			'GET /runs': { body: [ makeRun( { sources: [ 'users', 'woocommerce' ] } ) ] },
		} );
		expect(
			within( await screen.findByLabelText( 'Report on' ) ).getByRole( 'option', { name: 'WooCommerce customers' } )
		).toBeTruthy();
		expect( requests.some( ( { path } ) => path === '/sources' ) ).toBe( false );
	} );

	it( 'is not asked for while only users were read', async () => {
		openPage( PLACE, { ...filled(), 'GET /sources': { body: [ makeSource( { newest_run_id: 3 } ) ] } } );
		await screen.findByText( 'Airbnb' );
		expect( screen.queryByLabelText( 'Report on' ) ).toBeNull();
	} );
} );

describe( 'what the report explains', () => {
	it( 'is why a company matches by a domain that it left, and that it was renamed', async () => {
		openPage( PLACE, {
			...filled(),
			'GET /report/companies': {
				body: [
					makeReportCompany( {
						domains: [ 'airbedandbreakfast.com' ],
						kind: 'former',
						former_domains: [ 'airbedandbreakfast.com' ],
						former_names: [ 'AirBed & Breakfast' ],
						list_title: 'My list',
					} ),
				],
			},
		} );
		expect( await screen.findByText( 'Matched by its former domain airbedandbreakfast.com; now airbnb.com.' ) ).toBeTruthy();
		expect( screen.getByText( 'Renamed from AirBed & Breakfast.' ) ).toBeTruthy();
		expect( screen.getByText( 'My list' ) ).toBeTruthy();
	} );

	it( 'does not call the website of a company that left the list a former domain', async () => {
		openPage( PLACE, {
			...filled(),
			'GET /report/companies': {
				body: [
					makeReportCompany( {
						domains: [ 'airbnb.com' ],
						kind: 'former',
						former_domains: [ 'airbnb.com' ],
						former_names: [ 'AirBed, Inc.' ],
						removed_at: ago( 5 ),
					} ),
				],
			},
		} );
		expect( await screen.findByText( 'Left the list' ) ).toBeTruthy();
		expect( screen.getByText( 'Renamed from AirBed, Inc.' ) ).toBeTruthy();
		expect( screen.queryByText( /former domain/ ) ).toBeNull();
	} );

	it( 'is what the threshold hides, and where it is changed', async () => {
		const { totals } = makeReport();
		openPage( PLACE, { ...filled(), 'GET /report': { body: makeReport( { totals: { ...totals, below_threshold: 812 } } ) } } );
		const line = await screen.findByText(
			/812 users below your threshold\..*not sent to the companion.*Companies among them come back with the next run/
		);
		expect( within( line ).getByRole( 'link', { name: 'Change the threshold' } ).getAttribute( 'href' ) ).toContain(
			'screen=settings'
		);
	} );
} );

describe( 'the print view', () => {
	it( 'reads all companies, opens the print dialog once, and goes after it', async () => {
		const print = vi.fn();
		vi.stubGlobal( 'print', print );
		const all = Array.from( { length: 130 }, ( _, index ) =>
			makeReportCompany( { source_id: String( index ), name: `Company ${ index }` } )
		);
		openPage( PLACE, {
			...filled(),
			'GET /report/companies': ( { query } ) => {
				const [ page, size ] = [ Number( query.get( 'page' ) ), Number( query.get( 'per_page' ) ) ];
				return { body: all.slice( ( page - 1 ) * size, page * size ), total: 130, pages: Math.ceil( 130 / size ) };
			},
		} );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Print' } ) );
		await waitFor( () => expect( print ).toHaveBeenCalledTimes( 1 ) );
		const sheet = document.querySelector( '.rollcall-print-only' );
		expect( sheet?.querySelectorAll( 'tbody tr' ).length ).toBe( 130 );
		expect( sheet?.querySelector( 'h2' )?.textContent ).toMatch( /^Companies: WordPress users, / );
		fireEvent( window, new Event( 'afterprint' ) );
		await waitFor( () => expect( document.querySelector( '.rollcall-print-only' ) ).toBeNull() );
		expect( print ).toHaveBeenCalledTimes( 1 );
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
