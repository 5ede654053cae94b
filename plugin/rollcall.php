<?php
/**
 * Plugin Name: Rollcall
 * Description: See which companies your users work at. Of your users, only e-mail domains leave WordPress.
 * Version: 0.2.0
 * Requires at least: 6.8
 * Requires PHP: 8.1
 * License: GPL-2.0-or-later
 * License URI: https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain: rollcall
 * Domain Path: /languages
 *
 * @package Rollcall
 */

declare( strict_types = 1 );

if ( ! defined( 'ABSPATH' ) || defined( 'ROLLCALL_FILE' ) ) {
	return;
}
if ( version_compare( PHP_VERSION, '8.1', '<' ) || version_compare( get_bloginfo( 'version' ), '6.8-alpha', '<' ) ) {
	return;
}

define( 'ROLLCALL_FILE', __FILE__ );
define( 'ROLLCALL_VERSION', '0.2.0' );

require_once __DIR__ . '/src/autoload.php';

Rollcall\Plugin::boot();
