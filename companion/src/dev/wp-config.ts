import { join } from 'node:path';

/** What a WordPress of the tests is configured with. */
export type WpConfig = {
	db: 'sqlite' | 'mariadb';
	/** Folder that holds `wp/` and, with SQLite, `database/`. */
	scratch: string;
	/** MariaDB's socket; empty with SQLite. */
	socket: string;
	/** Whether the database holds a network of blogs. */
	network: boolean;
};

/** Name of the database, of the tables' prefix and of the site in every run. */
export const TEST_SITE = {
	database: 'rollcall_test',
	prefix: 'rctest_',
	domain: 'rollcall.test',
};

/** The text of wp-config.php. No call leaves the machine, and WP-Cron runs only when a test calls it. */
export function wpConfig( { db, scratch, socket, network }: WpConfig ): string {
	const text = ( value: string ): string => `'${ value.replaceAll( '\\', '\\\\' ).replaceAll( "'", "\\'" ) }'`;
	const constants: Record< string, string > = {
		DB_NAME: text( TEST_SITE.database ),
		DB_USER: text( db === 'mariadb' ? 'root' : '' ),
		DB_PASSWORD: text( '' ),
		DB_HOST: text( db === 'mariadb' ? `localhost:${ socket }` : '' ),
		DB_CHARSET: text( 'utf8mb4' ),
		DB_COLLATE: text( '' ),
		...( db === 'sqlite'
			? {
					DB_DIR: text( join( scratch, 'database' ) ),
					DB_FILE: text( 'wordpress.sqlite' ),
				}
			: {} ),
		WP_DEBUG: 'true',
		WP_DEBUG_DISPLAY: 'true',
		WP_DEBUG_LOG: 'false',
		WP_ENVIRONMENT_TYPE: text( 'local' ),
		WP_HTTP_BLOCK_EXTERNAL: 'true',
		WP_ACCESSIBLE_HOSTS: text( '127.0.0.1,localhost' ),
		DISABLE_WP_CRON: 'true',
		...Object.fromEntries(
			[ 'AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE' ].flatMap( ( name ) => [
				[ `${ name }_KEY`, text( `test key ${ name }` ) ],
				[ `${ name }_SALT`, text( `test salt ${ name }` ) ],
			] )
		),
		...( network
			? {
					WP_ALLOW_MULTISITE: 'true',
					MULTISITE: 'true',
					SUBDOMAIN_INSTALL: 'false',
					DOMAIN_CURRENT_SITE: text( TEST_SITE.domain ),
					PATH_CURRENT_SITE: text( '/' ),
					SITE_ID_CURRENT_SITE: '1',
					BLOG_ID_CURRENT_SITE: '1',
				}
			: {} ),
	};
	const lines = Object.entries( constants ).map( ( [ name, value ] ) => `define( '${ name }', ${ value } );` );
	return `<?php
${ lines.join( '\n' ) }
$table_prefix = '${ TEST_SITE.prefix }';
if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', __DIR__ . '/' );
}
require_once ABSPATH . 'wp-settings.php';
`;
}
