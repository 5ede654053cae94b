<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Companion;

use Rollcall\Companion\Ingest;
use Rollcall\Database\JudgeEpoch;
use Rollcall\Database\Monitors;
use Rollcall\Database\Sql;
use Rollcall\Database\Transaction;
use Rollcall\RollcallError;
use Rollcall\Status\Uptime;
use Rollcall\Tests\MonitorFactory;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\TestCase;

final class MonitorIngestTest extends TestCase {
	/** 2026-03-29T12:00:00Z. */
	private const NOON_MS = 1_774_785_600_000;

	private const MINUTE_MS = 60_000;

	/**
	 * @param array<string, mixed> $rows
	 * @return array<string, mixed>
	 */
	private static function store( array $rows, int $now_ms = self::NOON_MS + 2 * Uptime::HOUR_MS ): array {
		return Ingest::store( PairedCompanion::batch( $rows ), PairedCompanion::ID . '-1', $now_ms );
	}

	private static function at( int $minutes ): int {
		return self::NOON_MS + $minutes * self::MINUTE_MS;
	}

	public function test_a_batch_makes_checks_state_and_uptime(): void {
		$uid      = MonitorFactory::monitor();
		$rows     = array_map( static fn ( int $minute ): string => MonitorFactory::row( self::at( $minute ), $minute < 30 ? 'up' : 'down' ), range( 0, 59 ) );
		$accepted = self::store(
			array(
				'checks'        => array( MonitorFactory::checks( $uid, $rows ) ),
				'readings'      => array( MonitorFactory::reading( $uid, self::at( 59 ), array( 'state' => 'down', 'error_code' => 'http_status', 'error_message' => 'GET https://www.example.com answered 503.', 'status_code' => 503 ) ) ),
				'state_changes' => array( MonitorFactory::change( $uid, 1, self::at( 0 ), 'up' ), MonitorFactory::change( $uid, 2, self::at( 30 ), 'down' ) ),
				'incidents'     => array( MonitorFactory::incident( $uid, self::at( 30 ) ) ),
			)
		);
		self::assertSame( array( 64, array() ), array( $accepted['stored'], $accepted['refused'] ) );
		$monitor = Monitors::find( $uid ) ?? array();
		self::assertSame( array( 'down', self::at( 30 ), self::at( 59 ), self::at( 59 ), 'down', 503, 120, 'http_status' ), array( $monitor['state'], $monitor['state_since_ms'], $monitor['known_until_ms'], $monitor['last_slot_ms'], $monitor['last_state'], $monitor['last_status_code'], $monitor['last_response_time_ms'], $monitor['last_error_code'] ) );
		$hour = Sql::row( 'SELECT * FROM {uptime_hourly}' ) ?? array();
		self::assertSame( array( 30, 0, 29, 1, 0 ), array_map( static fn ( string $part ): int => intdiv( (int) $hour[ $part ], self::MINUTE_MS ), array_keys( Uptime::NOTHING ) ) );
		self::assertSame( array( '60', '30', '92:30' ), array( $hour['check_count'], $hour['failed_count'], $hour['histogram'] ) );
		self::assertNull( Sql::row( 'SELECT * FROM {uptime_daily}' ), 'The day is not over for it.' );
		self::store( array( 'readings' => array( MonitorFactory::reading( $uid, self::NOON_MS + Uptime::DAY_MS ) ) ), self::NOON_MS + Uptime::DAY_MS );
		$day = Sql::row( 'SELECT * FROM {uptime_daily}' ) ?? array();
		self::assertSame( array( (string) ( 30 * self::MINUTE_MS ), (string) ( 12 * Uptime::HOUR_MS ), '60', '92:30' ), array( $day['up_ms'], $day['unknown_ms'], $day['check_count'], $day['histogram'] ) );
		self::assertSame( '1', Sql::value( 'SELECT COUNT(*) FROM {incidents} WHERE resolved_at_ms IS NULL' ) );
	}

	public function test_keeps_what_a_phase_has_and_what_it_has_not(): void {
		$uid = MonitorFactory::monitor();
		self::store( array( 'checks' => array( MonitorFactory::checks( $uid, array( self::at( 0 ) . ',3,2,,1,,,99999,,99999,99,999', self::at( 1 ) . ',1,1,200,0,1,2,3,4,65535,1,2' ) ) ) ) );
		$read = static fn ( int $at_ms ): array => array_slice( Sql::row( 'SELECT * FROM {checks} WHERE slot_ms = %d', $at_ms ) ?? array(), 3 );
		self::assertSame( array( '3', '2', null, '1', null, null, '65535', null, '65535', '99', '255' ), array_values( $read( self::at( 0 ) ) ) );
		self::assertSame( array( '1', '1', '200', '0', '1', '2', '3', '4', '65535', '1', '2' ), array_values( $read( self::at( 1 ) ) ) );
	}

