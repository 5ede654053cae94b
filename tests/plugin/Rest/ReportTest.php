<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Rest;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\Group;
use Rollcall\Contract;
use Rollcall\Database\Sql;
use Rollcall\Database\Table;
use Rollcall\Matching\Export;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;
use Rollcall\Users\UserDomains;

final class ReportTest extends TestCase {
	private const SHAPES = array( 'companies' => 'report_company_row', 'domains' => 'report_domain_row', 'users' => 'report_user_row' );

	protected function setUp(): void {
		parent::setUp();
		Planted::list();
		self::log_in( self::ada() );
	}

	public function test_the_header_is_what_the_contract_says(): void {
		$this->plant_some();
		$summary = self::rest( 'GET', '/rollcall/v1/report' )->get_data();
		self::assertTrue( Contract::check( 'report_summary', $summary ) );
		self::assertSame( 3, $summary['matched_users'] );
		self::assertSame( 2, $summary['matched_companies'] );
		self::assertSame( 1, $summary['ambiguous_domains'] );
		self::assertSame( 3, array_sum( array_column( $summary['batches'], 'user_count' ) ) );
	}

	/** A user in the header who is in no tab, or twice in one, would make the whole report doubtful. */
	#[DataProvider( 'seeds' )]
	public function test_header_tabs_and_exports_add_up_for_random_users_and_labels( int $seed ): void {
		mt_srand( $seed );
		$labels = Contract::words( 'LABELS' );
		for ( $company = 1; $company <= 12; $company++ ) {
			Planted::company( (string) $company, array( 'batch' => 0 === $company % 3 ? '' : 'Winter 20' . ( 10 + $company % 4 ), 'batch_sort' => 8040 + $company % 4, 'industry' => 'I' . $company % 3, 'status' => 1 + $company % 5 ) );
		}
		$emails = array( 'broken', 'x@(c)x.example', 'y@', 'z@[1.2.3.4]' );
		for ( $host = 0; $host < 40; $host++ ) {
			for ( $users = mt_rand( 1, 4 ); $users > 0; $users-- ) {
				$emails[] = mt_rand() . '@' . self::host( $host );
			}
		}
		$this->make_users( $emails );
		UserDomains::count_chunk( 0, 10_000, Planted::NOW_MS );
		for ( $host = 0; $host < 40; $host++ ) {
			$label = $labels[ mt_rand( 0, 11 ) ];
			if ( 0 !== mt_rand( 0, 4 ) ) {
				$companies = array_map( 'strval', array_slice( array_map( static fn (): int => mt_rand( 1, 12 ), range( 0, 3 ) ), 0, mt_rand( 1, 3 ) ) );
				Planted::label( self::host( $host ), array( 'registrable' => 'invalid' === $label ? null : 'base' . $host % 25 . '.example', 'label' => $label ), 'company' === $label ? array_values( array_unique( $companies ) ) : array() );
			}
		}
		self::assert_adds_up();
	}

	/** @return iterable<string, array{int}> */
	public static function seeds(): iterable {
		foreach ( range( 1, 12 ) as $seed ) {
			yield "seed $seed" => array( $seed );
		}
	}

	public function test_an_empty_site_has_a_report_of_zeros(): void {
		Sql::run( 'DELETE FROM {user_domains}' );
		$summary = self::rest( 'GET', '/rollcall/v1/report' )->get_data();
		self::assertTrue( Contract::check( 'report_summary', $summary ) );
		self::assertSame( 0, $summary['totals']['users_read'] );
		self::assertSame( 0, $summary['match_rate'] );
		foreach ( array_keys( self::SHAPES ) as $tab ) {
			self::assertSame( array(), self::rest( 'GET', "/rollcall/v1/report/$tab" )->get_data() );
			self::assertSame( array(), self::exported( $tab, 'json' ) );
		}
	}

