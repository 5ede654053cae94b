<?php
/**
 * Makes the pairing and the last call ten minutes older than it is.
 */

declare( strict_types = 1 );

$_SERVER += [
	'HTTP_HOST'       => '127.0.0.1',
	'SERVER_PROTOCOL' => 'HTTP/1.1',
	'REQUEST_METHOD'  => 'GET',
	'REQUEST_URI'     => '/',
];
require $argv[1] . '/wp-load.php';
$wpdb->query( "UPDATE {$wpdb->prefix}rollcall_companions SET paired_at_ms = paired_at_ms - 600000, last_seen_ms = last_seen_ms - 600000, next_expected_ms = next_expected_ms - 600000" );
