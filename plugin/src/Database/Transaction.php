<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\RollcallError;

/**
 * The only place that opens a transaction. wpdb reconnects silently after a lost connection and would
 * go on in autocommit: with a KILL in mid-transaction two of three rows were committed without an error.
 */
final class Transaction {
	private const TRIES = 4;

	/** Deadlock and lock wait: worth trying again at once. */
	private const TRY_AGAIN = array( 1205, 1213 );

	/** Statements that would end the transaction unseen: MariaDB commits before each of them. */
	private const ENDING = '/^\s*(?:START\s+TRANSACTION|BEGIN|COMMIT|ROLLBACK|CREATE|ALTER|DROP|RENAME|TRUNCATE|LOCK)\b/i';

	private static bool $open = false;

	/** Set while our own COMMIT is on its way. */
	private static bool $ending = false;

	/**
	 * Runs the work in one transaction: everything it wrote stays, or nothing.
	 * On a deadlock or lock wait the work runs again, up to three times: it may not keep state of its own.
	 *
	 * @template T
	 * @param callable(): T $work
	 * @return T What the work returned.
	 * @throws RollcallError `database_busy`, `database_full` or `tables_missing`; nothing was written.
	 */
	public static function run( callable $work ): mixed {
		if ( self::$open ) {
			throw new \LogicException( 'A transaction is already open.' );
		}
		if ( ! Migrator::is_current() ) {
			throw new RollcallError( 'tables_missing', 'The tables of this blog are not up to date.' );
		}
		for ( $try = 1; ; $try++ ) {
			try {
				return self::attempt( $work );
			} catch ( RollcallError $error ) {
				if ( $try >= self::TRIES || true !== ( $error->data['try_again'] ?? null ) ) {
					throw $error;
				}
				usleep( random_int( 10_000, 50_000 ) * $try );
			}
		}
	}

	/** Whether a transaction is open now. */
	public static function is_open(): bool {
		return self::$open;
	}

	/**
	 * @template T
	 * @param callable(): T $work
	 * @return T
	 */
	private static function attempt( callable $work ): mixed {
		$db      = Table::db();
		$retries = $db->reconnect_retries;
		$silent  = $db->suppress_errors( true );
		$token   = 'transaction:' . bin2hex( random_bytes( 16 ) );
		self::statement( 'START TRANSACTION' );
		self::$open            = true;
		$db->reconnect_retries = 0;
		self::watch( true );
		try {
			Sql::run( 'INSERT INTO {kv} (name, value, updated_at_ms) VALUES (%s, %s, 0)', $token, '0' );
			$answer = $work();
			self::ask_after( $token );
			self::$ending = true;
			self::statement( 'COMMIT' );
			return $answer;
		} catch ( \Throwable $thrown ) {
			$error = self::described( $thrown );
			self::watch( false );
			self::roll_back( $db );
			throw $error;
		} finally {
			self::watch( false );
			self::$open            = false;
			self::$ending          = false;
			$db->reconnect_retries = $retries;
			$db->suppress_errors( $silent );
		}
	}

	/** The row of the token is gone when the connection was changed below us, whoever reconnected it. */
	private static function ask_after( string $token ): void {
		if ( 1 !== Sql::run( 'DELETE FROM {kv} WHERE name = %s', $token ) ) {
			throw new RollcallError( 'database_busy', 'The connection to the database was changed in mid-transaction.' );
		}
	}

	private static function statement( string $sql ): void {
		// phpcs:ignore WordPress.DB.PreparedSQL.NotPrepared -- one of three literals.
		if ( false === Table::db()->query( $sql ) || '' !== Table::db()->last_error ) {
			throw Sql::failure();
		}
	}

	/** The rollback may fail: then the connection is gone, and the server rolled back when it noticed. */
	private static function roll_back( \wpdb $db ): void {
		try {
			add_filter( 'wp_die_handler', array( self::class, 'die_handler' ), PHP_INT_MAX );
			$db->query( 'ROLLBACK' );
		} catch ( RollcallError $lost ) {
			$db->last_error = $lost->getMessage();
		} finally {
			remove_filter( 'wp_die_handler', array( self::class, 'die_handler' ), PHP_INT_MAX );
		}
	}

	/** What was thrown, with the code of the error table and whether trying again may help. */
	private static function described( \Throwable $thrown ): \Throwable {
		if ( ! $thrown instanceof RollcallError ) {
			return $thrown;
		}
		$again = in_array( Sql::error_number(), self::TRY_AGAIN, true );
		return new RollcallError( $thrown->error_code, $thrown->getMessage(), $thrown->data + array( 'try_again' => $again ), $thrown );
	}

	/** Puts the two guards on wpdb, or takes them off. */
	private static function watch( bool $on ): void {
		$change = $on ? 'add_filter' : 'remove_filter';
		$change( 'query', array( self::class, 'refuse_after_failure' ), PHP_INT_MIN );
		foreach ( array( 'wp_die_handler', 'wp_die_ajax_handler', 'wp_die_json_handler', 'wp_die_jsonp_handler', 'wp_die_xml_handler', 'wp_die_xmlrpc_handler' ) as $filter ) {
			$change( $filter, array( self::class, 'die_handler' ), PHP_INT_MAX );
		}
	}

	/**
	 * Stops the work at the statement after a failed one, also where its return was not looked at:
	 * after a deadlock the server has rolled back, and later statements would stay.
	 */
	public static function refuse_after_failure( mixed $query ): mixed {
		if ( '' !== Table::db()->last_error ) {
			throw Sql::failure();
		}
		if ( ! self::$ending && is_string( $query ) && 1 === preg_match( self::ENDING, $query ) ) {
			throw new \LogicException( 'This statement would end the transaction: ' . substr( $query, 0, 60 ) );
		}
		return $query;
	}

	/** wpdb ends the request with a page when it may not reconnect; here that becomes an error. */
	public static function die_handler(): callable {
		return static function (): never {
			throw new RollcallError( 'database_busy', 'The connection to the database was lost in mid-transaction.' );
		};
	}
}
