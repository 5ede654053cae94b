<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Admin;

use Rollcall\Admin\Page;
use Rollcall\Capabilities;
use Rollcall\Tests\TestCase;

final class PageTest extends TestCase {
	protected function setUp(): void {
		parent::setUp();
		require_once ABSPATH . 'wp-admin/includes/plugin.php';
		$GLOBALS['menu']        = array();
		$GLOBALS['submenu']     = array();
		$GLOBALS['plugin_page'] = Page::SLUG;
	}

	protected function tearDown(): void {
		unset( $GLOBALS['menu'], $GLOBALS['submenu'], $GLOBALS['plugin_page'] );
		parent::tearDown();
	}

	public function test_each_screen_has_an_entry_of_its_own_for_an_administrator(): void {
		self::log_in( self::ada() );
		self::assertSame(
			array(
				'rollcall'                           => 'Overview',
				'admin.php?page=rollcall&screen=matcher' => 'Matcher',
				'admin.php?page=rollcall&screen=runs'    => 'Runs',
				'admin.php?page=rollcall&screen=companies' => 'Companies',
				'admin.php?page=rollcall&screen=rules'   => 'Rules',
				'admin.php?page=rollcall&screen=monitors' => 'Monitors',
				'admin.php?page=rollcall&screen=connect' => 'Connect',
				'admin.php?page=rollcall&screen=payloads' => 'What left the site',
				'admin.php?page=rollcall&screen=settings' => 'Settings',
			),
			self::entries()
		);
	}

	public function test_the_plugins_screen_leads_to_the_page_for_who_may_open_it(): void {
		self::assertSame( array( 'deactivate' => 'x' ), Page::action_links( array( 'deactivate' => 'x' ) ) );
		self::log_in( self::ada() );
		$links = apply_filters( 'plugin_action_links_' . plugin_basename( ROLLCALL_FILE ), array( 'deactivate' => 'x' ) );
		self::assertSame( array( 'rollcall', 'deactivate' ), array_keys( $links ) );
		self::assertStringContainsString( 'admin.php?page=rollcall"', $links['rollcall'] );
	}

	public function test_who_may_only_look_has_no_entry_for_settings_and_payloads(): void {
		get_user_by( 'id', self::ed() )->add_cap( Capabilities::VIEW );
		self::log_in( self::ed() );
		self::assertSame( array( 'Overview', 'Matcher', 'Runs', 'Companies', 'Rules', 'Monitors', 'Connect' ), array_values( self::entries() ) );
	}

	public function test_who_may_not_look_has_no_entry_at_all(): void {
		self::log_in( self::vi() );
		self::assertSame( array(), self::entries() );
	}

	public function test_the_entry_of_the_screen_in_the_address_is_marked(): void {
		foreach ( array( '' => 'rollcall', 'connect' => 'admin.php?page=rollcall&screen=connect', 'nowhere' => 'rollcall' ) as $screen => $entry ) {
			$_GET['screen'] = $screen;
			self::assertSame( $entry, Page::current_entry( 'x' ) );
		}
		$_GET['screen'] = array( 'connect' );
		self::assertSame( 'rollcall', Page::current_entry( 'x' ) );
		$GLOBALS['plugin_page'] = 'another';
		self::assertSame( 'x', Page::current_entry( 'x' ) );
	}

	public function test_the_title_of_the_window_names_the_screen(): void {
		$_GET['screen'] = 'matcher';
		self::assertSame( 'Matcher ‹ Rollcall ‹ Site — WordPress', Page::window_title( 'Overview ‹ Site — WordPress', 'Overview' ) );
		$GLOBALS['plugin_page'] = 'another';
		self::assertSame( 'Posts ‹ Site', Page::window_title( 'Posts ‹ Site', 'Posts' ) );
	}

	public function test_a_missing_build_and_a_missing_script_are_said_in_words(): void {
		self::assertStringContainsString( 'run its build', (string) Page::missing( null ) );
		self::assertNull( Page::missing( array( 'dependencies' => array( 'wp-element', 'wp-components' ), 'version' => '1' ) ) );
		$message = (string) Page::missing( array( 'dependencies' => array( 'wp-element', 'wp-not-there' ), 'version' => '1' ) );
		self::assertStringContainsString( 'wp-not-there', $message );
		self::assertStringNotContainsString( 'wp-element', $message );
	}

	public function test_nothing_is_loaded_on_other_pages(): void {
		self::log_in( self::ada() );
		Page::enqueue( 'edit.php' );
		self::assertFalse( wp_script_is( Page::HANDLE, 'enqueued' ) );
	}

	/** @return array<string, string> Titles by slug, of the entries that the user may open. */
	private static function entries(): array {
		Page::menu();
		$entries = $GLOBALS['submenu'][ Page::SLUG ] ?? array();
		$allowed = array_filter( $entries, static fn ( array $entry ): bool => current_user_can( $entry[1] ) );
		return array_column( $allowed, 0, 2 );
	}
}
