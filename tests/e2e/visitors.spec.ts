import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { ROOT } from '../../companion/src/dev/paths.ts';
import { ADMIN, startStack, type Stack } from '../../companion/src/dev/stack.ts';
import type { WordpressVersion } from '../../companion/src/dev/wordpress.ts';
import { WpClient } from '../../companion/src/dev/wp-client.ts';
import { logIn, violations, watchErrors } from './support/screens.ts';

/** What visitors see and how they are limited, on MariaDB, nginx and eight workers of PHP-FPM. Each test goes on where the last one ended. */
test.describe.configure( { mode: 'serial' } );

const WORKERS = 8;
/** Nothing of these may leave the page. */
const LOCALS = [ 'ann.canary', 'bob.canary', 'cy.canary', 'dora-canary' ];

let stack: Stack;
let pages: { shortcode: string; block: string };

const plant = ( ...args: string[] ): Promise< string > => stack.php( join( import.meta.dirname, 'support/visitors.php' ), ...args );

test.beforeAll( async ( {}, info ) => {
	const version: WordpressVersion = info.project.metadata.wordpress === '6.8' ? '6.8' : '7.1';
	stack = await startStack( version, WORKERS );
	cpSync( join( ROOT, 'plugin' ), join( stack.site, 'wp-content/plugins/rollcall' ), { recursive: true } );
	pages = JSON.parse( await plant() ) as { shortcode: string; block: string };
} );

test.afterAll( () => stack.stop() );

/** The texts of all requests that a page sends. */
function recorded( page: Page ): string[] {
	const sent: string[] = [];
	page.on( 'request', ( request ) => {
		sent.push( `${ request.url() } ${ JSON.stringify( request.headers() ) } ${ request.postData() ?? '' }` );
	} );
	return sent;
}

async function openMatcher( page: Page, address: string ): Promise< void > {
	await page.goto( address );
	await expect( page.getByRole( 'button', { name: 'Find companies' } ) ).toBeVisible();
}

for ( const name of [ 'shortcode', 'block' ] as const ) {
	for ( const width of [ 1280, 375 ] ) {
		test( `the matcher by ${ name } finds companies in a pasted list, ${ width } pixels wide`, async ( { page }, info ) => {
			const errors = watchErrors( page );
			const sent = recorded( page );
			await page.setViewportSize( { width, height: 900 } );
			await openMatcher( page, pages[ name ] );
			await page.screenshot( { path: info.outputPath( `${ name }-${ width }-open.png` ), fullPage: true } );
			await page
				.getByLabel( 'Paste addresses' )
				.fill(
					'ann.canary@acme-rockets.com\nbob.canary@mail.birchbank.com\nBob <bob.canary@acme-rockets.com>\ncy.canary@nobody.example\nd@donau.example'
				);
			await page.getByRole( 'button', { name: 'Find companies' } ).click();
			await expect( page.getByRole( 'status' ) ).toHaveText( 'Companies found: 3. Domains looked up: 4.' );
			const rows = page.locator( '.rollcall-matcher tbody tr' );
			await expect( rows ).toHaveCount( 3 );
			await expect( rows.first() ).toContainText( 'Acme Rockets' );
			await expect( rows.first().locator( 'td' ).last() ).toHaveText( '2' );
			await expect( page.getByRole( 'link', { name: 'Birch Bank' } ) ).toHaveAttribute( 'href', 'https://birchbank.com' );
			expect( await violations( page, '.rollcall-matcher' ) ).toEqual( [] );
			expect( await page.evaluate( 'document.documentElement.scrollWidth - window.innerWidth' ) ).toBeLessThanOrEqual( 0 );
			await page.screenshot( { path: info.outputPath( `${ name }-${ width }-found.png` ), fullPage: true } );
			const calls = sent.filter( ( text ) => text.includes( 'visitor-match' ) );
			expect( calls ).toHaveLength( 1 );
			expect( calls[ 0 ] ).toContain(
				'{"match":{"domains":["acme-rockets.com","donau.example","mail.birchbank.com","nobody.example"]}}'
			);
			expect( LOCALS.filter( ( local ) => sent.some( ( text ) => text.includes( local ) ) ) ).toEqual( [] );
			expect( errors ).toEqual( [] );
		} );
	}
}

