<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use Rollcall\Contract;
use Rollcall\Database\Jobs;
use Rollcall\Database\Sql;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\Planted;
use Rollcall\Tests\PlantedMonitors;
use Rollcall\Tests\TestCase;

final class MonitorCheckTest extends TestCase {
	protected function setUp(): void {
		parent::setUp();
		PlantedMonitors::companion( (int) ( microtime( true ) * 1000 ) );
		self::log_in( self::ada() );
	}

	public function test_all_active_monitors_are_asked_for_and_results_are_what_came_since(): void {
		$first  = self::uid( PlantedMonitors::monitor( 'first' ) );
		$second = self::uid( PlantedMonitors::monitor( 'second' ) );
		PlantedMonitors::monitor( 'paused', array( 'active' => 0 ) );
		$job = self::check();
		self::assertTrue( Contract::check( 'check_job', $job ) );
		self::assertSame( array( 'queued', 2, 0, array() ), array( $job['state'], $job['active_count'], $job['done'], $job['results'] ) );
		self::assertSame( $job['job_uid'], self::check()['job_uid'], 'Asked twice it is one check.' );
		self::assertSame( array(), Jobs::find( $job['job_uid'] )['monitor_uids'] ?? null, 'The companion knows which are active.' );

		self::reading( $second, array( 'last_state' => 3, 'last_status_code' => 503 ) );
		self::progress( $job['job_uid'], 'running', 1 );
		$half = self::read( $job['job_uid'] );
		self::assertTrue( Contract::check( 'check_job', $half ) );
		self::assertSame( array( 'running', 2, 1, array( $second ) ), array( $half['state'], $half['active_count'], $half['done'], array_column( $half['results'], 'monitor_uid' ) ) );
		self::assertSame( array( 'down', 503, 412 ), array( $half['results'][0]['state'], $half['results'][0]['status_code'], $half['results'][0]['response_time_ms'] ) );

		self::reading( $first, array() );
		self::progress( $job['job_uid'], 'done', 2 );
		$done = self::read( $job['job_uid'] );
		self::assertSame( array( 'done', 2, 2, 2 ), array( $done['state'], $done['active_count'], $done['done'], count( $done['results'] ) ) );
		self::assertNotSame( $job['job_uid'], self::check()['job_uid'], 'The next check is another one.' );
	}

	public function test_only_the_active_ones_of_those_asked_for_are_checked(): void {
		$first  = self::uid( PlantedMonitors::monitor( 'first' ) );
		$second = self::uid( PlantedMonitors::monitor( 'second' ) );
		$paused = self::uid( PlantedMonitors::monitor( 'paused', array( 'active' => 0 ) ) );
		$job    = self::check( array( $second, $paused, str_repeat( '0', 32 ) ) );
		self::assertSame( array( 1, array( $second ) ), array( $job['active_count'], Jobs::find( $job['job_uid'] )['monitor_uids'] ?? null ) );
		self::reading( $first, array() );
		self::reading( $second, array() );
		self::assertSame( array( $second ), array_column( self::read( $job['job_uid'] )['results'], 'monitor_uid' ) );
		self::assertSame( 'bad_request', self::post( array( $paused ) )->get_data()['code'] );
	}

	public function test_without_a_companion_or_without_monitors_there_is_nothing_to_check(): void {
		self::assertSame( 'bad_request', self::post()->get_data()['code'] );
		PlantedMonitors::monitor( 'first' );
		Sql::run( 'UPDATE {companions} SET revoked_at_ms = 1' );
		self::assertSame( array( 409, 'not_paired' ), array( self::post()->get_status(), self::post()->get_data()['code'] ) );
		self::assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {jobs}' ) );
	}

	public function test_a_check_that_no_companion_takes_ends_after_ten_minutes(): void {
		PlantedMonitors::monitor( 'first' );
		$job = self::check();
		Sql::run( 'UPDATE {jobs} SET created_at_ms = created_at_ms - 599000' );
		self::assertSame( 'queued', self::read( $job['job_uid'] )['state'] );
		Sql::run( 'UPDATE {jobs} SET created_at_ms = created_at_ms - 2000' );
		$ended = self::read( $job['job_uid'] );
		self::assertSame( array( 'failed', 'companion_silent' ), array( $ended['state'], $ended['error_code'] ) );
	}

	public function test_a_check_can_be_cancelled_and_other_jobs_are_none(): void {
		PlantedMonitors::monitor( 'first' );
		$job = self::check();
		self::rest( 'POST', "/rollcall/v1/jobs/$job[job_uid]/cancel" );
		self::assertSame( array( 'cancelled', 1 ), array( self::read( $job['job_uid'] )['state'], self::read( $job['job_uid'] )['active_count'] ) );
		$other = Jobs::add( 'list_update', 'yc', null, Planted::NOW_MS );
		self::assertSame( 404, self::rest( 'GET', "/rollcall/v1/monitors/check/$other" )->get_status() );
	}

	public function test_the_companion_gets_the_check_with_its_next_call(): void {
		Sql::run( 'DELETE FROM {companions}' );
		$companion = PairedCompanion::pair();
		self::log_in( self::ada() );
		$uid  = self::uid( PlantedMonitors::monitor( 'first' ) );
		$job  = self::check( array( $uid ) );
		$work = array_column( $companion->exchange()['work']['jobs'], null, 'job_uid' )[ $job['job_uid'] ];
		self::assertSame( array( 'check', array( $uid ) ), array( $work['kind'], $work['monitor_uids'] ) );
	}

	/** @param array<string, int> $fields */
	private static function reading( string $uid, array $fields ): void {
		$slot_ms = 1 + (int) Sql::value( 'SELECT MAX(last_slot_ms) FROM {monitors}' );
		foreach ( array( 'last_slot_ms' => $slot_ms ) + $fields as $column => $value ) {
			Sql::run( "UPDATE {monitors} SET $column = %d WHERE monitor_uid = %s", $value, $uid );
		}
	}

	private static function progress( string $job_uid, string $state, int $done ): void {
		Jobs::store_progress( array( 'job_uid' => $job_uid, 'state' => $state, 'done' => $done, 'total' => 2, 'error_code' => null, 'error_message' => null, 'verdict' => null ), Planted::NOW_MS );
	}

	private static function uid( int $monitor_id ): string {
		return (string) Sql::value( 'SELECT monitor_uid FROM {monitors} WHERE monitor_id = %d', $monitor_id );
	}

	/** @return array<string, mixed> */
	private static function read( string $job_uid ): array {
		return self::rest( 'GET', "/rollcall/v1/monitors/check/$job_uid" )->get_data();
	}

	/**
	 * @param list<string> $uids
	 * @return array<string, mixed>
	 */
	private static function check( array $uids = array() ): array {
		return self::post( $uids )->get_data();
	}

	/** @param list<string> $uids */
	private static function post( array $uids = array() ): \WP_REST_Response {
		return self::rest( 'POST', '/rollcall/v1/monitors/check', array( 'check' => array( 'monitor_uids' => $uids ) ) );
	}
}
