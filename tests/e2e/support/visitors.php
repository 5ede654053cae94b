<?php
/**
 * Switches the plugin on and plants a list, users and pages for visitors. Arguments: folder of WordPress, and `reset` to
 * let all limits begin anew instead. Prints JSON of the pages' addresses.
 */

declare( strict_types = 1 );

$_SERVER += array(
	'HTTP_HOST'       => '127.0.0.1',
	'SERVER_PROTOCOL' => 'HTTP/1.1',
	'REQUEST_METHOD'  => 'GET',
	'REQUEST_URI'     => '/',
);
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';
if ( ! is_plugin_active( 'rollcall/rollcall.php' ) ) {
	activate_plugin( 'rollcall/rollcall.php' );
}
if ( 'reset' === ( $argv[2] ?? '' ) ) {
	Rollcall\Database\Sql::run( 'DELETE FROM {rate_limits}' );
	return;
}
require dirname( __DIR__, 2 ) . '/plugin/Planted.php';

use Rollcall\Tests\Planted;

Rollcall\Database\Migrator::ensure();
Planted::list();
Rollcall\Database\Sql::run( 'UPDATE {lists} SET title = %s', 'Y Combinator companies' );
$companies = array(
	'1' => array( 'Acme Rockets', 'Summer 2019', 'Reusable rockets for small satellites.', 'acme-rockets.com' ),
	'2' => array( 'Birch Bank', 'Winter 2021', 'Banking for timber yards.', 'birchbank.com' ),
	'3' => array( 'Donaudampfschifffahrtselektrizit' . "\u{E4}" . 'tengesellschaft', '', 'Ein sehr langer Name, damit die Tabelle zeigt, was sie damit macht.', 'donau.example' ),
);
foreach ( $companies as $id => [ $name, $batch, $about, $domain ] ) {
	Planted::company( (string) $id, array( 'name' => $name, 'batch' => $batch, 'batch_sort' => (int) $id, 'one_liner' => $about, 'website_origin' => "https://$domain" ), array( $domain ) );
}
$pages = array();
foreach ( array( 'shortcode' => '[rollcall_matcher]', 'block' => '<!-- wp:rollcall/matcher /-->' ) as $name => $content ) {
	$id             = wp_insert_post( array( 'post_type' => 'page', 'post_status' => 'publish', 'post_title' => "Matcher by $name", 'post_content' => $content ) );
	$pages[ $name ] = get_permalink( $id );
}
foreach ( array( 'ann@acme-rockets.com', 'bob@birchbank.com', 'cy@nobody.example' ) as $place => $email ) {
	wp_insert_user( array( 'user_login' => "planted$place", 'user_email' => $email, 'user_pass' => 'no login', 'role' => 'subscriber' ) );
}
echo json_encode( $pages );
