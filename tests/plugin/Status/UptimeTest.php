<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Status;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Rollcall\Status\Uptime;

/** The companion runs the same cases: tests/companion/monitor/uptime.test.ts. */
final class UptimeTest extends TestCase {
	/** @return iterable<string, array{array<string, mixed>, int, int}> */
	public static function cases(): iterable {
		$file = json_decode( (string) file_get_contents( __DIR__ . '/../../fixtures/uptime.json' ), true, 16, JSON_THROW_ON_ERROR );
		foreach ( $file['cases'] as $case ) {
			yield $case['name'] => array( $case, $file['origin_ms'], $file['unit_ms'] );
		}
	}

	/** @param array<string, mixed> $case */
	#[DataProvider( 'cases' )]
	public function test_is_that_of_the_companion( array $case, int $origin_ms, int $unit_ms ): void {
		$at      = static fn ( int $minutes ): int => $origin_ms + $minutes * $unit_ms;
		$minutes = static fn ( array $parts ): array => array_map( static fn ( int $part_ms ): int => intdiv( $part_ms, $unit_ms ), array_values( $parts ) );
		$source  = array(
			'changes'        => array_map( static fn ( array $change ): array => array( 'at_ms' => $at( $change[0] ), 'epoch' => $change[1], 'seq' => $change[2], 'state' => $change[3] ), $case['changes'] ),
			'maintenance'    => array_map( static fn ( array $span ): array => array( 'from_ms' => $at( $span[0] ), 'to_ms' => $at( $span[1] ) ), $case['maintenance'] ),
			'known_until_ms' => $at( $case['known_until'] ),
		);
		$parts   = Uptime::of( $source, $at( $case['from'] ), $at( $case['to'] ) );
		self::assertSame( $case['expected'], $minutes( $parts ) );
		self::assertSame( null === $case['ratio'] ? null : (float) ( $case['ratio'][0] / $case['ratio'][1] ), Uptime::ratio( $parts ) );
		if ( isset( $case['bucket'] ) ) {
			$buckets = Uptime::by( 'hour' === $case['bucket'] ? Uptime::HOUR_MS : Uptime::DAY_MS, $source, $at( $case['from'] ), $at( $case['to'] ) );
			$rows    = array_map( static fn ( int $start_ms, array $bucket ): array => array( intdiv( $start_ms - $origin_ms, $unit_ms ), ...$minutes( $bucket ) ), array_keys( $buckets ), $buckets );
			self::assertSame( $case['buckets'], $rows );
			self::assertSame( $parts, Uptime::add( $buckets ) );
		}
	}

	public function test_hours_of_one_state_are_those_of_its_change(): void {
		$from_ms = 1_774_785_600_000;
		foreach ( array( 'up', 'degraded', 'down', 'unknown' ) as $state ) {
			foreach ( array( 0, $from_ms, $from_ms + 1, $from_ms + 5_400_000, $from_ms + 3 * Uptime::HOUR_MS, $from_ms + Uptime::DAY_MS ) as $known_until_ms ) {
				$source = array( 'changes' => array( array( 'at_ms' => $from_ms, 'epoch' => 1, 'seq' => 1, 'state' => $state ) ), 'maintenance' => array(), 'known_until_ms' => $known_until_ms );
				self::assertSame( Uptime::by( Uptime::HOUR_MS, $source, $from_ms, $from_ms + 3 * Uptime::HOUR_MS ), Uptime::unchanged( $state, $known_until_ms, $from_ms, $from_ms + 3 * Uptime::HOUR_MS ), "$state until $known_until_ms" );
			}
		}
	}

	public function test_buckets_before_1970_begin_at_whole_hours_too(): void {
		$source = array( 'changes' => array(), 'maintenance' => array(), 'known_until_ms' => 0 );
		self::assertSame( array( -7_200_000, -3_600_000, 0 ), array_keys( Uptime::by( Uptime::HOUR_MS, $source, -5_400_000, 1000 ) ) );
	}
}