	/**
	 * @param array<string, mixed> $query
	 * @param list<string>         $expected
	 */
	#[DataProvider( 'company_queries' )]
	public function test_companies_are_searched_filtered_and_sorted_in_sql( array $query, array $expected ): void {
		$this->plant_some();
		$answer = self::rest( 'GET', '/rollcall/v1/report/companies', array(), $query );
		self::assertSame( 200, $answer->get_status() );
		self::assertSame( $expected, array_column( $answer->get_data(), 'source_id' ) );
		self::assertSame( (string) count( $expected ), (string) $answer->get_headers()['X-WP-Total'] );
	}

	/** @return array<string, array{array<string, mixed>, list<string>}> */
	public static function company_queries(): array {
		return array(
			'most users first by itself'  => array( array(), array( '5', '7' ) ),
			'fewest users first'          => array( array( 'order' => 'asc' ), array( '7', '5' ) ),
			'by name'                     => array( array( 'orderby' => 'name', 'order' => 'asc' ), array( '7', '5' ) ),
			'by batch, newest first'      => array( array( 'orderby' => 'batch', 'order' => 'desc' ), array( '7', '5' ) ),
			'search in the name'          => array( array( 'search' => 'zebr' ), array( '5' ) ),
			'search in the domain'        => array( array( 'search' => 'MAIL.ACME' ), array( '5' ) ),
			'a per cent sign is no wildcard' => array( array( 'search' => '%' ), array() ),
			'a quote is text'             => array( array( 'search' => "' OR 1=1 --" ), array() ),
			'status'                      => array( array( 'status' => array( 'acquired' ) ), array( '7' ) ),
			'two statuses'                => array( array( 'status' => array( 'acquired', 'active' ) ), array( '5', '7' ) ),
			'batch'                       => array( array( 'batch' => array( 'Winter 2020' ) ), array( '5' ) ),
			'industry'                    => array( array( 'industry' => array( 'Fintech' ) ), array( '7' ) ),
			'ambiguous'                   => array( array( 'ambiguous' => '1' ), array( '5', '7' ) ),
			'not ambiguous'               => array( array( 'ambiguous' => '0' ), array() ),
		);
	}

	/**
	 * @param array<string, mixed> $query
	 * @param list<string>         $expected
	 */
	#[DataProvider( 'domain_queries' )]
	public function test_domains_are_searched_filtered_and_sorted_in_sql( array $query, array $expected ): void {
		$this->plant_some();
		$answer = self::rest( 'GET', '/rollcall/v1/report/domains', array(), $query + array( 'search' => '.example' ) );
		self::assertSame( $expected, array_column( $answer->get_data(), 'domain' ) );
		self::assertSame( (string) count( $expected ), (string) $answer->get_headers()['X-WP-Total'] );
	}

	/** @return array<string, array{array<string, mixed>, list<string>}> */
	public static function domain_queries(): array {
		return array(
			'most users first by itself' => array( array(), array( 'acme.example', 'shared.example', 'waits.example', 'web.example' ) ),
			'by domain, last first'      => array( array( 'orderby' => 'domain', 'order' => 'desc' ), array( 'web.example', 'waits.example', 'shared.example', 'acme.example' ) ),
			'label'                      => array( array( 'label' => array( 'platform' ) ), array( 'web.example' ) ),
			'waiting'                    => array( array( 'label' => array( 'waiting' ) ), array( 'waits.example' ) ),
			'ambiguous'                  => array( array( 'ambiguous' => 'true' ), array( 'shared.example' ) ),
			'search'                     => array( array( 'search' => 'SHARED' ), array( 'shared.example' ) ),
		);
	}

	/**
	 * @param array<string, mixed> $query
	 * @param list<string>         $expected
	 */
	#[DataProvider( 'user_queries' )]
	public function test_users_are_searched_filtered_and_sorted_in_sql( array $query, array $expected ): void {
		$this->plant_some();
		$answer = self::rest( 'GET', '/rollcall/v1/report/users', array(), $query );
		self::assertSame( $expected, array_column( $answer->get_data(), 'user_email' ) );
	}

