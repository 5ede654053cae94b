<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Clock;
use Rollcall\Contract;
use Rollcall\Database\CompanySites;
use Rollcall\Database\Sql;
use Rollcall\Matching\Export;
use Rollcall\Tests\Planted;
use Rollcall\Tests\PlantedMonitors;
use Rollcall\Tests\TestCase;
use Rollcall\Users\UserDomains;

final class CompanyMonitorsTest extends TestCase {
	protected function setUp(): void {
		parent::setUp();
		Planted::list();
		Planted::list( 'own' );
		self::log_in( self::ada() );
	}

	public function test_the_sites_of_companies_with_users_get_one_polite_private_monitor_each(): void {
		$this->company( '1', 'https://acme.example' );
		$this->company( '2', 'https://www.beta.example' );
		Planted::company( '3', array( 'website_origin' => 'https://nobody.example' ), array( 'nobody.example' ) );
		$answer = self::add();
		self::assertTrue( Contract::check( 'monitors_answer', $answer ) );
		self::assertSame( array( 'added' => 2, 'known' => 0, 'refused' => array() ), $answer );
		$rows = self::rest( 'GET', '/rollcall/v1/monitors' )->get_data();
		self::assertSame( array( 'https://acme.example/', 'https://www.beta.example/' ), array_column( $rows, 'url' ) );
		self::assertSame(
			array( 'Company 1', 'http', true, true, false, 3600, array( 'list_uid' => 'yc', 'source_id' => '1', 'name' => 'Company 1' ) ),
			array( $rows[0]['name'], $rows[0]['type'], $rows[0]['active'], $rows[0]['is_polite'], $rows[0]['is_public'], $rows[0]['interval_seconds'], $rows[0]['company'] )
		);
		self::assertSame( array( '2' ), Sql::column( "SELECT detail FROM {audit} WHERE action = 'company_monitors_added'" ) );
		$revision = Sql::value( 'SELECT MAX(revision) FROM {monitors}' );
		self::assertSame( array( 'added' => 0, 'known' => 2, 'refused' => array() ), self::add() );
		self::assertSame( $revision, Sql::value( 'SELECT MAX(revision) FROM {monitors}' ), 'Asked again it changes nothing.' );
	}

	public function test_a_polite_monitor_is_not_made_to_ask_more_often_than_once_an_hour(): void {
		$this->company( '1', 'https://acme.example' );
		self::add();
		$row  = self::rest( 'GET', '/rollcall/v1/monitors' )->get_data()[0];
		$path = "/rollcall/v1/monitors/$row[monitor_uid]";
		$send = static function ( int $interval_seconds ) use ( $row, $path ): \WP_REST_Response {
			$fields = array( 'name', 'type', 'url', 'active', 'is_public', 'options' );
			return self::rest( 'PUT', $path, array( 'monitor' => array_intersect_key( $row, array_flip( $fields ) ) + array( 'interval_seconds' => $interval_seconds ) ) );
		};
		foreach ( array( 10, 3599 ) as $interval_seconds ) {
			$answer = $send( $interval_seconds );
			self::assertSame( array( 400, 'monitor_interval' ), array( $answer->get_status(), $answer->get_data()['code'] ) );
			self::assertStringContainsString( '60 minutes', $answer->get_data()['data']['hint'] );
			self::assertSame( 3600, self::rest( 'GET', $path )->get_data()['interval_seconds'] );
		}
		self::assertSame( 7200, $send( 7200 )->get_data()['interval_seconds'] );
		self::assertSame( 3600, $send( 3600 )->get_data()['interval_seconds'] );
		Sql::run( 'UPDATE {monitors} SET interval_seconds = 60' );
		self::assertSame( array( 400, 200 ), array( $send( 30 )->get_status(), $send( 60 )->get_status() ), 'One that was changed before can be paused.' );
	}

