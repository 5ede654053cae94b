<?php
declare( strict_types = 1 );

namespace Rollcall\Companion;

use Rollcall\RollcallError;

/** HMAC-SHA256 over calls and answers between plugin and companion. Every key is 32 raw bytes. */
final class Signature {
	/** From the companion to WordPress, and back. */
	public const TO_WORDPRESS = 'c2w';
	public const TO_COMPANION = 'w2c';

	/**
	 * The text that a call's signature covers.
	 *
	 * @param string $query        As sorted_query() answers it.
	 * @param string $content_type As content_type() answers it.
	 * @param int    $timestamp    Unix seconds.
	 * @throws RollcallError With bad_request when a part holds a line break.
	 */
	public static function string_to_sign(
		string $direction,
		string $method,
		string $site_id,
		string $route,
		string $query,
		string $content_type,
		string $body,
		int $timestamp,
		string $nonce,
		string $kid
	): string {
		return self::join(
			array(
				'rollcall-v1',
				$direction,
				$method,
				$site_id,
				$route,
				$query,
				$content_type,
				hash( 'sha256', $body ),
				(string) $timestamp,
				$nonce,
				$kid,
			)
		);
	}

	/** The signature of a text: `v1=` and 64 hexadecimal digits. */
	public static function sign( string $key, string $text ): string {
		return 'v1=' . hash_hmac( 'sha256', $text, $key );
	}

	/** Whether the signature is that of the text; takes the same time wherever the two differ. */
	public static function verify( string $key, string $text, string $signature ): bool {
		return hash_equals( self::sign( $key, $text ), $signature );
	}

	/** The text that an answer's signature covers. The payload comes last, so that it may hold line breaks. */
	public static function answer_to_sign( int $status, string $nonce, string $kid, string $payload ): string {
		return self::join( array( 'rollcall-v1', 'ack', (string) $status, $nonce, $kid ) ) . "\n" . $payload;
	}

	/**
	 * The pairs of a raw query in byte order, still encoded as sent, without what a transport adds.
	 *
	 * @param string $transport Word of TRANSPORTS.
	 */
	public static function sorted_query( string $query, string $transport ): string {
		$added = 'admin_ajax' === $transport ? array( 'rest_route', 'action' ) : array( 'rest_route' );
		$pairs = array_filter(
			explode( '&', $query ),
			static fn( string $pair ): bool => '' !== $pair && ! in_array( explode( '=', $pair, 2 )[0], $added, true )
		);
		sort( $pairs, SORT_STRING );
		return implode( '&', $pairs );
	}

	/** The lower-case media type of a header, without parameters. */
	public static function content_type( string $header ): string {
		return strtolower( trim( explode( ';', $header, 2 )[0] ) );
	}

	/**
	 * Joins parts by line breaks.
	 *
	 * @param list<string> $parts
	 * @throws RollcallError With bad_request when a part holds one, because parts could then change places.
	 */
	public static function join( array $parts ): string {
		foreach ( $parts as $part ) {
			if ( str_contains( $part, "\n" ) ) {
				throw new RollcallError( 'bad_request', 'A signed value holds a line break.' );
			}
		}
		return implode( "\n", $parts );
	}
}
