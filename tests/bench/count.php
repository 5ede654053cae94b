<?php
/**
 * Counts a million made-up users as a run does, and reads the report. Started by tests/bench/count.ts with a site of its own.
 * Prints JSON. Argument: number of users.
 */

declare( strict_types = 1 );

use Rollcall\Database\Domains;
use Rollcall\Database\Runs;
use Rollcall\Database\Sql;
use Rollcall\Database\Table;
use Rollcall\Matching\Report;
use Rollcall\Matching\RunProgress;

$_SERVER += array( 'HTTP_HOST' => 'rollcall.test', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'REQUEST_METHOD' => 'GET', 'REQUEST_URI' => '/', 'PHP_SELF' => '/index.php' );
require getenv( 'ROLLCALL_TEST_SITE' ) . '/wp-load.php';
Rollcall\Plugin::activate();

$users = (int) ( $argv[1] ?? 1_000_000 );
$db    = Table::db();

/** Half of the people are at ten mail providers, the others at 40,000 domains; one of 500 addresses is broken. */
mt_srand( 7 );
for ( $first = 1000; $first < 1000 + $users; $first += 5000 ) {
	$rows = array();
	for ( $id = $first; $id < min( 1000 + $users, $first + 5000 ); $id++ ) {
		$host   = 0 === mt_rand( 0, 1 ) ? 'mail' . mt_rand( 0, 9 ) . '.example' : 'company' . (int) ( 40_000 * ( mt_rand() / mt_getrandmax() ) ** 3 ) . '.example';
		$email  = 0 === $id % 500 ? "user$id" : "user$id@$host";
		$rows[] = "($id,'user$id','user$id','User','','$email','2026-01-01 00:00:00')";
	}
	$db->query( "INSERT INTO {$db->users} (ID, user_login, user_nicename, display_name, user_pass, user_email, user_registered) VALUES " . implode( ',', $rows ) );
}
$db->query( "ANALYZE TABLE {$db->users}" );

/** Seconds of the processor that this process took, user and system. */
function rollcall_bench_cpu(): float {
	$usage = getrusage();
	return $usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec'] + ( $usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec'] ) / 1e6;
}

/** Seconds of the processor that the database took. */
function rollcall_bench_db_cpu(): float {
	$pid  = trim( (string) @file_get_contents( dirname( (string) getenv( 'ROLLCALL_TEST_SITE' ) ) . '/db.pid' ) );
	$stat = '' === $pid ? '' : (string) file_get_contents( "/proc/$pid/stat" );
	$parts = explode( ' ', (string) substr( $stat, (int) strrpos( $stat, ')' ) + 2 ) );
	return ( (int) ( $parts[11] ?? 0 ) + (int) ( $parts[12] ?? 0 ) ) / 100;
}

/**
 * @param callable(): mixed $work
 * @return array{wall_s: float, cpu_s: float, peak_mib: float}
 */
function rollcall_bench_timed( callable $work ): array {
	rollcall_bench_reset();
	$wall = hrtime( true );
	$cpu  = rollcall_bench_cpu();
	$db   = rollcall_bench_db_cpu();
	$work();
	return array(
		'wall_s'   => round( ( hrtime( true ) - $wall ) / 1e9, 2 ),
		'cpu_s'    => round( rollcall_bench_cpu() - $cpu, 2 ),
		'db_cpu_s' => round( rollcall_bench_db_cpu() - $db, 2 ),
		'peak_mib' => round( memory_get_peak_usage( true ) / 1048576, 1 ),
	);
}

function rollcall_bench_reset(): void {
	if ( function_exists( 'memory_reset_peak_usage' ) ) {
		memory_reset_peak_usage();
	}
}

/** A run's counting, step by step as requests take them. */
function rollcall_bench_count(): void {
	$run_id = RunProgress::start( 1, true, Rollcall\Clock::now_ms() );
	while ( 'counting' === ( Runs::find( $run_id )['state'] ?? '' ) ) {
		RunProgress::advance( Rollcall\Clock::now_ms() );
	}
	RunProgress::cancel( $run_id, Rollcall\Clock::now_ms() );
}

/** Pages of 10,000 by their ids, cut and counted in PHP, nothing stored: what reading alone costs. */
function rollcall_bench_read(): void {
	$after = 0;
	$hosts = array();
	do {
		$addresses = Rollcall\Database\UserDomains::addresses( Rollcall\Users\EmailDomain::COLUMN, $after, 10_000 );
		foreach ( $addresses as $address ) {
			$host           = Rollcall\Users\EmailDomain::cut( $address )['host'] ?? '';
			$hosts[ $host ] = ( $hosts[ $host ] ?? 0 ) + 1;
		}
		$after = array_key_last( $addresses );
	} while ( 10_000 === count( $addresses ) );
}

$figures = array(
	'users'        => $users,
	'read_and_cut' => rollcall_bench_timed( 'rollcall_bench_read' ),
	'first_count'  => rollcall_bench_timed( 'rollcall_bench_count' ),
	'second_count' => rollcall_bench_timed( 'rollcall_bench_count' ),
	'rows'         => (int) Sql::value( 'SELECT COUNT(*) FROM {user_domains}' ),
	'domains'      => (int) Sql::value( 'SELECT COUNT(*) FROM {domains}' ),
);
Sql::run( 'UPDATE {domains} SET label = 12, registrable = host, data_version = 1' );
Sql::rows( 'ANALYZE TABLE {domains}, {user_domains}' );
$page                    = array( 'orderby' => 'user_count', 'order' => 'desc', 'limit' => 20, 'offset' => 0 );
$figures['report']       = rollcall_bench_timed( static fn () => Report::summary( Rollcall\Clock::now_ms() ) );
$figures['report_page']  = rollcall_bench_timed( static fn () => Rollcall\Database\ReportDomains::page( array( 'search' => '', 'label' => array(), 'ambiguous' => null ), $page ) );
$figures['preview_page'] = rollcall_bench_timed( static fn () => Domains::stale_hosts( 2, 0, 200 ) );
$figures['freeze']       = rollcall_bench_timed(
	static function (): void {
		$run_id = RunProgress::start( 1, true, Rollcall\Clock::now_ms() );
		while ( 'counting' === ( Runs::find( $run_id )['state'] ?? '' ) ) {
			RunProgress::advance( Rollcall\Clock::now_ms() );
		}
		Rollcall\Database\Transaction::run( static fn () => Rollcall\Database\RunFigures::freeze( Runs::find( $run_id ) ?? throw new LogicException() ) );
		RunProgress::cancel( $run_id, Rollcall\Clock::now_ms() );
	}
);
echo json_encode( $figures ) . "\n";
