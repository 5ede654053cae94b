<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Clock;
use Rollcall\Contract;
use Rollcall\Database\DataVersion;
use Rollcall\Database\Domains;
use Rollcall\Database\ListVersions;
use Rollcall\Database\Lists;
use Rollcall\Database\RateLimits;
use Rollcall\Database\Sql;
use Rollcall\Database\Transaction;
use Rollcall\Matching\Verdicts;
use Rollcall\Rest\RateLimit;
use Rollcall\Settings;
use Rollcall\Tests\ListFactory;
use Rollcall\Tests\TestCase;
use Rollcall\Users\UserDomains;

final class CompaniesTest extends TestCase {
	protected function setUp(): void {
		parent::setUp();
		$companies = array(
			ListFactory::company( '1', array( 'name' => 'Acme', 'batch' => 'Summer 2012', 'batch_sort' => 8050, 'status' => 'acquired', 'industry' => 'B2B', 'regions' => array( 'Europe', 'United States / Canada' ), 'team_size' => 5 ) ),
			ListFactory::company( '2', array( 'name' => 'Bücher 100% "neu"', 'batch' => 'Winter 2009', 'batch_sort' => 8036, 'industry' => 'Consumer', 'regions' => array( 'Europe' ), 'team_size' => null, 'former_names' => array( 'Altbuch' ) ) ),
			ListFactory::company( '3', array( 'name' => 'Cardinal', 'batch' => '', 'batch_sort' => 0, 'industry' => '', 'one_liner' => 'Flies_fast', 'team_size' => 900 ) ),
		);
		$domains   = array( ListFactory::domain( 'acme.example', '1' ), ListFactory::domain( 'old-acme.example', '1', 'former' ), ListFactory::domain( 'cardinal.example', '3' ) );
		$gone      = ListFactory::company( '9', array( 'name' => 'Gone' ) );
		Transaction::run( static fn() => ListVersions::store_page( ListFactory::page( 'one', array( ...$companies, $gone ) ), 1000 ) );
		Transaction::run( static fn() => ListVersions::store_page( ListFactory::page( 'two', $companies, $domains ), 2000 ) );
		self::log_in( self::ada() );
	}

	/** @return iterable<string, array{array<string, mixed>, list<string>}> */
	public static function queries(): iterable {
		yield 'all by name'                => array( array(), array( 'Acme', 'Bücher 100% "neu"', 'Cardinal' ) );
		yield 'name descending'            => array( array( 'order' => 'desc' ), array( 'Cardinal', 'Bücher 100% "neu"', 'Acme' ) );
		yield 'newest batch first'         => array( array( 'orderby' => 'batch', 'order' => 'desc' ), array( 'Acme', 'Bücher 100% "neu"', 'Cardinal' ) );
		yield 'team size, unknown first'   => array( array( 'orderby' => 'team_size' ), array( 'Bücher 100% "neu"', 'Acme', 'Cardinal' ) );
		yield 'search in names'            => array( array( 'search' => 'acm' ), array( 'Acme' ) );
		yield 'search in former names'     => array( array( 'search' => 'Altbuch' ), array( 'Bücher 100% "neu"' ) );
		yield 'search in domains'          => array( array( 'search' => 'old-acme' ), array( 'Acme' ) );
		yield 'search in another script'   => array( array( 'search' => 'bücher' ), array( 'Bücher 100% "neu"' ) );
		yield 'percent is a character'     => array( array( 'search' => '0%' ), array( 'Bücher 100% "neu"' ) );
		yield 'underscore is a character'  => array( array( 'search' => 's_f' ), array( 'Cardinal' ) );
		yield 'search that finds nothing'  => array( array( 'search' => "' OR 1=1 -- " ), array() );
		yield 'status'                     => array( array( 'status' => array( 'acquired' ) ), array( 'Acme' ) );
		yield 'two batches'                => array( array( 'batch' => array( 'Summer 2012', 'Winter 2009' ) ), array( 'Acme', 'Bücher 100% "neu"' ) );
		yield 'industry'                   => array( array( 'industry' => array( 'Consumer' ) ), array( 'Bücher 100% "neu"' ) );
		yield 'region with a slash'        => array( array( 'region' => array( 'United States / Canada' ) ), array( 'Acme' ) );
		yield 'region is no part of one'   => array( array( 'region' => array( 'Euro' ) ), array() );
		yield 'filters together'           => array( array( 'region' => array( 'Europe' ), 'status' => array( 'active' ) ), array( 'Bücher 100% "neu"' ) );
		yield 'a page'                     => array( array( 'per_page' => 1, 'page' => 2 ), array( 'Bücher 100% "neu"' ) );
	}

	/**
	 * @param array<string, mixed> $query
	 * @param list<string>         $names
	 */
	#[DataProvider( 'queries' )]
	public function test_answers_a_page_of_what_was_asked_for( array $query, array $names ): void {
		$response = self::rest( 'GET', '/rollcall/v1/companies', array(), $query );
		$this->assertSame( 200, $response->get_status() );
		$this->assertSame( $names, array_column( $response->get_data(), 'name' ) );
		foreach ( $response->get_data() as $item ) {
			$this->assertTrue( Contract::check( 'company_list_item', $item ) );
		}
		$this->assertSame( isset( $query['per_page'] ) ? '3' : (string) count( $names ), $response->get_headers()['X-WP-Total'] );
	}

	/** @return iterable<string, array{array<string, mixed>}> */
	public static function refused(): iterable {
		yield 'unknown order'     => array( array( 'orderby' => 'raw_hash' ) );
		yield 'SQL as order'      => array( array( 'orderby' => 'name; DROP TABLE x' ) );
		yield 'unknown status'    => array( array( 'status' => array( 'dead' ) ) );
		yield 'page 0'            => array( array( 'page' => 0 ) );
		yield '101 on a page'     => array( array( 'per_page' => 101 ) );
		yield 'a filter of lists' => array( array( 'batch' => array( array( 'x' ) ) ) );
	}

