<?php
/**
 * Adds a second blog to the network, with all users of the first one, and switches the plugin on for all.
 */

declare( strict_types = 1 );

require_once __DIR__ . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

$rollcall_done = activate_plugin( 'rollcall/rollcall.php', '', true );
$rollcall_blog = wpmu_create_blog( get_network()->domain, '/two/', 'Two', 1 );
foreach ( array( $rollcall_done, $rollcall_blog ) as $rollcall_result ) {
	if ( is_wp_error( $rollcall_result ) ) {
		exit( $rollcall_result->get_error_message() );
	}
}
$wpdb->query(
	$wpdb->prepare(
		"INSERT INTO {$wpdb->usermeta} (user_id, meta_key, meta_value)
			SELECT user_id, %s, meta_value FROM {$wpdb->usermeta} WHERE meta_key = %s AND user_id > 1",
		$wpdb->get_blog_prefix( (int) $rollcall_blog ) . 'capabilities',
		$wpdb->get_blog_prefix( 1 ) . 'capabilities'
	)
);
echo 'added';
