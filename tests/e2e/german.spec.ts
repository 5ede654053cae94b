import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { englishTexts, german, installPseudoGerman } from './support/pseudo-german.ts';
import { logIn, SCREENS, violations, watchErrors, type Screen } from './support/screens.ts';
import { adminOf, installZip, startSite, type Site } from './support/site.ts';

/** Every screen with longer words, of which none is left in English. */
test.describe.configure( { mode: 'serial' } );

let site: Site;
let page: Page;
let errors: string[];

test.beforeAll( async ( { browser } ) => {
	site = await startSite( '7.1' );
	await installZip( site );
	installPseudoGerman( site );
	page = await ( await browser.newContext() ).newPage();
	errors = watchErrors( page );
	await logIn( page, site );
	await site.stack.php( join( import.meta.dirname, 'support/language.php' ), 'de_DE' );
} );

test.afterAll( async () => {
	await page.close();
	await site.stop();
} );

/** Texts that the part of the page shows, each as its element has it. */
const shown = ( place: string ): Promise< string[] > =>
	page.locator( place ).evaluate( ( element ) => {
		const walker = document.createTreeWalker( element, NodeFilter.SHOW_TEXT );
		const texts: string[] = [];
		while ( walker.nextNode() ) {
			texts.push( walker.currentNode.textContent?.trim() ?? '' );
		}
		return texts;
	} );

for ( const screen of Object.keys( SCREENS ).filter( ( name ): name is Screen => name in SCREENS ) ) {
	test( `the screen ${ screen } speaks the language of the site and fits`, async ( {}, info ) => {
		const [ address, heading ] = SCREENS[ screen ];
		for ( const width of [ 1280, 375 ] ) {
			await page.setViewportSize( { width, height: 900 } );
			await page.goto( `${ site.stack.url }/wp-admin/${ address }` );
			await expect(
				page
					.locator( '#rollcall-root' )
					.getByRole( 'heading', { name: german( heading ) } )
					.first()
			).toBeVisible();
			await expect( page.locator( '#rollcall-root [aria-busy="true"]' ) ).toHaveCount( 0 );
			const english = englishTexts();
			expect( ( await shown( '#rollcall-root' ) ).filter( ( text ) => english.has( text ) ) ).toEqual( [] );
			expect(
				await page.evaluate( 'document.documentElement.scrollWidth - document.documentElement.clientWidth' )
			).toBeLessThanOrEqual( 0 );
			expect( await violations( page ) ).toEqual( [] );
			await page.screenshot( { path: info.outputPath( `${ screen }-german-${ width }.png` ), fullPage: true } );
		}
		expect( errors ).toEqual( [] );
	} );
}

/** What has to be scrolled to the side, or stands past the edge. */
const pastTheEdge = (): Promise< string[] > =>
	page.locator( '#rollcall-root' ).evaluate( ( root ) =>
		[ ...root.querySelectorAll( '*' ) ]
			.filter( ( one ) => {
				const scrolls = /auto|scroll/.test( getComputedStyle( one ).overflowX ) && one.scrollWidth > one.clientWidth + 1;
				return scrolls || ( one.matches( 'th, td' ) && one.getBoundingClientRect().right > window.innerWidth );
			} )
			.map( ( one ) => `${ one.tagName } ${ one.className }` )
	);

test( 'all columns of a filled list of monitors fit', async ( {}, info ) => {
	const client = await adminOf( site );
	const options = { method: 'GET', headers: [], body: '', assertions: [], timeout_ms: 10_000, grace_seconds: 0 };
	const plain = { type: 'http', active: true, is_public: true, interval_seconds: 60, options };
	const monitors = [
		{ ...plain, name: 'The shop', url: 'https://www.a-rather-long-name-of-a-company.example/status/of/the/shop' },
		{ ...plain, name: '', url: 'https://shop.of-the-other-company.example/' },
		{ ...plain, name: 'Short', url: 'https://short.example/' },
	];
	await client.must( 'POST', '/rollcall/v1/monitors/many', { monitors: { monitors } } );
	await page.route( /rollcall(\/|%2F)v1(\/|%2F)monitors[?&]/, async ( route ) => {
		const response = await route.fetch();
		const rows: unknown = await response.json();
		const failed = ( row: unknown ) => ( {
			...Object( row ),
			last_status_code: 503,
			last_response_time_ms: 81,
			last_error_code: 'header_timeout',
			last_error_message: `GET ${ Object( row ).url } sent no header within 10,000 ms, after 3 tries from 2 addresses.`,
		} );
		await route.fulfill( { response, json: Array.isArray( rows ) ? rows.map( failed ) : rows } );
	} );
	for ( const width of [ 1280, 375 ] ) {
		await page.setViewportSize( { width, height: 900 } );
		await page.goto( `${ site.stack.url }/wp-admin/${ SCREENS.monitors[ 0 ] }` );
		await expect( page.locator( '#rollcall-root' ).getByText( german( 'No reading' ) ) ).toHaveCount( 3 );
		// Six columns, the boxes to choose rows and the menus; a narrow screen has a list instead.
		await expect( page.locator( '#rollcall-root thead th' ) ).toHaveCount( width === 1280 ? 8 : 0 );
		await page.screenshot( { path: info.outputPath( `monitors-filled-${ width }.png` ), fullPage: true } );
		expect( await pastTheEdge() ).toEqual( [] );
		// Whole words: in the longest language too, and without what the row says already.
		for ( const box of await Promise.all(
			( await page.locator( '.rollcall-cell__error' ).all() ).map( ( one ) => one.boundingBox() )
		) ) {
			expect( box?.width ).toBeGreaterThan( 160 );
		}
		expect( await violations( page ) ).toEqual( [] );
	}
} );

test( 'menu, shortcode and errors speak it too', async ( { browser } ) => {
	const client = await adminOf( site );
	await page.goto( `${ site.stack.url }/wp-admin/index.php` );
	await expect( page.locator( '#adminmenu' ).getByText( german( 'Matcher' ) ) ).toHaveCount( 1 );
	const refused = await client.rest( 'GET', '/rollcall/v1/jobs/00000000000000000000000000000000' );
	expect( Object( Object( refused.body ).data ).title ).toContain( 'Ü ' );
	const made = await client.must( 'POST', '/wp/v2/pages', { title: 'Pieces', content: '[rollcall_matcher]', status: 'publish' } );
	const visitor = await ( await browser.newContext() ).newPage();
	await visitor.goto( String( made.link ) );
	await expect( visitor.locator( '.rollcall-matcher' ) ).toContainText( 'Ü ' );
	await visitor.close();
} );
