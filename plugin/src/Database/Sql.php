<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\RollcallError;

/**
 * Statements whose every failure is thrown. `{domains}` in a statement is the plugin's table;
 * values are given apart, as %s, %d, %f and %i of wpdb::prepare(). Null has no placeholder:
 * use insert(), which writes NULL for it.
 *
 * All of them throw `tables_missing`, `database_full` or `database_busy`.
 */
final class Sql {
	/** No room on the disk or in the table: ER_DISK_FULL, ER_RECORD_FILE_FULL. */
	private const FULL = array( 1021, 1114 );

	/** The same as SQLite says it, and as the server does in other errors: ENOSPC and EDQUOT of Linux. */
	private const FULL_TEXT = '/database or disk is full|No space left on device|Disk quota exceeded|\b(?:errno:|error) (?:28|122)\b/';

	/**
	 * Every row, as text by column.
	 *
	 * @return list<array<string, string|null>>
	 */
	public static function rows( string $sql, int|float|string ...$values ): array {
		$db   = Table::db();
		$rows = self::guarded( static fn () => $db->get_results( self::prepared( $sql, $values ), ARRAY_A ) );
		/** @var list<array<string, string|null>> $rows */
		$rows = is_array( $rows ) ? array_values( $rows ) : array();
		return $rows;
	}

	/**
	 * The first row, or null.
	 *
	 * @return array<string, string|null>|null
	 */
	public static function row( string $sql, int|float|string ...$values ): ?array {
		return self::rows( $sql, ...$values )[0] ?? null;
	}

	/** The first column of the first row; null when there is no row or it is NULL. */
	public static function value( string $sql, int|float|string ...$values ): ?string {
		$row = self::row( $sql, ...$values );
		return null === $row ? null : array_values( $row )[0] ?? null;
	}

	/**
	 * The column `value` by the column `id`, for many rows: a third of the time and memory of rows().
	 *
	 * @return array<int, string>
	 */
	public static function pairs( string $sql, int|float|string ...$values ): array {
		$db    = Table::db();
		$pairs = array();
		/** @var list<object{id: string, value: string}> $rows */
		$rows = self::guarded( static fn () => $db->get_results( self::prepared( $sql, $values ) ) );
		foreach ( $rows as $row ) {
			$pairs[ (int) $row->id ] = (string) $row->value;
		}
		$db->flush();
		return $pairs;
	}

	/**
	 * Inserts rows of integers, 1,000 a statement; where the key is taken, sets the named columns to the new values.
	 * Without placeholders: wpdb::prepare() took longer than the database.
	 *
	 * @param list<string>    $columns
	 * @param list<list<int>> $rows
	 * @param list<string>    $update
	 */
	public static function upsert_integers( string $table, array $columns, array $rows, array $update ): void {
		$set = implode( ', ', array_map( static fn ( string $column ): string => "`$column` = VALUES(`$column`)", $update ) );
		foreach ( array_chunk( $rows, 1000 ) as $chunk ) {
			$tuples = array_map( static fn ( array $row ): string => '(' . implode( ',', $row ) . ')', $chunk );
			self::run( "INSERT INTO {{$table}} (`" . implode( '`,`', $columns ) . '`) VALUES ' . implode( ',', $tuples ) . " ON DUPLICATE KEY UPDATE $set" );
		}
	}

	/**
	 * The first column of every row; NULL as empty text.
	 *
	 * @return list<string>
	 */
	public static function column( string $sql, int|float|string ...$values ): array {
		return array_map(
			static fn ( array $row ): string => (string) ( array_values( $row )[0] ?? '' ),
			self::rows( $sql, ...$values )
		);
	}

	/** Runs a statement. The number of rows is to be trusted for INSERT IGNORE and DELETE only (SQLite and MariaDB differ). */
	public static function run( string $sql, int|float|string ...$values ): int {
		$db = Table::db();
		return (int) self::guarded( static fn () => $db->query( self::prepared( $sql, $values ) ) );
	}

	/**
	 * Inserts rows that have the same columns, 200 a statement.
	 *
	 * @param list<array<string, int|float|string|bool|null>> $rows
	 * @return int Rows inserted.
	 */
	public static function insert( string $table, array $rows, bool $ignore = false ): int {
		$inserted = 0;
		foreach ( array_chunk( $rows, 200 ) as $chunk ) {
			$inserted += self::write( $ignore ? 'INSERT IGNORE' : 'INSERT', $table, $chunk, '' );
		}
		return $inserted;
	}

	/**
	 * Inserts rows; where the key is taken, sets the named columns to the new values.
	 *
	 * @param list<array<string, int|float|string|bool|null>> $rows
	 * @param list<string>                                    $update Columns to set; not those of the key.
	 */
	public static function upsert( string $table, array $rows, array $update ): void {
		$set = implode( ', ', array_map( static fn ( string $column ): string => "`$column` = VALUES(`$column`)", $update ) );
		foreach ( array_chunk( $rows, 200 ) as $chunk ) {
			self::write( 'INSERT', $table, $chunk, ' ON DUPLICATE KEY UPDATE ' . $set );
		}
	}

