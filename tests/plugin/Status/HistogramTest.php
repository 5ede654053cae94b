<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Status;

use PHPUnit\Framework\TestCase;
use Rollcall\Status\Histogram;

/** The companion runs the same cases: tests/companion/monitor/histogram.test.ts. */
final class HistogramTest extends TestCase {
	public function test_buckets_and_their_bounds_are_those_of_the_companion(): void {
		foreach ( self::fixture()['buckets'] as $case ) {
			self::assertSame( $case['bucket'], Histogram::bucket_of( $case['value_ms'] ), "{$case['value_ms']} ms" );
			self::assertSame( array( 'from_ms' => $case['from_ms'], 'to_ms' => $case['to_ms'] ), Histogram::bounds_of( $case['bucket'] ) );
		}
	}

	public function test_percentiles_are_those_of_the_companion(): void {
		foreach ( self::fixture()['percentiles'] as $case ) {
			$histogram = Histogram::merge( array_map( static fn ( int|float $value_ms ): array => array( Histogram::bucket_of( $value_ms ) => 1 ), $case['values'] ) );
			self::assertEquals( $case['histogram'], $histogram, $case['name'] );
			foreach ( array( 50, 95, 99 ) as $percent ) {
				self::assertSame( $case[ "p$percent" ], Histogram::percentile( $histogram, $percent ), "{$case['name']}, $percent %" );
			}
		}
	}

	public function test_merges_as_the_companion_does(): void {
		foreach ( self::fixture()['merges'] as $case ) {
			self::assertEquals( $case['sum'], Histogram::merge( $case['parts'] ), $case['name'] );
		}
	}

	public function test_its_text_is_one_for_one_histogram(): void {
		self::assertSame( '3:1,82:5,190:2', Histogram::text( array( 190 => 2, 3 => 1, 82 => 5 ) ) );
		self::assertSame( array( 3 => 1, 82 => 5, 190 => 2 ), Histogram::parse( '3:1,82:5,190:2' ) );
		self::assertSame( array(), Histogram::parse( Histogram::text( array() ) ) );
		self::assertSame( array( 3 => 5, 12 => 1, 7 => 2 ), Histogram::parse( '3:1,12:1,3:4,7:2' ), 'Joined texts.' );
	}

	public function test_times_as_the_database_joins_them_are_counted_by_bucket(): void {
		self::assertSame( array( 12 => 2, Histogram::bucket_of( 900 ) => 1, Histogram::bucket_of( 65_535 ) => 1 ), Histogram::of_times( '12,900,12,65535' ) );
		self::assertSame( array(), Histogram::of_times( '' ) );
	}

	/** @return array<string, list<array<string, mixed>>> */
	private static function fixture(): array {
		return json_decode( (string) file_get_contents( __DIR__ . '/../../fixtures/histogram.json' ), true, 16, JSON_THROW_ON_ERROR );
	}
}
