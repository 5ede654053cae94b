<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Shortcodes;

use Rollcall\Database\Sql;
use Rollcall\Settings;
use Rollcall\Shortcodes\Matcher;
use Rollcall\Shortcodes\Shortcode;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;

final class MatcherTest extends TestCase {
	use Markup;

	private const BLOCK_JSON = __DIR__ . '/../../../admin-ts/src/blocks/matcher/block.json';

	protected function setUp(): void {
		parent::setUp();
		Planted::list();
		if ( ! \WP_Block_Type_Registry::get_instance()->is_registered( Matcher::BLOCK ) ) {
			$block = json_decode( (string) file_get_contents( self::BLOCK_JSON ), true, 16, JSON_THROW_ON_ERROR );
			register_block_type( Matcher::BLOCK, array( 'api_version' => 3, 'attributes' => $block['attributes'], 'supports' => $block['supports'] ) + Shortcode::block( Matcher::class ) );
		}
	}

	public function test_shortcode_and_block_give_the_same_html(): void {
		$cases = array(
			'[rollcall_matcher]'                 => '<!-- wp:rollcall/matcher /-->',
			'[rollcall_matcher show_steps="no"]' => '<!-- wp:rollcall/matcher {"show_steps":false} /-->',
			'[rollcall_matcher show_steps="1"]'  => '<!-- wp:rollcall/matcher {"show_steps":true} /-->',
		);
		foreach ( $cases as $shortcode => $block ) {
			$html = do_shortcode( $shortcode );
			self::assertStringContainsString( 'rollcall-matcher', $html );
			self::assertSame( $html, do_blocks( $block ) );
		}
	}

	public function test_it_is_explained_in_three_steps_with_the_source_of_the_list(): void {
		Settings::update( array( 'companies_public' => true ) + Settings::get() );
		$html = do_shortcode( '[rollcall_matcher]' );
		self::assertSame( 3, substr_count( $html, '<li>' ) );
		self::assertStringContainsString( '<a href="https://list.example/all.json">sourced here</a>', $html );
		self::assertStringContainsString( 'companies.json', $html );
		self::assertStringNotContainsString( '<li>', do_shortcode( '[rollcall_matcher show_steps="off"]' ) );
		Settings::update( array( 'companies_public' => false ) + Settings::get() );
		self::assertStringNotContainsString( 'companies.json', do_shortcode( '[rollcall_matcher]' ) );
	}

	public function test_the_address_of_a_list_of_the_owner_is_not_shown(): void {
		Sql::run( 'UPDATE {lists} SET source = 2, url = %s', 'https://files.example/secret-token.csv' );
		self::assertStringNotContainsString( 'secret-token', do_shortcode( '[rollcall_matcher]' ) );
	}

	public function test_without_script_there_is_no_form_but_a_word_on_why(): void {
		$html = do_shortcode( '[rollcall_matcher]' );
		self::assertMatchesRegularExpression( '/<form [^>]*\shidden/', $html );
		self::assertMatchesRegularExpression( '#<noscript><p>[^<]+</p></noscript>#', $html );
		self::assertMatchesRegularExpression( '/rollcall-matcher__results"[^>]*\shidden/', $html );
		self::assertStringNotContainsString( 'action=', $html, 'The browser never sends the form by itself.' );
		self::assertDoesNotMatchRegularExpression( '/<(?:textarea|input)[^>]*\sname=/', $html );
	}

	public function test_says_so_while_there_is_no_list_for_visitors(): void {
		Sql::run( 'UPDATE {lists} SET visible_to_visitors = 0' );
		$html = do_shortcode( '[rollcall_matcher]' );
		self::assertStringContainsString( 'not ready yet', $html );
		self::assertStringNotContainsString( '<form', $html );
	}

	public function test_a_broken_table_is_no_broken_page(): void {
		$log = (string) tempnam( sys_get_temp_dir(), 'rc' );
		$old = ini_set( 'error_log', $log );
		add_filter( 'query', static fn ( string $query ): string => str_contains( $query, 'rollcall_lists' ) ? 'SELECT broken FROM nowhere_at_all' : $query );
		self::assertStringContainsString( 'not ready yet', do_shortcode( '[rollcall_matcher]' ) );
		ini_set( 'error_log', (string) $old );
		self::assertStringContainsString( 'the matcher for visitors', (string) file_get_contents( $log ) );
		unlink( $log );
	}

	/** T5: whatever a contributor writes into an attribute, the page is that of a flag. */
	public function test_no_attribute_brings_markup(): void {
		// WordPress adds what its directives say to what the template draws.
		$plain = array( ...self::skeleton( do_shortcode( '[rollcall_matcher]' ) ), ...self::skeleton( Matcher::render( array() ) ) );
		self::assertGreaterThanOrEqual( 40, count( self::payloads() ) );
		foreach ( self::payloads() as $payload ) {
			foreach ( array( 'show_steps', 'align', 'className', 'style', 'onclick', 'url' ) as $attribute ) {
				$drawn = array(
					Matcher::render( array( $attribute => $payload ) ),
					do_shortcode( '[rollcall_matcher ' . $attribute . '="' . str_replace( array( '"', '[', ']' ), '', $payload ) . '"]' ),
					do_blocks( '<!-- wp:rollcall/matcher ' . wp_json_encode( array( $attribute => $payload ), JSON_HEX_TAG | JSON_HEX_AMP ) . ' /-->' ),
				);
				foreach ( $drawn as $html ) {
					self::assertSame( array(), array_diff( self::skeleton( $html ), $plain ), "$attribute: $payload" );
				}
			}
		}
	}

	public function test_the_name_of_a_list_is_text_whatever_it_is(): void {
		$plain = self::skeleton( do_shortcode( '[rollcall_matcher]' ) );
		foreach ( self::payloads() as $payload ) {
			Sql::run( 'UPDATE {lists} SET title = %s', mb_substr( $payload, 0, 200 ) );
			self::assertSame( $plain, self::skeleton( do_shortcode( '[rollcall_matcher]' ) ), $payload );
		}
	}
}
