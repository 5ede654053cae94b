<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Shortcodes;

use Rollcall\Clock;
use Rollcall\Database\Sql;
use Rollcall\Shortcodes\Shortcode;
use Rollcall\Shortcodes\Status;
use Rollcall\Tests\PlantedMonitors;
use Rollcall\Tests\TestCase;

final class StatusTest extends TestCase {
	use Markup;

	private const BLOCK_JSON = __DIR__ . '/../../../admin-ts/src/blocks/status/block.json';

	private int $now_ms = 0;

	protected function setUp(): void {
		parent::setUp();
		if ( ! \WP_Block_Type_Registry::get_instance()->is_registered( Status::BLOCK ) ) {
			$block = json_decode( (string) file_get_contents( self::BLOCK_JSON ), true, 16, JSON_THROW_ON_ERROR );
			register_block_type( Status::BLOCK, array( 'api_version' => 3, 'attributes' => $block['attributes'], 'supports' => $block['supports'] ) + Shortcode::block( Status::class ) );
		}
		$this->now_ms = Clock::now_ms();
		PlantedMonitors::companion( $this->now_ms );
	}

	public function test_each_public_monitor_is_a_row_with_state_uptime_and_times(): void {
		$monitor_id = $this->monitor( 'Shop' );
		$this->monitor( 'Mail', array( 'state' => 'down' ) );
		$this->monitor( 'Wiki', array( 'state' => 'degraded' ) );
		$this->monitor( 'New', array( 'state' => 'unknown', 'last_slot_ms' => null, 'known_until_ms' => 0, 'state_since_ms' => null ) );
		PlantedMonitors::bucket( $monitor_id, ( intdiv( $this->now_ms, 86_400_000 ) - 1 ) * 86_400_000, 99_999, 1, buckets: 'daily' );
		$rows = self::rows( do_shortcode( '[rollcall_status]' ) );
		self::assertSame( array( 'Mail', 'New', 'Shop', 'Wiki' ), array_keys( $rows ) );
		self::assertStringContainsString( '✕ Down since', $rows['Mail'] );
		self::assertMatchesRegularExpression( '/^\? No reading Uptime, 30 days – Response time – Last checked Never$/', $rows['New'] );
		self::assertMatchesRegularExpression( '/^✓ Up since .+ Uptime, 30 days 99\.99 % Response time 0\.412 s Last checked .+/', $rows['Shop'] );
		self::assertStringContainsString( '! Slow or degraded since', $rows['Wiki'] );
	}

	public function test_the_figures_come_first_and_can_be_left_out(): void {
		$this->monitor( 'Shop' );
		$with = do_shortcode( '[rollcall_status]' );
		self::assertMatchesRegularExpression( '#<dt>Monitors</dt>\s*<dd>1</dd>.*<dt>Open incidents</dt>\s*<dd>0</dd>#s', $with );
		self::assertStringNotContainsString( 'Open incidents', do_shortcode( '[rollcall_status show_stats="no"]' ) );
	}

	public function test_a_whole_hundred_is_said_only_of_time_without_loss(): void {
		$day = ( intdiv( $this->now_ms, 86_400_000 ) - 1 ) * 86_400_000;
		PlantedMonitors::bucket( $this->monitor( 'a' ), $day, 86_399_999, 1, buckets: 'daily' );
		PlantedMonitors::bucket( $this->monitor( 'b' ), $day, 86_400_000, buckets: 'daily' );
		$rows = self::rows( do_shortcode( '[rollcall_status]' ) );
		self::assertStringContainsString( '99.99 %', $rows['a'] );
		self::assertStringContainsString( ' 100 %', $rows['b'] );
	}

	public function test_shortcode_and_block_give_the_same_html(): void {
		$this->monitor( 'Shop' );
		$this->monitor( 'Mail' );
		$cases = array(
			'[rollcall_status]'                            => '<!-- wp:rollcall/status /-->',
			'[rollcall_status limit="1"]'                  => '<!-- wp:rollcall/status {"limit":1} /-->',
			'[rollcall_status show_stats="0"]'             => '<!-- wp:rollcall/status {"show_stats":false} /-->',
			'[rollcall_status limit="1" show_stats="off"]' => '<!-- wp:rollcall/status {"limit":1,"show_stats":false} /-->',
		);
		foreach ( $cases as $shortcode => $block ) {
			$html = do_shortcode( $shortcode );
			self::assertSame( self::timeless( $html ), self::timeless( do_blocks( $block ) ) );
			self::assertSame( str_contains( $shortcode, 'limit' ), str_contains( $html, '1 more monitor is not shown here.' ) );
		}
	}

	public function test_a_silent_companion_is_told_and_nobody_is_called_up(): void {
		PlantedMonitors::companion( $this->now_ms - 3_600_000 );
		$this->monitor( 'Shop' );
		$html = do_shortcode( '[rollcall_status]' );
		self::assertMatchesRegularExpression( '#__notice">\s*No data since <time datetime="' . gmdate( 'Y-m-d\TH:i:s\Z', intdiv( $this->now_ms - 3_600_000, 1000 ) ) . '">#', $html );
		self::assertStringContainsString( '? No reading', self::rows( $html )['Shop'] );
		Sql::run( 'DELETE FROM {companions}' );
		Sql::run( 'UPDATE {monitors} SET known_until_ms = 0' );
		self::assertStringContainsString( 'There is no data at present.', do_shortcode( '[rollcall_status]' ) );
	}

