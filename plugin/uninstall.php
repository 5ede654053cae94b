<?php
/**
 * Deleting the plugin deletes its data where the setting says so; it is off by default.
 *
 * @package Rollcall
 */

declare( strict_types = 1 );

if ( ! defined( 'WP_UNINSTALL_PLUGIN' ) ) {
	return;
}

require_once __DIR__ . '/src/autoload.php';

Rollcall\Database\Removal::of_all_blogs();
