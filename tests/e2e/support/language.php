<?php
/**
 * Sets the language of the site. Arguments: folder of WordPress, locale.
 */

declare( strict_types = 1 );

$_SERVER += [
	'HTTP_HOST'       => '127.0.0.1',
	'SERVER_PROTOCOL' => 'HTTP/1.1',
	'REQUEST_METHOD'  => 'GET',
	'REQUEST_URI'     => '/',
];
require $argv[1] . '/wp-load.php';
update_option( 'WPLANG', $argv[2] );
