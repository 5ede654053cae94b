<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Users;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\Attributes\Group;
use Rollcall\Database\Sql;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;
use Rollcall\Users\UsersScreen;
use Rollcall\Users\UserDomains;

final class UsersScreenTest extends TestCase {
	/** @var list<int> */
	private array $ids = array();

	protected function setUp(): void {
		parent::setUp();
		require_once ABSPATH . 'wp-admin/includes/admin.php';
		Planted::list();
		Planted::company( '5', array( 'name' => 'Stripe & "Co" <b>', 'batch' => 'Summer 2009', 'batch_sort' => 2, 'website_origin' => 'https://stripe.example' ) );
		Planted::company( '6', array( 'name' => 'Loops', 'batch' => 'Winter 2020', 'batch_sort' => 9, 'website_origin' => 'javascript:alert(1)' ) );
		$this->ids = $this->make_users( array( 'a@stripe.example', 'b@loops.example', 'c@other.example', 'no-at', 'd@both.example' ) );
		UserDomains::count_chunk( 0, 1000, Planted::NOW_MS );
		Planted::label( 'stripe.example', array(), array( '5' ) );
		Planted::label( 'loops.example', array(), array( '6' ) );
		Planted::label( 'both.example', array(), array( '6', '5' ) );
		Planted::label( 'other.example' );
		UsersScreen::forget();
		self::log_in( self::ada() );
	}

	protected function tearDown(): void {
		UsersScreen::forget();
		unset( $GLOBALS['wp_list_table'] );
		parent::tearDown();
	}

	public function test_each_user_has_company_and_batch_with_links(): void {
		$cells = array_map( static fn ( int $id ): string => UsersScreen::cell( '', UsersScreen::COLUMN, $id ), $this->ids );
		self::assertStringContainsString( '<a href="https://stripe.example" rel="noopener noreferrer nofollow">Stripe &amp; &quot;Co&quot; &lt;b&gt;</a>', $cells[0] );
		self::assertStringContainsString( 'rollcall_company=batch%3ASummer%202009', $cells[0] );
		self::assertStringContainsString( 'Loops', $cells[1] );
		self::assertStringNotContainsString( 'javascript', $cells[1] );
		self::assertStringContainsString( 'No listed company', $cells[2] );
		self::assertStringContainsString( 'No listed company', $cells[3] );
		self::assertStringContainsString( 'or 1 other', $cells[4] );
		self::assertSame( 'as before', UsersScreen::cell( 'as before', 'posts', $this->ids[0] ) );
	}

	public function test_the_companies_of_a_whole_page_are_read_in_one_statement(): void {
		$table       = _get_list_table( 'WP_Users_List_Table', array( 'screen' => 'users' ) );
		self::assertInstanceOf( \WP_List_Table::class, $table );
		$GLOBALS['wp_list_table'] = $table;
		$table->prepare_items();
		$count = 0;
		add_filter(
			'query',
			static function ( string $query ) use ( &$count ): string {
				$count += (int) str_contains( $query, 'rollcall_user_domains' );
				return $query;
			}
		);
		ob_start();
		$table->display();
		$html = (string) ob_get_clean();
		self::assertSame( 1, $count );
		self::assertStringContainsString( 'Loops', $html );
		self::assertStringContainsString( 'column-rollcall_company', $html );
		self::assertSame( 1, substr_count( $html, 'name="rollcall_company"' ) );
		self::assertLessThan( strpos( $html, 'Summer 2009</option>' ), strpos( $html, 'Winter 2020</option>' ), 'The newest batch comes first.' );
	}

	/** @return iterable<string, array{string, list<int>}> Places of the users that are left. */
	public static function filters(): iterable {
		yield 'at a listed company'      => array( 'listed', array( 0, 1, 4 ) );
		yield 'at no listed company'     => array( 'unlisted', array( 2, 3 ) );
		yield 'a batch'                  => array( 'batch:Summer 2009', array( 0 ) );
		yield 'the batch of the best'    => array( 'batch:Winter 2020', array( 1, 4 ) );
		yield 'a batch that nobody has'  => array( "batch:x' OR 1=1 -- ", array() );
		yield 'nonsense shows everybody' => array( 'all" OR 1=1', array( 0, 1, 2, 3, 4 ) );
		yield 'broken text, too'         => array( "batch:\xff", array( 0, 1, 2, 3, 4 ) );
	}

	/** @param list<int> $places */
	#[DataProvider( 'filters' )]
	public function test_the_filter_narrows_the_table_and_its_total( string $chosen, array $places ): void {
		$_GET[ UsersScreen::COLUMN ] = wp_slash( $chosen );
		$query                       = self::query();
		$found                       = array_values( array_intersect( $this->ids, array_map( 'intval', $query->get_results() ) ) );
		self::assertSame( array_map( fn ( int $place ): int => $this->ids[ $place ], $places ), $found );
		self::assertSame( count( $query->get_results() ), $query->get_total() );
	}

