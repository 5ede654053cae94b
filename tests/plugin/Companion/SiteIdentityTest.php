<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Companion;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Companion\Client;
use Rollcall\Companion\SiteIdentity;
use Rollcall\Database\Companions;
use Rollcall\Database\Kv;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\TestCase;

/** A copy of a site holds its keys. */
final class SiteIdentityTest extends TestCase {
	public function test_a_copy_at_another_address_stops_sending_until_someone_decides(): void {
		$companion = PairedCompanion::pair( 'http://companion.example' );
		$companion->exchange();
		self::become( 'http://staging.rollcall.test' );
		[ $status, $payload ] = $companion->answer( $companion->request( PairedCompanion::body() ) );
		$this->assertSame( array( 409, 'site_changed' ), array( $status, $payload['error_code'] ) );
		$called = 0;
		add_filter(
			'pre_http_request',
			static function () use ( &$called ): \WP_Error {
				++$called;
				return new \WP_Error( 'called', 'called' );
			}
		);
		$this->assertFalse( Client::wake() );
		$this->assertSame( 0, $called );
		self::log_in( self::ada() );
		$this->assertSame( 'site_changed', self::rest( 'GET', '/rollcall/v1/connection' )->get_data()['state'] );
	}

	public function test_the_moved_site_goes_on_with_its_pairing(): void {
		$companion = PairedCompanion::pair();
		self::become( 'http://moved.rollcall.test' );
		self::log_in( self::ada() );
		$this->assertSame( 'connected', self::decide( 'moved' )['state'] );
		$this->assertIsArray( $companion->exchange() );
	}

	public function test_a_copy_forgets_the_pairing_and_gets_an_identity_of_its_own(): void {
		$companion = PairedCompanion::pair();
		self::become( 'http://copy.rollcall.test' );
		self::log_in( self::ada() );
		$this->assertSame( 'not_paired', self::decide( 'copy' )['state'] );
		$this->assertSame( 401, $companion->answer( $companion->request( PairedCompanion::body() ) )[0] );
		$this->assertNull( Companions::current() );
		$this->assertNotSame( $companion->site_id, PairedCompanion::pair()->site_id );
	}

	/** @return iterable<string, array{string, string, bool}> */
	public static function environments(): iterable {
		yield 'production stays production'      => array( 'production', 'production', false );
		yield 'production copied to staging'     => array( 'production', 'staging', true );
		yield 'production copied to local'       => array( 'production', 'local', true );
		yield 'paired on staging on purpose'     => array( 'staging', 'staging', false );
		yield 'staging turned into production'   => array( 'staging', 'production', false );
		yield 'staging copied to local'          => array( 'staging', 'local', true );
	}

	#[DataProvider( 'environments' )]
	public function test_a_site_that_became_non_production_starts_stopped( string $then, string $now, bool $changed ): void {
		$this->assertSame( $changed, SiteIdentity::differs( array( 'fingerprint' => 'f', 'environment' => $then ), array( 'fingerprint' => 'f', 'environment' => $now ) ) );
	}

	public function test_looks_at_the_environment_of_this_wordpress(): void {
		PairedCompanion::pair();
		$this->assertSame( wp_get_environment_type(), Kv::get( 'site_identity' )['environment'] );
		$this->assertFalse( SiteIdentity::changed() );
	}

	public function test_turning_https_on_or_a_slash_at_the_end_is_no_change(): void {
		PairedCompanion::pair();
		$url = site_url();
		self::become( str_replace( 'http://', 'https://', $url ) . '/' );
		$this->assertFalse( SiteIdentity::changed() );
	}

	private static function become( string $url ): void {
		add_filter( 'site_url', static fn(): string => $url );
	}

	/** @return array<string, mixed> */
	private static function decide( string $decision ): array {
		return self::rest( 'POST', '/rollcall/v1/connection/site', array( 'site' => array( 'decision' => $decision ) ) )->get_data();
	}
}
