<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Clock;
use Rollcall\Database\RateLimits;
use Rollcall\RollcallError;

/** Sliding window over two fixed ones: the window before counts by the share of it that is still inside. */
final class RateLimit {
	/**
	 * Counts a request.
	 *
	 * @param string $name Whose requests are counted, such as `pair` and the client; stored as a keyed hash.
	 * @throws RollcallError With rate_limited and retry_after_seconds.
	 */
	public static function take( string $name, int $limit, int $window_ms, ?int $now_ms = null ): void {
		$wait_ms = RateLimits::take( hash_hmac( 'sha256', $name, wp_salt( 'nonce' ) ), $limit, $window_ms, $now_ms ?? Clock::now_ms() );
		if ( $wait_ms > 0 ) {
			$seconds = (int) ceil( $wait_ms / 1000 );
			throw new RollcallError( 'rate_limited', "More than $limit requests in " . intdiv( $window_ms, 1000 ) . ' s.', array( 'retry_after_seconds' => $seconds ) );
		}
	}

	/**
	 * The address that a limit is held for: an IPv4 address, or the /64 of an IPv6 one, which one client has as a whole.
	 * A forwarded address is not looked at: anyone may write that header.
	 */
	public static function client(): string {
		// phpcs:ignore WordPress.Security.ValidatedSanitizedInput -- validated in the next line.
		$address = $_SERVER['REMOTE_ADDR'] ?? '';
		$bytes   = is_string( $address ) && false !== filter_var( $address, FILTER_VALIDATE_IP ) ? (string) inet_pton( $address ) : '';
		if ( 16 === strlen( $bytes ) && str_starts_with( $bytes, str_repeat( "\0", 10 ) . "\xff\xff" ) ) {
			$bytes = substr( $bytes, 12 );
		}
		return bin2hex( 16 === strlen( $bytes ) ? substr( $bytes, 0, 8 ) : $bytes );
	}

	/**
	 * The counters after a request, which is counted when there is room.
	 *
	 * @param array{window_start_ms: int, current: int, previous: int} $window
	 * @return array{window_start_ms: int, current: int, previous: int, retry_after_ms: int} retry_after_ms is 0 when it was counted.
	 */
	public static function step( array $window, int $limit, int $window_ms, int $now_ms ): array {
		$start = $now_ms - $now_ms % $window_ms;
		if ( $window['window_start_ms'] !== $start ) {
			$follows = $window['window_start_ms'] === $start - $window_ms;
			$window  = array(
				'window_start_ms' => $start,
				'current'         => 0,
				'previous'        => $follows ? $window['current'] : 0,
			);
		}
		$elapsed = $now_ms - $start;
		$wait_ms = self::wait_ms( $window['current'], $window['previous'], $limit, $window_ms, $elapsed );
		if ( 0 === $wait_ms ) {
			++$window['current'];
		}
		return $window + array( 'retry_after_ms' => $wait_ms );
	}

	/** Milliseconds until one more request fits; 0 when it fits now. */
	private static function wait_ms( int $current, int $previous, int $limit, int $window_ms, int $elapsed ): int {
		$room = $limit - 1 - $current;
		if ( $room >= 0 ) {
			return 0 === $previous ? 0 : max( 0, $window_ms - intdiv( $room * $window_ms, $previous ) - $elapsed );
		}
		// In the next window this one's requests are the ones before.
		return $window_ms - $elapsed + max( 0, $window_ms - intdiv( max( 0, $limit - 1 ) * $window_ms, $current ) );
	}
}
