<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use Rollcall\Clock;
use Rollcall\Contract;
use Rollcall\Database\Sql;
use Rollcall\Status\Vitals;
use Rollcall\Tests\PlantedMonitors;
use Rollcall\Tests\TestCase;

final class MonitoringTest extends TestCase {
	public function test_says_how_monitoring_does(): void {
		self::log_in( self::ada() );
		$nothing = array( 'is_connected' => false, 'no_data_since' => null, 'last_seen_at' => null, 'monitor_count' => 0, 'open_incident_count' => 0, 'state_counts' => array( 'up' => 0, 'degraded' => 0, 'confirming' => 0, 'down' => 0, 'no_reading' => 0 ), 'lost_24h' => array( 'dropped_count' => 0, 'dead_letter_count' => 0 ), 'vitals' => null );
		self::assertSame( $nothing, self::read() );

		$now_ms = Clock::now_ms();
		$id     = PlantedMonitors::monitor( 'down', array( 'state' => 'down' ), $now_ms );
		PlantedMonitors::monitor( 'paused', array( 'active' => 0 ), $now_ms );
		PlantedMonitors::incident( $id );
		PlantedMonitors::incident( $id, $now_ms, $now_ms - 7_200_000 );
		PlantedMonitors::companion( $now_ms - 10_000 );
		Vitals::store( 'abcdefabcdefabcd', PlantedMonitors::vitals( array( 'unsent_count' => 7 ) ), $now_ms );
		$monitoring = self::read();
		self::assertTrue( Contract::check( 'monitoring', $monitoring ) );
		self::assertSame( array( true, null, 1, 1, 7 ), array( $monitoring['is_connected'], $monitoring['no_data_since'], $monitoring['monitor_count'], $monitoring['open_incident_count'], $monitoring['vitals']['unsent_count'] ) );

		self::assertSame( array( 'up' => 0, 'degraded' => 0, 'confirming' => 0, 'down' => 1, 'no_reading' => 0 ), $monitoring['state_counts'], 'One that is paused counts nowhere.' );
		Vitals::store( 'abcdefabcdefabcd', PlantedMonitors::vitals( array( 'dropped_count' => 3 ) ), $now_ms );
		self::assertSame( array( 'dropped_count' => 3, 'dead_letter_count' => 0 ), self::read()['lost_24h'] );

		Sql::run( 'UPDATE {companions} SET last_seen_ms = %d, next_expected_ms = %d', $now_ms - 181_000, $now_ms - 121_000 );
		self::assertSame( Clock::iso( $now_ms - 181_000 ), self::read()['no_data_since'] );
		self::assertSame( array( 0, 1 ), array( self::read()['state_counts']['down'], self::read()['state_counts']['no_reading'] ) );
	}

	/** @return array<string, mixed> */
	private static function read(): array {
		return self::rest( 'GET', '/rollcall/v1/monitoring' )->get_data();
	}
}
