<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

/** Names of the plugin's tables on the blog that is switched to. */
final class Table {
	/** The full name, such as `wp_2_rollcall_domains` for `domains`. */
	public static function name( string $table ): string {
		return self::db()->prefix . 'rollcall_' . $table;
	}

	/** Puts full names in the place of `{domains}` and the like. */
	public static function named( string $sql ): string {
		return (string) preg_replace_callback(
			'/\{([a-z_]+)\}/',
			static fn ( array $found ): string => '`' . self::name( $found[1] ) . '`',
			$sql
		);
	}

	/**
	 * Tells wpdb that statements on our tables are UTF-8: a table that has ASCII columns too would count
	 * as ASCII, and any other text in a statement would be refused. A filter of wpdb.
	 */
	public static function charset( mixed $charset, mixed $table ): mixed {
		return is_string( $table ) && 1 === preg_match( '/^' . preg_quote( self::db()->base_prefix, '/' ) . '(?:\d+_)?rollcall_[a-z_]+$/i', $table )
			? 'utf8mb4'
			: $charset;
	}

	/** WordPress's connection to the database. */
	public static function db(): \wpdb {
		global $wpdb;
		return $wpdb instanceof \wpdb ? $wpdb : throw new \LogicException( 'WordPress has no database connection.' );
	}
}
