import { expect, test, type Page } from '@playwright/test';
import type { WordpressVersion } from '../../companion/src/dev/wordpress.ts';
import { CANARIES, leaksIn } from './support/canaries.ts';
import { logIn, openScreen, SCREENS, violations, watchErrors, type Screen } from './support/screens.ts';
import { adminOf, startSite, setList, type Site } from './support/site.ts';

/** From the zip to the report, as a site owner goes, on MariaDB, PHP-FPM and nginx. Each test goes on where the last one ended. */
test.describe.configure( { mode: 'serial' } );

let site: Site;
let page: Page;
let errors: string[];

test.beforeAll( async ( { browser }, info ) => {
	const version: WordpressVersion = info.project.metadata.wordpress === '6.8' ? '6.8' : '7.1';
	site = await startSite( version );
	expect( site.stack.wordpress_version.startsWith( version ) || version === '7.1' ).toBe( true );
	page = await ( await browser.newContext() ).newPage();
	errors = watchErrors( page );
} );

test.afterAll( async () => {
	await page.close();
	await site.stop();
} );

const admin = ( path: string ): string => `${ site.stack.url }/wp-admin/${ path }`;

test( "the zip goes in by wp-admin's own form and is activated", async () => {
	await logIn( page, site );
	await page.goto( admin( 'plugin-install.php?tab=upload' ) );
	await page.setInputFiles( '#pluginzip', process.env.ROLLCALL_ZIP ?? '' );
	await page.getByRole( 'button', { name: 'Install Now' } ).click();
	await page.getByRole( 'link', { name: 'Activate Plugin' } ).click();
	await expect( page.locator( 'tr[data-slug="rollcall"].active' ) ).toBeVisible();
} );

test( 'an empty site is led from Overview to Connect', async () => {
	await openScreen( page, site, 'overview' );
	await expect( page.getByRole( 'heading', { name: 'Connect the companion' } ) ).toBeVisible();
	await page.locator( '#rollcall-root' ).getByRole( 'link', { name: 'Connect', exact: true } ).first().click();
	await expect( page.getByRole( 'button', { name: 'Make a pairing code' } ) ).toBeVisible();
	expect( await violations( page ) ).toEqual( [] );
} );

test( 'the companion pairs with the code on the screen', async () => {
	await page.getByRole( 'button', { name: 'Make a pairing code' } ).click();
	await expect( page.getByText( 'Waiting for the companion to call.' ) ).toBeVisible();
	expect( await violations( page ) ).toEqual( [] );
	const code = /[0-9a-f]{10}\.[0-9a-f]{40}/.exec( await page.locator( '#rollcall-root' ).innerText() )?.[ 0 ] ?? '';
	expect( code ).not.toBe( '' );
	// The list is set before the companion calls for the first time: nothing outside this machine is reached.
	await setList( site );
	site.companion.start( [ 'pair', site.recorder.url, code ] );
	await expect( page.locator( '#rollcall-root' ).getByText( 'Connected', { exact: true } ).first(), site.companion.output ).toBeVisible( {
		timeout: 60_000,
	} );
} );

test( 'the list arrives and its companies can be searched', async () => {
	await openScreen( page, site, 'companies' );
	await expect( page.getByText( 'Acme Rockets' ).first() ).toBeVisible( { timeout: 60_000 } );
	await page.getByRole( 'searchbox' ).first().fill( 'birch' );
	await expect( page.getByText( 'Birch Bank' ).first() ).toBeVisible();
	await expect( page.getByText( 'Acme Rockets' ) ).toHaveCount( 0 );
} );

test( 'the first run shows what will be sent, asks, and ends with the report', async () => {
	await openScreen( page, site, 'matcher' );
	await expect( page.getByText( 'No addresses, no counts.' ) ).toBeVisible( { timeout: 60_000 } );
	await page.getByRole( 'button', { name: 'See the list' } ).click();
	const listed = page.locator( '.rollcall-hosts li' );
	await expect( listed.filter( { hasText: /^acme-rockets\.com$/ } ) ).toBeVisible();
	await page.getByRole( 'button', { name: 'Close' } ).first().click();
	await page.getByRole( 'button', { name: 'Run matcher' } ).click();
	await expect
		.poll( async () => ( await ( await adminOf( site ) ).must( 'GET', '/rollcall/v1/report' ) ).open_run, { timeout: 90_000 } )
		.toBeNull();
	await openScreen( page, site, 'report' );
	// 5 of the 9 planted domains are of companies: acme-rockets twice (with its subdomain), birchbank, cobalt and the twins.
	const matched = CANARIES.filter( ( _, index ) => index % 9 < 5 ).length;
	await expect( page.locator( '#rollcall-root' ).getByText( String( matched ), { exact: true } ).first() ).toBeVisible();
	await expect( page.getByText( 'Birch Bank' ).first() ).toBeVisible();
} );

