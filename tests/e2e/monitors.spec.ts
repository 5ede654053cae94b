import { join } from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { runMatcher } from '../../companion/src/dev/start-run.ts';
import { englishTexts, german, installPseudoGerman } from './support/pseudo-german.ts';
import { logIn, openScreen, violations, watchErrors } from './support/screens.ts';
import { adminOf, installZip, startSite, setList, type Site } from './support/site.ts';
import { WatchedServer } from './support/watched-server.ts';

/** From the first URL to the status page, with a real companion and a server that goes down. Each test goes on where the last
 *  one ended. */
test.describe.configure( { mode: 'serial' } );

/** A failure is confirmed after three slots of ten seconds, and a screen looks every ten seconds. */
const CONFIRMED_MS = 75_000;

let site: Site;
let page: Page;
let errors: string[];
let status_page = '';
const watched = new WatchedServer();

test.beforeAll( async ( { browser } ) => {
	await watched.start();
	site = await startSite( '7.1' );
	await installZip( site );
	await setList( site );
	site.companion.allow += `+${ watched.port }`;
	page = await ( await browser.newContext() ).newPage();
	errors = watchErrors( page );
	await logIn( page, site );
} );

test.afterAll( async () => {
	await page.close();
	await site.stop();
	await watched.stop();
} );

const root = (): Locator => page.locator( '#rollcall-root' );
const dialog = (): Locator => page.getByRole( 'dialog' );
const row = ( name: string ): Locator => root().locator( 'tbody tr' ).filter( { hasText: name } );
const WIDTHS = [ 1280, 375 ];

/** Opens the menu of a row and takes an entry. */
async function act( name: string, entry: string ): Promise< void > {
	await row( name ).getByRole( 'button', { name: 'Actions' } ).click();
	await page.getByRole( 'menuitem', { name: entry } ).click();
}

async function toggle( label: string, on: boolean ): Promise< void > {
	await dialog().getByRole( 'checkbox', { name: label } ).setChecked( on );
}

async function accessible( place?: string ): Promise< void > {
	for ( const width of WIDTHS ) {
		await page.setViewportSize( { width, height: 900 } );
		expect( await violations( page, place ) ).toEqual( [] );
	}
	await page.setViewportSize( { width: 1360, height: 900 } );
}

test( 'without a companion the screen says that nothing is checked, and leads to Connect', async () => {
	await openScreen( page, site, 'monitors' );
	await expect( root().getByText( 'No companion is connected, so nothing is checked.' ) ).toBeVisible();
	await accessible();
	const { code } = await ( await adminOf( site ) ).must( 'POST', '/rollcall/v1/connection/code', {} );
	site.companion.start( [ 'pair', site.stack.url, String( code ), '--no-anchors' ] );
} );

test( 'a URL that is added by the form is checked and found up, with status and time', async () => {
	await openScreen( page, site, 'monitors' );
	await root().getByRole( 'button', { name: 'Add the first monitor' } ).click();
	await dialog().getByLabel( 'What is checked' ).fill( watched.at( '/shop' ) );
	await dialog().getByLabel( 'Name', { exact: true } ).fill( 'Shop' );
	await dialog().getByLabel( 'Check every' ).selectOption( '10' );
	await toggle( 'Show it to visitors', true );
	expect( await violations( page, '[role="dialog"]' ) ).toEqual( [] );
	await dialog().getByRole( 'button', { name: 'Save monitor' } ).click();
	await expect( dialog() ).toHaveCount( 0 );
	await expect( row( 'Shop' ), site.companion.output ).toContainText( 'Up', { timeout: 90_000 } );
	await expect( row( 'Shop' ) ).toContainText( '200' );
	await expect( row( 'Shop' ) ).toContainText( /0\.\d{3} s/ );
	expect( watched.requests ).toBeGreaterThan( 0 );
} );

test( 'Check now shows each step, to the end', async () => {
	const before = watched.requests;
	await act( 'Shop', 'Check now' );
	const log = dialog().getByRole( 'log' );
	await expect( log ).toContainText( 'Querying active URLs: 1 found.' );
	await expect( log, site.companion.output ).toContainText( `Received status code 200 from ${ watched.at( '/shop' ) }` );
	await expect( log ).toContainText( /Response time 0\.\d{3} s/ );
	await expect( log ).toContainText( 'Stored' );
	await expect( dialog().getByRole( 'status' ) ).toContainText( '1 checked: 1 up' );
	expect( watched.requests ).toBeGreaterThan( before );
	expect( await violations( page, '[role="dialog"]' ) ).toEqual( [] );
	await dialog().getByRole( 'button', { name: 'Close' } ).last().click();
} );

