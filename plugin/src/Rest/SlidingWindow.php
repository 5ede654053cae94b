<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

/**
 * Sliding window over two fixed ones: the window before counts by the share of it that is still inside. The companion
 * does the same; both run tests/fixtures/rate-limit.json.
 *
 * @phpstan-type Window array{window_start_ms: int, current: int, previous: int}
 */
final class SlidingWindow {
	/** Counters of a client that is not known. */
	public const NONE = array(
		'window_start_ms' => 0,
		'current'         => 0,
		'previous'        => 0,
	);

	/**
	 * The counters after a request, which is counted when there is room for its cost. A clock that went back stands
	 * still instead: forgetting what was counted would be a way around the limit.
	 *
	 * @param Window $before
	 * @param int    $cost   From 1; more than the limit counts as the limit.
	 * @return array{window: Window, retry_after_ms: int, remaining: int} retry_after_ms is 0 when it was counted.
	 */
	public static function step( array $before, int $limit, int $window_ms, int $now_ms, int $cost = 1 ): array {
		$now_ms  = max( $now_ms, $before['window_start_ms'] );
		$elapsed = $now_ms % $window_ms;
		$window  = self::at( $before, $now_ms - $elapsed, $window_ms );
		$cost    = min( max( 1, $cost ), $limit );
		$wait_ms = self::wait_ms( $window, $limit, $cost, $window_ms, $elapsed );
		if ( 0 === $wait_ms ) {
			$window['current'] += $cost;
		}
		$weighted = intdiv( $window['previous'] * ( $window_ms - $elapsed ) + $window_ms - 1, $window_ms );
		return array(
			'window'         => $window,
			'retry_after_ms' => $wait_ms,
			'remaining'      => max( 0, $limit - $window['current'] - $weighted ),
		);
	}

	/**
	 * The counters as they are in the window that begins at an instant.
	 *
	 * @param Window $before
	 * @return Window
	 */
	private static function at( array $before, int $start_ms, int $window_ms ): array {
		if ( $before['window_start_ms'] === $start_ms ) {
			return $before;
		}
		return array(
			'window_start_ms' => $start_ms,
			'current'         => 0,
			'previous'        => $before['window_start_ms'] === $start_ms - $window_ms ? $before['current'] : 0,
		);
	}

	/**
	 * Milliseconds until a request of this cost fits; 0 when it fits now.
	 *
	 * @param Window $window
	 */
	private static function wait_ms( array $window, int $limit, int $cost, int $window_ms, int $elapsed ): int {
		$room = $limit - $cost - $window['current'];
		if ( $room >= 0 ) {
			return 0 === $window['previous'] ? 0 : max( 0, $window_ms - intdiv( $room * $window_ms, $window['previous'] ) - $elapsed );
		}
		// In the next window this one's requests are the ones before.
		return $window_ms - $elapsed + max( 0, $window_ms - intdiv( ( $limit - $cost ) * $window_ms, $window['current'] ) );
	}
}
