import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUNDLE } from '../../companion/src/dev/build.ts';
import { BIN, ROOT } from '../../companion/src/dev/paths.ts';
import type { PhpSite } from '../../companion/src/dev/php-site.ts';
import { daemon, stop } from '../../companion/src/dev/run.ts';
import { loadList, runMatcher, until } from '../../companion/src/dev/start-run.ts';
import { WpClient } from '../../companion/src/dev/wp-client.ts';

type Row = Record< string, unknown >;

const silent = (): void => undefined;

/** Connects a companion, has it fetch the sample list and runs the matcher; the finished run. */
export async function matchingRun( site: PhpSite, client: WpClient ): Promise< Row > {
	const { code } = await client.must( 'POST', '/rollcall/v1/connection/code', {} );
	const state = join( site.folder, `companion-${ client.url.split( '/' ).at( -1 ) }` );
	const companion = daemon(
		join( BIN, 'node' ),
		[ BUNDLE, 'pair', client.url, String( code ), '--state', state, '--port', '0' ],
		`${ state }.log`
	);
	try {
		await until(
			'Pairing',
			60,
			async () => ( ( await client.must( 'GET', '/rollcall/v1/connection' ) ).state === 'connected' ? true : null ),
			''
		);
		await loadList( client, 'sample:', silent );
		return await runMatcher( client, silent );
	} catch ( error ) {
		throw new Error( `The companion wrote:\n${ readFileSync( `${ state }.log`, 'utf8' ).slice( -3000 ) }`, { cause: error } );
	} finally {
		await stop( companion );
	}
}

/** Every GET route of the matrix, with values that exist where there are some. */
export function getRoutes( run_id: number ): string[] {
	const matrix: Record< string, unknown > = JSON.parse( readFileSync( join( ROOT, 'tests/plugin/Rest/matrix.json' ), 'utf8' ) );
	const values: Record< string, string > = {
		run_id: String( run_id ),
		before_id: String( run_id ),
		after_id: String( run_id ),
		list_uid: 'yc',
		domain: 'gmail.com',
		job_uid: 'a'.repeat( 32 ),
		payload_id: '1',
		source_id: 'sample-1',
	};
	return Object.keys( matrix )
		.filter( ( route ) => route.startsWith( 'GET ' ) )
		.map( ( route ) =>
			route
				.slice( 'GET '.length )
				.replace( /\(\?P<(\w+)>(?:[^()]|\([^)]*\))*\)/g, ( _, name: string ) => values[ name ] ?? '1' )
				.replaceAll( '\\', '' )
				.replace( /\/export$/, '/export?format=csv' )
		);
}

/** Opens the screens of wp-admin on which the plugin shows something; each must come whole. */
export async function openScreens( client: WpClient ): Promise< string[] > {
	const { html } = await client.page( '/wp-admin/admin.php?page=rollcall' );
	const entries = [ ...html.matchAll( /admin\.php\?page=rollcall(?:&#038;|&amp;|&)screen=([a-z]+)/g ) ].map( ( [ , screen ] ) => screen );
	const screens = [ ...new Set( entries ) ].map( ( screen ) => `/wp-admin/admin.php?page=rollcall&screen=${ screen }` );
	const pages = [
		...screens,
		'/wp-admin/admin.php?page=rollcall',
		'/wp-admin/index.php',
		'/wp-admin/plugins.php',
		'/wp-admin/users.php',
		'/wp-admin/site-health.php?tab=debug',
		'/wp-admin/post-new.php?post_type=page',
	];
	for ( const path of pages ) {
		const page = await client.page( path );
		assert.equal( page.status, 200, path );
		assert.ok( page.html.includes( '</html>' ), `${ path } ends early` );
		assert.doesNotMatch( page.html, /critical error|Fatal error/, path );
	}
	return pages;
}

/** Publishes a page with each shortcode and block of the plugin and opens it as a visitor; its HTML. */
export async function openShortcodes( client: WpClient ): Promise< string > {
	const files = globSync( 'plugin/src/Shortcodes/*.php', { cwd: ROOT } ).map( ( file ) => readFileSync( join( ROOT, file ), 'utf8' ) );
	const tags = files.flatMap( ( file ) => /const TAG\s*=\s*'([a-z_]+)'/.exec( file )?.[ 1 ] ?? [] );
	assert.ok( tags.length >= 2, String( tags ) );
	const content = tags.map( ( tag ) => `[rollcall_${ tag }]\n<!-- wp:rollcall/${ tag } /-->` ).join( '\n' );
	const { link } = await client.must( 'POST', '/wp/v2/pages', { title: 'All pieces', status: 'publish', content } );
	const page = await new WpClient( client.url ).page( String( link ).slice( client.url.length ) );
	assert.equal( page.status, 200, String( link ) );
	assert.ok( page.html.includes( '</html>' ) );
	assert.doesNotMatch( page.html, /\[rollcall_/, 'a shortcode is not registered' );
	return page.html;
}
