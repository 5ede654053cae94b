import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { addressOf, CANARIES, leaksIn } from './support/canaries.ts';
import { recordSent } from './support/sent.ts';
import { logIn, openScreen, violations, watchErrors } from './support/screens.ts';
import { adminOf, installZip, startSite, type Site } from './support/site.ts';

/** Everything that needs no companion. Each test goes on where the last one ended. */
test.describe.configure( { mode: 'serial' } );

/** A table of companies: two that are taken, one without a domain, and one whose domain is everybody's. */
const LIST = `Company,Website,Batch,Status
Acme Rockets,https://www.acme-rockets.com,Winter 2021,Active
Birch Bank,birchbank.io,Summer 2012,Public
Cobalt,https://cobalt-robots.dev,Winter 2021,Acquired
Ghost,,Winter 2021,Inactive
Mailer,https://gmail.com,Winter 2021,Active
`;

const ROWS = 100_000;

/** Rows of a newsletter: the planted users first, then others whose local parts are as easy to find. */
function newsletter(): string {
	const rows = Array.from( { length: ROWS }, ( _, index ) => {
		const canary = CANARIES[ index % CANARIES.length ];
		const local = index < CANARIES.length ? canary?.local : `${ canary?.local ?? '' }p${ index }`;
		return `${ index },"Person ${ index }",${ local }@${ canary?.domain }`;
	} );
	return `id,name,email\n${ rows.join( '\n' ) }\n`;
}

let site: Site;
let context: BrowserContext;
let page: Page;
let errors: string[];
let sent: { bytes: () => Buffer };

test.beforeAll( async ( { browser } ) => {
	site = await startSite( '7.1' );
	await installZip( site );
	const comments = join( site.stack.folder, 'comments.json' );
	writeFileSync( comments, JSON.stringify( CANARIES.slice( 0, 300 ).map( ( one ) => `c.${ addressOf( one ) }` ) ) );
	await site.stack.php( join( import.meta.dirname, 'support/comments.php' ), comments );
	context = await browser.newContext( { viewport: { width: 1280, height: 900 } } );
	page = await context.newPage();
	errors = watchErrors( page );
	await logIn( page, site );
	sent = recordSent( context );
} );

test.afterAll( async () => {
	await context.close();
	await site.stop();
} );

const root = () => page.locator( '#rollcall-root' );
const button = ( name: string ) => page.getByRole( 'button', { name, exact: true } );

async function runIsDone(): Promise< void > {
	const client = await adminOf( site );
	await expect
		.poll( async () => ( await client.must( 'GET', '/rollcall/v1/report' ) ).open_run, { timeout: 90_000, intervals: [ 500 ] } )
		.toBeNull();
}

test( 'a CSV of companies is shown with a verdict for each row before it is stored', async ( {}, info ) => {
	await openScreen( page, site, 'companies' );
	await button( 'Add a list' ).click();
	await page.getByLabel( 'Name of the list' ).fill( 'Our customers' );
	await button( 'Choose a file' ).click();
	await page
		.getByLabel( 'File with the companies' )
		.setInputFiles( { name: 'customers.csv', mimeType: 'text/csv', buffer: Buffer.from( LIST ) } );
	const preview = page.getByRole( 'region', { name: 'Rows of the list' } );
	await expect( preview.getByRole( 'row' ) ).toHaveCount( 6 );
	await expect( preview ).toContainText( 'Birch Bank' );
	await page.screenshot( { path: info.outputPath( 'list-preview-1280.png' ) } );
	expect( await violations( page, '.components-modal__frame' ) ).toEqual( [] );
	await button( 'Store the list' ).click();
	await expect( root().getByText( 'Our customers' ).first() ).toBeVisible();
	await expect( root().locator( 'table' ).getByText( 'Acme Rockets' ) ).toBeVisible( { timeout: 60_000 } );
} );

test( `users, comments and a file of ${ ROWS } rows are matched in this browser; no byte sent holds an address`, async ( {}, info ) => {
	await openScreen( page, site, 'matcher' );
	await page.getByLabel( 'Comment authors' ).check( { timeout: 60_000 } );
	await page.getByLabel( 'A pasted list or a file' ).check();
	await page.getByRole( 'radio', { name: /Match in this browser/ } ).check();
	const file = { name: 'newsletter.csv', mimeType: 'text/csv', buffer: Buffer.from( newsletter() ) };
	const begun = Date.now();
	await page.locator( '.rollcall-paste input[type=file]' ).setInputFiles( file );
	await expect(
		root()
			.getByText( /rows? read\./ )
			.first()
	).toBeVisible( { timeout: 60_000 } );
	const read_ms = Date.now() - begun;
	await page.screenshot( { path: info.outputPath( 'sources-1280.png' ), fullPage: true } );
	expect( await violations( page ) ).toEqual( [] );
	await button( 'Run matcher' ).click();
	await expect( button( 'Cancel run' ).or( root().getByText( 'Your report is ready' ) ).first() ).toBeVisible();
	await runIsDone();
	const seconds = ( ( Date.now() - begun ) / 1000 ).toFixed( 1 );
	const client = await adminOf( site );
	const pasted = await client.must( 'GET', '/rollcall/v1/report?source=paste' );
	expect( Object( pasted.totals ).users_read ).toBe( ROWS );
	// 4 of the 9 planted domains are of the list: acme-rockets twice (with its subdomain), birchbank and cobalt.
	const rest = CANARIES.flatMap( ( { domain }, index ) => ( /acme|birch|cobalt/.test( domain ) ? [ index ] : [] ) ).length;
	expect( pasted.matched_users ).toBe( rest * ( ROWS / CANARIES.length ) );
	const comments = await client.must( 'GET', '/rollcall/v1/report?source=comments' );
	// The planted ones, and the one that WordPress is installed with.
	expect( Object( comments.totals ).users_read ).toBe( 301 );
	const all = sent.bytes();
	expect( all.toString( 'latin1' ) ).toContain( 'canary-nest.com' );
	expect( all.toString( 'latin1' ) ).not.toMatch( /zq[0-9a-f]{14}\.k\d+/ );
	expect( leaksIn( all ) ).toEqual( [] );
	const heap = await page.evaluate( 'performance.memory?.usedJSHeapSize ?? 0' );
	info.annotations.push( {
		type: 'measured',
		description: `${ ROWS } rows read in ${ read_ms } ms, the run in ${ seconds } s, heap of the page ${ Math.round( Number( heap ) / 1e6 ) } MB, ${ all.length } bytes sent in all`,
	} );
	process.stdout.write( `${ info.annotations.at( -1 )?.description }\n` );
} );

