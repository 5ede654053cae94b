<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Contract;
use Rollcall\Database\Sql;
use Rollcall\Database\Table;
use Rollcall\Settings;
use Rollcall\Tests\TestCase;

final class SettingsRouteTest extends TestCase {
	private const GOOD = array(
		'delete_data_on_uninstall' => false,
		'companies_public'         => false,
		'companies_wall_enabled'   => true,
		'companies_wall_minimum'   => 7,
	);

	public function test_settings_are_stored_and_the_change_is_noted(): void {
		self::log_in( self::ada() );
		self::assertTrue( Contract::check( 'settings', self::rest( 'GET', '/rollcall/v1/settings' )->get_data() ) );
		self::assertSame( self::GOOD, self::rest( 'PUT', '/rollcall/v1/settings', array( 'settings' => self::GOOD ) )->get_data() );
		self::assertSame( self::GOOD, Settings::get() );
		self::assertSame( (string) self::ada(), Sql::value( "SELECT user_id FROM {audit} WHERE action = 'settings_changed'" ) );
	}

	/**
	 * T4: nothing but the plugin's own settings can be written, whatever is sent.
	 *
	 * @param array<string, mixed> $body
	 */
	#[DataProvider( 'bad_bodies' )]
	public function test_a_bad_body_changes_no_option( array $body ): void {
		self::log_in( self::ada() );
		$before = self::options();
		self::assertSame( 400, self::rest( 'PUT', '/rollcall/v1/settings', $body )->get_status() );
		self::assertSame( $before, self::options() );
	}

	/** @return array<string, array{array<string, mixed>}> */
	public static function bad_bodies(): array {
		return array(
			'a role for new users'    => array( array( 'settings' => self::GOOD + array( 'default_role' => 'administrator' ) ) ),
			'registration'            => array( array( 'settings' => self::GOOD, 'users_can_register' => 1 ) ),
			'a minimum of 0'          => array( array( 'settings' => array( 'companies_wall_minimum' => 0 ) + self::GOOD ) ),
			'a minimum that is text'  => array( array( 'settings' => array( 'companies_wall_minimum' => 'many' ) + self::GOOD ) ),
			'a flag that is a word'   => array( array( 'settings' => array( 'companies_public' => 'perhaps' ) + self::GOOD ) ),
			'one missing'             => array( array( 'settings' => array_slice( self::GOOD, 1 ) ) ),
			'a list'                  => array( array( 'settings' => array( 1, 2 ) ) ),
		);
	}

	public function test_only_those_who_may_change_settings_see_them(): void {
		get_role( 'editor' )?->add_cap( 'rollcall_manage' );
		self::log_in( self::ed() );
		self::assertSame( 403, self::rest( 'GET', '/rollcall/v1/settings' )->get_status() );
		self::assertSame( 403, self::rest( 'PUT', '/rollcall/v1/settings', array( 'settings' => self::GOOD ) )->get_status() );
		get_role( 'editor' )?->remove_cap( 'rollcall_manage' );
	}

	/** @return list<array<string, string|null>> */
	private static function options(): array {
		return Sql::rows( 'SELECT option_name, option_value FROM %i ORDER BY option_name', Table::db()->options );
	}
}
