<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\Group;
use Rollcall\Clock;
use Rollcall\Contract;
use Rollcall\Database\Migrator;
use Rollcall\Database\Schema;
use Rollcall\Database\Sql;
use Rollcall\Database\Table;
use Rollcall\Rest\RateLimitInsurance;
use Rollcall\Tests\Database\SecondConnection;
use Rollcall\Tests\PlantedMonitors;
use Rollcall\Tests\TestCase;

/** GET /public/dashboard, also with the tables in every state that they can be in. */
final class PublicDashboardTest extends TestCase {
	private const ROUTE = '/rollcall/v1/public/dashboard';

	private string $log = '';

	private string $old_log = '';

	protected function setUp(): void {
		parent::setUp();
		$now_ms = Clock::now_ms();
		PlantedMonitors::companion( $now_ms );
		$monitor_id = PlantedMonitors::monitor( 'Shop', array(), $now_ms );
		PlantedMonitors::bucket( $monitor_id, ( intdiv( $now_ms, 86_400_000 ) - 1 ) * 86_400_000, 1000, buckets: 'daily' );
		PlantedMonitors::bucket( $monitor_id, intdiv( $now_ms, 3_600_000 ) * 3_600_000, 900, 100, histogram: '147:5' );
		$this->log     = (string) tempnam( sys_get_temp_dir(), 'rc' );
		$this->old_log = (string) ini_set( 'error_log', $this->log );
	}

	protected function tearDown(): void {
		ini_set( 'error_log', $this->old_log );
		unlink( $this->log );
		RateLimitInsurance::forget();
		parent::tearDown();
	}

	public function test_anyone_gets_the_figures_of_the_public_monitors(): void {
		$response = self::rest( 'GET', self::ROUTE );
		$answer   = $response->get_data();
		self::assertSame( 200, $response->get_status() );
		self::assertTrue( Contract::check( 'dashboard', $answer ) );
		self::assertFalse( $answer['is_default'] );
		self::assertSame(
			array( 'monitors' => 1, 'up' => 1, 'degraded' => 0, 'down' => 0, 'no_reading' => 0, 'uptime_24h' => 90.0, 'uptime_30d' => 95.0, 'response_time_p95_24h' => 0.411, 'open_incidents' => 0 ),
			array_column( $answer['stats'], 'value', 'key' )
		);
		self::assertSame( array( 'monitors', 'percent', 'seconds', 'incidents' ), array_values( array_unique( array_column( $answer['stats'], 'unit' ) ) ) );
		self::assertSame( 'public, max-age=30', $response->get_headers()['Cache-Control'] );
		self::assertSame( '', (string) file_get_contents( $this->log ) );
	}

	public function test_a_visitor_may_ask_200_times_a_minute(): void {
		$headers = self::rest( 'GET', self::ROUTE )->get_headers();
		self::assertSame( '"default";q=200;w=60', $headers['RateLimit-Policy'] );
		self::assertMatchesRegularExpression( '/^"default";r=199;/', $headers['RateLimit'] );
		Sql::run( 'UPDATE {rate_limits} SET `current` = 400' );
		$refused = self::rest( 'GET', self::ROUTE );
		self::assertSame( 429, $refused->get_status() );
		self::assertArrayHasKey( 'Retry-After', $refused->get_headers() );
	}

	/** @return iterable<string, array{string}> */
	public static function tables(): iterable {
		foreach ( array( 'monitors', 'uptime_hourly', 'uptime_daily', 'incidents', 'companions', 'kv' ) as $table ) {
			yield $table => array( $table );
		}
	}

	#[DataProvider( 'tables' )]
	public function test_half_migrated_a_table_is_missing( string $table ): void {
		$this->without( array( $table ), fn() => $this->assert_default() );
	}

	public function test_tables_missing_none_is_there(): void {
		$this->without( Schema::tables(), fn() => $this->assert_default() );
	}

	public function test_tables_missing_the_one_of_the_limiter(): void {
		$this->without(
			array( 'rate_limits' ),
			function (): void {
				for ( $request = 0; $request < 30; $request++ ) {
					$response = self::rest( 'GET', self::ROUTE );
					self::assertSame( 200, $response->get_status() );
				}
				self::assertFalse( $response->get_data()['is_default'] );
			}
		);
	}

	public function test_half_migrated_another_process_is_at_it(): void {
		Sql::insert( 'migrations', array( array( 'number' => 0, 'name' => 'lock of another', 'applied_at_ms' => Clock::now_ms() ) ) );
		update_option( Migrator::OPTION, 29 );
		$this->assert_default();
	}

	#[Group( 'mariadb' )]
	public function test_locked_by_a_dump_or_a_change_of_a_table_on_mariadb(): void {
		$other = new SecondConnection();
		foreach ( array( '{monitors} WRITE', '{uptime_daily} WRITE', '{rate_limits} WRITE', '{kv} READ', '{monitors} WRITE, {kv} WRITE, {rate_limits} WRITE, {companions} WRITE' ) as $tables ) {
			$other->run( "LOCK TABLES $tables" );
			Sql::run( 'SELECT 1' );
			$start    = hrtime( true );
			$response = self::rest( 'GET', self::ROUTE );
			self::assertLessThan( 5, ( hrtime( true ) - $start ) / 1e9, $tables );
			$other->run( 'UNLOCK TABLES' );
			self::assertSame( 200, $response->get_status(), $tables );
			self::assertSame( '{rate_limits} WRITE' !== $tables, $response->get_data()['is_default'], $tables );
			Sql::run( "DELETE FROM {kv} WHERE name LIKE 'public%'" );
		}
		$other->link->close();
		self::assertGreaterThan( 3600, (int) Sql::value( 'SELECT @@SESSION.lock_wait_timeout' ), 'The waits are as before.' );
		self::assertFalse( self::rest( 'GET', self::ROUTE )->get_data()['is_default'] );
	}

