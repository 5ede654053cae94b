<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Database;

use PHPUnit\Framework\Attributes\Group;
use Rollcall\Database\Sql;
use Rollcall\Database\UptimeSums;
use Rollcall\Tests\Planted;
use Rollcall\Tests\PlantedMonitors;
use Rollcall\Tests\TestCase;

final class UptimeSumsTest extends TestCase {
	private const HOUR = 3_600_000;

	public function test_hours_before_the_window_and_unknown_time_do_not_count(): void {
		$hour = intdiv( Planted::NOW_MS, self::HOUR ) * self::HOUR;
		PlantedMonitors::bucket( 1, $hour, 600, 300, 100 );
		PlantedMonitors::bucket( 1, $hour - 23 * self::HOUR, 1000 );
		PlantedMonitors::bucket( 1, $hour - 24 * self::HOUR, 0, 5000 );
		PlantedMonitors::bucket( 2, $hour, 0 );
		$sums = UptimeSums::of( array( 1, 2, 3 ), Planted::NOW_MS )['hours'];
		self::assertSame( array( 1 => array( 1700, 2000 ) ), $sums );
		self::assertSame( array( 1 => 0.85 ), UptimeSums::ratios( $sums ) );
		self::assertSame( array( 'hours' => array(), 'days' => array() ), UptimeSums::of( array(), Planted::NOW_MS ) );
	}

	/** The day up to which a monitor is known has no row of its own, be it today, yesterday or the last one before it was paused. */
	public function test_every_day_of_thirty_counts_once_whether_it_has_a_row_or_hours_only(): void {
		$day   = intdiv( Planted::NOW_MS, 24 * self::HOUR ) * 24 * self::HOUR;
		$known = array( 'today' => Planted::NOW_MS, 'tomorrow' => $day + 24 * self::HOUR, 'yesterday' => $day - 1, 'paused' => $day - 240 * self::HOUR, 'long ago' => $day - 30 * 24 * self::HOUR );
		$ids   = array();
		foreach ( $known as $name => $known_until_ms ) {
			$ids[ $name ] = PlantedMonitors::monitor( $name, array( 'known_until_ms' => $known_until_ms ) );
			$open_ms      = intdiv( $known_until_ms, 24 * self::HOUR ) * 24 * self::HOUR;
			for ( $ago = 0; $ago <= 31; $ago++ ) {
				$bucket_ms = $day - $ago * 24 * self::HOUR;
				if ( $bucket_ms <= $known_until_ms ) {
					PlantedMonitors::bucket( $ids[ $name ], $bucket_ms + self::HOUR, 1 << 10, 1 );
				}
				if ( $bucket_ms < $open_ms ) {
					PlantedMonitors::bucket( $ids[ $name ], $bucket_ms, 1 << 10, 1, buckets: 'daily' );
				}
			}
		}
		$days = UptimeSums::of( array_values( $ids ), Planted::NOW_MS )['days'];
		self::assertSame( array( 30, 30, 29, 20, 0 ), array_map( static fn ( int $id ): int => ( $days[ $id ][1] ?? 0 ) - ( $days[ $id ][0] ?? 0 ), array_values( $ids ) ) );
	}

	/** From 1,000 values on IN becomes a table of its own, and each monitor's whole history is read: 500 ms in the place of 15. */
	#[Group( 'mariadb' )]
	public function test_of_many_monitors_only_the_hours_of_the_window_are_read(): void {
		$hour = intdiv( Planted::NOW_MS, self::HOUR ) * self::HOUR;
		Sql::run(
			'INSERT INTO {uptime_hourly} (monitor_id, bucket_ms, up_ms, degraded_ms, down_ms, unknown_ms, maintenance_ms, check_count, failed_count, histogram)
				SELECT m.seq, %d - s.seq * 3600000, 3600000, 0, 0, 0, 0, 60, 0, %s FROM seq_1_to_1200 m CROSS JOIN seq_0_to_99 s',
			$hour,
			'147:60'
		);
		Sql::rows( 'ANALYZE TABLE {uptime_hourly}' );
		$queries = array();
		add_filter(
			'query',
			static function ( string $query ) use ( &$queries ): string {
				$queries[] = $query;
				return $query;
			}
		);
		$ids = range( 1, 1200 );
		self::assertCount( 1200, UptimeSums::recent( $ids, Planted::NOW_MS, false )['hours'] );
		self::assertSame( array( 147 => 24 * 60 * 1200 ), UptimeSums::recent( $ids, Planted::NOW_MS, true )['histogram'] );
		remove_all_filters( 'query' );
		$queries = array_values( (array) preg_grep( '/^SELECT/', $queries ) );
		self::assertCount( 6, $queries );
		foreach ( $queries as $query ) {
			foreach ( Sql::rows( "EXPLAIN $query" ) as $step ) {
				self::assertSame( array( 'range', 'PRIMARY', '12' ), array( $step['type'], $step['key'], $step['key_len'] ) );
				self::assertLessThan( 500 * 40, (int) $step['rows'] );
			}
		}
		Sql::run( 'DELETE FROM {uptime_hourly}' );
	}
}