test( 'a file is dropped, a large one is cancelled, and the keyboard is enough', async ( { page }, info ) => {
	const sent = recorded( page );
	await openMatcher( page, pages.shortcode );
	await page.locator( 'input[type=file]' ).setInputFiles( {
		name: 'users.csv',
		mimeType: 'text/csv',
		buffer: Buffer.from( 'name,email\n"Canary, Dora",dora-canary@birchbank.com\ndora.canary,' ),
	} );
	await expect( page.getByRole( 'status' ) ).toHaveText( 'Companies found: 1. Domains looked up: 1.' );
	// The file stays chosen: the button reads it again, instead of an empty field.
	await page.getByRole( 'button', { name: 'Find companies' } ).click();
	await expect( page.getByRole( 'status' ) ).toHaveText( 'Companies found: 1. Domains looked up: 1.' );
	const drop = await page.evaluateHandle( () => {
		const data = new DataTransfer();
		data.items.add( new File( [ 'dora-canary@acme-rockets.com' ], 'list.txt', { type: 'text/plain' } ) );
		return data;
	} );
	await page.dispatchEvent( '.rollcall-matcher__form', 'drop', { dataTransfer: drop } );
	await expect( page.locator( '.rollcall-matcher tbody' ) ).toContainText( 'Acme Rockets' );
	expect( await page.locator( 'input[type=file]' ).inputValue() ).toMatch( /list\.txt$/ );
	const large = info.outputPath( 'large.csv' );
	writeFileSync( large, 'dora-canary@birchbank.com\n'.repeat( 4_000_000 ) );
	await page.locator( 'input[type=file]' ).setInputFiles( large );
	await page.getByRole( 'button', { name: 'Cancel' } ).focus();
	await page.keyboard.press( 'Enter' );
	await expect( page.getByRole( 'status' ) ).toHaveText( 'Cancelled.' );
	rmSync( large );
	await expect( page.getByRole( 'status' ) ).toBeFocused();
	await page.getByLabel( 'Paste addresses' ).focus();
	await page.keyboard.type( 'x@birchbank.com' );
	await page.keyboard.press( 'Tab' );
	await page.keyboard.press( 'Enter' );
	await expect( page.locator( '.rollcall-matcher tbody' ) ).toContainText( 'Birch Bank' );
	// A text that is read takes the name of the file away.
	expect( await page.locator( 'input[type=file]' ).inputValue() ).toBe( '' );
	expect( LOCALS.filter( ( local ) => sent.some( ( text ) => text.includes( local ) ) ) ).toEqual( [] );
} );

test( 'without script the page says how it works, and has no form', async ( { browser } ) => {
	const page = await ( await browser.newContext( { javaScriptEnabled: false } ) ).newPage();
	await page.goto( pages.block );
	await expect( page.getByText( 'Addresses never leave this page.' ) ).toBeVisible();
	// Chromium that was told to run no script still does not draw it.
	expect( await page.content() ).toContain( '<noscript>' );
	await expect( page.getByRole( 'button', { name: 'Find companies' } ) ).toBeHidden();
	await page.close();
} );

test( "WordPress's Users screen has the company and filters by it", async ( { page }, info ) => {
	const errors = watchErrors( page );
	await logIn( page, { stack } );
	await page.goto( `${ stack.url }/wp-admin/users.php` );
	await expect( page.locator( 'tr', { hasText: 'ann@acme-rockets.com' } ) ).toContainText( 'Acme Rockets' );
	await expect( page.locator( 'tr', { hasText: 'cy@nobody.example' } ) ).toContainText( 'No listed company' );
	for ( const width of [ 1280, 375 ] ) {
		await page.setViewportSize( { width, height: 900 } );
		await page.screenshot( { path: info.outputPath( `users-${ width }.png` ) } );
	}
	await page.setViewportSize( { width: 1280, height: 900 } );
	await page.getByLabel( 'Filter by company' ).selectOption( { label: 'Winter 2021' } );
	await page.getByRole( 'button', { name: 'Filter' } ).click();
	await expect( page.locator( '#the-list tr' ) ).toHaveCount( 1 );
	await expect( page.getByLabel( 'Filter by company' ) ).toHaveValue( 'batch:Winter 2021' );
	expect( errors ).toEqual( [] );
} );

