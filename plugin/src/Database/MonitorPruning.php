<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Status\Uptime;

/**
 * Removes what monitors left long ago, monitor by monitor along the keys of their tables. Rows become due by whole hours, so one
 * walk an hour is enough; it goes on from where the last call ended. Checks come by the thousand a minute: here only time is
 * limited, each statement removes at most 500 rows.
 */
final class MonitorPruning {
	/** Where the walk is: last monitor, and the hour that it is for. */
	private const CURSOR = 'prune:monitors';

	/** Days that a deleted monitor itself is kept, so that a companion which was away hears of it. */
	private const DELETED_DAYS = 400;

	/** Monitors at a time: of 4,000 of which nothing was due 50 at a time took 200 ms. */
	private const MONITORS = 200;

	/** Rows of one statement. */
	private const ROWS = 500;

	/** Everything that belongs to a monitor. */
	private const TABLES = array( 'checks', 'state_changes', 'uptime_hourly', 'uptime_daily', 'incidents' );

	/**
	 * Removes what is due until the time is up.
	 *
	 * @param int $end Of hrtime().
	 * @return int Rows removed.
	 */
	public static function step( int $now_ms, int $end ): int {
		$hour_ms = Uptime::start_ms( $now_ms, Uptime::HOUR_MS );
		$stored  = Kv::get( self::CURSOR, $now_ms );
		$cursor  = is_array( $stored ) && is_int( $stored['after'] ?? null ) && ( $stored['hour_ms'] ?? null ) === $hour_ms ? $stored['after'] : 0;
		$after   = $cursor;
		$removed = 0;
		while ( $after < PHP_INT_MAX && hrtime( true ) < $end ) {
			$monitors = Sql::rows( 'SELECT monitor_id, deleted_at_ms FROM {monitors} WHERE monitor_id > %d ORDER BY monitor_id LIMIT %d', $after, self::MONITORS );
			$deleted  = array();
			foreach ( $monitors as $row ) {
				$deleted[ (int) $row['monitor_id'] ] = (int) $row['deleted_at_ms'];
			}
			$count    = self::of( $deleted, $now_ms );
			$removed += $count;
			if ( $count < self::ROWS ) {
				$after = count( $monitors ) < self::MONITORS ? PHP_INT_MAX : (int) $monitors[ self::MONITORS - 1 ]['monitor_id'];
			}
		}
		if ( $after !== $cursor ) {
			Kv::set( self::CURSOR, array( 'after' => $after, 'hour_ms' => $hour_ms ), null, $now_ms );
		}
		return $removed;
	}

	/**
	 * @param array<int, int> $monitors When they were deleted, by monitor_id; 0 for those that are there.
	 * @return int Rows removed; fewer than 500 when nothing is left.
	 */
	private static function of( array $monitors, int $now_ms ): int {
		$present = array_keys( $monitors, 0, true );
		$removed = array() === $present ? 0 : self::old( $present, $now_ms );
		foreach ( array_keys( array_filter( $monitors ) ) as $monitor_id ) {
			foreach ( self::TABLES as $table ) {
				if ( $removed < self::ROWS ) {
					$removed += Sql::run( "DELETE FROM {{$table}} WHERE monitor_id = %d LIMIT %d", $monitor_id, self::ROWS - $removed );
				}
			}
			if ( $removed < self::ROWS && $monitors[ $monitor_id ] < $now_ms - self::DELETED_DAYS * Uptime::DAY_MS ) {
				$removed += Sql::run( 'DELETE FROM {monitors} WHERE monitor_id = %d', $monitor_id );
			}
		}
		return $removed;
	}

	/**
	 * Removes old rows of monitors that are there. Hours are worked out anew from checks for an hour longer than these are kept.
	 *
	 * @param non-empty-list<int> $monitor_ids
	 */
	private static function old( array $monitor_ids, int $now_ms ): int {
		$in       = implode( ',', $monitor_ids );
		$check_ms = Uptime::start_ms( $now_ms - UptimeCache::CHECK_DAYS * Uptime::DAY_MS, Uptime::HOUR_MS );
		$hour_ms  = Uptime::start_ms( $now_ms - UptimeCache::HOUR_DAYS * Uptime::DAY_MS, Uptime::DAY_MS ) - Uptime::DAY_MS;
		$removed  = 0;
		$ranges   = array();
		foreach ( Sql::rows( "SELECT monitor_id, location_id FROM {checks} WHERE monitor_id IN ($in) GROUP BY monitor_id, location_id" ) as $row ) {
			$ranges[] = "(monitor_id = {$row['monitor_id']} AND location_id = {$row['location_id']} AND slot_ms < $check_ms)";
		}
		foreach ( array_chunk( $ranges, 200 ) as $chunk ) {
			if ( $removed < self::ROWS ) {
				$removed += Sql::run( 'DELETE FROM {checks} WHERE ' . implode( ' OR ', $chunk ) . ' LIMIT ' . ( self::ROWS - $removed ) );
			}
		}
		if ( $removed < self::ROWS ) {
			UptimeCache::keep_days( $monitor_ids, $hour_ms );
			$removed += Sql::run( "DELETE FROM {uptime_hourly} WHERE monitor_id IN ($in) AND bucket_ms < $hour_ms LIMIT " . ( self::ROWS - $removed ) );
		}
		return $removed < self::ROWS ? $removed + self::changes( $in, $hour_ms, self::ROWS - $removed ) : $removed;
	}

	/** Removes old changes; the newest of them stays, since it says which state held when the rest begins. */
	private static function changes( string $in, int $before_ms, int $limit ): int {
		$removed = 0;
		$starts  = Sql::pairs( "SELECT monitor_id AS id, MAX(changed_at_ms) AS value FROM {state_changes} WHERE monitor_id IN ($in) AND changed_at_ms < $before_ms GROUP BY monitor_id HAVING COUNT(*) > 1" );
		foreach ( $starts as $monitor_id => $start_ms ) {
			if ( $removed < $limit ) {
				$removed += Sql::run( 'DELETE FROM {state_changes} WHERE monitor_id = %d AND changed_at_ms < %d LIMIT %d', $monitor_id, (int) $start_ms, $limit - $removed );
			}
		}
		return $removed;
	}
}
