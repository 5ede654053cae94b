<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Status;

use Rollcall\Database\Sql;
use Rollcall\Status\PublicUptime;
use Rollcall\Status\Snapshot;
use Rollcall\Tests\Planted;
use Rollcall\Tests\PlantedMonitors;
use Rollcall\Tests\TestCase;

final class SnapshotTest extends TestCase {
	private const NOW  = Planted::NOW_MS;
	private const HOUR = 3_600_000;
	private const DAY  = 86_400_000;

	protected function setUp(): void {
		parent::setUp();
		PlantedMonitors::companion();
	}

	public function test_only_public_active_monitors_are_read_by_name(): void {
		PlantedMonitors::monitor( 'Shop' );
		PlantedMonitors::monitor( 'blog 10' );
		PlantedMonitors::monitor( 'Blog 9' );
		PlantedMonitors::monitor( 'Private', array( 'is_public' => 0 ) );
		PlantedMonitors::monitor( 'Paused', array( 'active' => 0 ) );
		PlantedMonitors::monitor( 'Deleted', array( 'active' => 0, 'is_public' => 0, 'deleted_at_ms' => self::NOW ) );
		self::assertSame( array( 'Blog 9', 'blog 10', 'Shop' ), array_column( Snapshot::read( self::NOW )['monitors'], 'name' ) );
	}

	public function test_nothing_but_names_states_and_figures_is_in_it(): void {
		PlantedMonitors::monitor( 'Shop', array( 'state' => 'down' ) );
		PlantedMonitors::monitor( 'https://inside.example/secret-path' );
		PlantedMonitors::monitor( '' );
		PlantedMonitors::monitor( 'https://secret.example before it was changed' );
		PlantedMonitors::monitor( 'secret.example:5432', array( 'url' => 'secret.example:5432' ) );
		PlantedMonitors::incident( 1 );
		$seen = Snapshot::read( self::NOW );
		$text = (string) wp_json_encode( $seen, JSON_UNESCAPED_SLASHES );
		foreach ( array( 'secret', 'inside.example', '10.0.0.7', '503', 'http' ) as $word ) {
			self::assertStringNotContainsString( $word, $text );
		}
		self::assertSame( array( 'name', 'screen_state', 'since_ms', 'uptime_30d', 'response_time_ms', 'last_checked_ms' ), array_keys( $seen['monitors'][0] ) );
		self::assertSame( array( 'Shop', '', '', '', '' ), array_column( $seen['monitors'], 'name' ) );
	}

	public function test_the_states_add_up_to_the_monitors_and_confirming_counts_as_before(): void {
		PlantedMonitors::monitor( 'a' );
		PlantedMonitors::monitor( 'b', array( 'state' => 'degraded' ) );
		PlantedMonitors::monitor( 'c', array( 'state' => 'down' ) );
		PlantedMonitors::monitor( 'd', array( 'state' => 'unknown' ) );
		PlantedMonitors::monitor( 'e', array( 'is_confirming' => 1 ) );
		PlantedMonitors::monitor( 'f', array( 'is_confirming' => 1, 'state' => 'down' ) );
		PlantedMonitors::monitor( 'g', array( 'known_until_ms' => self::NOW - self::HOUR ) );
		$seen = Snapshot::read( self::NOW );
		self::assertSame( array( 'up', 'degraded', 'down', 'no_reading', 'confirming', 'confirming', 'no_reading' ), array_column( $seen['monitors'], 'screen_state' ) );
		self::assertNull( $seen['monitors'][4]['since_ms'] );
		self::assertSame( self::NOW - self::HOUR, $seen['monitors'][6]['since_ms'] );
		self::assertSame( array( 'monitors' => 7, 'up' => 2, 'degraded' => 1, 'down' => 2, 'no_reading' => 2 ), array_slice( $seen['figures'], 0, 5 ) );
	}

	public function test_a_state_that_is_unknown_is_so_since_it_was_judged_and_not_since_the_newest_slot(): void {
		PlantedMonitors::monitor( 'a', array( 'state' => 'unknown', 'state_since_ms' => self::NOW - 2 * self::DAY ) );
		PlantedMonitors::monitor( 'never checked', array( 'state' => 'unknown', 'state_since_ms' => null, 'known_until_ms' => 0, 'last_slot_ms' => null ) );
		self::assertSame( array( self::NOW - 2 * self::DAY, null ), array_column( Snapshot::read( self::NOW )['monitors'], 'since_ms' ) );
	}

