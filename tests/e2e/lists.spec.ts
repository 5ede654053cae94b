import { expect, test, type Page } from '@playwright/test';
import { runMatcher } from '../../companion/src/dev/start-run.ts';
import { CANARIES, leaksIn } from './support/canaries.ts';
import { COMPANIES, listed } from './support/list-server.ts';
import { logIn, openScreen, violations, watchErrors } from './support/screens.ts';
import { adminOf, installZip, startSite, setList, type Site } from './support/site.ts';

/** Lists that change, and rules that the companion proposes. Each test goes on where the last one ended. */
test.describe.configure( { mode: 'serial' } );

const CUSTOMERS = 'Company,Website\nDelta Forge,https://delta-forge.com\n';

let site: Site;
let page: Page;
let errors: string[];

test.beforeAll( async ( { browser } ) => {
	site = await startSite( '7.1' );
	await installZip( site );
	page = await ( await browser.newContext() ).newPage();
	errors = watchErrors( page );
	await logIn( page, site );
	await setList( site );
	site.list.tables.set( '/customers.csv', CUSTOMERS );
	// The companion opens sites of users' domains: those of this test are all on the list's host.
	const { port } = new URL( site.list.url );
	site.list.moved.set( 'canary-nest.com', 'http://www.acme-rockets.com/' );
	site.companion.allow = `127.0.0.1/32:${ port }+80+443`;
	const { code } = await ( await adminOf( site ) ).must( 'POST', '/rollcall/v1/connection/code', {} );
	site.companion.start( [ 'pair', site.recorder.url, String( code ) ], {
		NODE_OPTIONS: `--import=${ new URL( './support/outer-internet.mjs', import.meta.url ).href }`,
		ROLLCALL_OUTER_PORT: port,
	} );
} );

test.afterAll( async () => {
	await page.close();
	await site.stop();
} );

const root = () => page.locator( '#rollcall-root' );
const button = ( name: string ) => page.getByRole( 'button', { name, exact: true } );
const card = ( title: string ) => root().locator( '.rollcall-panel', { has: page.getByRole( 'heading', { name: title, exact: true } ) } );
const planted = ( domain: string ): number => CANARIES.filter( ( one ) => one.domain.endsWith( domain ) ).length;

/** Users of a company in the report that is live; null when it has none. */
async function usersAt( name: string ): Promise< unknown > {
	const { body } = await ( await adminOf( site ) ).rest( 'GET', '/rollcall/v1/report/companies?per_page=100' );
	return ( Array.isArray( body ) ? body : [] ).find( ( company ) => company.name === name )?.user_count ?? null;
}

/** Version of the default list that is in use. */
async function versionOfYc(): Promise< unknown > {
	const { body } = await ( await adminOf( site ) ).rest( 'GET', '/rollcall/v1/lists' );
	return ( Array.isArray( body ) ? body : [] ).find( ( list ) => list.list_uid === 'yc' )?.active_version;
}

test( 'a CSV at an address is fetched by the companion, and again when it is told to', async () => {
	await openScreen( page, site, 'companies' );
	await expect( root().locator( 'table' ).getByText( 'Acme Rockets', { exact: true } ), site.companion.output ).toBeVisible( {
		timeout: 60_000,
	} );
	await button( 'Add a list' ).click();
	await page.getByLabel( 'Name of the list' ).fill( 'Our customers' );
	await page.getByRole( 'radio', { name: 'CSV file on the web' } ).check();
	await page.getByLabel( 'Address of the list' ).fill( site.list.at( '/customers.csv' ) );
	await button( 'Add list' ).click();
	await expect( card( 'Our customers' ) ).toContainText( '1 company', { timeout: 60_000 } );
	site.list.tables.set( '/customers.csv', `${ CUSTOMERS }Aviary,aviary.org\n` );
	await card( 'Our customers' ).getByRole( 'button', { name: 'Update now' } ).click();
	await expect( card( 'Our customers' ) ).toContainText( '2 companies', { timeout: 60_000 } );
	await page.getByRole( 'searchbox' ).first().fill( 'aviary' );
	await expect( root().locator( 'table tbody tr' ).filter( { hasText: 'Aviary' } ) ).toContainText( 'Our customers' );
	expect( await violations( page ) ).toEqual( [] );
} );

