<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Clock;
use Rollcall\Companion\Derivation;
use Rollcall\Companion\Pairing;
use Rollcall\Contract;
use Rollcall\Database\Companions;
use Rollcall\Database\Kv;
use Rollcall\Database\Sql;
use Rollcall\Rest\Auth;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\TestCase;

final class AuthTest extends TestCase {
	protected function tearDown(): void {
		$_SERVER['REQUEST_URI']    = '/';
		$_SERVER['REQUEST_METHOD'] = 'GET';
		unset( $GLOBALS['HTTP_RAW_POST_DATA'], $GLOBALS['wp']->query_vars['rest_route'] );
		foreach ( array_keys( $_SERVER ) as $name ) {
			if ( str_starts_with( (string) $name, 'HTTP_X_ROLLCALL_' ) || 'CONTENT_TYPE' === $name ) {
				unset( $_SERVER[ $name ] );
			}
		}
		parent::tearDown();
	}

	public function test_answers_a_signed_call_with_a_signed_payload_of_the_contract(): void {
		$payload = PairedCompanion::pair()->exchange();
		$this->assertTrue( Contract::check( 'exchange_payload', $payload ) );
	}

	public function test_the_answer_is_not_cached(): void {
		$companion = PairedCompanion::pair();
		$response  = rest_do_request( $companion->request( PairedCompanion::body() ) );
		$this->assertSame( 'no-store', $response->get_headers()['Cache-Control'] );
	}

