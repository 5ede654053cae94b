<?php
/**
 * Adds the users of `npm start`, written with plain statements: wp_insert_user takes 65 ms a user for its hash.
 * Users whose address is there already are left as they are.
 */

declare( strict_types = 1 );

require_once '/wordpress/wp-load.php';

/** @var list<array{name: string, email: string}> $rollcall_users */
$rollcall_users = json_decode( (string) file_get_contents( '/rollcall-start/users.json' ), true );
$rollcall_there = array_flip( $wpdb->get_col( "SELECT LOWER(user_email) FROM $wpdb->users" ) );
$wpdb->query( 'START TRANSACTION' );
foreach ( $rollcall_users as $rollcall_number => $rollcall_user ) {
	if ( isset( $rollcall_there[ strtolower( $rollcall_user['email'] ) ] ) ) {
		continue;
	}
	$rollcall_login = 'user-' . substr( md5( $rollcall_user['email'] ), 0, 12 );
	$wpdb->insert(
		$wpdb->users,
		[
			'user_login'      => $rollcall_login,
			'user_nicename'   => $rollcall_login,
			'display_name'    => mb_substr( $rollcall_user['name'], 0, 250 ),
			'user_pass'       => 'no login',
			'user_email'      => mb_substr( $rollcall_user['email'], 0, 100 ),
			'user_registered' => gmdate( 'Y-m-d H:i:s', time() - 3600 * $rollcall_number ),
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
update_option( 'blogname', 'Rollcall demo' );
update_option( 'show_avatars', '0' );
