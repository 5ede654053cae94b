<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Contract;
use Rollcall\Database\DataVersion;
use Rollcall\Database\Domains;
use Rollcall\Database\DomainVerdicts;
use Rollcall\Database\Lists;
use Rollcall\Database\Sql;
use Rollcall\Matching\SuffixWalk;
use Rollcall\Tests\ListFactory;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;

final class ListContentTest extends TestCase {
	protected function setUp(): void {
		parent::setUp();
		self::log_in( self::ada() );
	}

	public function test_an_uploaded_list_is_staged_page_by_page_and_matches_at_once_with_its_last_page(): void {
		$list_uid = self::add( 'upload' );
		$host     = Planted::label( 'mail.beta.example', array( 'registrable' => 'beta.example' ) );
		$other    = Planted::label( 'other.example' );
		$version  = DataVersion::current();
		$pages    = array( 'page_count' => 2, 'row_count' => 2 );
		$first    = self::store( $list_uid, self::page( 'v1', array( 'a' => 'acme.example' ), $pages ) );
		self::assertSame( array( 200, 0, null ), array( $first->get_status(), $first->get_data()['active_version'], $first->get_data()['active_sha256'] ) );
		self::assertSame( 'unmatched', self::label( $host ) );
		$second = self::store( $list_uid, self::page( 'v1', array( 'b' => 'beta.example' ), array( 'page' => 2 ) + $pages ) )->get_data();
		self::assertTrue( Contract::check( 'company_list', $second ) );
		self::assertSame( array( 1, 'upload', 2, hash( 'sha256', 'v1' ) ), array( $second['active_version'], $second['active_source'], $second['row_count'], $second['active_sha256'] ) );
		self::assertSame( array( 'company', 'unmatched' ), array( self::label( $host ), self::label( $other ) ) );
		self::assertSame( $version, DataVersion::current(), "The companion's verdicts stay as they are." );
		self::assertSame( array( $list_uid ), array_column( DomainVerdicts::read( $host )['verdict']['companies'], 'list_uid' ) );
	}

	public function test_hosts_that_no_run_has_labelled_yet_match_at_once_too(): void {
		$id = Domains::ids( array( 'acme.example' ), Planted::NOW_MS )['acme.example'];
		self::store( self::add( 'upload' ), self::page( 'v1', array( 'a' => 'acme.example' ) ) );
		self::assertSame( 'company', self::label( $id ) );
	}

	public function test_a_company_that_left_a_typed_list_still_matches_as_removed_and_a_moved_one_by_its_former_domain(): void {
		$list_uid = self::add( 'manual' );
		$ids      = array( Planted::label( 'acme.example' ), Planted::label( 'beta.example' ), Planted::label( 'new-beta.example' ) );
		self::store( $list_uid, self::page( 'v1', array( 'a' => 'acme.example', 'b' => 'beta.example' ), array(), 'manual' ) );
		self::store( $list_uid, self::page( 'v2', array( 'b' => 'new-beta.example' ), array(), 'manual' ) );
		$kinds = array_map( static fn ( int $id ): array => array_column( DomainVerdicts::read( $id )['verdict']['companies'], 'kind', 'source_id' ), $ids );
		self::assertSame( array( array( 'a' => 'former' ), array( 'b' => 'former' ), array( 'b' => 'current' ) ), $kinds );
		self::assertSame( array( 'removed_at' => true ), array( 'removed_at' => null !== self::rest( 'GET', "/rollcall/v1/companies/$list_uid/a" )->get_data()['removed_at'] ) );
		self::store( $list_uid, ListFactory::page( 'v3', array(), array(), array( 'source' => 'manual' ) ) );
		self::assertSame( 0, Lists::find( $list_uid )['row_count'], 'Typed rows may all go.' );
	}

