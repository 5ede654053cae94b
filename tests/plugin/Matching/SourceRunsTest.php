<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Matching;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\Group;
use Rollcall\Contract;
use Rollcall\Database\DataVersion;
use Rollcall\Database\Domains;
use Rollcall\Database\Kv;
use Rollcall\Database\ReportPeople;
use Rollcall\Database\Runs;
use Rollcall\Database\Sql;
use Rollcall\Database\Table;
use Rollcall\Matching\Report;
use Rollcall\Matching\RunProgress;
use Rollcall\Matching\SourceCounting;
use Rollcall\RollcallError;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;
use Rollcall\Users\Sources;

final class SourceRunsTest extends TestCase {
	protected function setUp(): void {
		parent::setUp();
		Planted::list();
		Planted::company( '5' );
		Table::db()->query( 'DELETE FROM ' . Table::db()->comments );
	}

	protected function tearDown(): void {
		foreach ( array( 'wc_customer_lookup', 'wc_orders' ) as $table ) {
			Table::db()->query( 'DROP TABLE IF EXISTS ' . Table::db()->prefix . $table );
		}
		parent::tearDown();
	}

	public function test_comment_authors_count_once_and_not_when_they_are_users(): void {
		$this->make_user( 'Ann@acme.example' );
		self::comments( array( 'ann@acme.example', 'bob@acme.example', 'BOB@acme.example ', 'carl@other.example', '', 'broken' ) );
		self::comments( array( 'spam@spam.example' ), 'spam' );
		$run = $this->run_of( array( 'comments', 'users' ), array( 'acme.example' => '5' ) );
		self::assertSame( array( 'users', 'comments' ), $run['sources'] );
		self::assertSame( 3, $run['progress']['sources']['comments']['read'] );
		self::assertSame( array( 'acme.example' => '1', 'other.example' => '1' ), self::people( $run['run_id'], 'comments' ) );
		self::assertSame( 2, $run['matched_users'], 'Ann as a user, Bob as an author.' );
		self::assertSame( \Rollcall\Database\UserDomains::user_count() + 3, $run['users_read'] );
		self::adds_up( $run['totals'] );

		$alone = $this->run_of( array( 'comments' ), array( 'acme.example' => '5' ) );
		self::assertSame( array( 'acme.example' => '2', 'other.example' => '1' ), self::people( $alone['run_id'], 'comments' ) );
		self::assertSame( 4, $alone['totals']['users_read'] );
		self::assertSame( 1, $alone['totals']['no_usable_address'] );
	}

	public function test_customers_and_guests_of_woocommerce_are_read_from_its_tables(): void {
		self::assertFalse( Sources::available( 'woocommerce' ) );
		self::shop( array( 'ann@acme.example', 'bob@acme.example' ) );
		self::orders( array( array( 'bob@acme.example', 0, 'wc-completed' ), array( 'guest@guest.example', 0, 'wc-completed' ), array( 'other@account.example', 7, 'wc-completed' ), array( 'x@draft.example', 0, 'wc-checkout-draft' ) ) );
		self::assertTrue( Sources::available( 'woocommerce' ) );
		$run = $this->run_of( array( 'woocommerce' ), array( 'acme.example' => '5' ) );
		self::assertSame( array( 'acme.example' => '2', 'guest.example' => '1' ), self::people( $run['run_id'], 'woocommerce' ) );
		self::assertSame( 2, $run['matched_users'] );
	}

	public function test_guests_of_older_shops_are_read_from_their_posts(): void {
		self::shop( array() );
		foreach ( array( array( 'guest@guest.example', '0', 'wc-completed' ), array( 'held@account.example', '7', 'wc-completed' ), array( 'x@trash.example', '0', 'trash' ) ) as list( $email, $customer, $status ) ) {
			$post_id = (int) wp_insert_post( array( 'post_type' => 'shop_order', 'post_status' => $status, 'post_title' => 'Order' ) );
			update_post_meta( $post_id, '_billing_email', $email );
			update_post_meta( $post_id, '_customer_user', $customer );
		}
		$run = $this->run_of( array( 'woocommerce' ) );
		self::assertSame( array( 'guest.example' => '1' ), self::people( $run['run_id'], 'woocommerce' ) );
	}