	/** Identity that the newest insert() of one row was given by AUTO_INCREMENT. */
	public static function insert_id(): int {
		return (int) Table::db()->insert_id;
	}

	/** Text for LIKE that matches itself. */
	public static function like( string $text ): string {
		return Table::db()->esc_like( $text );
	}

	/**
	 * The same for a column of hosts, which is ASCII: MariaDB refuses to compare it with other characters. They are
	 * percent-encoded as they are in `domains.host`, the rest is lower-cased.
	 */
	public static function like_host( string $text ): string {
		$lower = strtr( $text, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz' );
		$typed = preg_replace_callback( '/%[0-9a-f]{2}/', static fn ( array $found ): string => strtoupper( $found[0] ), $lower );
		$ascii = preg_replace_callback( '/[^\x00-\x7F]+/', static fn ( array $found ): string => rawurlencode( $found[0] ), (string) $typed );
		return self::like( (string) $ascii );
	}

	/** A condition with its values put in, for a statement of WordPress's own. */
	public static function condition( string $sql, int|float|string ...$values ): string {
		return self::prepared( $sql, $values );
	}

	/** As many `%s` or `%d` as there are values, for IN (...). */
	public static function places( int $count, string $place = '%d' ): string {
		return implode( ',', array_fill( 0, max( 1, $count ), $place ) );
	}

	/**
	 * Writes one statement of rows.
	 *
	 * @param non-empty-list<array<string, int|float|string|bool|null>> $rows
	 */
	private static function write( string $verb, string $table, array $rows, string $suffix ): int {
		$values = array();
		$tuples = array();
		foreach ( $rows as $row ) {
			$places = array();
			foreach ( $row as $value ) {
				if ( null === $value ) {
					$places[] = 'NULL';
					continue;
				}
				$value    = is_bool( $value ) ? (int) $value : $value;
				$places[] = is_int( $value ) ? '%d' : ( is_float( $value ) ? '%f' : '%s' );
				$values[] = $value;
			}
			$tuples[] = '(' . implode( ',', $places ) . ')';
		}
		$columns = implode( ',', array_map( static fn ( string $column ): string => "`$column`", array_keys( $rows[0] ) ) );
		return self::run( "$verb INTO {{$table}} ($columns) VALUES " . implode( ',', $tuples ) . $suffix, ...$values );
	}

	/** @param array<int|float|string> $values */
	private static function prepared( string $sql, array $values ): string {
		$named = Table::named( $sql );
		// phpcs:ignore WordPress.DB.PreparedSQL.NotPrepared -- the one place where statements are prepared.
		return array() === $values ? $named : (string) Table::db()->prepare( $named, ...array_values( $values ) );
	}

	/**
	 * The answer of the database, without WordPress printing a failure.
	 *
	 * @template T
	 * @param callable(): T $statement
	 * @return T
	 */
	private static function guarded( callable $statement ): mixed {
		$db     = Table::db();
		$silent = $db->suppress_errors( true );
		try {
			$answer = $statement();
		} finally {
			$db->suppress_errors( $silent );
		}
		if ( '' !== $db->last_error || false === $answer ) {
			throw self::failure();
		}
		return $answer;
	}

	/** What the newest statement failed with. */
	public static function failure(): RollcallError {
		$db    = Table::db();
		$text  = '' === $db->last_error ? 'the connection was lost' : self::plain( $db->last_error );
		$code  = self::error_number();
		$known = 1146 === $code || str_contains( $text, 'no such table' ) || str_contains( $text, "doesn't exist" );
		$full  = in_array( $code, self::FULL, true ) || 1 === preg_match( self::FULL_TEXT, $text );
		return new RollcallError(
			$known ? 'tables_missing' : ( $full ? 'database_full' : 'database_busy' ),
			sprintf( 'The database answered %s: %s', $code > 0 ? (string) $code : 'an error', mb_substr( $text, 0, 200 ) )
		);
	}

	/** The message alone: the SQLite layer wraps it in HTML with the statement, MariaDB quotes a row's value. */
	private static function plain( string $message ): string {
		if ( 1 === preg_match( '/class="error_message"[^>]*>\s*(.*?)\s*<\/div>/s', $message, $found ) ) {
			$message = $found[1];
		}
		return (string) preg_replace( "/(Duplicate entry ')[^']*/", '$1...', $message );
	}

	/** Whether the server is MariaDB or MySQL, not SQLite. */
	public static function is_server(): bool {
		return Table::db()->dbh instanceof \mysqli;
	}

	/** MySQL's number of the newest error; 0 when there is none or the database is SQLite. */
	public static function error_number(): int {
		$connection = Table::db()->dbh;
		// phpcs:ignore WordPress.DB.RestrictedFunctions -- wpdb has no way to tell a deadlock in any language of the server.
		return $connection instanceof \mysqli ? mysqli_errno( $connection ) : 0;
	}
}
