<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Status;

use PHPUnit\Framework\TestCase;
use Random\Engine\Mt19937;
use Random\Randomizer;
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
	}

	/** A day's text is changed where it stands; a slip there would tell other percentiles than the hours have. */
	public function test_text_with_more_or_fewer_values_is_that_of_the_sum(): void {
		$random = new Randomizer( new Mt19937( 7 ) );
		$sum    = array();
		$text   = '';
		for ( $step = 0; $step < 2000; $step++ ) {
			$more = array();
			for ( $value = $random->getInt( 0, 4 ); $value > 0; $value-- ) {
				$bucket          = $random->getInt( 1, 2 ) * $random->getInt( 0, 60 );
				$more[ $bucket ] = $random->getInt( 0, 3 ) > 0 ? $random->getInt( 1, 12 ) : -( $sum[ $bucket ] ?? 0 );
			}
			$was  = $text;
			$text = Histogram::text_with( $text, $more );
			foreach ( $more as $bucket => $count ) {
				$sum[ $bucket ] = ( $sum[ $bucket ] ?? 0 ) + $count;
			}
			$sum = array_filter( $sum );
			self::assertSame( Histogram::text( $sum ), $text, "$was and " . (string) json_encode( $more ) );
			self::assertSame( $text, Histogram::text_with( $was, Histogram::difference( $text, $was ) ) );
		}
	}

	/** @return array<string, list<array<string, mixed>>> */
	private static function fixture(): array {
		return json_decode( (string) file_get_contents( __DIR__ . '/../../fixtures/histogram.json' ), true, 16, JSON_THROW_ON_ERROR );
	}
}