	public function test_one_site_has_one_monitor_whoever_it_belongs_to_and_however_it_is_written(): void {
		$this->company( '1', 'https://acme.example' );
		$this->company( '2', 'http://www.acme.example' );
		Planted::company( '9', array( 'website_origin' => 'https://acme.example' ), array(), 'own' );
		Sql::run( "INSERT INTO {domain_companies} (domain_id, list_uid, source_id, kind, position) SELECT domain_id, 'own', '9', kind, 1 FROM {domain_companies} WHERE source_id = '1'" );
		self::assertSame( array( 1, 2, array() ), array_values( self::add() ) );
		$companies = array_column( self::rest( 'GET', '/rollcall/v1/report/companies' )->get_data(), 'monitor', 'source_id' );
		self::assertCount( 3, $companies );
		self::assertCount( 1, array_unique( array_column( $companies, 'monitor_uid' ) ), 'All three show it.' );
		self::assertSame( array( 0, 3, array() ), array_values( self::add() ) );
	}

	public function test_only_those_asked_for_are_added_and_strangers_are_named(): void {
		$this->company( '1', 'https://acme.example' );
		$this->company( '2', 'https://beta.example' );
		$given  = array( array( 'list_uid' => 'yc', 'source_id' => '2' ), array( 'list_uid' => 'yc', 'source_id' => '2' ), array( 'list_uid' => 'yc', 'source_id' => '77' ) );
		$answer = self::add( $given );
		self::assertSame( array( 1, 0, array( 'not_found' ) ), array( $answer['added'], $answer['known'], array_column( $answer['refused'], 'error_code' ) ) );
		self::assertSame( array( 'https://beta.example/' ), Sql::column( 'SELECT url FROM {monitors}' ) );
	}

	/** @return iterable<string, array{string|null, string, string|null}> Origin, website as it stands on the list, and a part of the reason; null when it is taken. */
	public static function websites(): iterable {
		yield 'none'                 => array( null, '', 'has no website' );
		yield 'empty'                => array( '', '', 'has no website' );
		yield 'page on a platform'   => array( 'https://facebook.com', 'https://facebook.com/acme', 'is a page on facebook.com' );
		yield 'below a platform'     => array( 'https://acme.notion.so', 'https://acme.notion.so/', 'is a page on acme.notion.so' );
		yield 'no web site'          => array( 'ftp://acme.example', 'ftp://acme.example', 'cannot be monitored' );
		yield 'the platform itself'  => array( 'https://www.producthunt.com', 'https://www.producthunt.com/', null );
		yield 'other port'           => array( 'https://acme.example:8443', 'https://acme.example:8443', null );
		yield 'script of another land' => array( 'https://xn--bcher-kva.example', 'https://bücher.example', null );
	}

	#[DataProvider( 'websites' )]
	public function test_a_company_without_a_site_of_its_own_is_refused_with_the_reason( ?string $origin, string $raw, ?string $reason ): void {
		$this->company( '1', $origin, $raw );
		$answer = self::add();
		self::assertTrue( Contract::check( 'monitors_answer', $answer ) );
		self::assertSame( null === $reason ? 1 : 0, $answer['added'] );
		self::assertSame( null === $reason ? 0 : 1, count( $answer['refused'] ) );
		if ( null !== $reason ) {
			self::assertSame( 'monitor_url', $answer['refused'][0]['error_code'] );
			self::assertStringContainsString( $reason, $answer['refused'][0]['error_message'] );
		}
	}

	public function test_what_someone_watches_already_counts_and_what_was_deleted_does_not(): void {
		$this->company( '1', 'https://acme.example' );
		PlantedMonitors::monitor( 'by hand', array( 'url' => 'http://acme.example/' ) );
		PlantedMonitors::monitor( 'deleted', array( 'url' => 'https://acme.example/', 'list_uid' => 'yc', 'source_id' => '1', 'deleted_at_ms' => 1 ) );
		self::assertSame( array( 0, 1, array() ), array_values( self::add() ) );
		Sql::run( 'UPDATE {monitors} SET deleted_at_ms = 1' );
		self::assertSame( array( 1, 0, array() ), array_values( self::add() ) );
	}

