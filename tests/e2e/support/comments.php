<?php
/**
 * Plants approved comments. Arguments: folder of WordPress, file with a JSON array of addresses.
 */

declare( strict_types = 1 );

$_SERVER += [
	'HTTP_HOST'       => '127.0.0.1',
	'SERVER_PROTOCOL' => 'HTTP/1.1',
	'REQUEST_METHOD'  => 'GET',
	'REQUEST_URI'     => '/',
];
require $argv[1] . '/wp-load.php';
foreach ( json_decode( file_get_contents( $argv[2] ), true ) as $address ) {
	$wpdb->insert(
		$wpdb->comments,
		[
			'comment_post_ID'      => 1,
			'comment_author'       => 'Planted',
			'comment_author_email' => $address,
			'comment_content'      => 'Hello.',
			'comment_approved'     => '1',
			'comment_date'         => '2026-01-01 00:00:00',
			'comment_date_gmt'     => '2026-01-01 00:00:00',
		]
	);
}
