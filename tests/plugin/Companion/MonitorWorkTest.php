<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Companion;

use Rollcall\Clock;
use Rollcall\Companion\Ingest;
use Rollcall\Companion\MonitorWork;
use Rollcall\Contract;
use Rollcall\Database\Jobs;
use Rollcall\Database\Monitors;
use Rollcall\Database\Sql;
use Rollcall\Database\Transaction;
use Rollcall\Tests\MonitorFactory;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\TestCase;

final class MonitorWorkTest extends TestCase {
	private const NOW_MS = 1_800_000_000_000;

	/** @return array<string, mixed> */
	private static function work( int $revision = 0, int $beats_after_ms = 0, int $now_ms = self::NOW_MS ): array {
		return MonitorWork::of( array( 'monitors_revision' => $revision, 'beats_after_ms' => $beats_after_ms ), $now_ms );
	}

	public function test_tells_every_monitor_once_and_then_what_has_changed(): void {
		[ $one, $two, $three ] = MonitorFactory::monitors( 3 );
		$page                  = self::work()['monitors'];
		self::assertSame( array( 0, false, array( $one, $two, $three ) ), array( $page['after'], $page['has_more'], array_column( $page['rows'], 'monitor_uid' ) ) );
		self::assertNull( self::work( $page['revision'] )['monitors'] );
		Transaction::run( static fn (): bool => Monitors::update( $two, array( 'active' => false, 'name' => 'Shop', 'options' => array( 'timeout_ms' => 2000 ) + MonitorFactory::OPTIONS ) ) );
		Transaction::run( static fn (): bool => Monitors::delete( $one, self::NOW_MS ) );
		$next = self::work( $page['revision'] )['monitors'];
		self::assertSame( array( $two, $one ), array_column( $next['rows'], 'monitor_uid' ), 'In the order of their changes.' );
		self::assertSame( array( array( false, false ), array( false, true ) ), array_map( static fn ( array $row ): array => array( $row['active'], $row['deleted'] ), $next['rows'] ) );
		self::assertSame( array( 'Shop', 2000 ), array( $next['rows'][0]['name'], $next['rows'][0]['options']['timeout_ms'] ) );
		self::assertNull( self::work( $next['revision'] )['monitors'] );
	}

	public function test_pages_follow_one_another_without_a_gap(): void {
		$uids   = MonitorFactory::monitors( 1203 );
		$cursor = 0;
		$told   = array();
		do {
			$page   = self::work( $cursor )['monitors'];
			$told   = array_merge( $told, array_column( $page['rows'], 'monitor_uid' ) );
			$cursor = $page['revision'];
		} while ( $page['has_more'] );
		self::assertSame( $uids, $told );
		self::assertLessThanOrEqual( 500, count( $page['rows'] ) );
	}

	public function test_a_page_is_cut_before_it_is_too_much_text(): void {
		MonitorFactory::monitors( 200, array( 'options' => array( 'body' => str_repeat( 'x', 10_000 ) ) + MonitorFactory::OPTIONS ) );
		$page = self::work()['monitors'];
		self::assertTrue( $page['has_more'] );
		self::assertLessThan( 1_000_000, strlen( (string) wp_json_encode( $page ) ) );
		self::assertGreaterThan( 90, count( $page['rows'] ) );
	}

	public function test_an_empty_list_is_told_too_and_a_cursor_from_the_future_begins_again(): void {
		self::assertSame( array( 'after' => 0, 'revision' => 0, 'has_more' => false, 'rows' => array() ), self::work()['monitors'] );
		$uid  = MonitorFactory::monitor();
		$page = self::work( 99 )['monitors'];
		self::assertSame( array( 0, array( $uid ) ), array( $page['after'], array_column( $page['rows'], 'monitor_uid' ) ) );
	}

