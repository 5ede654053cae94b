<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Database;

use PHPUnit\Framework\Attributes\Group;
use Rollcall\Database\Migrator;
use Rollcall\Database\Sql;
use Rollcall\Database\Table;
use Rollcall\Database\Transaction;
use Rollcall\RollcallError;
use Rollcall\Tests\TestCase;

final class TransactionTest extends TestCase {
	public function test_keeps_everything_when_the_work_ends_well(): void {
		$answer = Transaction::run(
			static function (): string {
				self::note( 'one' );
				self::note( 'two' );
				return 'answer';
			}
		);
		self::assertSame( 'answer', $answer );
		self::assertSame( array( 'one', 'two' ), self::notes() );
		self::assertSame( '0', Sql::value( "SELECT COUNT(*) FROM {kv} WHERE name LIKE 'transaction:%'" ) );
	}

	public function test_keeps_nothing_when_the_work_throws(): void {
		try {
			Transaction::run(
				static function (): void {
					self::note( 'one' );
					throw new RollcallError( 'batch_conflict', 'No.' );
				}
			);
			self::fail( 'The error was lost.' );
		} catch ( RollcallError $error ) {
			self::assertSame( 'batch_conflict', $error->error_code );
		}
		self::assertSame( array(), self::notes() );
		self::assertFalse( Transaction::is_open() );
	}

	public function test_refuses_a_nested_transaction_and_keeps_nothing_of_the_outer_one(): void {
		$thrown = null;
		try {
			Transaction::run(
				static function (): void {
					self::note( 'outer' );
					Transaction::run( static fn () => self::note( 'inner' ) );
				}
			);
		} catch ( \LogicException $error ) {
			$thrown = $error;
		}
		self::assertSame( 'A transaction is already open.', $thrown?->getMessage() );
		self::assertSame( array(), self::notes() );
	}

	/** @return array<string, array{string}> */
	public static function ending_statements(): array {
		return array(
			'a raw START TRANSACTION' => array( 'START TRANSACTION' ),
			'a raw COMMIT'            => array( 'COMMIT' ),
			'a new table'             => array( 'CREATE TABLE never_made (id INT)' ),
			'a new column'            => array( 'ALTER TABLE {kv} ADD COLUMN never INT NULL' ),
			'TRUNCATE'                => array( 'TRUNCATE TABLE {kv}' ),
		);
	}

	#[\PHPUnit\Framework\Attributes\DataProvider( 'ending_statements' )]
	public function test_refuses_a_statement_that_would_end_it( string $sql ): void {
		$thrown = null;
		try {
			Transaction::run(
				static function () use ( $sql ): void {
					self::note( 'one' );
					Table::db()->query( Table::named( $sql ) );
				}
			);
		} catch ( \LogicException $error ) {
			$thrown = $error;
		}
		self::assertStringContainsString( 'would end the transaction', (string) $thrown?->getMessage() );
		self::assertSame( array(), self::notes() );
	}

	public function test_a_failed_statement_whose_return_nobody_looked_at_undoes_all(): void {
		$after = false;
		try {
			Transaction::run(
				static function () use ( &$after ): void {
					self::note( 'one' );
					Table::db()->query( 'INSERT INTO no_such_table VALUES (1)' );
					self::note( 'two' );
					$after = true;
				}
			);
			self::fail( 'The failure was lost.' );
		} catch ( RollcallError $error ) {
			self::assertContains( $error->error_code, array( 'database_busy', 'tables_missing' ) );
		}
		self::assertFalse( $after );
		self::assertSame( array(), self::notes() );
	}

	public function test_a_failed_last_statement_undoes_all(): void {
		$this->expectException( RollcallError::class );
		try {
			Transaction::run(
				static function (): void {
					self::note( 'one' );
					Table::db()->query( 'INSERT INTO no_such_table VALUES (1)' );
				}
			);
		} finally {
			self::assertSame( array(), self::notes() );
		}
	}

	public function test_answers_tables_missing_before_the_tables_are_there(): void {
		delete_option( Migrator::OPTION );
		$this->expectExceptionObject( new RollcallError( 'tables_missing', 'The tables of this blog are not up to date.' ) );
		Transaction::run( static fn () => self::note( 'one' ) );
	}

	public function test_gives_the_connection_back_as_it_was(): void {
		$db      = Table::db();
		$retries = $db->reconnect_retries;
		$inside  = Transaction::run( static fn (): int => $db->reconnect_retries );
		self::assertSame( 0, $inside );
		self::assertSame( $retries, $db->reconnect_retries );
		self::assertGreaterThan( 0, $retries );
		self::assertFalse( $db->suppress_errors );
		self::assertFalse( has_filter( 'query', array( Transaction::class, 'refuse_after_failure' ) ) );
		self::assertFalse( has_filter( 'wp_die_handler', array( Transaction::class, 'die_handler' ) ) );
	}

	#[Group( 'sqlite' )]
	public function test_a_database_locked_by_another_writer_is_database_busy(): void {
		$other = new \PDO( 'sqlite:' . FQDB );
		$other->setAttribute( \PDO::ATTR_TIMEOUT, 5 );
		$pdo = Table::db()->dbh->get_connection()->get_pdo();
		$wait_ms = (int) $pdo->query( 'PRAGMA busy_timeout' )->fetchColumn();
		$pdo->setAttribute( \PDO::ATTR_TIMEOUT, 1 );
		$other->exec( 'BEGIN IMMEDIATE' );
		try {
			Transaction::run( static fn () => self::note( 'one' ) );
			self::fail( 'It was written below a lock.' );
		} catch ( RollcallError $error ) {
			self::assertSame( 'database_busy', $error->error_code );
			self::assertStringContainsString( 'locked', $error->getMessage() );
		} finally {
			$other->exec( 'ROLLBACK' );
			$pdo->exec( "PRAGMA busy_timeout = $wait_ms" );
		}
		Transaction::run( static fn () => self::note( 'two' ) );
		self::assertSame( array( 'two' ), self::notes() );
	}

	private static function note( string $text ): void {
		Sql::insert( 'audit', array( array( 'at_ms' => 1, 'user_id' => 0, 'action' => $text, 'detail' => '' ) ) );
	}

	/** @return list<string> */
	private static function notes(): array {
		return Sql::column( 'SELECT action FROM {audit} ORDER BY audit_id' );
	}
}
