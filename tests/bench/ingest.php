<?php
/**
 * Measures what storing checks costs. Started by tests/bench/ingest.ts. Prints JSON.
 * Arguments: folder of WordPress, its address, monitors, rows of each in a batch, batches, rows for the size.
 */

declare( strict_types = 1 );

use Rollcall\Clock;
use Rollcall\Database\Checks;
use Rollcall\Database\MonitorReadings;
use Rollcall\Database\Sql;
use Rollcall\Database\Table;
use Rollcall\Tests\MonitorFactory;
use Rollcall\Tests\PairedCompanion;

$_SERVER += array( 'HTTP_HOST' => '127.0.0.1', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'REQUEST_METHOD' => 'GET', 'REQUEST_URI' => '/', 'PHP_SELF' => '/index.php' );
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
activate_plugin( 'rollcall/rollcall.php' );
require dirname( __DIR__ ) . '/plugin/MonitorFactory.php';
require dirname( __DIR__ ) . '/plugin/PairedCompanion.php';
Rollcall\Database\Migrator::ensure();

const ROLLCALL_BENCH_MINUTE_MS = 60_000;
$monitors  = (int) ( $argv[3] ?? 500 );
$each      = (int) ( $argv[4] ?? 33 );
$batches   = (int) ( $argv[5] ?? 7 );
$size_rows = (int) ( $argv[6] ?? 1_000_000 );
$uids      = array();
while ( count( $uids ) < $monitors ) {
	array_push( $uids, ...MonitorFactory::monitors( min( 500, $monitors - count( $uids ) ) ) );
}
$companion = PairedCompanion::pair();
mt_srand( 1 );

/** A check as most are: up, fresh connection, TLS; one of 50 fails. */
function rollcall_bench_row( int $slot_ms ): string {
	return 0 === mt_rand( 0, 49 )
		? "$slot_ms,3,10,,12,,,,,5012,3,0"
		: "$slot_ms,1,1,200," . mt_rand( 1, 30 ) . ',' . mt_rand( 5, 60 ) . ',' . mt_rand( 10, 90 ) . ',' . mt_rand( 40, 400 ) . ',' . mt_rand( 0, 30 ) . ',' . mt_rand( 90, 600 ) . ',1,0';
}

/** Sends a batch by HTTP; seconds and bytes. */
$send = static function ( array $rows ) use ( $companion, $argv ): array {
	$request = $companion->request( PairedCompanion::body( array( 'batch' => PairedCompanion::batch( $rows ), 'cursors' => array( 'domains_after' => 0, 'monitors_revision' => PHP_INT_MAX >> 12, 'beats_after_ms' => 0 ) ) ) );
	$headers = array_map( static fn ( array $values ): string => $values[0], $request->get_headers() );
	$start   = hrtime( true );
	$answer  = wp_remote_post( $argv[2] . '/?rest_route=/rollcall/v1/exchange', array( 'timeout' => 60, 'body' => $request->get_body(), 'headers' => array_combine( array_map( static fn ( string $name ): string => str_replace( '_', '-', $name ), array_keys( $headers ) ), $headers ) ) );
	$seconds = ( hrtime( true ) - $start ) / 1e9;
	$payload = is_wp_error( $answer ) ? $answer->get_error_message() : (string) wp_remote_retrieve_body( $answer );
	if ( is_wp_error( $answer ) || 200 !== wp_remote_retrieve_response_code( $answer ) ) {
		throw new RuntimeException( substr( $payload, 0, 500 ) );
	}
	$accepted = json_decode( json_decode( $payload, true )['payload'], true )['accepted'];
	if ( $accepted['stored'] !== array_sum( array_map( 'count', array_column( $rows['checks'], 'rows' ) ) ) + count( $rows['readings'] ?? array() ) ) {
		throw new RuntimeException( (string) wp_json_encode( $accepted ) );
	}
	return array( $seconds, strlen( $request->get_body() ) );
};

// Batches of a companion that catches up: `each` minutes of every monitor, one batch after the other.
$from_ms = intdiv( Clock::now_ms(), ROLLCALL_BENCH_MINUTE_MS ) * ROLLCALL_BENCH_MINUTE_MS - $each * $batches * ROLLCALL_BENCH_MINUTE_MS;
$rates   = array();
$bytes   = 0;
for ( $batch = 0; $batch < $batches; $batch++ ) {
	$groups = array();
	foreach ( $uids as $uid ) {
		$rows = array();
		for ( $minute = 0; $minute < $each; $minute++ ) {
			$rows[] = rollcall_bench_row( $from_ms + ( $batch * $each + $minute ) * ROLLCALL_BENCH_MINUTE_MS );
		}
		$groups[] = MonitorFactory::checks( $uid, $rows );
	}
	[ $seconds, $bytes ] = $send( array( 'checks' => $groups ) );
	$rates[]             = (int) round( $monitors * $each / $seconds );
}
sort( $rates );
$figures = array(
	'rows_in_a_batch' => $monitors * $each,
	'bytes_of_a_body' => $bytes,
	'rows_a_second'   => array( 'median' => $rates[ intdiv( count( $rates ), 2 ) ], 'least' => $rates[0], 'most' => end( $rates ) ),
);

// Size: as rows arrive, a minute of all monitors after the other, in the order of the key.
Sql::run( 'DELETE FROM {checks}' );
Sql::run( 'OPTIMIZE TABLE {checks}' );
$ids     = array_column( MonitorReadings::known( $uids ), 'monitor_id' );
$minutes = intdiv( $size_rows, $monitors );
for ( $minute = 0; $minute < $minutes; $minute++ ) {
	$rows = array();
	foreach ( $ids as $id ) {
		$rows[ $id ][1] = array( rollcall_bench_row( $from_ms + $minute * ROLLCALL_BENCH_MINUTE_MS ) );
	}
	Checks::insert( $rows );
}
Sql::run( 'ANALYZE TABLE {checks}' );
$data = (int) Sql::value( 'SELECT data_length FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = %s', Table::name( 'checks' ) );
$size = array(
	'rows'           => $minutes * $monitors,
	'minutes'        => $minutes,
	'bytes_of_a_row' => round( $data / max( 1, $minutes * $monitors ), 1 ),
);
echo wp_json_encode( $figures + array( 'size' => $size ), JSON_PRETTY_PRINT ), "\n";
