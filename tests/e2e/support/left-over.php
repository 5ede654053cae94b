<?php
/**
 * Prints tables, options, user meta and cron events of the plugin that are still there, as JSON.
 */

declare( strict_types = 1 );

$_SERVER += [
	'HTTP_HOST'       => '127.0.0.1',
	'SERVER_PROTOCOL' => 'HTTP/1.1',
	'REQUEST_METHOD'  => 'GET',
	'REQUEST_URI'     => '/',
];
require $argv[1] . '/wp-load.php';
$left = [
	...$wpdb->get_col( "SHOW TABLES LIKE '%rollcall%'" ),
	...$wpdb->get_col( "SELECT option_name FROM $wpdb->options WHERE option_name LIKE '%rollcall\\_%'" ),
	...$wpdb->get_col( "SELECT meta_key FROM $wpdb->usermeta WHERE meta_key LIKE '%rollcall\\_%'" ),
	...array_filter( array_keys( array_merge( ...array_values( array_filter( (array) _get_cron_array(), 'is_array' ) ) ) ), static fn ( $hook ) => str_contains( (string) $hook, 'rollcall' ) ),
];
echo wp_json_encode( array_values( $left ) );
