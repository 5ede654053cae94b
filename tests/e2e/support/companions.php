<?php
/**
 * Makes the judge's last call ten minutes older when told "silence"; answers what is stored of companions and their checks, as JSON.
 */

declare( strict_types = 1 );

$_SERVER += [
	'HTTP_HOST'       => '127.0.0.1',
	'SERVER_PROTOCOL' => 'HTTP/1.1',
	'REQUEST_METHOD'  => 'GET',
	'REQUEST_URI'     => '/',
];
require $argv[1] . '/wp-load.php';
$tables = $wpdb->prefix . 'rollcall_';
if ( 'silence' === ( $argv[2] ?? '' ) ) {
	$wpdb->query( "UPDATE {$tables}companions SET last_seen_ms = last_seen_ms - 600000 WHERE is_standby = 0" );
}
echo json_encode(
	[
		'epoch'         => (int) $wpdb->get_var( "SELECT value FROM {$tables}kv WHERE name = 'judge_epoch'" ),
		'judge'         => (string) $wpdb->get_var( "SELECT companion_id FROM {$tables}companions WHERE is_standby = 0 AND revoked_at_ms IS NULL" ),
		'checks'        => array_map( 'intval', array_column( $wpdb->get_results( "SELECT location_id, COUNT(*) AS checks FROM {$tables}checks GROUP BY location_id", ARRAY_A ), 'checks', 'location_id' ) ),
		'changes'       => array_map( 'intval', array_column( $wpdb->get_results( "SELECT judge_epoch, COUNT(*) AS changes FROM {$tables}state_changes GROUP BY judge_epoch", ARRAY_A ), 'changes', 'judge_epoch' ) ),
		'open_incidents' => (int) $wpdb->get_var( "SELECT COUNT(*) FROM {$tables}incidents WHERE resolved_at_ms IS NULL" ),
	],
	JSON_FORCE_OBJECT | JSON_THROW_ON_ERROR
);
