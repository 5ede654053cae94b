import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { BUNDLE } from '../../companion/src/dev/build.ts';
import { Companion } from './support/companion.ts';
import { COMPANIES } from './support/list-server.ts';
import { logIn, openScreen, violations } from './support/screens.ts';
import { adminOf, installZip, startSite, setList, type Site } from './support/site.ts';

/** What the screens say when something is wrong. Each test goes on where the last one ended. */
test.describe.configure( { mode: 'serial' } );

let site: Site;
let page: Page;

test.beforeAll( async ( { browser } ) => {
	site = await startSite( '7.1' );
	await installZip( site );
	page = await ( await browser.newContext() ).newPage();
	await logIn( page, site );
	await setList( site );
} );

test.afterAll( async () => {
	await page.close();
	await site.stop();
} );

const root = () => page.locator( '#rollcall-root' );
const text = ( words: string | RegExp ) => root().getByText( words ).first();

async function code(): Promise< string > {
	return String( ( await ( await adminOf( site ) ).must( 'POST', '/rollcall/v1/connection/code', {} ) ).code );
}

async function connected( companion: Companion ): Promise< void > {
	const client = await adminOf( site );
	await expect
		.poll( async () => ( await client.must( 'GET', '/rollcall/v1/connection' ) ).last_seen_at, {
			message: companion.output,
			timeout: 60_000,
		} )
		.not.toBeNull();
}

async function updateNow(): Promise< void > {
	await openScreen( page, site, 'companies' );
	await page.getByRole( 'button', { name: 'Update now' } ).click();
}

test( 'a wrong pairing code ends the companion with one line and a hint, and the screen still waits', async () => {
	const right = await code();
	const wrong = `${ right.slice( 0, 11 ) }${ '0'.repeat( 40 ) }`;
	const companion = new Companion( site.list.url );
	companion.start( [ 'pair', site.stack.url, wrong ] );
	expect( await companion.ended() ).not.toBe( 0 );
	expect( companion.output ).toContain( 'refused the pairing with status 401' );
	expect( companion.output ).toContain( 'make a new one on the Connect screen' );
	expect( companion.output ).not.toMatch( /^\s+at /m );
	await companion.remove();
	await openScreen( page, site, 'connect' );
	await expect( text( 'A code was made earlier and still waits for its companion.' ) ).toBeVisible();
} );

test( "with the list's host down the Companies screen says so and what to do", async () => {
	await site.list.stop();
	site.companion.start( [ 'pair', site.stack.url, await code() ] );
	await connected( site.companion );
	await openScreen( page, site, 'companies' );
	await expect( text( 'The list could not be fetched.' ) ).toBeVisible( { timeout: 60_000 } );
	await expect( text( /Check the address/ ) ).toBeVisible();
	expect( await violations( page ) ).toEqual( [] );
	await site.list.start();
	await updateNow();
	await expect( text( 'Acme Rockets' ) ).toBeVisible( { timeout: 60_000 } );
} );

test( 'a list of garbage is refused and the last good one stays', async () => {
	site.list.body = '<!doctype html><title>Log in</title><p>Please log in.';
	site.list.content_type = 'text/html';
	await updateNow();
	await expect( text( 'The list is not JSON.' ) ).toBeVisible( { timeout: 60_000 } );
	await expect( text( 'Acme Rockets' ) ).toBeVisible();
	site.list.body = JSON.stringify( COMPANIES.slice( 0, 20 ) );
	site.list.content_type = 'application/json';
	await updateNow();
	await expect( text( 'The list lost more than a fifth of its companies.' ) ).toBeVisible( { timeout: 60_000 } );
	await expect( text( 'Acme Rockets' ) ).toBeVisible();
	expect( await violations( page ) ).toEqual( [] );
	site.list.body = JSON.stringify( COMPANIES );
} );

test( 'a stopped companion is told, with the command that starts it again', async () => {
	await site.companion.stop();
	await site.stack.php( new URL( './support/age-companion.php', import.meta.url ).pathname );
	await openScreen( page, site, 'connect' );
	await expect( text( 'Start it again' ) ).toBeVisible();
	await expect( text( /rollcall-companion\.mjs serve/ ) ).toBeVisible();
	expect( await violations( page ) ).toEqual( [] );
	await openScreen( page, site, 'companies' );
	await expect( text( 'Acme Rockets' ) ).toBeVisible();
} );

test( 'a companion whose clock is an hour ahead goes on, and the screen says how far it is off', async () => {
	const before = await ( await adminOf( site ) ).must( 'GET', '/rollcall/v1/connection' );
	const clock = new URL( './support/hour-ahead.mjs', import.meta.url ).href;
	site.companion.start( [ 'serve' ], { NODE_OPTIONS: `--import=${ clock }` } );
	const client = await adminOf( site );
	await expect
		.poll( async () => ( await client.must( 'GET', '/rollcall/v1/connection' ) ).last_seen_at !== before.last_seen_at, {
			message: site.companion.output,
			timeout: 60_000,
		} )
		.toBe( true );
	await openScreen( page, site, 'connect' );
	await expect( text( /This server is 60 minutes behind the companion\./ ) ).toBeVisible( { timeout: 60_000 } );
	await site.companion.stop();
} );

test( 'an older companion is told by the screen to be behind', async () => {
	const older = join( site.stack.folder, 'older.mjs' );
	const bundle = readFileSync( BUNDLE, 'utf8' );
	const aged = bundle.replace( /\bCONTRACT_VERSION ?= ?(\d+)/, ( _, number: string ) => `CONTRACT_VERSION = ${ Number( number ) - 1 }` );
	expect( aged === bundle ).toBe( false );
	writeFileSync( older, aged );
	site.companion.start( [ 'serve' ], {}, older );
	await openScreen( page, site, 'connect' );
	await expect( text( 'Companion is behind' ) ).toBeVisible( { timeout: 60_000 } );
	expect( await violations( page ) ).toEqual( [] );
} );
