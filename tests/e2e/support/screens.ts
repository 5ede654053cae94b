import AxeBuilder from '@axe-core/playwright';
import { expect, type ConsoleMessage, type Page } from '@playwright/test';
import { ADMIN } from '../../../companion/src/dev/stack.ts';
import type { Site } from './site.ts';

/** Screens by their address, and the heading that each has. */
export const SCREENS = {
	overview: [ 'admin.php?page=rollcall', 'Overview' ],
	monitors: [ 'admin.php?page=rollcall&screen=monitors', 'Monitors' ],
	matcher: [ 'admin.php?page=rollcall&screen=matcher', 'Matcher' ],
	report: [ 'admin.php?page=rollcall&screen=matcher&view=report', 'Matcher' ],
	runs: [ 'admin.php?page=rollcall&screen=runs', 'Runs' ],
	companies: [ 'admin.php?page=rollcall&screen=companies', 'Companies' ],
	rules: [ 'admin.php?page=rollcall&screen=rules', 'Rules' ],
	connect: [ 'admin.php?page=rollcall&screen=connect', 'Connect' ],
	payloads: [ 'admin.php?page=rollcall&screen=payloads', 'What left the site' ],
	settings: [ 'admin.php?page=rollcall&screen=settings', 'Settings' ],
} as const;
export type Screen = keyof typeof SCREENS;

/** Core's own remarks, which the plugin cannot change. Where the system has no font for emoji, core fetches pictures of them. */
const OF_CORE = [
	/JQMIGRATE/,
	/Download the React DevTools/,
	/deprecated since version/,
	/is deprecated/,
	/s\.w\.org\/images\/core\/emoji/,
];

/** Collects errors of the page; empty when all is well. */
export function watchErrors( page: Page ): string[] {
	const errors: string[] = [];
	page.on( 'console', ( message: ConsoleMessage ) => {
		const text = `${ message.text() } (${ message.location().url })`;
		if ( message.type() === 'error' && ! OF_CORE.some( ( pattern ) => pattern.test( text ) ) ) {
			errors.push( text );
		}
	} );
	page.on( 'pageerror', ( error ) => errors.push( error.message ) );
	return errors;
}

export async function logIn( page: Page, site: Pick< Site, 'stack' > ): Promise< void > {
	await page.goto( `${ site.stack.url }/wp-login.php` );
	await page.getByLabel( 'Username or Email Address' ).fill( ADMIN.user );
	await page.getByLabel( 'Password', { exact: true } ).fill( ADMIN.password );
	await page.getByRole( 'button', { name: 'Log In' } ).click();
	await page.waitForURL( /wp-admin/ );
}

/** Opens a screen and waits until it shows more than its skeleton. A script that WordPress skips leaves no message, so the root is looked at. */
export async function openScreen( page: Page, site: Site, screen: Screen ): Promise< void > {
	const [ address, heading ] = SCREENS[ screen ];
	await page.goto( `${ site.stack.url }/wp-admin/${ address }` );
	await expect( page.locator( '#rollcall-root > *' ).first() ).toBeVisible();
	await expect( page.locator( '#rollcall-root' ).getByRole( 'heading', { name: heading, exact: true } ).first() ).toBeVisible();
	await expect( page.locator( '#rollcall-root [aria-busy="true"]' ) ).toHaveCount( 0 );
}

/** Rules of accessibility that the plugin's part of the page breaks; empty when none. */
export async function violations( page: Page, place = '#rollcall-root' ): Promise< string[] > {
	const { violations: found } = await new AxeBuilder( { page } ).include( place ).analyze();
	return found.map( ( one ) => `${ one.id }: ${ one.help } (${ one.nodes.map( ( node ) => node.target.join( ' ' ) ).join( '; ' ) })` );
}