test( 'a server that stops is first confirming, then down with the reason', async () => {
	await watched.stop();
	const client = await adminOf( site );
	// It lasts for one slot, which the screen may miss as it looks every ten seconds.
	const state = async () => Object( ( await client.rest( 'GET', '/rollcall/v1/monitors' ) ).body )[ 0 ].screen_state;
	await expect.poll( state, { message: site.companion.output, timeout: CONFIRMED_MS, intervals: [ 300 ] } ).toBe( 'confirming' );
	await expect( row( 'Shop' ), site.companion.output ).toContainText( 'Down', { timeout: CONFIRMED_MS } );
	await expect( row( 'Shop' ) ).toContainText( 'The connection was refused' );
	const { open_incident_count } = await client.must( 'GET', '/rollcall/v1/monitoring' );
	expect( open_incident_count ).toBe( 1 );
	await accessible();
} );

test( 'many are added by pasting them, with a verdict for each line', async () => {
	await watched.start();
	await root().getByRole( 'button', { name: 'Add many' } ).click();
	const lines = [ watched.at( '/blog' ), watched.at( '/api-503' ), watched.at( '/shop' ), 'ftp://nothing.example' ];
	await dialog().getByLabel( 'Addresses' ).fill( lines.join( '\n' ) );
	expect( await violations( page, '[role="dialog"]' ) ).toEqual( [] );
	await dialog().getByRole( 'button', { name: 'Add monitors' } ).click();
	await expect( dialog().getByRole( 'status' ) ).toContainText( '2 monitors were added.' );
	await dialog().getByRole( 'button', { name: 'Close' } ).last().click();
	await ( await adminOf( site ) ).must( 'POST', '/rollcall/v1/monitors/check', { check: { monitor_uids: [] } } );
	await expect( row( '/blog' ), site.companion.output ).toContainText( 'Up', { timeout: 60_000 } );
	await expect( row( '/api-503' ) ).toContainText( '503', { timeout: 60_000 } );
} );

test( 'a program of its own reports by a call, and is up', async () => {
	await root().getByRole( 'button', { name: 'Add a monitor' } ).click();
	await dialog().getByLabel( 'Type' ).selectOption( 'push' );
	await dialog().getByLabel( 'Name', { exact: true } ).fill( 'Backup' );
	await dialog().getByLabel( 'A call is expected every' ).selectOption( '30' );
	await dialog().getByLabel( 'How much later it may come' ).selectOption( '300' );
	await dialog().getByRole( 'button', { name: 'Save monitor' } ).click();
	const shown = await dialog()
		.getByText( /push\/[0-9a-f]{32}/ )
		.first()
		.innerText();
	expect( await violations( page, '[role="dialog"]' ) ).toEqual( [] );
	await dialog().getByRole( 'button', { name: 'Close' } ).last().click();
	const answer = await fetch( /http\S+push\/[0-9a-f]{32}/.exec( shown )?.[ 0 ] ?? '' );
	expect( answer.status ).toBe( 200 );
	await expect( row( 'Backup' ), site.companion.output ).toContainText( 'Up', { timeout: 100_000 } );
} );

test( 'a server that comes back is up again, and its incident is over', async () => {
	await expect( row( 'Shop' ), site.companion.output ).toContainText( 'Up', { timeout: CONFIRMED_MS } );
	const client = await adminOf( site );
	await expect.poll( async () => ( await client.must( 'GET', '/rollcall/v1/monitoring' ) ).open_incident_count ).toBeLessThanOrEqual( 1 );
} );

test( 'one is paused and resumed, another deleted', async () => {
	await act( '/blog', 'Pause' );
	await expect( row( '/blog' ) ).toContainText( 'Paused' );
	await act( '/blog', 'Resume' );
	await expect( row( '/blog' ) ).not.toContainText( 'Paused' );
	await act( '/api-503', 'Delete' );
	await dialog().getByRole( 'button', { name: 'Delete' } ).click();
	await expect( row( '/api-503' ) ).toHaveCount( 0 );
	expect( errors ).toEqual( [] );
} );