test( 'an exclusion holds at once, and the runs before and after it can be compared', async ( {}, info ) => {
	await openScreen( page, site, 'rules' );
	await button( 'Add rules' ).first().click();
	await page.getByLabel( 'Domains', { exact: true } ).fill( 'https://www.birchbank.io/about' );
	await page.locator( '.components-modal__frame' ).getByRole( 'button', { name: 'Add rules' } ).click();
	await expect( root().locator( 'table' ).getByText( 'birchbank.io' ) ).toBeVisible();
	expect( await violations( page ) ).toEqual( [] );
	await openScreen( page, site, 'matcher' );
	await page.getByRole( 'radio', { name: /Match in this browser/ } ).check( { timeout: 60_000 } );
	await button( 'Run matcher' ).click();
	await expect
		.poll( async () => ( await ( await adminOf( site ) ).rest( 'GET', '/rollcall/v1/runs' ) ).headers.get( 'x-wp-total' ) )
		.toBe( '2' );
	await runIsDone();
	await openScreen( page, site, 'runs' );
	await button( 'Compare' ).click();
	await expect( root().getByText( 'Earlier run' ).first() ).toBeVisible();
	await expect( root().locator( 'table' ).getByText( 'Birch Bank' ).first() ).toBeVisible();
	for ( const width of [ 1280, 375 ] ) {
		await page.setViewportSize( { width, height: 900 } );
		await page.screenshot( { path: info.outputPath( `comparison-${ width }.png` ), fullPage: true } );
		expect( await violations( page ) ).toEqual( [] );
	}
	await page.setViewportSize( { width: 1280, height: 900 } );
} );

test( "WordPress's Users screen shows and filters by company", async ( {}, info ) => {
	await page.goto( `${ site.stack.url }/wp-admin/users.php` );
	await page.locator( '#rollcall_company_filter' ).selectOption( { label: 'At a listed company' } );
	await page.locator( '#rollcall_filter' ).click();
	const cells = page.locator( '#the-list .column-rollcall_company' );
	await expect( cells.first() ).toContainText( /Acme Rockets|Cobalt/ );
	await expect( cells.filter( { hasText: 'No listed company' } ) ).toHaveCount( 0 );
	await page.screenshot( { path: info.outputPath( 'users-1280.png' ), fullPage: true } );
	expect( errors ).toEqual( [] );
} );

test( 'visitors find the companies of their own list, of which only domains are sent', async ( { browser }, info ) => {
	const client = await adminOf( site );
	const { body } = await client.rest( 'GET', '/rollcall/v1/lists' );
	const list = ( Array.isArray( body ) ? body : [] ).find( ( { title } ) => title === 'Our customers' );
	await client.must( 'PUT', `/rollcall/v1/lists/${ list.list_uid }`, {
		list: { title: list.title, url: '', enabled: true, visible_to_visitors: true, schedule_hours: list.schedule_hours },
	} );
	const made = await client.must( 'POST', '/wp/v2/pages', {
		title: 'Who is in your list?',
		content: '[rollcall_matcher]',
		status: 'publish',
	} );
	const visiting = await browser.newContext( { viewport: { width: 1280, height: 900 } } );
	const seen = recordSent( visiting );
	const visitor = await visiting.newPage();
	const complaints = watchErrors( visitor );
	await visitor.goto( String( made.link ) );
	await visitor.locator( '.rollcall-matcher textarea' ).fill( CANARIES.slice( 0, 200 ).map( addressOf ).join( '\n' ) );
	await visitor.getByRole( 'button', { name: 'Find companies' } ).click();
	await expect( visitor.locator( '.rollcall-matcher__results' ) ).toContainText( 'Acme Rockets' );
	await expect( visitor.locator( '.rollcall-matcher__results' ) ).not.toContainText( 'Birch Bank' );
	for ( const width of [ 1280, 375 ] ) {
		await visitor.setViewportSize( { width, height: 900 } );
		await visitor.screenshot( { path: info.outputPath( `visitors-${ width }.png` ), fullPage: true } );
		expect( await violations( visitor, '.rollcall-matcher' ) ).toEqual( [] );
	}
	expect( seen.bytes().toString( 'latin1' ) ).toContain( 'canary-nest.com' );
	expect( leaksIn( seen.bytes() ) ).toEqual( [] );
	expect( complaints ).toEqual( [] );
	await visiting.close();
} );