	public function test_of_many_companies_the_same_monitors_are_found(): void {
		PlantedMonitors::monitor( 'linked', array( 'url' => 'https://moved.example/', 'list_uid' => 'yc', 'source_id' => '7' ) );
		PlantedMonitors::monitor( 'by hand', array( 'url' => 'http://www.c8.example' ) );
		PlantedMonitors::monitor( 'deleted', array( 'url' => 'https://c9.example/', 'deleted_at_ms' => 1 ) );
		PlantedMonitors::monitor( 'another type', array( 'url' => 'tcp://c10.example:80', 'type' => 2, 'list_uid' => 'yc', 'source_id' => '10' ) );
		$companies = array_map( static fn ( int $number ): array => array( 'list_uid' => 'yc', 'source_id' => (string) $number, 'website_origin' => "https://c$number.example" ), range( 1, 300 ) );
		$few       = CompanySites::monitors( array_slice( $companies, 0, 20 ) );
		self::assertSame( array( "yc\n7", "yc\n8" ), array_keys( $few ) );
		self::assertSame( $few, CompanySites::monitors( $companies ), 'Above 100 another statement reads them.' );
	}

	public function test_the_report_says_how_the_site_does_and_so_does_its_export(): void {
		$now_ms = Clock::now_ms();
		PlantedMonitors::companion( $now_ms );
		$this->company( '1', 'https://acme.example' );
		$this->company( '2', 'https://beta.example' );
		PlantedMonitors::monitor( 'Acme', array( 'url' => 'https://acme.example/', 'list_uid' => 'yc', 'source_id' => '1', 'state' => 'down', 'mail_state' => 1, 'last_error_code' => Contract::number( 'CHECK_CODES', 'dns_nxdomain' ) ), $now_ms );
		$rows = self::rest( 'GET', '/rollcall/v1/report/companies', array(), array( 'orderby' => 'name', 'order' => 'asc' ) )->get_data();
		self::assertTrue( Contract::check( 'report_company_row', $rows[0] ) );
		self::assertSame( array( 'down', 'dns_nxdomain', 'alive' ), array( $rows[0]['monitor']['screen_state'], $rows[0]['monitor']['error_code'], $rows[0]['monitor']['mail_state'] ) );
		self::assertNull( $rows[1]['monitor'] );
		$query = array( 'orderby' => 'name', 'order' => 'asc' );
		$csv   = Export::body( self::rest( 'GET', '/rollcall/v1/report/companies/export', array(), array( 'format' => 'csv' ) + $query ) );
		$lines = explode( "\r\n", $csv );
		self::assertStringEndsWith( ',"monitor"', $lines[0] );
		self::assertStringEndsWith( ',"web down, mail alive"', $lines[1] );
		self::assertStringEndsWith( ',""', $lines[2] );
		$json = json_decode( Export::body( self::rest( 'GET', '/rollcall/v1/report/companies/export', array(), array( 'format' => 'json' ) + $query ) ), true );
		self::assertSame( array( 'down', null ), array( $json[0]['monitor']['screen_state'], $json[1]['monitor'] ) );
	}

	private function company( string $source_id, ?string $origin, ?string $raw = null ): void {
		Planted::company( $source_id, array( 'website_origin' => $origin, 'website_raw' => $raw ?? (string) $origin ), array( "c$source_id.example" ) );
		Planted::label( "c$source_id.example", array(), array( $source_id ) );
		$user_id = $this->make_user( "canary@c$source_id.example" );
		UserDomains::registered( $user_id );
	}

	/**
	 * @param list<array{list_uid: string, source_id: string}> $companies
	 * @return array{added: int, known: int, refused: list<array{url: string, error_code: string, error_message: string}>}
	 */
	private static function add( array $companies = array() ): array {
		return self::rest( 'POST', '/rollcall/v1/monitors/companies', array( 'monitors' => array( 'companies' => $companies ) ) )->get_data();
	}
}
