<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Database;

use Rollcall\Clock;
use Rollcall\Database\Kv;
use Rollcall\Database\Pruning;
use Rollcall\Database\Sql;
use Rollcall\Plugin;
use Rollcall\Settings;
use Rollcall\Tests\TestCase;

final class PruningTest extends TestCase {
	private const NOW_MS = 1_800_000_000_000;
	private const DAY_MS = 86_400_000;

	public function test_keeps_each_kind_for_its_time_to_the_millisecond(): void {
		$nonce = str_repeat( 'a', 31 );
		foreach ( array( 0, 1 ) as $older ) {
			Sql::insert( 'nonces', array( array( 'kid' => 'k', 'nonce' => "$nonce$older", 'created_at_ms' => self::NOW_MS - 660_000 - $older ) ) );
			Sql::insert( 'batches', array( array( 'batch_id' => "$nonce$older", 'kid' => 'k', 'digest' => 'd', 'answer' => '', 'created_at_ms' => self::NOW_MS - 8 * self::DAY_MS - $older ) ) );
			Sql::insert( 'rate_limits', array( array( 'name' => "$nonce$older", 'window_start_ms' => 0, 'updated_at_ms' => self::NOW_MS - self::DAY_MS - $older ) ) );
			Sql::insert( 'audit', array( array( 'at_ms' => self::NOW_MS - 400 * self::DAY_MS - $older, 'user_id' => 1, 'action' => "a$older", 'detail' => '' ) ) );
			Sql::insert( 'jobs', array( array( 'job_uid' => "$nonce$older", 'kind' => 1, 'state' => 3, 'created_at_ms' => 1, 'updated_at_ms' => self::NOW_MS - 400 * self::DAY_MS - $older ) ) );
			Sql::insert( 'signups', array( array( 'user_id' => $older, 'domain_id' => 1, 'list_uid' => 'yc', 'source_id' => '1', 'matched_at_ms' => self::NOW_MS - 90 * self::DAY_MS - $older ) ) );
			Kv::set( "expires/$older", 1, self::NOW_MS + 1 - $older );
		}
		Pruning::step( self::NOW_MS );
		self::assertSame( array( "{$nonce}0" ), Sql::column( 'SELECT nonce FROM {nonces}' ) );
		self::assertSame( array( "{$nonce}0" ), Sql::column( 'SELECT batch_id FROM {batches}' ) );
		self::assertSame( array( "{$nonce}0" ), Sql::column( 'SELECT name FROM {rate_limits}' ) );
		self::assertSame( array( 'a0' ), Sql::column( 'SELECT action FROM {audit}' ) );
		self::assertSame( array( "{$nonce}0" ), Sql::column( 'SELECT job_uid FROM {jobs}' ) );
		self::assertSame( array( '0' ), Sql::column( 'SELECT user_id FROM {signups}' ) );
		self::assertSame( array( 'expires/0' ), Sql::column( "SELECT name FROM {kv} WHERE name LIKE 'expires/%%' AND name <> %s", 'none' ) );
	}

	public function test_keeps_the_newest_fifty_payloads(): void {
		for ( $number = 1; $number <= 53; $number++ ) {
			Sql::insert( 'payloads', array( array( 'sent_at_ms' => $number, 'route' => "r$number", 'bytes' => 1, 'body' => '' ) ) );
		}
		Pruning::step( self::NOW_MS );
		self::assertSame( array( '50', '4' ), array_values( (array) Sql::row( 'SELECT COUNT(*), MIN(sent_at_ms) FROM {payloads}' ) ) );
	}

	public function test_removes_a_run_with_all_its_rows_after_400_days(): void {
		$old = self::run_row( self::NOW_MS - 400 * self::DAY_MS - 1 );
		$new = self::run_row( self::NOW_MS - 400 * self::DAY_MS );
		Pruning::step( self::NOW_MS );
		self::assertNotSame( $old, $new );
		foreach ( array( 'runs', 'run_domains', 'run_companies' ) as $table ) {
			self::assertSame( array( (string) $new ), Sql::column( "SELECT run_id FROM {{$table}}" ), $table );
		}
	}

