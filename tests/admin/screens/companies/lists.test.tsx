import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { urlProblem } from '../../../../admin-ts/src/screens/companies/list-fields.tsx';
import { ago, makeCompany, makeList } from '../../fixtures.ts';
import { makeChange, makeManual, makeUpload } from '../../list-fixtures.ts';
import { failure, openPage } from '../../page.tsx';
import { filled } from '../../routes.ts';

const PLACE = '&screen=companies';
const card = async ( title: string ) => {
	const heading = await screen.findByRole( 'heading', { name: title } );
	return within( heading.closest( 'section' )! );
};

describe( 'several lists', () => {
	const routes = () => ( { ...filled(), 'GET /lists': { body: [ makeList(), makeUpload( { enabled: false } ), makeManual() ] } } );

	it( 'each say who keeps them, where they come from, and whether they are in use', async () => {
		openPage( PLACE, routes() );
		const yc = await card( 'Y Combinator companies' );
		expect( yc.getByText( 'Fetched by the companion · Once a day' ) ).toBeTruthy();
		expect( yc.getByText( 'On' ) ).toBeTruthy();
		expect( yc.getByText( 'Visible to visitors' ) ).toBeTruthy();
		expect( yc.queryByRole( 'button', { name: 'Delete list' } ) ).toBeNull();
		const upload = await card( 'Our customers' );
		expect( upload.getByRole( 'link', { name: 'See whom it concerns' } ) ).toBeTruthy();
		expect( upload.getByText( 'Kept in WordPress' ) ).toBeTruthy();
		expect( upload.getByText( 'Off' ) ).toBeTruthy();
		expect( upload.queryByRole( 'button', { name: 'Update now' } ) ).toBeNull();
		expect( upload.getByRole( 'button', { name: 'Upload a new file' } ) ).toBeTruthy();
		expect( ( await card( 'Partners' ) ).getByRole( 'link', { name: 'Edit companies' } ) ).toBeTruthy();
	} );

	it( 'can be chosen between in the table of companies', async () => {
		openPage( PLACE, { ...routes(), 'GET /companies': { body: [ makeCompany( { list_uid: 'lffffffffffff' } ) ] } } );
		await screen.findByText( 'Airbnb' );
		expect( screen.getAllByText( 'List' ).length ).toBeGreaterThan( 0 );
		await vi.waitFor( () => expect( screen.getAllByText( 'Partners' ).length ).toBe( 2 ) );
	} );

	it( 'are deleted after a question', async () => {
		const { requests } = openPage( PLACE, { ...routes(), 'DELETE /lists/l0123456789ab': { body: null } } );
		fireEvent.click( ( await card( 'Our customers' ) ).getByRole( 'button', { name: 'Delete list' } ) );
		const dialog = within( await screen.findByRole( 'dialog', { name: 'Delete “Our customers”?' } ) );
		expect( requests.some( ( { method } ) => method === 'DELETE' ) ).toBe( false );
		fireEvent.click( dialog.getByRole( 'button', { name: 'Delete list' } ) );
		await vi.waitFor( () => expect( screen.queryByRole( 'dialog' ) ).toBeNull() );
		expect( requests.find( ( { method } ) => method === 'DELETE' )?.path ).toBe( '/lists/l0123456789ab' );
	} );
} );

describe( 'a list with a fault', () => {
	it( 'shows the rows that were left out and why', async () => {
		const rejections = [
			{ row: 7, reason: 'public_suffix', text: 'co.uk' },
			{ row: 9, reason: 'platform', text: 'https://facebook.com/x' },
		];
		openPage( PLACE, { ...filled(), 'GET /lists': { body: [ makeList( { rejected_count: 31, rejections } ) ] } } );
		fireEvent.click( await screen.findByRole( 'button', { name: '31 rows' } ) );
		const dialog = within( await screen.findByRole( 'dialog' ) );
		expect( dialog.getByText( 'These are the first 2 of them.' ) ).toBeTruthy();
		expect( dialog.getByText( 'It is a suffix under which anyone can register' ) ).toBeTruthy();
		expect( dialog.getByText( 'A page on a shared host is no domain of the company' ) ).toBeTruthy();
	} );

	it( 'that shrank is taken when the owner says so', async () => {
		const { requests } = openPage( PLACE, {
			...filled(),
			'GET /lists': { body: [ makeList( { error_code: 'list_shrunk', error_message: '5,950 companies became 300.' } ) ] },
			'POST /lists/yc/accept': { body: makeList() },
		} );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Use the smaller list' } ) );
		expect( requests.some( ( { path } ) => path === '/lists/yc/accept' ) ).toBe( false );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Use it' } ) );
		await vi.waitFor( () => expect( requests.some( ( { path } ) => path === '/lists/yc/accept' ) ).toBe( true ) );
	} );

	it( 'says why an update could not be asked for', async () => {
		openPage( PLACE, {
			...filled(),
			'POST /lists/yc/update': failure( 'not_paired', 409, 'No companion is connected.', 'Connect one on the Connect screen.' ),
		} );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Update now' } ) );
		expect( ( await screen.findAllByText( 'No companion is connected.' ) ).length ).toBeGreaterThan( 0 );
	} );
} );