	public function test_refuses_rows_of_unknown_and_deleted_monitors_one_by_one(): void {
		[ $uid, $gone ] = MonitorFactory::monitors( 2 );
		$stranger       = str_repeat( 'f', 32 );
		Transaction::run( static fn (): bool => Monitors::delete( $gone, self::NOON_MS ) );
		$rows     = array( MonitorFactory::row( self::at( 0 ) ), MonitorFactory::row( self::at( 1 ) ) );
		$accepted = self::store(
			array(
				'checks'        => array( MonitorFactory::checks( $stranger, $rows ), MonitorFactory::checks( $uid, $rows ), MonitorFactory::checks( $gone, $rows ) ),
				'readings'      => array( MonitorFactory::reading( $stranger, self::at( 1 ) ), MonitorFactory::reading( $uid, self::at( 1 ) ) ),
				'state_changes' => array( MonitorFactory::change( $gone, 1, self::at( 0 ), 'up' ) ),
				'incidents'     => array( MonitorFactory::incident( $stranger, self::at( 0 ) ) ),
			)
		);
		self::assertSame( 3, $accepted['stored'] );
		self::assertSame(
			array( "checks $stranger not_found", "checks $gone not_found", "state_changes $gone not_found", "readings $stranger not_found", "incidents $stranger not_found" ),
			array_map( static fn ( array $refused ): string => implode( ' ', $refused ), $accepted['refused'] )
		);
		self::assertSame( '2', Sql::value( 'SELECT COUNT(*) FROM {checks}' ) );
	}

	public function test_refuses_what_lies_more_than_ten_minutes_ahead_and_stores_the_rest(): void {
		$uid      = MonitorFactory::monitor();
		$now_ms   = self::at( 60 );
		$far_ms   = $now_ms + 600_001;
		$near_ms  = $now_ms + 600_000;
		$accepted = self::store(
			array(
				'checks'        => array( MonitorFactory::checks( $uid, array( MonitorFactory::row( self::at( 0 ) ), MonitorFactory::row( $far_ms ), MonitorFactory::row( $near_ms ) ) ) ),
				'state_changes' => array( MonitorFactory::change( $uid, 1, $far_ms, 'down' ), MonitorFactory::change( $uid, 2, self::at( 0 ), 'up' ) ),
				'readings'      => array( MonitorFactory::reading( $uid, $far_ms ) ),
				'incidents'     => array( MonitorFactory::incident( $uid, $far_ms ), MonitorFactory::incident( $uid, self::at( 0 ), array( 'incident_uid' => str_repeat( 'a', 32 ) ) ) ),
			),
			$now_ms
		);
		self::assertSame( 4, $accepted['stored'] );
		self::assertSame(
			array( 'checks clock_skew', 'state_changes clock_skew', 'readings clock_skew', 'incidents clock_skew' ),
			array_map( static fn ( array $refused ): string => $refused['kind'] . ' ' . $refused['error_code'], $accepted['refused'] )
		);
		self::assertSame( array( '2', '1' ), array( Sql::value( 'SELECT COUNT(*) FROM {checks}' ), Sql::value( 'SELECT COUNT(*) FROM {incidents}' ) ) );
		self::assertSame( $near_ms, Monitors::find( $uid )['known_until_ms'] ?? null );
	}

	public function test_an_older_reading_changes_nothing_and_known_until_is_only_raised(): void {
		$uid = MonitorFactory::monitor();
		self::store( array( 'readings' => array( MonitorFactory::reading( $uid, self::at( 10 ), array( 'response_time_ms' => 10 ) ) ) ) );
		self::store( array( 'readings' => array( MonitorFactory::reading( $uid, self::at( 5 ), array( 'response_time_ms' => 5 ) ) ) ) );
		$monitor = Monitors::find( $uid ) ?? array();
		self::assertSame( array( self::at( 10 ), 10, self::at( 10 ) ), array( $monitor['last_slot_ms'], $monitor['last_response_time_ms'], $monitor['known_until_ms'] ) );
	}

