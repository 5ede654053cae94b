<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Shortcodes;

use Rollcall\Database\Runs;
use Rollcall\Database\Sql;
use Rollcall\Matching\PastedHosts;
use Rollcall\Matching\RunProgress;
use Rollcall\Settings;
use Rollcall\Shortcodes\Companies;
use Rollcall\Shortcodes\Shortcode;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;

final class CompaniesTest extends TestCase {
	use Markup;

	private const BLOCK_JSON = __DIR__ . '/../../../admin-ts/src/blocks/companies/block.json';

	protected function setUp(): void {
		parent::setUp();
		if ( ! \WP_Block_Type_Registry::get_instance()->is_registered( Companies::BLOCK ) ) {
			$block = json_decode( (string) file_get_contents( self::BLOCK_JSON ), true, 16, JSON_THROW_ON_ERROR );
			register_block_type( Companies::BLOCK, array( 'api_version' => 3, 'attributes' => $block['attributes'], 'supports' => $block['supports'] ) + Shortcode::block( Companies::class ) );
		}
	}

	public function test_shows_nothing_until_it_is_switched_on(): void {
		$this->run_with( array( '5' => 3 ) );
		self::assertSame( '', do_shortcode( '[rollcall_companies]' ) );
		self::switch_on( 1 );
		self::assertStringContainsString( 'Company 5', do_shortcode( '[rollcall_companies]' ) );
	}

	public function test_shows_nothing_before_the_first_run(): void {
		self::switch_on( 1 );
		self::assertSame( '', do_shortcode( '[rollcall_companies]' ) );
	}

	public function test_shows_only_companies_with_as_many_users_as_the_setting_asks_for_most_users_first(): void {
		$this->run_with( array( '5' => 3, '6' => 4, '7' => 2 ) );
		self::switch_on( 3 );
		self::assertSame( array( 'Company 6', 'Company 5' ), self::names( do_shortcode( '[rollcall_companies]' ) ) );
		self::switch_on( 5 );
		self::assertSame( '', do_shortcode( '[rollcall_companies]' ) );
	}

	public function test_a_sign_up_after_the_run_does_not_show(): void {
		$this->run_with( array( '5' => 2 ) );
		self::switch_on( 3 );
		$this->make_user( 'late@c5.example' );
		\Rollcall\Users\UserDomains::count_chunk( 0, 1000, Planted::NOW_MS );
		self::assertSame( '', do_shortcode( '[rollcall_companies]' ) );
	}

	public function test_a_company_that_is_only_second_best_for_its_domain_is_not_claimed(): void {
		Planted::list();
		Planted::company( '5' );
		Planted::company( '6' );
		$this->make_users( array( 'a@shared.example', 'b@shared.example' ) );
		$this->finish_run( array( 'shared.example' => array( '5', '6' ) ) );
		self::switch_on( 1 );
		self::assertSame( array( 'Company 5' ), self::names( do_shortcode( '[rollcall_companies]' ) ) );
	}

	public function test_companies_of_a_list_that_visitors_may_not_see_are_not_shown(): void {
		$this->run_with( array( '5' => 3 ) );
		self::switch_on( 1 );
		Sql::run( 'UPDATE {lists} SET visible_to_visitors = 0' );
		self::assertSame( '', do_shortcode( '[rollcall_companies]' ) );
		Sql::run( 'UPDATE {lists} SET visible_to_visitors = 1' );
		self::assertSame( array( 'Company 5' ), self::names( do_shortcode( '[rollcall_companies]' ) ) );
	}

