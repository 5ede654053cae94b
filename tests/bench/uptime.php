<?php
/**
 * Measures what the status page, one monitor and a recomputed hour cost the database beside 90 days of checks. Started by
 * tests/bench/uptime.ts with a site of its own. Prints JSON. Arguments: rows of checks, runs.
 */

declare( strict_types = 1 );

use Rollcall\Database\Companions;
use Rollcall\Database\Sql;
use Rollcall\Database\Table;
use Rollcall\Database\Transaction;
use Rollcall\Database\UptimeCache;
use Rollcall\Database\UptimeSums;
use Rollcall\Shortcodes\Status;
use Rollcall\Status\Snapshot;

define( 'SAVEQUERIES', true );
$_SERVER += array( 'HTTP_HOST' => 'rollcall.test', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'REQUEST_METHOD' => 'GET', 'REQUEST_URI' => '/', 'PHP_SELF' => '/index.php' );
require getenv( 'ROLLCALL_TEST_SITE' ) . '/wp-load.php';
Rollcall\Plugin::activate();

const ROLLCALL_BENCH_MONITORS = 1000;
const ROLLCALL_BENCH_DAYS     = 90;
$rows   = (int) ( $argv[1] ?? 10_000_000 );
$runs   = (int) ( $argv[2] ?? 9 );
$now_ms = Rollcall\Clock::now_ms();
$from   = intdiv( $now_ms, 86_400_000 ) * 86_400_000 - ( ROLLCALL_BENCH_DAYS - 1 ) * 86_400_000;
$each   = intdiv( $rows, ROLLCALL_BENCH_MONITORS );
$step   = intdiv( $now_ms - 100_000 - $from, $each );
$made   = hrtime( true );

/** Milliseconds that the threads of the server have been on a processor; other programs of the machine do not change it. */
function rollcall_bench_server_cpu_ms(): float {
	static $folder = null;
	$folder ??= '/proc/' . trim( (string) file_get_contents( (string) Sql::value( 'SELECT @@pid_file' ) ) ) . '/task';
	$nanoseconds = 0;
	foreach ( (array) glob( "$folder/*/schedstat" ) as $file ) {
		$nanoseconds += (int) @file_get_contents( (string) $file ); // phpcs:ignore WordPress.PHP.NoSilencedErrors -- A thread may have ended.
	}
	return $nanoseconds / 1e6;
}

/**
 * Milliseconds that the database took for the work, least and middle of the runs, least on the processor, and its statements.
 *
 * @return array{min_ms: float, median_ms: float, min_cpu_ms: float, statements: int}
 */
function rollcall_bench_database( int $runs, callable $work, ?callable $before = null ): array {
	$times = array();
	$cpu   = array();
	for ( $run = 0; $run < $runs; $run++ ) {
		if ( null !== $before ) {
			$before();
		}
		Table::db()->queries = array();
		$cpu_ms              = rollcall_bench_server_cpu_ms();
		$work();
		$cpu[]   = rollcall_bench_server_cpu_ms() - $cpu_ms;
		$times[] = 1000 * array_sum( array_column( Table::db()->queries, 1 ) );
	}
	sort( $times );
	return array( 'min_ms' => round( $times[0], 2 ), 'median_ms' => round( $times[ intdiv( $runs, 2 ) ], 2 ), 'min_cpu_ms' => round( min( $cpu ), 2 ), 'statements' => count( Table::db()->queries ) );
}

Sql::run(
	"INSERT INTO {monitors} (monitor_uid, revision, url, name, active, type, interval_seconds, options, is_public, created_at_ms, state, state_since_ms, known_until_ms, last_slot_ms, last_state, last_status_code, last_response_time_ms, last_error_code, last_error_message)
	SELECT MD5(seq), seq, CONCAT('https://site', seq, '.example/a/usual/path?of=some&length=', seq), CONCAT('Site ', seq), 1, 1, 60, '{\"method\":\"GET\",\"headers\":[],\"body\":\"\",\"assertions\":[\"[STATUS] < 400\"],\"timeout_ms\":10000,\"grace_seconds\":0}', 1, $from, IF(seq % 50 = 0, 3, 1), $from, $now_ms - 30000, $now_ms - 30000, 1, 200, 100 + seq % 900, 1, ''
	FROM seq_1_to_" . ROLLCALL_BENCH_MONITORS
);
for ( $monitor = 1; $monitor <= ROLLCALL_BENCH_MONITORS; $monitor += 50 ) {
	Sql::run(
		"INSERT INTO {checks} (monitor_id, location_id, slot_ms, state, error_code, status_code, dns_ms, connect_ms, tls_ms, first_byte_ms, transfer_ms, total_ms, attempts, warnings)
		SELECT m.seq, 1, $from + $step * s.seq + m.seq * 37, IF(s.seq % 500 = 0, 3, 1), IF(s.seq % 500 = 0, 2, 1), IF(s.seq % 500 = 0, 503, 200), 1 + s.seq % 9, 20 + s.seq % 31, 30 + s.seq % 29, 90 + s.seq % 307, 2 + s.seq % 7, 143 + (s.seq * 7919) % 383, 1, 0
		FROM seq_{$monitor}_to_" . ( $monitor + 49 ) . ' m CROSS JOIN seq_1_to_' . $each . ' s ORDER BY m.seq, s.seq'
	);
}
foreach ( array( 'hourly' => 3_600_000, 'daily' => 86_400_000 ) as $table => $length ) {
	// The hour of now is there; the day of now has no row of its own yet.
	$buckets = intdiv( $now_ms - $from, $length ) - ( 'daily' === $table ? 1 : 0 );
	$pairs   = 'hourly' === $table ? 14 : 60;
	$text    = implode( ", ',', ", array_map( static fn ( int $n ): string => "80 + $n * 5 + (m.seq + s.seq) % 5, ':', 1 + (m.seq + s.seq) % 9", range( 1, $pairs ) ) );
	Sql::run(
		"INSERT INTO {uptime_$table} (monitor_id, bucket_ms, up_ms, degraded_ms, down_ms, unknown_ms, maintenance_ms, check_count, failed_count, histogram)
		SELECT m.seq, $from + $length * s.seq, $length - IF(s.seq % 97 = 0, 60000, 0), 0, IF(s.seq % 97 = 0, 60000, 0), 0, 0, 60, IF(s.seq % 97 = 0, 1, 0), CONCAT($text)
		FROM seq_1_to_" . ROLLCALL_BENCH_MONITORS . " m CROSS JOIN seq_0_to_$buckets s ORDER BY m.seq, s.seq"
	);
}
Sql::run( "INSERT INTO {state_changes} SELECT m.seq, 1, s.seq, $from + (s.seq - 1) * 3888000000 / 10, 1, IF(s.seq % 2 = 0, 3, 1), IF(s.seq % 2 = 0, 2, 1), '' FROM seq_1_to_" . ROLLCALL_BENCH_MONITORS . ' m CROSS JOIN seq_1_to_20 s' );
foreach ( array( 'monitors', 'checks', 'uptime_hourly', 'uptime_daily', 'state_changes' ) as $table ) {
	Sql::rows( "ANALYZE TABLE {{$table}}" );
}
Companions::pair( 'abcdefabcdefabcd', 'abcdefabcdefabcd-1', ROLLCALL_VERSION, 1, null, $now_ms );
Companions::update( 'abcdefabcdefabcd', array( 'last_seen_ms' => $now_ms, 'next_expected_ms' => $now_ms + 60_000 ) );
$figures = array( 'made_s' => round( ( hrtime( true ) - $made ) / 1e9 ) );

