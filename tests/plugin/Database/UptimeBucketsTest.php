<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Database;

use PHPUnit\Framework\Attributes\Group;
use Rollcall\Companion\Ingest;
use Rollcall\Database\KeyRanges;
use Rollcall\Database\Sql;
use Rollcall\Database\UptimeBuckets;
use Rollcall\Status\Uptime;
use Rollcall\Tests\MonitorFactory;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\TestCase;

final class UptimeBucketsTest extends TestCase {
	/** 2026-03-29T12:00:00Z. */
	private const NOON_MS = 1_774_785_600_000;

	public function test_windows_of_any_length_find_their_buckets_alone(): void {
		$windows = array();
		foreach ( range( 1, 30 ) as $monitor_id ) {
			$hours                  = $monitor_id <= 20 ? 1 : ( $monitor_id <= 29 ? 3 : 200 );
			$windows[ $monitor_id ] = array( self::NOON_MS, self::NOON_MS + $hours * Uptime::HOUR_MS );
			$rows                   = array();
			foreach ( array( -1, 0, 1, 2, 199, 200 ) as $hour ) {
				$rows[ $hour ] = array( 'up_ms' => $hour + 1 ) + UptimeBuckets::NOTHING;
			}
			UptimeBuckets::replace( 'uptime_hourly', array( $monitor_id => array( self::NOON_MS - Uptime::HOUR_MS, self::NOON_MS + 201 * Uptime::HOUR_MS ) ), array( $monitor_id => array_combine( array_map( static fn ( int $hour ): int => self::NOON_MS + $hour * Uptime::HOUR_MS, array_keys( $rows ) ), $rows ) ) );
		}
		$found = array_map( static fn ( array $buckets ): array => array_column( $buckets, 'up_ms' ), UptimeBuckets::stored( 'uptime_hourly', $windows ) );
		ksort( $found );
		self::assertSame( array_fill( 1, 20, array( 1 ) ) + array_fill( 21, 9, array( 1, 2, 3 ) ) + array( 30 => array( 1, 2, 3, 200 ) ), $found );
		self::assertCount( 3, KeyRanges::conditions( $windows, 'bucket_ms', Uptime::HOUR_MS ) );
	}

	/** One statement more for each monitor is 2 s more for 4,000 of them. */
	public function test_a_batch_of_many_monitors_takes_few_statements_and_counts_an_hour_anew(): void {
		$uids = MonitorFactory::monitors( 300 );
		foreach ( array( 0, 1 ) as $minute ) {
			$statements = array();
			$listen     = static function ( string $query ) use ( &$statements ): string {
				$statements[] = $query;
				return $query;
			};
			$at_ms      = self::NOON_MS + $minute * 60_000;
			$batch      = PairedCompanion::batch(
				array(
					'checks'   => array_map( static fn ( string $uid ): array => MonitorFactory::checks( $uid, array( MonitorFactory::row( $at_ms ) ) ), $uids ),
					'readings' => array_map( static fn ( string $uid ): array => MonitorFactory::reading( $uid, $at_ms ), $uids ),
				)
			);
			add_filter( 'query', $listen );
			Ingest::store( $batch, 'companion-1', self::NOON_MS + Uptime::HOUR_MS );
			remove_filter( 'query', $listen );
			self::assertLessThan( 25, count( $statements ) );
			self::assertCount( 1, (array) preg_grep( '/^SELECT.*rollcall_(?:checks|state_changes)/s', $statements ) );
			self::assertSame( (string) ( 300 * ( $minute + 1 ) ), Sql::value( 'SELECT SUM(check_count) FROM {uptime_hourly}' ) );
			// Whatever an hour says, the next check of it has it counted anew.
			Sql::run( 'UPDATE {uptime_hourly} SET check_count = check_count + 5' );
		}
	}

	/** From 1,000 values on IN becomes a table of its own, and each monitor's whole history is read. */
	#[Group( 'mariadb' )]
	public function test_of_many_monitors_only_the_buckets_of_the_windows_are_read(): void {
		Sql::run(
			'INSERT INTO {uptime_hourly} (monitor_id, bucket_ms, up_ms, degraded_ms, down_ms, unknown_ms, maintenance_ms, check_count, failed_count, histogram)
				SELECT m.seq, %d - s.seq * 3600000, 3600000, 0, 0, 0, 0, 60, 0, %s FROM seq_1_to_1200 m CROSS JOIN seq_0_to_99 s',
			self::NOON_MS,
			'147:60'
		);
		Sql::rows( 'ANALYZE TABLE {uptime_hourly}' );
		$conditions = KeyRanges::conditions( array_fill( 1, 1200, array( self::NOON_MS - Uptime::HOUR_MS, self::NOON_MS + Uptime::HOUR_MS ) ), 'bucket_ms', Uptime::HOUR_MS );
		self::assertCount( 3, $conditions );
		foreach ( $conditions as $condition ) {
			foreach ( Sql::rows( "EXPLAIN SELECT * FROM {uptime_hourly} WHERE $condition" ) as $step ) {
				self::assertSame( array( 'range', 'PRIMARY', '12' ), array( $step['type'], $step['key'], $step['key_len'] ) );
				self::assertLessThan( 2000, (int) $step['rows'] );
			}
		}
		Sql::run( 'DELETE FROM {uptime_hourly}' );
	}
}
