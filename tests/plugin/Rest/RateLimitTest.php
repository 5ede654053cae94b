<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Clock;
use Rollcall\Database\RateLimits;
use Rollcall\Database\Sql;
use Rollcall\Rest\ClientAddress;
use Rollcall\Rest\RateLimit;
use Rollcall\Rest\RateLimitInsurance;
use Rollcall\Rest\SlidingWindow;
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

	/** @return iterable<string, array{int, int, list<array{0: int, 1: int, 2?: int}>}> */
	public static function vectors(): iterable {
		/** @var list<array{name: string, limit: int, window_ms: int, steps: list<array{0: int, 1: int, 2?: int}>}> $vectors */
		$vectors = json_decode( (string) file_get_contents( dirname( __DIR__, 2 ) . '/fixtures/rate-limit.json' ), true, 8, JSON_THROW_ON_ERROR );
		foreach ( $vectors as $vector ) {
			yield $vector['name'] => array( $vector['limit'], $vector['window_ms'], $vector['steps'] );
		}
	}

	/**
	 * The vectors are shared with the companion; a step is an instant, the wait that is answered, 0 for none, and the cost.
	 *
	 * @param list<array{0: int, 1: int, 2?: int}> $steps
	 */
	#[DataProvider( 'vectors' )]
	public function test_answers_what_the_vector_expects( int $limit, int $window_ms, array $steps ): void {
		$window = SlidingWindow::NONE;
		foreach ( $steps as $step ) {
			$stepped = SlidingWindow::step( $window, $limit, $window_ms, $step[0], $step[2] ?? 1 );
			$this->assertSame( $step[1], $stepped['retry_after_ms'], "at $step[0]" );
			$window = $stepped['window'];
		}
	}

	/**
	 * The same through the database.
	 *
	 * @param list<array{0: int, 1: int, 2?: int}> $steps
	 */
	#[DataProvider( 'vectors' )]
	public function test_the_database_answers_the_same( int $limit, int $window_ms, array $steps ): void {
		foreach ( $steps as $step ) {
			$this->assertSame( $step[1], RateLimits::take( str_repeat( 'ab', 32 ), $limit, $window_ms, $step[0], $step[2] ?? 1 )['retry_after_ms'], "at $step[0]" );
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
			$wait   = SlidingWindow::step( $window, $limit, 1000, $now_ms )['retry_after_ms'];
			if ( $wait > 0 ) {
				++$waits;
				$this->assertGreaterThan( 0, SlidingWindow::step( $window, $limit, 1000, $now_ms + $wait - 1 )['retry_after_ms'], (string) wp_json_encode( array( $window, $limit, $now_ms, $wait ) ) );
				$this->assertSame( 0, SlidingWindow::step( $window, $limit, 1000, $now_ms + $wait )['retry_after_ms'], (string) wp_json_encode( array( $window, $limit, $now_ms, $wait ) ) );
			}
		}
		$this->assertGreaterThan( 100, $waits );
	}

	/** The estimate is never more than one window's limit below what a true sliding window would count. Seeded. */
	public function test_never_lets_twice_the_limit_through_in_a_window(): void {
		mt_srand( 11 );
		$window = SlidingWindow::NONE;
		$taken  = array();
		for ( $now_ms = 0; $now_ms < 60_000; $now_ms += mt_rand( 1, 40 ) ) {
			$after = SlidingWindow::step( $window, 10, 1000, $now_ms );
			if ( 0 === $after['retry_after_ms'] ) {
				$taken[] = $now_ms;
			}
			$window = $after['window'];
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

	/** @return iterable<string, array{string, string, list<string>, string}> */
	public static function forwarded(): iterable {
		yield 'no proxy is trusted'                  => array( '192.0.2.1', '203.0.113.9', array(), '192.0.2.1' );
		yield 'the request came from elsewhere'      => array( '192.0.2.1', '203.0.113.9', array( '198.51.100.0/24' ), '192.0.2.1' );
		yield 'from the proxy'                       => array( '192.0.2.1', '203.0.113.9', array( '192.0.2.1' ), '203.0.113.9' );
		yield 'what the client wrote before it'      => array( '192.0.2.1', '10.9.9.9, 203.0.113.9', array( '192.0.2.0/24' ), '203.0.113.9' );
		yield 'two proxies'                          => array( '192.0.2.1', '10.9.9.9, 203.0.113.9, 192.0.2.7', array( '192.0.2.0/24' ), '203.0.113.9' );
		yield 'proxies only'                         => array( '192.0.2.1', '192.0.2.8, 192.0.2.7', array( '192.0.2.0/24' ), '192.0.2.8' );
		yield 'no address'                           => array( '192.0.2.1', 'unknown', array( '192.0.2.1' ), '192.0.2.1' );
		yield 'no address behind a good one'         => array( '192.0.2.1', '203.0.113.9, _hidden', array( '192.0.2.1' ), '192.0.2.1' );
		yield 'with a port'                          => array( '192.0.2.1', '203.0.113.9:4711', array( '192.0.2.1' ), '203.0.113.9' );
		yield 'IPv6 with a port'                     => array( '192.0.2.1', '[2001:db8::7]:4711', array( '192.0.2.1' ), '2001:db8::9' );
		yield 'an IPv6 proxy'                        => array( '2001:db8:ffff::1', '203.0.113.9', array( ' 2001:db8:ffff::/48 ' ), '203.0.113.9' );
		yield 'a mapped proxy'                       => array( '::ffff:192.0.2.1', '203.0.113.9', array( '192.0.2.0/24' ), '203.0.113.9' );
		yield 'a block that ends within a byte, in'  => array( '192.0.2.127', '203.0.113.9', array( '192.0.2.0/25' ), '203.0.113.9' );
		yield 'a block that ends within a byte, out' => array( '192.0.2.128', '203.0.113.9', array( '192.0.2.0/25' ), '192.0.2.128' );
		yield 'behind far too much of the client'    => array( '192.0.2.1', str_repeat( '10.9.9.9, ', 400 ) . '203.0.113.9', array( '192.0.2.1' ), '203.0.113.9' );
		yield 'a block that is none'                 => array( '192.0.2.1', '203.0.113.9', array( 'proxy.example', '', '/0' ), '192.0.2.1' );
	}

	/** @param list<string> $trusted */
	#[DataProvider( 'forwarded' )]
	public function test_believes_a_forwarded_address_from_a_trusted_proxy_only( string $remote, string $forwarded, array $trusted, string $client ): void {
		$this->assertSame( ClientAddress::of( $client, '', array() ), ClientAddress::of( $remote, $forwarded, $trusted ) );
	}

	public function test_a_client_that_writes_a_very_long_header_is_told_apart_all_the_same(): void {
		define( 'ROLLCALL_TRUSTED_PROXIES', '192.0.2.1' );
		$_SERVER['REMOTE_ADDR']          = '192.0.2.1';
		$_SERVER['HTTP_X_FORWARDED_FOR'] = str_repeat( '10.9.9.9, ', 400 ) . '203.0.113.9';
		try {
			$this->assertSame( ClientAddress::of( '203.0.113.9', '', array() ), ClientAddress::current() );
		} finally {
			unset( $_SERVER['HTTP_X_FORWARDED_FOR'] );
		}
	}

	public function test_the_101st_request_is_refused_and_the_headers_say_why(): void {
		$limit = RateLimit::persistentRateLimitMiddleware();
		$first = $limit( new \WP_REST_Request(), '/x' );
		$this->assertSame( array( '"default";q=100;w=3600', 1 ), array( $first['RateLimit-Policy'], preg_match( '/^"default";r=99;t=\d{1,4}$/', $first['RateLimit'] ) ) );
		for ( $taken = 1; $taken < 100; $taken++ ) {
			$limit( new \WP_REST_Request(), '/x' );
		}
		$limit( new \WP_REST_Request(), '/another' );
		$_SERVER['HTTP_X_FORWARDED_FOR'] = '203.0.113.9';
		try {
			$limit( new \WP_REST_Request(), '/x' );
			$this->fail( 'The 101st one was let through.' );
		} catch ( RollcallError $error ) {
			/** @var array{retry_after_seconds: int, headers: array<string, string>} $data */
			$data = $error->data;
			$this->assertSame( 'rate_limited', $error->error_code );
			$this->assertGreaterThan( 0, $data['retry_after_seconds'] );
			$this->assertMatchesRegularExpression( '/^"default";r=0;t=\d+$/', $data['headers']['RateLimit'] );
		} finally {
			unset( $_SERVER['HTTP_X_FORWARDED_FOR'] );
		}
	}

	public function test_a_request_may_cost_more_by_what_it_asks(): void {
		$limit   = RateLimit::persistentRateLimitMiddleware( 10, 60_000, static fn ( \WP_REST_Request $request ): int => (int) $request->get_param( 'rows' ) );
		$request = new \WP_REST_Request();
		$request->set_query_params( array( 'rows' => '8' ) );
		$this->assertStringContainsString( ';r=2;', $limit( $request, '/x' )['RateLimit'] );
		$this->expectException( RollcallError::class );
		$limit( $request, '/x' );
	}

	public function test_users_with_the_named_right_are_not_limited(): void {
		$limit = RateLimit::persistentRateLimitMiddleware( 1, 60_000, unless: 'rollcall_view' );
		self::log_in( self::ada() );
		$this->assertSame( array( array(), array() ), array( $limit( new \WP_REST_Request(), '/x' ), $limit( new \WP_REST_Request(), '/x' ) ) );
	}

	public function test_a_limit_that_is_used_up_stays_so_for_another_process(): void {
		$name = str_repeat( 'cd', 32 );
		RateLimits::take( $name, 1, 60_000, Clock::now_ms() );
		$input   = (string) wp_json_encode( array( 'name' => $name, 'limit' => 1, 'now_ms' => Clock::now_ms() ) );
		$pipes   = array();
		$process = proc_open( array( PHP_BINARY, dirname( __DIR__ ) . '/race.php', '0', 'limit', $input ), array( 1 => array( 'pipe', 'w' ) ), $pipes );
		$this->assertIsResource( $process );
		$this->assertGreaterThan( 0, (int) stream_get_contents( $pipes[1] ) );
		proc_close( $process );
	}

	/** T3: whoever asks, and however often, the table stays small. */
	public function test_the_table_is_bounded(): void {
		for ( $client = 0; $client < 120; $client++ ) {
			RateLimits::take( 'ab' . str_pad( dechex( $client ), 62, '0', STR_PAD_LEFT ), 5, 1000, 10_000 + $client );
		}
		$this->assertSame( '40', Sql::value( 'SELECT COUNT(*) FROM {rate_limits}' ) );
		$this->assertSame( '10080', Sql::value( 'SELECT MIN(updated_at_ms) FROM {rate_limits}' ), 'The newest ones are kept.' );
	}

	public function test_while_the_table_is_broken_a_tenth_of_the_limit_is_let_through(): void {
		add_filter( 'query', static fn ( string $query ): string => str_contains( $query, 'rate_limits' ) ? 'SELECT broken FROM nowhere_at_all' : $query );
		$limit  = RateLimit::persistentRateLimitMiddleware( 30, 3_600_000 );
		$passed = 0;
		try {
			for ( $call = 0; $call < 10; $call++ ) {
				$limit( new \WP_REST_Request(), '/x' );
				++$passed;
			}
		} catch ( RollcallError $error ) {
			$this->assertSame( 'rate_limited', $error->error_code );
			$this->assertStringNotContainsString( '127.0.0.1', (string) file_get_contents( RateLimitInsurance::path() ) );
			$this->assertSame( '0600', substr( sprintf( '%o', fileperms( RateLimitInsurance::path() ) ), -4 ) );
		} finally {
			unlink( RateLimitInsurance::path() );
		}
		$this->assertSame( 3, $passed );
	}

	public function test_the_file_of_the_insurance_stays_small_and_may_hold_anything(): void {
		file_put_contents( RateLimitInsurance::path(), '{"x":{"window_start_ms":"now"},"y":7' );
		for ( $client = 0; $client < 510; $client++ ) {
			RateLimitInsurance::take( "c$client", 5, 1000, 10_000, 1 );
		}
		$this->assertCount( 500, (array) json_decode( (string) file_get_contents( RateLimitInsurance::path() ), true ) );
		unlink( RateLimitInsurance::path() );
		symlink( '/dev/null', RateLimitInsurance::path() );
		$this->assertSame( 60_000, RateLimitInsurance::take( 'c', 5, 1000, 10_000, 1 )['retry_after_ms'] );
		unlink( RateLimitInsurance::path() );
	}
}
