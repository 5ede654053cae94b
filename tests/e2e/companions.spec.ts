import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { Companion } from './support/companion.ts';
import { installPseudoGerman } from './support/pseudo-german.ts';
import { logIn, openScreen, violations } from './support/screens.ts';
import { adminOf, installZip, startSite, setList, type Site } from './support/site.ts';
import { WatchedServer } from './support/watched-server.ts';

/** Two real companions of one WordPress: one decides, one takes over. Each test goes on where the last one ended. */
test.describe.configure( { mode: 'serial' } );

/** What support/companions.php answers. */
type Stored = {
	epoch: number;
	judge: string;
	checks: { [ location_id: string ]: number };
	changes: { [ judge_epoch: string ]: number };
	/** Under which epochs they are open. */
	open_incidents: number[];
};

let site: Site;
let page: Page;
let second: Companion;
const watched = new WatchedServer();

test.beforeAll( async ( { browser } ) => {
	await watched.start();
	site = await startSite( '7.1' );
	await installZip( site );
	await setList( site );
	installPseudoGerman( site );
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
}

async function told( what: ( now: Stored ) => boolean | number | undefined, companion: Companion, command = '' ): Promise< void > {
	const last = { now: {} };
	const isSo = async (): Promise< boolean > => {
		const now = await stored( command );
		last.now = now;
		return Boolean( what( now ) );
	};
	try {
		await expect.poll( isSo, { timeout: 60_000, intervals: [ 500 ] } ).toBe( true );
	} catch ( thrown ) {
		throw new Error( `${ JSON.stringify( last.now ) }\n${ companion.output }`, { cause: thrown } );
	}
}

test( 'a second companion checks the same monitors under its own location, and the screen tells who decides', async ( {}, info ) => {
	const client = await adminOf( site );
	watched.status = 503;
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
	await expect.poll( () => site.companion.output, { timeout: 60_000 } ).toContain( 'batch_accepted' );
	await pair( second );
	await expect.poll( () => second.output, { timeout: 60_000 } ).toContain( 'stands_by' );
	await openScreen( page, site, 'connect' );
	await expect( page.locator( '#rollcall-root' ) ).toContainText( 'Stands by' );
	for ( const language of [ '', 'de_DE' ] ) {
		await site.stack.php( join( import.meta.dirname, 'support/language.php' ), language );
		for ( const width of [ 1280, 375 ] ) {
			await page.setViewportSize( { width, height: 900 } );
			await page.reload();
			await expect( page.locator( '#rollcall-root li button' ).first() ).toBeVisible();
			expect( await violations( page ) ).toEqual( [] );
			expect(
				await page.evaluate( 'document.documentElement.scrollWidth - document.documentElement.clientWidth' )
			).toBeLessThanOrEqual( 0 );
			await page.screenshot( { path: info.outputPath( `connect-${ language || 'english' }-${ width }.png` ), fullPage: true } );
		}
	}
	await site.stack.php( join( import.meta.dirname, 'support/language.php' ), '' );
	await page.setViewportSize( { width: 1280, height: 900 } );
	await told( ( { checks, open_incidents } ) => checks[ '1' ] && open_incidents.length === 1, site.companion );
	await told( ( { checks } ) => checks[ '2' ] ?? 0, second, 'wake' );
} );

test( 'the standby takes over from a stopped judge, whose late decisions do not count; what is down stays one incident', async () => {
	const before = await stored();
	expect( before.open_incidents ).toEqual( [ before.epoch ] );
	process.kill( site.companion.pid, 'SIGSTOP' );
	const silenced = await stored( 'silence' );
	await stored( 'wake' );
	await told( ( { judge, epoch } ) => judge !== before.judge && epoch === before.epoch + 1, second );
	const mine = silenced.checks[ '1' ] ?? 0;
	// Two more slots: the one that is stopped misses one, and has that to tell.
	await told( ( { changes, checks } ) => changes[ String( before.epoch + 1 ) ] && ( checks[ '1' ] ?? 0 ) > mine + 1, second );
	expect( ( await stored() ).open_incidents ).toEqual( [ before.epoch + 1 ] );
	// It wakes with decisions that it cannot send at once, and before it heard of the other one.
	const closed = join( site.stack.site, '.maintenance' );
	writeFileSync( closed, '<?php $upgrading = time();' );
	watched.status = null;
	process.kill( site.companion.pid, 'SIGCONT' );
	await expect.poll( () => site.companion.output ).toContain( 'exchange_waits' );
	rmSync( closed );
	await stored( 'wake all' );
	// Refused with its decisions when one was among the rows that waited; else it hears of the other judge before it sends one.
	await expect.poll( () => site.companion.output ).toMatch( new RegExp( `warn stale_lease|judge_epoch=${ before.epoch + 1 }` ) );
	await expect.poll( () => site.companion.output ).toContain( 'stands_by' );
	await told( ( { open_incidents } ) => open_incidents.length === 0, second );
	await told( ( { checks } ) => checks[ '3' ] ?? 0, site.companion, 'wake' );
	const after = await stored();
	expect( after.changes[ String( before.epoch ) ] ).toBe( silenced.changes[ String( before.epoch ) ] );
	expect( [ after.epoch, after.judge === before.judge ] ).toEqual( [ before.epoch + 1, false ] );
} );

test( 'the button gives the decision back, by keyboard alone', async () => {
	const { epoch, judge } = await stored();
	await openScreen( page, site, 'connect' );
	await page.getByRole( 'button', { name: 'Let this companion decide' } ).press( 'Enter' );
	expect( await violations( page, '[role="dialog"]' ) ).toEqual( [] );
	await page.getByRole( 'button', { name: 'Let it decide' } ).press( 'Enter' );
	await expect( page.getByRole( 'dialog' ) ).toHaveCount( 0 );
	await expect( page.locator( '.rollcall-keep-focus' ).first() ).toBeFocused();
	await expect.poll( async () => ( await stored() ).epoch ).toBe( epoch + 1 );
	expect( ( await stored() ).judge === judge ).toBe( false );
} );
