<?php
/**
 * Loads the WordPress of this run with the plugin active, then runs PHPUnit with the arguments given.
 * It is the main script, since WordPress sets its globals as plain variables. Started by companion/src/dev/phpunit.ts.
 */

declare( strict_types = 1 );

$site = getenv( 'ROLLCALL_TEST_SITE' );
if ( ! is_string( $site ) || '' === $site ) {
	fwrite( STDERR, "Run the tests with: node companion/src/dev/phpunit.ts --db=sqlite\n" );
	exit( 1 );
}

$_SERVER['HTTP_HOST']       = 'rollcall.test';
$_SERVER['SERVER_NAME']     = 'rollcall.test';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_METHOD']  = 'GET';
$_SERVER['REQUEST_URI']     = '/';
$_SERVER['REMOTE_ADDR']     = '127.0.0.1';
$_SERVER['PHP_SELF']        = '/index.php';

require $site . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/user.php';
require_once dirname( __DIR__, 2 ) . '/vendor/autoload.php';

Rollcall\Plugin::activate();
if ( is_string( getenv( 'ROLLCALL_RECORD' ) ) ) {
	Rollcall\Tests\Migrations\Recorder::start( (string) getenv( 'ROLLCALL_RECORD' ) );
}
Rollcall\Tests\Baseline::take();

exit( ( new PHPUnit\TextUI\Application() )->run( $argv ) );
