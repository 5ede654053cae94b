<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Admin;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\Group;
use Rollcall\Admin\MonitoringHealth;
use Rollcall\Clock;
use Rollcall\Database\Companions;
use Rollcall\Database\Sql;
use Rollcall\Status\Vitals;
use Rollcall\Tests\PlantedMonitors;
use Rollcall\Tests\TestCase;

final class MonitoringHealthTest extends TestCase {
	private const COMPANION = 'abcdefabcdefabcd';

	private int $now_ms = 0;

	protected function setUp(): void {
		parent::setUp();
		$this->now_ms = Clock::now_ms();
		PlantedMonitors::companion( $this->now_ms );
		PlantedMonitors::monitor( 'Shop', array(), $this->now_ms );
		Vitals::store( self::COMPANION, PlantedMonitors::vitals(), $this->now_ms );
	}

	public function test_wordpress_runs_all_of_them_and_all_is_well(): void {
		$tests = apply_filters( 'site_status_tests', array( 'direct' => array(), 'async' => array() ) )['direct'];
		foreach ( array_keys( MonitoringHealth::labels() ) as $name ) {
			$outcome = $tests[ "rollcall_$name" ]['test']();
			self::assertSame( "rollcall_$name", $outcome['test'] );
			if ( 'monitoring_database' !== $name ) {
				self::assertSame( 'good', $outcome['status'], $name );
			}
		}
	}

	/** @return iterable<string, array{string, array<string, mixed>, string, string, string}> */
	public static function problems(): iterable {
		yield 'monitors that are late'  => array( 'monitoring_stalled', array( 'stalled_count' => 4 ), 'recommended', 'two of their intervals: 4', 'monitors' );
		yield 'rows that wait'          => array( 'monitoring_unsent', array( 'unsent_count' => 12, 'oldest_unsent_at_ms' => -600_001 ), 'recommended', 'Results that wait: 12', 'connect' );
		yield 'rows that were dropped'  => array( 'monitoring_lost', array( 'dropped_count' => 7 ), 'recommended', 'want of room: 7', 'monitors' );
		yield 'rows that were refused'  => array( 'monitoring_lost', array( 'dead_letter_count' => 2 ), 'recommended', 'for good: 2', 'monitors' );
		yield 'a full disk'             => array( 'monitoring_disk', array( 'disk_full' => true ), 'critical', 'Make room', 'monitors' );
	}

	/** @param array<string, mixed> $vitals */
	#[DataProvider( 'problems' )]
	public function test_what_the_companion_tells_is_shown_with_what_to_do( string $name, array $vitals, string $status, string $text, string $screen ): void {
		if ( isset( $vitals['oldest_unsent_at_ms'] ) ) {
			$vitals['oldest_unsent_at_ms'] += $this->now_ms;
		}
		Vitals::store( self::COMPANION, PlantedMonitors::vitals( $vitals ), $this->now_ms );
		$outcome = MonitoringHealth::test( $name );
		self::assertSame( $status, $outcome['status'] );
		self::assertStringContainsString( $text, $outcome['description'] );
		self::assertStringContainsString( "screen=$screen", $outcome['actions'] );
		Sql::run( 'UPDATE {monitors} SET active = 0' );
		self::assertSame( 'good', MonitoringHealth::test( $name )['status'], 'Nobody waits for it.' );
	}

	public function test_what_was_lost_is_told_for_a_day_and_not_for_ever(): void {
		$day_ms = 86_400_000;
		$tell   = fn ( int $dropped_count, int $ago_ms ) => Vitals::store( self::COMPANION, PlantedMonitors::vitals( array( 'dropped_count' => $dropped_count ) ), $this->now_ms - $ago_ms );
		$tell( 0, 3 * $day_ms );
		$tell( 7, $day_ms + 60_000 );
		$tell( 7, 0 );
		self::assertSame( 'good', MonitoringHealth::test( 'monitoring_lost' )['status'], 'It is over.' );
		$tell( 9, 60_000 );
		$tell( 12, 30_000 );
		$tell( 12, 0 );
		self::assertStringContainsString( 'want of room: 5.', MonitoringHealth::test( 'monitoring_lost' )['description'] );
		$fields = apply_filters( 'debug_information', array() )['rollcall']['fields'];
		self::assertSame( array( 5, 12 ), array( $fields['lost_lately']['value'], $fields['dropped_count']['value'] ) );
		$tell( 2, 0 );
		self::assertStringContainsString( 'want of room: 7.', MonitoringHealth::test( 'monitoring_lost' )['description'], 'A lower count is that of a new folder.' );
	}

