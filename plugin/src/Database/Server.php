<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

/** How the database server is set up. */
final class Server {
	/** InnoDB's innodb_flush_log_at_trx_commit; with 1 alone a stored row outlives a crash of the machine. Null with SQLite. */
	public static function flush_at_commit(): ?int {
		return Sql::is_server() ? (int) Sql::value( 'SELECT @@innodb_flush_log_at_trx_commit' ) : null;
	}
}
