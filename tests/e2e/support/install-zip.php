<?php
/**
 * Installs the plugin of a zip and switches it on. Arguments: folder of WordPress, the zip.
 */

declare( strict_types = 1 );

$_SERVER += [
	'HTTP_HOST'       => '127.0.0.1',
	'SERVER_PROTOCOL' => 'HTTP/1.1',
	'REQUEST_METHOD'  => 'GET',
	'REQUEST_URI'     => '/',
];
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
WP_Filesystem();
$unpacked = unzip_file( $argv[2], WP_PLUGIN_DIR );
$active   = true === $unpacked ? activate_plugin( 'rollcall/rollcall.php' ) : $unpacked;
if ( is_wp_error( $active ) ) {
	fwrite( STDERR, $active->get_error_message() );
	exit( 1 );
}