	/** @return array<string, array{array<string, mixed>, list<string>}> */
	public static function user_queries(): array {
		return array(
			'label'              => array( array( 'label' => array( 'company' ), 'orderby' => 'domain', 'order' => 'asc' ), array( 'ann@acme.example', 'bob@mail.acme.example', 'cyd@shared.example' ) ),
			'waiting'            => array( array( 'label' => array( 'waiting' ), 'search' => 'waits' ), array( 'dan@waits.example' ) ),
			'no usable address'  => array( array( 'label' => array( 'no_usable_address' ) ), array( 'broken' ) ),
			'batch of the best'  => array( array( 'batch' => array( 'Winter 2020' ), 'orderby' => 'domain', 'order' => 'desc' ), array( 'cyd@shared.example', 'bob@mail.acme.example', 'ann@acme.example' ) ),
			'search by address'  => array( array( 'search' => 'ann@' ), array( 'ann@acme.example' ) ),
			'search by company'  => array( array( 'search' => 'zebra', 'orderby' => 'registered', 'order' => 'asc' ), array( 'ann@acme.example', 'bob@mail.acme.example', 'cyd@shared.example' ) ),
		);
	}

	public function test_pages_cover_each_row_once(): void {
		$this->plant_some();
		foreach ( array( 'companies' => 'source_id', 'domains' => 'domain', 'users' => 'user_id' ) as $tab => $key ) {
			$all   = array_column( self::rest( 'GET', "/rollcall/v1/report/$tab", array(), array( 'per_page' => 100 ) )->get_data(), $key );
			$paged = array();
			for ( $page = 1; $page <= count( $all ); $page++ ) {
				$paged = array( ...$paged, ...array_column( self::rest( 'GET', "/rollcall/v1/report/$tab", array(), array( 'per_page' => 1, 'page' => $page ) )->get_data(), $key ) );
			}
			self::assertSame( $all, $paged );
			self::assertSame( count( $all ), count( array_unique( $all ) ) );
		}
	}

	public function test_users_and_their_export_need_the_right_to_list_users_too(): void {
		get_role( 'editor' )?->add_cap( 'rollcall_view' );
		self::log_in( self::ed() );
		self::assertSame( 200, self::rest( 'GET', '/rollcall/v1/report/domains' )->get_status() );
		self::assertSame( 403, self::rest( 'GET', '/rollcall/v1/report/users' )->get_status() );
		self::assertSame( 403, self::rest( 'GET', '/rollcall/v1/report/users/export', array(), array( 'format' => 'csv' ) )->get_status() );
		get_role( 'editor' )?->remove_cap( 'rollcall_view' );
	}

	/**
	 * @param array<string, mixed> $query
	 */
	#[DataProvider( 'bad_queries' )]
	public function test_refuses_what_is_no_filter( string $tab, array $query ): void {
		self::assertSame( 400, self::rest( 'GET', "/rollcall/v1/report/$tab", array(), $query )->get_status() );
	}

	/** @return array<string, array{string, array<string, mixed>}> */
	public static function bad_queries(): array {
		return array(
			'orderby an expression' => array( 'companies', array( 'orderby' => 'name; DROP TABLE x' ) ),
			'order'                 => array( 'domains', array( 'order' => 'desc, 1' ) ),
			'label'                 => array( 'domains', array( 'label' => array( 'nothing' ) ) ),
			'more than 100 a page'  => array( 'users', array( 'per_page' => 101 ) ),
			'page 0'                => array( 'users', array( 'page' => 0 ) ),
			'no UTF-8'              => array( 'users', array( 'search' => "\xff" ) ),
			'no UTF-8 in a filter'  => array( 'companies', array( 'batch' => array( "Winter\xc3" ) ) ),
			'an unknown filter'     => array( 'users', array( 'user_email' => 'x' ) ),
			'no format'             => array( 'users/export', array() ),
			'another format'        => array( 'users/export', array( 'format' => 'xlsx' ) ),
		);
	}

