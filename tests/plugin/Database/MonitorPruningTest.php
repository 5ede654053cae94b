<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Database;

use Rollcall\Companion\Ingest;
use Rollcall\Database\MonitorPruning;
use Rollcall\Database\Monitors;
use Rollcall\Database\Pruning;
use Rollcall\Database\Sql;
use Rollcall\Database\Transaction;
use Rollcall\Status\Uptime;
use Rollcall\Tests\MonitorFactory;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\TestCase;

final class MonitorPruningTest extends TestCase {
	private const NOW_MS = 1_774_785_600_000 + 1_234_567;

	/** @param array<string, mixed> $rows */
	private static function store( array $rows, int $now_ms ): void {
		Ingest::store( PairedCompanion::batch( $rows ), 'companion-1', $now_ms );
	}

	private static function prune( int $now_ms ): int {
		return MonitorPruning::step( $now_ms, hrtime( true ) + 60_000_000_000 );
	}

	public function test_checks_are_kept_14_days_and_their_hours_longer(): void {
		$uid  = MonitorFactory::monitor();
		$old  = self::NOW_MS - 14 * Uptime::DAY_MS - 2 * Uptime::HOUR_MS;
		$rows = array_map( static fn ( int $number ): string => MonitorFactory::row( $old + $number * 600_000 ), range( 0, 40 ) );
		self::store( array( 'state_changes' => array( MonitorFactory::change( $uid, 1, $old, 'up' ) ), 'checks' => array( MonitorFactory::checks( $uid, $rows ) ) ), self::NOW_MS - Uptime::DAY_MS );
		Sql::run( 'INSERT INTO {checks} (monitor_id, location_id, slot_ms, state, error_code, attempts, warnings) SELECT monitor_id, 7, slot_ms, state, error_code, attempts, warnings FROM {checks}' );
		$hours = Sql::rows( 'SELECT * FROM {uptime_hourly} ORDER BY bucket_ms' );
		self::assertGreaterThan( 0, self::prune( self::NOW_MS ) );
		self::assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {checks} WHERE slot_ms < %d', self::NOW_MS - 14 * Uptime::DAY_MS - Uptime::HOUR_MS ) );
		self::assertSame( Sql::value( 'SELECT COUNT(*) FROM {checks} WHERE location_id = 7' ), Sql::value( 'SELECT COUNT(*) FROM {checks} WHERE location_id = 1' ) );
		self::assertGreaterThan( '20', Sql::value( 'SELECT COUNT(*) FROM {checks} WHERE location_id = 1' ) );
		self::assertSame( $hours, Sql::rows( 'SELECT * FROM {uptime_hourly} ORDER BY bucket_ms' ) );
		self::store( array( 'state_changes' => array( MonitorFactory::change( $uid, 2, $old + 600_000, 'down' ) ) ), self::NOW_MS );
		self::assertSame( array_column( $hours, 'check_count' ), array_column( Sql::rows( 'SELECT * FROM {uptime_hourly} ORDER BY bucket_ms' ), 'check_count' ), 'A late decision does not forget what the checks had counted.' );
		self::assertSame( '0', Sql::value( 'SELECT up_ms FROM {uptime_hourly} ORDER BY bucket_ms DESC LIMIT 1' ) );
	}

	public function test_changes_and_hours_are_kept_400_days_but_the_start_and_the_days_stay(): void {
		$uid     = MonitorFactory::monitor();
		$day     = static fn ( int $ago ): int => self::NOW_MS - $ago * Uptime::DAY_MS;
		$changes = array( MonitorFactory::change( $uid, 1, $day( 430 ), 'up' ), MonitorFactory::change( $uid, 2, $day( 420 ), 'down' ), MonitorFactory::change( $uid, 3, $day( 410 ), 'up' ), MonitorFactory::change( $uid, 4, $day( 399 ), 'down' ) );
		self::store( array( 'state_changes' => $changes, 'readings' => array( MonitorFactory::reading( $uid, $day( 398 ) ) ) ), $day( 398 ) );
		$days   = Sql::rows( 'SELECT * FROM {uptime_daily} ORDER BY bucket_ms' );
		$within = 'SELECT * FROM {uptime_hourly} WHERE bucket_ms >= ' . $day( 400 ) . ' ORDER BY bucket_ms';
		$hours  = Sql::rows( $within );
		self::prune( self::NOW_MS );
		self::assertSame( array( '3', '4' ), Sql::column( 'SELECT seq FROM {state_changes} ORDER BY seq' ) );
		self::assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {uptime_hourly} WHERE bucket_ms < %d', $day( 402 ) ) );
		self::assertSame( $days, Sql::rows( 'SELECT * FROM {uptime_daily} ORDER BY bucket_ms' ) );
		// The same rows once more, as a companion sends them whose acknowledgement was lost.
		self::store( array( 'readings' => array( MonitorFactory::reading( $uid, $day( 398 ) ) ), 'state_changes' => array( MonitorFactory::change( $uid, 4, $day( 399 ), 'down' ) ) ), self::NOW_MS );
		self::assertSame( $hours, Sql::rows( $within ) );
		self::assertSame( $days, Sql::rows( 'SELECT * FROM {uptime_daily} ORDER BY bucket_ms' ) );
	}

