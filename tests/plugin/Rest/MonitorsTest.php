<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Clock;
use Rollcall\Contract;
use Rollcall\Database\Sql;
use Rollcall\Status\MonitorRequest;
use Rollcall\Tests\Planted;
use Rollcall\Tests\PlantedMonitors;
use Rollcall\Tests\TestCase;

final class MonitorsTest extends TestCase {
	/** A date's worth of hours, so that buckets can be planted beside now. */
	private const HOUR_MS = 3_600_000;

	protected function setUp(): void {
		parent::setUp();
		self::log_in( self::ada() );
	}

	public function test_a_monitor_is_added_changed_and_deleted_and_each_is_noted_and_told_to_the_companion(): void {
		$before  = self::revision();
		$monitor = self::send( 'POST', '/monitors', self::monitor( array( 'name' => '  Front page ' ) ) )->get_data();
		self::assertTrue( Contract::check( 'monitor', $monitor ) );
		self::assertSame( array( 'Front page', 'https://acme.example/', 'no_reading', 'unknown', null, null ), array( $monitor['name'], $monitor['url'], $monitor['screen_state'], $monitor['state'], $monitor['last_checked_at'], $monitor['uptime_24h'] ) );
		self::assertGreaterThan( $before, $added = self::revision() );

		$path    = "/monitors/$monitor[monitor_uid]";
		$changed = self::send( 'PUT', $path, self::monitor( array( 'active' => false, 'is_public' => true, 'url' => 'https://acme.example/?token=canary' ) ) )->get_data();
		self::assertSame( array( 'paused', true, 'https://acme.example/?token=canary' ), array( $changed['screen_state'], $changed['is_public'], $changed['name'] ) );
		self::assertGreaterThan( $added, $paused = self::revision() );
		self::assertSame( $changed, self::send( 'GET', $path )->get_data() );

		self::assertSame( $changed, self::send( 'DELETE', $path )->get_data() );
		self::assertGreaterThan( $paused, self::revision() );
		foreach ( array( array( 'GET', array() ), array( 'PUT', self::monitor() ), array( 'DELETE', array() ) ) as [ $method, $body ] ) {
			self::assertSame( 404, self::send( $method, $path, $body )->get_status(), $method );
		}
		self::assertSame( array(), self::send( 'GET', '/monitors' )->get_data() );
		self::assertSame( '1', Sql::value( 'SELECT COUNT(*) FROM {monitors} WHERE deleted_at_ms IS NOT NULL AND active = 0' ), 'The companion hears of it.' );
		self::assertSame( array( 'monitor_added', 'monitor_changed', 'monitor_deleted' ), Sql::column( 'SELECT action FROM {audit} ORDER BY audit_id' ) );
		self::assertStringNotContainsString( 'canary', (string) wp_json_encode( Sql::rows( 'SELECT * FROM {audit}' ) ), 'A query may hold a secret.' );
	}

	/** @return iterable<string, array{array<string, mixed>, string}> Fields, and a part of the message. */
	public static function refused(): iterable {
		yield 'no target'           => array( array( 'url' => ' ' ), 'There is no target.' );
		yield 'scheme of another'   => array( array( 'type' => 'tcp' ), 'begins with tcp://' );
		yield 'user name'           => array( array( 'url' => 'https://ada:canary@acme.example/' ), 'user name or password' );
		yield 'target of a push'    => array( array( 'type' => 'push' ), 'has no target' );
		yield 'line break in a header' => array( array( 'options' => array( 'headers' => array( array( 'name' => 'X-Key', 'value' => "canary\r\nHost: b" ) ) ) + MonitorRequest::PLAIN ), 'X-Key has a line break' );
		yield 'letter beyond Latin-1' => array( array( 'options' => array( 'headers' => array( array( 'name' => 'X-Key', 'value' => 'canary €' ) ) ) + MonitorRequest::PLAIN ), 'beyond Latin-1' );
		yield 'header of the connection' => array( array( 'options' => array( 'headers' => array( array( 'name' => 'HOST', 'value' => 'canary' ) ) ) + MonitorRequest::PLAIN ), 'HOST belongs to the connection' );
		yield 'mask as header'      => array( array( 'options' => array( 'headers' => array( array( 'name' => 'X-Key', 'value' => MonitorRequest::MASK ) ) ) + MonitorRequest::PLAIN ), 'mark of a hidden one' );
		yield 'empty assertion'     => array( array( 'options' => array( 'assertions' => array( ' ' ) ) + MonitorRequest::PLAIN ), 'An assertion is empty' );
		yield 'name in two lines'   => array( array( 'name' => "a\nb" ), 'The name has a line break' );
	}