test( 'visitors see the public monitors, and nothing of the others', async ( { browser }, info ) => {
	const client = await adminOf( site );
	const made = await client.must( 'POST', '/wp/v2/pages', { title: 'Status', content: '[rollcall_status]', status: 'publish' } );
	status_page = String( made.link );
	const settings = await client.must( 'GET', '/rollcall/v1/settings' );
	await client.must( 'PUT', '/rollcall/v1/settings', { settings: { ...settings, dead_man_url: watched.at( '/alive' ) } } );
	const visitor = await ( await browser.newContext() ).newPage();
	for ( const width of WIDTHS ) {
		await visitor.setViewportSize( { width, height: 900 } );
		await visitor.goto( status_page );
		const status = visitor.locator( '.rollcall-status' ).first();
		await expect( status ).toContainText( 'Shop' );
		await expect( status ).toContainText( 'Up' );
		await expect( status ).not.toContainText( 'Backup' );
		expect( await violations( visitor, '.rollcall-status' ) ).toEqual( [] );
		await visitor.screenshot( { path: info.outputPath( `status-${ width }.png` ), fullPage: true } );
	}
	expect( await visitor.content() ).not.toContain( watched.at( '/blog' ) );
	const { body } = await client.rest( 'GET', '/rollcall/v1/public/dashboard' );
	expect( body ).toMatchObject( { is_default: false } );
	expect( Object( body ).stats[ 0 ] ).toMatchObject( { key: 'monitors', value: 1 } );
	await visitor.close();
} );

test( 'F66 when the companion is silent, the screen and the page of visitors say since when there is no data', async ( {
	browser,
}, info ) => {
	const client = await adminOf( site );
	await client.must( 'POST', '/rollcall/v1/lists/yc/update', {} );
	await expect
		.poll( async () => Object( ( await client.rest( 'GET', '/rollcall/v1/lists' ) ).body )[ 0 ].active_version, { timeout: 60_000 } )
		.toBeGreaterThan( 0 );
	await runMatcher( client, () => {} );
	const pings = (): number => watched.asked.get( '/alive' )?.length ?? 0;
	await expect.poll( pings, { message: site.companion.output, timeout: 75_000 } ).toBeGreaterThan( 0 );
	await site.companion.stop( 'SIGKILL' );
	const before = pings();
	await site.stack.php( join( import.meta.dirname, 'support/age-companion.php' ) );
	await openScreen( page, site, 'monitors' );
	await expect(
		root()
			.getByText( /^No data since/ )
			.first()
	).toBeVisible();
	await expect( row( 'Shop' ) ).toContainText( 'No reading' );
	await accessible();
	await page.screenshot( { path: info.outputPath( 'no-data.png' ), fullPage: true } );
	const visitor = await ( await browser.newContext() ).newPage();
	await visitor.goto( status_page );
	await expect( visitor.locator( '.rollcall-status' ).first() ).toContainText( /No data since .+ What happened later is not known\./ );
	await expect( visitor.locator( '.rollcall-status' ).first() ).toContainText( 'No reading' );
	await visitor.close();
	expect( pings() ).toBe( before );
} );

test( "the sites of the report's companies are monitored with one click", async () => {
	const client = await adminOf( site );
	const before = Number( ( await client.rest( 'GET', '/rollcall/v1/monitors' ) ).headers.get( 'x-wp-total' ) );
	await openScreen( page, site, 'report' );
	await root()
		.getByRole( 'button', { name: /^Monitor these companies/ } )
		.click();
	await expect( dialog() ).toContainText( 'the companion is polite' );
	expect( await violations( page, '[role="dialog"]' ) ).toEqual( [] );
	await dialog().getByRole( 'button', { name: 'Monitor sites' } ).click();
	await expect( dialog().getByRole( 'status' ) ).toContainText( /\d+ monitors were added\./ );
	const after = await client.rest( 'GET', '/rollcall/v1/monitors?search=acme-rockets' );
	expect( Number( ( await client.rest( 'GET', '/rollcall/v1/monitors' ) ).headers.get( 'x-wp-total' ) ) ).toBeGreaterThan( before );
	expect( Object( after.body )[ 0 ] ).toMatchObject( { is_polite: true, interval_seconds: 3600, company: { name: 'Acme Rockets' } } );
	await dialog().getByRole( 'button', { name: 'Close' } ).last().click();
} );

test( 'the filled screen speaks the language of the site and fits', async ( {}, info ) => {
	installPseudoGerman( site );
	await site.stack.php( join( import.meta.dirname, 'support/language.php' ), 'de_DE' );
	for ( const width of WIDTHS ) {
		await page.setViewportSize( { width, height: 900 } );
		await page.goto( `${ site.stack.url }/wp-admin/admin.php?page=rollcall&screen=monitors` );
		await expect( root().getByRole( 'row' ).filter( { hasText: 'Shop' } ) ).toContainText( german( 'No reading' ) );
		const english = englishTexts();
		const texts = ( await root().innerText() ).split( /[\n\t]/ ).map( ( text ) => text.trim() );
		expect( texts.filter( ( text ) => english.has( text ) ) ).toEqual( [] );
		expect( await page.evaluate( 'document.documentElement.scrollWidth - document.documentElement.clientWidth' ) ).toBeLessThanOrEqual(
			0
		);
		await page.screenshot( { path: info.outputPath( `monitors-german-${ width }.png` ), fullPage: true } );
	}
} );
