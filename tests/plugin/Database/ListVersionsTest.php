<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Database;

use PHPUnit\Framework\Attributes\DataProvider;
use Rollcall\Database\DataVersion;
use Rollcall\Database\DomainClaims;
use Rollcall\Database\Lists;
use Rollcall\Database\ListVersions;
use Rollcall\Database\Sql;
use Rollcall\Database\Transaction;
use Rollcall\RollcallError;
use Rollcall\Tests\ListFactory;
use Rollcall\Tests\TestCase;

final class ListVersionsTest extends TestCase {
	public function test_the_last_page_switches_to_the_new_version(): void {
		$version = DataVersion::current();
		self::store( ListFactory::page( 'one', array( ListFactory::company( '1' ), ListFactory::company( '2' ) ), array( ListFactory::domain( 'c1.example', '1' ) ) ) );
		$list = Lists::find( 'yc' );
		$this->assertSame( array( 1, hash( 'sha256', 'one' ), 'yc', 2, null ), array( $list['active_version'], $list['active_sha256'], $list['active_source'], $list['row_count'], $list['staging_sha256'] ) );
		$this->assertSame( $version + 1, DataVersion::current() );
	}

	public function test_nothing_is_visible_before_the_last_page(): void {
		$version = DataVersion::current();
		$pages   = array( 'page_count' => 2, 'row_count' => 2 );
		self::store( ListFactory::page( 'one', array( ListFactory::company( '1' ) ), array( ListFactory::domain( 'c1.example', '1' ) ), $pages ) );
		$list = Lists::find( 'yc' );
		$this->assertSame( array( 0, 1, 1 ), array( $list['active_version'], $list['staging_version'], $list['staged_pages'] ) );
		$this->assertSame( $version, DataVersion::current() );
		$this->assertSame( array(), Sql::rows( 'SELECT * FROM {company_domains} WHERE list_uid = %s', 'yc' ) );
		self::store( ListFactory::page( 'one', array( ListFactory::company( '2' ) ), array(), array( 'page' => 2 ) + $pages ) );
		$this->assertSame( array( 1, 2 ), array( Lists::find( 'yc' )['active_version'], Lists::find( 'yc' )['row_count'] ) );
	}

	public function test_a_repeated_page_changes_nothing(): void {
		$page = ListFactory::page( 'one', array( ListFactory::company( '1' ) ), array(), array( 'page_count' => 2 ) );
		self::store( $page );
		self::store( $page );
		$this->assertSame( 1, Lists::find( 'yc' )['staged_pages'] );
		self::store( ListFactory::page( 'one', array(), array(), array( 'page' => 2, 'page_count' => 2, 'row_count' => 1 ) ) );
		$before = Sql::rows( 'SELECT * FROM {lists}' );
		self::store( $page );
		$this->assertSame( $before, Sql::rows( 'SELECT * FROM {lists}' ), 'Also once it is in use.' );
	}

	/** @return iterable<string, array{array<string, mixed>, string}> */
	public static function refused(): iterable {
		$pages = array( 'page_count' => 3 );
		yield 'a page of an unknown version that is not the first' => array( ListFactory::page( 'two', array(), array(), array( 'page' => 2 ) + $pages ), 'bad_request' );
		yield 'a page too far'                                     => array( ListFactory::page( 'one', array(), array(), array( 'page' => 3 ) + $pages ), 'bad_request' );
		yield 'page 0'                                             => array( ListFactory::page( 'two', array(), array(), array( 'page' => 0 ) ), 'bad_request' );
		yield 'an unknown list'                                    => array( ListFactory::page( 'two', array(), array(), array( 'list_uid' => 'other' ) ), 'not_found' );
		yield 'a source_id in capitals'                            => array( ListFactory::page( 'two', array( ListFactory::company( 'A' ) ) ), 'bad_request' );
		yield 'a domain that is not ASCII'                         => array( ListFactory::page( 'two', array(), array( ListFactory::domain( 'bücher.example', '1' ) ) ), 'bad_request' );
	}

	/** @param array<string, mixed> $page */
	#[DataProvider( 'refused' )]
	public function test_refuses( array $page, string $code ): void {
		self::store( ListFactory::page( 'one', array( ListFactory::company( '1' ) ), array(), array( 'page_count' => 3 ) ) );
		$before = Sql::rows( 'SELECT * FROM {lists}' );
		try {
			self::store( $page );
			$this->fail( 'It was stored.' );
		} catch ( RollcallError $error ) {
			$this->assertSame( $code, $error->error_code );
		}
		$this->assertSame( $before, Sql::rows( 'SELECT * FROM {lists}' ) );
	}

