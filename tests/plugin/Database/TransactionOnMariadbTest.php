<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Database;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\Group;
use Rollcall\Database\Sql;
use Rollcall\Database\Table;
use Rollcall\Database\Transaction;
use Rollcall\RollcallError;
use Rollcall\Tests\TestCase;

/** F5: a connection that is killed. F6: lock waits and deadlocks. */
#[Group( 'mariadb' )]
final class TransactionOnMariadbTest extends TestCase {
	/** START TRANSACTION, token, three inserts, token, COMMIT. */
	private const STATEMENTS = 7;

	/** @return array<string, array{int}> */
	public static function statements(): array {
		$cases = array();
		for ( $number = 1; $number <= self::STATEMENTS; $number++ ) {
			$cases[ "before statement $number" ] = array( $number );
		}
		return $cases;
	}

	#[DataProvider( 'statements' )]
	public function test_a_killed_connection_keeps_all_or_nothing( int $number ): void {
		$second = new SecondConnection();
		$sent   = 0;
		add_filter(
			'query',
			static function ( mixed $query ) use ( $second, $number, &$sent ): mixed {
				if ( ++$sent === $number ) {
					$second->kill_wordpress();
				}
				return $query;
			},
			0
		);
		$error = null;
		try {
			Transaction::run( array( self::class, 'three_rows' ) );
		} catch ( RollcallError $thrown ) {
			$error = $thrown;
		}
		// Before the first statement nothing is lost yet: wpdb may reconnect.
		self::assertSame( 1 === $number ? null : 'database_busy', $error?->error_code );
		self::assertSame( 1 === $number ? '3' : '0', $second->value( 'SELECT COUNT(*) FROM {audit}' ) );
		self::assertSame( '0', $second->value( "SELECT COUNT(*) FROM {kv} WHERE name LIKE 'transaction:%'" ) );
	}

	public function test_the_count_of_statements_above_is_right(): void {
		$sent = 0;
		add_filter(
			'query',
			static function ( mixed $query ) use ( &$sent ): mixed {
				++$sent;
				return $query;
			},
			0
		);
		Transaction::run( array( self::class, 'three_rows' ) );
		self::assertSame( self::STATEMENTS, $sent );
	}

	public function test_without_the_guard_a_killed_connection_would_keep_a_part(): void {
		$second = new SecondConnection();
		$db     = Table::db();
		$db->query( 'START TRANSACTION' );
		self::row( 1 );
		$second->kill_wordpress();
		self::row( 2 );
		$db->query( 'ROLLBACK' );
		self::assertSame( '1', $second->value( 'SELECT COUNT(*) FROM {audit}' ) );
	}

	public function test_the_next_transaction_works_after_a_killed_one(): void {
		$second = new SecondConnection();
		try {
			Transaction::run(
				static function () use ( $second ): void {
					self::row( 1 );
					$second->kill_wordpress();
					self::row( 2 );
				}
			);
			self::fail( 'The killed connection was not noticed.' );
		} catch ( RollcallError $error ) {
			self::assertSame( 503, $error->to_wp_error()->get_error_data()['status'] );
		}
		Transaction::run( array( self::class, 'three_rows' ) );
		self::assertSame( '3', $second->value( 'SELECT COUNT(*) FROM {audit}' ) );
	}

	public function test_a_reconnect_below_wpdb_is_noticed_before_the_commit(): void {
		$this->expectExceptionMessage( 'The connection to the database was changed in mid-transaction.' );
		$second = new SecondConnection();
		Transaction::run(
			static function () use ( $second ): void {
				self::row( 1 );
				$second->kill_wordpress();
				// What a drop-in for several servers does, whatever reconnect_retries says.
				Table::db()->db_connect( false );
				self::row( 2 );
			}
		);
	}

