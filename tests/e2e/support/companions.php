<?php
/**
 * Answers what is stored of companions and their checks, as JSON. "silence" makes the judge's last call ten minutes older before;
 * "wake" asks those that stand by to call at once, "wake all" each companion.
 */

declare( strict_types = 1 );

use Rollcall\Clock;
use Rollcall\Companion\Client;
use Rollcall\Companion\KeyRing;

$_SERVER += [
	'HTTP_HOST'       => '127.0.0.1',
	'SERVER_PROTOCOL' => 'HTTP/1.1',
	'REQUEST_METHOD'  => 'GET',
	'REQUEST_URI'     => '/',
];
require $argv[1] . '/wp-load.php';
$tables  = $wpdb->prefix . 'rollcall_';
$command = $argv[2] ?? '';
if ( 'silence' === $command ) {
	$wpdb->query( "UPDATE {$tables}companions SET last_seen_ms = last_seen_ms - 600000 WHERE is_standby = 0" );
}
if ( str_starts_with( $command, 'wake' ) ) {
	// The plugin itself wakes the judge only.
	$send = new ReflectionMethod( Client::class, 'send' );
	foreach ( $wpdb->get_results( "SELECT companion_id, companion_url FROM {$tables}companions WHERE revoked_at_ms IS NULL" . ( 'wake all' === $command ? '' : ' AND is_standby = 1' ), ARRAY_A ) as $companion ) {
		$now_ms = Clock::now_ms();
		$send->invoke( null, 'POST', $companion['companion_url'], '/v1/wake', [ 'wake' => new stdClass() ], KeyRing::keys_to_call( $companion['companion_id'], $now_ms ), $now_ms );
	}
}
echo json_encode(
	[
		'epoch'          => (int) $wpdb->get_var( "SELECT value FROM {$tables}kv WHERE name = 'judge_epoch'" ),
		'judge'          => (string) $wpdb->get_var( "SELECT companion_id FROM {$tables}companions WHERE is_standby = 0 AND revoked_at_ms IS NULL" ),
		'checks'         => array_map( 'intval', array_column( $wpdb->get_results( "SELECT location_id, COUNT(*) AS checks FROM {$tables}checks GROUP BY location_id", ARRAY_A ), 'checks', 'location_id' ) ),
		'changes'        => array_map( 'intval', array_column( $wpdb->get_results( "SELECT judge_epoch, COUNT(*) AS changes FROM {$tables}state_changes GROUP BY judge_epoch", ARRAY_A ), 'changes', 'judge_epoch' ) ),
		'open_incidents' => array_map( 'intval', $wpdb->get_col( "SELECT judge_epoch FROM {$tables}incidents WHERE resolved_at_ms IS NULL" ) ),
	],
	JSON_THROW_ON_ERROR
);
