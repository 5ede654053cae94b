<?php
declare( strict_types = 1 );

namespace Rollcall\Tests;

use PHPUnit\Framework\Attributes\Group;
use Rollcall\Capabilities;
use Rollcall\Database\Kv;
use Rollcall\Database\Migrator;
use Rollcall\Database\Schema;
use Rollcall\Database\Sql;
use Rollcall\Database\Table;
use Rollcall\Plugin;
use Rollcall\Rest\RateLimitInsurance;
use Rollcall\Settings;

final class UninstallTest extends TestCase {
	protected function tearDown(): void {
		RateLimitInsurance::forget();
		Schema::drop_all();
		delete_option( Migrator::OPTION );
		Plugin::activate();
		parent::tearDown();
	}

	public function test_keeps_all_data_by_default(): void {
		self::use_everything();
		self::assertFalse( Settings::get()['delete_data_on_uninstall'] );
		$before = self::traces();
		self::uninstall();
		self::assertSame( array( 'cron' => array() ) + $before, array( 'cron' => array() ) + self::traces() );
		self::assertSame( array(), self::traces()['cron'] );
		self::assertSame( 'value', Kv::get( 'kept' ) );
	}

	public function test_leaves_nothing_when_the_setting_says_so(): void {
		self::use_everything();
		Settings::update( array( 'delete_data_on_uninstall' => true ) + Settings::get() );
		self::assertNotContains( array(), self::traces() );
		self::uninstall();
		wp_cache_flush();
		self::assertSame(
			array( 'tables' => array(), 'options' => array(), 'cron' => array(), 'capabilities' => array(), 'user_settings' => array(), 'files' => array() ),
			self::traces()
		);
	}

	public function test_touches_nothing_of_others(): void {
		$db = Table::db();
		update_option( 'rollcallx', 'another plugin' );
		wp_schedule_single_event( time() + 60, 'another_event' );
		$db->query( "CREATE TABLE {$db->prefix}rollcallx (id INT)" );
		Settings::update( array( 'delete_data_on_uninstall' => true ) + Settings::get() );
		self::uninstall();
		wp_cache_flush();
		self::assertSame( 'another plugin', get_option( 'rollcallx' ) );
		self::assertIsInt( wp_next_scheduled( 'another_event' ) );
		self::assertNotNull( Sql::value( 'SHOW TABLES LIKE %s', Sql::like( $db->prefix . 'rollcallx' ) ) );
		$db->query( "DROP TABLE {$db->prefix}rollcallx" );
	}

	public function test_does_nothing_when_it_is_opened_directly(): void {
		$code = 'define( "ABSPATH", "/" ); require ' . var_export( dirname( ROLLCALL_FILE ) . '/uninstall.php', true ) . '; echo "nothing";';
		self::assertSame( 'nothing', shell_exec( PHP_BINARY . ' -r ' . escapeshellarg( $code ) ) );
	}

	public function test_deactivation_takes_the_events_and_keeps_the_rest(): void {
		self::use_everything();
		$before = self::traces();
		self::assertNotSame( array(), $before['cron'] );
		do_action( 'deactivate_' . plugin_basename( ROLLCALL_FILE ), false );
		self::assertSame( array( 'cron' => array() ) + $before, array( 'cron' => array() ) + self::traces() );
		self::assertSame( array(), self::traces()['cron'] );
	}

	#[Group( 'multisite' )]
	public function test_each_blog_is_asked_for_itself(): void {
		$blog_id = wp_insert_site( array( 'domain' => 'rollcall.test', 'path' => '/second/', 'title' => 'Second', 'user_id' => self::ada() ) );
		self::assertIsInt( $blog_id );
		self::use_everything();
		switch_to_blog( $blog_id );
		Plugin::activate();
		self::use_everything();
		Settings::update( array( 'delete_data_on_uninstall' => true ) + Settings::get() );
		restore_current_blog();
		self::uninstall();
		wp_cache_flush();
		self::assertSame( 'value', Kv::get( 'kept' ) );
		switch_to_blog( $blog_id );
		$second = self::traces();
		restore_current_blog();
		wp_delete_site( $blog_id );
		self::assertSame( array( 'tables' => array(), 'options' => array(), 'cron' => array(), 'capabilities' => array(), 'user_settings' => array(), 'files' => array() ), $second );
	}

	/** A trace of every kind. */
	private static function use_everything(): void {
		RateLimitInsurance::take( 'name', 5, 1000, 10_000, 1 );
		Kv::set( 'kept', 'value' );
		update_option( 'rollcall_keys', 'secret', false );
		set_transient( 'rollcall_pairing', 'code', 600 );
		wp_schedule_single_event( time() + 60, 'rollcall_other_event' );
		update_user_meta( self::ada(), Table::db()->get_blog_prefix() . 'rollcall_view', 'table' );
	}

	private static function uninstall(): void {
		if ( ! defined( 'WP_UNINSTALL_PLUGIN' ) ) {
			define( 'WP_UNINSTALL_PLUGIN', 'rollcall/rollcall.php' );
		}
		require dirname( ROLLCALL_FILE ) . '/uninstall.php';
	}

	/** @return array<string, list<string>> What the plugin has left on this blog. */
	private static function traces(): array {
		$db     = Table::db();
		$hooks  = array_merge( array(), ...array_map( 'array_keys', array_values( _get_cron_array() ) ) );
		$rights = array();
		foreach ( wp_roles()->roles as $name => $role ) {
			foreach ( array_intersect( Capabilities::ALL, array_keys( $role['capabilities'] ) ) as $capability ) {
				$rights[] = "$name $capability";
			}
		}
		return array(
			'tables'        => Sql::column( 'SHOW TABLES LIKE %s', Sql::like( $db->prefix . 'rollcall_' ) . '%' ),
			'options'       => Sql::column( 'SELECT option_name FROM %i WHERE option_name LIKE %s ORDER BY option_name', $db->options, '%' . Sql::like( 'rollcall_' ) . '%' ),
			'cron'          => array_values( array_unique( (array) preg_grep( '/^rollcall_/', $hooks ) ) ),
			'capabilities'  => $rights,
			'user_settings' => Sql::column( 'SELECT meta_key FROM %i WHERE meta_key LIKE %s ORDER BY meta_key', $db->usermeta, Sql::like( $db->get_blog_prefix() . 'rollcall_' ) . '%' ),
			'files'         => array_filter( array( RateLimitInsurance::path() ), 'is_file' ),
		);
	}
}
