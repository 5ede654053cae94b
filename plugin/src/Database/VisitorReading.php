<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\RollcallError;

/** Reading for visitors: a table that is locked, or tables that nothing can be stored in, must not hold a page. */
final class VisitorReading {
	/**
	 * Does the work with locks waited for a second each: MariaDB's own wait for a locked table is a day, for a dump that
	 * locks tables a visitor would wait as long as it takes. SQLite waits ten seconds at most.
	 *
	 * @template T
	 * @param callable(): T $work
	 * @return T
	 */
	public static function impatient( callable $work ): mixed {
		$waits = self::waits();
		if ( null === $waits ) {
			return $work();
		}
		try {
			Sql::run( 'SET SESSION lock_wait_timeout = 1, innodb_lock_wait_timeout = 1' );
			return $work();
		} finally {
			Sql::run( 'SET SESSION lock_wait_timeout = %d, innodb_lock_wait_timeout = %d', ...$waits );
		}
	}

	/**
	 * Refuses when the tables are not those of this code, or take nothing: what they hold is then of no known age. The
	 * statement finds no row, so that visitors do not wait for each other.
	 *
	 * @throws RollcallError `tables_missing` or `database_busy`.
	 */
	public static function check(): void {
		if ( ! Migrator::is_current() ) {
			throw new RollcallError( 'tables_missing', 'The tables of this blog are not up to date.' );
		}
		Sql::run( "DELETE FROM {kv} WHERE name = ''" );
	}

	/** @return array{int, int}|null Null with SQLite. */
	private static function waits(): ?array {
		if ( ! Sql::is_server() ) {
			return null;
		}
		$row = Sql::row( 'SELECT @@SESSION.lock_wait_timeout AS tables_s, @@SESSION.innodb_lock_wait_timeout AS rows_s' );
		return null === $row ? null : array( (int) $row['tables_s'], (int) $row['rows_s'] );
	}
}
