<?php
declare( strict_types = 1 );

namespace Rollcall\Tests;

use Rollcall\Admin\Page;
use Rollcall\Errors;

/** A language pack as WordPress installs it: PHP reads the MO file, scripts the JSON file of their path. */
final class TranslationsTest extends TestCase {
	/** @var list<string> */
	private array $files = array();

	protected function setUp(): void {
		parent::setUp();
		$messages = new \MO();
		$messages->set_header( 'Plural-Forms', 'nplurals=2; plural=(n != 1);' );
		foreach ( array( 'Overview' => 'Übersicht', 'The request is not valid.' => 'Die Anfrage ist nicht gültig.' ) as $text => $german ) {
			$messages->add_entry( array( 'singular' => $text, 'translations' => array( $german ) ) );
		}
		wp_mkdir_p( WP_LANG_DIR . '/plugins' );
		$this->files[] = WP_LANG_DIR . '/plugins/rollcall-de_DE.mo';
		$messages->export_to_file( $this->files[0] );
		// WordPress names the JSON file after the script's path inside the plugin.
		$this->files[] = WP_LANG_DIR . '/plugins/rollcall-de_DE-' . md5( 'build/admin.js' ) . '.json';
		file_put_contents( $this->files[1], '{"locale_data":{"rollcall":{"":{"lang":"de"},"Loading …":["Wird geladen …"]}}}' );
		wp_cache_flush();
		$GLOBALS['wp_textdomain_registry'] = new \WP_Textdomain_Registry();
		$GLOBALS['wp_textdomain_registry']->set_custom_path( 'rollcall', dirname( ROLLCALL_FILE ) . '/languages' );
		$GLOBALS['wp_textdomain_registry']->init();
		unload_textdomain( 'rollcall', true );
		add_filter( 'locale', static fn (): string => 'de_DE' );
		\WP_Translation_Controller::get_instance()->set_locale( 'de_DE' );
	}

	protected function tearDown(): void {
		array_map( 'unlink', $this->files );
		parent::tearDown();
		unload_textdomain( 'rollcall', true );
		\WP_Translation_Controller::get_instance()->set_locale( determine_locale() );
	}

	public function test_php_speaks_the_language_of_the_site(): void {
		self::assertSame( 'Übersicht', __( 'Overview', 'rollcall' ) );
		self::assertSame( 'Die Anfrage ist nicht gültig.', Errors::make( 'bad_request', 'x' )->get_error_data()['title'] );
	}

	public function test_the_script_of_the_page_gets_its_translations(): void {
		wp_register_script( Page::HANDLE, plugins_url( 'build/admin.js', ROLLCALL_FILE ), array(), '1', true );
		self::assertTrue( wp_set_script_translations( Page::HANDLE, 'rollcall', dirname( ROLLCALL_FILE ) . '/languages' ) );
		$printed = wp_scripts()->print_translations( Page::HANDLE, false );
		wp_deregister_script( Page::HANDLE );
		self::assertStringContainsString( 'Wird geladen', (string) $printed );
	}

	public function test_the_template_of_translations_lies_where_the_header_says(): void {
		$header = get_file_data( ROLLCALL_FILE, array( 'domain' => 'Text Domain', 'path' => 'Domain Path' ) );
		self::assertSame( array( 'domain' => 'rollcall', 'path' => '/languages' ), $header );
	}
}