foreach ( array( 'checks', 'uptime_hourly', 'uptime_daily', 'state_changes' ) as $table ) {
	$size                                = Sql::row( 'SELECT DATA_LENGTH + INDEX_LENGTH AS bytes FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = %s', Table::name( $table ) );
	$count                               = (int) Sql::value( "SELECT COUNT(*) FROM {{$table}}" );
	$figures['tables'][ $table ]         = array( 'rows' => $count, 'bytes_per_row' => round( (int) ( $size['bytes'] ?? 0 ) / max( 1, $count ), 1 ) );
}

$forget  = static fn( string $part ): callable => static fn() => Sql::run( 'DELETE FROM {kv} WHERE name LIKE %s', "public_uptime/$part" );
$page    = static fn() => Snapshot::read( $now_ms );
$page();
$naive   = 'SELECT monitor_id, AVG(state <= 2) AS share, AVG(total_ms) AS mean_ms FROM {checks} WHERE slot_ms >= %d';
$month   = $now_ms - 30 * 86_400_000;
$touched = static fn( int $count ): array => array_fill( 1, $count, array( $now_ms - 1, $now_ms - 1 ) );
$known   = array_fill( 1, ROLLCALL_BENCH_MONITORS, $now_ms );
$figures['database'] = array(
	'status page, nothing made anew'                      => rollcall_bench_database( $runs, $page ),
	'status page, the last 24 h made anew'                => rollcall_bench_database( $runs, $page, $forget( 'recent' ) ),
	'status page, the 29 days before made anew'           => rollcall_bench_database( $runs, $page, $forget( 'past_days' ) ),
	'status page, 95th percentile made anew'              => rollcall_bench_database( $runs, $page, $forget( 'p95_ms' ) ),
	'status page, the first: all made anew'               => rollcall_bench_database( $runs, $page, $forget( '%' ) ),
	'uptime of one monitor, 24 h and 30 d'                => rollcall_bench_database( $runs, static fn() => UptimeSums::of( array( 500 ), $now_ms ) ),
	'one hour of one monitor worked out anew'             => rollcall_bench_database( $runs, static fn() => Transaction::run( static fn() => UptimeCache::recompute( $touched( 1 ), $known, $now_ms ) ) ),
	'one hour of 1,000 monitors worked out anew'          => rollcall_bench_database( $runs, static fn() => Transaction::run( static fn() => UptimeCache::recompute( $touched( ROLLCALL_BENCH_MONITORS ), $known, $now_ms ) ) ),
	'naive: 30 days of 1,000 monitors from the checks'    => rollcall_bench_database( min( 3, $runs ), static fn() => Sql::rows( "$naive GROUP BY monitor_id", $month ) ),
	'naive: 30 days of one monitor from the checks'       => rollcall_bench_database( $runs, static fn() => Sql::rows( "$naive AND monitor_id = 500", $month ) ),
);
$times = array();
for ( $run = 0; $run < $runs; $run++ ) {
	$start   = hrtime( true );
	$html    = Status::render( array() );
	$times[] = ( hrtime( true ) - $start ) / 1e6;
}
sort( $times );
$figures['page'] = array( 'median_ms' => round( $times[ intdiv( $runs, 2 ) ], 1 ), 'html_bytes' => strlen( $html ), 'gzip_bytes' => strlen( (string) gzencode( $html ) ), 'style_gzip_bytes' => strlen( (string) gzencode( (string) file_get_contents( dirname( ROLLCALL_FILE ) . '/templates/status.css' ) ) ) );
echo json_encode( $figures, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES ), "\n";
