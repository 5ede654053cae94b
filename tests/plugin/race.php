<?php
/**
 * One of several processes that do the same at the same instant; started by RaceTest.
 * Arguments: instant in milliseconds, what to do, JSON of its input, number of the process. Prints JSON of what came out.
 */

declare( strict_types = 1 );

$_SERVER['HTTP_HOST']   = 'rollcall.test';
$_SERVER['REQUEST_URI'] = '/';

// WordPress prints its own deprecations on a network.
ob_start();
require getenv( 'ROLLCALL_TEST_SITE' ) . '/wp-load.php';
ob_end_clean();

[ , $at_ms, $what, $input ] = $argv;
$given                      = json_decode( $input, true );
if ( in_array( $what, array( 'sites', 'many' ), true ) ) {
	// Made before, so that what races is the work itself.
	rest_get_server();
	wp_set_current_user( 1 );
}
usleep( max( 0, (int) ( ( (int) $at_ms - microtime( true ) * 1000 ) * 1000 ) ) );

/**
 * What a POST answers.
 *
 * @param array<string, mixed> $body
 */
function race_rest( string $route, array $body ): mixed {
	$request = new WP_REST_Request( 'POST', "/rollcall/v1$route" );
	$request->set_header( 'content-type', 'application/json' );
	$request->set_body( (string) json_encode( $body ) );
	return rest_do_request( $request )->get_data();
}

try {
	$answer = match ( $what ) {
		'nonce' => Rollcall\Database\Nonces::remember( $given['kid'], $given['nonce'], 1 ),
		'batch' => Rollcall\Companion\Ingest::store( $given, 'a1b2c3d4e5f60718-1', 1 ),
		'batches' => count( array_map( static fn ( array $batch ): array => Rollcall\Companion\Ingest::store( $batch, 'a1b2c3d4e5f60718-1', $given['now_ms'] ), $given['batches'][ (int) $argv[4] ] ) ),
		'run'   => Rollcall\Matching\RunProgress::start( 1, true, 1 ),
		'mail'  => add_filter( 'pre_wp_mail', '__return_true' ) ? Rollcall\Users\SignupNotices::send( $given['now_ms'] ) : null,
		'step'  => Rollcall\Matching\RunProgress::advance( 1 ),
		'sites' => race_rest( '/monitors/companies', array( 'monitors' => array( 'companies' => array() ) ) ),
		'many'  => race_rest( '/monitors/many', array( 'monitors' => array( 'monitors' => $given ) ) ),
		'limit' => Rollcall\Database\RateLimits::take( $given['name'], $given['limit'], 60000, $given['now_ms'] )['retry_after_ms'],
	};
} catch ( Rollcall\RollcallError $error ) {
	$answer = $error->error_code . ' ' . $error->getMessage();
}
echo json_encode( $answer );
