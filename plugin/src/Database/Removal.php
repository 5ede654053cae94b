<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Capabilities;
use Rollcall\Rest\RateLimitInsurance;
use Rollcall\Settings;

/** Takes the plugin's traces out of WordPress. */
final class Removal {
	/** What uninstalling does: every blog loses its data when its own setting says so, and keeps it otherwise. */
	public static function of_all_blogs(): void {
		if ( ! is_multisite() ) {
			self::of_this_blog();
			return;
		}
		/** @var list<int> $sites */
		$sites = get_sites( array( 'fields' => 'ids', 'number' => 0 ) );
		foreach ( $sites as $site_id ) {
			switch_to_blog( $site_id );
			self::of_this_blog();
			restore_current_blog();
		}
	}

	/** Takes the plugin's events of this blog out of WP-Cron. */
	public static function events(): void {
		foreach ( _get_cron_array() as $hooks ) {
			foreach ( array_keys( is_array( $hooks ) ? $hooks : array() ) as $hook ) {
				if ( str_starts_with( (string) $hook, 'rollcall_' ) ) {
					wp_unschedule_hook( (string) $hook );
				}
			}
		}
	}

	private static function of_this_blog(): void {
		self::events();
		if ( ! Settings::get()['delete_data_on_uninstall'] ) {
			return;
		}
		Schema::drop_all();
		Capabilities::revoke();
		self::options();
		self::user_settings();
		RateLimitInsurance::forget();
	}

	/** Removes options and transients, through WordPress so that its cache knows. */
	private static function options(): void {
		$patterns = array( 'rollcall_', '_transient_rollcall_', '_transient_timeout_rollcall_' );
		foreach ( $patterns as $prefix ) {
			$names = Sql::column( 'SELECT option_name FROM %i WHERE option_name LIKE %s', Table::db()->options, Sql::like( $prefix ) . '%' );
			array_map( 'delete_option', $names );
		}
	}

	/** Removes what users of this blog had the plugin remember for them. */
	private static function user_settings(): void {
		$prefix = Table::db()->get_blog_prefix() . 'rollcall_';
		$names  = Sql::column( 'SELECT DISTINCT meta_key FROM %i WHERE meta_key LIKE %s', Table::db()->usermeta, Sql::like( $prefix ) . '%' );
		foreach ( $names as $name ) {
			delete_metadata( 'user', 0, $name, '', true );
		}
	}
}
