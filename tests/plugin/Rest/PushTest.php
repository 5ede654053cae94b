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

	public function test_a_client_may_beat_two_hundred_times_a_minute(): void {
		$monitor = self::added();
		for ( $number = 1; $number <= 200; $number++ ) {
			self::beat( (string) $monitor['push_token'] );
		}
		$answer = self::beat( (string) $monitor['push_token'] );
		self::assertSame( array( 429, 'rate_limited', 'no-store' ), array( $answer->get_status(), $answer->get_data()['code'], $answer->get_headers()['Cache-Control'] ) );
		self::assertArrayHasKey( 'Retry-After', $answer->get_headers() );
		self::assertSame( 429, self::beat( str_repeat( 'ab', 16 ) )->get_status(), 'Guessing tokens is limited, too.' );
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

	private static function beat( string $token, string $method = 'GET' ): \WP_REST_Response {
		return self::rest( $method, "/rollcall/v1/push/$token" );
	}
}
