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

	/** WordPress's connection to the database. */
	public static function db(): \wpdb {
		global $wpdb;
		return $wpdb instanceof \wpdb ? $wpdb : throw new \LogicException( 'WordPress has no database connection.' );
	}
}