	public function test_a_silent_companion_leaves_no_reading_since_its_last_call(): void {
		PlantedMonitors::companion( self::NOW - self::HOUR );
		PlantedMonitors::monitor( 'a', array( 'state' => 'down', 'known_until_ms' => self::NOW - self::HOUR - 5000 ) );
		$seen = Snapshot::read( self::NOW );
		self::assertTrue( $seen['is_silent'] );
		self::assertSame( self::NOW - self::HOUR, $seen['known_until_ms'] );
		self::assertSame( array( 'name' => 'a', 'screen_state' => 'no_reading', 'since_ms' => self::NOW - self::HOUR - 5000, 'uptime_30d' => null, 'response_time_ms' => null, 'last_checked_ms' => self::NOW - 30_000 ), $seen['monitors'][0] );
		self::assertSame( 0, $seen['figures']['down'] );
	}

	public function test_without_a_companion_what_was_known_last_is_said(): void {
		Sql::run( 'DELETE FROM {companions}' );
		PlantedMonitors::monitor( 'a', array( 'known_until_ms' => self::NOW - 7000 ) );
		$seen = Snapshot::read( self::NOW );
		self::assertTrue( $seen['is_silent'] );
		self::assertSame( self::NOW - 7000, $seen['known_until_ms'] );
	}

	public function test_uptime_is_weighted_by_time_and_only_of_what_is_known(): void {
		$a     = PlantedMonitors::monitor( 'a' );
		$b     = PlantedMonitors::monitor( 'b' );
		$other = PlantedMonitors::monitor( 'other', array( 'is_public' => 0 ) );
		$hour  = intdiv( self::NOW, self::HOUR ) * self::HOUR;
		$day   = intdiv( self::NOW, self::DAY ) * self::DAY;
		PlantedMonitors::bucket( $a, $hour - self::HOUR, self::HOUR );
		PlantedMonitors::bucket( $a, $hour - 23 * self::HOUR, 2_700_000, 600_000, 300_000 );
		PlantedMonitors::bucket( $a, $hour - 24 * self::HOUR, 0, self::HOUR );
		PlantedMonitors::bucket( $b, $hour, 900_000, 900_000 );
		PlantedMonitors::bucket( $other, $hour, 0, self::HOUR );
		PlantedMonitors::bucket( $a, $day - self::DAY, 66_666_666, 33_333_334, buckets: 'daily' );
		PlantedMonitors::bucket( $b, $day - 29 * self::DAY, self::DAY, buckets: 'daily' );
		PlantedMonitors::bucket( $b, $day - 30 * self::DAY, 0, self::DAY, buckets: 'daily' );
		$seen = Snapshot::read( self::NOW );
		// Of today the hours count.
		$of_a = array( 66_666_666 + self::HOUR, 100_000_000 + self::HOUR );
		$of_b = array( self::DAY + 900_000, self::DAY + 1_800_000 );
		self::assertSame( array_map( array( PublicUptime::class, 'percent' ), array( $of_a, $of_b ) ), array_column( $seen['monitors'], 'uptime_30d' ) );
		self::assertSame( PublicUptime::percent( array( 3_600_000 + 3_000_000 + 900_000, 7_200_000 + 1_800_000 ) ), $seen['figures']['uptime_24h'] );
		self::assertSame( PublicUptime::percent( array( $of_a[0] + $of_b[0], $of_a[1] + $of_b[1] ) ), $seen['figures']['uptime_30d'] );
	}

	public function test_a_second_of_downtime_is_not_rounded_away(): void {
		self::assertSame( 99.999, PublicUptime::percent( array( 2_591_999_999, 2_592_000_000 ) ) );
		self::assertSame( 100.0, PublicUptime::percent( array( 1, 1 ) ) );
		$known_ms = 100_000 * 30 * self::DAY;
		self::assertSame( array( 100.0, 99.999, 50.0 ), array_map( static fn ( int $reachable_ms ): ?float => PublicUptime::percent( array( $reachable_ms, $known_ms ) ), array( $known_ms, $known_ms - 1, intdiv( $known_ms, 2 ) ) ), 'Of 100,000 monitors.' );
		self::assertNull( PublicUptime::percent( array( 0, 0 ) ) );
		self::assertSame( 0.0, PublicUptime::percent( array( 0, 5 ) ) );
	}