	public function test_another_plugin_offers_addresses_by_one_filter(): void {
		self::offer( 'crm', static fn ( int $after, int $limit ): array => array( 'addresses' => array( "a$after@crm.example", 'same@crm.example' ), 'next' => $after < 3 ? $after + 1 : null ) );
		$items = array_column( Sources::all(), null, 'source' );
		self::assertSame( 'Customers of the CRM', $items['crm']['title'] );
		foreach ( $items as $item ) {
			self::assertTrue( Contract::check( 'address_source', $item ) );
		}
		$run = $this->run_of( array( 'crm' ) );
		self::assertSame( array( 'crm.example' => '5' ), self::people( $run['run_id'], 'crm' ) );
		self::assertSame( 64, (int) Sql::value( 'SELECT MIN(source) FROM {run_domains} WHERE run_id = %d', $run['run_id'] ) );
		self::assertNull( $run['error_code'] );
		self::assertSame( $run['run_id'], array_column( Sources::all(), 'newest_run_id', 'source' )['crm'] );
	}

	/** @param callable(int, int): mixed $page */
	#[DataProvider( 'bad_sources' )]
	public function test_a_source_that_misbehaves_is_given_up_and_the_run_says_so( callable $page, string $says, int $read ): void {
		self::offer( 'crm', $page );
		$this->make_user( 'ann@acme.example' );
		$run = $this->run_of( array( 'users', 'crm' ), array( 'acme.example' => '5' ) );
		self::assertSame( array( 'done', 'source_failed' ), array( $run['state'], $run['error_code'] ) );
		self::assertStringContainsString( $says, (string) $run['error_message'] );
		self::assertStringNotContainsString( '@', (string) $run['error_message'] );
		self::assertSame( $read, $run['progress']['sources']['crm']['read'] );
		self::assertSame( 1, $run['matched_users'] );
		self::adds_up( $run['totals'] );
	}

	/** @return array<string, array{callable(int, int): mixed, string, int}> */
	public static function bad_sources(): array {
		return array(
			'throws'                  => array( static fn () => throw new \RuntimeException( 'no row for eve@secret.example' ), 'RuntimeException', 0 ),
			'throws later'            => array( static fn ( int $after ): array => 0 === $after ? array( 'addresses' => array( 'a@b.example' ), 'next' => 1 ) : throw new \Error( 'x' ), 'Error', 1 ),
			'answers no array'        => array( static fn (): string => 'none', 'array( addresses, next )', 0 ),
			'has no cursor'           => array( static fn (): array => array( 'addresses' => array() ), 'array( addresses, next )', 0 ),
			'never moves on'          => array( static fn ( int $after ): array => array( 'addresses' => array( 'a@b.example' ), 'next' => $after ), 'do not come to an end', 0 ),
			'a page without measure'  => array( static fn (): array => array( 'addresses' => array_fill( 0, 10_001, 'a@b.example' ), 'next' => null ), '10,000', 0 ),
		);
	}

	public function test_pages_that_bring_nobody_new_come_to_an_end(): void {
		self::offer( 'crm', static fn ( int $after ): array => array( 'addresses' => array( 'a@b.example' ), 'next' => $after + 1 ) );
		$run_id = RunProgress::start( self::ada(), true, Planted::NOW_MS, array( 'crm' ) );
		SourceCounting::step( $run_id, 'crm', 1000, Planted::NOW_MS );
		$run                                        = Runs::find( $run_id ) ?? array();
		$run['progress']['sources']['crm']['empty'] = SourceCounting::EMPTY_PAGES - 2;
		Runs::save_progress( $run_id, $run['progress'], 0 );
		RunProgress::advance( Planted::NOW_MS );
		$run = Runs::find( $run_id ) ?? array();
		self::assertSame( array( 'labelling', 'source_failed', 1 ), array( $run['state'], $run['error_code'], $run['users_read'] ) );
	}

	public function test_a_source_that_ends_the_request_is_not_asked_a_fourth_time(): void {
		$asked = 0;
		self::offer(
			'crm',
			static function () use ( &$asked ): array {
				return array( 'addresses' => array( 'a@b.example' ), 'next' => ++$asked );
			}
		);
		$run_id = RunProgress::start( self::ada(), true, Planted::NOW_MS, array( 'crm' ) );
		$run                                        = Runs::find( $run_id ) ?? array();
		$run['progress']['sources']['crm']          = SourceCounting::at( $run, 'crm' );
		$run['progress']['sources']['crm']['tries'] = 3;
		Runs::save_progress( $run_id, $run['progress'], 0 );
		RunProgress::advance( Planted::NOW_MS );
		self::assertSame( 0, $asked );
		self::assertSame( 'source_failed', ( Runs::find( $run_id ) ?? array() )['error_code'] );
	}

