<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Rest\SlidingWindow;
use Rollcall\RollcallError;

/**
 * Counters of sliding windows by keyed hash. Kept a day, and at most 10,240 of them.
 *
 * @phpstan-import-type Window from SlidingWindow
 */
final class RateLimits {
	/** Each time another request wins, that one was counted; there are never so many workers. */
	private const TRIES = 200;

	/** Names with the same first two digits, of which there are 256 pairs. */
	private const MOST_IN_GROUP = 40;

	/**
	 * Counts a request when the window has room for it: one conditional UPDATE, tried again when another request
	 * counted since the row was read. A refusal writes nothing.
	 *
	 * @param string $name 64 hexadecimal digits.
	 * @return array{retry_after_ms: int, remaining: int, window: Window} retry_after_ms is 0 when it was counted.
	 * @throws RollcallError database_busy, database_full or tables_missing.
	 */
	public static function take( string $name, int $limit, int $window_ms, int $now_ms, int $cost = 1 ): array {
		for ( $try = 0; $try < self::TRIES; $try++ ) {
			$before  = self::read( $name );
			$stepped = SlidingWindow::step( $before ?? SlidingWindow::NONE, $limit, $window_ms, $now_ms, $cost );
			if ( $stepped['retry_after_ms'] > 0 || self::write( $name, $before, $stepped['window'], $now_ms ) ) {
				return $stepped;
			}
			usleep( random_int( 0, 200 * min( $try, 20 ) ) );
		}
		throw new RollcallError( 'database_busy', 'A limit could not be counted.' );
	}

	/** @return Window|null */
	private static function read( string $name ): ?array {
		$row = Sql::row( 'SELECT window_start_ms, `current`, previous FROM {rate_limits} WHERE name = %s', $name );
		return null === $row ? null : array(
			'window_start_ms' => (int) $row['window_start_ms'],
			'current'         => (int) $row['current'],
			'previous'        => (int) $row['previous'],
		);
	}

	/**
	 * Writes the counters if they are still what was read. What is written differs always, by the cost or the window, so
	 * that both databases count the row exactly when it was found; and no counters come twice.
	 *
	 * @param Window|null $before
	 * @param Window      $after
	 */
	private static function write( string $name, ?array $before, array $after, int $now_ms ): bool {
		if ( null === $before ) {
			$is_new = 1 === Sql::insert( 'rate_limits', array( array( 'name' => $name ) + $after + array( 'updated_at_ms' => $now_ms ) ), ignore: true );
			if ( $is_new ) {
				self::make_room( $name );
			}
			return $is_new;
		}
		return 1 === Sql::run(
			'UPDATE {rate_limits} SET window_start_ms = %d, `current` = %d, previous = %d, updated_at_ms = %d
				WHERE name = %s AND window_start_ms = %d AND `current` = %d AND previous = %d',
			$after['window_start_ms'],
			$after['current'],
			$after['previous'],
			$now_ms,
			$name,
			$before['window_start_ms'],
			$before['current'],
			$before['previous']
		);
	}

	/** Forgets those of the name's group that were idle longest. Nobody can choose a group: the hash is keyed. */
	private static function make_room( string $name ): void {
		$group = Sql::like( substr( $name, 0, 2 ) ) . '%';
		$idle  = Sql::column( 'SELECT name FROM {rate_limits} WHERE name LIKE %s ORDER BY updated_at_ms DESC, name LIMIT 1000 OFFSET %d', $group, self::MOST_IN_GROUP );
		if ( array() !== $idle ) {
			Sql::run( 'DELETE FROM {rate_limits} WHERE name IN (' . Sql::places( count( $idle ), '%s' ) . ')', ...$idle );
		}
	}
}