	public function test_the_95th_percentile_is_that_of_all_checks_of_a_day(): void {
		$hour = intdiv( self::NOW, self::HOUR ) * self::HOUR;
		PlantedMonitors::bucket( PlantedMonitors::monitor( 'a' ), $hour, self::HOUR, histogram: '31:94' );
		PlantedMonitors::bucket( PlantedMonitors::monitor( 'b' ), $hour - 23 * self::HOUR, self::HOUR, histogram: '147:6' );
		PlantedMonitors::bucket( PlantedMonitors::monitor( 'private', array( 'is_public' => 0 ) ), $hour, self::HOUR, histogram: '200:5000' );
		self::assertSame( 0.411, Snapshot::read( self::NOW )['figures']['response_time_p95_24h'] );
	}

	public function test_open_incidents_are_those_of_public_monitors(): void {
		$public = PlantedMonitors::monitor( 'a', array( 'state' => 'down' ) );
		PlantedMonitors::incident( $public );
		PlantedMonitors::incident( $public, self::NOW );
		PlantedMonitors::incident( PlantedMonitors::monitor( 'private', array( 'state' => 'down', 'is_public' => 0 ) ) );
		PlantedMonitors::incident( PlantedMonitors::monitor( 'no reading', array( 'state' => 'unknown' ) ) );
		PlantedMonitors::incident( PlantedMonitors::monitor( 'up under another companion' ) );
		self::assertSame( 2, Snapshot::read( self::NOW )['figures']['open_incidents'] );
	}

	public function test_without_monitors_no_uptime_is_claimed(): void {
		$seen = Snapshot::read( self::NOW );
		self::assertSame( array( 'monitors' => 0, 'up' => 0, 'degraded' => 0, 'down' => 0, 'no_reading' => 0, 'uptime_24h' => null, 'uptime_30d' => null, 'response_time_p95_24h' => null, 'open_incidents' => 0 ), $seen['figures'] );
	}

	public function test_states_are_read_each_time_and_uptimes_once_a_minute(): void {
		$monitor_id = PlantedMonitors::monitor( 'a' );
		PlantedMonitors::bucket( $monitor_id, intdiv( self::NOW, self::DAY ) * self::DAY - self::DAY, 1, buckets: 'daily' );
		Snapshot::read( self::NOW );
		Sql::run( 'UPDATE {monitors} SET state = 3' );
		Sql::run( 'UPDATE {uptime_daily} SET down_ms = 1' );
		$seen = Snapshot::read( self::NOW + 1000 );
		self::assertSame( array( 'down', 100.0 ), array( $seen['monitors'][0]['screen_state'], $seen['monitors'][0]['uptime_30d'] ) );
		Snapshot::read( self::NOW + 60_000 );
		self::assertSame( 50.0, Snapshot::read( self::NOW + 61_000 )['monitors'][0]['uptime_30d'] );
		PlantedMonitors::monitor( 'b' );
		Sql::run( 'UPDATE {uptime_daily} SET down_ms = 3' );
		self::assertSame( 25.0, Snapshot::read( self::NOW + 62_000 )['monitors'][0]['uptime_30d'], 'Another set of monitors is another figure.' );
		Sql::run( 'UPDATE {uptime_daily} SET down_ms = 9' );
		self::assertSame( 10.0, Snapshot::read( self::NOW + 662_000 )['monitors'][0]['uptime_30d'], 'Nothing is shown that is older than ten minutes.' );
	}

	public function test_of_what_has_grown_old_a_page_makes_one_anew(): void {
		PlantedMonitors::monitor( 'a' );
		Snapshot::read( self::NOW );
		$made = array();
		add_filter(
			'query',
			static function ( string $query ) use ( &$made ): string {
				if ( 1 === preg_match( '/uptime_(?:hourly|daily)/', $query ) ) {
					$made[] = str_contains( $query, 'histogram' ) ? 'p95' : ( str_contains( $query, 'daily' ) ? 'days' : 'hours' );
				}
				return $query;
			}
		);
		foreach ( array( 29_000, 300_000, 301_000, 302_000, 303_000 ) as $later_ms ) {
			Snapshot::read( self::NOW + $later_ms );
		}
		self::assertSame( array( 'hours', 'days', 'p95' ), $made );
	}

	public function test_few_statements_whatever_the_number_of_monitors(): void {
		for ( $number = 0; $number < 40; $number++ ) {
			PlantedMonitors::monitor( "m$number" );
		}
		$queries = array();
		add_filter(
			'query',
			static function ( string $query ) use ( &$queries ): string {
				$queries[] = $query;
				return $query;
			}
		);
		Snapshot::read( self::NOW );
		self::assertLessThanOrEqual( 13, count( $queries ) );
		$queries = array();
		Snapshot::read( self::NOW );
		self::assertLessThanOrEqual( 6, count( $queries ), implode( "\n", $queries ) );
	}
}