	public function test_what_is_no_text_is_a_person_without_a_usable_address(): void {
		self::offer( 'crm', static fn (): array => array( 'addresses' => array( 7, null, array( 'x@y.example' ), 'a@b.example' ), 'next' => null ) );
		$run = $this->run_of( array( 'crm' ) );
		self::assertSame( array( array( 'reason' => 'not_string', 'user_count' => 3 ) ), $run['totals']['reasons'] );
		self::assertSame( 4, $run['totals']['users_read'] );
	}

	public function test_text_that_is_no_utf8_is_counted_like_any_other(): void {
		self::offer( 'crm', static fn (): array => array( 'addresses' => array( "jos\xe9@b.example", "\xff\xfe", 'a@b.example' ), 'next' => null ) );
		$this->make_user( 'ann@acme.example' );
		$run = $this->run_of( array( 'users', 'crm' ) );
		self::assertNull( $run['error_code'] );
		self::assertSame( 3, $run['progress']['sources']['crm']['read'] );
		self::adds_up( $run['totals'] );
	}

	public function test_a_source_that_is_not_there_starts_no_run(): void {
		$this->expectExceptionObject( new RollcallError( 'source_unavailable', 'There are no addresses of the source crm.' ) );
		RunProgress::start( self::ada(), true, Planted::NOW_MS, array( 'users', 'crm' ) );
	}

	/** Whatever statement a kill hits, the next step repeats the page and nobody counts twice. */
	public function test_a_kill_at_any_statement_costs_a_repeat_of_the_page_only(): void {
		self::comments( array( 'ann@acme.example', 'bob@acme.example', 'carl@other.example', 'broken' ) );
		$killed = 0;
		for ( $kill_at = 1; $kill_at < 80; $kill_at++ ) {
			$run_id    = RunProgress::start( self::ada(), true, Planted::NOW_MS, array( 'comments' ) );
			$statement = 0;
			$kill      = static function ( string $query ) use ( &$statement, $kill_at ): string {
				if ( str_contains( $query, 'rollcall_' ) && 1 !== preg_match( '/^\s*SELECT/i', $query ) && ++$statement === $kill_at ) {
					throw new RollcallError( 'database_busy', 'Killed.' );
				}
				return $query;
			};
			add_filter( 'query', $kill );
			try {
				RunProgress::advance( Planted::NOW_MS );
			} catch ( RollcallError ) {
				++$killed;
			}
			remove_filter( 'query', $kill );
			RunProgress::advance( Planted::NOW_MS );
			$run = Runs::find( $run_id ) ?? array();
			self::assertSame( 4, $run['users_read'], "killed at statement $kill_at" );
			self::assertSame( array( 'acme.example' => '2', 'other.example' => '1' ), self::people( $run_id, 'comments' ) );
			RunProgress::cancel( $run_id, Planted::NOW_MS );
			if ( $statement < $kill_at ) {
				break;
			}
		}
		self::assertGreaterThan( 8, $killed );
	}

	public function test_nothing_of_an_address_is_kept_and_the_hashes_go_with_the_counting(): void {
		$words = array();
		for ( $number = 0; $number < 200; $number++ ) {
			$words[] = 'canary' . bin2hex( pack( 'N', $number * 2654435761 % 4294967296 ) );
		}
		self::comments( array_map( static fn ( string $word, int $number ): string => 0 === $number % 9 ? "$word <$word@x.example>" : "$word@host" . $number % 7 . '.example', $words, array_keys( $words ) ) );
		self::offer( 'crm', static fn ( int $after ): array => array( 'addresses' => array_map( static fn ( string $word ): string => "$word@crm.example", $words ), 'next' => null ) );
		$hashes = array();
		$listen = static function ( string $query ) use ( &$hashes ): string {
			if ( 1 === preg_match( '/^INSERT INTO `?\w*rollcall_run_addresses/', $query ) ) {
				preg_match_all( "/'([0-9a-f]{32})'/", $query, $found );
				$hashes = array_merge( $hashes, $found[1] );
			}
			return $query;
		};
		add_filter( 'query', $listen );
		$run = $this->run_of( array( 'comments', 'crm' ) );
		remove_filter( 'query', $listen );
		self::assertSame( 'done', $run['state'] );
		self::assertCount( 400, $hashes );
		self::assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {run_addresses}' ) );
		self::assertNull( Kv::get( 'run:address_key' ) );
		$text = '';
		foreach ( array( 'run_domains', 'run_companies', 'runs', 'domains', 'payloads', 'kv', 'user_domains', 'batches', 'jobs', 'audit' ) as $table ) {
			$text .= wp_json_encode( Sql::rows( "SELECT * FROM {{$table}}" ) );
		}
		$text .= wp_json_encode( Sql::rows( 'SELECT * FROM %i', Table::db()->options ) );
		self::assertStringNotContainsString( 'canary', rawurldecode( $text ) );
		foreach ( $words as $word ) {
			foreach ( array( 'md5', 'sha1', 'sha256', 'crc32b' ) as $algorithm ) {
				self::assertFalse( str_contains( $text, hash( $algorithm, "$word@crm.example" ) ) );
				self::assertNotContains( substr( hash( $algorithm, "$word@crm.example" ), 0, 32 ), $hashes );
			}
		}
	}

