<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Database\Monitors;
use Rollcall\Database\Sql;
use Rollcall\Database\Transaction;
use Rollcall\Status\MonitorRequest;
use Rollcall\Tests\TestCase;

final class PushTest extends TestCase {
	private const NEW = array( 'name' => 'Backup', 'type' => 'push', 'url' => '', 'active' => true, 'is_public' => false, 'interval_seconds' => 60, 'options' => MonitorRequest::PLAIN );

	protected function tearDown(): void {
		$_SERVER['REMOTE_ADDR'] = '127.0.0.1';
		parent::tearDown();
	}

	#[DataProvider( 'methods' )]
	public function test_a_beat_is_stored_whoever_sends_it( string $method ): void {
		$monitor = self::added();
		$answer  = self::beat( (string) $monitor['push_token'], $method );
		self::assertSame( array( 200, array( 'ok' => true ) ), array( $answer->get_status(), $answer->get_data() ) );
		self::assertSame( 'no-store', $answer->get_headers()['Cache-Control'] );
		$stored = Monitors::find( $monitor['monitor_uid'] );
		self::assertGreaterThan( time() * 1000 - 60_000, $stored['last_beat_at_ms'] ?? 0 );
		self::assertSame( $monitor['revision'], $stored['revision'] ?? 0, 'A beat is no change of the monitor.' );
	}

	/** @return iterable<string, array{string}> */
	public static function methods(): iterable {
		yield 'GET'  => array( 'GET' );
		yield 'HEAD' => array( 'HEAD' );
		yield 'POST' => array( 'POST' );
	}

	public function test_the_address_that_screens_show_takes_beats(): void {
		self::log_in( self::ada() );
		$monitor = self::rest( 'POST', '/rollcall/v1/monitors', array( 'monitor' => self::NEW ) )->get_data();
		self::log_in( 0 );
		self::assertStringStartsWith( rest_url( 'rollcall/v1/push/' ), (string) $monitor['push_url'] );
		self::assertSame( 200, self::beat( basename( (string) $monitor['push_url'] ) )->get_status() );
		self::log_in( self::ada() );
		self::assertNotNull( self::rest( 'GET', '/rollcall/v1/monitors/' . $monitor['monitor_uid'] )->get_data()['last_beat_at'] );
	}

	/** @return iterable<string, array{callable(array<string, mixed>): string}> */
	public static function strangers(): iterable {
		yield 'made up'            => array( static fn (): string => str_repeat( 'ab', 16 ) );
		yield 'too short'          => array( static fn (): string => 'abc' );
		yield 'in capitals'        => array( static fn ( array $monitor ): string => strtoupper( (string) $monitor['push_token'] ) );
		yield 'with one more'      => array( static fn ( array $monitor ): string => $monitor['push_token'] . '0' );
		yield 'uid of the monitor' => array( static fn ( array $monitor ): string => (string) $monitor['monitor_uid'] );
		yield 'of a deleted one'   => array(
			static function ( array $monitor ): string {
				Transaction::run( static fn () => Monitors::delete( (string) $monitor['monitor_uid'], 1 ) );
				return (string) $monitor['push_token'];
			},
		);
		yield 'of one of another type now' => array(
			static function ( array $monitor ): string {
				Transaction::run( static fn () => Monitors::update( (string) $monitor['monitor_uid'], array( 'type' => 'http', 'url' => 'https://acme.example/' ) ) );
				return (string) $monitor['push_token'];
			},
		);
	}

	/** @param callable(array<string, mixed>): string $token_of */
	#[DataProvider( 'strangers' )]
	public function test_every_other_token_is_answered_alike_and_costs_the_same( callable $token_of ): void {
		$known = self::added();
		$token = $token_of( self::added() );
		self::beat( (string) $known['push_token'] );
		$statements = static function ( string $token ): int {
			$count = 0;
			$watch = static function ( string $query ) use ( &$count ): string {
				$count += (int) str_contains( $query, 'rollcall_monitors' );
				return $query;
			};
			add_filter( 'query', $watch );
			self::beat( $token );
			remove_filter( 'query', $watch );
			return $count;
		};
		$answer = self::beat( $token );
		self::assertSame( array( 404, 'not_found', 'No monitor has this address.' ), array( $answer->get_status(), $answer->get_data()['code'], $answer->get_data()['message'] ) );
		self::assertSame( 'no-store', $answer->get_headers()['Cache-Control'] );
		self::assertSame( '1', Sql::value( 'SELECT COUNT(*) FROM {monitors} WHERE last_beat_at_ms IS NOT NULL' ) );
		if ( 1 === preg_match( '/^[0-9a-f]{32}$/', $token ) ) {
			self::assertSame( $statements( (string) $known['push_token'] ), $statements( $token ) );
		}
	}

	public function test_a_monitor_may_beat_two_hundred_times_a_minute_and_costs_the_others_nothing(): void {
		$monitor = self::added();
		for ( $number = 1; $number <= 200; $number++ ) {
			self::beat( (string) $monitor['push_token'] );
		}
		$answer = self::beat( (string) $monitor['push_token'] );
		self::assertSame( array( 429, 'rate_limited', 'no-store' ), array( $answer->get_status(), $answer->get_data()['code'], $answer->get_headers()['Cache-Control'] ) );
		self::assertArrayHasKey( 'Retry-After', $answer->get_headers() );
		self::assertSame( 200, self::beat( (string) self::added()['push_token'] )->get_status(), 'Of the same client.' );
		$_SERVER['REMOTE_ADDR'] = '192.0.2.9';
		self::assertSame( 429, self::beat( (string) $monitor['push_token'] )->get_status(), 'Whoever sends it.' );
	}

