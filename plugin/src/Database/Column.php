<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

/**
 * Column definitions for migrations. Lengths and ranges are checked in PHP: SQLite stores what it is given.
 * A null default of a definition that is not nullable means that every insert names the column.
 */
final class Column {
	/** Identities, keys and other lower-case ASCII text. */
	public static function ascii( int $length, bool $nullable = false, ?string $default = null ): string {
		return self::finished( "VARCHAR($length) CHARACTER SET ascii COLLATE ascii_bin", $nullable, $default );
	}

	/** Hexadecimal or other ASCII text of one length. */
	public static function char( int $length, bool $nullable = false ): string {
		return self::finished( "CHAR($length) CHARACTER SET ascii COLLATE ascii_bin", $nullable, null );
	}

	/** Text of at most `length` characters in any script. */
	public static function text( int $length, bool $nullable = false, ?string $default = null ): string {
		return self::finished( "VARCHAR($length)", $nullable, $default );
	}

	/** Text up to 64 KiB, 16 MiB or 4 GiB; no key, no default. */
	public static function long_text( string $size = 'TEXT', bool $nullable = false ): string {
		return self::finished( $size, $nullable, null );
	}

	/** A number of a vocabulary, or 0 and 1. */
	public static function tiny( bool $nullable = false, ?int $default = null ): string {
		return self::finished( 'TINYINT UNSIGNED', $nullable, $default );
	}

	/** Milliseconds of a phase, status codes: up to 65,535. */
	public static function small( bool $nullable = false, ?int $default = null ): string {
		return self::finished( 'SMALLINT UNSIGNED', $nullable, $default );
	}

	/** Counts and versions up to 2,147,483,647. */
	public static function int( bool $nullable = false, ?int $default = null ): string {
		return self::finished( 'INT', $nullable, $default );
	}

	/** Instants in milliseconds, identities. */
	public static function big( bool $nullable = false, ?int $default = null ): string {
		return self::finished( 'BIGINT', $nullable, $default );
	}

	/** Identity given by the database. */
	public static function auto_id(): string {
		return 'BIGINT NOT NULL AUTO_INCREMENT';
	}

	private static function finished( string $type, bool $nullable, int|string|null $default ): string {
		$null = $nullable ? 'NULL' : 'NOT NULL';
		return null === $default
			? ( $nullable ? "$type NULL DEFAULT NULL" : "$type $null" )
			: "$type $null DEFAULT '" . addslashes( (string) $default ) . "'";
	}
}