	/** @return iterable<string, array{callable(\WP_REST_Request): \WP_REST_Request}> */
	public static function flips(): iterable {
		$header = static fn( string $name, callable $change ): callable => static function ( \WP_REST_Request $request ) use ( $name, $change ): \WP_REST_Request {
			$request->set_header( $name, $change( (string) $request->get_header( $name ) ) );
			return $request;
		};
		$flip   = static fn( string $text ): string => substr( $text, 0, -1 ) . ( str_ends_with( $text, '0' ) ? '1' : '0' );
		foreach ( array( 'GET', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS' ) as $method ) {
			yield "method $method" => array( self::with( static fn( \WP_REST_Request $request ) => $request->set_method( $method ) ) );
		}
		yield 'path with a slash'    => array( self::with( static fn( \WP_REST_Request $request ) => $request->set_route( '/rollcall/v1/exchange/' ) ) );
		yield 'path in capitals'     => array( self::with( static fn( \WP_REST_Request $request ) => $request->set_route( '/Rollcall/v1/exchange' ) ) );
		yield 'query'                => array( self::with( array( self::class, 'add_query' ) ) );
		yield 'one byte of the body' => array( self::with( static fn( \WP_REST_Request $request ) => $request->set_body( str_replace( '0.1.0', '0.1.1', $request->get_body() ) ) ) );
		yield 'blank after the body' => array( self::with( static fn( \WP_REST_Request $request ) => $request->set_body( $request->get_body() . ' ' ) ) );
		yield 're-encoded body'      => array( self::with( static fn( \WP_REST_Request $request ) => $request->set_body( (string) wp_json_encode( json_decode( $request->get_body() ), JSON_PRETTY_PRINT ) ) ) );
		yield 'content type'         => array( $header( 'content_type', static fn(): string => 'text/plain' ) );
		yield 'content encoding'     => array( $header( 'content_encoding', static fn(): string => 'gzip' ) );
		yield 'timestamp'            => array( $header( 'x_rollcall_timestamp', $flip ) );
		yield 'nonce'                => array( $header( 'x_rollcall_nonce', $flip ) );
		yield 'number of the key'    => array( $header( 'x_rollcall_key', static fn(): string => PairedCompanion::ID . '-2' ) );
		yield 'unknown key'          => array( $header( 'x_rollcall_key', static fn(): string => 'ffffffffffffffff-1' ) );
		yield 'signature'            => array( $header( 'x_rollcall_signature', $flip ) );
		yield 'signature in capitals' => array( $header( 'x_rollcall_signature', 'strtoupper' ) );
		yield 'no signature'         => array( $header( 'x_rollcall_signature', static fn(): string => '' ) );
		foreach ( array( 'signature', 'timestamp', 'nonce', 'key' ) as $name ) {
			yield "$name twice" => array( self::with( static fn( \WP_REST_Request $request ) => $request->add_header( "x_rollcall_$name", $request->get_header( "x_rollcall_$name" ) ) ) );
			yield "$name with a line break" => array( $header( "x_rollcall_$name", static fn( string $value ): string => "$value\n" ) );
		}
	}

	/** @param callable(\WP_REST_Request): \WP_REST_Request $flip */
	#[DataProvider( 'flips' )]
	public function test_refuses_a_call_that_was_altered_on_its_way( callable $flip ): void {
		$companion = PairedCompanion::pair();
		$response  = rest_do_request( $flip( $companion->request( PairedCompanion::body() ) ) );
		$this->assertSame( array( 401, self::body_of_401() ), array( $response->get_status(), wp_json_encode( $response->get_data() ) ) );
		$this->assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {nonces}' ), 'Nothing is written before the signature holds.' );
		$this->assertNull( Companions::current()['last_seen_ms'] );
	}

	public function test_refuses_a_repeated_call_with_the_same_body_as_any_other(): void {
		$companion = PairedCompanion::pair();
		$request   = $companion->request( PairedCompanion::body() );
		$this->assertSame( 200, rest_do_request( $request )->get_status() );
		$again = rest_do_request( $request );
		$this->assertSame( array( 401, self::body_of_401() ), array( $again->get_status(), wp_json_encode( $again->get_data() ) ) );
	}

	public function test_refuses_every_call_when_nothing_is_paired(): void {
		$companion = new PairedCompanion( str_repeat( '0', 32 ), PairedCompanion::ID . '-1', array( 'c2w' => str_repeat( "\0", 32 ), 'w2c' => str_repeat( "\0", 32 ) ) );
		$response  = rest_do_request( $companion->request( PairedCompanion::body() ) );
		$this->assertSame( array( 401, self::body_of_401() ), array( $response->get_status(), wp_json_encode( $response->get_data() ) ), 'The dummy key opens nothing.' );
	}

	/** @return iterable<string, array{int, int}> */
	public static function skews(): iterable {
		yield 'now'                => array( 0, 200 );
		yield '299 s ahead'        => array( 299, 200 );
		yield '299 s behind'       => array( -299, 200 );
		yield '302 s ahead'        => array( 302, 401 );
		yield '302 s behind'       => array( -302, 401 );
		yield 'a year behind'      => array( -31536000, 401 );
	}

	#[DataProvider( 'skews' )]
	public function test_takes_clocks_that_differ_by_five_minutes( int $seconds, int $status ): void {
		$companion = PairedCompanion::pair();
		$this->assertSame( $status, $companion->answer( $companion->request( PairedCompanion::body(), time() + $seconds ) )[0] );
	}

	public function test_tells_its_time_signed_when_the_clocks_differ(): void {
		$companion            = PairedCompanion::pair();
		[ $status, $payload ] = $companion->answer( $companion->request( PairedCompanion::body(), time() - 3600 ) );
		$this->assertSame( 401, $status );
		$this->assertTrue( Contract::check( 'clock_payload', $payload ) );
		$this->assertEqualsWithDelta( microtime( true ) * 1000, $payload['now_ms'], 5000 );
		self::log_in( self::ada() );
		$this->assertSame( 'clock_skew', self::rest( 'GET', '/rollcall/v1/connection' )->get_data()['state'] );
		$companion->exchange();
		$this->assertSame( 'connected', self::rest( 'GET', '/rollcall/v1/connection' )->get_data()['state'] );
	}

	public function test_refuses_a_body_above_one_mebibyte_before_anything_else(): void {
		$request = new \WP_REST_Request( 'POST', '/rollcall/v1/exchange' );
		$request->set_body( str_repeat( 'x', Auth::MAXIMUM_BYTES + 1 ) );
		$this->assertSame( 413, rest_do_request( $request )->get_status() );
	}

	public function test_signs_what_it_says_of_a_body_that_is_not_of_the_contract(): void {
		$companion = PairedCompanion::pair();
		foreach ( array( 'not json', '[]', '{"exchange":[]}', '{"exchange":{},"more":1}' ) as $body ) {
			[ $status, $payload ] = $companion->answer( $companion->request( $body ) );
			$this->assertSame( array( 400, 'bad_request' ), array( $status, $payload['error_code'] ), $body );
			$this->assertTrue( Contract::check( 'error_payload', $payload ) );
		}
		[ $status ] = $companion->answer( $companion->request( PairedCompanion::body( array( 'default_role' => 'administrator' ) ) ) );
		$this->assertSame( 400, $status, 'Unknown keys are refused.' );
	}

	public function test_limits_the_calls_of_a_key(): void {
		$companion = PairedCompanion::pair();
		$companion->exchange();
		Sql::run( 'UPDATE {rate_limits} SET `current` = 600 WHERE `current` = 1 AND previous = 0 AND window_start_ms > %d', ( time() - 61 ) * 1000 );
		$response = rest_do_request( $companion->request( PairedCompanion::body() ) );
		$this->assertSame( 429, $response->get_status() );
		$this->assertGreaterThan( 0, (int) $response->get_headers()['Retry-After'] );
	}

	public function test_an_ending_of_the_pairing_counts_at_once(): void {
		$companion = PairedCompanion::pair();
		$companion->exchange();
		self::log_in( self::ada() );
		$this->assertSame( 'not_paired', self::rest( 'DELETE', '/rollcall/v1/connection' )->get_data()['state'] );
		self::log_in( 0 );
		$this->assertSame( 401, $companion->answer( $companion->request( PairedCompanion::body() ) )[0] );
	}

	public function test_a_companions_key_opens_no_other_route(): void {
		$companion = PairedCompanion::pair();
		foreach ( array( '/rollcall/v1/connection', '/rollcall/v1/companies', '/wp/v2/users/me', '/wp/v2/settings' ) as $route ) {
			$request = $companion->request( PairedCompanion::body() );
			$request->set_route( $route );
			$request->set_method( 'GET' );
			$request->set_body( '' );
			$this->assertSame( 401, rest_do_request( $request )->get_status(), $route );
		}
	}

	public function test_lets_a_verified_call_through_where_a_plugin_closed_rest(): void {
		$companion = PairedCompanion::pair();
		add_filter( 'rest_authentication_errors', static fn(): \WP_Error => new \WP_Error( 'rest_closed', 'Closed.', array( 'status' => 401 ) ) );
		$this->arrive( $companion->request( PairedCompanion::body() ) );
		$this->assertTrue( apply_filters( 'rest_authentication_errors', null ) );
	}

	public function test_keeps_rest_closed_to_a_call_that_does_not_verify(): void {
		$companion = PairedCompanion::pair();
		add_filter( 'rest_authentication_errors', static fn(): \WP_Error => new \WP_Error( 'rest_closed', 'Closed.', array( 'status' => 401 ) ) );
		$request = $companion->request( PairedCompanion::body() );
		$request->set_header( 'x_rollcall_nonce', str_repeat( '0', 32 ) );
		$this->arrive( $request );
		$this->assertSame( 'rest_closed', apply_filters( 'rest_authentication_errors', null )->get_error_code() );
		$this->arrive( $companion->request( PairedCompanion::body() ), '/wp/v2/users' );
		$this->assertSame( 'rest_closed', apply_filters( 'rest_authentication_errors', null )->get_error_code(), 'Only the signed routes are opened.' );
	}

	public function test_lets_a_companion_pair_where_a_plugin_closed_rest_when_it_knows_the_code(): void {
		add_filter( 'rest_authentication_errors', static fn(): \WP_Error => new \WP_Error( 'rest_closed', 'Closed.', array( 'status' => 401 ) ) );
		[ $pairing_id, $secret ] = explode( '.', Pairing::open( Clock::now_ms() )['code'] );
		foreach ( array( $secret => true, str_repeat( '0', 40 ) => false ) as $known => $opens ) {
			$pair        = array( 'pairing_id' => $pairing_id ) + PairedCompanion::pair_body();
			$pair['mac'] = Derivation::pair_mac( Derivation::root( (string) hex2bin( (string) $known ) ), $pair );
			$request     = new \WP_REST_Request( 'POST', '/rollcall/v1/pair' );
			$request->set_body( (string) wp_json_encode( array( 'pair' => $pair ) ) );
			$this->arrive( $request );
			$this->assertSame( $opens, true === apply_filters( 'rest_authentication_errors', null ) );
		}
		$this->assertSame( 0, Kv::get( 'pairing' )['wrong'], 'Looking costs no try.' );
	}

	public function test_two_companions_with_one_key_do_each_other_no_harm(): void {
		$companion = PairedCompanion::pair();
		$copy      = clone $companion;
		$first     = PairedCompanion::batch();
		$second    = PairedCompanion::batch();
		$this->assertSame( $first['id'], $companion->exchange( array( 'batch' => $first ) )['accepted']['batch_id'] );
		$this->assertSame( $second['id'], $copy->exchange( array( 'batch' => $second ) )['accepted']['batch_id'] );
		$this->assertSame( $first['id'], $companion->exchange( array( 'batch' => $first ) )['accepted']['batch_id'] );
	}

	public function test_answers_where_a_plugin_hijacks_or_removes_routes(): void {
		$companion = PairedCompanion::pair();
		add_filter( 'rest_pre_dispatch', static fn(): \WP_Error => new \WP_Error( 'rest_closed', 'Closed.', array( 'status' => 403 ) ), 99 );
		$this->assertSame( 200, $companion->answer( $companion->request( PairedCompanion::body() ) )[0] );
	}

	public function test_takes_the_route_by_query_and_leaves_it_out_of_the_signature(): void {
		$companion              = PairedCompanion::pair();
		$_SERVER['REQUEST_URI'] = '/index.php?rest_route=%2Frollcall%2Fv1%2Fexchange';
		$companion->exchange();
		$this->assertSame( 'rest_route', Companions::current()['transport'] );
	}

	public function test_answers_by_admin_ajax(): void {
		$companion = PairedCompanion::pair();
		$this->arrive( $companion->request( PairedCompanion::body() ), '' );
		$_SERVER['REQUEST_URI'] = '/wp-admin/admin-ajax.php?action=rollcall_exchange';
		add_filter( 'wp_doing_ajax', '__return_true' );
		add_filter( 'wp_die_ajax_handler', static fn(): callable => static function (): never {
			throw new \RuntimeException( 'end' );
		} );
		ob_start();
		try {
			do_action( 'wp_ajax_nopriv_rollcall_exchange' );
		} catch ( \RuntimeException $end ) {
			$this->assertSame( 'end', $end->getMessage() );
		}
		$answer = json_decode( (string) ob_get_clean(), true );
		$this->assertSame( array( 'payload', 'sig' ), array_keys( $answer ) );
		$this->assertSame( 'admin_ajax', Companions::current()['transport'] );
	}

	/** Puts the request where PHP puts the one that it got. */
	private function arrive( \WP_REST_Request $request, ?string $route = null ): void {
		$_SERVER['REQUEST_METHOD'] = $request->get_method();
		foreach ( array( 'signature', 'timestamp', 'nonce', 'key' ) as $name ) {
			$_SERVER[ 'HTTP_X_ROLLCALL_' . strtoupper( $name ) ] = $request->get_header( "x_rollcall_$name" );
		}
		$_SERVER['CONTENT_TYPE']                  = 'application/json';
		$GLOBALS['HTTP_RAW_POST_DATA']            = $request->get_body();
		$GLOBALS['wp']->query_vars['rest_route'] = $route ?? $request->get_route();
	}

	private static function with( callable $change ): callable {
		return static function ( \WP_REST_Request $request ) use ( $change ): \WP_REST_Request {
			$change( $request );
			return $request;
		};
	}

	/** Adds a parameter that the signature does not cover. */
	public static function add_query(): void {
		$_SERVER['REQUEST_URI'] = '/wp-json/rollcall/v1/exchange?a=1';
	}

	private static function body_of_401(): string {
		return (string) wp_json_encode( rest_convert_error_to_response( Auth::unauthorized() )->get_data() );
	}
}
