import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import { targetProblem } from '../../../../admin-ts/src/screens/monitors/targets.ts';
import { CHECK_FORMS, type CheckField } from '../../../../companion/src/contract/check-types.ts';
import type { MonitorRequest, MonitorsRequest } from '../../../../companion/src/contract/monitor.ts';
import { CHECK_TYPES, wordsOf } from '../../../../companion/src/contract/vocabulary.ts';
import { makeMonitor, uidOf } from '../../monitor-fixtures.ts';
import { failure, openPage, type Request, type Routes } from '../../page.tsx';
import { filled } from '../../routes.ts';

const PLACE = '&screen=monitors';

const LABELS: Record< CheckField, string > = {
	method: 'Method',
	headers: 'Headers',
	body: 'Body',
	assertions: 'What must hold',
	timeout_ms: 'Time for one try',
	grace_seconds: 'How much later it may come',
};

async function openForm( routes: Routes = filled() ) {
	const { requests } = openPage( PLACE, routes );
	fireEvent.click( ( await screen.findAllByRole( 'button', { name: 'Add a monitor' } ) )[ 0 ]! );
	return { requests, dialog: within( await screen.findByRole( 'dialog', { name: 'Add a monitor' } ) ) };
}

type Dialog = Awaited< ReturnType< typeof openForm > >[ 'dialog' ];
const type = ( dialog: Dialog, label: string, value: string ) => fireEvent.change( dialog.getByLabelText( label ), { target: { value } } );
const save = ( dialog: Dialog ) => fireEvent.click( dialog.getByRole( 'button', { name: 'Save monitor' } ) );
const posted = ( requests: Request[] ) => requests.find( ( { method } ) => method === 'POST' )?.body;