	/** @param array<string, mixed> $query */
	#[DataProvider( 'refused' )]
	public function test_refuses( array $query ): void {
		$this->assertSame( 400, self::rest( 'GET', '/rollcall/v1/companies', array(), $query )->get_status() );
	}

	public function test_counts_the_users_of_a_company_by_all_of_its_domains(): void {
		$users = $this->make_users( array( 'a@acme.example', 'b@acme.example', 'c@old-acme.example', 'd@cardinal.example' ) );
		$ids   = Domains::ids( array( 'acme.example', 'old-acme.example', 'cardinal.example' ), 1 );
		$label = static fn( string $host, string $source_id ): array => array(
			'domain_id'    => $ids[ $host ],
			'data_version' => DataVersion::current(),
			'verdict'      => ListFactory::verdict( array( 'ascii_host' => $host, 'registrable' => $host, 'label' => 'company', 'companies' => array( array( 'list_uid' => 'yc', 'source_id' => $source_id, 'kind' => 'current' ) ) ) ),
		);
		Verdicts::store( array( $label( 'acme.example', '1' ), $label( 'old-acme.example', '1' ), $label( 'cardinal.example', '3' ) ), 1 );
		foreach ( $users as $user_id ) {
			UserDomains::changed( $user_id );
		}
		$items = self::rest( 'GET', '/rollcall/v1/companies', array(), array( 'orderby' => 'user_count', 'order' => 'desc' ) )->get_data();
		$this->assertSame( array( 'Acme' => 3, 'Cardinal' => 1, 'Bücher 100% "neu"' => 0 ), array_column( $items, 'user_count', 'name' ) );
		$this->assertSame( 3, self::rest( 'GET', '/rollcall/v1/companies/yc/1' )->get_data()['user_count'] );
	}

	public function test_shows_one_company_with_its_domains_current_ones_first(): void {
		$company = self::rest( 'GET', '/rollcall/v1/companies/yc/1' )->get_data();
		$this->assertSame( array( 'acme.example' => 'current', 'old-acme.example' => 'former' ), array_column( $company['domains'], 'kind', 'domain' ) );
		$this->assertSame( '1970-01-01T00:00:01.000Z', $company['first_seen'] );
		$this->assertNotNull( self::rest( 'GET', '/rollcall/v1/companies/yc/9' )->get_data()['removed_at'], 'One that left the list can still be looked at.' );
		$this->assertSame( 404, self::rest( 'GET', '/rollcall/v1/companies/yc/404' )->get_status() );
	}

	public function test_names_the_values_that_occur_for_filters(): void {
		$facets = self::rest( 'GET', '/rollcall/v1/companies/facets' )->get_data();
		$this->assertTrue( Contract::check( 'company_facets', $facets ) );
		$this->assertSame(
			array(
				'batches'    => array( 'Summer 2012', 'Winter 2009' ),
				'industries' => array( 'B2B', 'Consumer' ),
				'regions'    => array( 'Europe', 'United States / Canada' ),
				'statuses'   => array( 'active', 'acquired' ),
			),
			$facets
		);
	}

	public function test_serves_the_default_list_as_json_that_caches_may_keep(): void {
		$response = self::rest( 'GET', '/rollcall/v1/companies.json' );
		$this->assertSame( array( '1', '2', '3' ), array_column( $response->get_data(), 'source_id' ) );
		foreach ( $response->get_data() as $row ) {
			$this->assertTrue( Contract::check( 'company_row', $row ) );
		}
		$etag = '"' . Lists::find( 'yc' )['active_sha256'] . '"';
		$this->assertSame( array( $etag, 'private, max-age=3600' ), array( $response->get_headers()['ETag'], $response->get_headers()['Cache-Control'] ) );
		$again = self::rest( 'GET', '/rollcall/v1/companies.json', array(), array(), array( 'if-none-match' => "\"other\", W/$etag" ) );
		$this->assertSame( array( 304, null ), array( $again->get_status(), $again->get_data() ) );
		Settings::update( array( 'companies_public' => true ) + Settings::get() );
		self::log_in( 0 );
		$public = self::rest( 'GET', '/rollcall/v1/companies.json' );
		$this->assertSame( array( 200, 'public, max-age=3600' ), array( $public->get_status(), $public->get_headers()['Cache-Control'] ) );
	}

	public function test_limits_visitors_of_the_public_list_and_not_those_who_may_look(): void {
		Settings::update( array( 'companies_public' => true ) + Settings::get() );
		self::log_in( 0 );
		$window_ms = Clock::now_ms() - Clock::now_ms() % 60_000;
		RateLimits::take( hash_hmac( 'sha256', '/companies\.json ' . RateLimit::client(), wp_salt( 'nonce' ) ), 200, 60_000, $window_ms );
		Sql::run( 'UPDATE {rate_limits} SET `current` = 200' );
		$limited = self::rest( 'GET', '/rollcall/v1/companies.json' );
		$this->assertSame( 429, $limited->get_status() );
		$this->assertGreaterThan( 0, (int) $limited->get_headers()['Retry-After'] );
		$this->assertSame( array( '"default";q=200;w=60', 1 ), array( $limited->get_headers()['RateLimit-Policy'], preg_match( '/^"default";r=0;t=[0-9]+$/', $limited->get_headers()['RateLimit'] ) ) );
		$this->assertArrayNotHasKey( 'headers', $limited->get_data()['data'] );
		self::log_in( self::ada() );
		$this->assertSame( 200, self::rest( 'GET', '/rollcall/v1/companies.json' )->get_status() );
	}
}
