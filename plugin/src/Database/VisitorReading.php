<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\RollcallError;

/** Reading for visitors: a table that is locked, or tables that nothing can be stored in, must not hold a page. */
final class VisitorReading {
	/** How long SQLite may wait: readers never have to with a write-ahead log, and without one only while another one commits. */
	private const SQLITE_MS = 20;

	/**
	 * Does the work without waiting for others: MariaDB's own wait for a locked table is a day, for a dump that locks tables
	 * a visitor would wait as long as it takes, so that each lock is waited for a second; SQLite's is ten seconds for each
	 * statement that writes while another one does.
	 *
	 * @template T
	 * @param callable(): T $work
	 * @return T
	 */
	public static function impatient( callable $work ): mixed {
		return Sql::is_server() ? self::on_server( $work ) : self::on_sqlite( $work );
	}

	/**
	 * Refuses when the tables are not those of this code, or take nothing: what they hold is then of no known age. The
	 * statement finds no row, so that visitors do not wait for each other.
	 *
	 * @throws RollcallError `tables_missing`, `database_busy` or `database_full`.
	 */
	public static function check(): void {
		if ( ! Migrator::is_current() ) {
			throw new RollcallError( 'tables_missing', 'The tables of this blog are not up to date.' );
		}
		self::write( static fn (): int => Sql::run( "DELETE FROM {kv} WHERE name = ''" ) );
	}

	/**
	 * Writes what a page can do without. While another one writes on SQLite it is left out: the tables take something then.
	 *
	 * @param callable(): mixed $work One statement.
	 * @throws RollcallError `tables_missing`, `database_busy` or `database_full`.
	 */
	public static function write( callable $work ): void {
		try {
			$work();
		} catch ( RollcallError $error ) {
			if ( Sql::is_server() || ! str_contains( $error->getMessage(), 'database is locked' ) ) {
				throw $error;
			}
		}
	}

	/**
	 * @template T
	 * @param callable(): T $work
	 * @return T
	 */
	private static function on_server( callable $work ): mixed {
		$row = Sql::row( 'SELECT @@SESSION.lock_wait_timeout AS tables_s, @@SESSION.innodb_lock_wait_timeout AS rows_s' );
		if ( null === $row ) {
			return $work();
		}
		try {
			Sql::run( 'SET SESSION lock_wait_timeout = 1, innodb_lock_wait_timeout = 1' );
			return $work();
		} finally {
			Sql::run( 'SET SESSION lock_wait_timeout = %d, innodb_lock_wait_timeout = %d', (int) $row['tables_s'], (int) $row['rows_s'] );
		}
	}

	/**
	 * The layer of WordPress knows no PRAGMA, but gives its connection away.
	 *
	 * @template T
	 * @param callable(): T $work
	 * @return T
	 */
	private static function on_sqlite( callable $work ): mixed {
		$pdo = $GLOBALS['@pdo'] ?? null;
		if ( ! $pdo instanceof \PDO ) {
			return $work();
		}
		$asked   = $pdo->query( 'PRAGMA busy_timeout' );
		$wait_ms = false === $asked ? 10_000 : (int) $asked->fetchColumn();
		try {
			$pdo->exec( 'PRAGMA busy_timeout = ' . self::SQLITE_MS );
			return $work();
		} finally {
			$pdo->exec( "PRAGMA busy_timeout = $wait_ms" );
		}
	}
}