test( 'the three tabs of the report add up to its header', async () => {
	const client = await adminOf( site );
	const report = await client.must( 'GET', '/rollcall/v1/report' );
	const users = await client.rest( 'GET', '/rollcall/v1/report/users?label[]=company&per_page=1' );
	expect( Number( users.headers.get( 'x-wp-total' ) ) ).toBe( report.matched_users );
	const companies = await client.rest( 'GET', '/rollcall/v1/report/companies?per_page=1' );
	expect( Number( companies.headers.get( 'x-wp-total' ) ) ).toBe( report.matched_companies );
	for ( const tab of [ 'Users', 'Domains', 'Companies' ] ) {
		await page.getByRole( 'tab', { name: tab } ).click();
		await expect( page.getByRole( 'tab', { name: tab } ) ).toHaveAttribute( 'aria-selected', 'true' );
		await expect( page.locator( '#rollcall-root table tbody tr' ).first() ).toBeVisible();
		expect( await violations( page ) ).toEqual( [] );
	}
} );

for ( const screen of Object.keys( SCREENS ).filter( ( name ): name is Screen => name in SCREENS ) ) {
	test( `the screen ${ screen } opens without errors and breaks no rule of accessibility`, async ( {}, info ) => {
		// A narrow screen depends on the plugin's own styles, which the newest WordPress shows.
		for ( const width of info.project.metadata.wordpress === '6.8' ? [ 1280 ] : [ 1280, 375 ] ) {
			await page.setViewportSize( { width, height: 900 } );
			await openScreen( page, site, screen );
			expect( await violations( page ) ).toEqual( [] );
			await page.screenshot( { path: info.outputPath( `${ screen }-${ width }.png` ), fullPage: true } );
		}
		await page.setViewportSize( { width: 1360, height: 900 } );
		expect( errors ).toEqual( [] );
	} );
}

test( 'what left the site shows the messages', async () => {
	await openScreen( page, site, 'payloads' );
	await expect( page.getByText( /exchange/ ).first() ).toBeVisible();
} );

test( 'the shortcode shows companies to a visitor, once it is switched on', async ( { browser } ) => {
	const client = await adminOf( site );
	const made = await client.must( 'POST', '/wp/v2/pages', { title: 'Our users', content: '[rollcall_companies]', status: 'publish' } );
	const visitor = await ( await browser.newContext() ).newPage();
	await visitor.goto( String( made.link ) );
	await expect( visitor.getByText( 'Birch Bank' ) ).toHaveCount( 0 );
	const settings = await client.must( 'GET', '/rollcall/v1/settings' );
	await client.must( 'PUT', '/rollcall/v1/settings', {
		settings: { ...settings, companies_wall_enabled: true, companies_wall_minimum: 2 },
	} );
	await visitor.goto( String( made.link ) );
	await expect( visitor.getByText( 'Birch Bank' ).first() ).toBeVisible();
	await expect( visitor.getByText( 'Filler 1' ) ).toHaveCount( 0 );
	expect( await violations( visitor, 'main' ) ).toEqual( [] );
	await visitor.close();
} );

test( 'the block shows the same companies in the editor', async () => {
	await page.goto( admin( 'post-new.php' ) );
	await page.waitForFunction(
		`window.wp?.blocks?.getBlockType( 'rollcall/companies' ) !== undefined && wp.data.select( 'core/editor' ).__unstableIsEditorReady()`
	);
	await page.evaluate( `wp.data.dispatch( 'core/preferences' ).set( 'core/edit-post', 'welcomeGuide', false );
		wp.data.dispatch( 'core/block-editor' ).insertBlocks( wp.blocks.createBlock( 'rollcall/companies' ) );` );
	// The canvas is a frame or not, as the other blocks of the site allow.
	const texts = async () => ( await Promise.all( page.frames().map( ( frame ) => frame.locator( 'body' ).innerText() ) ) ).join( '\n' );
	await expect.poll( texts, { timeout: 30_000 } ).toContain( 'Birch Bank' );
	await page.evaluate( `wp.data.dispatch( 'core/block-editor' ).resetBlocks( [] )` );
} );

test( 'no byte that left WordPress has anything of a user but the domain', () => {
	const all = Buffer.concat( [ ...site.recorder.answers, site.outgoing() ] );
	// The search sees what is there: the domains went out, and a planted form would be found.
	expect( all.toString( 'latin1' ) ).toContain( 'canary-nest.com' );
	expect( leaksIn( Buffer.from( `x ${ CANARIES[ 7 ]?.local ?? '' } x` ) ).length ).toBeGreaterThan( 0 );
	expect( leaksIn( all ) ).toEqual( [] );
} );

test( 'deactivated and deleted with its data, it leaves nothing', async () => {
	const client = await adminOf( site );
	const settings = await client.must( 'GET', '/rollcall/v1/settings' );
	await client.must( 'PUT', '/rollcall/v1/settings', { settings: { ...settings, delete_data_on_uninstall: true } } );
	await site.companion.stop();
	await page.goto( admin( 'plugins.php' ) );
	await page.locator( '#deactivate-rollcall' ).click();
	await expect( page.locator( 'tr[data-slug="rollcall"].inactive' ) ).toBeVisible();
	page.on( 'dialog', ( dialog ) => void dialog.accept() );
	await page.locator( '#delete-rollcall' ).click();
	await expect( page.locator( 'tr[data-slug="rollcall"] .delete' ) ).toHaveCount( 0 );
	await expect.poll( () => site.stack.php( new URL( './support/left-over.php', import.meta.url ).pathname ) ).toBe( '[]' );
} );