	public function test_a_cancelled_run_keeps_no_hash_and_no_host_of_its_list(): void {
		self::comments( array( 'ann@acme.example' ) );
		$run_id = RunProgress::start( self::ada(), true, Planted::NOW_MS, array( 'comments', 'paste' ) );
		RunProgress::advance( Planted::NOW_MS );
		self::assertSame( '1', Sql::value( 'SELECT COUNT(*) FROM {run_addresses}' ) );
		RunProgress::cancel( $run_id, Planted::NOW_MS );
		self::assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {run_addresses}' ) );
		self::assertNull( Kv::get( 'run:address_key' ) );
		\Rollcall\Database\Pruning::step( Planted::NOW_MS );
		self::assertSame( '0', Sql::value( 'SELECT COUNT(*) FROM {run_domains} WHERE run_id = %d', $run_id ) );
	}

	public function test_the_report_shows_each_source_and_all_of_them(): void {
		$this->make_users( array( 'ann@acme.example', 'zoe@zoo.example' ) );
		self::comments( array( 'bob@acme.example', 'carl@other.example', 'broken' ) );
		$run = $this->run_of( array( 'comments' ), array( 'acme.example' => '5' ) );
		$this->run_of( array( 'users' ), array( 'acme.example' => '5' ) );
		$users    = Report::summary( Planted::NOW_MS );
		$comments = Report::summary( Planted::NOW_MS, 'comments' );
		$all      = Report::summary( Planted::NOW_MS, ReportPeople::ALL );
		foreach ( array( $users, $comments, $all ) as $summary ) {
			self::assertTrue( Contract::check( 'report_summary', $summary ) );
			self::adds_up( $summary['totals'] );
		}
		self::assertSame( array( null, $run['run_id'], null ), array( $users['run_id'], $comments['run_id'], $all['run_id'] ) );
		self::assertSame( array( 1, 1, 2 ), array( $users['matched_users'], $comments['matched_users'], $all['matched_users'] ) );
		self::assertSame( 3, $comments['totals']['users_read'] );
		self::assertSame( $users['totals']['users_read'] + 3, $all['totals']['users_read'] );
		self::assertSame( 1, $all['matched_companies'] );
		self::log_in( self::ada() );
		foreach ( array( 'users' => 1, 'comments' => 1, 'all' => 2 ) as $source => $people ) {
			$companies = self::rest( 'GET', '/rollcall/v1/report/companies', array(), array( 'source' => $source ) );
			self::assertSame( array( $people ), array_column( $companies->get_data(), 'user_count' ), $source );
			$domains = self::rest( 'GET', '/rollcall/v1/report/domains', array(), array( 'source' => $source, 'per_page' => 100 ) )->get_data();
			self::assertContains( $people, array_column( $domains, 'user_count', 'domain' ), $source );
			$found = self::rest( 'GET', '/rollcall/v1/report/companies', array(), array( 'source' => $source, 'search' => 'acme.exam' ) )->get_data();
			self::assertSame( array( array( 'acme.example' ) ), array_column( $found, 'domains' ) );
		}
		self::assertSame( array(), self::rest( 'GET', '/rollcall/v1/report/users', array(), array( 'source' => 'comments' ) )->get_data() );
		self::assertNotSame( array(), self::rest( 'GET', '/rollcall/v1/report/users', array(), array( 'source' => 'all' ) )->get_data() );
		$file = \Rollcall\Matching\Export::body( self::rest( 'GET', '/rollcall/v1/report/domains/export', array(), array( 'source' => 'comments', 'format' => 'csv' ) ) );
		self::assertStringContainsString( 'other.example', $file );
		self::assertStringNotContainsString( 'zoo.example', $file );
		$none = Report::summary( Planted::NOW_MS, 'woocommerce' );
		self::assertSame( array( null, 0 ), array( $none['run_id'], $none['totals']['users_read'] ) );
	}

