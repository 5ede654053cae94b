<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Status;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Database\Companions;
use Rollcall\Status\Silence;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;

/** F66: when a companion that calls no more is silent. */
final class SilenceTest extends TestCase {
	private const NOW = Planted::NOW_MS;

	/** @return iterable<string, array{int|null, array<string, int|null>}> */
	public static function cases(): iterable {
		yield 'called just now'                         => array( null, array( 'last_seen_ms' => self::NOW, 'next_expected_ms' => self::NOW + 60_000 ) );
		yield 'given 5 s: silent after three minutes'   => array( self::NOW - 180_000, array( 'last_seen_ms' => self::NOW - 180_000, 'next_expected_ms' => self::NOW - 175_000 ) );
		yield 'given 5 s: a millisecond earlier'        => array( null, array( 'last_seen_ms' => self::NOW - 179_999, 'next_expected_ms' => self::NOW - 174_999 ) );
		yield 'given 60 s: three minutes hold'          => array( self::NOW - 180_000, array( 'last_seen_ms' => self::NOW - 180_000, 'next_expected_ms' => self::NOW - 120_000 ) );
		yield 'given 15 minutes: twice that'            => array( self::NOW - 1_800_000, array( 'last_seen_ms' => self::NOW - 1_800_000, 'next_expected_ms' => self::NOW - 900_000 ) );
		yield 'given 15 minutes: a millisecond earlier' => array( null, array( 'last_seen_ms' => self::NOW - 1_799_999, 'next_expected_ms' => self::NOW - 899_999 ) );
		yield 'was woken: expected at once'             => array( null, array( 'last_seen_ms' => self::NOW - 179_999, 'next_expected_ms' => self::NOW - 179_999 ) );
		yield 'paired a minute ago, not called yet'     => array( null, array( 'paired_at_ms' => self::NOW - 60_000, 'last_seen_ms' => null, 'next_expected_ms' => null ) );
		yield 'paired an hour ago, never called'        => array( self::NOW - 3_600_000, array( 'paired_at_ms' => self::NOW - 3_600_000, 'last_seen_ms' => null, 'next_expected_ms' => null ) );
	}

	/** @param array<string, int|null> $fields */
	#[DataProvider( 'cases' )]
	public function test_silent_is_who_missed_twice_its_time_and_three_minutes( ?int $expected, array $fields ): void {
		Companions::pair( 'abcdefabcdefabcd', 'abcdefabcdefabcd-1', '0.2.0', 1, null, self::NOW - 86_400_000 );
		$companion = Companions::current();
		self::assertNotNull( $companion );
		self::assertSame( $expected, Silence::since_ms( $fields + $companion, self::NOW ) );
		self::assertSame( null !== $expected, Silence::holds( $fields + $companion, self::NOW ) );
	}

	public function test_without_a_companion_nothing_is_known_but_nobody_is_late(): void {
		self::assertNull( Silence::since_ms( null, self::NOW ) );
		self::assertTrue( Silence::holds( null, self::NOW ) );
	}
}