	/** Either way to the users gives the same page and total. */
	#[Group( 'single-site' )]
	public function test_many_and_few_users_at_companies_are_found_alike(): void {
		$_GET[ UsersScreen::COLUMN ] = 'listed';
		$seen                        = array();
		add_filter(
			'query',
			static function ( string $query ) use ( &$seen ): string {
				$seen[] = str_contains( $query, 'rollcall_found' );
				return $query;
			}
		);
		$by_order = self::query( array( 'number' => 2 ) );
		self::assertNotContains( true, $seen );
		Sql::run( 'UPDATE {user_domains} SET user_id = 2000000000 WHERE user_id = %d', $this->ids[3] );
		$by_company = self::query( array( 'number' => 2 ) );
		self::assertContains( true, $seen );
		self::assertSame( array( array( $this->ids[0], $this->ids[1] ), 3 ), array( array_map( 'intval', $by_order->get_results() ), $by_order->get_total() ) );
		self::assertSame( array( $by_order->get_results(), 3 ), array( $by_company->get_results(), $by_company->get_total() ) );
	}

	public function test_roles_and_search_narrow_further(): void {
		$_GET[ UsersScreen::COLUMN ] = 'listed';
		self::assertSame( array(), self::query( array( 'role' => 'editor' ) )->get_results() );
		self::assertCount( 1, self::query( array( 'search' => '*loops*', 'search_columns' => array( 'user_email' ) ) )->get_results() );
	}

	/** @return iterable<string, array{string}> */
	public static function halves(): iterable {
		yield 'at a listed company'  => array( 'listed' );
		yield 'at no listed company' => array( 'unlisted' );
	}

	/** Other plugins filter the table too. */
	#[DataProvider( 'halves' )]
	public function test_the_total_is_right_whatever_else_narrows_the_table( string $chosen ): void {
		$_GET[ UsersScreen::COLUMN ] = $chosen;
		$others                      = array(
			'exclude'    => array( 'exclude' => array( $this->ids[0], $this->ids[2] ) ),
			'meta_query' => array( 'meta_query' => array( array( 'key' => 'nobody has it', 'compare' => 'EXISTS' ) ) ),
			'role__in'   => array( 'role__in' => array( 'subscriber' ) ),
		);
		foreach ( $others as $name => $args ) {
			$query = self::query( $args );
			self::assertSame( count( $query->get_results() ), $query->get_total(), $name );
		}
	}

	public function test_other_queries_for_users_stay_as_they_are(): void {
		$_GET[ UsersScreen::COLUMN ] = 'listed';
		self::assertGreaterThan( 5, ( new \WP_User_Query( array( 'fields' => 'ID' ) ) )->get_total() );
	}

	public function test_who_may_not_see_reports_sees_neither_column_nor_filter(): void {
		foreach ( array( self::ed(), self::vi(), 0 ) as $user_id ) {
			self::log_in( $user_id );
			$_GET[ UsersScreen::COLUMN ] = 'listed';
			self::assertSame( array(), UsersScreen::columns( array() ) );
			self::assertSame( array( 'number' => 5 ), UsersScreen::args( array( 'number' => 5 ) ) );
			self::assertSame( '', UsersScreen::cell( '', UsersScreen::COLUMN, $this->ids[0] ) );
			ob_start();
			UsersScreen::filter( 'top' );
			self::assertSame( '', ob_get_clean() );
		}
		self::log_in( self::ada() );
		self::assertSame( array( UsersScreen::COLUMN => 'Company' ), UsersScreen::columns( array() ) );
	}

	public function test_a_broken_table_leaves_the_users_screen_usable(): void {
		add_filter( 'query', static fn ( string $query ): string => str_contains( $query, 'rollcall_domain_companies' ) ? 'SELECT broken FROM nowhere_at_all' : $query );
		self::assertStringContainsString( 'No listed company', UsersScreen::cell( '', UsersScreen::COLUMN, $this->ids[0] ) );
		ob_start();
		UsersScreen::filter( 'top' );
		self::assertSame( '', ob_get_clean() );
	}

	/** @param array<string, mixed> $args */
	private static function query( array $args = array() ): \WP_User_Query {
		/** @var array<string, mixed> $args */
		$args = apply_filters( 'users_list_table_query_args', $args + array( 'fields' => 'ID', 'number' => 50, 'orderby' => 'ID' ) );
		return new \WP_User_Query( $args );
	}
}
