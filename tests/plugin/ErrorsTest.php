<?php
declare( strict_types = 1 );

namespace Rollcall\Tests;

use Rollcall\Companion\Link;
use Rollcall\Database\Companions;
use Rollcall\Errors;

final class ErrorsTest extends TestCase {
	public function test_every_row_says_what_the_page_of_error_codes_says(): void {
		$page = (string) file_get_contents( dirname( __DIR__, 2 ) . '/companion/docs/errors.md' );
		preg_match_all( '/^\| `([a-z_]+)` \| (\d+) \| (yes|no) \| (.*?) \| (.*?) \|$/m', $page, $rows, PREG_SET_ORDER );
		self::assertSame( array_keys( Errors::texts() ), array_column( $rows, 1 ) );
		foreach ( $rows as list( , $code, $status, $again, $title, $hint ) ) {
			$texts = array( 'title' => $title, 'hint' => $hint );
			self::assertSame( array( 'http_status' => (int) $status, 'permanent' => 'no' === $again ) + $texts, Errors::row( $code ) );
			self::assertSame( $texts, Errors::texts()[ $code ] );
		}
	}

	public function test_a_rest_error_has_title_and_hint_in_the_language_of_the_request(): void {
		self::speak_another_language();
		$data = self::rest( 'GET', '/rollcall/v1/overview' )->get_data();
		self::assertSame( 'not_allowed', $data['code'] );
		self::assertSame( 'fr: You are not allowed to do this.', $data['data']['title'] );
		self::assertSame( 'fr: Ask an administrator for the right.', $data['data']['hint'] );
	}

	public function test_an_error_made_before_the_language_changed_does_not_fix_the_words(): void {
		self::assertSame( 'You are not allowed to do this.', Errors::row( 'not_allowed' )['title'] );
		self::speak_another_language();
		self::assertSame( 'fr: You are not allowed to do this.', Errors::row( 'not_allowed' )['title'] );
	}

	public function test_the_hint_of_the_connection_and_the_words_of_the_admin_page_are_translated(): void {
		PairedCompanion::pair()->exchange();
		self::speak_another_language();
		$link = Link::describe( Companions::current()['next_expected_ms'] + Link::SILENT_MS + 1 );
		self::assertStringStartsWith( 'fr: ', (string) $link['error_hint'] );
		foreach ( Errors::texts() as $code => $texts ) {
			self::assertStringStartsWith( 'fr: ', $texts['title'], $code );
			self::assertStringStartsWith( 'fr: ', $texts['hint'], $code );
		}
	}

	private static function speak_another_language(): void {
		add_filter( 'gettext', static fn ( string $text, string $source, string $domain ): string => 'rollcall' === $domain ? "fr: $source" : $text, 10, 3 );
	}
}