	public function test_says_until_when_a_monitor_is_known(): void {
		$uid = MonitorFactory::monitor( array(), self::NOW_MS );
		self::assertNull( self::work()['monitors']['rows'][0]['known_until_ms'] );
		Ingest::store( PairedCompanion::batch( array( 'checks' => array( MonitorFactory::checks( $uid, array( MonitorFactory::row( self::NOW_MS ) ) ) ) ) ), 'k-1', self::NOW_MS );
		self::assertSame( self::NOW_MS, self::work()['monitors']['rows'][0]['known_until_ms'] );
	}

	public function test_a_deleted_monitor_is_told_without_secrets(): void {
		$uid = MonitorFactory::monitor( array( 'options' => array( 'headers' => array( array( 'name' => 'Authorization', 'value' => 'Bearer secret' ) ), 'body' => 'secret' ) + MonitorFactory::OPTIONS ) );
		self::assertStringContainsString( 'secret', (string) wp_json_encode( self::work() ) );
		Transaction::run( static fn (): bool => Monitors::delete( $uid, self::NOW_MS ) );
		self::assertStringNotContainsString( 'secret', (string) wp_json_encode( self::work() ) );
		self::assertNull( Monitors::find( $uid ) );
	}

	public function test_tells_beats_oldest_first_and_those_of_the_minute_before_the_cursor_again(): void {
		$uids = MonitorFactory::monitors( 3, array( 'type' => 'push', 'url' => '' ) );
		foreach ( array( 300_000, 30_000, 10_000 ) as $index => $ago_ms ) {
			Monitors::set_beat( (int) Monitors::of_token( (string) ( Monitors::find( $uids[ $index ] )['push_token'] ?? '' ) ), self::NOW_MS - $ago_ms );
		}
		self::assertSame( $uids, array_column( self::work()['beats'], 'monitor_uid' ) );
		self::assertSame( array( $uids[1], $uids[2] ), array_column( self::work( 0, self::NOW_MS - 10_000 )['beats'], 'monitor_uid' ) );
		self::assertLessThan( self::NOW_MS, self::work()['heard_until_ms'] );
	}

	public function test_an_older_beat_changes_nothing_and_an_unknown_token_has_no_monitor(): void {
		$uid   = MonitorFactory::monitor( array( 'type' => 'push', 'url' => '' ) );
		$token = (string) ( Monitors::find( $uid )['push_token'] ?? '' );
		Monitors::set_beat( (int) Monitors::of_token( $token ), self::NOW_MS );
		Monitors::set_beat( (int) Monitors::of_token( $token ), self::NOW_MS - 5 );
		self::assertSame( self::NOW_MS, Monitors::find( $uid )['last_beat_at_ms'] ?? null );
		self::assertNull( Monitors::of_token( str_repeat( '0', 32 ) ) );
		self::assertNull( Monitors::of_token( "' OR 1=1" ) );
	}

	public function test_500_beats_say_that_more_wait(): void {
		MonitorFactory::monitors( 700, array( 'type' => 'push', 'url' => '' ) );
		Sql::run( 'UPDATE {monitors} SET last_beat_at_ms = %d + monitor_id', self::NOW_MS );
		$first = self::work( 0, 0, self::NOW_MS + 10_000 )['beats'];
		self::assertCount( 500, $first );
		$second = self::work( 0, $first[499]['beat_at_ms'], self::NOW_MS + 10_000 )['beats'];
		self::assertCount( 499, $second, '200 new ones, and as many of the others as fit without saying that more wait.' );
		self::assertCount( 700, array_unique( array_column( array_merge( $first, $second ), 'monitor_uid' ) ) );
	}