	public function test_people_who_are_no_users_neither_show_nor_count(): void {
		$this->run_with( array( '5' => 3, '6' => 2 ) );
		self::switch_on( 3 );
		$run_id = RunProgress::start( self::ada(), true, Planted::NOW_MS, array( 'users', 'paste' ) );
		PastedHosts::store( $run_id, array( 'page' => 1, 'last' => true, 'rows' => array( array( 'host' => 'c6.example', 'user_count' => 9 ) ), 'reasons' => array() ), Planted::NOW_MS );
		RunProgress::advance( Planted::NOW_MS );
		RunProgress::advance( Planted::NOW_MS );
		self::assertSame( array( 'Company 5' ), self::names( do_shortcode( '[rollcall_companies]' ) ) );

		$run_id = RunProgress::start( self::ada(), true, Planted::NOW_MS, array( 'paste' ), 'browser' );
		PastedHosts::store( $run_id, array( 'page' => 1, 'last' => true, 'rows' => array( array( 'host' => 'c6.example', 'user_count' => 9 ) ), 'reasons' => array() ), Planted::NOW_MS );
		RunProgress::advance( Planted::NOW_MS );
		RunProgress::advance( Planted::NOW_MS );
		self::assertSame( 'done', Runs::find( $run_id )['state'] ?? '' );
		self::assertSame( array( 'Company 5' ), self::names( do_shortcode( '[rollcall_companies]' ) ) );
	}

	public function test_shortcode_and_block_give_the_same_html(): void {
		$this->run_with( array( '5' => 3, '6' => 4 ) );
		self::switch_on( 1 );
		$cases = array(
			'[rollcall_companies]'                              => '<!-- wp:rollcall/companies /-->',
			'[rollcall_companies limit="1"]'                    => '<!-- wp:rollcall/companies {"limit":1} /-->',
			'[rollcall_companies show_batch="no"]'              => '<!-- wp:rollcall/companies {"show_batch":false} /-->',
			'[rollcall_companies limit="1" show_batch="false"]' => '<!-- wp:rollcall/companies {"limit":1,"show_batch":false} /-->',
		);
		foreach ( $cases as $shortcode => $block ) {
			$html = do_shortcode( $shortcode );
			self::assertNotSame( '', $html );
			self::assertSame( $html, do_blocks( $block ) );
		}
	}

	public function test_names_batches_and_a_date_are_all_that_is_shown(): void {
		$this->run_with( array( '5' => 3 ) );
		self::switch_on( 1 );
		Sql::run( "UPDATE {companies} SET logo_url = 'https://logos.example/5.png', website_origin = 'https://c5.example', one_liner = 'Secret sauce.'" );
		$html = do_shortcode( '[rollcall_companies]' );
		self::assertStringContainsString( 'Winter 2020', $html );
		self::assertStringNotContainsString( 'Winter 2020', do_shortcode( '[rollcall_companies show_batch=0]' ) );
		self::assertMatchesRegularExpression( '/<time datetime="\d{4}-\d\d-\d\d">/', $html );
		self::assertDoesNotMatchRegularExpression( '/https?:|<img|<a |@|\.example|Secret/', $html );
	}

	public function test_the_style_is_loaded_only_where_the_wall_is_shown(): void {
		wp_dequeue_style( Companies::STYLE );
		do_shortcode( '[rollcall_companies]' );
		self::assertFalse( wp_style_is( Companies::STYLE, 'enqueued' ) );
		$this->run_with( array( '5' => 3 ) );
		self::switch_on( 1 );
		do_shortcode( '[rollcall_companies]' );
		self::assertTrue( wp_style_is( Companies::STYLE, 'enqueued' ) );
		wp_dequeue_style( Companies::STYLE );
	}

	public function test_the_preview_in_the_editor_has_the_style_of_the_page(): void {
		$block = \WP_Block_Type_Registry::get_instance()->get_registered( Companies::BLOCK );
		self::assertContains( Companies::STYLE, $block->editor_style_handles ?? array() );
		self::assertTrue( wp_style_is( Companies::STYLE, 'registered' ) );
	}

	public function test_a_broken_table_shows_nothing_to_visitors(): void {
		$this->run_with( array( '5' => 3 ) );
		self::switch_on( 1 );
		$log = (string) tempnam( sys_get_temp_dir(), 'rc' );
		$old = ini_set( 'error_log', $log );
		add_filter( 'query', static fn ( string $query ): string => str_contains( $query, 'run_companies' ) ? 'SELECT broken FROM nowhere_at_all' : $query );
		self::assertSame( '', do_shortcode( '[rollcall_companies]' ) );
		ini_set( 'error_log', (string) $old );
		self::assertStringContainsString( 'companies wall', (string) file_get_contents( $log ) );
		unlink( $log );
	}

