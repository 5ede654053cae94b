<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Clock;
use Rollcall\Companion\Link;
use Rollcall\Companion\MonitorWork;
use Rollcall\Contract;
use Rollcall\Database\Companions;
use Rollcall\Database\Payloads;
use Rollcall\Database\Sql;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\TestCase;

final class ConnectionTest extends TestCase {
	protected function setUp(): void {
		parent::setUp();
		self::log_in( self::ada() );
	}

	public function test_tells_the_way_from_a_code_to_a_companion_that_calls(): void {
		$this->assertSame( 'not_paired', $this->state() );
		$code = self::rest( 'POST', '/rollcall/v1/connection/code' );
		$this->assertTrue( Contract::check( 'connection_code', $code->get_data() ) );
		$this->assertSame( 'waiting_for_pairing', $this->state() );
		[ $paired ] = PairedCompanion::pair_request( PairedCompanion::pair_body(), $code->get_data()['code'] );
		$this->assertSame( 200, $paired->get_status() );
		$this->assertSame( 'connected', $this->state() );
		$this->assertNull( self::rest( 'GET', '/rollcall/v1/connection' )->get_data()['code_expires_at'] );
	}

	public function test_a_code_made_while_connected_leaves_the_connection(): void {
		$companion = PairedCompanion::pair();
		self::rest( 'POST', '/rollcall/v1/connection/code' );
		$this->assertSame( 'connected', $this->state() );
		$this->assertIsArray( $companion->exchange() );
	}

	public function test_names_the_address_that_the_companion_is_given_for_those_it_asks(): void {
		add_filter( 'home_url', static fn (): string => 'https://www.acme.example/' );
		$link = Link::describe( Clock::now_ms() );
		$this->assertSame( 'https://www.acme.example/', $link['contact_url'] );
		$this->assertSame( MonitorWork::of( array( 'monitors_revision' => 0, 'beats_after_ms' => 0 ), 0 )['contact_url'], $link['contact_url'] );
	}

	public function test_a_companion_two_minutes_late_is_silent(): void {
		PairedCompanion::pair()->exchange();
		$next_ms = Companions::current()['next_expected_ms'];
		$this->assertSame( 'connected', Link::describe( $next_ms + Link::SILENT_MS )['state'] );
		$link = Link::describe( $next_ms + Link::SILENT_MS + 1 );
		$this->assertSame( array( 'silent', 'companion_silent' ), array( $link['state'], $link['error_code'] ) );
		$this->assertNotSame( '', (string) $link['error_hint'] );
	}

	public function test_a_companion_that_never_called_is_silent_too(): void {
		PairedCompanion::pair();
		$this->assertSame( 'silent', Link::describe( Clock::now_ms() + Link::SILENT_MS + 1000 )['state'] );
	}

	/** @return iterable<string, array{int, string}> */
	public static function contract_versions(): iterable {
		yield 'the one before' => array( Contract::version() - 1, 'companion_older' );
		yield 'the same'       => array( Contract::version(), 'connected' );
		yield 'the next one'   => array( Contract::version() + 1, 'plugin_older' );
	}

	#[DataProvider( 'contract_versions' )]
	public function test_says_which_side_is_behind( int $contract_version, string $state ): void {
		PairedCompanion::pair();
		Companions::update( PairedCompanion::ID, array( 'contract_version' => $contract_version, 'companion_version' => '7.7.7' ) );
		$link = Link::describe( Clock::now_ms() );
		$this->assertSame( $state, $link['state'] );
		$this->assertSame( 'connected' === $state, null === $link['error_message'] );
		if ( 'connected' !== $state ) {
			$this->assertStringContainsString( '7.7.7', $link['error_message'] );
			$this->assertStringContainsString( ROLLCALL_VERSION, $link['error_message'] );
		}
	}

	public function test_checking_calls_the_companion_now(): void {
		PairedCompanion::pair( 'http://companion.example' );
		$health = array( 'status' => 'ok', 'companion_version' => '0.1.0', 'contract_version' => 1, 'uptime_seconds' => 5 );
		add_filter( 'pre_http_request', static fn( mixed $before, array $call, string $url ): array => array( 'headers' => array(), 'cookies' => array(), 'response' => array( 'code' => 'http://companion.example/health' === $url ? 200 : 404, 'message' => '' ), 'body' => (string) wp_json_encode( $health ) ), 10, 3 );
		$this->assertTrue( self::rest( 'POST', '/rollcall/v1/connection/check' )->get_data()['reachable'] );
	}

	public function test_changes_of_administrators_are_noted(): void {
		PairedCompanion::pair();
		self::rest( 'POST', '/rollcall/v1/connection/rotate' );
		self::rest( 'DELETE', '/rollcall/v1/connection' );
		$this->assertSame( array( 'companion_paired', 'key_rotation_begun', 'companion_revoked' ), Sql::column( 'SELECT action FROM {audit} ORDER BY audit_id' ) );
		$this->assertSame( (string) self::ada(), Sql::value( 'SELECT user_id FROM {audit} WHERE action = %s', 'companion_revoked' ) );
	}

	public function test_rotating_without_a_companion_says_so(): void {
		$this->assertSame( 'not_paired', self::rest( 'POST', '/rollcall/v1/connection/rotate' )->get_data()['code'] );
	}

	public function test_shows_what_left_the_site(): void {
		PairedCompanion::pair()->exchange();
		$list = self::rest( 'GET', '/rollcall/v1/payloads' )->get_data();
		$this->assertSame( array( 'POST /rollcall/v1/exchange', 'POST /rollcall/v1/pair' ), array_column( $list, 'route' ) );
		foreach ( $list as $item ) {
			$this->assertTrue( Contract::check( 'payload', $item ) );
			$this->assertNull( $item['body'] );
		}
		$one = self::rest( 'GET', '/rollcall/v1/payloads/' . $list[1]['payload_id'] )->get_data();
		$this->assertSame( $one['bytes'], strlen( (string) $one['body'] ) );
		$this->assertSame( 404, self::rest( 'GET', '/rollcall/v1/payloads/999999' )->get_status() );
	}

	public function test_a_long_payload_is_cut_at_64_kib_between_characters(): void {
		Payloads::note( 'POST /v1/match', str_repeat( 'ü', 40000 ), 1 );
		$newest = Payloads::find( Payloads::page( '', 'desc', 1, 0 )[0]['payload_id'] );
		$this->assertSame( array( 80000, true, 65536 ), array( $newest['bytes'], $newest['truncated'], strlen( (string) $newest['body'] ) ) );
		Payloads::note( 'POST /v1/match', 'x' . str_repeat( 'ü', 40000 ), 2 );
		$this->assertSame( 65535, strlen( (string) Payloads::find( Payloads::page( '', 'desc', 1, 0 )[0]['payload_id'] )['body'] ) );
	}

	private function state(): string {
		$connection = self::rest( 'GET', '/rollcall/v1/connection' )->get_data();
		$this->assertTrue( Contract::check( 'connection', $connection ) );
		return $connection['state'];
	}
}