	public function test_a_server_with_three_hundred_jobs_loses_no_beat(): void {
		$uids = Transaction::run( static fn (): array => Monitors::insert( array_fill( 0, 300, self::NEW ), 1 ) );
		foreach ( $uids as $uid ) {
			self::assertSame( 200, self::beat( (string) ( Monitors::find( $uid )['push_token'] ?? '' ) )->get_status() );
		}
		self::assertSame( '300', Sql::value( 'SELECT COUNT(*) FROM {monitors} WHERE last_beat_at_ms IS NOT NULL' ) );
	}

	public function test_guessing_is_limited_and_fills_no_table_and_beats_of_that_client_go_on(): void {
		$monitor  = self::added();
		$statuses = array();
		for ( $number = 1; $number <= 70; $number++ ) {
			$statuses[] = self::beat( md5( "guess $number" ) )->get_status();
		}
		self::assertSame( array( 404 => 60, 429 => 10 ), array_count_values( $statuses ) );
		self::assertSame( '2', Sql::value( 'SELECT COUNT(*) FROM {rate_limits}' ), 'The client and its guesses.' );
		self::assertSame( 200, self::beat( (string) $monitor['push_token'] )->get_status() );
	}

	public function test_a_client_has_two_thousand_calls_a_minute(): void {
		$monitor = self::added();
		self::beat( (string) $monitor['push_token'] );
		$limit = self::beat( (string) $monitor['push_token'] )->get_headers()['RateLimit-Policy'];
		self::assertSame( '"default";q=2000;w=60', $limit );
		Sql::run( 'UPDATE {rate_limits} SET `current` = 2000 WHERE `current` = 2 AND name <> %s', self::counter( 'push ' . $monitor['push_token'] ) );
		self::assertSame( 429, self::beat( (string) $monitor['push_token'] )->get_status() );
	}

	/** @return iterable<string, array{string, array<string, mixed>, array<string, mixed>|null, int, bool}> */
	public static function calls(): iterable {
		yield 'as Uptime Kuma shows it'    => array( 'GET', array( 'status' => 'up', 'msg' => 'OK', 'ping' => '12' ), null, 200, true );
		yield 'without a status'           => array( 'GET', array( 'msg' => '', 'ping' => '' ), null, 200, true );
		yield 'an empty status'            => array( 'GET', array( 'status' => '' ), null, 200, true );
		yield 'in capitals'                => array( 'GET', array( 'status' => 'UP' ), null, 200, true );
		yield 'a log in the body'          => array( 'POST', array(), array( "Backup done \xff" => 'x' ), 200, true );
		yield 'another token in the query' => array( 'GET', array( 'push_token' => array( '!' ) ), null, 200, true );
		yield 'a list of texts'            => array( 'POST', array(), array( 'lines' => array( 'one', 'two' ) ), 200, true );
		yield 'down'                       => array( 'GET', array( 'status' => 'down', 'msg' => 'Disk full' ), null, 200, false );
		yield 'down in the body'           => array( 'POST', array(), array( 'status' => 'down' ), 200, false );
		yield 'another word'               => array( 'GET', array( 'status' => 'maybe' ), null, 400, false );
		yield 'no word'                    => array( 'GET', array( 'status' => array( 'up' ) ), null, 400, false );
	}

	/**
	 * @param array<string, mixed>      $query
	 * @param array<string, mixed>|null $body
	 */
	#[DataProvider( 'calls' )]
	public function test_calls_of_other_tools_are_taken_and_only_up_is_a_beat( string $method, array $query, ?array $body, int $status, bool $is_beat ): void {
		$monitor = self::added();
		$request = new \WP_REST_Request( $method, '/rollcall/v1/push/' . $monitor['push_token'] );
		$request->set_query_params( $query );
		$request->set_body_params( $body ?? array() );
		$answer = rest_do_request( $request );
		self::assertSame( $status, $answer->get_status() );
		self::assertSame( 200 === $status ? $is_beat : null, $answer->get_data()['ok'] ?? null );
		self::assertSame( 400 === $status ? 'bad_request' : null, $answer->get_data()['code'] ?? null );
		self::assertStringContainsString( $is_beat ? '' : 'no beat', strtolower( $answer->get_data()['message'] ?? '' ) );
		self::assertSame( $is_beat, null !== ( Monitors::find( $monitor['monitor_uid'] )['last_beat_at_ms'] ?? null ) );
	}

	public function test_a_beat_never_goes_back_and_a_paused_monitor_takes_it(): void {
		$monitor = self::added();
		Sql::run( 'UPDATE {monitors} SET active = 0, last_beat_at_ms = %d', 9_000_000_000_000 );
		self::assertSame( 200, self::beat( (string) $monitor['push_token'] )->get_status() );
		self::assertSame( '9000000000000', Sql::value( 'SELECT last_beat_at_ms FROM {monitors}' ) );
	}

	/** @return array<string, mixed> As stored. */
	private static function added(): array {
		$uid = Transaction::run( static fn (): string => Monitors::insert( array( self::NEW ), 1 )[0] );
		return Monitors::find( $uid ) ?? throw new \LogicException( 'The monitor was not stored.' );
	}

	/** Name of the row that counts. */
	private static function counter( string $name ): string {
		return hash_hmac( 'sha256', $name, wp_salt( 'nonce' ) );
	}

	private static function beat( string $token, string $method = 'GET' ): \WP_REST_Response {
		return self::rest( $method, "/rollcall/v1/push/$token" );
	}
}