	/** @return iterable<string, array{string, array<string, mixed>, string}> Source, changes of the page, code. */
	public static function refused(): iterable {
		$domain  = static fn ( string $domain ): array => array( 'domains' => array( ListFactory::domain( $domain, 'a' ) ) );
		$company = static fn ( array $changes ): array => array( 'companies' => array( ListFactory::company( 'a', $changes ) ) );
		yield 'a page of another list'      => array( 'upload', array( 'list_uid' => 'of another' ), 'bad_request' );
		yield 'another kind of list'        => array( 'upload', array( 'source' => 'csv' ), 'bad_request' );
		yield 'the sample'                  => array( 'upload', array( 'source' => 'sample' ), 'bad_request' );
		yield 'too many companies'          => array( 'upload', array( 'row_count' => 50001 ), 'too_large' );
		yield 'no company'                  => array( 'upload', array( 'row_count' => 0, 'companies' => array(), 'domains' => array() ), 'list_empty' );
		yield 'fewer companies than told'   => array( 'upload', array( 'row_count' => 2 ), 'bad_request' );
		yield 'a domain without a dot'      => array( 'upload', $domain( 'localhost' ), 'bad_request' );
		yield 'numbers'                     => array( 'upload', $domain( '10.0.0.1' ), 'bad_request' );
		yield 'an empty label'              => array( 'upload', $domain( 'a..example' ), 'bad_request' );
		yield 'a hyphen at the end'         => array( 'upload', $domain( 'a-.example' ), 'bad_request' );
		yield 'a path'                      => array( 'upload', $domain( 'acme.example/x' ), 'bad_request' );
		yield 'an address'                  => array( 'upload', $domain( 'a@acme.example' ), 'bad_request' );
		yield 'capitals'                    => array( 'upload', $domain( 'Acme.example' ), 'bad_request' );
		yield 'a line break'                => array( 'upload', $domain( "acme.example\n" ), 'bad_request' );
		yield 'a mail provider'             => array( 'upload', $domain( 'gmail.com' ), 'bad_request' );
		yield 'a website that is script'    => array( 'upload', $company( array( 'website_origin' => 'javascript:alert(1)' ) ), 'bad_request' );
		yield 'a logo that is data'         => array( 'upload', $company( array( 'logo_url' => 'data:image/svg+xml,x' ) ), 'bad_request' );
		yield 'an address with markup'      => array( 'upload', $company( array( 'logo_url' => 'https://x.example/"><script>' ) ), 'bad_request' );
		yield 'a page before the first one' => array( 'upload', array( 'page' => 2, 'page_count' => 2 ), 'bad_request' );
	}

	/** @param array<string, mixed> $changes */
	#[DataProvider( 'refused' )]
	public function test_refuses_a_bad_page_and_keeps_the_version_in_use( string $source, array $changes, string $code ): void {
		$list_uid = self::add( $source );
		self::assertSame( 200, self::store( $list_uid, self::page( 'good', array( 'a' => 'acme.example' ) ) )->get_status() );
		$before   = Sql::rows( 'SELECT * FROM {company_domains}' );
		$response = self::store( $list_uid, $changes + self::page( 'bad', array( 'a' => 'beta.example' ) ) );
		self::assertSame( $code, $response->get_data()['code'], (string) wp_json_encode( $response->get_data() ) );
		self::assertSame( array( 1, hash( 'sha256', 'good' ) ), array( Lists::find( $list_uid )['active_version'], Lists::find( $list_uid )['active_sha256'] ) );
		self::assertSame( $before, Sql::rows( 'SELECT * FROM {company_domains}' ) );
	}

	public function test_a_fetched_list_takes_pages_of_the_browser_until_a_companion_is_paired(): void {
		$ids  = array_map( 'strval', range( 1, 10 ) );
		$full = array_combine( $ids, array_map( static fn ( string $id ): string => "c$id.example", $ids ) );
		self::assertSame( 200, self::store( 'yc', self::page( 'v1', $full, array(), 'yc' ) )->get_status() );
		self::assertSame( 'list_shrunk', self::store( 'yc', self::page( 'v2', array_slice( $full, 0, 7, true ), array(), 'yc' ) )->get_data()['code'] );
		self::assertSame( 200, self::store( 'yc', self::page( 'v2', array_slice( $full, 0, 8, true ), array(), 'yc' ) )->get_status() );
		self::assertSame( 200, self::rest( 'POST', '/rollcall/v1/lists/yc/accept' )->get_status() );
		self::assertSame( 200, self::store( 'yc', self::page( 'v3', array_slice( $full, 0, 1, true ), array(), 'yc' ) )->get_status() );
		self::assertFalse( Lists::find( 'yc' )['accept_shrunk'], 'Agreed to once.' );
		PairedCompanion::pair();
		self::assertSame( 'list_not_yours', self::store( 'yc', self::page( 'v4', $full, array(), 'yc' ) )->get_data()['code'] );
		self::assertSame( 200, self::store( self::add( 'upload' ), self::page( 'v1', array( 'a' => 'acme.example' ) ) )->get_status(), 'Lists of WordPress take them always.' );
	}

