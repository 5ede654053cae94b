<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\RollcallError;

/**
 * The three changes that a migration may make, each doing nothing when it was made already.
 * Dropping, renaming and narrowing do not exist: older code goes on working on a newer schema.
 */
final class Schema {
	/**
	 * Makes a table.
	 *
	 * @param array<string, string>       $columns Definitions by name, made by Column.
	 * @param list<string>                $primary Columns of the primary key.
	 * @param array<string, list<string>> $keys    Columns by name of the key.
	 * @param array<string, list<string>> $unique  Columns by name of the unique key.
	 */
	public function create_table( string $table, array $columns, array $primary, array $keys = array(), array $unique = array() ): void {
		$lines = array();
		foreach ( $columns as $name => $definition ) {
			$lines[] = "`$name` $definition";
		}
		$lines[] = 'PRIMARY KEY (' . self::quoted( $primary ) . ')';
		foreach ( $unique as $name => $on ) {
			$lines[] = "UNIQUE KEY `$name` (" . self::quoted( $on ) . ')';
		}
		foreach ( $keys as $name => $on ) {
			$lines[] = "KEY `$name` (" . self::quoted( $on ) . ')';
		}
		self::change(
			"CREATE TABLE IF NOT EXISTS {{$table}} (\n\t" . implode( ",\n\t", $lines ) . "\n) ENGINE=InnoDB "
			. Table::db()->get_charset_collate()
		);
	}

	/** Adds a column that is nullable or has a default: older code does not name it. */
	public function add_column( string $table, string $column, string $definition ): void {
		if ( str_contains( $definition, 'NOT NULL' ) && ! str_contains( $definition, 'DEFAULT' ) ) {
			throw new \LogicException( "$table.$column needs a default, or has to be nullable." );
		}
		if ( ! in_array( $column, self::column_names( $table ), true ) ) {
			self::change( "ALTER TABLE {{$table}} ADD COLUMN `$column` $definition" );
		}
	}

	/**
	 * Adds an index that is not unique: a unique one could refuse what older code writes.
	 *
	 * @param list<string> $columns
	 */
	public function add_index( string $table, string $index, array $columns ): void {
		$known = array_column( self::described( "SHOW INDEX FROM {{$table}}" ), 'Key_name' );
		if ( ! in_array( $index, $known, true ) ) {
			self::change( "ALTER TABLE {{$table}} ADD KEY `$index` (" . self::quoted( $columns ) . ')' );
		}
	}

	/**
	 * Names of the plugin's tables without prefix, in the order in which the migrations make them.
	 *
	 * @return list<string>
	 */
	public static function tables(): array {
		$tables = array();
		foreach ( Migrator::files() as $name ) {
			if ( 1 === preg_match( '/^\d{4}_(.+)_create_table$/', $name, $found ) ) {
				$tables[] = $found[1];
			}
		}
		return $tables;
	}

	/**
	 * Adds the plugin's tables to those that WordPress drops with a blog.
	 *
	 * @param array<string, string> $tables
	 * @return array<string, string>
	 */
	public static function with_blog_tables( array $tables, int|string $blog_id ): array {
		$prefix = Table::db()->get_blog_prefix( (int) $blog_id );
		foreach ( self::tables() as $table ) {
			$tables[ "rollcall_$table" ] = "{$prefix}rollcall_$table";
		}
		return $tables;
	}

	/** Drops every table of this blog; for uninstalling only. */
	public static function drop_all(): void {
		foreach ( self::tables() as $table ) {
			Sql::run( "DROP TABLE IF EXISTS {{$table}}" );
		}
	}

	/**
	 * Columns of a table in their order.
	 *
	 * @return list<string>
	 */
	public static function column_names( string $table ): array {
		return array_map( 'strval', array_column( self::described( "SHOW COLUMNS FROM {{$table}}" ), 'Field' ) );
	}

	/** @return list<array<string, string|null>> */
	private static function described( string $sql ): array {
		return Sql::rows( $sql );
	}

	/** @param list<string> $columns */
	private static function quoted( array $columns ): string {
		return implode( ', ', array_map( static fn ( string $column ): string => "`$column`", $columns ) );
	}

	private static function change( string $sql ): void {
		try {
			Sql::run( $sql );
		} catch ( RollcallError $error ) {
			throw new RollcallError( 'migration_failed', substr( $sql, 0, 120 ) . ': ' . $error->getMessage(), array(), $error );
		}
	}
}