test( 'the status block is set up in the editor, and shows what the shortcode shows', async ( { page, browser }, info ) => {
	const client = new WpClient( stack.url );
	await client.logIn( ADMIN.user, ADMIN.password );
	const options = { method: 'GET', headers: [], body: '', assertions: [], timeout_ms: 10_000, grace_seconds: 0 };
	const monitors = [ 'Shop', 'Blog' ].map( ( name ) => ( {
		...{
			name,
			type: 'http',
			url: `https://${ name.toLowerCase() }.example/`,
			active: true,
			is_public: true,
			interval_seconds: 60,
			options,
		},
	} ) );
	await client.must( 'POST', '/rollcall/v1/monitors/many', { monitors: { monitors } } );
	const make = ( content: string ) => client.must( 'POST', '/wp/v2/pages', { title: 'Status', content, status: 'publish' } );
	const [ block, shortcode ] = [
		await make( '<!-- wp:rollcall/status /-->' ),
		await make( '[rollcall_status limit="1" show_stats="no"]' ),
	];
	await logIn( page, { stack } );
	await page.goto( `${ stack.url }/wp-admin/post.php?post=${ String( block.id ) }&action=edit` );
	const preview = page.frameLocator( 'iframe[name="editor-canvas"]' ).locator( '.rollcall-status' );
	await expect( preview.first() ).toContainText( 'Shop' );
	const guide = page.getByRole( 'dialog' ).getByRole( 'button', { name: 'Close' } );
	if ( await guide.count() ) {
		await guide.click();
	}
	await page.evaluate(
		"wp.data.dispatch( 'core/block-editor' ).selectBlock( wp.data.select( 'core/block-editor' ).getBlocks()[ 0 ].clientId )"
	);
	const settings = page.getByRole( 'region', { name: 'Editor settings' } );
	await settings.getByRole( 'spinbutton', { name: 'At most' } ).fill( '1' );
	await settings.getByRole( 'checkbox', { name: 'Show the figures of all monitors' } ).setChecked( false );
	// In the order of their names.
	await expect( preview.first() ).not.toContainText( 'Shop' );
	await page.screenshot( { path: info.outputPath( 'status-block-editor.png' ) } );
	await page.getByRole( 'button', { name: 'Save', exact: true } ).click();
	await expect( page.getByText( 'Page updated.' ).first() ).toBeVisible();
	const visitor = await ( await browser.newContext() ).newPage();
	for ( const width of [ 1280, 375 ] ) {
		await visitor.setViewportSize( { width, height: 900 } );
		const shown: string[] = [];
		for ( const { link } of [ block, shortcode ] ) {
			await visitor.goto( String( link ) );
			expect( await violations( visitor, '.rollcall-status' ) ).toEqual( [] );
			expect( await visitor.evaluate( 'document.documentElement.scrollWidth - window.innerWidth' ) ).toBeLessThanOrEqual( 0 );
			// Between the two a minute may pass.
			shown.push( ( await visitor.locator( '.rollcall-status' ).first().innerText() ).replace( /As of .*/, '' ) );
		}
		expect( shown[ 0 ] ).toContain( 'Blog' );
		expect( shown[ 0 ] ).toBe( shown[ 1 ] );
	}
	await visitor.close();
} );

test( 'fifty clients of one address on eight workers pass exactly a hundred calls, and a restart changes nothing', async () => {
	await plant( 'reset' );
	const call = async ( number: number ): Promise< number > => {
		const answer = await fetch( `${ stack.url }/wp-json/rollcall/v1/visitor-match?_=${ number }`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', 'x-forwarded-for': `203.0.113.${ number % 250 }` },
			body: JSON.stringify( { match: { domains: [ 'acme-rockets.com' ] } } ),
		} );
		await answer.text();
		return answer.status;
	};
	const statuses = (
		await Promise.all(
			Array.from( { length: 50 }, ( _, client ) => client ).map( async ( client ) => [
				await call( client ),
				await call( client + 50 ),
				await call( client + 100 ),
			] )
		)
	).flat();
	expect( statuses.filter( ( status ) => status === 200 ) ).toHaveLength( 100 );
	expect( statuses.filter( ( status ) => status === 429 ) ).toHaveLength( 50 );
	await stack.restartPhp();
	expect( await call( 151 ) ).toBe( 429 );
} );

test( 'a visitor who asked too often is told how long to wait', async ( { page }, info ) => {
	await openMatcher( page, pages.block );
	await page.getByLabel( 'Paste addresses' ).fill( 'x@birchbank.com' );
	await page.getByRole( 'button', { name: 'Find companies' } ).click();
	await expect( page.getByRole( 'alert' ) ).toContainText( 'That was a lot of look-ups.' );
	await expect( page.getByRole( 'button', { name: 'Find companies' } ) ).toBeEnabled();
	expect( await violations( page, '.rollcall-matcher' ) ).toEqual( [] );
	await page.screenshot( { path: info.outputPath( 'limited.png' ), fullPage: true } );
} );
