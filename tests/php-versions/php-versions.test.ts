import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { PHP_ADMIN, PHP_VERSIONS, startPhpSite, type PhpSite, type PhpVersion } from '../../companion/src/dev/php-site.ts';
import { WpClient } from '../../companion/src/dev/wp-client.ts';
import { getRoutes, matchingRun, openScreens, openShortcodes } from './support.ts';

const zip = process.env.ROLLCALL_ZIP ?? '';
const wanted = ( process.env.ROLLCALL_PHP ?? '8.1,8.5' ).split( ',' );
const versions = wanted.includes( 'all' ) ? [ ...PHP_VERSIONS ] : PHP_VERSIONS.filter( ( version ) => wanted.includes( version ) );
const SEED = join( import.meta.dirname, '../../companion/src/dev/seed.php' );

/** A matching run, each GET route, each screen and each shortcode of one blog; PHP complains of nothing. */
async function everything( site: PhpSite, client: WpClient ): Promise< void > {
	const run = await matchingRun( site, client );
	assert.equal( run.state, 'done' );
	const report = await client.must( 'GET', '/rollcall/v1/report' );
	assert.ok( Number( report.matched_users ) > 5, `${ String( report.matched_users ) } matched users` );
	for ( const route of getRoutes( Number( run.run_id ) ) ) {
		const answer = await client.rest( 'GET', route );
		assert.ok(
			[ 200, 404, 409 ].includes( answer.status ),
			`${ route } answered ${ answer.status }: ${ JSON.stringify( answer.body ) }`
		);
	}
	const pages = await openScreens( client );
	assert.ok( pages.length > 11, `${ pages.length } pages` );
	const settings = await client.must( 'GET', '/rollcall/v1/settings' );
	await client.must( 'PUT', '/rollcall/v1/settings', {
		settings: { ...settings, companies_wall_enabled: true, companies_wall_minimum: 1 },
	} );
	assert.match( await openShortcodes( client ), /rollcall-companies__name/ );
	assert.deepEqual( site.complaints(), [] );
}

async function start( context: TestContext, version: PhpVersion ): Promise< { site: PhpSite; client: WpClient } > {
	assert.notEqual( zip, '', 'ROLLCALL_ZIP names the zip of the plugin: node companion/src/dev/test.ts --only php-versions makes it' );
	const site = await startPhpSite( version, zip );
	context.after( () => site.stop() );
	const client = new WpClient( site.url );
	await client.logIn( PHP_ADMIN.user, PHP_ADMIN.password );
	await site.php( SEED );
	return { site, client };
}

describe( 'the plugin of the zip in the Playground', { concurrency: 2 }, () => {
	for ( const version of versions ) {
		it( `matches users on PHP ${ version }`, async ( context ) => {
			const { site, client } = await start( context, version );
			await client.must( 'POST', '/wp/v2/plugins/rollcall/rollcall', { status: 'active' } );
			await everything( site, client );
		} );
	}

	for ( const version of versions.slice( -1 ) ) {
		it( `matches users of each blog of a network on PHP ${ version }`, async ( context ) => {
			const { site } = await start( context, version );
			assert.equal( await site.php( join( import.meta.dirname, 'make-network.php' ) ), 'made' );
			assert.equal( await site.php( join( import.meta.dirname, 'add-blog.php' ) ), 'added' );
			const [ first, second ] = [ new WpClient( site.url ), new WpClient( `${ site.url }/two` ) ];
			await first.logIn( PHP_ADMIN.user, PHP_ADMIN.password );
			assert.equal( ( await matchingRun( site, first ) ).state, 'done' );
			// The Playground has /two/wp-admin/, but no /two/wp-login.php.
			await second.logIn( PHP_ADMIN.user, PHP_ADMIN.password, site.url );
			await everything( site, second );
		} );
	}
} );
