<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Contract;
use Rollcall\Database\DataVersion;
use Rollcall\Database\DomainVerdicts;
use Rollcall\Database\Jobs;
use Rollcall\Database\Lists;
use Rollcall\Database\Rules;
use Rollcall\Database\Sql;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;

final class ListsTest extends TestCase {
	public function test_the_default_list_is_there_before_anything_was_fetched(): void {
		self::log_in( self::ada() );
		$lists = self::rest( 'GET', '/rollcall/v1/lists' )->get_data();
		$this->assertSame( array( 'yc', 0, null ), array( $lists[0]['list_uid'], $lists[0]['active_version'], $lists[0]['active_source'] ) );
		$this->assertTrue( Contract::check( 'company_list', $lists[0] ) );
	}

	public function test_updating_twice_is_one_job_that_can_be_cancelled(): void {
		self::log_in( self::ada() );
		$job = self::rest( 'POST', '/rollcall/v1/lists/yc/update' )->get_data();
		$this->assertTrue( Contract::check( 'job_row', $job ) );
		$this->assertSame( $job['job_uid'], self::rest( 'POST', '/rollcall/v1/lists/yc/update' )->get_data()['job_uid'] );
		$this->assertSame( $job['job_uid'], self::rest( 'GET', '/rollcall/v1/lists' )->get_data()[0]['open_job']['job_uid'] );
		$this->assertSame( 'cancelled', self::rest( 'POST', "/rollcall/v1/jobs/{$job['job_uid']}/cancel" )->get_data()['state'] );
		$this->assertNull( self::rest( 'GET', '/rollcall/v1/lists' )->get_data()[0]['open_job'] );
		$this->assertSame( 404, self::rest( 'POST', '/rollcall/v1/lists/none/update' )->get_status() );
		$this->assertSame( 404, self::rest( 'GET', '/rollcall/v1/jobs/' . str_repeat( '0', 32 ) )->get_status() );
	}

	/** @return iterable<string, array{string, int}> */
	public static function urls(): iterable {
		yield 'https'            => array( 'https://lists.example/all.json?x=1', 200 );
		yield 'sample'           => array( 'sample:', 200 );
		yield 'loopback: the companion judges addresses' => array( 'http://127.0.0.1:9000/all.json', 200 );
		yield 'empty'            => array( '', 400 );
		yield 'no scheme'        => array( 'lists.example/all.json', 400 );
		yield 'file'             => array( 'file:///etc/passwd', 400 );
		yield 'javascript'       => array( 'javascript:alert(1)', 400 );
		yield 'user name'        => array( 'https://user@lists.example/', 400 );
		yield 'backslash'        => array( 'http://127.0.0.1\\@lists.example/', 400 );
		yield 'line break'       => array( "https://lists.example/\r\nX: 1", 400 );
		yield 'blank'            => array( 'https://lists.example/a b', 400 );
		yield 'no host'          => array( 'https:///all.json', 400 );
		yield 'too long'         => array( 'https://lists.example/' . str_repeat( 'a', 2048 ), 400 );
	}

	#[DataProvider( 'urls' )]
	public function test_takes_full_urls_only( string $url, int $status ): void {
		self::log_in( self::ada() );
		$response = self::rest( 'PUT', '/rollcall/v1/lists/yc', array( 'list' => array( 'title' => 'YC', 'url' => $url, 'enabled' => true, 'visible_to_visitors' => true, 'schedule_hours' => 24 ) ) );
		$this->assertSame( $status, $response->get_status() );
		$this->assertSame( 200 === $status, Lists::find( 'yc' )['url'] === $url );
		$this->assertSame( 200 === $status, null !== Jobs::open_update( 'yc' ), 'A new address is fetched.' );
	}

	/** @return iterable<string, array{string, string, string, int}> Source, title, address, status. */
	public static function creations(): iterable {
		yield 'CSV'                 => array( 'csv', 'Customers', 'https://lists.example/a.csv', 200 );
		yield 'Google Sheet'        => array( 'google_sheet', 'Sheet', 'https://docs.google.com/spreadsheets/d/x/edit?gid=7', 200 );
		yield 'YC form'             => array( 'yc', 'Mirror', 'https://lists.example/all.json', 200 );
		yield 'upload'              => array( 'upload', 'File', '', 200 );
		yield 'typed'               => array( 'manual', 'Rows', '', 200 );
		yield 'upload with address' => array( 'upload', 'File', 'https://lists.example/a.csv', 400 );
		yield 'CSV without address' => array( 'csv', 'Customers', '', 400 );
		yield 'CSV of the sample'   => array( 'csv', 'Customers', 'sample:', 400 );
		yield 'password'            => array( 'csv', 'Customers', 'https://a:b@lists.example/', 400 );
		yield 'no name'             => array( 'manual', '  ', '', 400 );
		yield 'the sample'          => array( 'sample', 'Sample', '', 400 );
	}

