<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Clock;
use Rollcall\Database\RateLimits;
use Rollcall\RollcallError;

/**
 * Limits of requests by client. A route names its limit in `limit`; Resource asks it after the permission and before
 * anything else, and puts its headers on the answer.
 *
 * @phpstan-type Taken array{retry_after_ms: int, remaining: int, window: array{window_start_ms: int, current: int, previous: int}}
 * @phpstan-type Limit callable(\WP_REST_Request, string): array<string, string>
 */
final class RateLimit {
	/**
	 * A limit that holds over workers and restarts, since its counters are in the database. It gives the headers of the
	 * answer, as draft-ietf-httpapi-ratelimit-headers-10 has them, or throws rate_limited with them.
	 *
	 * @param int|(callable(\WP_REST_Request): int) $cost   What a request counts.
	 * @param string|null                           $unless Users with this capability are not limited.
	 * @param bool                                  $without_table While the table cannot be used the full limit holds by a file, and none when that cannot be used either: for answers that may not fail.
	 * @return Limit
	 */
	// phpcs:ignore WordPress.NamingConventions.ValidFunctionName.MethodNameInvalid -- the companion's limiters are named so.
	public static function persistentRateLimitMiddleware( int $limit = 100, int $window_ms = 3_600_000, int|callable $cost = 1, ?string $unless = null, bool $without_table = false ): callable {
		return static function ( \WP_REST_Request $request, string $route ) use ( $limit, $window_ms, $cost, $unless, $without_table ): array {
			if ( null !== $unless && current_user_can( $unless ) ) {
				return array();
			}
			$now_ms  = Clock::now_ms();
			$taken   = self::counted( $route . ' ' . ClientAddress::current(), $limit, $window_ms, $now_ms, is_int( $cost ) ? $cost : $cost( $request ), $without_table );
			$headers = self::headers( $taken, $limit, $window_ms, $now_ms );
			if ( $taken['retry_after_ms'] > 0 ) {
				throw self::refusal( $taken, $limit, $window_ms, $headers );
			}
			return $headers;
		};
	}

	/**
	 * Counts a request.
	 *
	 * @param string $name Whose requests are counted, such as `pair` and the client; stored as a keyed hash.
	 * @throws RollcallError With rate_limited and retry_after_seconds.
	 */
	public static function take( string $name, int $limit, int $window_ms, ?int $now_ms = null, int $cost = 1 ): void {
		$now_ms ??= Clock::now_ms();
		$taken    = self::counted( $name, $limit, $window_ms, $now_ms, $cost );
		if ( $taken['retry_after_ms'] > 0 ) {
			throw self::refusal( $taken, $limit, $window_ms, array() );
		}
	}

	/** The address that a limit is held for. */
	public static function client(): string {
		return ClientAddress::current();
	}

	/**
	 * Counts in the database; while that fails a file of the server holds a tenth of the limit, so that a broken table
	 * neither opens a route to everyone nor closes it.
	 *
	 * @return Taken
	 */
	private static function counted( string $name, int $limit, int $window_ms, int $now_ms, int $cost, bool $without_table = false ): array {
		$hash = hash_hmac( 'sha256', $name, wp_salt( 'nonce' ) );
		try {
			return RateLimits::take( $hash, $limit, $window_ms, $now_ms, $cost );
		} catch ( RollcallError $error ) {
			$held  = $without_table ? $limit : max( 1, intdiv( $limit, 10 ) );
			$taken = RateLimitInsurance::take( $hash, $held, $window_ms, $now_ms, $cost );
			$is_held = SlidingWindow::NONE !== $taken['window'];
			return $is_held || ! $without_table ? $taken : array( 'retry_after_ms' => 0 ) + $taken;
		}
	}

	/**
	 * @param Taken $taken
	 * @return array<string, string>
	 */
	private static function headers( array $taken, int $limit, int $window_ms, int $now_ms ): array {
		$wait_ms = 0 === $taken['retry_after_ms'] ? $taken['window']['window_start_ms'] + $window_ms - $now_ms : $taken['retry_after_ms'];
		return array(
			'RateLimit-Policy' => sprintf( '"default";q=%d;w=%d', $limit, (int) round( $window_ms / 1000 ) ),
			'RateLimit'        => sprintf( '"default";r=%d;t=%d', $taken['remaining'], (int) ceil( $wait_ms / 1000 ) ),
			'Cache-Control'    => 'no-store',
		);
	}

	/**
	 * @param Taken                 $taken
	 * @param array<string, string> $headers
	 */
	private static function refusal( array $taken, int $limit, int $window_ms, array $headers ): RollcallError {
		$seconds = (int) ceil( $taken['retry_after_ms'] / 1000 );
		return new RollcallError(
			'rate_limited',
			"More than $limit requests in " . intdiv( $window_ms, 1000 ) . ' s.',
			array( 'retry_after_seconds' => $seconds ) + ( array() === $headers ? array() : array( 'headers' => $headers ) )
		);
	}
}
