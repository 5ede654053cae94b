import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { Companion } from './support/companion.ts';
import { logIn, openScreen, violations } from './support/screens.ts';
import { adminOf, installZip, startSite, useList, type Site } from './support/site.ts';
import { WatchedServer } from './support/watched-server.ts';

/** Two real companions of one WordPress: one decides, one takes over. Each test goes on where the last one ended. */
test.describe.configure( { mode: 'serial' } );

/** What support/companions.php answers. */
type Stored = {
	epoch: number;
	judge: string;
	checks: { [ location_id: string ]: number };
	changes: { [ judge_epoch: string ]: number };
	open_incidents: number;
};

let site: Site;
let page: Page;
let second: Companion;
const watched = new WatchedServer();

test.beforeAll( async ( { browser } ) => {
	await watched.start();
	site = await startSite( '7.1' );
	await installZip( site );
	await useList( site );
	second = new Companion( site.list.url );
	site.companion.allow += `+${ watched.port }`;
	second.allow = site.companion.allow;
	page = await ( await browser.newContext() ).newPage();
	await logIn( page, site );
} );

test.afterAll( async () => {
	await page.close();
	await second.remove();
	await site.stop();
	await watched.stop();
} );

async function stored( command = '' ): Promise< Stored > {
	const answer: Stored = JSON.parse( await site.stack.php( join( import.meta.dirname, 'support/companions.php' ), command ) );
	return answer;
}

async function pair( companion: Companion ): Promise< void > {
	const client = await adminOf( site );
	const { code } = await client.must( 'POST', '/rollcall/v1/connection/code', {} );
	companion.start( [ 'pair', site.stack.url, String( code ) ] );
	await expect.poll( () => companion.output, { timeout: 60_000 } ).toContain( 'batch_accepted' );
}

const told = async ( what: ( now: Stored ) => boolean | number, why: () => string ): Promise< void > =>
	expect.poll( async () => Boolean( what( await stored() ) ), { message: why(), timeout: 90_000, intervals: [ 1000 ] } ).toBe( true );

test( 'a second companion checks the same monitors under its own location, and the screen tells who decides', async () => {
	const client = await adminOf( site );
	await client.must( 'POST', '/rollcall/v1/monitors', {
		monitor: {
			name: 'Shop',
			type: 'http',
			url: watched.at( '/' ),
			active: true,
			interval_seconds: 10,
			is_public: false,
			options: { method: 'GET', headers: [], body: '', assertions: [], timeout_ms: 5000, grace_seconds: 0 },
		},
	} );
	await pair( site.companion );
	await told(
		( { checks } ) => checks[ '1' ] ?? 0,
		() => site.companion.output
	);
	await pair( second );
	await told(
		( { checks } ) => checks[ '2' ] ?? 0,
		() => second.output
	);
	await openScreen( page, site, 'connect' );
	await expect( page.locator( '#rollcall-root' ) ).toContainText( 'Stands by' );
	for ( const width of [ 1280, 375 ] ) {
		await page.setViewportSize( { width, height: 900 } );
		expect( await violations( page ) ).toEqual( [] );
		expect( await page.evaluate( () => document.documentElement.scrollWidth <= window.innerWidth ) ).toBe( true );
	}
	await page.setViewportSize( { width: 1280, height: 900 } );
} );

test( 'the standby takes over from a stopped judge, whose late decisions count no more', async () => {
	// Each of the two calls once a minute.
	test.setTimeout( 300_000 );
	const before = await stored();
	process.kill( site.companion.pid, 'SIGSTOP' );
	const silenced = await stored( 'silence' );
	await told(
		( { judge, epoch } ) => judge !== before.judge && epoch === before.epoch + 1,
		() => second.output
	);
	await told(
		( { changes } ) => changes[ String( before.epoch + 1 ) ] ?? 0,
		() => second.output
	);
	const mine = ( await stored() ).checks[ '1' ] ?? 0;
	await told(
		( { checks } ) => ( checks[ '1' ] ?? 0 ) > mine,
		() => second.output
	);
	process.kill( site.companion.pid, 'SIGCONT' );
	await expect.poll( () => site.companion.output, { timeout: 90_000 } ).toContain( 'stands_by' );
	await told(
		( { checks } ) => checks[ '3' ] ?? 0,
		() => site.companion.output
	);
	const after = await stored();
	expect( after.changes[ String( before.epoch ) ] ).toBe( silenced.changes[ String( before.epoch ) ] );
	expect( [ after.epoch, after.open_incidents ] ).toEqual( [ before.epoch + 1, 0 ] );
	expect( after.judge === before.judge ).toBe( false );
} );

test( 'the button gives the decision back', async () => {
	const { epoch, judge } = await stored();
	await openScreen( page, site, 'connect' );
	await page.getByRole( 'button', { name: 'Let this companion decide' } ).click();
	expect( await violations( page, '[role="dialog"]' ) ).toEqual( [] );
	await page.getByRole( 'button', { name: 'Let it decide' } ).click();
	await expect.poll( async () => ( await stored() ).epoch, { timeout: 30_000 } ).toBe( epoch + 1 );
	expect( ( await stored() ).judge === judge ).toBe( false );
} );