	#[DataProvider( 'creations' )]
	public function test_adds_lists_of_every_kind( string $source, string $title, string $url, int $status ): void {
		self::log_in( self::ada() );
		$response = self::add( $source, $url, $title );
		$this->assertSame( $status, $response->get_status(), (string) wp_json_encode( $response->get_data() ) );
		if ( 200 !== $status ) {
			$this->assertCount( 1, Lists::all() );
			return;
		}
		$list       = $response->get_data();
		$is_fetched = '' !== $url;
		$this->assertTrue( Contract::check( 'company_list', $list ) );
		$this->assertMatchesRegularExpression( '/^l[0-9a-f]{12}$/', $list['list_uid'] );
		$this->assertSame( array( $is_fetched ? 'companion' : 'wordpress', true, false, 12 ), array( $list['owner'], $list['enabled'], $list['visible_to_visitors'], $list['schedule_hours'] ) );
		$this->assertSame( $is_fetched, null !== $list['open_job'], 'A list that is fetched is asked for at once.' );
		$work = PairedCompanion::pair()->exchange()['work']['lists'];
		$this->assertSame( $is_fetched ? array( 'yc', $list['list_uid'] ) : array( 'yc' ), array_column( $work, 'list_uid' ), 'The companion hears only of lists that it fetches.' );
		$this->assertSame( $is_fetched ? array( 12, false ) : array( 24, false ), array( end( $work )['schedule_hours'], end( $work )['accept_shrunk'] ) );
		$this->assertSame( $is_fetched ? 200 : 409, self::rest( 'POST', "/rollcall/v1/lists/{$list['list_uid']}/update" )->get_status() );
		$this->assertSame( $is_fetched ? 200 : 409, self::rest( 'POST', "/rollcall/v1/lists/{$list['list_uid']}/accept" )->get_status() );
		$this->assertSame( $is_fetched, Lists::find( $list['list_uid'] )['accept_shrunk'] );
	}

	public function test_there_are_never_more_lists_than_an_exchange_can_name(): void {
		self::log_in( self::ada() );
		Lists::all();
		for ( $number = 2; $number <= 50; $number++ ) {
			Planted::list( "l$number" );
		}
		$this->assertSame( 413, self::add( 'manual', '' )->get_status() );
		$this->assertCount( 50, PairedCompanion::pair()->exchange()['work']['lists'] );
	}

	public function test_a_list_that_is_switched_off_matches_nothing_and_matches_at_once_when_it_is_on_again(): void {
		self::log_in( self::ada() );
		Planted::list( 'l2' );
		Planted::list( 'yc' );
		Planted::company( '1', array(), array( 'acme.example' ), 'l2' );
		$domain_id = Planted::label( 'acme.example' );
		$this->assertSame( 'company', self::label( $domain_id ) );
		$version = DataVersion::current();
		$list    = self::change( 'l2', array( 'enabled' => false ) );
		$this->assertSame( array( false, null ), array( $list['enabled'], self::label( $domain_id ) ) );
		$this->assertSame( $version + 1, DataVersion::current(), 'Verdicts of the companion were made with it.' );
		$this->assertSame( array( 'yc' ), array_column( Lists::fetched(), 'list_uid' ) );
		$this->assertSame( array( 'yc', 'l2' ), array_column( self::rest( 'GET', '/rollcall/v1/lists' )->get_data(), 'list_uid' ), 'It is still shown.' );
		$this->assertSame( array(), self::rest( 'GET', '/rollcall/v1/companies' )->get_data() );
		self::change( 'l2', array( 'enabled' => true ) );
		$this->assertSame( 'company', self::label( $domain_id ) );
		$this->assertNotNull( Jobs::open_update( 'l2' ), 'It may be old.' );
		$this->assertSame( array( 'l2' ), array_column( self::rest( 'GET', '/rollcall/v1/companies', array(), array( 'list' => array( 'l2' ) ) )->get_data(), 'list_uid' ) );
		$this->assertSame( array(), self::rest( 'GET', '/rollcall/v1/companies', array(), array( 'list' => array( 'yc', 'b\u{fc}' ) ) )->get_data() );
	}

