<?php
/**
 * Measures what the plugin costs a site of its own: limits, registrations, the Users screen. Started by tests/bench/wordpress.ts.
 * Prints JSON. Arguments: folder of WordPress, number of users.
 */

declare( strict_types = 1 );

use Rollcall\Database\RateLimits;
use Rollcall\Database\Sql;
use Rollcall\Database\Table;
use Rollcall\Tests\Planted;
use Rollcall\Users\UsersScreen;

$_SERVER += array( 'HTTP_HOST' => '127.0.0.1', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'REQUEST_METHOD' => 'GET', 'REQUEST_URI' => '/', 'PHP_SELF' => '/index.php' );
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
activate_plugin( 'rollcall/rollcall.php' );
require dirname( __DIR__ ) . '/plugin/Planted.php';
Rollcall\Database\Migrator::ensure();
Planted::list();
for ( $company = 1; $company <= 5000; $company++ ) {
	Planted::company( (string) $company, array( 'batch' => 'Batch ' . $company % 40, 'batch_sort' => $company % 40 ), array( "company$company.example" ) );
}
wp_set_current_user( 1 );
$users = (int) ( $argv[2] ?? 1_000_000 );

/**
 * Median and 95th percentile in milliseconds.
 *
 * @param list<float> $times
 * @return array{median_ms: float, p95_ms: float, n: int}
 */
function rollcall_bench_figures( array $times ): array {
	sort( $times );
	return array( 'median_ms' => round( $times[ intdiv( count( $times ), 2 ) ], 3 ), 'p95_ms' => round( $times[ (int) ( count( $times ) * 0.95 ) ], 3 ), 'n' => count( $times ) );
}

/** Milliseconds that the work took. */
function rollcall_bench_ms( callable $work ): float {
	$start = hrtime( true );
	$work();
	return ( hrtime( true ) - $start ) / 1e6;
}

$figures = array();

// Limits: a call that passes, and one that is refused.
$now_ms = (int) ( microtime( true ) * 1000 );
foreach ( array( 'limiter_passes' => 1_000_000, 'limiter_refuses' => 1 ) as $name => $limit ) {
	$hash  = hash( 'sha256', $name );
	$times = array();
	for ( $call = 0; $call < 2000; $call++ ) {
		$times[] = rollcall_bench_ms( static fn () => RateLimits::take( $hash, $limit, 3_600_000, $now_ms ) );
	}
	$figures[ $name ] = rollcall_bench_figures( $times );
}

// Registrations: with the plugin's hooks and without them, in turns.
$hooks = $GLOBALS['wp_filter']['user_register'];
$times = array();
for ( $number = 0; $number < 900; $number++ ) {
	$kind                                 = array( 'without', 'unlisted', 'listed' )[ $number % 3 ];
	$GLOBALS['wp_filter']['user_register'] = 'without' === $kind ? new WP_Hook() : $hooks;
	$host                                 = 'listed' === $kind ? 'company' . ( 1 + $number ) . '.example' : "nobody$number.example";
	$user                                 = array( 'user_login' => "bench$number", 'user_email' => "u@$host", 'user_pass' => 'x', 'role' => 'subscriber' );
	add_filter( 'wp_hash_password_algorithm', static fn () => PASSWORD_BCRYPT );
	add_filter( 'wp_hash_password_options', static fn () => array( 'cost' => 4 ) );
	$times[ $kind ][] = rollcall_bench_ms( static fn () => wp_insert_user( $user ) );
}
$GLOBALS['wp_filter']['user_register'] = $hooks;
foreach ( $times as $kind => $taken ) {
	$figures[ "register_$kind" ] = rollcall_bench_figures( $taken );
}

// The Users screen: 3 of 100 users are at 5,000 listed companies, half of the others at ten mail providers.
$db = Table::db();
$db->query( "INSERT INTO {$db->users} (ID, user_login, user_nicename, display_name, user_pass, user_email, user_registered)
	SELECT 10000 + seq, CONCAT('user', MD5(seq)), CONCAT('user', seq), 'User', '', CONCAT('u', seq, '@x.example'), '2026-01-01 00:00:00' FROM seq_1_to_$users" );
$db->query( "INSERT INTO {$db->usermeta} (user_id, meta_key, meta_value) SELECT 10000 + seq, '{$db->prefix}capabilities', 'a:1:{s:10:\"subscriber\";b:1;}' FROM seq_1_to_$users" );
Sql::run( 'INSERT IGNORE INTO {domains} (domain_id, host, ascii_host, registrable, label, data_version, created_at_ms) SELECT 100000 + seq, CONCAT(\'d\', seq, \'.example\'), CONCAT(\'d\', seq, \'.example\'), CONCAT(\'d\', seq, \'.example\'), IF(seq <= 5000, 6, 12), 1, 1 FROM seq_1_to_200000' );
Sql::run( 'INSERT IGNORE INTO {domain_companies} (domain_id, list_uid, source_id, kind, position) SELECT 100000 + seq, \'yc\', seq, 1, 0 FROM seq_1_to_5000' );
Sql::run( 'INSERT INTO {user_domains} (user_id, domain_id, reason) SELECT 10000 + seq, 100000 + IF(seq % 100 < 3, 1 + seq % 4999, IF(seq % 2 = 0, 5001 + seq % 10, 5011 + seq % 194000)), 0 FROM seq_1_to_' . $users );
foreach ( array( 'user_domains', 'domains', 'domain_companies', 'companies' ) as $table ) {
	Sql::rows( "ANALYZE TABLE {{$table}}" );
}
$db->query( "ANALYZE TABLE {$db->users}" );
$figures['users'] = $users;
foreach ( array( 'plain' => '', 'column' => '', 'listed' => 'listed', 'unlisted' => 'unlisted', 'batch' => 'batch:Batch 7' ) as $name => $chosen ) {
	$times = array();
	for ( $round = 0; $round < 5; $round++ ) {
		$_GET[ UsersScreen::COLUMN ] = $chosen;
		wp_cache_flush();
		$table   = _get_list_table( 'WP_Users_List_Table', array( 'screen' => 'users' ) );
		$times[] = rollcall_bench_ms(
			static function () use ( $table, $name ): void {
				$table->prepare_items();
				$GLOBALS['wp_list_table'] = $table;
				UsersScreen::forget();
				if ( 'column' === $name ) {
					UsersScreen::cell( '', UsersScreen::COLUMN, (int) array_key_first( $table->items ) );
				}
			}
		);
	}
	$figures[ "users_screen_$name" ] = rollcall_bench_figures( $times ) + array( 'found' => $table->get_pagination_arg( 'total_items' ) );
	if ( '' !== $chosen ) {
		$query                                   = new WP_User_Query( apply_filters( 'users_list_table_query_args', array( 'number' => 20, 'fields' => 'ID' ) ) );
		$figures[ "users_screen_$name" ]['plan'] = array_map( static fn ( array $step ): string => "$step[table] $step[type] $step[key] $step[rows]", Sql::rows( 'EXPLAIN ' . $query->request ) );
	}
}
$_GET = array();
$figures['users_screen_batches_ms'] = round( rollcall_bench_ms( static fn () => Rollcall\Database\UsersScreen::batches() ), 3 );
echo json_encode( $figures, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES ), "\n";