	/** @param array<string, mixed> $fields */
	#[DataProvider( 'refused' )]
	public function test_what_cannot_be_monitored_is_refused_with_a_reason_and_nothing_is_stored( array $fields, string $reason ): void {
		$answer = self::send( 'POST', '/monitors', self::monitor( $fields ) );
		self::assertSame( array( 400, 'monitor_url' ), array( $answer->get_status(), $answer->get_data()['code'] ) );
		self::assertStringContainsString( $reason, $answer->get_data()['message'] );
		self::assertNotSame( '', $answer->get_data()['data']['hint'] );
		self::assertStringNotContainsString( 'canary', (string) wp_json_encode( $answer->get_data() ) );
		self::assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {monitors}' ) );
		$many = self::send( 'POST', '/monitors/many', array( 'monitors' => array( 'monitors' => array( self::monitor( $fields )['monitor'] ) ) ) )->get_data();
		self::assertSame( array( 0, 0, 'monitor_url' ), array( $many['added'], $many['known'], $many['refused'][0]['error_code'] ) );
	}

	/** @return iterable<string, array{array<string, mixed>}> */
	public static function misshapen(): iterable {
		yield 'interval below 10 s'   => array( array( 'interval_seconds' => 9 ) );
		yield 'interval of months'    => array( array( 'interval_seconds' => 604_801 ) );
		yield 'no such type'          => array( array( 'type' => 'icmp' ) );
		yield 'long name'             => array( array( 'name' => str_repeat( 'a', 201 ) ) );
		yield 'long target'           => array( array( 'url' => 'https://acme.example/' . str_repeat( 'a', 2048 ) ) );
		yield 'name of a header'      => array( array( 'options' => array( 'headers' => array( array( 'name' => "X\r\n", 'value' => '' ) ) ) + MonitorRequest::PLAIN ) );
		yield '21 headers'            => array( array( 'options' => array( 'headers' => array_fill( 0, 21, array( 'name' => 'X', 'value' => '' ) ) ) + MonitorRequest::PLAIN ) );
		yield 'long body'             => array( array( 'options' => array( 'body' => str_repeat( 'a', 10_001 ) ) + MonitorRequest::PLAIN ) );
		yield 'time of a try'         => array( array( 'options' => array( 'timeout_ms' => 10_001 ) + MonitorRequest::PLAIN ) );
		yield 'method'                => array( array( 'options' => array( 'method' => 'TRACE' ) + MonitorRequest::PLAIN ) );
		yield 'polite by request'     => array( array( 'is_polite' => true ) );
		yield 'token by request'      => array( array( 'push_token' => str_repeat( 'a', 32 ) ) );
	}

	/** @param array<string, mixed> $fields */
	#[DataProvider( 'misshapen' )]
	public function test_a_body_of_another_shape_is_refused( array $fields ): void {
		self::assertSame( 400, self::send( 'POST', '/monitors', self::monitor( $fields ) )->get_status() );
		self::assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {monitors}' ) );
	}