	public function test_an_export_holds_the_rows_that_the_filters_leave(): void {
		$this->plant_some();
		self::assertSame( array( '7' ), array_column( self::exported( 'companies', 'json', array( 'status' => array( 'acquired' ) ) ), 'source_id' ) );
		self::assertSame( array( 'broken' ), array_column( self::exported( 'users', 'json', array( 'label' => array( 'no_usable_address' ) ) ), 'user_email' ) );
		$response = self::rest( 'GET', '/rollcall/v1/report/domains/export', array(), array( 'format' => 'csv' ) );
		self::assertMatchesRegularExpression( '/^attachment; filename="rollcall-domains-\d{4}-\d\d-\d\d\.csv"$/', $response->get_headers()['Content-Disposition'] );
		self::assertSame( 'text/csv; charset=utf-8', $response->get_headers()['Content-Type'] );
	}

	public function test_no_exported_cell_begins_a_formula(): void {
		foreach ( array( '=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', "\t=1", "\r=1", "\n=1", "\u{FF1D}1", "\u{FF0B}1", "\u{FF0D}1", "\u{FF20}x" ) as $number => $name ) {
			Planted::company( "f$number", array( 'name' => $name, 'one_liner' => $name, 'industry' => $name, 'batch' => mb_substr( $name, 0, 60 ) ) );
			Planted::label( "f$number.example", array( 'evidence' => $name ), array( "f$number" ) );
			$id = $this->make_user( "u@f$number.example" );
			Table::db()->update( Table::db()->users, array( 'display_name' => $name ), array( 'ID' => $id ) );
		}
		UserDomains::count_chunk( 0, 10_000, Planted::NOW_MS );
		foreach ( array_keys( self::SHAPES ) as $tab ) {
			$csv = self::csv( $tab );
			self::assertGreaterThanOrEqual( 11, count( $csv ) );
			foreach ( array( ...$csv, ...self::exported( $tab, 'json' ) ) as $row ) {
				array_walk_recursive(
					$row,
					static function ( mixed $cell ): void {
						self::assertDoesNotMatchRegularExpression( '/^[=+\-@\t\r\n\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]/u', (string) $cell );
					}
				);
			}
		}
	}

	public function test_every_csv_cell_is_quoted_and_reads_back(): void {
		Planted::company( '5', array( 'name' => "Quote \" comma , line\nbreak; \u{FC}", 'one_liner' => '' ), array() );
		Planted::label( 'acme.example', array(), array( '5' ) );
		$this->make_user( 'a@acme.example' );
		UserDomains::count_chunk( 0, 10_000, Planted::NOW_MS );
		$text = Export::body( self::rest( 'GET', '/rollcall/v1/report/companies/export', array(), array( 'format' => 'csv' ) ) );
		self::assertSame( "Quote \" comma , line\nbreak; \u{FC}", self::csv( 'companies' )[0]['name'] );
		self::assertMatchesRegularExpression( '/^\x{FEFF}(?:(?:"(?:[^"]|"")*"(?:,|\r\n))+)$/uD', $text );
	}

	public function test_an_export_that_breaks_off_says_so_in_its_last_line(): void {
		$this->plant_some();
		$response = self::rest( 'GET', '/rollcall/v1/report/domains/export', array(), array( 'format' => 'csv' ) );
		add_filter( 'query', static fn ( string $query ): string => str_contains( $query, 'rollcall_domains' ) ? 'SELECT broken FROM nowhere_at_all' : $query );
		ob_start();
		ob_start();
		self::assertTrue( Export::serve( false, $response, new \WP_REST_Request( 'GET', '/' ) ) );
		ob_end_flush();
		self::assertMatchesRegularExpression( '/\r\n"This export is incomplete\. .+"\r\n$/', (string) ob_get_clean() );
		self::assertFalse( Export::serve( false, new \WP_REST_Response(), new \WP_REST_Request( 'GET', '/' ) ) );
	}

