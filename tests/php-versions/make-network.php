<?php
/**
 * Makes a network of the installed site; afterwards wp-config.php says so.
 */

declare( strict_types = 1 );

define( 'WP_INSTALLING_NETWORK', true );
require_once __DIR__ . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

foreach ( $wpdb->tables( 'ms_global' ) as $rollcall_table => $rollcall_name ) {
	$wpdb->$rollcall_table = $rollcall_name;
}
$rollcall_host = (string) wp_parse_url( home_url(), PHP_URL_HOST ) . ':' . (string) wp_parse_url( home_url(), PHP_URL_PORT );
update_option( 'siteurl', "http://$rollcall_host" );
update_option( 'home', "http://$rollcall_host" );
install_network();
$rollcall_done = populate_network( 1, $rollcall_host, 'owner@acme-members.example', 'Acme', '/', false );
if ( is_wp_error( $rollcall_done ) && 'no_wildcard_dns' !== $rollcall_done->get_error_code() ) {
	exit( $rollcall_done->get_error_message() );
}
$rollcall_constants = "define( 'MULTISITE', true );
define( 'SUBDOMAIN_INSTALL', false );
define( 'DOMAIN_CURRENT_SITE', '$rollcall_host' );
define( 'PATH_CURRENT_SITE', '/' );
define( 'SITE_ID_CURRENT_SITE', 1 );
define( 'BLOG_ID_CURRENT_SITE', 1 );
";
$rollcall_config    = (string) file_get_contents( ABSPATH . 'wp-config.php' );
file_put_contents( ABSPATH . 'wp-config.php', preg_replace( '/^<\?php/', "<?php\n$rollcall_constants", $rollcall_config, 1 ) );
echo 'made';
