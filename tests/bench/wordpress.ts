/** What the plugin costs WordPress on MariaDB: a limited call, a registration and the time to its mail, the Users screen.
 *
 *    node tests/bench/wordpress.ts [users, 1000000] */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../companion/src/dev/paths.ts';
import { ADMIN, startStack, type Stack } from '../../companion/src/dev/stack.ts';
import { WpClient } from '../../companion/src/dev/wp-client.ts';

const print = ( text: string ): boolean => process.stdout.write( `${ text }\n` );

const stack = await startStack( '7.1', 8 );
try {
	cpSync( join( ROOT, 'plugin' ), join( stack.site, 'wp-content/plugins/rollcall' ), { recursive: true } );
	print(
		`${ cpus()[ 0 ]?.model ?? 'processor' } x ${ cpus().length }, WordPress ${ stack.wordpress_version }, MariaDB with a buffer of 64 MiB`
	);
	print( await stack.php( join( import.meta.dirname, 'wordpress.php' ), process.argv[ 2 ] ?? '1000000' ) );
	print( `from the answer to a registration to wp_mail(), ms: ${ ( await timesToMail( stack ) ).join( ', ' ) }` );
} finally {
	await stack.stop();
}

/** Registers users by REST, one after the other; milliseconds until WordPress hands the mail over. */
async function timesToMail( { site, folder, url }: Stack ): Promise< number[] > {
	const log = join( folder, 'mails.log' );
	const config = join( site, 'wp-config.php' );
	writeFileSync( config, readFileSync( config, 'utf8' ).replace( "'DISABLE_WP_CRON', true", "'DISABLE_WP_CRON', false" ) );
	mkdirSync( join( site, 'wp-content/mu-plugins' ), { recursive: true } );
	writeFileSync(
		join( site, 'wp-content/mu-plugins/mails.php' ),
		`<?php add_filter( 'pre_wp_mail', static function ( $answer, $mail ) {
			if ( str_contains( $mail['subject'], 'Company' ) ) { file_put_contents( '${ log }', (string) ( microtime( true ) * 1000 ) ); }
			return true;
		}, 10, 2 );`
	);
	const client = new WpClient( url );
	await client.logIn( ADMIN.user, ADMIN.password );
	const settings = await client.must( 'GET', '/rollcall/v1/settings' );
	await client.must( 'PUT', '/rollcall/v1/settings', { settings: { ...settings, signup_notices: 'immediate' } } );
	const times: number[] = [];
	for ( let number = 0; number < 3; number++ ) {
		const username = `mailed${ number }`;
		const user = { username, email: `${ username }@company${ 4000 + number }.example`, password: 'long enough password' };
		await client.must( 'POST', '/wp/v2/users', user );
		const registered_ms = Date.now();
		while ( ! existsSync( log ) ) {
			if ( Date.now() > registered_ms + 90_000 ) {
				throw new Error( 'No mail in 90 seconds.' );
			}
			await new Promise( ( resolve ) => setTimeout( resolve, 10 ) );
		}
		times.push( Math.round( Number( readFileSync( log, 'utf8' ) ) - registered_ms ) );
		rmSync( log );
		await new Promise( ( resolve ) => setTimeout( resolve, 1000 ) );
	}
	return times;
}
