<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Capabilities;
use Rollcall\Clock;
use Rollcall\Contract;
use Rollcall\Database\Audit;
use Rollcall\Matching\Schedule;
use Rollcall\Matching\Webhook;
use Rollcall\RollcallError;
use Rollcall\Settings;

/**
 * GET and PUT /settings.
 *
 * @phpstan-import-type Route from Resource
 * @phpstan-import-type Settings from \Rollcall\Contract\Shapes as SettingsShape
 */
final class SettingsRoute {
	/** What the log of changes leaves out: secrets and addresses of people. Addresses that are called are secrets, too. */
	private const UNNOTED = array(
		'webhook_secret'           => true,
		'webhook_url'              => true,
		'dead_man_url'             => true,
		'signup_notice_recipients' => true,
	);

	/** @return list<Route> */
	public static function routes(): array {
		$route = array(
			'route'      => '/settings',
			'auth'       => 'admin',
			'capability' => Capabilities::SETTINGS,
			'schema'     => 'settings',
		);
		return array(
			$route + array(
				'methods'  => 'GET',
				'callback' => array( Settings::class, 'get' ),
			),
			$route + array(
				'methods'  => 'PUT',
				'callback' => array( self::class, 'put' ),
				'args'     => Contract::args( array( 'settings' => 'settings' ) ),
			),
		);
	}

	/**
	 * PUT /settings.
	 *
	 * @return SettingsShape
	 * @throws RollcallError `bad_request`.
	 */
	public static function put( \WP_REST_Request $request ): array {
		/** @var SettingsShape $settings Core has checked and sanitised it by the contract. */
		$settings = $request['settings'];
		$now_ms   = Clock::now_ms();
		Settings::update( $settings );
		Audit::note( 'settings_changed', (string) wp_json_encode( array_diff_key( $settings, self::UNNOTED ) ), $now_ms );
		Webhook::cancel_others( $now_ms );
		Schedule::plan();
		return Settings::get();
	}
}
