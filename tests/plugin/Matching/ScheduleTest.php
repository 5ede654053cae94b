<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Matching;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Database\Runs;
use Rollcall\Database\Sql;
use Rollcall\Matching\Consent;
use Rollcall\Matching\RunProgress;
use Rollcall\Matching\Schedule;
use Rollcall\Plugin;
use Rollcall\Settings;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;

final class ScheduleTest extends TestCase {
	private const DAY_MS = 86_400_000;

	#[DataProvider( 'times' )]
	public function test_knows_when_a_run_is_due( string $schedule, int $newest_ms, bool $due ): void {
		self::assertSame( $due, Schedule::is_due( $schedule, $newest_ms, Planted::NOW_MS ) );
	}

	/** @return array<string, array{string, int, bool}> */
	public static function times(): array {
		return array(
			'off is never'           => array( 'off', 0, false ),
			'the first one at once'  => array( 'monthly', 0, true ),
			'a day less one'         => array( 'daily', Planted::NOW_MS - self::DAY_MS + 1, false ),
			'a day'                  => array( 'daily', Planted::NOW_MS - self::DAY_MS, true ),
			'a week less one'        => array( 'weekly', Planted::NOW_MS - 7 * self::DAY_MS + 1, false ),
			'a week'                 => array( 'weekly', Planted::NOW_MS - 7 * self::DAY_MS, true ),
			'thirty days less one'   => array( 'monthly', Planted::NOW_MS - 30 * self::DAY_MS + 1, false ),
			'thirty days'            => array( 'monthly', Planted::NOW_MS - 30 * self::DAY_MS, true ),
		);
	}

	public function test_an_exchange_starts_a_run_that_is_due_once_someone_has_agreed(): void {
		self::set( array( 'run_schedule' => 'daily', 'run_sources' => array( 'users', 'comments', 'woocommerce', 'crm' ) ) );
		$companion = PairedCompanion::pair();
		$companion->exchange();
		self::assertNull( Runs::open(), 'Nobody has agreed.' );
		Consent::agree( self::ada(), Planted::NOW_MS );
		$companion->exchange();
		$run = Runs::open();
		self::assertNotNull( $run );
		self::assertSame( array( true, 0, array( 'users', 'comments' ), 'companion' ), array( $run['scheduled'], $run['started_by'], $run['sources'], $run['ran_in'] ) );
		$item = RunProgress::item( $run, Planted::NOW_MS );
		self::assertSame( array( true, '' ), array( $item['scheduled'], $item['started_by'] ) );
		$companion->exchange();
		RunProgress::cancel( $run['run_id'], Planted::NOW_MS );
		$companion->exchange();
		self::assertNull( Runs::open(), 'A cancelled one is not started again at once.' );
		Sql::run( 'UPDATE {runs} SET started_at_ms = started_at_ms - %d', self::DAY_MS );
		$companion->exchange();
		self::assertNotNull( Runs::open() );
	}

	public function test_a_plugin_that_is_switched_on_again_goes_on_with_its_schedule(): void {
		self::set( array( 'run_schedule' => 'weekly' ) );
		Schedule::plan();
		Plugin::deactivate();
		self::assertFalse( wp_next_scheduled( Schedule::EVENT ) );
		Plugin::activate();
		self::assertNotFalse( wp_next_scheduled( Schedule::EVENT ) );
	}

	public function test_wp_cron_starts_it_when_no_companion_calls(): void {
		self::set( array( 'run_schedule' => 'weekly' ) );
		PairedCompanion::pair();
		Consent::agree( self::ada(), Planted::NOW_MS );
		Schedule::plan();
		self::assertEqualsWithDelta( time() + HOUR_IN_SECONDS, wp_next_scheduled( Schedule::EVENT ), 5 );
		wp_unschedule_hook( Schedule::EVENT );
		do_action( Schedule::EVENT );
		self::assertNotNull( Runs::open() );
		self::assertNotFalse( wp_next_scheduled( Schedule::EVENT ) );
		self::log_in( self::ada() );
		self::rest( 'PUT', '/rollcall/v1/settings', array( 'settings' => array( 'run_schedule' => 'off' ) + Settings::get() ) );
		self::assertFalse( wp_next_scheduled( Schedule::EVENT ) );
	}

	/** @param array<string, mixed> $settings */
	private static function set( array $settings ): void {
		Settings::update( $settings + Settings::get() );
	}
}
