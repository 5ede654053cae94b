<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Companion;

use Rollcall\Clock;
use Rollcall\Companion\Judges;
use Rollcall\Companion\Keys;
use Rollcall\Database\Companions;
use Rollcall\Database\JudgeEpoch;
use Rollcall\Database\Monitors;
use Rollcall\Database\Sql;
use Rollcall\Tests\MonitorFactory;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\TestCase;

/** F62: two companions of one site; what one sends after it lost its place is refused. */
final class JudgesTest extends TestCase {
	private const SECOND = 'b1b2c3d4e5f60718';

	private const THIRD = 'c1b2c3d4e5f60718';

	public function test_a_second_companion_stands_by_and_both_keep_their_keys(): void {
		$judge   = PairedCompanion::pair();
		$epoch   = $judge->exchange()['judge_epoch'];
		$standby = PairedCompanion::pair( null, 1, self::SECOND );
		self::assertNull( $judge->exchange()['standby_location_id'] );
		$payload = $standby->exchange();
		self::assertSame( array( 2, $epoch ), array( $payload['standby_location_id'], $payload['judge_epoch'] ) );
		self::assertSame( PairedCompanion::ID, Companions::current()['companion_id'] ?? null );
		self::assertSame( 3, PairedCompanion::pair( null, 1, self::THIRD )->exchange()['standby_location_id'] );
	}

	public function test_pairing_again_keeps_the_role_and_only_the_judge_raises_the_epoch(): void {
		PairedCompanion::pair();
		PairedCompanion::pair( null, 1, self::SECOND );
		$epoch = JudgeEpoch::current();
		self::assertSame( 2, PairedCompanion::pair( null, 1, self::SECOND )->exchange()['standby_location_id'] );
		self::assertSame( $epoch, JudgeEpoch::current() );
		self::assertNull( PairedCompanion::pair()->exchange()['standby_location_id'] );
		self::assertSame( $epoch + 1, JudgeEpoch::current() );
	}

	public function test_a_new_companion_decides_at_once_where_the_judge_is_silent(): void {
		PairedCompanion::pair()->exchange();
		self::silence( PairedCompanion::ID );
		self::assertNull( PairedCompanion::pair( null, 1, self::SECOND )->exchange()['standby_location_id'] );
		self::assertSame( 2, Companions::location_of( PairedCompanion::ID ) );
	}

	public function test_a_standby_gets_the_monitors_and_its_checks_count_as_its_own(): void {
		$uid     = MonitorFactory::monitor();
		$judge   = PairedCompanion::pair();
		$standby = PairedCompanion::pair( null, 1, self::SECOND );
		$work    = $standby->exchange()['work'];
		self::assertSame( array( array(), array(), null, '' ), array( $work['jobs'], $work['lists'], $work['domains'], $work['dead_man_url'] ) );
		self::assertSame( array( $uid ), array_column( $work['monitors']['rows'], 'monitor_uid' ) );
		$slot_ms = intdiv( Clock::now_ms(), 60_000 ) * 60_000;
		$batch   = static fn(): array => PairedCompanion::batch(
			array(
				'checks'   => array( MonitorFactory::checks( $uid, array( MonitorFactory::row( $slot_ms ) ) ) ),
				'readings' => array( MonitorFactory::reading( $uid, $slot_ms, array( 'state' => 'down' ) ) ),
			)
		);
		self::assertSame( 2, $standby->exchange( array( 'batch' => $batch() ) )['accepted']['stored'] );
		self::assertSame( array( '2' ), Sql::column( 'SELECT location_id FROM {checks}' ) );
		self::assertSame( 0, Monitors::find( $uid )['known_until_ms'] ?? null );
		self::assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {uptime_hourly}' ) );
		$judge->exchange( array( 'batch' => $batch() ) );
		self::assertSame( array( '1', '2' ), Sql::column( 'SELECT location_id FROM {checks} ORDER BY location_id' ) );
		self::assertSame( $slot_ms, Monitors::find( $uid )['known_until_ms'] ?? null );
	}

	public function test_decisions_of_a_standby_are_stale_under_every_epoch(): void {
		$uid     = MonitorFactory::monitor();
		PairedCompanion::pair();
		$standby = PairedCompanion::pair( null, 1, self::SECOND );
		foreach ( array( JudgeEpoch::current(), JudgeEpoch::current() + 5 ) as $epoch ) {
			$batch                = PairedCompanion::batch( array( 'state_changes' => array( MonitorFactory::change( $uid, 1, Clock::now_ms(), 'down', array( 'judge_epoch' => $epoch ) ) ) ) );
			[ $status, $payload ] = $standby->answer( $standby->request( PairedCompanion::body( array( 'batch' => $batch ) ) ) );
			self::assertSame( array( 409, 'stale_lease' ), array( $status, $payload['error_code'] ) );
		}
		self::assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {state_changes}' ) );
	}