	public function test_a_content_that_was_fetched_before_the_one_in_use_is_refused(): void {
		self::store( ListFactory::page( 'newer', array( ListFactory::company( '1' ) ), array(), array( 'fetched_at_ms' => 1_000_000 ) ), 2_000_000 );
		$before = Sql::rows( 'SELECT * FROM {lists}' );
		try {
			self::store( ListFactory::page( 'older', array( ListFactory::company( '2' ) ), array(), array( 'fetched_at_ms' => 999_999 ) ), 2_000_000 );
			$this->fail( 'It was stored.' );
		} catch ( RollcallError $error ) {
			$this->assertSame( 'list_outdated', $error->error_code );
		}
		$this->assertSame( $before, Sql::rows( 'SELECT * FROM {lists}' ) );
		self::store( ListFactory::page( 'same time', array( ListFactory::company( '2' ) ), array(), array( 'fetched_at_ms' => 1_000_000 ) ), 2_000_000 );
		$this->assertSame( hash( 'sha256', 'same time' ), Lists::find( 'yc' )['active_sha256'] );
	}

	public function test_a_clock_that_is_ahead_does_not_refuse_what_comes_next(): void {
		self::store( ListFactory::page( 'ahead', array( ListFactory::company( '1' ) ), array(), array( 'fetched_at_ms' => 6000 ) ), 5000 );
		$this->assertSame( 5000, Lists::find( 'yc' )['fetched_at_ms'] );
	}

	public function test_another_content_ends_a_staging_and_its_number_is_not_used_again(): void {
		self::store( ListFactory::page( 'one', array( ListFactory::company( '1' ) ), array( ListFactory::domain( 'c1.example', '1' ) ) ) );
		self::store( ListFactory::page( 'two', array( ListFactory::company( '2' ) ), array( ListFactory::domain( 'c2.example', '2' ), ListFactory::domain( 'c1.example', '1' ) ), array( 'page_count' => 2 ) ) );
		self::store( ListFactory::page( 'three', array( ListFactory::company( '3' ) ), array( ListFactory::domain( 'c3.example', '3' ) ) ) );
		$this->assertSame( 3, Lists::find( 'yc' )['active_version'] );
		$this->assertSame( array( 'c1.example', 'c3.example' ), Sql::column( 'SELECT domain FROM {company_domains} ORDER BY domain' ) );
		$this->assertSame( array( '1', '3' ), Sql::column( 'SELECT DISTINCT version FROM {companies} ORDER BY version' ) );
		$this->assertLessThan( 3, (int) Sql::value( 'SELECT last_version FROM {company_domains} WHERE domain = %s', 'c1.example' ), 'It is a former domain now.' );
	}

	/** @return iterable<string, array{array<string, mixed>}> */
	public static function second_pages(): iterable {
		yield 'for another content'         => array( ListFactory::page( 'four', array( ListFactory::company( '1' ) ), array(), array( 'page_count' => 2 ) ) );
		yield 'for another number of pages' => array( ListFactory::page( 'three', array( ListFactory::company( '1' ) ), array(), array( 'page' => 2, 'page_count' => 3 ) ) );
	}

	/** @param array<string, mixed> $second */
	#[DataProvider( 'second_pages' )]
	public function test_an_abandoned_staging_leaves_the_domains_as_they_were( array $second ): void {
		$domains = static fn ( string ...$names ): array => array_map( static fn ( string $name ): array => ListFactory::domain( "$name.example", '1' ), $names );
		self::store( ListFactory::page( 'one', array( ListFactory::company( '1' ) ), $domains( 'back', 'stays' ) ), 1000 );
		self::store( ListFactory::page( 'two', array( ListFactory::company( '1' ) ), $domains( 'stays' ) ), 2000 );
		$before = Sql::rows( 'SELECT * FROM {company_domains} ORDER BY domain' );
		$alias  = ListFactory::domain( 'stays.example', '1', 'alias' );
		self::store( ListFactory::page( 'three', array( ListFactory::company( '1' ) ), array( ...$domains( 'back', 'new' ), $alias ), array( 'page_count' => 2 ) ), 3000 );
		self::assertSame( array( true, false ), array( DomainClaims::of( array( 'back.example' ) )['back.example'][0]['former'], DomainClaims::of( array( 'stays.example' ) )['stays.example'][0]['former'] ), 'Nothing of a staging is visible.' );
		self::store( $second, 4000 );
		$this->assertSame( $before, Sql::rows( 'SELECT * FROM {company_domains} ORDER BY domain' ) );
	}