	#[Group( 'multisite' )]
	public function test_only_users_of_this_blog_are_in_the_report(): void {
		$mine   = $this->make_user( 'mine@here.example' );
		$theirs = $this->make_user( 'theirs@there.example' );
		delete_user_meta( $theirs, Table::db()->get_blog_prefix() . 'capabilities' );
		UserDomains::count_chunk( 0, 10_000, Planted::NOW_MS );
		$ids = array_column( self::rest( 'GET', '/rollcall/v1/report/users', array(), array( 'per_page' => 100 ) )->get_data(), 'user_id' );
		self::assertContains( $mine, $ids );
		self::assertNotContains( $theirs, $ids );
		self::assert_adds_up();
	}

	public function test_a_user_who_vanished_since_the_count_is_still_a_row(): void {
		$this->plant_some();
		Table::db()->query( 'DELETE FROM ' . Table::db()->users . " WHERE user_email = 'ann@acme.example'" );
		$row = self::rest( 'GET', '/rollcall/v1/report/users', array(), array( 'orderby' => 'registered', 'order' => 'asc' ) )->get_data()[0];
		self::assertSame( array( '', '', '1970-01-01T00:00:00Z', 'acme.example' ), array( $row['display_name'], $row['user_email'], $row['registered_at'], $row['domain'] ) );
		self::assert_adds_up();
	}

	private function plant_some(): void {
		Sql::run( 'DELETE FROM {user_domains}' );
		Planted::company( '5', array( 'name' => 'Zebra' ) );
		Planted::company( '7', array( 'name' => 'Apple tree', 'batch' => 'Summer 2021', 'batch_sort' => 8086, 'industry' => 'Fintech', 'status' => 3 ) );
		$this->make_users( array( 'ann@acme.example', 'bob@mail.acme.example', 'cyd@shared.example', 'dan@waits.example', 'eve@web.example', 'broken' ) );
		Table::db()->query( 'DELETE FROM ' . Table::db()->users . ' WHERE ID < ' . (int) Table::db()->get_var( 'SELECT MIN(ID) FROM ' . Table::db()->users . " WHERE user_email = 'ann@acme.example'" ) . ' AND ID <> ' . self::ada() . ' AND ID <> ' . self::ed() );
		UserDomains::count_chunk( 0, 10_000, Planted::NOW_MS );
		foreach ( array( self::ada(), self::ed() ) as $cast ) {
			Sql::run( 'DELETE FROM {user_domains} WHERE user_id = %d', $cast );
		}
		Planted::label( 'acme.example', array(), array( '5' ) );
		Planted::label( 'mail.acme.example', array( 'registrable' => 'acme.example' ), array( '5' ) );
		Planted::label( 'shared.example', array(), array( '5', '7' ) );
		Planted::label( 'web.example', array( 'label' => 'platform' ) );
	}

