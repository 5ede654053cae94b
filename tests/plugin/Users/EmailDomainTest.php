<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Users;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Rollcall\Contract;
use Rollcall\Users\EmailDomain;

final class EmailDomainTest extends TestCase {
	#[DataProvider( 'vectors' )]
	public function test_cuts_as_the_companion_does( string $input, ?string $host, ?string $reason ): void {
		self::assertSame( array( 'host' => $host, 'reason' => $reason ), EmailDomain::cut( $input ) );
	}

	/** @return iterable<string, array{string, string|null, string|null}> */
	public static function vectors(): iterable {
		$vectors = json_decode( (string) file_get_contents( dirname( __DIR__, 2 ) . '/fixtures/email-hosts.json' ), true, 16, JSON_THROW_ON_ERROR );
		foreach ( $vectors as $vector ) {
			yield $vector['id'] => array( $vector['input'] ?? (string) hex2bin( $vector['input_hex'] ), $vector['host'], $vector['reason'] );
		}
	}

	public function test_has_at_least_60_shared_vectors(): void {
		self::assertGreaterThanOrEqual( 60, iterator_count( self::vectors() ) );
	}

	/** A plain address that went the short way wrongly would send another host than the companion's own cut. */
	public function test_the_short_way_for_plain_addresses_gives_what_the_careful_one_gives(): void {
		mt_srand( 7 );
		$pieces = array( 'a', 'B', '1', '.', '-', '_', '+', '@', '@', '"', '\\', '(', ')', '<', '>', ' ', "\t", "\n", '[', ']', ':', '%', "\u{FC}", "\u{200B}", "\u{202E}", "\xFC", 'example.com', '@Example.org', '' );
		$hosts  = 0;
		for ( $round = 0; $round < 20_000; $round++ ) {
			$text = '';
			for ( $piece = mt_rand( 0, 5 ); $piece > 0; $piece-- ) {
				$text .= $pieces[ mt_rand( 0, count( $pieces ) - 1 ) ];
			}
			$careful = EmailDomain::cut_carefully( $text );
			self::assertSame( $careful, EmailDomain::cut( $text ), bin2hex( $text ) );
			$hosts += null === $careful['host'] ? 0 : 1;
		}
		self::assertGreaterThan( 300, $hosts );
	}

	/** T15: what leaves is letters, digits, dots, hyphens, underscores and percent-encoded bytes above ASCII. */
	public function test_a_host_holds_only_what_may_leave_and_a_reason_is_a_word_of_the_contract(): void {
		mt_srand( 11 );
		for ( $round = 0; $round < 20_000; $round++ ) {
			$text = 'SECRETLOCAL' . self::bytes( mt_rand( 0, 4 ) ) . '@' . self::bytes( mt_rand( 0, 6 ) ) . '.com';
			$cut  = EmailDomain::cut( $text );
			if ( null === $cut['host'] ) {
				self::assertContains( $cut['reason'], Contract::words( 'REASONS' ) );
				continue;
			}
			self::assertMatchesRegularExpression( '/^(?:[a-z0-9._-]|%[89A-F][0-9A-F])+$/D', $cut['host'] );
			self::assertStringNotContainsStringIgnoringCase( 'secretlocal', $cut['host'] );
		}
	}

	public function test_refuses_a_text_of_one_megabyte_in_less_than_a_millisecond(): void {
		$text     = str_repeat( 'a', 1 << 20 ) . '@example.com';
		$shortest = INF;
		for ( $round = 0; $round < 20; $round++ ) {
			$started  = hrtime( true );
			$cut      = EmailDomain::cut( $text );
			$shortest = min( $shortest, ( hrtime( true ) - $started ) / 1e6 );
		}
		self::assertSame( 'too_long', $cut['reason'] );
		self::assertLessThan( 1.0, $shortest );
	}

	private static function bytes( int $count ): string {
		$bytes = '';
		for ( ; $count > 0; $count-- ) {
			$bytes .= chr( mt_rand( 0, 255 ) );
		}
		return $bytes;
	}
}