	#[Group( 'multisite' )]
	public function test_a_commenter_who_is_a_user_of_another_blog_only_counts_here(): void {
		$here  = $this->make_user( 'here@acme.example' );
		$other = $this->make_user( 'other@acme.example' );
		Table::db()->delete( Table::db()->usermeta, array( 'user_id' => $other ) );
		self::comments( array( 'here@acme.example', 'other@acme.example' ) );
		$run = $this->run_of( array( 'users', 'comments' ) );
		self::assertSame( array( 'acme.example' => '1' ), self::people( $run['run_id'], 'comments' ) );
		self::assertSame( '1', Sql::value( 'SELECT COUNT(*) FROM {user_domains} WHERE user_id IN (%d, %d)', $here, $other ) );
	}

	/**
	 * Comments by address; no hook runs.
	 *
	 * @param list<string> $emails
	 */
	private static function comments( array $emails, string $approved = '1' ): void {
		foreach ( $emails as $email ) {
			Table::db()->insert( Table::db()->comments, array( 'comment_post_ID' => 1, 'comment_author' => 'Somebody', 'comment_author_email' => $email, 'comment_approved' => $approved, 'comment_content' => 'Hello', 'comment_date' => '2026-01-01 00:00:00', 'comment_date_gmt' => '2026-01-01 00:00:00' ) );
		}
	}

	/** @param list<string> $emails Customers. */
	private static function shop( array $emails ): void {
		$db = Table::db();
		$db->query( "CREATE TABLE {$db->prefix}wc_customer_lookup (customer_id BIGINT NOT NULL AUTO_INCREMENT, user_id BIGINT NULL, username VARCHAR(60) NOT NULL DEFAULT '', email VARCHAR(100) NULL, PRIMARY KEY (customer_id))" );
		foreach ( $emails as $email ) {
			$db->insert( "{$db->prefix}wc_customer_lookup", array( 'email' => $email ) );
		}
	}

	/** @param list<array{string, int, string}> $orders Address, customer, status. */
	private static function orders( array $orders ): void {
		$db = Table::db();
		$db->query( "CREATE TABLE {$db->prefix}wc_orders (id BIGINT NOT NULL, status VARCHAR(20) NULL, type VARCHAR(20) NULL, customer_id BIGINT NULL, billing_email VARCHAR(320) NULL, PRIMARY KEY (id))" );
		foreach ( $orders as $number => list( $email, $customer_id, $status ) ) {
			$db->insert( "{$db->prefix}wc_orders", array( 'id' => 100 + $number, 'status' => $status, 'type' => 'shop_order', 'customer_id' => $customer_id, 'billing_email' => $email ) );
		}
	}

	/** @param callable(int, int): mixed $page */
	private static function offer( string $name, callable $page ): void {
		add_filter( 'rollcall_address_sources', static fn ( array $sources ): array => $sources + array( $name => array( 'title' => 'Customers of the <b>CRM</b>', 'page' => $page ) ) );
	}

	/**
	 * A run to its end.
	 *
	 * @param list<string>          $sources
	 * @param array<string, string> $companies Company by host.
	 * @return array<string, mixed>
	 */
	private function run_of( array $sources, array $companies = array() ): array {
		$run_id = RunProgress::start( self::ada(), true, Planted::NOW_MS, $sources );
		RunProgress::advance( Planted::NOW_MS );
		foreach ( Domains::stale_page( DataVersion::current(), 0, 1000 ) as $row ) {
			Planted::label( $row['host'], array(), isset( $companies[ $row['host'] ] ) ? array( $companies[ $row['host'] ] ) : array() );
		}
		RunProgress::advance( Planted::NOW_MS );
		return Runs::find( $run_id ) ?? array();
	}

	/** @return array<string, string> People by host. */
	private static function people( int $run_id, string $source ): array {
		return array_column( Sql::rows( 'SELECT d.host, r.users FROM {run_domains} r INNER JOIN {domains} d ON d.domain_id = r.domain_id WHERE r.run_id = %d AND r.source = %d ORDER BY d.host', $run_id, \Rollcall\Database\RunSources::number( $source ) ), 'users', 'host' );
	}

	/** @param array<string, mixed> $totals */
	private static function adds_up( array $totals ): void {
		self::assertSame(
			$totals['users_read'],
			$totals['no_usable_address'] + $totals['below_threshold'] + $totals['waiting'] + array_sum( array_column( $totals['labels'], 'user_count' ) )
		);
	}
}