	/** @return iterable<string, array{string, string, string}> Type, target, and the name that it gets. */
	public static function types(): iterable {
		yield 'http' => array( 'http', 'https://acme.example/', 'https://acme.example/' );
		yield 'tcp'  => array( 'tcp', 'tcp://acme.example:25', 'tcp://acme.example:25' );
		yield 'tls'  => array( 'tls', 'tls://acme.example:443', 'tls://acme.example:443' );
		yield 'dns'  => array( 'dns', 'dns://acme.example?type=MX', 'dns://acme.example?type=MX' );
		yield 'push' => array( 'push', '', 'Heartbeat' );
		yield 'rdap' => array( 'rdap', 'rdap://acme.example', 'rdap://acme.example' );
	}

	#[DataProvider( 'types' )]
	public function test_each_type_is_taken_and_named_after_its_target( string $type, string $url, string $name ): void {
		$monitor = self::send( 'POST', '/monitors', self::monitor( array( 'type' => $type, 'url' => $url ) ) )->get_data();
		self::assertSame( array( $type, $url, $name ), array( $monitor['type'], $monitor['url'], $monitor['name'] ) );
		self::assertSame( 'push' === $type, null !== $monitor['push_url'] );
		self::assertTrue( Contract::check( 'monitor', $monitor ) );
	}

	public function test_many_are_added_once_whatever_is_watched_or_is_among_them_twice(): void {
		self::send( 'POST', '/monitors', self::monitor() );
		$many   = array_map( static fn ( array $fields ): array => self::monitor( $fields )['monitor'], array(
			array(),
			array( 'url' => 'https://b.example/' ),
			array( 'url' => ' https://b.example/ ' ),
			array( 'url' => 'https://B.example/x' ),
			array( 'type' => 'push', 'url' => '' ),
			array( 'type' => 'push', 'url' => '' ),
			array( 'url' => 'nonsense' ),
		) );
		$answer = self::send( 'POST', '/monitors/many', array( 'monitors' => array( 'monitors' => $many ) ) )->get_data();
		self::assertTrue( Contract::check( 'monitors_answer', $answer ) );
		self::assertSame( array( 4, 2, array( 'nonsense' ) ), array( $answer['added'], $answer['known'], array_column( $answer['refused'], 'url' ) ) );
		$before = self::revision();
		$again  = self::send( 'POST', '/monitors/many', array( 'monitors' => array( 'monitors' => array_slice( $many, 0, 4 ) ) ) )->get_data();
		self::assertSame( array( 0, 4, array() ), array_values( $again ) );
		self::assertSame( $before, self::revision(), 'Nothing changed, and the companion is told nothing.' );
		self::assertSame( array( '4' ), Sql::column( "SELECT detail FROM {audit} WHERE action = 'monitors_added'" ) );
	}

	public function test_a_deleted_target_may_be_added_again(): void {
		$uid = self::send( 'POST', '/monitors', self::monitor() )->get_data()['monitor_uid'];
		self::send( 'DELETE', "/monitors/$uid" );
		self::assertSame( 1, self::send( 'POST', '/monitors/many', array( 'monitors' => array( 'monitors' => array( self::monitor()['monitor'] ) ) ) )->get_data()['added'] );
	}

	public function test_without_the_right_to_manage_no_secret_is_shown(): void {
		$options = array( 'headers' => array( array( 'name' => 'Authorization', 'value' => 'canary' ) ), 'body' => 'canary' ) + MonitorRequest::PLAIN;
		$uid     = self::send( 'POST', '/monitors', self::monitor( array( 'options' => $options ) ) )->get_data()['monitor_uid'];
		$push    = self::send( 'POST', '/monitors', self::monitor( array( 'type' => 'push', 'url' => '' ) ) )->get_data();
		$token   = basename( (string) $push['push_url'] );
		self::assertSame( $options, self::send( 'GET', "/monitors/$uid" )->get_data()['options'], 'Who manages edits them.' );

		get_role( 'editor' )?->add_cap( 'rollcall_view' );
		self::log_in( self::ed() );
		$seen = array( self::send( 'GET', "/monitors/$uid" )->get_data(), self::send( 'GET', "/monitors/$push[monitor_uid]" )->get_data(), self::send( 'GET', '/monitors' )->get_data() );
		self::assertStringNotContainsString( 'canary', (string) wp_json_encode( $seen ) );
		self::assertStringNotContainsString( $token, (string) wp_json_encode( $seen ) );
		self::assertSame( array( array( 'value' => '•••', 'name' => 'Authorization' ) ), $seen[0]['options']['headers'] );
		self::assertTrue( Contract::check( 'monitor', $seen[0] ) );
		self::assertSame( 403, self::send( 'DELETE', "/monitors/$uid" )->get_status() );
	}

