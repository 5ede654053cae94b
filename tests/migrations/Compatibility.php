<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Migrations;

use Rollcall\Database\Schema;
use Rollcall\Database\Sql;

/** Whether code of an older release may go on working on a newer schema, read from the two schemas alone. */
final class Compatibility {
	/**
	 * The tables as the database describes them.
	 *
	 * @param list<string> $tables
	 * @return array<string, array{columns: array<string, array{type: string, null: string, default: string|null, extra: string}>, unique: array<string, list<string>>, keys: array<string, list<string>>}>
	 */
	public static function described( array $tables ): array {
		$described = array();
		foreach ( $tables as $table ) {
			$columns = array();
			foreach ( Sql::rows( "SHOW COLUMNS FROM {{$table}}" ) as $row ) {
				$columns[ (string) $row['Field'] ] = array(
					'type'    => (string) $row['Type'],
					'null'    => (string) $row['Null'],
					'default' => $row['Default'],
					'extra'   => (string) $row['Extra'],
				);
			}
			$indexes = array( 'unique' => array(), 'keys' => array() );
			foreach ( Sql::rows( "SHOW INDEX FROM {{$table}}" ) as $row ) {
				$kind = '0' === (string) $row['Non_unique'] ? 'unique' : 'keys';
				$indexes[ $kind ][ (string) $row['Key_name'] ][ (int) $row['Seq_in_index'] - 1 ] = (string) $row['Column_name'];
			}
			ksort( $indexes['unique'] );
			ksort( $indexes['keys'] );
			$described[ $table ] = array( 'columns' => $columns ) + $indexes;
		}
		return $described;
	}

	/** The present tables. @return array<string, array<string, mixed>> */
	public static function now(): array {
		$tables = array_filter( Schema::tables(), static fn ( string $table ): bool => null !== Sql::value( 'SHOW TABLES LIKE %s', Sql::like( \Rollcall\Database\Table::name( $table ) ) ) );
		return self::described( array_values( $tables ) );
	}

	/**
	 * What older code would trip over.
	 *
	 * @param array<string, array<string, mixed>> $old
	 * @param array<string, array<string, mixed>> $new
	 * @return list<string>
	 */
	public static function faults( array $old, array $new ): array {
		$faults = array();
		foreach ( $old as $table => $was ) {
			$is = $new[ $table ] ?? null;
			if ( null === $is ) {
				$faults[] = "$table is gone";
				continue;
			}
			foreach ( $was['columns'] as $name => $column ) {
				if ( ( $is['columns'][ $name ] ?? null ) !== $column ) {
					$faults[] = isset( $is['columns'][ $name ] ) ? "$table.$name was changed" : "$table.$name is gone";
				}
			}
			foreach ( array_diff_key( $is['columns'], $was['columns'] ) as $name => $column ) {
				if ( 'NO' === $column['null'] && null === $column['default'] ) {
					$faults[] = "$table.$name is required and has no default";
				}
			}
			if ( $is['unique'] !== $was['unique'] ) {
				$faults[] = "$table has other unique keys";
			}
			foreach ( array_diff_key( $was['keys'], $is['keys'] ) as $name => $columns ) {
				$faults[] = "$table lost its index $name";
			}
		}
		return $faults;
	}
}
