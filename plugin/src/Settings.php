<?php
declare( strict_types = 1 );

namespace Rollcall;

/**
 * Settings of this blog: one autoloaded option, and the webhook's secret in one that is not.
 *
 * @phpstan-import-type Settings from \Rollcall\Contract\Shapes as SettingsShape
 */
final class Settings {
	public const OPTION = 'rollcall_settings';
	public const SECRET = 'rollcall_webhook_secret';

	private const DEFAULTS = array(
		'delete_data_on_uninstall' => false,
		'companies_public'         => false,
		'companies_wall_enabled'   => false,
		'companies_wall_minimum'   => 3,
		'threshold'                => 1,
		'run_schedule'             => 'off',
		'run_sources'              => array( 'users' ),
		'run_retention_days'       => 400,
		'signup_notices'           => 'off',
		'signup_notice_recipients' => array(),
		'webhook_url'              => '',
		'dead_man_url'             => '',
	);

	/**
	 * Every setting, with its default where none was stored. The secret is empty while no webhook is set.
	 *
	 * @return SettingsShape
	 */
	public static function get(): array {
		$stored   = get_option( self::OPTION, array() );
		$settings = array();
		foreach ( self::DEFAULTS as $name => $default ) {
			$value             = is_array( $stored ) ? $stored[ $name ] ?? $default : $default;
			$value             = gettype( $value ) === gettype( $default ) ? $value : $default;
			$settings[ $name ] = is_int( $value ) ? max( 1, $value ) : $value;
		}
		$secret                     = '' === $settings['webhook_url'] ? '' : get_option( self::SECRET, '' );
		$settings['webhook_secret'] = is_string( $secret ) ? $secret : '';
		/** @var SettingsShape $settings Stored by update(), which took what the contract accepted. */
		return $settings;
	}

	/**
	 * Stores settings that the contract's `settings` shape accepted. The secret of the webhook is made here when its
	 * address is set for the first time or the secret is given empty; any other text in its place is ignored.
	 *
	 * @param SettingsShape $settings
	 * @throws RollcallError `bad_request`: names the setting that cannot be; nothing is stored.
	 */
	public static function update( array $settings ): void {
		$problem = self::problem( $settings );
		if ( null !== $problem ) {
			throw new RollcallError( 'bad_request', $problem );
		}
		$known = get_option( self::SECRET, '' );
		if ( '' === $settings['webhook_url'] ) {
			delete_option( self::SECRET );
		} elseif ( '' === $settings['webhook_secret'] || '' === $known ) {
			update_option( self::SECRET, 'whsec_' . base64_encode( random_bytes( 32 ) ), false );
		}
		update_option( self::OPTION, array_intersect_key( $settings, self::DEFAULTS ), true );
	}

	/**
	 * What the contract cannot say of settings.
	 *
	 * @param SettingsShape $settings
	 */
	private static function problem( array $settings ): ?string {
		foreach ( $settings['signup_notice_recipients'] as $number => $recipient ) {
			if ( false === is_email( $recipient ) ) {
				return sprintf( 'signup_notice_recipients[%d] is not an e-mail address.', $number );
			}
		}
		if ( in_array( 'paste', $settings['run_sources'], true ) ) {
			return 'run_sources: a run that starts by itself has no pasted list.';
		}
		foreach ( array( 'webhook_url', 'dead_man_url' ) as $name ) {
			if ( '' !== $settings[ $name ] && ! self::is_web_address( $settings[ $name ] ) ) {
				return "$name is not an http(s) address without user name and password.";
			}
		}
		return null;
	}

	/** Whether the guard of the companion may be asked at all; what the name leads to is judged there. */
	private static function is_web_address( string $url ): bool {
		$parts = 1 === preg_match( '#^https?://[^\s\\\\\x00-\x1F\x7F]+$#iD', $url ) ? wp_parse_url( $url ) : false;
		return is_array( $parts ) && '' !== ( $parts['host'] ?? '' ) && ! str_contains( $parts['host'], '@' ) && ! isset( $parts['user'] ) && ! isset( $parts['pass'] );
	}
}