	public function test_without_public_monitors_it_says_so(): void {
		$this->monitor( 'Private', array( 'is_public' => 0 ) );
		$html = do_shortcode( '[rollcall_status]' );
		self::assertStringContainsString( 'No monitor is public yet.', $html );
		self::assertStringNotContainsString( '<dl', $html );
	}

	public function test_without_tables_the_figures_are_there_without_values(): void {
		$this->monitor( 'Shop' );
		$log = (string) tempnam( sys_get_temp_dir(), 'rc' );
		$old = ini_set( 'error_log', $log );
		add_filter( 'query', static fn ( string $query ): string => str_contains( $query, 'rollcall_monitors' ) ? 'SELECT broken FROM nowhere_at_all' : $query );
		$html = do_shortcode( '[rollcall_status]' );
		ini_set( 'error_log', (string) $old );
		self::assertStringContainsString( 'Status data is not available yet.', $html );
		self::assertSame( 9, substr_count( $html, '<dd>–</dd>' ) );
		self::assertStringNotContainsString( '100', $html );
		self::assertStringNotContainsString( 'As of', $html );
		self::assertStringContainsString( 'Public dashboard error', (string) file_get_contents( $log ) );
		unlink( $log );
	}

	public function test_no_address_header_message_nonce_or_script_is_in_the_page(): void {
		$this->monitor( 'Shop', array( 'state' => 'down' ) );
		$this->monitor( 'https://inside.example/secret-path' );
		$html = do_shortcode( '[rollcall_status]' );
		self::assertStringContainsString( 'Monitor without a name', $html );
		self::assertDoesNotMatchRegularExpression( '/secret|inside\.example|10\.0\.0\.7|503|https?:|nonce|<script|onclick|data-wp|style=/i', $html );
	}

	public function test_the_style_is_loaded_where_the_status_is_shown_and_all_of_it_is_small(): void {
		wp_dequeue_style( Status::STYLE );
		for ( $number = 0; $number < 200; $number++ ) {
			$this->monitor( 'Service ' . md5( (string) $number ) );
		}
		$html = do_shortcode( '[rollcall_status]' );
		self::assertTrue( wp_style_is( Status::STYLE, 'enqueued' ) );
		$css = (string) file_get_contents( dirname( ROLLCALL_FILE ) . '/templates/status.css' );
		self::assertLessThan( 15_000, strlen( (string) gzencode( $css . $html ) ) );
		wp_dequeue_style( Status::STYLE );
	}

	/** T5: whatever an attribute says, the page is that of a number and a flag. */
	public function test_no_attribute_brings_markup_or_sql(): void {
		$this->monitor( 'Shop' );
		$this->monitor( 'Mail' );
		$plain   = self::skeleton( do_shortcode( '[rollcall_status limit="1"]' ) );
		$queries = array();
		add_filter(
			'query',
			static function ( string $query ) use ( &$queries ): string {
				$queries[] = $query;
				return $query;
			}
		);
		foreach ( self::payloads() as $payload ) {
			foreach ( array( 'limit', 'show_stats', 'align', 'className', 'style', 'onclick' ) as $attribute ) {
				$drawn = array(
					Status::render( array( $attribute => $payload ) ),
					do_shortcode( '[rollcall_status ' . $attribute . '="' . str_replace( array( '"', '[', ']' ), '', $payload ) . '"]' ),
					do_blocks( '<!-- wp:rollcall/status ' . wp_json_encode( array( $attribute => $payload ), JSON_HEX_TAG | JSON_HEX_AMP ) . ' /-->' ),
				);
				foreach ( $drawn as $html ) {
					self::assertSame( array(), array_diff( self::skeleton( $html ), $plain ), "$attribute: $payload" );
				}
			}
		}
		self::assertDoesNotMatchRegularExpression( '/alert|SLEEP|UNION|DROP|--|#|;/i', implode( "\n", $queries ) );
	}

	public function test_the_name_of_a_monitor_is_text_whatever_it_says(): void {
		$this->monitor( 'Shop' );
		$plain = self::skeleton( do_shortcode( '[rollcall_status]' ) );
		foreach ( self::payloads() as $payload ) {
			Sql::run( 'UPDATE {monitors} SET name = %s', mb_substr( $payload, 0, 200 ) );
			self::assertSame( $plain, self::skeleton( do_shortcode( '[rollcall_status]' ) ), $payload );
		}
	}

	/** @param array<string, int|string|null> $fields */
	private function monitor( string $name, array $fields = array() ): int {
		return PlantedMonitors::monitor( $name, $fields, $this->now_ms );
	}

	/** Without the time at which it was made, which may differ by a second. */
	private static function timeless( string $html ): string {
		return (string) preg_replace( '#(__as-of">).*?(</p>)#s', '$1$2', $html );
	}

	/** @return array<string, string> Text of the rows by name. */
	private static function rows( string $html ): array {
		preg_match_all( '#<li[^>]*>\s*<h3>(.*?)</h3>(.*?)</li>#s', $html, $found );
		return array_combine( $found[1], array_map( static fn( string $row ): string => trim( (string) preg_replace( '/\s+/', ' ', wp_strip_all_tags( str_replace( '<', ' <', $row ) ) ) ), $found[2] ) );
	}
}