	private static function assert_adds_up(): void {
		$summary = self::rest( 'GET', '/rollcall/v1/report' )->get_data();
		self::assertTrue( Contract::check( 'report_summary', $summary ) );
		$totals = $summary['totals'];
		$users  = self::all( 'users' );
		self::assertSame( $totals['users_read'], count( $users ) );
		self::assertSame( $totals['users_read'], $totals['no_usable_address'] + $totals['waiting'] + $totals['below_threshold'] + array_sum( array_column( $totals['labels'], 'user_count' ) ) );
		self::assertSame( $totals['no_usable_address'], count( array_filter( $users, static fn ( array $row ): bool => null !== $row['reason'] ) ) );

		$domains = self::all( 'domains' );
		self::assertSame( $summary['domain_count'], count( $domains ) );
		self::assertSame( $totals['users_read'] - $totals['no_usable_address'], array_sum( array_column( $domains, 'user_count' ) ) );
		self::assertSame( $summary['ambiguous_domains'], count( array_filter( array_column( $domains, 'ambiguous' ) ) ) );
		foreach ( array( ...$totals['labels'], array( 'label' => null, 'user_count' => $totals['waiting'], 'domain_count' => null ) ) as $count ) {
			$of_label = array_filter( $domains, static fn ( array $row ): bool => $count['label'] === $row['label'] );
			self::assertSame( $count['user_count'], array_sum( array_column( $of_label, 'user_count' ) ) );
			self::assertSame( $count['domain_count'] ?? count( $of_label ), count( $of_label ) );
			self::assertSame( $count['user_count'], count( array_filter( $users, static fn ( array $row ): bool => null === $row['reason'] && $count['label'] === $row['label'] ) ) );
		}

		$companies = self::all( 'companies' );
		self::assertSame( $summary['matched_companies'], count( $companies ) );
		foreach ( $companies as $company ) {
			$named = array_filter( $users, static fn ( array $row ): bool => in_array( $company['name'], $row['company_names'], true ) );
			self::assertSame( $company['user_count'], count( $named ), $company['name'] );
		}
		foreach ( array( 'batches', 'industries', 'statuses' ) as $chart ) {
			self::assertSame( $summary['matched_users'], array_sum( array_column( $summary[ $chart ], 'user_count' ) ) );
			self::assertSame( $summary['matched_companies'], array_sum( array_column( $summary[ $chart ], 'company_count' ) ) );
		}
		foreach ( self::SHAPES as $tab => $shape ) {
			$rows = self::all( $tab );
			self::assertCount( count( $rows ), self::csv( $tab ) );
			$exported = self::exported( $tab, 'json' );
			self::assertSame( self::sorted( $rows ), self::sorted( $exported ) );
			foreach ( $rows as $row ) {
				self::assertTrue( Contract::check( $shape, $row ) );
			}
		}
	}

	/** @return list<array<string, mixed>> */
	private static function all( string $tab ): array {
		$rows = array();
		$page = 0;
		do {
			$answer = self::rest( 'GET', "/rollcall/v1/report/$tab", array(), array( 'per_page' => 100, 'page' => ++$page ) );
			$rows   = array( ...$rows, ...$answer->get_data() );
		} while ( $page < (int) $answer->get_headers()['X-WP-TotalPages'] );
		return $rows;
	}

	/**
	 * @param array<string, mixed> $query
	 * @return list<array<string, mixed>>
	 */
	private static function exported( string $tab, string $format, array $query = array() ): array {
		return json_decode( Export::body( self::rest( 'GET', "/rollcall/v1/report/$tab/export", array(), array( 'format' => $format ) + $query ) ), true, 16, JSON_THROW_ON_ERROR );
	}

	/** @return list<array<string, string>> */
	private static function csv( string $tab ): array {
		$text = Export::body( self::rest( 'GET', "/rollcall/v1/report/$tab/export", array(), array( 'format' => 'csv' ) ) );
		$file = fopen( 'php://memory', 'w+' );
		self::assertNotFalse( $file );
		fwrite( $file, substr( $text, 3 ) );
		rewind( $file );
		$head = (array) fgetcsv( $file, null, ',', '"', '' );
		$rows = array();
		for ( $row = fgetcsv( $file, null, ',', '"', '' ); false !== $row; $row = fgetcsv( $file, null, ',', '"', '' ) ) {
			$rows[] = array_combine( array_map( 'strval', $head ), $row );
		}
		return $rows;
	}

	/**
	 * @param list<array<string, mixed>> $rows
	 * @return list<string>
	 */
	private static function sorted( array $rows ): array {
		$texts = array_map( static fn ( array $row ): string => (string) wp_json_encode( $row ), $rows );
		sort( $texts );
		return $texts;
	}

	private static function host( int $number ): string {
		return "h$number.base" . $number % 25 . '.example';
	}
}