describe( 'adding a list', () => {
	const open = async () => {
		fireEvent.click( await screen.findByRole( 'button', { name: 'Add a list' } ) );
		return within( await screen.findByRole( 'dialog', { name: 'Add a list' } ) );
	};

	it( 'by the address of a CSV creates it and has it fetched', async () => {
		const { requests } = openPage( PLACE, {
			...filled(),
			'POST /lists': { status: 201, body: makeList( { list_uid: 'l1' } ) },
		} );
		const dialog = await open();
		fireEvent.change( dialog.getByLabelText( 'Name of the list' ), { target: { value: ' Fortune list ' } } );
		fireEvent.click( dialog.getByLabelText( 'CSV file on the web' ) );
		fireEvent.change( dialog.getByLabelText( 'Address of the list' ), { target: { value: 'https://lists.test/f.csv' } } );
		fireEvent.click( dialog.getByRole( 'button', { name: 'Add list' } ) );
		await vi.waitFor( () => expect( screen.queryByRole( 'dialog' ) ).toBeNull() );
		expect( requests.find( ( { method, path } ) => method === 'POST' && path === '/lists' )?.body ).toEqual( {
			list: { title: 'Fortune list', source: 'csv', url: 'https://lists.test/f.csv', schedule_hours: 24 },
		} );
	} );

	it( 'by hand opens the place where companies are typed', async () => {
		openPage( PLACE, {
			...filled(),
			'POST /lists': { status: 201, body: makeManual() },
			'GET /lists': { body: [ makeList(), makeManual() ] },
			'GET /lists/lffffffffffff/rows': { body: [] },
		} );
		const dialog = await open();
		fireEvent.change( dialog.getByLabelText( 'Name of the list' ), { target: { value: 'Partners' } } );
		fireEvent.click( dialog.getByLabelText( 'By hand' ) );
		fireEvent.click( dialog.getByRole( 'button', { name: 'Add list' } ) );
		expect( await screen.findByText( 'This list has no companies yet.' ) ).toBeTruthy();
	} );

	it( 'without a name is not sent, and says what is missing', async () => {
		const { requests } = openPage( PLACE, filled() );
		const dialog = await open();
		fireEvent.click( dialog.getByLabelText( 'By hand' ) );
		fireEvent.click( dialog.getByRole( 'button', { name: 'Add list' } ) );
		expect( ( await dialog.findAllByText( 'Give the list a name.' ) ).length ).toBeGreaterThan( 0 );
		expect( requests.some( ( { method } ) => method === 'POST' ) ).toBe( false );
	} );
} );

describe( 'the address of a list', () => {
	it.each( [
		[ 'csv', '', 'Enter the address' ],
		[ 'csv', 'ftp://lists.test/a.csv', 'whole address' ],
		[ 'yc', 'https://ann:secret@lists.test/a', 'user name and password' ],
		[ 'google_sheet', 'https://lists.test/spreadsheets/d/1', 'Open the sheet' ],
	] as const )( 'of a %s list is not %j', ( source, url, text ) => {
		expect( urlProblem( source, url ) ).toContain( text );
	} );

	it.each( [
		[ 'csv', 'https://lists.test/a.csv' ],
		[ 'yc', 'sample:' ],
		[ 'google_sheet', 'https://docs.google.com/spreadsheets/d/1AbC/edit#gid=5' ],
		[ 'upload', '' ],
	] as const )( 'of a %s list may be %j', ( source, url ) => {
		expect( urlProblem( source, url ) ).toBeUndefined();
	} );
} );

describe( 'the changes of a list', () => {
	it( 'show what was and what is, with the users that each concerns', async () => {
		openPage( '&screen=companies&view=changes-yc', {
			...filled(),
			'GET /lists/yc/changes': {
				body: [
					makeChange(),
					makeChange( {
						source_id: '2',
						name: 'Newname',
						previous_name: 'Oldname',
						change: 'changed',
						previous_status: 'active',
						user_count: 3,
					} ),
				],
			},
		} );
		expect( ( await screen.findAllByText( 'airbedandbreakfast.com' ) )[ 0 ]?.tagName ).toBe( 'S' );
		expect( screen.getByText( '14' ) ).toBeTruthy();
		expect( screen.getByText( 'Oldname' ).tagName ).toBe( 'S' );
		expect( screen.getAllByText( 'Other domains' ).length ).toBeGreaterThan( 0 );
	} );
} );

describe( 'a company in full', () => {
	it( 'names its former domains and names, its list, and when it left the list', async () => {
		const gone = makeCompany( {
			removed_at: ago( 3000 ),
			domains: [
				{ domain: 'airbnb.com', kind: 'current', first_seen: ago( 9000 ), last_seen: ago( 60 ) },
				{ domain: 'airbedandbreakfast.com', kind: 'former', first_seen: ago( 9000 ), last_seen: ago( 60 ) },
			],
		} );
		openPage( PLACE, { ...filled(), 'GET /companies': { body: [ gone ] }, 'GET /companies/yc/100': { body: gone } } );
		await card( 'Y Combinator companies' );
		fireEvent.click( await screen.findByText( 'Airbnb' ) );
		const dialog = within( await screen.findByRole( 'dialog' ) );
		expect( await dialog.findByText( 'Former website' ) ).toBeTruthy();
		expect( dialog.getByText( 'airbedandbreakfast.com' ) ).toBeTruthy();
		expect( dialog.getByText( 'AirBed & Breakfast' ) ).toBeTruthy();
		expect( dialog.getByText( /^Left the list on/ ) ).toBeTruthy();
		expect( dialog.getByText( 'Y Combinator companies' ) ).toBeTruthy();
	} );
} );
