<?php
/**
 * Plants users. Arguments: folder of WordPress, file with a JSON array of addresses.
 */

declare( strict_types = 1 );

$_SERVER += [
	'HTTP_HOST'       => '127.0.0.1',
	'SERVER_PROTOCOL' => 'HTTP/1.1',
	'REQUEST_METHOD'  => 'GET',
	'REQUEST_URI'     => '/',
];
require $argv[1] . '/wp-load.php';
$wpdb->query( 'START TRANSACTION' );
foreach ( json_decode( file_get_contents( $argv[2] ), true ) as $number => $address ) {
	$login = 'u' . substr( md5( $address ), 0, 20 );
	$wpdb->insert(
		$wpdb->users,
		[
			'user_login'      => $login,
			'user_nicename'   => $login,
			'display_name'    => "Planted $number",
			'user_pass'       => 'no login',
			'user_email'      => $address,
			'user_registered' => '2026-01-01 00:00:00',
		]
	);
	$wpdb->insert(
		$wpdb->usermeta,
		[
			'user_id'    => $wpdb->insert_id,
			'meta_key'   => $wpdb->prefix . 'capabilities',
			'meta_value' => serialize( [ 'subscriber' => true ] ),
		]
	);
}
$wpdb->query( 'COMMIT' );