	#[Group( 'mariadb' )]
	public function test_read_only_a_user_who_may_only_read_on_mariadb(): void {
		$other = new SecondConnection();
		$other->run( "CREATE USER reader@localhost IDENTIFIED BY 'reads'" );
		$other->run( 'GRANT SELECT ON *.* TO reader@localhost' );
		$db  = Table::db();
		$own = $db->dbh;
		try {
			$db->dbh = mysqli_init();
			mysqli_real_connect( $db->dbh, 'localhost', 'reader', 'reads', DB_NAME, 0, substr( DB_HOST, strlen( 'localhost:' ) ) );
			$db->set_charset( $db->dbh );
			$this->assert_default();
		} finally {
			$db->dbh = $own;
			$other->run( 'DROP USER reader@localhost' );
			$other->link->close();
		}
	}

	#[Group( 'sqlite' )]
	public function test_read_only_on_sqlite(): void {
		$this->on_sqlite( 'PRAGMA query_only = 1', 'PRAGMA query_only = 0' );
	}

	#[Group( 'sqlite' )]
	public function test_a_page_does_not_wait_for_another_writer_on_sqlite(): void {
		$pdo = $GLOBALS['@pdo'];
		self::assertSame( 'wal', $pdo->query( 'PRAGMA journal_mode' )->fetchColumn() );
		$other = new \PDO( 'sqlite:' . DB_DIR . '/' . DB_FILE );
		foreach ( array( 'BEGIN IMMEDIATE', 'BEGIN EXCLUSIVE' ) as $begin ) {
			$other->exec( $begin );
			try {
				$start    = hrtime( true );
				$response = self::rest( 'GET', self::ROUTE );
				$page     = do_shortcode( '[rollcall_status]' );
				self::assertLessThan( 1, ( hrtime( true ) - $start ) / 1e9, $begin );
			} finally {
				$other->exec( 'ROLLBACK' );
			}
			self::assertSame( array( 200, false ), array( $response->get_status(), $response->get_data()['is_default'] ), $begin );
			self::assertStringContainsString( 'Shop', $page );
			self::assertSame( '0', Sql::value( "SELECT COUNT(*) FROM {kv} WHERE name LIKE 'public%'" ), 'What could not be kept is made again.' );
		}
		self::assertSame( 10_000, (int) $pdo->query( 'PRAGMA busy_timeout' )->fetchColumn(), 'Others wait as before.' );
		self::rest( 'GET', self::ROUTE );
		self::assertSame( '3', Sql::value( "SELECT COUNT(*) FROM {kv} WHERE name LIKE 'public%'" ) );
		self::assertSame( '', (string) file_get_contents( $this->log ) );
	}

	#[Group( 'sqlite' )]
	public function test_a_page_says_at_once_that_nothing_can_be_read_without_a_write_ahead_log(): void {
		$pdo = $GLOBALS['@pdo'];
		$pdo->query( 'PRAGMA journal_mode = DELETE' );
		$other = new \PDO( 'sqlite:' . DB_DIR . '/' . DB_FILE );
		$other->exec( 'BEGIN EXCLUSIVE' );
		try {
			$start = hrtime( true );
			$this->assert_default();
			self::assertLessThan( 1, ( hrtime( true ) - $start ) / 1e9 );
		} finally {
			$other->exec( 'ROLLBACK' );
			$pdo->query( 'PRAGMA journal_mode = WAL' );
		}
	}

	public function test_a_connection_that_is_lost_is_no_error_of_the_page(): void {
		add_filter( 'query', static fn( string $query ): string => str_contains( $query, 'rollcall_' ) ? 'SELECT broken FROM nowhere_at_all' : $query );
		$this->assert_default();
	}

	private function on_sqlite( string $before, string $after ): void {
		$GLOBALS['@pdo']->exec( $before );
		try {
			$this->assert_default();
		} finally {
			$GLOBALS['@pdo']->exec( $after );
		}
	}

	private function assert_default(): void {
		$response = self::rest( 'GET', self::ROUTE );
		$answer   = $response->get_data();
		self::assertSame( 200, $response->get_status(), (string) wp_json_encode( $answer ) );
		self::assertTrue( Contract::check( 'dashboard', $answer ) );
		self::assertTrue( $answer['is_default'] );
		self::assertSame( array_fill_keys( Contract::words( 'STATS' ), null ), array_column( $answer['stats'], 'value', 'key' ) );
		self::assertSame( 'no-store', $response->get_headers()['Cache-Control'] );
		self::assertStringNotContainsString( '100', (string) wp_json_encode( array_column( $answer['stats'], 'value' ) ) );
		self::assertMatchesRegularExpression( '/Public dashboard error: Status data is not available yet\. [a-z_]+: ./', (string) file_get_contents( $this->log ) );
	}

	/**
	 * Does the work while tables are gone; the SQLite layer cannot rename one.
	 *
	 * @param list<string>     $tables
	 * @param callable(): void $work
	 */
	private function without( array $tables, callable $work ): void {
		$rows = array();
		foreach ( $tables as $table ) {
			$rows[ $table ] = Sql::rows( "SELECT * FROM {{$table}}" );
			Sql::run( "DROP TABLE {{$table}}" );
		}
		try {
			$work();
		} finally {
			foreach ( Migrator::files() as $name ) {
				( require dirname( ROLLCALL_FILE ) . "/src/Database/migrations/$name.php" )( new Schema() );
			}
			foreach ( array_filter( $rows ) as $table => $put_back ) {
				Sql::insert( $table, $put_back );
			}
		}
	}
}
