<?php
/**
 * Loads the plugin's own classes; uninstall.php needs it without the plugin being active.
 *
 * @package Rollcall
 */

declare( strict_types = 1 );

namespace Rollcall;

if ( ! defined( 'ABSPATH' ) ) {
	return;
}

spl_autoload_register(
	static function ( string $name ): void {
		foreach ( array( 'Rollcall\\Contract\\' => '/contract/', 'Rollcall\\' => '/src/' ) as $prefix => $folder ) {
			if ( str_starts_with( $name, $prefix ) ) {
				$file = dirname( __DIR__ ) . $folder . strtr( substr( $name, strlen( $prefix ) ), '\\', '/' ) . '.php';
				if ( is_file( $file ) ) {
					require_once $file;
				}
				return;
			}
		}
	}
);