	public function test_the_rows_in_use_come_back_as_they_were_stored(): void {
		$list_uid = self::add( 'manual' );
		self::assertSame( array(), self::rest( 'GET', "/rollcall/v1/lists/$list_uid/rows" )->get_data() );
		$company = ListFactory::company( 'x1', array( 'source' => 'manual', 'name' => 'Bücher "neu"', 'tags' => array( 'ä', 'b' ), 'team_size' => null ) );
		self::store( $list_uid, ListFactory::page( 'v1', array( $company, ListFactory::company( 'x2', array( 'source' => 'manual' ) ) ), array( ListFactory::domain( 'acme.example', 'x1' ), ListFactory::domain( 'acme.test.example', 'x1', 'alias' ), ListFactory::domain( 'old.example', 'x1', 'former' ) ), array( 'source' => 'manual' ) ) );
		$response = self::rest( 'GET', "/rollcall/v1/lists/$list_uid/rows" );
		$item     = $response->get_data()[0];
		self::assertTrue( Contract::check( 'list_page', array( 'list_uid' => $list_uid ) + $item ) );
		self::assertEquals( $company, $item['companies'][0] );
		self::assertSame( array( 'acme.example', 'acme.test.example' ), array_column( $item['domains'], 'domain' ) );
		self::assertSame( array( 1, '1', '1' ), array( count( $response->get_data() ), $response->get_headers()['X-WP-Total'], $response->get_headers()['X-WP-TotalPages'] ) );
	}

	public function test_long_lists_come_in_pages_of_500_companies(): void {
		$list_uid = self::add( 'upload' );
		$ids      = array_map( static fn ( int $number ): string => sprintf( 'x%04d', $number ), range( 1, 1001 ) );
		self::store( $list_uid, self::page( 'v1', array_combine( $ids, array_map( static fn ( string $id ): string => "$id.example", $ids ) ) ) );
		$read = array();
		for ( $page = 1; $page <= 3; $page++ ) {
			$response = self::rest( 'GET', "/rollcall/v1/lists/$list_uid/rows", array(), array( 'page' => $page ) );
			self::assertSame( '3', $response->get_headers()['X-WP-TotalPages'] );
			$read = array_merge( $read, array_column( $response->get_data()[0]['domains'], 'source_id' ) );
		}
		self::assertSame( $ids, $read );
		self::assertCount( 3, self::rest( 'GET', "/rollcall/v1/lists/$list_uid/rows", array(), array( 'per_page' => 100 ) )->get_data() );
	}

	public function test_a_data_update_shows_added_changed_moved_and_removed_companies_with_their_users(): void {
		$list_uid = self::add( 'upload' );
		self::assertSame( array(), self::changes( $list_uid ), 'Nothing came before.' );
		$company = static fn ( string $id, array $changes = array() ): array => ListFactory::company( $id, $changes );
		self::store( $list_uid, ListFactory::page( 'v1', array( $company( 'same' ), $company( 'changed' ), $company( 'moved' ), $company( 'removed' ) ), array( ListFactory::domain( 'same.example', 'same' ), ListFactory::domain( 'changed.example', 'changed' ), ListFactory::domain( 'old.example', 'moved' ), ListFactory::domain( 'removed.example', 'removed' ) ), array( 'source' => 'upload' ) ) );
		self::assertSame( array(), self::changes( $list_uid ) );
		self::store( $list_uid, ListFactory::page( 'v2', array( $company( 'same' ), $company( 'changed', array( 'name' => 'COMPANY changed', 'status' => 'acquired' ) ), $company( 'moved' ), $company( 'added' ) ), array( ListFactory::domain( 'same.example', 'same' ), ListFactory::domain( 'changed.example', 'changed' ), ListFactory::domain( 'new.example', 'moved' ), ListFactory::domain( 'added.example', 'added' ) ), array( 'source' => 'upload' ) ) );
		$users = array( 'a@old.example', 'b@mail.old.example', 'c@new.example', 'd@removed.example', 'e@same.example' );
		foreach ( $this->make_users( $users ) as $user_id ) {
			\Rollcall\Users\UserDomains::changed( $user_id );
		}
		$rows = self::changes( $list_uid );
		foreach ( $rows as $row ) {
			self::assertTrue( Contract::check( 'list_change_row', $row ) );
		}
		self::assertSame( array( 'moved', 'removed', 'added', 'changed' ), array_column( $rows, 'source_id' ), 'Most users first.' );
		self::assertSame( array( 'moved', 'removed', 'added', 'changed' ), array_column( $rows, 'change' ) );
		self::assertSame( array( 3, 1, 0, 0 ), array_column( $rows, 'user_count' ) );
		self::assertSame( array( array( 'new.example' ), array( 'old.example' ) ), array( $rows[0]['domains'], $rows[0]['previous_domains'] ) );
		self::assertSame( array( array(), array( 'removed.example' ) ), array( $rows[1]['domains'], $rows[1]['previous_domains'] ) );
		self::assertSame( array( 'Company changed', 'active', null ), array( $rows[3]['previous_name'], $rows[3]['previous_status'], $rows[2]['previous_name'] ) );
		self::assertSame( array( 'added', 'changed' ), array_column( self::changes( $list_uid, array( 'change' => array( 'changed', 'added' ), 'orderby' => 'name', 'order' => 'asc' ) ), 'source_id' ) );
		$page = self::rest( 'GET', "/rollcall/v1/lists/$list_uid/changes", array(), array( 'per_page' => 3, 'page' => 2, 'search' => 'company' ) );
		self::assertSame( array( 1, '4' ), array( count( $page->get_data() ), $page->get_headers()['X-WP-Total'] ) );
		self::store( $list_uid, ListFactory::page( 'v3', array( $company( 'same' ), $company( 'changed', array( 'name' => 'COMPANY changed', 'status' => 'acquired' ) ), $company( 'moved' ), $company( 'added' ), $company( 'removed' ) ), array( ListFactory::domain( 'same.example', 'same' ), ListFactory::domain( 'new.example', 'moved' ) ), array( 'source' => 'upload' ) ) );
		self::assertSame( array( 'removed' => 'added', 'added' => 'moved', 'changed' => 'moved' ), array_column( self::changes( $list_uid ), 'change', 'source_id' ), 'One that came back is new; a domain that went is a move.' );
	}

