<?php
declare( strict_types = 1 );

namespace Rollcall;

use Rollcall\Admin\DashboardWidget;
use Rollcall\Admin\Page;
use Rollcall\Admin\Privacy;
use Rollcall\Admin\SiteHealth;
use Rollcall\Companion\Client;
use Rollcall\Database\Migrator;
use Rollcall\Database\Pruning;
use Rollcall\Database\Removal;
use Rollcall\Database\Schema;
use Rollcall\Database\Table;
use Rollcall\Matching\Export;
use Rollcall\Matching\RunProgress;
use Rollcall\Matching\Schedule;
use Rollcall\Rest\Ajax;
use Rollcall\Rest\Auth;
use Rollcall\Rest\Resource;
use Rollcall\Shortcodes\Companies;
use Rollcall\Shortcodes\Matcher;
use Rollcall\Shortcodes\Shortcode;
use Rollcall\Shortcodes\Status;
use Rollcall\Users\SignupNotices;
use Rollcall\Users\UserDomains;
use Rollcall\Users\UsersScreen;

/** What the plugin hooks into WordPress, on one screen. */
final class Plugin {
	/** Event of WP-Cron that prunes when no companion has called for a day. */
	public const PRUNE_EVENT = 'rollcall_prune';

	/** Adds every hook of the plugin; nothing runs yet. */
	public static function boot(): void {
		register_activation_hook( ROLLCALL_FILE, array( self::class, 'activate' ) );
		register_deactivation_hook( ROLLCALL_FILE, array( self::class, 'deactivate' ) );
		add_action( 'activated_plugin', array( self::class, 'wake_companion' ) );

		// Tables: made where they are first needed, never in a visitor's page.
		add_action( 'admin_init', array( Migrator::class, 'ensure' ), 1 );
		add_action( 'rest_api_init', array( Migrator::class, 'ensure' ), 1 );
		add_filter( 'pre_get_table_charset', array( Table::class, 'charset' ), 10, 2 );
		add_filter( 'wpmu_drop_tables', array( Schema::class, 'with_blog_tables' ), 10, 2 );
		add_action( self::PRUNE_EVENT, array( Pruning::class, 'when_silent' ) );

		// Users and runs.
		add_action( 'user_register', array( UserDomains::class, 'registered' ), 10, 1 );
		add_action( 'profile_update', array( UserDomains::class, 'changed' ), 10, 1 );
		add_action( 'wpmu_new_user', array( UserDomains::class, 'registered' ), 10, 1 );
		add_action( 'deleted_user', array( UserDomains::class, 'deleted' ), 10, 1 );
		add_action( 'add_user_to_blog', array( UserDomains::class, 'added' ), 10, 3 );
		add_action( 'remove_user_from_blog', array( UserDomains::class, 'removed' ), 10, 2 );
		add_action( SignupNotices::EVENT, array( SignupNotices::class, 'tick' ) );
		add_action( 'shutdown', array( SignupNotices::class, 'hurry' ) );
		add_filter( 'manage_users_columns', array( UsersScreen::class, 'columns' ) );
		add_filter( 'manage_users_custom_column', array( UsersScreen::class, 'cell' ), 10, 3 );
		add_action( 'manage_users_extra_tablenav', array( UsersScreen::class, 'filter' ) );
		add_filter( 'users_list_table_query_args', array( UsersScreen::class, 'args' ) );
		add_action( 'pre_user_query', array( UsersScreen::class, 'narrow' ) );
		add_filter( 'found_users_query', array( UsersScreen::class, 'total' ), 10, 2 );
		add_action( RunProgress::TICK_EVENT, array( RunProgress::class, 'tick' ) );
		add_action( Schedule::EVENT, array( Schedule::class, 'cron' ) );
		add_filter( 'rest_pre_serve_request', array( Export::class, 'serve' ), 10, 3 );

		// Where WordPress shows plugins.
		add_action( 'wp_dashboard_setup', array( DashboardWidget::class, 'add' ) );
		add_filter( 'site_status_tests', array( SiteHealth::class, 'tests' ) );
		add_filter( 'debug_information', array( SiteHealth::class, 'debug' ) );
		add_action( 'admin_init', array( Privacy::class, 'policy' ) );
		add_filter( 'wp_privacy_personal_data_exporters', array( Privacy::class, 'exporters' ) );
		add_filter( 'wp_privacy_personal_data_erasers', array( Privacy::class, 'erasers' ) );
		add_action( 'init', array( Companies::class, 'register_style' ) );
		add_action( 'init', array( Matcher::class, 'register_style' ) );
		add_action( 'init', array( Status::class, 'register_style' ) );
		add_action( 'init', array( Shortcode::class, 'register' ) );

		// REST. Signed routes are answered last of all, whatever other plugins do to REST.
		add_action( 'rest_api_init', array( Resource::class, 'register' ) );
		add_filter( 'rest_pre_dispatch', array( Resource::class, 'refuse_early' ), 10, 3 );
		add_filter( 'rest_pre_dispatch', array( Auth::class, 'answer_signed' ), PHP_INT_MAX, 3 );
		add_filter( 'rest_authentication_errors', array( Auth::class, 'let_verified_through' ), PHP_INT_MAX );
		foreach ( array( 'wp_ajax_', 'wp_ajax_nopriv_' ) as $hook ) {
			add_action( $hook . 'rollcall_exchange', array( Ajax::class, 'exchange' ) );
			add_action( $hook . 'rollcall_pair', array( Ajax::class, 'pair' ) );
		}

		// The admin page.
		add_action( 'admin_menu', array( Page::class, 'menu' ) );
		add_filter( 'plugin_action_links_' . plugin_basename( ROLLCALL_FILE ), array( Page::class, 'action_links' ) );
		add_action( 'admin_enqueue_scripts', array( Page::class, 'enqueue' ) );
		add_filter( 'submenu_file', array( Page::class, 'current_entry' ) );
		add_filter( 'admin_title', array( Page::class, 'window_title' ), 10, 2 );
	}

	/** Makes the tables of this blog; on multisite the other blogs make theirs when they first need them. */
	public static function activate(): void {
		self::create_tables();
		Pruning::schedule();
		Schedule::plan();
	}

	/** After a goodbye the companion asks every 15 minutes only. Runs once WordPress has stored that the plugin is on,
	 *  so that the companion's call back finds its routes. */
	public static function wake_companion( string $plugin_file ): void {
		if ( plugin_basename( ROLLCALL_FILE ) === $plugin_file ) {
			Client::wake();
		}
	}

	/** Brings the tables up to date; does nothing when they are. */
	public static function create_tables(): void {
		Migrator::ensure();
	}

	/** Says goodbye to the companion and takes the plugin's events of this blog out of WP-Cron. Tables and settings stay. */
	public static function deactivate(): void {
		Client::goodbye();
		Removal::events();
	}
}