	public function test_the_state_is_that_of_the_newest_change_and_of_the_later_one_at_an_instant(): void {
		$uid = MonitorFactory::monitor();
		self::store( array( 'state_changes' => array( MonitorFactory::change( $uid, 1, self::at( 10 ), 'down', array( 'judge_epoch' => 2 ) ) ) ) );
		self::store( array( 'state_changes' => array( MonitorFactory::change( $uid, 3, self::at( 5 ), 'up', array( 'judge_epoch' => 2 ) ) ) ) );
		self::assertSame( 'down', Monitors::find( $uid )['state'] ?? null );
		self::store( array( 'state_changes' => array( MonitorFactory::change( $uid, 2, self::at( 10 ), 'degraded', array( 'judge_epoch' => 2 ) ) ) ) );
		self::assertSame( 'degraded', Monitors::find( $uid )['state'] ?? null );
	}

	public function test_a_state_is_held_since_it_began_however_often_it_was_told(): void {
		$uid   = MonitorFactory::monitor();
		$since = static function ( int $seq, int $minute, string $state, int $epoch ) use ( $uid ): int {
			self::store( array( 'state_changes' => array( MonitorFactory::change( $uid, $seq, self::at( $minute ), $state, array( 'judge_epoch' => $epoch ) ) ) ) );
			return intdiv( ( Monitors::find( $uid )['state_since_ms'] ?? 0 ) - self::at( 0 ), self::MINUTE_MS );
		};
		self::assertSame( 1, $since( 1, 1, 'up', 1 ) );
		self::assertSame( 1, $since( 1, 30, 'up', 2 ), 'Another judge tells the present state.' );
		self::assertSame( 40, $since( 2, 40, 'unknown', 2 ) );
		self::assertSame( 50, $since( 3, 50, 'up', 2 ) );
		self::assertSame( 60, $since( 4, 60, 'down', 2 ) );
		self::assertSame( 60, $since( 5, 60, 'up', 2 ), 'Of two of an instant the later one holds.' );
	}

	public function test_the_incident_that_was_judged_later_holds(): void {
		$uid   = MonitorFactory::monitor();
		$open  = MonitorFactory::incident( $uid, self::at( 0 ) );
		$ended = array( 'resolved_at_ms' => self::at( 5 ), 'resolved_by' => 'check', 'judged_at_ms' => self::at( 6 ) ) + $open;
		self::store( array( 'incidents' => array( $ended ) ) );
		self::store( array( 'incidents' => array( $open ) ) );
		self::assertSame( array( (string) self::at( 5 ), '1' ), array_values( Sql::row( 'SELECT resolved_at_ms, resolved_by FROM {incidents}' ) ?? array() ) );
	}

	public function test_an_incident_whose_end_nobody_told_ends_where_its_monitor_was_up_again(): void {
		$uid    = MonitorFactory::monitor();
		$said   = array( 'judge_epoch' => 2, 'judged_at_ms' => self::at( 40 ) );
		$states = array(
			'down'  => array( 'state_changes' => array( MonitorFactory::change( $uid, 1, self::at( 10 ), 'down' ) ) ),
			'open'  => array( 'incidents' => array( MonitorFactory::incident( $uid, self::at( 10 ) ) ) ),
			'up'    => array( 'state_changes' => array( MonitorFactory::change( $uid, 1, self::at( 30 ), 'up', array( 'judge_epoch' => 2, 'kind' => 'reading' ) ) ) ),
			'later' => array( 'state_changes' => array( MonitorFactory::change( $uid, 2, self::at( 50 ), 'up', array( 'judge_epoch' => 2 ) ) ) ),
		);
		foreach ( array( array( 'down', 'open', 'up', 'later' ), array( 'down', 'open', 'later', 'up' ) ) as $order ) {
			Sql::run( 'DELETE FROM {incidents}' );
			Sql::run( 'DELETE FROM {state_changes}' );
			JudgeEpoch::set( 1 );
			foreach ( $order as $name ) {
				self::store( $states[ $name ] );
			}
			self::assertSame( array( (string) self::at( 30 ), null ), self::end() );
		}
		self::store( array( 'incidents' => array( MonitorFactory::incident( $uid, self::at( 10 ), $said + array( 'resolved_at_ms' => self::at( 20 ), 'resolved_by' => 'check' ) ) ) ) );
		self::assertSame( (string) self::at( 20 ), self::end()[0], 'What the judge says holds.' );
	}