	public function test_a_list_is_searched_filtered_ordered_and_paged(): void {
		$now_ms = Clock::now_ms();
		PlantedMonitors::companion( $now_ms );
		$fields = array(
			'a up'         => array( 'url' => 'https://one.example/', 'last_response_time_ms' => 5 ),
			'b down'       => array( 'state' => 'down', 'last_response_time_ms' => 9 ),
			'c degraded'   => array( 'state' => 'degraded', 'type' => 2 ),
			'd confirming' => array( 'is_confirming' => 1 ),
			'e paused'     => array( 'active' => 0 ),
			'f unknown'    => array( 'state' => 'unknown' ),
			'g old'        => array( 'known_until_ms' => $now_ms - 241_000 ),
			'h new'        => array( 'known_until_ms' => 0, 'last_slot_ms' => null, 'state' => 'unknown' ),
			'i daily'      => array( 'known_until_ms' => $now_ms - 100_000_000, 'interval_seconds' => 86_400 ),
		);
		foreach ( $fields as $name => $of_monitor ) {
			PlantedMonitors::monitor( $name, $of_monitor, $now_ms );
		}
		PlantedMonitors::monitor( 'z deleted', array( 'deleted_at_ms' => 1 ), $now_ms );
		$names = static fn ( array $query ): string => implode( ' ', array_map( static fn ( array $row ): string => $row['name'][0], self::send( 'GET', '/monitors', array(), $query )->get_data() ) );

		self::assertSame( 'a b c d e f g h i', $names( array() ) );
		self::assertSame( 'i h g f e d c b a', $names( array( 'order' => 'desc' ) ) );
		self::assertSame( 'b c d f g h a i e', $names( array( 'orderby' => 'state' ) ) );
		self::assertSame( 'b', $names( array( 'orderby' => 'response_time', 'order' => 'desc', 'type' => array( 'http' ), 'state' => array( 'down', 'degraded' ) ) ) );
		foreach ( array( 'up' => 'a i', 'down' => 'b', 'degraded' => 'c', 'confirming' => 'd', 'paused' => 'e', 'no_reading' => 'f g h', 'maintenance' => '' ) as $state => $expected ) {
			self::assertSame( $expected, $names( array( 'state' => array( $state ) ) ), $state );
		}
		self::assertSame( 'c', $names( array( 'type' => array( 'tcp' ) ) ) );
		self::assertSame( 'a', $names( array( 'search' => 'one.exam' ) ) );
		self::assertSame( '', $names( array( 'search' => '%' ) ) );
		$page = self::send( 'GET', '/monitors', array(), array( 'page' => 2, 'per_page' => 4 ) );
		self::assertSame( array( '9', '3', 'e paused' ), array( $page->get_headers()['X-WP-Total'], $page->get_headers()['X-WP-TotalPages'], $page->get_data()[0]['name'] ) );
		foreach ( self::send( 'GET', '/monitors' )->get_data() as $row ) {
			self::assertTrue( Contract::check( 'monitor', $row ) );
			self::assertContains( $row['monitor_uid'], array_column( self::send( 'GET', '/monitors', array(), array( 'state' => array( $row['screen_state'] ) ) )->get_data(), 'monitor_uid' ), 'The filter and the row say the same.' );
		}
		Sql::run( 'UPDATE {companions} SET last_seen_ms = %d, next_expected_ms = %d', $now_ms - 200_000, $now_ms - 140_000 );
		self::assertSame( 'a b c d f g h i', $names( array( 'state' => array( 'no_reading' ) ) ), 'Nothing is known while the companion is silent.' );
		self::assertSame( 400, self::send( 'GET', '/monitors', array(), array( 'state' => array( 'green' ) ) )->get_status() );
		self::assertSame( 400, self::send( 'GET', '/monitors', array(), array( 'orderby' => 'push_token' ) )->get_status() );
	}

