<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Rest\RateLimit;

/** Counters of sliding windows by keyed hash. Kept a day. */
final class RateLimits {
	/**
	 * Counts a request when the window has room for it.
	 *
	 * @param string $name 64 hexadecimal digits.
	 * @return int 0 when it was counted, else milliseconds until there is room.
	 */
	public static function take( string $name, int $limit, int $window_ms, int $now_ms ): int {
		return Transaction::run(
			static function () use ( $name, $limit, $window_ms, $now_ms ): int {
				$fresh = array(
					'name'            => $name,
					'window_start_ms' => 0,
					'current'         => 0,
					'previous'        => 0,
					'updated_at_ms'   => $now_ms,
				);
				Sql::insert( 'rate_limits', array( $fresh ), ignore: true );
				$row    = Sql::row( 'SELECT window_start_ms, `current`, previous FROM {rate_limits} WHERE name = %s FOR UPDATE', $name ) ?? array();
				$window = RateLimit::step(
					array(
						'window_start_ms' => (int) ( $row['window_start_ms'] ?? 0 ),
						'current'         => (int) ( $row['current'] ?? 0 ),
						'previous'        => (int) ( $row['previous'] ?? 0 ),
					),
					$limit,
					$window_ms,
					$now_ms
				);
				Sql::run(
					'UPDATE {rate_limits} SET window_start_ms = %d, `current` = %d, previous = %d, updated_at_ms = %d WHERE name = %s',
					$window['window_start_ms'],
					$window['current'],
					$window['previous'],
					$now_ms,
					$name
				);
				return $window['retry_after_ms'];
			}
		);
	}
}