	public function test_an_incident_for_which_the_judge_stands_goes_on_whatever_an_earlier_one_said(): void {
		$uid = MonitorFactory::monitor();
		self::store(
			array(
				'state_changes' => array(
					MonitorFactory::change( $uid, 1, self::at( 20 ), 'up' ),
					// Votes before a gap decided, after the state of before was told anew.
					MonitorFactory::change( $uid, 2, self::at( 10 ), 'down' ),
				),
				'incidents'     => array( MonitorFactory::incident( $uid, self::at( 10 ) ) ),
			)
		);
		self::assertNull( self::end()[0] );
		self::store( array( 'state_changes' => array( MonitorFactory::change( $uid, 1, self::at( 30 ), 'up', array( 'judge_epoch' => 2 ) ) ) ) );
		self::assertSame( (string) self::at( 30 ), self::end()[0] );
		self::store(
			array(
				'state_changes' => array( MonitorFactory::change( $uid, 1, self::at( 40 ), 'down', array( 'judge_epoch' => 3 ) ) ),
				'incidents'     => array( MonitorFactory::incident( $uid, self::at( 10 ), array( 'judge_epoch' => 3, 'judged_at_ms' => self::at( 40 ) ) ) ),
			)
		);
		self::assertNull( self::end()[0] );
		self::store( array( 'state_changes' => array( MonitorFactory::change( $uid, 2, self::at( 50 ), 'degraded', array( 'judge_epoch' => 3 ) ) ) ) );
		self::assertSame( (string) self::at( 50 ), self::end()[0] );
	}

	public function test_an_open_incident_of_an_earlier_judge_ends_where_that_of_the_next_one_begins(): void {
		$uid  = MonitorFactory::monitor();
		$rows = array(
			'first'  => MonitorFactory::incident( $uid, self::at( 10 ) ),
			// It found it earlier than the one before.
			'second' => MonitorFactory::incident( $uid, self::at( 9 ), array( 'judge_epoch' => 2, 'judged_at_ms' => self::at( 20 ) ) ),
			'third'  => MonitorFactory::incident( $uid, self::at( 30 ), array( 'judge_epoch' => 3 ) ),
		);
		foreach ( array( array( 'first', 'second', 'third' ), array( 'third', 'second', 'first' ), array( 'second', 'first', 'third', 'second' ) ) as $order ) {
			Sql::run( 'DELETE FROM {incidents}' );
			foreach ( $order as $name ) {
				JudgeEpoch::set( 1 );
				self::store( array( 'incidents' => array( $rows[ $name ] ) ) );
			}
			$ends = Sql::rows( 'SELECT judge_epoch, resolved_at_ms, resolved_by FROM {incidents} ORDER BY judge_epoch' );
			self::assertSame( array( array( '1', (string) self::at( 10 ), null ), array( '2', (string) self::at( 30 ), null ), array( '3', null, null ) ), array_map( 'array_values', $ends ), implode( ', ', $order ) );
		}
	}

	public function test_an_incident_that_was_ended_by_what_came_first_goes_on_by_what_came_later(): void {
		$uid   = MonitorFactory::monitor();
		$down  = MonitorFactory::change( $uid, 2, self::at( 10 ), 'down' );
		$rows  = array(
			'up'   => array( 'state_changes' => array( MonitorFactory::change( $uid, 1, self::at( 20 ), 'up' ) ) ),
			'open' => array( 'incidents' => array( MonitorFactory::incident( $uid, self::at( 10 ) ) ) ),
			'down' => array( 'state_changes' => array( $down ) ),
		);
		foreach ( array( 'up', 'open' ) as $name ) {
			self::store( $rows[ $name ] );
		}
		self::assertSame( (string) self::at( 20 ), self::end()[0] );
		self::store( $rows['down'] );
		self::assertNull( self::end()[0], 'The judge said so after it had told the state anew.' );
	}

	public function test_an_end_that_was_worked_out_outlives_the_changes_behind_it(): void {
		$uid     = MonitorFactory::monitor();
		$long_ms = -500 * 24 * 60;
		self::store(
			array(
				'state_changes' => array( MonitorFactory::change( $uid, 1, self::at( $long_ms ), 'down' ), MonitorFactory::change( $uid, 2, self::at( $long_ms + 5 ), 'up' ) ),
				'incidents'     => array( MonitorFactory::incident( $uid, self::at( $long_ms ) ) ),
			)
		);
		Sql::run( 'DELETE FROM {state_changes}' );
		self::store( array( 'state_changes' => array( MonitorFactory::change( $uid, 3, self::at( 1 ), 'up' ) ) ) );
		self::assertSame( (string) self::at( $long_ms + 5 ), self::end()[0] );
	}

	/** @return array{string|null, string|null} */
	private static function end(): array {
		[ 'resolved_at_ms' => $at_ms, 'resolved_by' => $by ] = Sql::row( 'SELECT resolved_at_ms, resolved_by FROM {incidents}' ) ?? array();
		return array( $at_ms, $by );
	}