	public function test_a_domain_that_comes_back_is_current_from_the_activation_on(): void {
		$domain = static fn (): array => array( ListFactory::domain( 'back.example', '1' ) );
		self::store( ListFactory::page( 'one', array( ListFactory::company( '1' ) ), $domain() ), 1000 );
		self::store( ListFactory::page( 'two', array( ListFactory::company( '1' ) ) ), 2000 );
		$this->assertTrue( DomainClaims::of( array( 'back.example' ) )['back.example'][0]['former'] );
		self::store( ListFactory::page( 'three', array( ListFactory::company( '1' ) ), $domain(), array( 'page_count' => 2 ) ), 3000 );
		self::store( ListFactory::page( 'three', array(), array(), array( 'page' => 2, 'page_count' => 2, 'row_count' => 1 ) ), 3001 );
		$this->assertFalse( DomainClaims::of( array( 'back.example' ) )['back.example'][0]['former'] );
		$this->assertSame( array( array( '1', '3', '1000', '3000' ) ), array_map( 'array_values', Sql::rows( 'SELECT first_version, last_version, first_seen_ms, last_seen_ms FROM {company_domains}' ) ) );
	}

	public function test_a_content_that_is_cut_into_other_pages_in_mid_staging_begins_again(): void {
		$cut = static fn ( int $page, int $of ): array => ListFactory::page( 'one', array( ListFactory::company( "$of$page" ) ), array( ListFactory::domain( "c$of$page.example", "$of$page" ) ), array( 'page' => $page, 'page_count' => $of, 'row_count' => $of ) );
		self::store( $cut( 1, 3 ) );
		self::store( $cut( 2, 4 ) );
		$list = Lists::find( 'yc' );
		$this->assertSame( array( null, 0 ), array( $list['staging_sha256'], $list['staged_pages'] ), 'The companion is told to begin with page 1.' );
		$this->assertSame( array(), Sql::column( 'SELECT domain FROM {company_domains}' ) );
		foreach ( array( 1, 2, 3, 4 ) as $page ) {
			self::store( $cut( $page, 4 ) );
		}
		$this->assertSame( array( '41', '42', '43', '44' ), Sql::column( 'SELECT source_id FROM {companies} ORDER BY source_id' ) );
		$this->assertSame( 2, Lists::find( 'yc' )['active_version'], 'A number is not used again.' );
	}

	public function test_a_version_that_lacks_companies_is_not_switched_to(): void {
		self::store( ListFactory::page( 'one', array( ListFactory::company( '1' ), ListFactory::company( '2' ) ) ) );
		$pages = array( 'page_count' => 2, 'row_count' => 3 );
		self::store( ListFactory::page( 'two', array( ListFactory::company( '1' ) ), array(), $pages ) );
		$last = ListFactory::page( 'two', array( ListFactory::company( '2' ) ), array(), array( 'page' => 2 ) + $pages );
		$code = Transaction::run(
			static function () use ( $last ): ?string {
				try {
					ListVersions::store_page( $last, 5000 );
					return null;
				} catch ( RollcallError $error ) {
					return $error->error_code;
				}
			}
		);
		$this->assertSame( 'bad_request', $code );
		$list = Lists::find( 'yc' );
		$this->assertSame( array( 1, null, 0 ), array( $list['active_version'], $list['staging_sha256'], $list['staged_pages'] ), 'It begins again with page 1.' );
		$this->assertSame( array( '1' ), Sql::column( 'SELECT DISTINCT version FROM {companies}' ) );
	}

	public function test_another_source_begins_without_the_domains_of_the_old_one(): void {
		self::store( ListFactory::page( 'one', array( ListFactory::company( '1', array( 'source' => 'sample' ) ) ), array( ListFactory::domain( 'made-up.example', '1' ) ), array( 'source' => 'sample' ) ) );
		self::store( ListFactory::page( 'two', array( ListFactory::company( '1' ) ), array( ListFactory::domain( 'real.example', '1' ) ) ) );
		$this->assertSame( array( 'real.example' ), Sql::column( 'SELECT domain FROM {company_domains}' ), 'Company 1 of the sample is not company 1 of the real list.' );
	}