	/** T5: whatever a contributor writes into an attribute, the page is that of a number and a flag, and SQL sees no word of it. */
	public function test_no_attribute_brings_markup_or_sql(): void {
		$this->run_with( array( '5' => 3, '6' => 4 ) );
		self::switch_on( 1 );
		$plain   = self::skeleton( do_shortcode( '[rollcall_companies]' ) );
		$queries = array();
		add_filter(
			'query',
			static function ( string $query ) use ( &$queries ): string {
				$queries[] = $query;
				return $query;
			}
		);
		self::assertGreaterThanOrEqual( 40, count( self::payloads() ) );
		foreach ( self::payloads() as $payload ) {
			foreach ( array( 'limit', 'show_batch', 'align', 'className', 'style', 'onclick' ) as $attribute ) {
				$drawn = array(
					Companies::render( array( $attribute => $payload ) ),
					do_shortcode( '[rollcall_companies ' . $attribute . '="' . str_replace( array( '"', '[', ']' ), '', $payload ) . '"]' ),
					do_blocks( '<!-- wp:rollcall/companies ' . wp_json_encode( array( $attribute => $payload ), JSON_HEX_TAG | JSON_HEX_AMP ) . ' /-->' ),
				);
				foreach ( $drawn as $html ) {
					self::assertSame( array(), array_diff( self::skeleton( $html ), $plain ), "$attribute: $payload" );
				}
			}
		}
		$ours = array_filter( $queries, static fn ( string $query ): bool => str_contains( $query, 'rollcall_run' ) );
		self::assertGreaterThan( 40, count( $ours ) );
		foreach ( $ours as $query ) {
			self::assertMatchesRegularExpression( '/^SELECT (?:run_id, finished_at_ms FROM .* LIMIT 1|c\.name, c\.batch FROM .* LIMIT [0-9]{1,3})$/s', $query );
			self::assertDoesNotMatchRegularExpression( '/alert|SLEEP|UNION|DROP|--|#|;/i', $query );
		}
	}

	public function test_the_name_of_a_company_is_text_whatever_the_list_says(): void {
		$this->run_with( array( '5' => 3 ) );
		self::switch_on( 1 );
		$plain = self::skeleton( do_shortcode( '[rollcall_companies]' ) );
		foreach ( self::payloads() as $payload ) {
			Sql::run( 'UPDATE {companies} SET name = %s, batch = %s', $payload, mb_substr( $payload, 0, 60 ) );
			self::assertSame( $plain, self::skeleton( do_shortcode( '[rollcall_companies]' ) ), $payload );
		}
	}

	/** @param array<string, int> $users Users by company. */
	private function run_with( array $users ): void {
		Planted::list();
		$emails = array();
		$labels = array();
		foreach ( $users as $source_id => $count ) {
			Planted::company( (string) $source_id );
			$labels[ "c$source_id.example" ] = array( (string) $source_id );
			for ( $user = 0; $user < $count; $user++ ) {
				$emails[] = "u$user@c$source_id.example";
			}
		}
		$this->make_users( $emails );
		$this->finish_run( $labels );
	}

	/** @param array<string, list<string>> $labels Companies by host. */
	private function finish_run( array $labels ): void {
		RunProgress::start( self::ada(), true, Planted::NOW_MS );
		RunProgress::advance( Planted::NOW_MS );
		foreach ( \Rollcall\Database\Domains::stale_page( \Rollcall\Database\DataVersion::current(), 0, 100 ) as $row ) {
			Planted::label( $row['host'], array(), $labels[ $row['host'] ] ?? array() );
		}
		RunProgress::advance( Planted::NOW_MS );
	}

	private static function switch_on( int $minimum ): void {
		Settings::update( array( 'companies_wall_enabled' => true, 'companies_wall_minimum' => $minimum ) + Settings::get() );
	}

	/** @return list<string> */
	private static function names( string $html ): array {
		preg_match_all( '#__name">([^<]*)<#', $html, $found );
		return $found[1];
	}
}
