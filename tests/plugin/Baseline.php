<?php
declare( strict_types = 1 );

namespace Rollcall\Tests;

use Rollcall\Database\Table;

/**
 * The database as it was before the first test. A test may write and use transactions as it likes:
 * the tables that it wrote to are put back. Tests that make or drop tables put these back themselves.
 */
final class Baseline {
	/** @var array<string, list<array<string, string|null>>> Rows by table. */
	private static array $rows = array();

	/** @var array<string, true> Tables that the running test wrote to. */
	private static array $written = array();

	/** Remembers every row and watches for writes. */
	public static function take(): void {
		$db = Table::db();
		foreach ( $db->get_col( 'SHOW TABLES' ) as $table ) {
			if ( is_string( $table ) && str_starts_with( $table, $db->base_prefix ) ) {
				self::$rows[ $table ] = self::read( $table );
			}
		}
		self::$written = array();
	}

	/** Looks at each statement; a filter of wpdb. */
	public static function watch( mixed $query ): mixed {
		if ( is_string( $query ) && 1 === preg_match( '/^\s*(?:insert|replace|update|delete|truncate)\s[^(=]*?`?(' . Table::db()->base_prefix . '\w+)/is', $query, $found ) ) {
			self::$written[ $found[1] ] = true;
		}
		return $query;
	}

	/** Puts every written table back. */
	public static function restore(): void {
		$db      = Table::db();
		$written = array_keys( array_intersect_key( self::$written, self::$rows ) );
		foreach ( $written as $table ) {
			$now = self::read( $table );
			if ( $now === self::$rows[ $table ] ) {
				continue;
			}
			$key   = (string) array_key_first( self::$rows[ $table ][0] ?? $now[0] ?? array() );
			$kept  = array_map( 'serialize', self::$rows[ $table ] );
			$stale = array_column( array_filter( $now, static fn ( array $row ): bool => ! in_array( serialize( $row ), $kept, true ) ), $key );
			if ( count( $stale ) > 50 || array() === $kept ) {
				$db->query( "DELETE FROM `$table`" );
			}
			foreach ( count( $stale ) > 50 ? array() : $stale as $id ) {
				$db->delete( $table, array( $key => $id ) );
			}
			$there = array_map( 'serialize', self::read( $table ) );
			foreach ( self::$rows[ $table ] as $row ) {
				if ( ! in_array( serialize( $row ), $there, true ) ) {
					$db->replace( $table, $row );
				}
			}
		}
		self::$written = array();
	}

	/** @return list<array<string, string|null>> */
	private static function read( string $table ): array {
		/** @var list<array<string, string|null>> $rows */
		$rows = Table::db()->get_results( "SELECT * FROM `$table` ORDER BY 1", ARRAY_A );
		return $rows;
	}
}
