<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Status;

use Rollcall\Clock;
use Rollcall\Companion\Judges;
use Rollcall\Contract;
use Rollcall\Database\Companions;
use Rollcall\Status\Vitals;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\PlantedMonitors;
use Rollcall\Tests\TestCase;

final class VitalsTest extends TestCase {
	public function test_an_exchange_that_tells_is_remembered_and_one_that_does_not_changes_nothing(): void {
		$companion = PairedCompanion::pair();
		self::assertNull( Vitals::of( Companions::current(), Clock::now_ms() ) );
		$vitals = PlantedMonitors::vitals( array( 'unsent_count' => 7, 'dead_man_error' => 'GET https://ping.example answered 500.' ) );
		self::assertTrue( Contract::check( 'vitals', $vitals ) );
		$companion->exchange( array( 'vitals' => $vitals ) );
		$companion->exchange();
		$read = Vitals::of( Companions::current(), Clock::now_ms() );
		self::assertSame( $vitals, $read['vitals'] ?? null );
		self::assertEqualsWithDelta( Clock::now_ms(), $read['received_at_ms'] ?? 0, 60_000 );
	}

	public function test_another_companion_does_not_inherit_them(): void {
		PairedCompanion::pair()->exchange( array( 'vitals' => PlantedMonitors::vitals() ) );
		PairedCompanion::pair( companion_id: '0011223344556677' );
		self::assertNotNull( Vitals::of( Companions::current(), Clock::now_ms() ) );
		Judges::choose( '0011223344556677' );
		self::assertNull( Vitals::of( Companions::current(), Clock::now_ms() ) );
		self::assertNull( Vitals::of( null, Clock::now_ms() ) );
	}
}