	public function test_what_a_companion_lost_before_it_was_first_heard_is_of_no_known_age(): void {
		Sql::run( "DELETE FROM {kv} WHERE name = 'companion_vitals'" );
		Vitals::store( self::COMPANION, PlantedMonitors::vitals( array( 'dropped_count' => 41 ) ), $this->now_ms );
		self::assertSame( 'good', MonitoringHealth::test( 'monitoring_lost' )['status'] );
	}

	public function test_rows_that_wait_ten_minutes_are_not_late_and_the_companions_clock_counts(): void {
		Vitals::store( self::COMPANION, PlantedMonitors::vitals( array( 'unsent_count' => 1, 'oldest_unsent_at_ms' => $this->now_ms - 600_000 ) ), $this->now_ms );
		self::assertSame( 'good', MonitoringHealth::test( 'monitoring_unsent' )['status'] );
		Companions::update( self::COMPANION, array( 'clock_offset_ms' => -1000 ) );
		self::assertSame( 'recommended', MonitoringHealth::test( 'monitoring_unsent' )['status'] );
	}

	public function test_a_silent_companion_is_critical_with_the_time_of_its_last_call(): void {
		PlantedMonitors::companion( $this->now_ms - 180_000 );
		$outcome = MonitoringHealth::test( 'monitoring_data' );
		self::assertSame( 'critical', $outcome['status'] );
		self::assertStringContainsString( 'No data since ' . Clock::iso( $this->now_ms - 180_000 ), $outcome['description'] );
		self::assertStringContainsString( 'screen=connect', $outcome['actions'] );
		Sql::run( 'DELETE FROM {companions}' );
		self::assertSame( 'critical', MonitoringHealth::test( 'monitoring_data' )['status'] );
		Sql::run( 'UPDATE {monitors} SET active = 0' );
		self::assertSame( 'good', MonitoringHealth::test( 'monitoring_data' )['status'] );
	}

	public function test_clocks_that_differ_by_a_minute_are_told(): void {
		Companions::update( self::COMPANION, array( 'clock_offset_ms' => -59_999 ) );
		self::assertSame( 'good', MonitoringHealth::test( 'monitoring_clock' )['status'] );
		Companions::update( self::COMPANION, array( 'clock_offset_ms' => -75_000 ) );
		self::assertStringContainsString( '75 seconds', MonitoringHealth::test( 'monitoring_clock' )['description'] );
	}

	#[Group( 'mariadb' )]
	public function test_a_database_that_does_not_flush_each_commit_is_told(): void {
		$outcome = MonitoringHealth::test( 'monitoring_database' );
		self::assertSame( 'recommended', $outcome['status'] );
		self::assertStringContainsString( 'innodb_flush_log_at_trx_commit is 0', $outcome['description'] );
		Sql::run( 'SET GLOBAL innodb_flush_log_at_trx_commit = 1' );
		self::assertSame( 'good', MonitoringHealth::test( 'monitoring_database' )['status'] );
		Sql::run( 'SET GLOBAL innodb_flush_log_at_trx_commit = 0' );
	}

	#[Group( 'sqlite' )]
	public function test_sqlite_has_no_such_setting(): void {
		self::assertSame( 'good', MonitoringHealth::test( 'monitoring_database' )['status'] );
	}

	public function test_the_facts_have_the_vitals_and_no_address_or_identity(): void {
		Vitals::store( self::COMPANION, PlantedMonitors::vitals( array( 'dropped_count' => 41, 'dead_man_error' => 'GET https://ping.example/secret answered 500.' ) ), $this->now_ms );
		$fields = apply_filters( 'debug_information', array() )['rollcall']['fields'];
		self::assertSame( 41, $fields['dropped_count']['value'] );
		self::assertSame( 1, $fields['monitors']['value'] );
		self::assertSame( '-', $fields['no_data_since']['value'] );
		self::assertArrayHasKey( 'flush', $fields );
		self::assertDoesNotMatchRegularExpression( '/secret|ping\.example|inside\.example|' . self::COMPANION . '/', (string) wp_json_encode( $fields ) );
	}

	public function test_a_database_that_does_not_answer_is_told_not_thrown(): void {
		add_filter( 'query', static fn ( string $query ): string => str_contains( $query, 'rollcall_' ) ? 'SELECT broken FROM nowhere_at_all' : $query );
		foreach ( array_keys( MonitoringHealth::labels() ) as $name ) {
			self::assertSame( 'recommended', MonitoringHealth::test( $name )['status'] );
		}
	}
}