describe( 'the form of a monitor', () => {
	it.each( wordsOf( CHECK_TYPES ) )( 'has the fields of a check of type %s, and no other', async ( check_type ) => {
		const { dialog } = await openForm();
		type( dialog, 'Type', check_type );
		const { fields, example } = CHECK_FORMS[ check_type ];
		const shown = wordsOf( { method: 1, headers: 1, assertions: 1, timeout_ms: 1, grace_seconds: 1 } ).filter(
			( field ) => dialog.queryByLabelText( LABELS[ field ] ) ?? dialog.queryByRole( 'group', { name: LABELS[ field ] } )
		);
		expect( shown ).toEqual( expect.arrayContaining( fields.filter( ( field ) => field !== 'body' ) ) );
		expect( shown.length ).toBe( fields.filter( ( field ) => field !== 'body' ).length );
		expect( dialog.queryByText( ( text ) => text.startsWith( `Such as ${ example }` ) ) !== null ).toBe( example !== '' );
	} );

	it( 'says how a check of DNS asks one name server, in a way that can be saved', async () => {
		const { dialog } = await openForm();
		type( dialog, 'Type', 'dns' );
		const target = 'dns://example.com?type=MX@192.0.2.53';
		expect( dialog.getByText( ( text ) => text.includes( target ) ) ).toBeTruthy();
		expect( targetProblem( 'dns', target ) ).toBeUndefined();
	} );

	it( 'adds a monitor of a website', async () => {
		const { requests, dialog } = await openForm( { ...filled(), 'POST /monitors': { status: 201, body: makeMonitor() } } );
		type( dialog, 'What is checked', ' shop.test/health ' );
		type( dialog, 'Name', 'Shop' );
		type( dialog, 'Check every', '300' );
		type( dialog, 'What must hold', '[STATUS] == 200\n' );
		fireEvent.click( dialog.getByRole( 'button', { name: 'Add a header' } ) );
		type( dialog, 'Value', 'yes' );
		fireEvent.change( dialog.getAllByLabelText( 'Name' ).at( -1 )!, { target: { value: 'X-Probe' } } );
		type( dialog, 'Method', 'POST' );
		type( dialog, 'Body', '{}' );
		fireEvent.click( dialog.getByLabelText( 'Show it to visitors' ) );
		save( dialog );
		await waitFor( () => expect( screen.queryByRole( 'dialog' ) ).toBeNull() );
		expect( posted( requests ) ).toEqual( {
			monitor: {
				name: 'Shop',
				type: 'http',
				url: 'https://shop.test/health',
				active: true,
				is_public: true,
				interval_seconds: 300,
				options: {
					method: 'POST',
					headers: [ { name: 'X-Probe', value: 'yes' } ],
					body: '{}',
					assertions: [ '[STATUS] == 200' ],
					timeout_ms: 10_000,
					grace_seconds: 300,
				},
			} satisfies MonitorRequest,
		} );
	} );

	it( 'says what was expected and found as an assertion is typed, and what holds anyway', async () => {
		const { requests, dialog } = await openForm();
		expect( dialog.getByText( '[STATUS] < 400' ) ).toBeTruthy();
		type( dialog, 'What is checked', 'shop.test' );
		type( dialog, 'What must hold', '[STATUS] == ok' );
		expect( dialog.getByText( 'Line 1, character 13: expected a number, found "ok".' ).closest( '[role="status"]' ) ).toBeTruthy();
		save( dialog );
		expect( dialog.getByText( /It is not saved yet/ ).getAttribute( 'role' ) ).toBe( 'alert' );
		expect( posted( requests ) ).toBeUndefined();
		type( dialog, 'What must hold', '[STATUS] == 200' );
		expect( dialog.queryByText( /Line 1/, { selector: '[role="status"] p' } ) ).toBeNull();
		expect( dialog.queryByText( '[STATUS] < 400' ) ).toBeNull();
	} );

	it( 'does not send a target that cannot be checked, and says why', async () => {
		const { requests, dialog } = await openForm();
		save( dialog );
		expect( dialog.getAllByText( 'Enter what is checked.' ).length ).toBeGreaterThan( 0 );
		expect( posted( requests ) ).toBeUndefined();
	} );

	it( 'shows the line for the companion while an internal address is typed', async () => {
		const { dialog } = await openForm();
		type( dialog, 'What is checked', 'http://192.168.1.5:8080/' );
		expect( await dialog.findByText( 'rollcall-companion serve --allow 192.168.1.5/32:8080' ) ).toBeTruthy();
		expect( dialog.getByText( 'ROLLCALL_ALLOW=192.168.1.5/32:8080' ) ).toBeTruthy();
		expect( dialog.queryByText( /^Replace the address/ ) ).toBeNull();
		type( dialog, 'What is checked', 'http://printer/' );
		expect( await dialog.findByText( /^Replace the address by that of the name/ ) ).toBeTruthy();
		type( dialog, 'What is checked', 'http://shop.test/' );
		await waitFor( () => expect( dialog.queryByText( /--allow/ ) ).toBeNull() );
	} );

	it( 'does not take a name that is half typed for an internal one', async () => {
		const { dialog } = await openForm();
		type( dialog, 'What is checked', 'shop' );
		expect( dialog.queryByText( /--allow/ ) ).toBeNull();
	} );

	it( 'puts the focus into the first field that has a problem', async () => {
		const { dialog } = await openForm();
		type( dialog, 'What must hold', '[STATUS] < ok' );
		save( dialog );
		await waitFor( () => {
			const field = dialog.getByLabelText( 'What is checked' );
			expect( field.ownerDocument.activeElement ).toBe( field );
		} );
		type( dialog, 'What is checked', 'https://shop.test/' );
		save( dialog );
		await waitFor( () => {
			const field = dialog.getByLabelText( 'What must hold' );
			expect( field.ownerDocument.activeElement ).toBe( field );
		} );
	} );

	it( 'shows the address of a push monitor once it is saved, to be copied', async () => {
		const push_url = 'https://site.test/wp-json/rollcall/v1/push/abc';
		const { requests, dialog } = await openForm( {
			...filled(),
			'POST /monitors': { body: makeMonitor( { type: 'push', url: '', push_url } ) },
		} );
		type( dialog, 'Type', 'push' );
		type( dialog, 'Name', 'Backup' );
		save( dialog );
		expect( await dialog.findByText( push_url ) ).toBeTruthy();
		expect( dialog.getAllByRole( 'button', { name: 'Copy' } ).length ).toBe( 2 );
		expect( posted( requests ) ).toMatchObject( { monitor: { type: 'push', url: '', interval_seconds: 3600 } } );
	} );

	it( 'keeps what was typed when WordPress refuses it', async () => {
		const { dialog } = await openForm( {
			...filled(),
			'POST /monitors': failure(
				'monitor_url',
				400,
				'This cannot be monitored.',
				'Write it out.',
				'The header Host belongs to the connection.'
			),
		} );
		type( dialog, 'What is checked', 'shop.test' );
		save( dialog );
		expect( await dialog.findByText( 'This cannot be monitored.', { selector: 'p' } ) ).toBeTruthy();
		expect( dialog.getByLabelText( 'What is checked' ) ).toHaveProperty( 'value', 'shop.test' );
	} );

	it( 'changes the monitor that it was opened for', async () => {
		const { requests } = openPage( PLACE, { ...filled(), [ `PUT /monitors/${ uidOf( 1 ) }` ]: { body: makeMonitor() } } );
		fireEvent.click( within( ( await screen.findByText( 'Shop' ) ).closest( 'tr' )! ).getByRole( 'button', { name: 'Actions' } ) );
		fireEvent.click( await screen.findByRole( 'menuitem', { name: 'Edit' } ) );
		const dialog = within( await screen.findByRole( 'dialog', { name: 'Edit monitor' } ) );
		type( dialog, 'Check every', '600' );
		save( dialog );
		expect( ( await screen.findAllByText( 'Monitor saved.' ) ).length ).toBeGreaterThan( 0 );
		expect( requests.find( ( { method } ) => method === 'PUT' )?.body ).toMatchObject( {
			monitor: { name: 'Shop', interval_seconds: 600 },
		} );
	} );

	it( 'offers no interval below an hour for a site of a company, whatever its type becomes', async () => {
		const polite = makeMonitor( { is_polite: true, interval_seconds: 3600 } );
		openPage( PLACE, { ...filled(), 'GET /monitors': { body: [ polite ] } } );
		fireEvent.click( within( ( await screen.findByText( 'Shop' ) ).closest( 'tr' )! ).getByRole( 'button', { name: 'Actions' } ) );
		fireEvent.click( await screen.findByRole( 'menuitem', { name: 'Edit' } ) );
		const dialog = within( await screen.findByRole( 'dialog', { name: 'Edit monitor' } ) );
		const field = dialog.getByRole< HTMLSelectElement >( 'combobox', { name: 'Check every' } );
		const offered = () => [ ...field.options ].map( ( { value } ) => Number( value ) );
		expect( offered() ).toEqual( [ 3600, 21_600, 43_200, 86_400, 604_800 ] );
		expect( dialog.getByText( 'A site of a company is asked once an hour at most.' ) ).toBeTruthy();
		type( dialog, 'Check every', '86400' );
		type( dialog, 'Type', 'rdap' );
		type( dialog, 'Type', 'http' );
		expect( Math.min( ...offered() ) ).toBe( 3600 );
		expect( Number( field.value ) ).toBe( 3600 );
	} );

	it( 'has no faults of accessibility', async () => {
		const { dialog } = await openForm();
		fireEvent.click( dialog.getByRole( 'button', { name: 'Add a header' } ) );
		type( dialog, 'What must hold', 'nothing' );
		const result = await axe.run( document.body, {
			rules: { 'color-contrast': { enabled: false }, region: { enabled: false }, 'page-has-heading-one': { enabled: false } },
		} );
		expect( result.violations.map( ( found ) => `${ found.id }: ${ found.nodes[ 0 ]?.html }` ) ).toEqual( [] );
	} );
} );

