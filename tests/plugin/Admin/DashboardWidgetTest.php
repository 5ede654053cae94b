<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Admin;

use Rollcall\Admin\DashboardWidget;
use Rollcall\Clock;
use Rollcall\Database\Runs;
use Rollcall\Matching\RunProgress;
use Rollcall\Tests\Planted;
use Rollcall\Tests\PlantedMonitors;
use Rollcall\Tests\TestCase;

final class DashboardWidgetTest extends TestCase {
	public function test_before_the_first_run_it_offers_one(): void {
		self::log_in( self::ada() );
		$html = self::html();
		self::assertStringContainsString( 'No run yet', $html );
		self::assertStringContainsString( 'screen=matcher', $html );
		self::assertStringContainsString( 'Run matcher', $html );
	}

	public function test_it_shows_the_newest_figures_without_counting_and_without_a_call(): void {
		Planted::list();
		Planted::company( '5' );
		$this->make_users( array( 'a@acme.example', 'b@acme.example' ) );
		RunProgress::start( self::ada(), true, Planted::NOW_MS );
		RunProgress::advance( Planted::NOW_MS );
		self::log_in( self::ada() );
		self::assertStringContainsString( 'See the run', self::html() );
		foreach ( \Rollcall\Database\Domains::stale_page( \Rollcall\Database\DataVersion::current(), 0, 100 ) as $row ) {
			Planted::label( $row['host'], array(), 'acme.example' === $row['host'] ? array( '5' ) : array() );
		}
		RunProgress::advance( Planted::NOW_MS );

		$queries = array();
		add_filter(
			'query',
			static function ( string $query ) use ( &$queries ): string {
				$queries[] = $query;
				return $query;
			}
		);
		add_filter( 'pre_http_request', static fn () => throw new \LogicException( 'The widget called somebody.' ) );
		$text = wp_strip_all_tags( self::html() );
		self::assertMatchesRegularExpression( '/Users at listed companies:\s*2/', $text );
		self::assertMatchesRegularExpression( '/Companies:\s*1/', $text );
		$ours = array_filter( $queries, static fn ( string $query ): bool => str_contains( $query, 'rollcall_' ) );
		self::assertLessThanOrEqual( 5, count( $ours ) );
		$others = array_filter( $ours, static fn ( string $query ): bool => ! str_contains( $query, 'rollcall_monitors' ) );
		self::assertStringNotContainsString( 'COUNT', implode( $others ) );
	}

	public function test_the_states_of_active_monitors_are_one_line_worst_first(): void {
		self::log_in( self::ada() );
		self::assertStringNotContainsString( 'screen=monitors', self::html() );
		$now_ms = Clock::now_ms();
		PlantedMonitors::companion( $now_ms );
		PlantedMonitors::monitor( 'a', array( 'is_public' => 0 ), $now_ms );
		PlantedMonitors::monitor( 'b', array( 'state' => 'down' ), $now_ms );
		PlantedMonitors::monitor( 'c', array( 'known_until_ms' => 0 ), $now_ms );
		PlantedMonitors::monitor( 'd', array( 'active' => 0 ), $now_ms );
		$html = self::html();
		self::assertStringContainsString( 'screen=monitors', $html );
		self::assertStringContainsString( 'Monitors: Down: 1, No reading: 1, Up: 1', wp_strip_all_tags( $html ) );
		PlantedMonitors::companion( $now_ms - 3_600_000 );
		self::assertStringContainsString( 'Monitors: No reading: 3', wp_strip_all_tags( self::html() ) );
	}

	public function test_a_run_over_other_people_does_not_take_the_place_of_the_users(): void {
		$this->make_users( array( 'a@acme.example' ) );
		Runs::start( self::ada(), 0, Planted::NOW_MS );
		Runs::finish( (int) Runs::open()['run_id'], array(), 41, 7, 3, 1, Planted::NOW_MS );
		Runs::start( self::ada(), 0, Planted::NOW_MS, array( 'paste' ), 'browser' );
		Runs::finish( (int) Runs::open()['run_id'], array(), 99, 98, 97, 1, Planted::NOW_MS );
		self::log_in( self::ada() );
		self::assertMatchesRegularExpression( '/Users read:\s*41/', wp_strip_all_tags( self::html() ) );
	}

	public function test_who_may_not_run_gets_the_report(): void {
		get_role( 'editor' )?->add_cap( 'rollcall_view' );
		self::log_in( self::ed() );
		self::assertStringContainsString( 'See the report', self::html() );
		get_role( 'editor' )?->remove_cap( 'rollcall_view' );
	}

	public function test_a_broken_table_is_told_in_words(): void {
		add_filter( 'query', static fn ( string $query ): string => str_contains( $query, 'rollcall_' ) ? 'SELECT broken FROM nowhere_at_all' : $query );
		self::assertStringContainsString( 'notice-error', self::html() );
	}

	private static function html(): string {
		ob_start();
		DashboardWidget::render();
		return (string) ob_get_clean();
	}
}