	public function test_keeps_runs_as_long_as_the_settings_say(): void {
		Settings::update( array( 'run_retention_days' => 30 ) + Settings::get() );
		self::run_row( self::NOW_MS - 30 * self::DAY_MS - 1 );
		$new = self::run_row( self::NOW_MS - 30 * self::DAY_MS );
		Pruning::step( self::NOW_MS );
		self::assertSame( array( (string) $new ), Sql::column( 'SELECT run_id FROM {runs}' ) );
	}

	public function test_hashes_that_an_ended_run_left_go_and_those_of_an_open_one_stay(): void {
		$ended = self::run_row( self::NOW_MS );
		Sql::insert( 'runs', array( array( 'state' => 1, 'source' => 1, 'ran_in' => 1, 'started_by' => 1, 'started_at_ms' => self::NOW_MS ) ) );
		$open = Sql::insert_id();
		foreach ( array( $ended, $open ) as $run_id ) {
			Sql::insert( 'run_addresses', array( array( 'run_id' => $run_id, 'address_hash' => str_repeat( 'a', 32 ) ) ) );
		}
		Pruning::step( self::NOW_MS );
		self::assertSame( array( (string) $open ), Sql::column( 'SELECT run_id FROM {run_addresses}' ) );
	}

	public function test_removes_at_most_500_rows_a_call_and_goes_on_with_the_next(): void {
		$rows = array();
		for ( $number = 0; $number < 700; $number++ ) {
			$rows[] = array( 'kid' => 'k', 'nonce' => sprintf( '%032d', $number ), 'created_at_ms' => 1 );
		}
		Sql::insert( 'nonces', $rows );
		self::assertSame( 500, Pruning::step( self::NOW_MS ) );
		self::assertSame( '200', Sql::value( 'SELECT COUNT(*) FROM {nonces}' ) );
		self::assertSame( 200, Pruning::step( self::NOW_MS ) );
		self::assertSame( 0, Pruning::step( self::NOW_MS ) );
	}

	public function test_a_run_larger_than_one_call_disappears_from_its_rows_up(): void {
		$run_id = self::run_row( 1 );
		$rows   = array();
		for ( $number = 0; $number < 600; $number++ ) {
			$rows[] = array( 'run_id' => $run_id, 'source' => 1, 'domain_id' => 1000 + $number, 'users' => 1 );
		}
		Sql::insert( 'run_domains', $rows );
		self::assertSame( 500, Pruning::step( self::NOW_MS ) );
		self::assertSame( '1', Sql::value( 'SELECT COUNT(*) FROM {runs}' ) );
		Pruning::step( self::NOW_MS );
		self::assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {runs}' ) );
		self::assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {run_domains}' ) );
	}

	public function test_wp_cron_prunes_only_when_no_companion_called_for_a_day(): void {
		$now_ms = Clock::now_ms();
		Sql::insert( 'audit', array( array( 'at_ms' => 1, 'user_id' => 1, 'action' => 'old', 'detail' => '' ) ) );
		Sql::insert( 'companions', array( array( 'companion_id' => 'abcdefabcdefabcd', 'kid' => 'k', 'paired_at_ms' => 1, 'last_seen_ms' => $now_ms - 1000, 'companion_version' => '1', 'contract_version' => 1 ) ) );
		do_action( Plugin::PRUNE_EVENT );
		self::assertSame( '1', Sql::value( 'SELECT COUNT(*) FROM {audit}' ) );
		Sql::run( 'UPDATE {companions} SET last_seen_ms = %d', $now_ms - self::DAY_MS - 1000 );
		do_action( Plugin::PRUNE_EVENT );
		self::assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {audit}' ) );
	}

	public function test_wp_cron_sets_its_own_next_call(): void {
		wp_unschedule_hook( Plugin::PRUNE_EVENT );
		do_action( Plugin::PRUNE_EVENT );
		self::assertEqualsWithDelta( time() + DAY_IN_SECONDS, wp_next_scheduled( Plugin::PRUNE_EVENT ), 5 );
	}

