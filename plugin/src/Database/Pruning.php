<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Clock;
use Rollcall\Contract;
use Rollcall\Plugin;
use Rollcall\RollcallError;
use Rollcall\Settings;

/** Removes what has been kept long enough, a little at a time: each exchange and, when none came, WP-Cron call it. */
final class Pruning {
	private const DAY_MS = 86_400_000;

	/** Milliseconds that rows are kept, by table and its column. */
	private const KEPT_MS = array(
		'nonces'      => array( 'created_at_ms', 660_000 ),
		'batches'     => array( 'created_at_ms', 8 * self::DAY_MS ),
		'rate_limits' => array( 'updated_at_ms', self::DAY_MS ),
		'audit'       => array( 'at_ms', 400 * self::DAY_MS ),
		'jobs'        => array( 'updated_at_ms', 400 * self::DAY_MS ),
		'signups'     => array( 'matched_at_ms', 90 * self::DAY_MS ),
	);

	private const PAYLOADS = 50;

	/** Highest id that the search for unused hosts has seen. */
	private const CURSOR = 'prune:domains';

	/** Rows in one call. */
	private const ROWS = 500;

	/** Time of one call. */
	private const BUDGET_MS = 200;

	/**
	 * Removes at most 500 rows, and of monitors what 200 ms allow for all of it.
	 *
	 * @return int Rows removed; fewer than 500 when nothing is left or the time was up.
	 */
	public static function step( int $now_ms ): int {
		$end     = hrtime( true ) + self::BUDGET_MS * 1_000_000;
		$removed = 0;
		foreach ( self::KEPT_MS as $table => [ $column, $kept_ms ] ) {
			if ( $removed < self::ROWS && hrtime( true ) < $end ) {
				$removed += Sql::run( "DELETE FROM {{$table}} WHERE $column < %d LIMIT %d", $now_ms - $kept_ms, self::ROWS - $removed );
			}
		}
		if ( $removed < self::ROWS && hrtime( true ) < $end ) {
			$removed += Kv::prune( $now_ms, self::ROWS - $removed );
		}
		if ( $removed < self::ROWS && hrtime( true ) < $end ) {
			$removed += self::payloads( self::ROWS - $removed );
		}
		if ( $removed < self::ROWS && hrtime( true ) < $end ) {
			$removed += self::runs( $now_ms - Settings::get()['run_retention_days'] * self::DAY_MS, self::ROWS - $removed );
		}
		if ( $removed < self::ROWS && hrtime( true ) < $end ) {
			$removed += self::unfinished_runs( self::ROWS - $removed );
		}
		if ( $removed < self::ROWS && hrtime( true ) < $end ) {
			$removed += self::unused_domains( $now_ms, self::ROWS - $removed );
		}
		return $removed + MonitorPruning::step( $now_ms, $end );
	}

	/** WP-Cron's call, once a day; does nothing while a companion calls. */
	public static function when_silent(): void {
		self::schedule();
		$now_ms = Clock::now_ms();
		try {
			$seen_ms = (int) Sql::value( 'SELECT MAX(last_seen_ms) FROM {companions} WHERE revoked_at_ms IS NULL' );
			if ( $now_ms - $seen_ms >= self::DAY_MS ) {
				self::step( $now_ms );
			}
		} catch ( RollcallError $error ) {
			// phpcs:ignore WordPress.PHP.DevelopmentFunctions.error_log_error_log -- nobody looks at WP-Cron's answer.
			error_log( 'Rollcall could not prune: ' . $error->getMessage() );
		}
	}

	/** Sets WP-Cron's next call. A single event: when the plugin is gone nothing is left behind. */
	public static function schedule(): void {
		if ( false === wp_next_scheduled( Plugin::PRUNE_EVENT ) ) {
			wp_schedule_single_event( time() + DAY_IN_SECONDS, Plugin::PRUNE_EVENT );
		}
	}

	/** Keeps the newest 50 payloads. */
	private static function payloads( int $limit ): int {
		$oldest = Sql::value( 'SELECT payload_id FROM {payloads} ORDER BY payload_id DESC LIMIT 1 OFFSET %d', self::PAYLOADS - 1 );
		return null === $oldest ? 0 : Sql::run( 'DELETE FROM {payloads} WHERE payload_id < %d LIMIT %d', (int) $oldest, $limit );
	}