test( 'a company that moved to another domain keeps its users, and the report says by which domain', async () => {
	const client = await adminOf( site );
	await runMatcher( client, () => undefined );
	expect( await usersAt( 'Aviary' ) ).toBe( planted( 'aviary.org' ) );
	site.list.body = JSON.stringify( [
		...COMPANIES.filter( ( { name } ) => name !== 'Cobalt' && name !== 'Birch Bank' ),
		listed( 2, 'Birch Bank', 'https://birchbank.io', { status: 'Inactive', batch: 'Summer 2012' } ),
		listed( 3, 'Cobalt', 'https://cobalt-robotics.com', { status: 'Acquired' } ),
	] );
	await openScreen( page, site, 'companies' );
	await card( 'Y Combinator companies' ).getByRole( 'button', { name: 'Update now' } ).click();
	await expect.poll( () => versionOfYc(), { message: site.companion.output, timeout: 60_000 } ).toBe( 2 );
	await runMatcher( client, () => undefined );
	await openScreen( page, site, 'report' );
	await expect( root().getByText( 'Matched by its former domain cobalt-robots.dev; now cobalt-robotics.com.' ) ).toBeVisible();
	expect( await usersAt( 'Cobalt' ) ).toBe( planted( 'cobalt-robots.dev' ) );
	expect( await violations( page ) ).toEqual( [] );
} );

test( 'the two runs beside each other show what the newer list changed', async ( {}, info ) => {
	await openScreen( page, site, 'runs' );
	await button( 'Compare' ).click();
	await page.getByRole( 'tab', { name: /^Churn/ } ).click();
	const rows = root().locator( 'table tbody tr' );
	await expect( rows.filter( { hasText: 'Birch Bank' } ) ).toContainText( 'Turned inactive' );
	await page.getByRole( 'tab', { name: /^Companies/ } ).click();
	await expect( rows.filter( { hasText: 'Cobalt' } ) ).toContainText( 'Changed' );
	await expect( rows.filter( { hasText: 'Acme Rockets' } ) ).toHaveCount( 0 );
	await page.screenshot( { path: info.outputPath( 'comparison.png' ), fullPage: true } );
	expect( await violations( page ) ).toEqual( [] );
} );

test( 'a site that leads to a company is proposed as its domain, and holds once it is confirmed', async () => {
	await openScreen( page, site, 'rules' );
	await button( 'Search for moved sites' ).click();
	await expect( root().getByText( 'canary-nest.com belongs to Acme Rockets?' ), site.companion.output ).toBeVisible( {
		timeout: 60_000,
	} );
	await expect(
		root()
			.getByText( /https:\/\/canary-nest\.com redirects to acme-rockets\.com/ )
			.first()
	).toBeVisible();
	const before = planted( 'acme-rockets.com' );
	expect( await usersAt( 'Acme Rockets' ) ).toBe( before );
	expect( await violations( page ) ).toEqual( [] );
	await page.getByRole( 'button', { name: 'Confirm canary-nest.com' } ).click();
	await expect( root().getByText( 'canary-nest.com belongs to Acme Rockets?' ) ).toHaveCount( 0 );
	await expect.poll( () => usersAt( 'Acme Rockets' ) ).toBe( before + planted( 'canary-nest.com' ) );
} );

test( 'a sign-up from a listed company is told of by mail, without address or name', async () => {
	const client = await adminOf( site );
	const settings = await client.must( 'GET', '/rollcall/v1/settings' );
	await client.must( 'PUT', '/rollcall/v1/settings', { settings: { ...settings, signup_notices: 'immediate' } } );
	const { id } = await client.must( 'POST', '/wp/v2/users', {
		username: 'newcomer',
		name: 'Nora Newcomer',
		email: 'nora.newcomer@birchbank.io',
		password: 'no login at all',
		roles: [ 'subscriber' ],
	} );
	// Nobody visits this site: what WP-Cron does by itself is asked for.
	await fetch( `${ site.stack.url }/wp-cron.php?doing_wp_cron` );
	const notices = () => site.mails().filter( ( { subject } ) => subject.includes( 'Sign-up from' ) );
	await expect.poll( () => notices().length, { timeout: 60_000 } ).toBe( 1 );
	const [ notice ] = notices();
	expect( notice?.subject ).toContain( 'Sign-up from Birch Bank (Summer 2012)' );
	expect( notice?.message ).toContain( `user-edit.php?user_id=${ String( id ) }` );
	expect( `${ notice?.subject } ${ notice?.message }` ).not.toMatch( /nora|newcomer/i );
} );

test( 'of all this nothing of a user but the domain left WordPress', () => {
	const all = Buffer.concat( [ ...site.recorder.answers, site.outgoing() ] );
	expect( all.toString( 'latin1' ) ).toContain( 'canary-nest.com' );
	expect( leaksIn( all ) ).toEqual( [] );
	expect( errors ).toEqual( [] );
} );
