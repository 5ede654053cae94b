<?php
/**
 * Installs WordPress for the tests, in a process of its own: a plugin loaded after `init` would miss its callbacks.
 * Arguments: folder of WordPress, `site` or `network`.
 */

declare( strict_types = 1 );

$_SERVER += array( 'HTTP_HOST' => 'rollcall.test', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'REQUEST_METHOD' => 'GET', 'REQUEST_URI' => '/', 'PHP_SELF' => '/index.php' );
$_SERVER['HTTP_HOST'] = 'rollcall.test';
define( 'WP_INSTALLING', true );
define( 'WP_SITEURL', 'http://rollcall.test' );

/** Sends no mail. */
function wp_new_blog_notification(): void {
}

require $argv[1] . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

// Pretty permalinks are tried by a request to the site itself, which has no server.
add_filter( 'pre_http_request', static fn () => new WP_Error( 'no_network', 'No request leaves an installation.' ) );

wp_install( 'Rollcall', 'root', 'root@rollcall.test', true, '', 'password' );
update_option( 'permalink_structure', '/%postname%/' );

if ( 'network' === $argv[2] ) {
	define( 'WP_INSTALLING_NETWORK', true );
	foreach ( $wpdb->tables( 'ms_global' ) as $table => $name ) {
		$wpdb->$table = $name;
	}
	install_network();
	$done = populate_network( 1, 'rollcall.test', 'root@rollcall.test', 'Rollcall', '/', false );
	if ( is_wp_error( $done ) && 'no_wildcard_dns' !== $done->get_error_code() ) {
		fwrite( STDERR, $done->get_error_message() . "\n" );
		exit( 1 );
	}
}

// The cast: Ada administers, Ed edits, Vi visits.
foreach ( array( 'ada' => 'administrator', 'ed' => 'editor', 'vi' => 'subscriber' ) as $login => $role ) {
	$wpdb->insert(
		$wpdb->users,
		array(
			'user_login'      => $login,
			'user_nicename'   => $login,
			'display_name'    => ucfirst( $login ),
			'user_pass'       => 'not usable',
			'user_email'      => "$login@rollcall.test",
			'user_registered' => '2026-01-01 00:00:00',
		)
	);
	$wpdb->insert(
		$wpdb->usermeta,
		array(
			'user_id'    => $wpdb->insert_id,
			'meta_key'   => $wpdb->prefix . 'capabilities',
			'meta_value' => serialize( array( $role => true ) ),
		)
	);
}

'network' === $argv[2]
	? $wpdb->insert( $wpdb->sitemeta, array( 'site_id' => 1, 'meta_key' => 'active_sitewide_plugins', 'meta_value' => serialize( array( 'rollcall/rollcall.php' => time() ) ) ) )
	: update_option( 'active_plugins', array( 'rollcall/rollcall.php' ) );
