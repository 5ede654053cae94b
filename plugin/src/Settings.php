<?php
declare( strict_types = 1 );

namespace Rollcall;

/**
 * Settings of this blog: one autoloaded option.
 *
 * @phpstan-import-type Settings from \Rollcall\Contract\Shapes as SettingsShape
 */
final class Settings {
	public const OPTION = 'rollcall_settings';

	private const DEFAULTS = array(
		'delete_data_on_uninstall' => false,
		'companies_public'         => false,
		'companies_wall_enabled'   => false,
		'companies_wall_minimum'   => 3,
	);

	/**
	 * Every setting, with its default where none was stored.
	 *
	 * @return SettingsShape
	 */
	public static function get(): array {
		$stored = get_option( self::OPTION, array() );
		$stored = is_array( $stored ) ? $stored : array();
		return array(
			'delete_data_on_uninstall' => (bool) ( $stored['delete_data_on_uninstall'] ?? self::DEFAULTS['delete_data_on_uninstall'] ),
			'companies_public'         => (bool) ( $stored['companies_public'] ?? self::DEFAULTS['companies_public'] ),
			'companies_wall_enabled'   => (bool) ( $stored['companies_wall_enabled'] ?? self::DEFAULTS['companies_wall_enabled'] ),
			'companies_wall_minimum'   => max( 1, self::integer( $stored['companies_wall_minimum'] ?? null, self::DEFAULTS['companies_wall_minimum'] ) ),
		);
	}

	/**
	 * Stores settings that the contract's `settings` shape accepted.
	 *
	 * @param SettingsShape $settings
	 */
	public static function update( array $settings ): void {
		update_option( self::OPTION, $settings, true );
	}

	private static function integer( mixed $stored, int $otherwise ): int {
		return is_numeric( $stored ) ? (int) $stored : $otherwise;
	}
}
