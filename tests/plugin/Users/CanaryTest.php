<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Users;

use Rollcall\Companion\Work;
use Rollcall\Contract;
use Rollcall\Database\DataVersion;
use Rollcall\Database\Domains;
use Rollcall\Matching\RunProgress;
use Rollcall\Tests\PairedCompanion;
use Rollcall\Tests\Planted;
use Rollcall\Tests\TestCase;

/** T15: of the users only domains leave. 1,000 canary users, of whom every fifth has a broken address. */
final class CanaryTest extends TestCase {
	/** What a local part leaves behind when it is cut wrongly; `%s` is the canary's word. */
	private const BROKEN = array(
		'%s',
		'%s.no.at',
		'@%s',
		'%s@',
		'%s@@host.example',
		'%s@%s@host.example',
		'"%s"',
		'"%s@host.example"',
		'%s (%s) @host.example',
		'%s <%s@host.example>',
		'%s@host .example',
		"%s@host.example\n%s@evil.example",
		"%s\u{FF20}host.example",
		"x@%s\u{FF20}host.example",
		'%s@[1.2.3.4]',
		"%s@ho\u{200B}st.example",
		"%s@\u{202E}host.example",
		"%s@host.exa\x00mple",
		'%s@host!.example',
		"%s\u{FFFD}@host.example",
	);

	public function test_no_local_part_address_or_hash_of_one_leaves(): void {
		Planted::list();
		PairedCompanion::pair();
		$words  = array();
		$emails = array();
		for ( $number = 0; $number < 1000; $number++ ) {
			$words[]  = 'canary' . bin2hex( pack( 'N', $number * 2654435761 % 4294967296 ) );
			$emails[] = 0 === $number % 5
				? str_replace( '%s', $words[ $number ], self::BROKEN[ intdiv( $number, 5 ) % count( self::BROKEN ) ] )
				: ucfirst( $words[ $number ] ) . ( 0 === $number % 3 ? '+Tag' : '' ) . '@host' . $number % 97 . ( 0 === $number % 7 ? ".b\u{FC}cher.example" : '.example' );
		}
		$this->make_users( $emails );
		RunProgress::start( self::ada(), true, Planted::NOW_MS );
		RunProgress::advance( Planted::NOW_MS );

		$exchange = array(
			'batch'            => null,
			'store_generation' => null,
			'cursors'          => array( 'domains_after' => 0, 'monitors_revision' => 0, 'beats_after_ms' => 0 ),
		);
		$payload  = Work::payload( $exchange, null, PairedCompanion::ID, false, Planted::NOW_MS );
		self::assertTrue( Contract::check( 'exchange_payload', $payload ) );
		self::assertGreaterThan( 97, count( $payload['work']['domains']['rows'] ?? array() ) );
		$text = strtolower( wp_json_encode( $payload ) . wp_json_encode( Domains::stale_page( DataVersion::current(), 0, 100_000 ) ) );
		$text = rawurldecode( $text );

		self::assertStringNotContainsString( 'canary', $text );
		foreach ( $emails as $number => $email ) {
			foreach ( array( $email, strtolower( $email ), $words[ $number ] ) as $secret ) {
				self::assertFalse( str_contains( $text, $secret ) );
				foreach ( array( 'md5', 'sha1', 'sha256', 'crc32b' ) as $algorithm ) {
					self::assertFalse( str_contains( $text, hash( $algorithm, $secret ) ), $algorithm );
				}
				self::assertFalse( str_contains( $text, strtolower( rtrim( base64_encode( $secret ), '=' ) ) ) );
			}
		}
		foreach ( $payload['work']['domains']['rows'] ?? array() as $row ) {
			self::assertSame( array( 'domain_id', 'host' ), array_keys( $row ), 'no count leaves either' );
			self::assertMatchesRegularExpression( '/^(?:[a-z0-9._-]|%[89A-F][0-9A-F])+$/D', $row['host'] );
		}
	}
}