	public function test_a_standby_takes_over_from_a_silent_judge_whose_late_decisions_are_refused(): void {
		$uid     = MonitorFactory::monitor();
		$judge   = PairedCompanion::pair();
		$epoch   = $judge->exchange()['judge_epoch'];
		$standby = PairedCompanion::pair( null, 1, self::SECOND );
		self::assertSame( 2, $standby->exchange()['standby_location_id'], 'The judge calls.' );
		self::silence( PairedCompanion::ID );
		$payload = $standby->exchange();
		self::assertSame( array( null, $epoch + 1 ), array( $payload['standby_location_id'], $payload['judge_epoch'] ) );
		self::assertSame( 'judge_replaced', Sql::value( 'SELECT action FROM {audit} ORDER BY audit_id DESC LIMIT 1' ) );
		$late                 = PairedCompanion::batch( array( 'incidents' => array( MonitorFactory::incident( $uid, Clock::now_ms(), array( 'judge_epoch' => $epoch ) ) ) ) );
		[ $status, $refused ] = $judge->answer( $judge->request( PairedCompanion::body( array( 'batch' => $late ) ) ) );
		self::assertSame( array( 409, 'stale_lease' ), array( $status, $refused['error_code'] ) );
		self::assertSame( 3, $judge->exchange()['standby_location_id'], 'Number 2 was the other one\'s.' );
		self::assertNull( $standby->exchange()['standby_location_id'], 'The one before has not taken it back.' );
	}

	public function test_verdicts_lists_and_jobs_of_a_standby_are_refused_row_by_row(): void {
		PairedCompanion::pair();
		$standby = PairedCompanion::pair( null, 1, self::SECOND );
		$status  = array( 'list_uid' => 'yc', 'checked_at_ms' => 1, 'error_code' => null, 'error_message' => null, 'rejected_count' => 0, 'rejections' => array() );
		$answer  = $standby->exchange( array( 'batch' => PairedCompanion::batch( array( 'list_statuses' => array( $status ) ) ) ) )['accepted'];
		self::assertSame( array( 0, array( array( 'kind' => 'list_statuses', 'key' => 'yc', 'error_code' => 'stale_lease' ) ) ), array( $answer['stored'], $answer['refused'] ) );
	}

	public function test_a_person_chooses_the_judge_and_removes_one(): void {
		$judge   = PairedCompanion::pair();
		$standby = PairedCompanion::pair( null, 1, self::SECOND );
		self::log_in( self::ada() );
		$companions = self::rest( 'POST', '/rollcall/v1/connection/companions/' . self::SECOND . '/judge' )->get_data()['companions'];
		self::assertSame( array( self::SECOND => true, PairedCompanion::ID => false ), array_column( $companions, 'is_judge', 'companion_id' ) );
		self::assertNull( $standby->exchange()['standby_location_id'] );
		self::assertSame( 3, $judge->exchange()['standby_location_id'] );
		$companions = self::rest( 'DELETE', '/rollcall/v1/connection/companions/' . self::SECOND )->get_data()['companions'];
		self::assertSame( array( PairedCompanion::ID => true ), array_column( $companions, 'is_judge', 'companion_id' ) );
		self::assertSame( 401, $standby->answer( $standby->request( PairedCompanion::body() ) )[0] );
		self::assertNull( $judge->exchange()['standby_location_id'] );
		self::assertSame( 404, self::rest( 'DELETE', '/rollcall/v1/connection/companions/' . self::SECOND )->get_status() );
	}

	public function test_keys_that_were_stored_for_one_companion_are_still_read(): void {
		$companion = PairedCompanion::pair();
		$ring      = Keys::ring() ?? array();
		foreach ( array( 'c2w', 'w2c' ) as $key ) {
			$ring['current'][ $key ] = bin2hex( $ring['current'][ $key ] );
		}
		update_option( Keys::OPTION, Keys::seal( (string) wp_json_encode( $ring ) ), false );
		self::assertIsArray( $companion->exchange() );
		$standby = PairedCompanion::pair( null, 1, self::SECOND );
		self::assertIsArray( $companion->exchange() );
		self::assertIsArray( $standby->exchange() );
	}

	public function test_keys_are_not_acknowledged_for_another_companion(): void {
		PairedCompanion::pair();
		$standby = PairedCompanion::pair( null, 1, self::SECOND );
		self::log_in( self::ada() );
		self::rest( 'POST', '/rollcall/v1/connection/rotate' );
		$before = Keys::ring( PairedCompanion::ID );
		$standby->exchange( array( 'acks' => array( 'rotation' => array( 'kid' => PairedCompanion::ID . '-2', 'nonce' => str_repeat( '77', 16 ) ), 'given_up' => array() ) ) );
		self::assertSame( $before, Keys::ring( PairedCompanion::ID ) );
	}

	private static function silence( string $companion_id ): void {
		Companions::update( $companion_id, array( 'last_seen_ms' => Clock::now_ms() - Judges::SILENT_MS - 1 ) );
	}
}