	public function test_companies_that_left_stay_as_tombstones_and_come_back(): void {
		self::store( ListFactory::page( 'one', array( ListFactory::company( '1' ), ListFactory::company( '2' ) ) ), 1000 );
		self::store( ListFactory::page( 'two', array( ListFactory::company( '1' ) ) ), 2000 );
		self::store( ListFactory::page( 'three', array( ListFactory::company( '1' ) ) ), 3000 );
		$this->assertSame( array( '1000', '2000' ), self::seen( '2' ), 'Seen first at 1000, gone since 2000; copied on.' );
		$this->assertSame( 1, Lists::find( 'yc' )['row_count'] );
		self::store( ListFactory::page( 'four', array( ListFactory::company( '1' ), ListFactory::company( '2' ) ) ), 4000 );
		$this->assertSame( array( '1000', null ), self::seen( '2' ) );
	}

	public function test_the_sample_leaves_no_tombstones_in_a_real_list(): void {
		self::store( ListFactory::page( 'one', array( ListFactory::company( '1', array( 'source' => 'sample' ) ) ), array(), array( 'source' => 'sample' ) ) );
		self::store( ListFactory::page( 'two', array( ListFactory::company( '2' ) ) ) );
		$this->assertSame( array( '2' ), Sql::column( 'SELECT source_id FROM {companies} WHERE version = 2' ) );
		$this->assertSame( 'yc', Lists::find( 'yc' )['active_source'] );
	}

	public function test_keeps_the_version_in_use_and_the_one_before(): void {
		foreach ( array( 'one', 'two', 'three', 'four' ) as $version ) {
			self::store( ListFactory::page( $version, array( ListFactory::company( '1' ) ) ) );
		}
		$this->assertSame( array( '3', '4' ), Sql::column( 'SELECT DISTINCT version FROM {companies} ORDER BY version' ) );
	}

	public function test_takes_over_more_domains_than_are_read_at_a_time(): void {
		$domains = array_map( static fn ( int $number ): array => ListFactory::domain( "d$number.example", '1', 0 === $number % 3 ? 'former' : 'current' ), range( 1, 4001 ) );
		self::store( ListFactory::page( 'one', array( ListFactory::company( '1' ) ), $domains ) );
		$this->assertSame( array( 'yc' ), Sql::column( 'SELECT DISTINCT list_uid FROM {company_domains}' ) );
		$this->assertSame( array( '1333', '2668' ), Sql::column( 'SELECT COUNT(*) FROM {company_domains} GROUP BY last_version ORDER BY last_version' ) );
	}

	public function test_a_domain_carried_as_former_never_becomes_current_by_it(): void {
		self::store( ListFactory::page( 'one', array( ListFactory::company( '1' ) ), array( ListFactory::domain( 'old.example', '1', 'former' ), ListFactory::domain( 'new.example', '1' ) ) ) );
		self::store( ListFactory::page( 'two', array( ListFactory::company( '1' ) ), array( ListFactory::domain( 'new.example', '1', 'former' ) ) ) );
		$rows = Sql::rows( 'SELECT domain, first_version, last_version FROM {company_domains} ORDER BY domain' );
		$this->assertSame( array( array( 'new.example', '1', '1' ), array( 'old.example', '0', '0' ) ), array_map( 'array_values', $rows ) );
	}

	public function test_texts_of_every_kind_come_back_as_they_were_sent(): void {
		$company = ListFactory::company(
			'1',
			array(
				'name'         => 'Ünï "quoted" \\ 🦊 % _ {kv}',
				'former_names' => array( 'Ältere "Firma"', '例え' ),
				'regions'      => array_fill( 0, 100, str_repeat( 'ü', 200 ) ),
				'team_size'    => null,
				'batch_sort'   => 9007199254740991,
			)
		);
		self::store( ListFactory::page( 'one', array( $company ) ) );
		$row = Sql::row( 'SELECT * FROM {companies}' );
		$this->assertSame( $company['name'], $row['name'] );
		$this->assertSame( $company['former_names'], json_decode( (string) $row['former_names'], true ) );
		$this->assertCount( 100, json_decode( (string) $row['regions'], true ) );
		$this->assertSame( array( null, '2147483647' ), array( $row['team_size'], $row['batch_sort'] ) );
	}

	/** @param array<string, mixed> $page */
	private static function store( array $page, int $now_ms = 5000 ): void {
		Transaction::run( static fn() => ListVersions::store_page( $page, $now_ms ) );
	}

	/** @return array{string|null, string|null} */
	private static function seen( string $source_id ): array {
		$row = Sql::row( 'SELECT first_seen_ms, removed_at_ms FROM {companies} WHERE source_id = %s ORDER BY version DESC LIMIT 1', $source_id );
		return array( $row['first_seen_ms'], $row['removed_at_ms'] );
	}
}