	public function test_a_list_of_the_site_and_one_of_the_companion_match_together_best_first(): void {
		Planted::list();
		Planted::company( '1', array( 'status' => Contract::number( 'COMPANY_STATUSES', 'acquired' ) ), array( 'acme.example' ) );
		$id       = Planted::label( 'acme.example', array(), array( '1' ) );
		$list_uid = self::add( 'upload' );
		self::store( $list_uid, self::page( 'v1', array( 'a' => 'acme.example' ) ) );
		$verdict = DomainVerdicts::read( $id )['verdict'];
		self::assertSame( array( $list_uid => 'a', 'yc' => '1' ), array_column( $verdict['companies'], 'source_id', 'list_uid' ), 'Active before acquired.' );
		self::assertFalse( $verdict['ambiguous'], 'Two lists may name the same company.' );
		$again = Planted::label( 'acme.example', array(), array( '1' ) );
		self::assertSame( $verdict['companies'], DomainVerdicts::read( $again )['verdict']['companies'], 'Also when the companion, which does not know the list, labels it again.' );
		self::assertSame( array( 'yc' ), array_column( SuffixWalk::verdicts( array( 'acme.example' ), array( 'yc' ) )['acme.example']['companies'], 'list_uid' ), 'Asked of one list.' );
		self::assertSame( array(), SuffixWalk::verdicts( array( 'acme.example' ), array() ) );
	}

	private static function add( string $source ): string {
		$response = self::rest( 'POST', '/rollcall/v1/lists', array( 'list' => array( 'title' => 'Customers', 'source' => $source, 'url' => '', 'schedule_hours' => 0 ) ) );
		self::assertSame( 200, $response->get_status() );
		return $response->get_data()['list_uid'];
	}

	/** @param array<string, mixed> $page */
	private static function store( string $list_uid, array $page ): \WP_REST_Response {
		return self::rest( 'POST', "/rollcall/v1/lists/$list_uid/pages", array( 'page' => array( 'list_uid' => 'of another' === $page['list_uid'] ? 'yc' : $list_uid ) + $page ) );
	}

	/**
	 * @param array<string, string> $domains Domain by source_id.
	 * @param array<string, mixed>  $changes
	 * @return array<string, mixed>
	 */
	private static function page( string $version, array $domains, array $changes = array(), string $source = 'upload' ): array {
		$companies = array_map( static fn ( int|string $id ): array => ListFactory::company( (string) $id, array( 'source' => $source ) ), array_keys( $domains ) );
		$rows      = array_map( static fn ( int|string $id, string $domain ): array => ListFactory::domain( $domain, (string) $id ), array_keys( $domains ), $domains );
		return ListFactory::page( $version, $companies, $rows, $changes + array( 'source' => $source ) );
	}

	/**
	 * @param array<string, mixed> $query
	 * @return list<array<string, mixed>>
	 */
	private static function changes( string $list_uid, array $query = array() ): array {
		return self::rest( 'GET', "/rollcall/v1/lists/$list_uid/changes", array(), $query )->get_data();
	}

	private static function label( int $domain_id ): ?string {
		return DomainVerdicts::read( $domain_id )['verdict']['label'] ?? null;
	}
}
