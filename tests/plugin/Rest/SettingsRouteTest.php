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
		'threshold'                => 3,
		'run_schedule'             => 'weekly',
		'run_sources'              => array( 'users', 'comments' ),
		'run_retention_days'       => 90,
		'signup_notices'           => 'daily',
		'signup_notice_recipients' => array( 'ada@rollcall.test' ),
		'webhook_url'              => '',
		'dead_man_url'             => 'https://ping.example/abc?token=canary',
		'webhook_secret'           => '',
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
			'a threshold of 0'        => array( array( 'settings' => array( 'threshold' => 0 ) + self::GOOD ) ),
			'no such rhythm'          => array( array( 'settings' => array( 'run_schedule' => 'hourly' ) + self::GOOD ) ),
			'a name as recipient'     => array( array( 'settings' => array( 'signup_notice_recipients' => array( 'Ada' ) ) + self::GOOD ) ),
			'a pasted list at night'  => array( array( 'settings' => array( 'run_sources' => array( 'paste' ) ) + self::GOOD ) ),
			'a file as webhook'       => array( array( 'settings' => array( 'webhook_url' => 'file:///etc/passwd' ) + self::GOOD ) ),
			'a webhook with password' => array( array( 'settings' => array( 'webhook_url' => 'https://a:b@hooks.example/' ) + self::GOOD ) ),
			'a mailbox as dead man'   => array( array( 'settings' => array( 'dead_man_url' => 'mailto:ada@rollcall.test' ) + self::GOOD ) ),
			'a dead man with a name'  => array( array( 'settings' => array( 'dead_man_url' => 'https://ada@ping.example/' ) + self::GOOD ) ),
			'a dead man with a back slash' => array( array( 'settings' => array( 'dead_man_url' => 'https://one.example\\@two.example/' ) + self::GOOD ) ),
			'one missing'             => array( array( 'settings' => array_slice( self::GOOD, 1 ) ) ),
			'a list'                  => array( array( 'settings' => array( 1, 2 ) ) ),
		);
	}

	public function test_the_secret_of_the_webhook_is_made_here_and_an_empty_one_asks_for_another(): void {
		self::log_in( self::ada() );
		$put    = static fn ( string $url, string $secret ): array => self::rest( 'PUT', '/rollcall/v1/settings', array( 'settings' => array( 'webhook_url' => $url, 'webhook_secret' => $secret ) + self::GOOD ) )->get_data();
		$first  = $put( 'https://hooks.example/rollcall', 'whsec_mine' )['webhook_secret'];
		self::assertMatchesRegularExpression( '/^whsec_[A-Za-z0-9+\/]{43}=$/', $first );
		self::assertSame( $first, $put( 'https://hooks.example/other', 'whsec_mine' )['webhook_secret'] );
		$second = $put( 'https://hooks.example/other', '' )['webhook_secret'];
		self::assertNotSame( $first, $second );
		self::assertSame( $second, Settings::get()['webhook_secret'] );
		self::assertStringNotContainsString( 'whsec_', (string) wp_json_encode( wp_load_alloptions() ), 'It is not read with every page.' );
		self::assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {audit} WHERE detail LIKE %s', '%whsec%' ) );
		self::assertSame( '', $put( '', $second )['webhook_secret'] );
		self::assertNotContains( $put( 'https://hooks.example/rollcall', $second )['webhook_secret'], array( $first, $second ) );
	}

	public function test_the_log_of_changes_holds_no_address(): void {
		self::log_in( self::ada() );
		$given = array( 'signup_notice_recipients' => array( 'canary@acme.example' ), 'webhook_url' => 'https://hooks.example/secret-path' ) + self::GOOD;
		self::assertSame( 200, self::rest( 'PUT', '/rollcall/v1/settings', array( 'settings' => $given ) )->get_status() );
		$noted = (string) Sql::value( 'SELECT detail FROM {audit} WHERE action = %s', 'settings_changed' );
		self::assertStringContainsString( 'threshold', $noted );
		self::assertDoesNotMatchRegularExpression( '/canary|secret-path/', $noted );
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
