<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Contract;
use Rollcall\Database\Lists;
use Rollcall\Database\Sql;
use Rollcall\Rest\Overview;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;

final class OverviewTest extends TestCase {
	public function test_an_empty_site_is_led_to_connect(): void {
		self::log_in( self::ada() );
		$overview = self::rest( 'GET', '/rollcall/v1/overview' )->get_data();
		self::assertTrue( Contract::check( 'overview', $overview ) );
		self::assertSame( 'connect', $overview['next_step'] );
		self::assertNull( $overview['newest_run'] );
		self::assertNull( $overview['list_source'] );
	}

	public function test_it_shows_the_open_run_and_the_source_of_the_rows_in_use(): void {
		Planted::list();
		self::log_in( self::ada() );
		$run      = self::rest( 'POST', '/rollcall/v1/runs', array( 'run' => array( 'agreed' => true, 'sources' => array(), 'ran_in' => 'companion' ) ) )->get_data();
		$overview = self::rest( 'GET', '/rollcall/v1/overview' )->get_data();
		self::assertSame( $run, $overview['open_run'] );
		self::assertSame( 'yc', $overview['list_source'] );
		self::assertSame( 1, $overview['company_count'] );
	}

	public function test_the_sample_counts_as_a_list_only_where_it_was_asked_for(): void {
		Planted::list();
		self::assertTrue( Lists::any_wanted() );
		Sql::run( 'UPDATE {lists} SET active_source = %d', Contract::number( 'LIST_SOURCES', 'sample' ) );
		self::assertFalse( Lists::any_wanted() );
		Lists::set( Lists::DEFAULT_UID, array( 'url' => 'sample:' ) );
		self::assertTrue( Lists::any_wanted() );
	}

	#[DataProvider( 'steps' )]
	public function test_the_next_step( string $connection_state, bool $has_list, bool $has_run, string $step ): void {
		self::assertSame( $step, Overview::next_step( $connection_state, $has_list, $has_run ) );
	}

	/** @return array<string, array{string, bool, bool, string}> */
	public static function steps(): array {
		return array(
			'nothing is there'           => array( 'not_paired', false, false, 'connect' ),
			'a code is open'             => array( 'waiting_for_pairing', false, false, 'connect' ),
			'paired'                     => array( 'connected', false, false, 'wait_for_list' ),
			'a list is there'            => array( 'connected', true, false, 'run' ),
			'a run is done'              => array( 'connected', true, true, 'look' ),
			'silent, with a run'         => array( 'silent', true, true, 'look' ),
			'clocks differ, with a run'  => array( 'clock_skew', true, true, 'look' ),
			'the site is a copy'         => array( 'site_changed', true, true, 'connect' ),
			'the key cannot be read'     => array( 'key_unreadable', true, true, 'connect' ),
		);
	}

	public function test_strangers_and_subscribers_see_nothing(): void {
		self::assertSame( 401, self::rest( 'GET', '/rollcall/v1/overview' )->get_status() );
		self::log_in( self::vi() );
		self::assertSame( 403, self::rest( 'GET', '/rollcall/v1/overview' )->get_status() );
	}
}
