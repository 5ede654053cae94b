<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Database\Sql;
use Rollcall\Rest\RateLimit;
use Rollcall\RollcallError;
use Rollcall\Tests\TestCase;

final class RateLimitTest extends TestCase {
	protected function tearDown(): void {
		$_SERVER['REMOTE_ADDR'] = '127.0.0.1';
		parent::tearDown();
	}

	public function test_lets_the_limit_through_and_then_names_the_time_to_wait(): void {
		for ( $taken = 0; $taken < 5; $taken++ ) {
			RateLimit::take( 'ann', 5, 1000, 10_000 );
		}
		RateLimit::take( 'bob', 5, 1000, 10_000 );
		try {
			RateLimit::take( 'ann', 5, 1000, 10_100 );
			$this->fail( 'A sixth one was let through.' );
		} catch ( RollcallError $error ) {
			$this->assertSame( array( 'rate_limited', 2 ), array( $error->error_code, $error->data['retry_after_seconds'] ) );
		}
		$this->assertStringNotContainsString( 'ann', implode( ' ', Sql::column( 'SELECT name FROM {rate_limits}' ) ), 'Clients are stored as keyed hashes.' );
	}

	/** @return iterable<string, array{int, int, list<array{int, int}>}> */
	public static function vectors(): iterable {
		/** @var list<array{name: string, limit: int, window_ms: int, steps: list<array{int, int}>}> $vectors */
		$vectors = json_decode( (string) file_get_contents( dirname( __DIR__, 2 ) . '/fixtures/rate-limit.json' ), true, 8, JSON_THROW_ON_ERROR );
		foreach ( $vectors as $vector ) {
			yield $vector['name'] => array( $vector['limit'], $vector['window_ms'], $vector['steps'] );
		}
	}

	/**
	 * The vectors are shared with the companion; a step is an instant and the wait that is answered, 0 for none.
	 *
	 * @param list<array{int, int}> $steps
	 */
	#[DataProvider( 'vectors' )]
	public function test_answers_what_the_vector_expects( int $limit, int $window_ms, array $steps ): void {
		$window = array( 'window_start_ms' => 0, 'current' => 0, 'previous' => 0 );
		foreach ( $steps as [ $at_ms, $retry_after_ms ] ) {
			$window = RateLimit::step( $window, $limit, $window_ms, $at_ms );
			$this->assertSame( $retry_after_ms, $window['retry_after_ms'], "at $at_ms" );
			unset( $window['retry_after_ms'] );
		}
	}

	/** The wait is right: one millisecond before it nothing fits, at its end one request does. Seeded. */
	public function test_a_request_fits_exactly_when_it_was_said_to(): void {
		mt_srand( 7 );
		$waits = 0;
		for ( $round = 0; $round < 3000; $round++ ) {
			$limit  = mt_rand( 1, 12 );
			$now_ms = mt_rand( 0, 3000 );
			$window = array( 'window_start_ms' => intdiv( $now_ms, 1000 ) * 1000 - 1000 * mt_rand( 0, 2 ), 'current' => mt_rand( 0, $limit ), 'previous' => mt_rand( 0, $limit ) );
			$wait   = RateLimit::step( $window, $limit, 1000, $now_ms )['retry_after_ms'];
			if ( $wait > 0 ) {
				++$waits;
				$this->assertGreaterThan( 0, RateLimit::step( $window, $limit, 1000, $now_ms + $wait - 1 )['retry_after_ms'], (string) wp_json_encode( array( $window, $limit, $now_ms, $wait ) ) );
				$this->assertSame( 0, RateLimit::step( $window, $limit, 1000, $now_ms + $wait )['retry_after_ms'], (string) wp_json_encode( array( $window, $limit, $now_ms, $wait ) ) );
			}
		}
		$this->assertGreaterThan( 100, $waits );
	}

	/** The estimate is never more than one window's limit below what a true sliding window would count. Seeded. */
	public function test_never_lets_twice_the_limit_through_in_a_window(): void {
		mt_srand( 11 );
		$window = array( 'window_start_ms' => 0, 'current' => 0, 'previous' => 0 );
		$taken  = array();
		for ( $now_ms = 0; $now_ms < 60_000; $now_ms += mt_rand( 1, 40 ) ) {
			$after = RateLimit::step( $window, 10, 1000, $now_ms );
			if ( 0 === $after['retry_after_ms'] ) {
				$taken[] = $now_ms;
			}
			unset( $after['retry_after_ms'] );
			$window = $after;
			$this->assertLessThan( 20, count( array_filter( $taken, static fn( int $at ): bool => $at > $now_ms - 1000 ) ) );
		}
		$this->assertGreaterThan( 500, count( $taken ) );
	}

	/** @return iterable<string, array{string, string, bool}> */
	public static function addresses(): iterable {
		yield 'two of one /64'                => array( '2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true );
		yield 'two /64'                       => array( '2001:db8:1:2::1', '2001:db8:1:3::1', false );
		yield 'two IPv4'                      => array( '192.0.2.1', '192.0.2.2', false );
		yield 'IPv4 and the same one mapped'  => array( '192.0.2.1', '::ffff:192.0.2.1', true );
		yield 'two mapped ones'               => array( '::ffff:192.0.2.2', '::ffff:192.0.2.1', false );
	}

	#[DataProvider( 'addresses' )]
	public function test_holds_a_limit_for_what_one_client_has( string $one, string $other, bool $same ): void {
		$_SERVER['REMOTE_ADDR'] = $one;
		$client                 = RateLimit::client();
		$_SERVER['REMOTE_ADDR'] = $other;
		$this->assertSame( $same, RateLimit::client() === $client );
	}
}