	public function test_uptime_is_the_share_of_the_known_time_of_a_day_and_of_thirty(): void {
		$now_ms = Clock::now_ms();
		$hour   = intdiv( $now_ms, self::HOUR_MS ) * self::HOUR_MS;
		$day    = intdiv( $now_ms, 86_400_000 ) * 86_400_000;
		$id     = PlantedMonitors::monitor( 'one', array(), $now_ms );
		PlantedMonitors::monitor( 'two', array(), $now_ms );
		PlantedMonitors::bucket( $id, $hour, 1_800_000, 0, 900_000 );
		PlantedMonitors::bucket( $id, $hour - 23 * self::HOUR_MS, 0, 900_000 );
		PlantedMonitors::bucket( $id, $hour - 24 * self::HOUR_MS, 0, 3_600_000 );
		PlantedMonitors::bucket( $id, $day - 29 * 86_400_000, 1_000, 1_000, 0, '', 'daily' );
		PlantedMonitors::bucket( $id, $day - 30 * 86_400_000, 0, 86_400_000, 0, '', 'daily' );
		$rows = self::send( 'GET', '/monitors' )->get_data();
		// Of today the hours count; between 23:00 and midnight the other one is of today, too.
		$month = ( 1_000 + 2_700_000 ) / ( 2_000 + 2_700_000 + ( $hour - 23 * self::HOUR_MS >= $day ? 900_000 : 0 ) );
		self::assertSame( array( 0.75, $month, null, null ), array( $rows[0]['uptime_24h'], $rows[0]['uptime_30d'], $rows[1]['uptime_24h'], $rows[1]['uptime_30d'] ) );
	}

	public function test_a_page_of_a_thousand_monitors_costs_a_few_statements(): void {
		Planted::list();
		Planted::company( '1', array( 'name' => 'Acme' ) );
		for ( $number = 1; $number <= 1000; $number++ ) {
			PlantedMonitors::monitor( "monitor $number", array( 'list_uid' => 'yc', 'source_id' => '1' ), Clock::now_ms() );
		}
		$statements = 0;
		add_filter(
			'query',
			static function ( string $query ) use ( &$statements ): string {
				$statements += (int) str_contains( $query, 'rollcall_' );
				return $query;
			}
		);
		$page = self::send( 'GET', '/monitors', array(), array( 'per_page' => 100, 'orderby' => 'state' ) );
		self::assertSame( array( 100, '1000', 'Acme' ), array( count( $page->get_data() ), $page->get_headers()['X-WP-Total'], $page->get_data()[0]['company']['name'] ) );
		self::assertLessThanOrEqual( 8, $statements );
	}

	/**
	 * A body with valid defaults.
	 *
	 * @param array<string, mixed> $fields
	 * @return array{monitor: array<string, mixed>}
	 */
	private static function monitor( array $fields = array() ): array {
		return array(
			'monitor' => $fields + array(
				'name'             => '',
				'type'             => 'http',
				'url'              => 'https://acme.example/',
				'active'           => true,
				'is_public'        => false,
				'interval_seconds' => 60,
				'options'          => MonitorRequest::PLAIN,
			),
		);
	}

	private static function revision(): int {
		return (int) Sql::value( 'SELECT MAX(revision) FROM {monitors}' );
	}

	/**
	 * @param array<string, mixed> $body
	 * @param array<string, mixed> $query
	 */
	private static function send( string $method, string $path, array $body = array(), array $query = array() ): \WP_REST_Response {
		return self::rest( $method, "/rollcall/v1$path", $body, $query );
	}
}
