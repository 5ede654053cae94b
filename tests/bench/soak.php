<?php
/**
 * What is stored of a soak. Arguments: folder of WordPress; `activate`; or `figures`, the interval in ms and the end in ms.
 *
 * A slot that is planned and not there is lost, one that is there beside the plan is doubled: of each monitor the slots up to
 * the end must be one interval apart.
 */

declare( strict_types = 1 );

$_SERVER += array(
	'HTTP_HOST'       => '127.0.0.1',
	'SERVER_PROTOCOL' => 'HTTP/1.1',
	'REQUEST_METHOD'  => 'GET',
	'REQUEST_URI'     => '/',
);
require $argv[1] . '/wp-load.php';

if ( 'activate' === $argv[2] ) {
	require_once ABSPATH . 'wp-admin/includes/admin.php';
	$active = activate_plugin( 'rollcall/rollcall.php' );
	if ( is_wp_error( $active ) ) {
		fwrite( STDERR, $active->get_error_message() );
		exit( 1 );
	}
	exit( 0 );
}

$interval_ms = (int) $argv[3];
$end_ms      = (int) $argv[4];
$table       = static fn ( string $name ): string => $wpdb->prefix . 'rollcall_' . $name;
$one         = static fn ( string $sql ): int => (int) $wpdb->get_var( $sql );
$figures     = array(
	'monitors'    => $one( "SELECT COUNT(*) FROM {$table('monitors')}" ),
	'expected'    => 0,
	'stored'      => 0,
	'lost'        => 0,
	'doubled'     => 0,
	'missed'      => 0,
	'unknown'     => array(),
	'false_downs' => 0,
	'silent'      => 0,
);
foreach ( $wpdb->get_col( "SELECT monitor_id FROM {$table('monitors')}" ) as $monitor_id ) {
	$rows = $wpdb->get_results( "SELECT slot_ms, state, error_code FROM {$table('checks')} WHERE monitor_id = $monitor_id AND slot_ms < $end_ms ORDER BY slot_ms", ARRAY_A );
	if ( array() === $rows ) {
		++$figures['silent'];
		continue;
	}
	// A new monitor is asked at once, beside its plan.
	$is_at_once           = count( $rows ) > 1 && 0 !== ( (int) $rows[1]['slot_ms'] - (int) $rows[0]['slot_ms'] ) % $interval_ms;
	$first_ms             = (int) $rows[ (int) $is_at_once ]['slot_ms'];
	$expected             = (int) $is_at_once + intdiv( $end_ms - 1 - $first_ms, $interval_ms ) + 1;
	$planned              = array_filter( $rows, static fn ( array $row, int $at ): bool => ( $is_at_once && 0 === $at ) || 0 === ( (int) $row['slot_ms'] - $first_ms ) % $interval_ms, ARRAY_FILTER_USE_BOTH );
	$figures['expected'] += $expected;
	$figures['stored']   += count( $rows );
	$figures['doubled']  += count( $rows ) - count( $planned );
	$figures['lost']     += $expected - count( $planned );
	if ( count( $rows ) !== count( $planned ) ) {
		$figures['beside'] ??= array_map( static fn ( array $row ): string => ( (int) $row['slot_ms'] - $first_ms ) . ":{$row['state']}:{$row['error_code']}", $rows );
	}
	foreach ( $rows as $row ) {
		if ( '3' === $row['state'] ) {
			++$figures['false_downs'];
		} elseif ( '43' === $row['error_code'] ) {
			++$figures['missed'];
		} elseif ( '1' !== $row['state'] ) {
			$figures['unknown'][ $row['error_code'] ] = ( $figures['unknown'][ $row['error_code'] ] ?? 0 ) + 1;
		}
	}
}
$figures['false_downs'] += $one( "SELECT COUNT(*) FROM {$table('state_changes')} WHERE state = 3" );
$figures['false_downs'] += $one( "SELECT COUNT(*) FROM {$table('incidents')}" );
$figures['down_ms']      = $one( "SELECT COALESCE( SUM( down_ms ), 0 ) FROM {$table('uptime_hourly')}" );
$figures['changes']      = $one( "SELECT COUNT(*) FROM {$table('state_changes')}" );
$figures['in_caches']    = $one( "SELECT COALESCE( SUM( check_count ), 0 ) FROM {$table('uptime_hourly')}" );
$figures['in_checks']    = $one( "SELECT COUNT(*) FROM {$table('checks')}" );
$figures['batches']      = $one( "SELECT COUNT(*) FROM {$table('batches')}" );
$figures['known_until']  = $one( "SELECT COALESCE( MIN( known_until_ms ), 0 ) FROM {$table('monitors')}" );
echo json_encode( $figures );