	/** The day up to which a monitor is known has no row of its own while it is silent; its hours do not stay for ever. */
	public function test_the_last_day_of_a_monitor_that_fell_silent_is_kept_when_its_hours_go(): void {
		$uids = MonitorFactory::monitors( 2 );
		$last = Uptime::start_ms( self::NOW_MS, Uptime::DAY_MS ) + 5 * Uptime::HOUR_MS;
		foreach ( $uids as $number => $uid ) {
			$rows = array_map( static fn ( int $hour ): string => MonitorFactory::row( $last + ( $hour - 4 ) * Uptime::HOUR_MS, total_ms: 12 ), range( 0, 4 + 24 * $number ) );
			self::store( array( 'state_changes' => array( MonitorFactory::change( $uid, 1, $last - 4 * Uptime::HOUR_MS, 'up' ) ), 'checks' => array( MonitorFactory::checks( $uid, $rows ) ) ), $last + 24 * Uptime::HOUR_MS );
		}
		self::assertSame( '1', Sql::value( 'SELECT COUNT(*) FROM {uptime_daily}' ) );
		$later = $last + 410 * Uptime::DAY_MS;
		for ( $walk = 0; $walk < 2; $walk++ ) {
			self::prune( $later + $walk * Uptime::HOUR_MS );
			self::assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {uptime_hourly}' ) );
			self::assertSame(
				array( array( '5', (string) ( 4 * Uptime::HOUR_MS ), '12:5' ), array( '23', (string) ( 23 * Uptime::HOUR_MS ), '12:23' ), array( '6', (string) ( 5 * Uptime::HOUR_MS ), '12:6' ) ),
				array_map( 'array_values', Sql::rows( 'SELECT check_count, up_ms, histogram FROM {uptime_daily} ORDER BY monitor_id, bucket_ms' ) )
			);
		}
	}

	public function test_what_a_deleted_monitor_left_goes_and_itself_after_400_days(): void {
		[ $gone, $uid ] = MonitorFactory::monitors( 2 );
		foreach ( array( $gone, $uid ) as $one ) {
			self::store(
				array(
					'checks'        => array( MonitorFactory::checks( $one, array( MonitorFactory::row( self::NOW_MS ) ) ) ),
					'state_changes' => array( MonitorFactory::change( $one, 1, self::NOW_MS - 1000, 'down' ) ),
					'incidents'     => array( MonitorFactory::incident( $one, self::NOW_MS - 1000 ) ),
				),
				self::NOW_MS
			);
		}
		Transaction::run( static fn (): bool => Monitors::delete( $gone, self::NOW_MS ) );
		self::assertSame( 4, self::prune( self::NOW_MS ) );
		foreach ( array( 'checks', 'state_changes', 'uptime_hourly', 'incidents' ) as $table ) {
			self::assertSame( '1', Sql::value( "SELECT COUNT(*) FROM {{$table}}" ), $table );
		}
		self::assertSame( '2', Sql::value( 'SELECT COUNT(*) FROM {monitors}' ) );
		self::prune( self::NOW_MS + 401 * Uptime::DAY_MS );
		self::assertSame( array( $uid ), Sql::column( 'SELECT monitor_uid FROM {monitors}' ) );
		self::assertSame( '1', Sql::value( 'SELECT COUNT(*) FROM {incidents}' ), 'Incidents are kept for ever.' );
	}

	public function test_goes_on_where_the_time_was_up_and_walks_once_an_hour(): void {
		$uids = MonitorFactory::monitors( 120 );
		$old  = self::NOW_MS - 20 * Uptime::DAY_MS;
		self::store( array( 'checks' => array_map( static fn ( string $uid ): array => MonitorFactory::checks( $uid, array_map( static fn ( int $minute ): string => MonitorFactory::row( $old + $minute * 60_000 ), range( 0, 19 ) ) ), $uids ) ), $old + Uptime::HOUR_MS );
		self::assertSame( 0, MonitorPruning::step( self::NOW_MS, 0 ), 'No time at all.' );
		$removed = 0;
		for ( $call = 0; $call < 500 && $removed < 2400; $call++ ) {
			$removed += MonitorPruning::step( self::NOW_MS, hrtime( true ) + 1 );
			$removed += MonitorPruning::step( self::NOW_MS, hrtime( true ) + 2_000_000 );
		}
		self::assertSame( array( 2400, '0' ), array( $removed, Sql::value( 'SELECT COUNT(*) FROM {checks}' ) ) );
		self::prune( self::NOW_MS );
		self::store( array( 'checks' => array( MonitorFactory::checks( $uids[0], array( MonitorFactory::row( $old ) ) ) ) ), self::NOW_MS );
		self::assertSame( 0, self::prune( self::NOW_MS ) );
		self::assertSame( 1, self::prune( self::NOW_MS + Uptime::HOUR_MS ) );
	}

	public function test_is_a_part_of_every_pruning(): void {
		$uid = MonitorFactory::monitor();
		self::store( array( 'checks' => array( MonitorFactory::checks( $uid, array( MonitorFactory::row( self::NOW_MS - 20 * Uptime::DAY_MS ) ) ) ) ), self::NOW_MS - 20 * Uptime::DAY_MS );
		Pruning::step( self::NOW_MS );
		self::assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {checks}' ) );
	}
}
