import { fireEvent, screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { makeJob, makeList, makeNoList, makeOverview, makeUnpaired } from '../../fixtures.ts';
import { makeManual, makeRows, makeUpload } from '../../list-fixtures.ts';
import { stubWorker } from '../../fake-worker.ts';
import { failure, openPage, type Request, type Routes } from '../../page.tsx';
import { filled } from '../../routes.ts';

const PLACE = '&screen=companies';
const CSV = 'Company,Domain,Shoe size\nAirbnb,airbnb.com,4\nMailers,gmail.com,5\nNo site,,6\n';

beforeEach( stubWorker );

const pagesOf = ( requests: Request[] ) => requests.filter( ( { method, path } ) => method === 'POST' && path.endsWith( '/pages' ) );

async function chooseFile( text: string, name = 'customers.csv' ) {
	const dialog = within( await screen.findByRole( 'dialog', { name: 'Upload a list' } ) );
	fireEvent.change( dialog.getByLabelText( 'File with the companies' ), { target: { files: [ new File( [ text ], name ) ] } } );
	return dialog;
}

async function beginUpload() {
	fireEvent.click( await screen.findByRole( 'button', { name: 'Add a list' } ) );
	const dialog = within( await screen.findByRole( 'dialog', { name: 'Add a list' } ) );
	fireEvent.change( dialog.getByLabelText( 'Name of the list' ), { target: { value: 'Our customers' } } );
	fireEvent.click( dialog.getByRole( 'button', { name: 'Choose a file' } ) );
}

describe( 'uploading a list', () => {
	const routes = (): Routes => ( {
		...filled(),
		'POST /lists': { status: 201, body: makeUpload() },
		'POST /lists/l0123456789ab/pages': { body: makeUpload() },
	} );

	it( 'shows the columns and a verdict on each row before anything is stored', async () => {
		const { requests } = openPage( PLACE, routes() );
		await beginUpload();
		const dialog = await chooseFile( CSV );
		expect( await dialog.findByText( '2 companies will be stored.' ) ).toBeTruthy();
		expect( dialog.getByText( '2 of 3 columns are read' ) ).toBeTruthy();
		expect( dialog.getByText( /It is the domain of a mail provider/ ) ).toBeTruthy();
		expect( dialog.getByText( 'Taken: 1' ) ).toBeTruthy();
		expect( requests.some( ( { method } ) => method === 'POST' ) ).toBe( false );
	} );

	it( 'stores a new list under the identity that WordPress gave it', async () => {
		const { requests } = openPage( PLACE, routes() );
		await beginUpload();
		const dialog = await chooseFile( CSV );
		fireEvent.click( await dialog.findByRole( 'button', { name: 'Store the list' } ) );
		await vi.waitFor( () => expect( screen.queryByRole( 'dialog' ) ).toBeNull() );
		expect( requests.find( ( { path, method } ) => method === 'POST' && path === '/lists' )?.body ).toEqual( {
			list: { title: 'Our customers', source: 'upload', url: '', schedule_hours: 0 },
		} );
		const [ page ] = pagesOf( requests );
		expect( page?.body ).toMatchObject( {
			page: { list_uid: 'l0123456789ab', source: 'upload', page: 1, page_count: 1, row_count: 2 },
		} );
	} );

	it( 'does not make a second list when storing is tried again', async () => {
		let fails = true;
		const { requests } = openPage( PLACE, {
			...routes(),
			'POST /lists/l0123456789ab/pages': () =>
				fails ? failure( 'database_busy', 503, 'The database did not take the change.', 'Try again.' ) : { body: makeUpload() },
		} );
		await beginUpload();
		const dialog = await chooseFile( CSV );
		fireEvent.click( await dialog.findByRole( 'button', { name: 'Store the list' } ) );
		expect( ( await dialog.findAllByText( 'The database did not take the change.' ) ).length ).toBeGreaterThan( 0 );
		fails = false;
		fireEvent.click( dialog.getByRole( 'button', { name: 'Store the list' } ) );
		await vi.waitFor( () => expect( screen.queryByRole( 'dialog' ) ).toBeNull() );
		expect( requests.filter( ( { path, method } ) => method === 'POST' && path === '/lists' ) ).toHaveLength( 1 );
	} );

	it( 'says what is wrong with a file that is no list, and takes another', async () => {
		window.rollcall_settings!.errors.list_no_website = { title: 'No column holds websites.', hint: 'Name one column website.' };
		openPage( PLACE, routes() );
		await beginUpload();
		const dialog = await chooseFile( 'Shoe,Size\nBoot,4\n' );
		expect( ( await dialog.findAllByText( 'No column holds websites.' ) ).length ).toBeGreaterThan( 0 );
		await chooseFile( CSV );
		expect( await dialog.findByText( '2 companies will be stored.' ) ).toBeTruthy();
	} );

	it( 'shows the rows that are left out alone', async () => {
		openPage( PLACE, routes() );
		await beginUpload();
		const dialog = await chooseFile( CSV );
		fireEvent.change( await dialog.findByLabelText( 'Show' ), { target: { value: 'refused' } } );
		expect( dialog.queryByText( 'Airbnb' ) ).toBeNull();
		expect( dialog.getByText( 'Mailers, gmail.com' ) ).toBeTruthy();
	} );

	it( 'replaces the rows of a list that is there', async () => {
		const { requests } = openPage( PLACE, { ...routes(), 'GET /lists': { body: [ makeUpload() ] } } );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Upload a new file' } ) );
		const dialog = await chooseFile( CSV );
		fireEvent.click( await dialog.findByRole( 'button', { name: 'Store the list' } ) );
		await vi.waitFor( () => expect( screen.queryByRole( 'dialog' ) ).toBeNull() );
		expect( requests.some( ( { path, method } ) => method === 'POST' && path === '/lists' ) ).toBe( false );
		expect( pagesOf( requests ) ).toHaveLength( 1 );
	} );
} );

describe( 'a list without a companion', () => {
	const alone = (): Routes => ( {
		...filled(),
		'GET /overview': { body: makeOverview( { next_step: 'connect', connection: makeUnpaired() } ) },
		'GET /lists': { body: [ makeNoList() ] },
		'GET /companies': { body: [] },
		'POST /lists/yc/pages': { body: makeList() },
	} );

	it( 'is said to be had by this browser, and nothing waits for a companion that is not there', async () => {
		openPage( PLACE, {
			...alone(),
			'GET /lists': { body: [ { ...makeNoList(), open_job: makeJob( { state: 'queued', done: 0, total: 0 } ) } ] },
		} );
		expect( await screen.findByText( /^Bring one here with this browser/ ) ).toBeTruthy();
		expect( await screen.findByRole( 'button', { name: 'Fetch in this browser' } ) ).toBeTruthy();
		expect( screen.queryByRole( 'button', { name: 'Cancel update' } ) ).toBeNull();
	} );

	it( 'can be the built-in sample', async () => {
		const { requests } = openPage( PLACE, alone() );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Fetch in this browser' } ) );
		expect( screen.queryByRole( 'button', { name: 'Update now' } ) ).toBeNull();
		fireEvent.click( await screen.findByRole( 'button', { name: 'Take the built-in sample' } ) );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Store the list' } ) );
		await vi.waitFor( () => expect( pagesOf( requests )[ 0 ]?.body ).toMatchObject( { page: { list_uid: 'yc', source: 'sample' } } ) );
	} );

	it( 'can be a file of the same form', async () => {
		const { requests } = openPage( PLACE, alone() );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Upload its file' } ) );
		const dialog = await chooseFile( '[{"id":1,"name":"Airbnb","website":"https://airbnb.com"}]', 'all.json' );
		fireEvent.click( await dialog.findByRole( 'button', { name: 'Store the list' } ) );
		await vi.waitFor( () =>
			expect( pagesOf( requests )[ 0 ]?.body ).toMatchObject( { page: { list_uid: 'yc', source: 'yc', row_count: 1 } } )
		);
	} );

	it( 'is left to the companion where one is connected', async () => {
		openPage( PLACE, filled() );
		await screen.findByText( 'Airbnb' );
		expect( screen.queryByRole( 'button', { name: 'Fetch in this browser' } ) ).toBeNull();
	} );
} );

describe( 'a list by hand', () => {
	const HAND = '&screen=companies&view=rows-lffffffffffff';
	const routes = (): Routes => ( {
		...filled(),
		'GET /lists': { body: [ makeManual() ] },
		'GET /lists/lffffffffffff/rows': { body: [ makeRows() ] },
		'POST /lists/lffffffffffff/pages': { body: makeManual() },
	} );
	const companiesOf = ( requests: Request[] ) => pagesOf( requests )[ 0 ]?.body;

	it( 'takes a company that is typed, beside those that are there', async () => {
		const { requests } = openPage( HAND, routes() );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Add a company' } ) );
		const dialog = within( await screen.findByRole( 'dialog' ) );
		fireEvent.change( dialog.getByLabelText( 'Name of the company' ), { target: { value: 'Newcomer' } } );
		fireEvent.change( dialog.getByLabelText( 'Website' ), { target: { value: 'newcomer.com' } } );
		fireEvent.change( dialog.getByLabelText( 'Further domains' ), { target: { value: 'newcomer.de\nnewcomer.fr' } } );
		fireEvent.click( dialog.getByRole( 'button', { name: 'Save company' } ) );
		await vi.waitFor( () => expect( screen.queryByRole( 'dialog' ) ).toBeNull() );
		expect( companiesOf( requests ) ).toMatchObject( {
			page: {
				source: 'manual',
				row_count: 2,
				companies: expect.arrayContaining( [
					expect.objectContaining( { name: 'Acme', source_id: 'name-1', batch: 'Gold' } ),
					expect.objectContaining( { name: 'Newcomer' } ),
				] ),
				domains: expect.arrayContaining( [
					expect.objectContaining( { domain: 'acme.de' } ),
					expect.objectContaining( { domain: 'newcomer.com', kind: 'current' } ),
					expect.objectContaining( { domain: 'newcomer.fr', kind: 'alias' } ),
				] ),
			},
		} );
	} );

	it( 'says what is wrong with a website, and stores nothing', async () => {
		const { requests } = openPage( HAND, routes() );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Edit Acme' } ) );
		const dialog = within( await screen.findByRole( 'dialog' ) );
		fireEvent.change( dialog.getByLabelText( 'Website' ), { target: { value: 'https://gmail.com' } } );
		fireEvent.change( dialog.getByLabelText( 'Further domains' ), { target: { value: '' } } );
		fireEvent.click( dialog.getByRole( 'button', { name: 'Save company' } ) );
		expect( ( await dialog.findAllByText( 'It is the domain of a mail provider' ) ).length ).toBeGreaterThan( 0 );
		expect( pagesOf( requests ) ).toHaveLength( 0 );
	} );

	it( 'loses a company after a question', async () => {
		const { requests } = openPage( HAND, routes() );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Delete Acme' } ) );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Delete company' } ) );
		await vi.waitFor( () => expect( companiesOf( requests ) ).toMatchObject( { page: { row_count: 0, companies: [] } } ) );
	} );
} );
