<?php
declare( strict_types = 1 );

namespace Rollcall\Users;

use Rollcall\Capabilities;
use Rollcall\Database\Migrator;
use Rollcall\Database\UsersScreen as Rows;
use Rollcall\RollcallError;

/** A column and a filter in WordPress's Users screen, for those who may see reports. */
final class UsersScreen {
	public const COLUMN = 'rollcall_company';

	/** What the filter begins with when a batch follows. */
	private const BATCH = 'batch:';

	/** @var array<int, array{name: string, batch: string, website: string|null, others: int}|null> By user id; null for no company. */
	private static array $companies = array();

	/**
	 * Filter manage_users_columns.
	 *
	 * @param array<string, string> $columns
	 * @return array<string, string>
	 */
	public static function columns( array $columns ): array {
		return self::is_shown() ? $columns + array( self::COLUMN => __( 'Company', 'rollcall' ) ) : $columns;
	}

	/** Filter manage_users_custom_column: a cell. The first one reads the companies of all users of the page. */
	public static function cell( string $cell, string $column, int $user_id ): string {
		if ( self::COLUMN !== $column || ! self::is_shown() ) {
			return $cell;
		}
		if ( ! array_key_exists( $user_id, self::$companies ) ) {
			self::prime( $user_id );
		}
		$company    = self::$companies[ $user_id ] ?? null;
		$batch_link = null === $company || '' === $company['batch'] ? '' : add_query_arg( self::COLUMN, rawurlencode( self::BATCH . $company['batch'] ), admin_url( 'users.php' ) );
		ob_start();
		require dirname( __DIR__, 2 ) . '/templates/users-column.php';
		return trim( (string) ob_get_clean() );
	}

	/** Action manage_users_extra_tablenav: the filter above the table. */
	public static function filter( string $which ): void {
		if ( 'top' !== $which || ! self::is_shown() ) {
			return;
		}
		try {
			$batches = Rows::batches();
		} catch ( RollcallError ) {
			return;
		}
		$chosen = self::chosen();
		$prefix = self::BATCH;
		require dirname( __DIR__, 2 ) . '/templates/users-filter.php';
	}

	/**
	 * Filter users_list_table_query_args: what was chosen goes along with the query of the table, and of no other.
	 *
	 * @param array<string, mixed> $args
	 * @return array<string, mixed>
	 */
	public static function args( array $args ): array {
		return '' === self::chosen() || ! self::is_shown() ? $args : array( self::COLUMN => self::chosen() ) + $args;
	}

	/** Action pre_user_query. */
	public static function narrow( \WP_User_Query $query ): void {
		$chosen = $query->query_vars[ self::COLUMN ] ?? '';
		if ( ! is_string( $chosen ) || '' === $chosen || ! Migrator::is_current() ) {
			return;
		}
		try {
			if ( str_starts_with( $chosen, self::BATCH ) ) {
				Rows::narrow( $query, 'batch', substr( $chosen, strlen( self::BATCH ) ) );
			} elseif ( 'listed' === $chosen || 'unlisted' === $chosen ) {
				Rows::narrow( $query, $chosen );
			}
		} catch ( RollcallError $error ) {
			// phpcs:ignore WordPress.PHP.DevelopmentFunctions.error_log_error_log -- the Users screen has no place for it.
			error_log( 'Rollcall: the users were not filtered: ' . $error->getMessage() );
		}
	}

	/** Filter found_users_query. */
	public static function total( string $sql, \WP_User_Query $query ): string {
		return Rows::total( $sql, $query );
	}

	/** Forgets what was read; for the next page in the same process. */
	public static function forget(): void {
		self::$companies = array();
	}

	private static function prime( int $user_id ): void {
		$table = $GLOBALS['wp_list_table'] ?? null;
		$items = $table instanceof \WP_List_Table && is_array( $table->items ) ? $table->items : array();
		$ids   = array( $user_id );
		foreach ( $items as $item ) {
			if ( $item instanceof \WP_User ) {
				$ids[] = $item->ID;
			}
		}
		$ids = array_values( array_unique( $ids ) );
		try {
			self::$companies = Rows::companies( $ids ) + array_fill_keys( $ids, null );
		} catch ( RollcallError ) {
			self::$companies += array_fill_keys( $ids, null );
		}
	}

	/** What the filter says; empty when nothing or nonsense. */
	private static function chosen(): string {
		// phpcs:ignore WordPress.Security.NonceVerification.Recommended, WordPress.Security.ValidatedSanitizedInput -- It only chooses what is shown, and is compared or prepared.
		$chosen = $_GET[ self::COLUMN ] ?? '';
		$chosen = is_string( $chosen ) ? wp_unslash( $chosen ) : '';
		$is_ok  = in_array( $chosen, array( 'listed', 'unlisted' ), true ) || ( str_starts_with( $chosen, self::BATCH ) && strlen( $chosen ) <= 300 && 1 === preg_match( '//u', $chosen ) );
		return $is_ok ? $chosen : '';
	}

	private static function is_shown(): bool {
		return current_user_can( Capabilities::VIEW ) && current_user_can( 'list_users' ) && Migrator::is_current();
	}
}
