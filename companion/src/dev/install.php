<?php
/**
 * Installs WordPress. Arguments: its folder, the site's URL, name and password of the administrator.
 */

declare( strict_types = 1 );

[ , $folder, $url, $user, $password ] = $argv;
$_SERVER += [
	'SERVER_PROTOCOL' => 'HTTP/1.1',
	'REQUEST_METHOD'  => 'GET',
	'REQUEST_URI'     => '/',
	'PHP_SELF'        => '/index.php',
];
$_SERVER['HTTP_HOST'] = substr( $url, strlen( 'http://' ) );
define( 'WP_INSTALLING', true );
define( 'WP_SITEURL', $url );

/** Sends no mail. */
function wp_new_blog_notification(): void {
}

require $folder . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

// Pretty permalinks are tried by a request to the site itself, which is not up yet.
add_filter( 'pre_http_request', static fn () => new WP_Error( 'no_network', 'No request leaves an installation.' ) );

wp_install( 'Acme Members', $user, 'owner@acme-members.example', true, '', $password );
update_option( 'siteurl', $url );
update_option( 'home', $url );
update_option( 'permalink_structure', '/%postname%/' );
update_option( 'show_avatars', '0' );
update_option( 'rewrite_rules', '' );