	public function test_an_exchange_has_pages_beats_and_check_jobs(): void {
		$companion = PairedCompanion::pair();
		$uids      = MonitorFactory::monitors( 501 );
		$first     = $companion->exchange();
		self::assertTrue( Contract::check( 'exchange_payload', $first ) );
		self::assertSame( array( 500, true, 0 ), array( count( $first['work']['monitors']['rows'] ), $first['work']['monitors']['has_more'], $first['next_after_seconds'] ) );
		$cursors = array( 'domains_after' => 0, 'monitors_revision' => $first['work']['monitors']['revision'], 'beats_after_ms' => 0 );
		$second  = $companion->exchange( array( 'cursors' => $cursors ) );
		self::assertSame( array( array( $uids[500] ), 60 ), array( array_column( $second['work']['monitors']['rows'], 'monitor_uid' ), $second['next_after_seconds'] ) );
		Jobs::add( 'check', null, null, Clock::now_ms(), array( 'monitor_uids' => array( $uids[7] ) ) );
		$third = $companion->exchange();
		self::assertSame( array( 'check', array( $uids[7] ) ), array( $third['work']['jobs'][0]['kind'], $third['work']['jobs'][0]['monitor_uids'] ) );
	}

	public function test_an_open_incident_or_check_job_wants_the_next_call_soon(): void {
		$companion = PairedCompanion::pair();
		$uid       = MonitorFactory::monitor();
		$now_ms    = Clock::now_ms();
		$seen      = static fn ( array $rows ): int => $companion->exchange( array( 'batch' => PairedCompanion::batch( $rows ) ) )['next_after_seconds'];
		$open      = MonitorFactory::incident( $uid, $now_ms, array( 'judge_epoch' => 9 ) );
		self::assertSame( 60, $seen( array() ) );
		self::assertSame( 5, $seen( array( 'incidents' => array( $open ) ) ) );
		self::assertSame( 60, $seen( array( 'incidents' => array( array( 'resolved_at_ms' => $now_ms + 1, 'resolved_by' => 'check', 'judged_at_ms' => $now_ms + 60_000 ) + $open ) ) ) );
		Jobs::add( 'check', null, null, Clock::now_ms() );
		self::assertSame( 5, $seen( array() ) );
	}

	public function test_an_incident_whose_end_never_came_is_over_when_the_monitor_is_up(): void {
		$companion = PairedCompanion::pair();
		$now_ms    = Clock::now_ms();
		$uid       = MonitorFactory::monitor();
		$seen      = static fn ( array $rows ): int => $companion->exchange( array( 'batch' => PairedCompanion::batch( $rows ) ) )['next_after_seconds'];
		$down      = MonitorFactory::change( $uid, 1, $now_ms, 'down', array( 'judge_epoch' => 9 ) );
		self::assertSame( 5, $seen( array( 'state_changes' => array( $down ), 'incidents' => array( MonitorFactory::incident( $uid, $now_ms, array( 'judge_epoch' => 9 ) ) ) ) ) );
		self::assertSame( 60, $seen( array( 'state_changes' => array( MonitorFactory::change( $uid, 1, $now_ms + 60_000, 'up', array( 'judge_epoch' => 10, 'kind' => 'reading' ) ) ) ) ) );
	}

	public function test_a_check_job_ends_after_ten_minutes_and_keeps_what_it_asked_for(): void {
		$companion = PairedCompanion::pair();
		$uid       = MonitorFactory::monitor();
		$job_uid   = Jobs::add( 'check', null, null, Clock::now_ms() - 601_000, array( 'monitor_uids' => array( $uid ) ) );
		self::assertSame( array(), $companion->exchange()['work']['jobs'] );
		$job = Jobs::find( $job_uid ) ?? array();
		self::assertSame( array( 'failed', 'companion_silent', array( $uid ) ), array( $job['state'], $job['error_code'], $job['monitor_uids'] ) );
		$done = Jobs::add( 'check', null, null, Clock::now_ms(), array( 'monitor_uids' => array( $uid ) ) );
		$companion->exchange( array( 'batch' => PairedCompanion::batch( array( 'jobs' => array( array( 'job_uid' => $done, 'state' => 'done', 'done' => 1, 'total' => 1, 'error_code' => null, 'error_message' => null, 'verdict' => null, 'redirects' => array() ) ) ) ) ) );
		self::assertSame( array( 'done', array( $uid ) ), array( Jobs::find( $done )['state'] ?? '', Jobs::find( $done )['monitor_uids'] ?? null ) );
	}
}