describe( 'adding many', () => {
	it( 'says of each line what becomes of it, sends the good ones, and shows what WordPress made of them', async () => {
		const { requests } = openPage( PLACE, {
			...filled(),
			'POST /monitors/many': {
				body: {
					added: 1,
					known: 1,
					refused: [ { url: 'https://b.test', error_code: 'monitor_url', error_message: 'Not this one.' } ],
				},
			},
		} );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Add many' } ) );
		const dialog = within( await screen.findByRole( 'dialog', { name: 'Add many monitors' } ) );
		type( dialog, 'Addresses', 'a.test\nhttps://shop.test\nb.test\nftp://c.test\nd.test:' );
		await waitFor( () =>
			expect( dialog.getByRole( 'status' ).textContent ).toMatch( /will be added\. 1 is monitored already\. 1 was not taken\./ )
		);
		expect( dialog.getByText( 'Monitored already' ) ).toBeTruthy();
		expect( dialog.getByText( 'It begins with a scheme that no type of check knows.' ) ).toBeTruthy();
		fireEvent.click( dialog.getByRole( 'button', { name: 'Add monitors' } ) );
		expect( await dialog.findByText( '1 monitor was added. 1 is monitored already. 1 was not taken.' ) ).toBeTruthy();
		expect( dialog.getByText( 'Not this one.' ) ).toBeTruthy();
		const { monitors } = posted( requests ) as { monitors: MonitorsRequest };
		expect( monitors.monitors.map( ( { url } ) => url ) ).toEqual( [ 'https://a.test', 'https://b.test', 'https://d.test:' ] );
	} );

	it( 'does not send an empty list', async () => {
		const { requests } = openPage( PLACE, filled() );
		fireEvent.click( await screen.findByRole( 'button', { name: 'Add many' } ) );
		const dialog = within( await screen.findByRole( 'dialog', { name: 'Add many monitors' } ) );
		fireEvent.click( dialog.getByRole( 'button', { name: 'Add monitors' } ) );
		expect( dialog.getByRole( 'alert' ).textContent ).toBe( 'There is no line that can be added.' );
		expect( posted( requests ) ).toBeUndefined();
	} );
} );