	public function test_tries_again_after_a_lock_wait_until_the_lock_is_gone(): void {
		Sql::insert( 'kv', array( array( 'name' => 'held', 'value' => '1', 'updated_at_ms' => 0 ) ) );
		Sql::run( 'SET SESSION innodb_lock_wait_timeout = 0' );
		$second = new SecondConnection();
		$second->run( 'START TRANSACTION' );
		$second->run( "UPDATE {kv} SET value = '2' WHERE name = 'held'" );
		$tries = 0;
		Transaction::run(
			static function () use ( $second, &$tries ): void {
				if ( 3 === ++$tries ) {
					$second->run( 'COMMIT' );
				}
				self::row( $tries );
				Sql::run( "UPDATE {kv} SET value = '3' WHERE name = 'held'" );
			}
		);
		self::assertSame( 3, $tries );
		self::assertSame( array( 'row 3' ), Sql::column( 'SELECT action FROM {audit}' ) );
	}

	public function test_gives_up_after_three_more_tries(): void {
		Sql::insert( 'kv', array( array( 'name' => 'held', 'value' => '1', 'updated_at_ms' => 0 ) ) );
		Sql::run( 'SET SESSION innodb_lock_wait_timeout = 0' );
		$second = new SecondConnection();
		$second->run( 'START TRANSACTION' );
		$second->run( "UPDATE {kv} SET value = '2' WHERE name = 'held'" );
		$tries = 0;
		try {
			Transaction::run(
				static function () use ( &$tries ): void {
					self::row( ++$tries );
					Sql::run( "UPDATE {kv} SET value = '3' WHERE name = 'held'" );
				}
			);
			self::fail( 'It was written below a lock.' );
		} catch ( RollcallError $error ) {
			self::assertSame( 'database_busy', $error->error_code );
		}
		$second->run( 'ROLLBACK' );
		self::assertSame( 4, $tries );
		self::assertSame( array(), Sql::column( 'SELECT action FROM {audit}' ) );
	}

	public function test_runs_again_as_the_victim_of_a_deadlock_and_keeps_each_row_once(): void {
		foreach ( array( 'a', 'b', 'c', 'd', 'e' ) as $name ) {
			Sql::insert( 'kv', array( array( 'name' => $name, 'value' => '1', 'updated_at_ms' => 0 ) ) );
		}
		Sql::run( 'SET SESSION innodb_lock_wait_timeout = 5' );
		$second = new SecondConnection();
		$second->run( 'START TRANSACTION' );
		// InnoDB ends the transaction that wrote less: the other one is made the heavier.
		foreach ( array( 'a', 'c', 'd', 'e' ) as $name ) {
			$second->run( "UPDATE {kv} SET value = '2' WHERE name = '$name'" );
		}
		$tries = 0;
		Transaction::run(
			static function () use ( $second, &$tries ): void {
				if ( 2 === ++$tries ) {
					$second->link->reap_async_query();
					$second->run( 'COMMIT' );
				}
				self::row( $tries );
				Sql::run( "UPDATE {kv} SET value = '3' WHERE name = 'b'" );
				if ( 1 === $tries ) {
					$second->link->query( Table::named( "UPDATE {kv} SET value = '2' WHERE name = 'b'" ), MYSQLI_ASYNC );
					usleep( 200_000 );
				}
				Sql::run( "UPDATE {kv} SET value = '3' WHERE name = 'a'" );
			}
		);
		self::assertSame( 2, $tries );
		self::assertSame( array( 'row 2' ), Sql::column( 'SELECT action FROM {audit}' ) );
		self::assertSame( '3', Sql::value( "SELECT value FROM {kv} WHERE name = 'a'" ) );
	}

	public static function three_rows(): void {
		self::row( 1 );
		self::row( 2 );
		self::row( 3 );
	}

	private static function row( int $number ): void {
		Sql::insert( 'audit', array( array( 'at_ms' => $number, 'user_id' => 0, 'action' => "row $number", 'detail' => '' ) ) );
	}
}