	/** Removes old runs, their rows first: a run without all its rows is never shown as a whole one. */
	private static function runs( int $before_ms, int $limit ): int {
		$removed = 0;
		$runs    = Sql::column( 'SELECT run_id FROM {runs} WHERE finished_at_ms IS NOT NULL AND started_at_ms < %d ORDER BY started_at_ms LIMIT 5', $before_ms );
		foreach ( $runs as $run_id ) {
			foreach ( array( 'run_companies', 'run_domains', 'runs' ) as $table ) {
				if ( $removed >= $limit ) {
					return $removed;
				}
				$removed += Sql::run( "DELETE FROM {{$table}} WHERE run_id = %d LIMIT %d", (int) $run_id, $limit - $removed );
			}
		}
		return $removed;
	}

	/** Removes what runs counted that came to no end, and hashes of addresses that such a run left: no report shows them. */
	private static function unfinished_runs( int $limit ): int {
		// A DELETE locks what it looks at: the open run, which is the newest, stays out of its range.
		$open    = Sql::value( 'SELECT MIN(run_id) FROM {runs} WHERE finished_at_ms IS NULL' );
		$removed = Sql::run( 'DELETE FROM {run_addresses} WHERE run_id < %d LIMIT %d', null === $open ? PHP_INT_MAX : (int) $open, $limit );
		$run_id  = $removed >= $limit ? null : Sql::value(
			'SELECT r.run_id FROM {runs} r WHERE r.state IN (%d, %d) AND EXISTS (SELECT 1 FROM {run_domains} d WHERE d.run_id = r.run_id) LIMIT 1',
			Contract::number( 'RUN_STATES', 'cancelled' ),
			Contract::number( 'RUN_STATES', 'failed' )
		);
		return null === $run_id ? $removed : $removed + Sql::run( 'DELETE FROM {run_domains} WHERE run_id = %d LIMIT %d', (int) $run_id, $limit - $removed );
	}

	/**
	 * Removes hosts that no user and no run refers to any more, a stretch of ids at a time from where the last
	 * call ended. Not while a run is open, which is about to refer to hosts.
	 */
	private static function unused_domains( int $now_ms, int $limit ): int {
		if ( null !== Sql::value( 'SELECT run_id FROM {runs} WHERE finished_at_ms IS NULL LIMIT 1' ) ) {
			return 0;
		}
		$stored = Kv::get( self::CURSOR, $now_ms );
		$after  = is_int( $stored ) ? $stored : 0;
		$ids    = array_map( 'intval', Sql::column( 'SELECT domain_id FROM {domains} WHERE domain_id > %d ORDER BY domain_id LIMIT %d', $after, $limit ) );
		$last   = count( $ids ) < $limit ? 0 : ( $ids[ count( $ids ) - 1 ] ?? 0 );
		$unused = array() === $ids ? array() : self::unused_among( $ids, $now_ms );
		if ( array() !== $unused ) {
			Transaction::run(
				static function () use ( $unused, $now_ms ): void {
					// Asked again under a lock: a user may have come meanwhile.
					$unused = self::unused_among( $unused, $now_ms, 'FOR UPDATE' );
					foreach ( array() === $unused ? array() : array( 'domain_companies', 'domains' ) as $table ) {
						Sql::run( "DELETE FROM {{$table}} WHERE domain_id IN (" . Sql::places( count( $unused ) ) . ')', ...$unused );
					}
				}
			);
		}
		if ( $last !== $after ) {
			Kv::set( self::CURSOR, $last, null, $now_ms );
		}
		return count( $unused );
	}

	/**
	 * Those of the hosts that nothing refers to; not those of the last day, whose user may be about to be written.
	 *
	 * @param non-empty-list<int> $ids
	 * @return list<int>
	 */
	private static function unused_among( array $ids, int $now_ms, string $lock = '' ): array {
		return array_map(
			'intval',
			Sql::column(
				'SELECT d.domain_id FROM {domains} d WHERE d.domain_id IN (' . Sql::places( count( $ids ) ) . ') AND d.created_at_ms < %d
					AND NOT EXISTS (SELECT 1 FROM {user_domains} u WHERE u.domain_id = d.domain_id)
					AND NOT EXISTS (SELECT 1 FROM {run_domains} r WHERE r.domain_id = d.domain_id) ' . $lock,
				...array( ...$ids, $now_ms - self::DAY_MS )
			)
		);
	}
}
