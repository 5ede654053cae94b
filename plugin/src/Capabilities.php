<?php
declare( strict_types = 1 );

namespace Rollcall;

/** The plugin's own rights: look at reports, run things, change settings. */
final class Capabilities {
	public const VIEW     = 'rollcall_view';
	public const MANAGE   = 'rollcall_manage';
	public const SETTINGS = 'rollcall_settings';
	public const ALL      = array( self::VIEW, self::MANAGE, self::SETTINGS );

	/** Gives administrators of this blog every right; an admin may take them away again. */
	public static function grant(): void {
		$role = get_role( 'administrator' );
		foreach ( self::ALL as $capability ) {
			if ( null !== $role && ! $role->has_cap( $capability ) ) {
				$role->add_cap( $capability );
			}
		}
	}

	/** Takes every right from every role of this blog. */
	public static function revoke(): void {
		foreach ( wp_roles()->role_objects as $role ) {
			foreach ( self::ALL as $capability ) {
				if ( isset( $role->capabilities[ $capability ] ) ) {
					$role->remove_cap( $capability );
				}
			}
		}
	}
}