	public function test_deleting_a_list_leaves_nothing_of_it_but_the_figures_of_past_runs(): void {
		self::log_in( self::ada() );
		Planted::list( 'l2' );
		Planted::company( '1', array(), array( 'acme.example' ), 'l2' );
		Planted::company_domain( 'old.example', '1', 'current', 1, 3, 'l2' );
		Rules::put( 'alias', array( 'alias.example' ), 'l2', '1', '', 1, Planted::NOW_MS );
		$domain_ids = array( Planted::label( 'acme.example' ), Planted::label( 'mail.old.example', array( 'registrable' => 'old.example' ) ), Planted::label( 'alias.example' ) );
		$this->assertSame( array( 'company', 'company', 'company' ), array_map( array( self::class, 'label' ), $domain_ids ) );
		self::rest( 'POST', '/rollcall/v1/lists/l2/update' );
		$this->assertSame( 'l2', self::rest( 'DELETE', '/rollcall/v1/lists/l2' )->get_data()['list_uid'] );
		$this->assertSame( array( null, null, null ), array_map( array( self::class, 'label' ), $domain_ids ) );
		foreach ( array( 'lists', 'companies', 'company_domains', 'domain_companies', 'domain_rules' ) as $table ) {
			$this->assertNull( Sql::value( "SELECT 1 FROM {{$table}} WHERE list_uid = %s", 'l2' ), $table );
		}
		$this->assertSame( array(), Jobs::open() );
		$this->assertSame( 404, self::rest( 'DELETE', '/rollcall/v1/lists/l2' )->get_status() );
		$this->assertSame( 400, self::rest( 'DELETE', '/rollcall/v1/lists/yc' )->get_status(), 'The default list is only switched off.' );
	}

	public function test_each_list_has_its_own_last_error_and_its_own_rows_that_could_not_be_read(): void {
		self::log_in( self::ada() );
		$list_uid  = self::add( 'csv', 'https://lists.example/a.csv' )->get_data()['list_uid'];
		$companion = PairedCompanion::pair();
		$status    = static fn ( array $changes ): array => $changes + array( 'list_uid' => $list_uid, 'checked_at_ms' => 1_790_000_000_000, 'error_code' => null, 'error_message' => null, 'rejected_count' => 0, 'rejections' => array() );
		$rejection = array( 'row' => 3, 'reason' => 'bad_url', 'text' => 'htp:/b\u{fc}cher' );
		$send      = static fn ( array $changes ): array => $companion->exchange( array( 'batch' => PairedCompanion::batch( array( 'list_statuses' => array( $status( $changes ) ) ) ) ) )['accepted'];
		$this->assertSame( array(), $send( array( 'error_code' => 'list_not_table', 'error_message' => 'A login page was answered.', 'rejected_count' => 2, 'rejections' => array( $rejection ) ) )['refused'] );
		$lists = array_column( self::rest( 'GET', '/rollcall/v1/lists' )->get_data(), null, 'list_uid' );
		$this->assertTrue( Contract::check( 'company_list', $lists[ $list_uid ] ) );
		$this->assertSame( array( 'list_not_table', 2, array( $rejection ), '2026-09-21T14:13:20.000Z' ), array( $lists[ $list_uid ]['error_code'], $lists[ $list_uid ]['rejected_count'], $lists[ $list_uid ]['rejections'], $lists[ $list_uid ]['checked_at'] ) );
		$this->assertSame( array( null, 0, array() ), array( $lists['yc']['error_code'], $lists['yc']['rejected_count'], $lists['yc']['rejections'] ) );
		$send( array() );
		$this->assertSame( array( null, 0, array() ), array( Lists::find( $list_uid )['error_code'], Lists::find( $list_uid )['rejected_count'], Lists::find( $list_uid )['rejections'] ) );
	}

	public function test_visitors_see_the_default_list_until_it_is_hidden_and_others_once_they_are_shown(): void {
		self::log_in( self::ada() );
		Planted::list( 'yc' );
		Planted::list( 'l2' );
		$visible = static fn (): array => array_column( Lists::visible_to_visitors(), 'list_uid' );
		$this->assertSame( array( 'yc' ), $visible() );
		self::change( 'l2', array( 'visible_to_visitors' => true ) );
		$this->assertSame( array( 'yc', 'l2' ), $visible() );
		self::change( 'yc', array( 'visible_to_visitors' => false ) );
		self::change( 'l2', array( 'enabled' => false, 'visible_to_visitors' => true ) );
		$this->assertSame( array(), $visible() );
	}

	private static function add( string $source, string $url, string $title = 'Customers' ): \WP_REST_Response {
		return self::rest( 'POST', '/rollcall/v1/lists', array( 'list' => array( 'title' => $title, 'source' => $source, 'url' => $url, 'schedule_hours' => 12 ) ) );
	}

	/**
	 * @param array<string, mixed> $changes
	 * @return array<string, mixed>
	 */
	private static function change( string $list_uid, array $changes ): array {
		$list = $changes + array( 'title' => 'Companies', 'url' => Lists::find( $list_uid )['url'] ?? '', 'enabled' => true, 'visible_to_visitors' => false, 'schedule_hours' => 24 );
		return self::rest( 'PUT', "/rollcall/v1/lists/$list_uid", array( 'list' => $list ) )->get_data();
	}

	private static function label( int $domain_id ): ?string {
		return DomainVerdicts::read( $domain_id )['verdict']['label'] ?? null;
	}
}
