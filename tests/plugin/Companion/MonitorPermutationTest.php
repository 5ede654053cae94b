<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Companion;

use PHPUnit\Framework\Attributes\DataProvider;
use Random\Engine\Mt19937;
use Random\Randomizer;
use Rollcall\Companion\Ingest;
use Rollcall\Database\MonitorReadings;
use Rollcall\Database\Sql;
use Rollcall\Database\Transaction;
use Rollcall\Database\UptimeCache;
use Rollcall\Status\Histogram;
use Rollcall\Status\Uptime;
use Rollcall\Tests\MonitorFactory;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\TestCase;

/**
 * Delivery is at least once and in no order: after a lost answer, a kill or a restored spool a batch comes again, later, or in
 * parts. Tables that depended on it would show another uptime than the one that the companion, or a second look, works out.
 */
final class MonitorPermutationTest extends TestCase {
	private const TABLES = array( 'checks', 'state_changes', 'uptime_hourly', 'uptime_daily', 'incidents' );

	private const KEYS = array(
		'checks'        => 'monitor_id, location_id, slot_ms',
		'state_changes' => 'monitor_id, judge_epoch, seq',
		'uptime_hourly' => 'monitor_id, bucket_ms',
		'uptime_daily'  => 'monitor_id, bucket_ms',
		'incidents'     => 'incident_uid',
	);

	/** 2026-03-28T20:00:00Z: a midnight and a change of summer time follow. */
	private const ORIGIN_MS = 1_774_728_000_000;

	/** A history is at most so long. */
	private const LENGTH_MS = 60 * Uptime::HOUR_MS;

	/** @return iterable<string, array{int}> */
	public static function seeds(): iterable {
		for ( $seed = 1; $seed <= 12; $seed++ ) {
			yield "seed $seed" => array( $seed );
		}
	}

	#[DataProvider( 'seeds' )]
	public function test_any_order_repetition_and_splitting_of_batches_gives_the_same_tables( int $seed ): void {
		$random    = new Randomizer( new Mt19937( $seed ) );
		$uids      = MonitorFactory::monitors( 3 );
		$histories = array_map( static fn ( string $uid ): array => self::history( $uid, $random ), $uids );
		$rows      = array_merge( ...$histories );
		self::deliver( array( $rows ), $random );
		$whole = self::tables();
		self::assert_is_that_of_the_rows( $uids, $histories );
		for ( $round = 0; $round < 4; $round++ ) {
			self::forget();
			self::deliver( 0 === $round ? self::in_order( $rows, $random ) : self::batches( $rows, $random ), $random );
			self::assertSame( $whole, self::tables(), "seed $seed, round $round" );
			self::work_out_anew( $uids );
			self::assertSame( $whole, self::tables(), "seed $seed, round $round, from all checks and changes" );
		}
	}

	/**
	 * What a companion may say of a monitor: pairs of kind and row. Some histories begin with checks alone, have gaps, and
	 * decisions of two judges at one instant.
	 *
	 * @return list<array{string, array<string, mixed>}>
	 */
	private static function history( string $uid, Randomizer $random ): array {
		$states  = array( 'up', 'degraded', 'down', 'unknown' );
		$rows    = array();
		$seq     = array( 1 => 0, 2 => 0 );
		$slot_ms = self::ORIGIN_MS + $random->getInt( 0, 6 * Uptime::HOUR_MS );
		$end_ms  = $slot_ms + $random->getInt( Uptime::HOUR_MS, self::LENGTH_MS );
		$state   = 'unknown';
		while ( $slot_ms < $end_ms ) {
			if ( 0 === $random->getInt( 0, 5 ) ) {
				$epoch     = $random->getInt( 1, 2 );
				$state     = $states[ $random->getInt( 0, 3 ) ];
				$change    = MonitorFactory::change( $uid, ++$seq[ $epoch ], $slot_ms - ( 0 === $random->getInt( 0, 3 ) ? 40 * 60_000 : 0 ), $state, array( 'judge_epoch' => $epoch ) );
				$rows[]    = array( 'state_changes', $change );
				$incident  = MonitorFactory::incident( $uid, Uptime::start_ms( $slot_ms, Uptime::DAY_MS ), array( 'judge_epoch' => $epoch, 'judged_at_ms' => $slot_ms, 'message' => "seen at $slot_ms" ) );
				$rows[]    = array( 'incidents', $incident );
				$rows      = array( ...$rows, ...self::outage( $uid, $slot_ms, $epoch, $random ) );
			}
			$rows[]   = array( 'checks', MonitorFactory::checks( $uid, array( MonitorFactory::row( $slot_ms, $state, $random->getInt( 0, 70_000 ) ) ) ) );
			$rows[]   = array( 'readings', MonitorFactory::reading( $uid, $slot_ms, array( 'response_time_ms' => $random->getInt( 0, 900 ), 'is_confirming' => 0 === $random->getInt( 0, 4 ) ) ) );
			$slot_ms += $random->getInt( 60_000, 0 === $random->getInt( 0, 9 ) ? 9 * Uptime::HOUR_MS : 20 * 60_000 );
		}
		return $rows;
	}