	public function test_hours_without_checks_go_on_in_the_state_that_holds(): void {
		$uid = MonitorFactory::monitor();
		self::store( array( 'state_changes' => array( MonitorFactory::change( $uid, 1, self::at( -240 ), 'down' ) ) ) );
		self::store( array( 'checks' => array( MonitorFactory::checks( $uid, array( MonitorFactory::row( self::at( 30 ), 'down' ) ) ) ) ) );
		self::assertSame( array( 60, 60, 60, 60, 30 ), array_map( static fn ( string $down_ms ): int => intdiv( (int) $down_ms, self::MINUTE_MS ), Sql::column( 'SELECT down_ms FROM {uptime_hourly} ORDER BY bucket_ms' ) ) );
	}

	public function test_a_late_change_takes_back_what_was_worked_out(): void {
		$uid = MonitorFactory::monitor();
		self::store( array( 'state_changes' => array( MonitorFactory::change( $uid, 1, self::at( -180 ), 'up' ) ), 'checks' => array( MonitorFactory::checks( $uid, array( MonitorFactory::row( self::at( 0 ) ) ) ) ) ) );
		self::assertSame( '4', Sql::value( 'SELECT COUNT(*) FROM {uptime_hourly}' ) );
		self::store( array( 'state_changes' => array( MonitorFactory::change( $uid, 2, self::at( -180 ), 'unknown', array( 'kind' => 'reading' ) ) ) ) );
		self::assertSame( array( '0' ), Sql::column( 'SELECT up_ms FROM {uptime_hourly}' ), 'Hours of which nothing is known have no row; the one with a check has.' );
	}

	public function test_decisions_of_a_judge_that_was_replaced_are_refused_with_all_of_their_batch(): void {
		$uid       = MonitorFactory::monitor();
		$companion = PairedCompanion::pair();
		$epoch     = $companion->exchange()['judge_epoch'];
		$batch     = static fn ( int $of ): array => PairedCompanion::batch(
			array(
				'checks'        => array( MonitorFactory::checks( $uid, array( MonitorFactory::row( self::NOON_MS ) ) ) ),
				'state_changes' => array( MonitorFactory::change( $uid, 1, self::NOON_MS, 'up', array( 'judge_epoch' => $of ) ) ),
			)
		);
		$first     = $batch( $epoch );
		self::assertSame( 2, $companion->exchange( array( 'batch' => $first ) )['accepted']['stored'] );
		$companion = PairedCompanion::pair();
		self::assertSame( $epoch + 1, $companion->exchange()['judge_epoch'] );
		[ $status, $payload ] = $companion->answer( $companion->request( PairedCompanion::body( array( 'batch' => $batch( $epoch ) ) ) ) );
		self::assertSame( array( 409, 'stale_lease' ), array( $status, $payload['error_code'] ) );
		$incident             = PairedCompanion::batch( array( 'incidents' => array( MonitorFactory::incident( $uid, self::NOON_MS, array( 'judge_epoch' => $epoch ) ) ) ) );
		[ $status, $payload ] = $companion->answer( $companion->request( PairedCompanion::body( array( 'batch' => $incident ) ) ) );
		self::assertSame( array( 409, 'stale_lease' ), array( $status, $payload['error_code'] ) );
		self::assertSame( '1', Sql::value( 'SELECT COUNT(*) FROM {checks}' ) );
		self::assertSame( 2, $companion->exchange( array( 'batch' => $first ) )['accepted']['stored'], 'A batch that is stored keeps its answer.' );
		self::assertSame( 2, $companion->exchange( array( 'batch' => $batch( $epoch + 1 ) ) )['accepted']['stored'] );
	}

	public function test_checks_alone_have_no_judge(): void {
		$uid       = MonitorFactory::monitor();
		PairedCompanion::pair();
		$companion = PairedCompanion::pair();
		$batch     = PairedCompanion::batch( array( 'checks' => array( MonitorFactory::checks( $uid, array( MonitorFactory::row( self::NOON_MS ) ) ) ) ) );
		self::assertSame( 1, $companion->exchange( array( 'batch' => $batch, 'judge_epoch' => 1 ) )['accepted']['stored'] );
	}

	public function test_takes_over_a_higher_epoch_than_a_restored_backup_knows(): void {
		$uid = MonitorFactory::monitor();
		self::store( array( 'state_changes' => array( MonitorFactory::change( $uid, 1, self::at( 0 ), 'up', array( 'judge_epoch' => 7 ) ) ) ) );
		self::assertSame( 7, JudgeEpoch::current() );
		$this->expectException( RollcallError::class );
		self::store( array( 'state_changes' => array( MonitorFactory::change( $uid, 2, self::at( 1 ), 'down', array( 'judge_epoch' => 6 ) ) ) ) );
	}
}
