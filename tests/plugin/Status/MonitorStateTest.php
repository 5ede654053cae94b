<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Status;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Contract;
use Rollcall\Status\MonitorState;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;

final class MonitorStateTest extends TestCase {
	private const NOW = Planted::NOW_MS;

	/** @return iterable<string, array{string, array<string, mixed>}> */
	public static function cases(): iterable {
		yield 'up'                                            => array( 'up', array() );
		yield 'degraded'                                      => array( 'degraded', array( 'state' => 'degraded' ) );
		yield 'down'                                          => array( 'down', array( 'state' => 'down' ) );
		yield 'unknown is no reading, never down'             => array( 'no_reading', array( 'state' => 'unknown' ) );
		yield 'never checked'                                 => array( 'no_reading', array( 'last_slot_ms' => null, 'known_until_ms' => 0, 'state' => 'unknown' ) );
		yield 'never checked, whatever the state says'        => array( 'no_reading', array( 'last_slot_ms' => null ) );
		yield 'confirming while up'                           => array( 'confirming', array( 'is_confirming' => true ) );
		yield 'confirming while down: a recovery'             => array( 'confirming', array( 'is_confirming' => true, 'state' => 'down' ) );
		yield 'unknown comes before confirming'               => array( 'no_reading', array( 'is_confirming' => true, 'state' => 'unknown' ) );
		yield 'a silent companion'                            => array( 'no_reading', array( 'is_silent' => true ) );
		yield 'a silent companion keeps nobody down'          => array( 'no_reading', array( 'is_silent' => true, 'state' => 'down' ) );
		yield 'a silent companion comes before confirming'    => array( 'no_reading', array( 'is_silent' => true, 'is_confirming' => true ) );
		yield 'paused comes first'                            => array( 'paused', array( 'active' => false, 'is_silent' => true, 'state' => 'down', 'is_confirming' => true ) );
		yield 'paused before it was ever checked'             => array( 'paused', array( 'active' => false, 'last_slot_ms' => null ) );
		yield 'short interval: three minutes and one for the way' => array( 'up', array( 'interval_seconds' => 10, 'known_until_ms' => self::NOW - 240_000 ) );
		yield 'short interval: a millisecond older'           => array( 'no_reading', array( 'interval_seconds' => 10, 'known_until_ms' => self::NOW - 240_001 ) );
		yield 'interval of a minute: the same three minutes'  => array( 'no_reading', array( 'known_until_ms' => self::NOW - 240_001 ) );
		yield 'long interval: two of them and one minute'     => array( 'up', array( 'interval_seconds' => 3600, 'known_until_ms' => self::NOW - 7_260_000 ) );
		yield 'long interval: a millisecond older'            => array( 'no_reading', array( 'interval_seconds' => 3600, 'known_until_ms' => self::NOW - 7_260_001 ) );
		yield 'an old reading of one that was down'           => array( 'no_reading', array( 'state' => 'down', 'known_until_ms' => self::NOW - 240_001 ) );
		yield 'a companion whose clock is ahead'              => array( 'up', array( 'known_until_ms' => self::NOW + 90_000 ) );
	}

	/** @param array<string, mixed> $differs */
	#[DataProvider( 'cases' )]
	public function test_the_first_that_holds_is_said( string $expected, array $differs ): void {
		$given = $differs + array(
			'active'           => true,
			'state'            => 'up',
			'last_slot_ms'     => self::NOW - 30_000,
			'known_until_ms'   => self::NOW - 30_000,
			'interval_seconds' => 60,
			'is_confirming'    => false,
			'is_silent'        => false,
			'now_ms'           => self::NOW,
		);
		self::assertSame( $expected, MonitorState::screen_state( ...$given ) );
		self::assertContains( $expected, Contract::words( 'SCREEN_STATES' ) );
	}
}