	/**
	 * An incident that a judge opens; some it ends, some another judge takes over, and of some nobody tells the end.
	 *
	 * @return list<array{string, array<string, mixed>}>
	 */
	private static function outage( string $uid, int $slot_ms, int $epoch, Randomizer $random ): array {
		$opened = MonitorFactory::incident( $uid, $slot_ms, array( 'judge_epoch' => $epoch ) );
		$later  = match ( $random->getInt( 0, 3 ) ) {
			// It may be of the same instant.
			0       => array( 'judged_at_ms' => $opened['judged_at_ms'] + $random->getInt( 0, 1 ), 'resolved_at_ms' => $slot_ms + $random->getInt( 0, Uptime::HOUR_MS ), 'resolved_by' => 'check' ),
			1       => array( 'judged_at_ms' => $opened['judged_at_ms'] + 1, 'judge_epoch' => 2 ),
			default => array(),
		};
		return array( array( 'incidents', $opened ), ...( array() === $later ? array() : array( array( 'incidents', $later + $opened ) ) ) );
	}

	/**
	 * The rows as they come about, a few in each batch.
	 *
	 * @param list<array{string, array<string, mixed>}> $rows
	 * @return list<list<array{string, array<string, mixed>}>>
	 */
	private static function in_order( array $rows, Randomizer $random ): array {
		$at_ms = static fn ( array $row ): int => $row[1]['slot_ms'] ?? $row[1]['changed_at_ms'] ?? $row[1]['judged_at_ms'] ?? (int) $row[1]['rows'][0];
		usort( $rows, static fn ( array $one, array $other ): int => $at_ms( $one ) <=> $at_ms( $other ) );
		$batches = array();
		while ( array() !== $rows ) {
			$batches[] = array_splice( $rows, 0, $random->getInt( 1, 20 ) );
		}
		return $batches;
	}

	/**
	 * The rows in any order, some of them twice, in batches of any size.
	 *
	 * @param list<array{string, array<string, mixed>}> $rows
	 * @return list<list<array{string, array<string, mixed>}>>
	 */
	private static function batches( array $rows, Randomizer $random ): array {
		$again   = array_filter( $rows, static fn (): bool => 0 === $random->getInt( 0, 4 ) );
		$left    = $random->shuffleArray( array_merge( $rows, $again ) );
		$batches = array();
		while ( array() !== $left ) {
			$batches[] = array_splice( $left, 0, $random->getInt( 1, 1 + intdiv( count( $rows ), 4 ) ) );
		}
		return $batches;
	}

	/**
	 * @param list<list<array{string, array<string, mixed>}>> $batches
	 */
	private static function deliver( array $batches, Randomizer $random ): void {
		// No batch names a lower epoch than the site knows: the companion drops such decisions, and these are all of the present judge.
		Sql::upsert( 'kv', array( array( 'name' => 'judge_epoch', 'value' => '1', 'updated_at_ms' => 0 ) ), array( 'value' ) );
		foreach ( $batches as $rows ) {
			$kinds = array();
			foreach ( $rows as [ $kind, $row ] ) {
				$kinds[ $kind ][] = $row;
			}
			$batch = PairedCompanion::batch( $kinds );
			Ingest::store( $batch, 'companion-1', self::ORIGIN_MS + self::LENGTH_MS + Uptime::DAY_MS );
			if ( 0 === $random->getInt( 0, 3 ) ) {
				Ingest::store( $batch, 'companion-1', self::ORIGIN_MS + self::LENGTH_MS + Uptime::DAY_MS );
			}
			Sql::run( 'UPDATE {kv} SET value = %s WHERE name = %s', '1', 'judge_epoch' );
		}
	}

	/** @return array<string, list<array<string, string|null>>> */
	private static function tables(): array {
		$tables = array( 'monitors' => Sql::rows( 'SELECT * FROM {monitors} ORDER BY monitor_id' ) );
		foreach ( self::KEYS as $table => $key ) {
			$tables[ $table ] = Sql::rows( "SELECT * FROM {{$table}} ORDER BY $key" );
		}
		return $tables;
	}

	/** The monitors as before the first batch. */
	private static function forget(): void {
		foreach ( self::TABLES as $table ) {
			Sql::run( "DELETE FROM {{$table}}" );
		}
		Sql::run( 'UPDATE {monitors} SET state = 4, state_since_ms = NULL, known_until_ms = 0, last_slot_ms = NULL, last_state = NULL, last_status_code = NULL, last_response_time_ms = NULL, last_error_code = NULL, last_error_message = NULL, is_confirming = 0, mail_state = NULL' );
	}