	public function test_removes_a_host_with_its_companies_when_no_user_and_no_run_refers_to_it(): void {
		$day_ago = self::NOW_MS - self::DAY_MS;
		foreach ( array( 'unused' => $day_ago - 1, 'of-user' => 1, 'of-run' => 1, 'young' => $day_ago ) as $host => $created_at_ms ) {
			Sql::insert( 'domains', array( array( 'host' => "$host.example", 'created_at_ms' => $created_at_ms ) ) );
			$ids[ $host ] = Sql::insert_id();
			Sql::insert( 'domain_companies', array( array( 'domain_id' => $ids[ $host ], 'list_uid' => 'yc', 'source_id' => '1', 'kind' => 1 ) ) );
		}
		Sql::insert( 'user_domains', array( array( 'user_id' => self::vi(), 'domain_id' => $ids['of-user'] ) ) );
		Sql::insert( 'run_domains', array( array( 'run_id' => 1, 'source' => 1, 'domain_id' => $ids['of-run'], 'users' => 1 ) ) );
		self::assertSame( 1, Pruning::step( self::NOW_MS ) );
		$kept = array_map( 'strval', array( $ids['of-user'], $ids['of-run'], $ids['young'] ) );
		self::assertSame( $kept, Sql::column( 'SELECT domain_id FROM {domains} ORDER BY domain_id' ) );
		self::assertSame( $kept, Sql::column( 'SELECT domain_id FROM {domain_companies} ORDER BY domain_id' ) );
	}

	public function test_keeps_unused_hosts_while_a_run_is_open(): void {
		Sql::insert( 'domains', array( array( 'host' => 'unused.example', 'created_at_ms' => 1 ) ) );
		Sql::insert( 'runs', array( array( 'state' => 1, 'source' => 1, 'ran_in' => 1, 'started_by' => 1, 'started_at_ms' => self::NOW_MS ) ) );
		self::assertSame( 0, Pruning::step( self::NOW_MS ) );
		Sql::run( 'UPDATE {runs} SET finished_at_ms = %d', self::NOW_MS );
		self::assertSame( 1, Pruning::step( self::NOW_MS ) );
	}

	public function test_looks_for_unused_hosts_a_stretch_at_a_time_and_begins_again_at_the_end(): void {
		$users = array();
		for ( $number = 1; $number <= 600; $number++ ) {
			Sql::insert( 'domains', array( array( 'domain_id' => $number, 'host' => "h$number.example", 'created_at_ms' => 1 ) ) );
			$users[] = array( 'user_id' => $number, 'domain_id' => $number );
		}
		Sql::insert( 'user_domains', array_slice( $users, 0, 599 ) );
		self::assertSame( 0, Pruning::step( self::NOW_MS ) );
		self::assertSame( 1, Pruning::step( self::NOW_MS ) );
		Sql::run( 'DELETE FROM {user_domains} WHERE user_id = 1' );
		self::assertSame( 1, Pruning::step( self::NOW_MS ) );
		self::assertSame( '598', Sql::value( 'SELECT COUNT(*) FROM {domains}' ) );
	}

	private static function run_row( int $started_at_ms ): int {
		Sql::insert( 'runs', array( array( 'state' => 4, 'source' => 1, 'ran_in' => 1, 'started_by' => 1, 'started_at_ms' => $started_at_ms, 'finished_at_ms' => $started_at_ms + 5 ) ) );
		$run_id = Sql::insert_id();
		Sql::insert( 'run_domains', array( array( 'run_id' => $run_id, 'source' => 1, 'domain_id' => 1, 'users' => 3 ) ) );
		Sql::insert( 'run_companies', array( array( 'run_id' => $run_id, 'list_uid' => 'yc', 'source_id' => '1', 'users' => 3, 'domains' => 1, 'status' => 1, 'batch' => '', 'kind' => 1 ) ) );
		return $run_id;
	}
}
