<?php
declare( strict_types = 1 );

namespace Rollcall\Tests\Companion;

use PHPUnit\Framework\Attributes\DataProvider;
use PHPUnit\Framework\TestCase;
use Rollcall\Companion\Derivation;
use Rollcall\Companion\Signature;
use Rollcall\RollcallError;

/** The vectors are shared with the companion. */
final class SignatureTest extends TestCase {
	/** @return iterable<string, array{array<string, mixed>}> */
	public static function vectors(): iterable {
		$text = (string) file_get_contents( dirname( __DIR__, 2 ) . '/fixtures/signature-vectors.json' );
		/** @var list<array<string, mixed>> $vectors */
		$vectors = json_decode( $text, true, 16, JSON_THROW_ON_ERROR );
		foreach ( $vectors as $vector ) {
			yield (string) $vector['id'] => array( $vector );
		}
	}

	public function test_there_are_at_least_forty_vectors(): void {
		$this->assertGreaterThanOrEqual( 40, iterator_count( self::vectors() ) );
	}

	/** @param array<string, mixed> $vector */
	#[DataProvider( 'vectors' )]
	public function test_answers_what_the_vector_expects( array $vector ): void {
		$this->assertSame( $vector['expected'], $this->answer( $vector ) );
	}

	/** @param array<string, mixed> $v */
	private function answer( array $v ): mixed {
		try {
			return match ( $v['kind'] ) {
				'sorted_query'   => Signature::sorted_query( $v['query'], $v['transport'] ),
				'content_type'   => Signature::content_type( $v['header'] ),
				'request'        => array(
					'string_to_sign' => self::request_text( $v ),
					'signature'      => Signature::sign( hex2bin( $v['key'] ), self::request_text( $v ) ),
				),
				'verify_request' => self::verify_request( $v ),
				'answer'         => Signature::sign( hex2bin( $v['key'] ), self::answer_text( $v ) ),
				'verify_answer'  => Signature::verify( hex2bin( $v['key'] ), self::answer_text( $v ), $v['signature'] ),
				'pair_root'      => bin2hex( Derivation::root( hex2bin( $v['secret'] ) ) ),
				'pair_mac'       => Derivation::pair_mac( hex2bin( $v['root'] ), $v ),
				'pair_answer'    => Derivation::pair_answer( hex2bin( $v['root'] ), $v['companion_nonce'], $v['payload'] ),
				'pair_keys'      => array_map( 'bin2hex', Derivation::pair_keys( hex2bin( $v['root'] ), $v['companion_nonce'], $v['site_nonce'], $v['site_id'], $v['companion_id'] ) ),
				'rotated_keys'   => array_map( 'bin2hex', Derivation::rotated_keys( array( 'c2w' => hex2bin( $v['c2w'] ), 'w2c' => hex2bin( $v['w2c'] ) ), $v['wordpress_nonce'], $v['companion_nonce'], $v['kid'] ) ),
			};
		} catch ( RollcallError $error ) {
			$this->assertSame( 'bad_request', $error->error_code );
			return null;
		}
	}

	/** @param array<string, mixed> $v */
	private static function verify_request( array $v ): bool {
		try {
			return Signature::verify( hex2bin( $v['key'] ), self::request_text( $v ), $v['signature'] );
		} catch ( RollcallError ) {
			return false;
		}
	}

	/** @param array<string, mixed> $v */
	private static function request_text( array $v ): string {
		return Signature::string_to_sign( $v['direction'], $v['method'], $v['site_id'], $v['route'], $v['sorted_query'], $v['content_type'], $v['body'], $v['timestamp'], $v['nonce'], $v['kid'] );
	}

	/** @param array<string, mixed> $v */
	private static function answer_text( array $v ): string {
		return Signature::answer_to_sign( $v['status'], $v['nonce'], $v['kid'], $v['payload'] );
	}
}