	/**
	 * All hours of monitors from all that is stored, as if none was known.
	 *
	 * @param list<string> $uids
	 */
	private static function work_out_anew( array $uids ): void {
		$known = MonitorReadings::known( $uids );
		$ids   = array_column( $known, 'monitor_id' );
		$spans = array_fill_keys( $ids, array( self::ORIGIN_MS - Uptime::DAY_MS, self::ORIGIN_MS + self::LENGTH_MS + Uptime::DAY_MS ) );
		Transaction::run( static fn () => UptimeCache::recompute( $spans, array_combine( $ids, array_column( $known, 'known_until_ms' ) ), self::ORIGIN_MS + self::LENGTH_MS + Uptime::DAY_MS ) );
	}

	/**
	 * Compares the tables with uptime and histograms of the same rows.
	 *
	 * @param list<string>                                     $uids
	 * @param list<list<array{string, array<string, mixed>}>> $histories
	 */
	private static function assert_is_that_of_the_rows( array $uids, array $histories ): void {
		$known = MonitorReadings::known( $uids );
		foreach ( $histories as $index => $rows ) {
			$monitor_id = $known[ $uids[ $index ] ]['monitor_id'];
			$of         = static fn ( string $kind ): array => array_values( array_map( static fn ( array $row ): array => $row[1], array_filter( $rows, static fn ( array $row ): bool => $row[0] === $kind ) ) );
			$source     = array(
				'changes'        => array_map( static fn ( array $change ): array => array( 'at_ms' => $change['changed_at_ms'], 'epoch' => $change['judge_epoch'], 'seq' => $change['seq'], 'state' => $change['state'] ), $of( 'state_changes' ) ),
				'maintenance'    => array(),
				'known_until_ms' => max( array_column( $of( 'readings' ), 'slot_ms' ) ),
			);
			$expected   = array_slice( Uptime::of( $source, self::ORIGIN_MS - Uptime::DAY_MS, self::ORIGIN_MS + 2 * self::LENGTH_MS ), 0, 3 );
			$checks     = array_map( static fn ( array $group ): array => explode( ',', $group['rows'][0] ), $of( 'checks' ) );
			$reached    = array_filter( $checks, static fn ( array $check ): bool => (int) $check[1] <= 2 );
			$histogram  = Histogram::merge( array_map( static fn ( array $check ): array => array( Histogram::bucket_of( min( 65535, (int) $check[9] ) ) => 1 ), $reached ) );
			ksort( $histogram );
			foreach ( array( 'uptime_hourly' => Uptime::HOUR_MS, 'uptime_daily' => Uptime::DAY_MS ) as $table => $length_ms ) {
				$buckets = Sql::rows( "SELECT * FROM {{$table}} WHERE monitor_id = %d", $monitor_id );
				if ( 'uptime_daily' === $table ) {
					// The day up to which it is known has no row of its own yet.
					$open_ms = Uptime::start_ms( $source['known_until_ms'], Uptime::DAY_MS );
					self::assertSame( array(), array_filter( $buckets, static fn ( array $day ): bool => (int) $day['bucket_ms'] >= $open_ms ) );
					$buckets = array( ...$buckets, ...Sql::rows( 'SELECT * FROM {uptime_hourly} WHERE monitor_id = %d AND bucket_ms >= %d', $monitor_id, $open_ms ) );
				}
				$parts   = array_map( static fn ( array $bucket ): array => array_map( 'intval', array_intersect_key( $bucket, Uptime::NOTHING ) ), $buckets );
				self::assertSame( $expected, array_slice( Uptime::add( $parts ), 0, 3 ), $table );
				self::assertSame( count( $checks ), array_sum( array_column( $buckets, 'check_count' ) ) );
				self::assertSame( count( array_filter( $checks, static fn ( array $check ): bool => '3' === $check[1] ) ), array_sum( array_column( $buckets, 'failed_count' ) ) );
				$merged = Histogram::merge( array_map( static fn ( array $bucket ): array => Histogram::parse( (string) $bucket['histogram'] ), $buckets ) );
				ksort( $merged );
				self::assertSame( $histogram, $merged, $table );
				foreach ( $parts as $part ) {
					self::assertContains( array_sum( $part ), array( Uptime::HOUR_MS, $length_ms ) );
					self::assertGreaterThanOrEqual( 0, min( $part ) );
					$ratio = Uptime::ratio( $part );
					self::assertTrue( null === $ratio || ( $ratio >= 0 && $ratio <= 1 ) );
				}
			}
		}
	}
}
