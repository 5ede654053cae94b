<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Admin;

use Rollcall\Admin\SiteHealth;
use Rollcall\Clock;
use Rollcall\Database\Migrator;
use Rollcall\Database\Sql;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;

final class SiteHealthTest extends TestCase {
	public function test_wordpress_runs_the_three_tests_and_each_has_an_outcome(): void {
		$tests = apply_filters( 'site_status_tests', array( 'direct' => array(), 'async' => array() ) );
		foreach ( array( 'rollcall_tables', 'rollcall_companion', 'rollcall_companies' ) as $name ) {
			$outcome = $tests['direct'][ $name ]['test']();
			self::assertSame( $name, $outcome['test'] );
			self::assertContains( $outcome['status'], array( 'good', 'recommended', 'critical' ) );
			self::assertNotSame( '', $outcome['label'] );
		}
	}

	public function test_tables_that_are_behind_are_critical_and_the_reason_is_text(): void {
		self::assertSame( 'good', SiteHealth::tables()['status'] );
		update_option( Migrator::OPTION, 0 );
		update_option( Migrator::ERROR_OPTION, '<b>denied</b>' );
		$outcome = SiteHealth::tables();
		self::assertSame( 'critical', $outcome['status'] );
		self::assertStringContainsString( '&lt;b&gt;denied', $outcome['description'] );
	}

	public function test_a_missing_companion_is_recommended_with_a_way_to_connect(): void {
		$outcome = SiteHealth::companion();
		self::assertSame( 'recommended', $outcome['status'] );
		self::assertStringContainsString( 'screen=connect', $outcome['actions'] );
	}

	public function test_the_list_is_judged_by_its_newest_look_and_its_error(): void {
		Planted::list( 'yc', 0 );
		self::assertSame( 'recommended', SiteHealth::companies()['status'] );
		Planted::list();
		Sql::run( 'UPDATE {lists} SET checked_at_ms = %d', Clock::now_ms() - 86_400_000 );
		self::assertSame( 'good', SiteHealth::companies()['status'] );
		Sql::run( 'UPDATE {lists} SET checked_at_ms = %d', Clock::now_ms() - 4 * 86_400_000 );
		self::assertSame( 'recommended', SiteHealth::companies()['status'] );
		Sql::run( 'UPDATE {lists} SET checked_at_ms = %d, error_code = %s, error_message = %s', Clock::now_ms(), 'list_timeout', 'It took too long.' );
		self::assertStringContainsString( 'It took too long.', SiteHealth::companies()['description'] );
	}

	public function test_a_list_is_as_fresh_as_its_schedule_asks_for(): void {
		Planted::list();
		Sql::run( 'UPDATE {lists} SET checked_at_ms = %d, schedule_hours = 168', Clock::now_ms() - 8 * 86_400_000 );
		self::assertSame( 'good', SiteHealth::companies()['status'] );
		Sql::run( 'UPDATE {lists} SET checked_at_ms = %d', Clock::now_ms() - 15 * 86_400_000 );
		self::assertSame( 'recommended', SiteHealth::companies()['status'] );
		Sql::run( 'UPDATE {lists} SET schedule_hours = 0' );
		self::assertSame( 'good', SiteHealth::companies()['status'], 'It is fetched on request only.' );
	}

	public function test_the_facts_hold_nothing_secret(): void {
		$secret = array( 'companion_id' => 'abcdefabcdefabcd', 'kid' => 'abcdefabcdefabcd-7', 'paired_at_ms' => Clock::now_ms(), 'companion_version' => '0.1.0', 'contract_version' => 1, 'companion_url' => 'http://companion.example:8765' );
		Sql::insert( 'companions', array( $secret ) );
		$this->make_user( 'ann@acme.example' );
		$section = apply_filters( 'debug_information', array() )['rollcall'];
		$text    = (string) wp_json_encode( $section );
		self::assertStringContainsString( '0.1.0', $text );
		foreach ( array( 'abcdefabcdefabcd', 'companion.example', 'acme.example', 'ann@' ) as $word ) {
			self::assertStringNotContainsString( $word, $text );
		}
	}

	public function test_a_database_that_does_not_answer_is_told_not_thrown(): void {
		add_filter( 'query', static fn ( string $query ): string => str_contains( $query, 'rollcall_' ) ? 'SELECT broken FROM nowhere_at_all' : $query );
		self::assertSame( 'recommended', SiteHealth::companies()['status'] );
		self::assertArrayHasKey( 'rollcall', apply_filters( 'debug_information', array() ) );
	}
}
