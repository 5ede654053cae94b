<?php
declare( strict_types = 1 );

namespace Rollcall\Users;

/**
 * Cuts the host out of an address, byte for byte as the companion does; both run tests/fixtures/email-hosts.json.
 * Whatever needs the local part is decided here, so that nothing of it leaves WordPress. Needs neither mbstring nor intl.
 */
final class EmailDomain {
	/** Column of WordPress's users that holds the address. */
	public const COLUMN = 'user_email';

	/** An address has at most 64 + 1 + 255 octets (RFC 5321 4.5.3.1). */
	private const MAX_TEXT_OCTETS = 2048;
	/** The host column; 253 octets of A-label can be more when percent-encoded. */
	private const MAX_HOST_OCTETS  = 1024;
	private const MAX_ASCII_OCTETS = 253;

	/** Nearly every real address: nothing quoted, nothing outside ASCII. Tied to the slow way by a random test. */
	private const PLAIN = '/^[A-Za-z0-9!#$%&\'*+\/=?^_`{|}~.-]{1,64}@([A-Za-z0-9._-]{1,253})$/D';

	private const WHITESPACE = '[\t\n\x{0B}\f\r \x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}]';
	private const QUOTED     = '/"(?:[^"\\\\]|\\\\.)*+"/su';
	private const CONTROL    = '/[\x{00}-\x{1F}\x{7F}-\x{9F}]/u';
	private const BIDI       = '/[\x{061C}\x{200E}\x{200F}\x{202A}-\x{202E}\x{2066}-\x{2069}]/u';
	/** Default ignorable characters: UTS #46 would delete them, so that two spellings became one host. */
	private const INVISIBLE = '/[\x{AD}\x{034F}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{180B}-\x{180F}\x{200B}-\x{200D}\x{2060}-\x{2065}\x{206A}-\x{206F}\x{3164}\x{FE00}-\x{FE0F}\x{FEFF}\x{FFA0}\x{FFF0}-\x{FFFB}\x{1BCA0}-\x{1BCA3}\x{1D173}-\x{1D17A}\x{E0000}-\x{E0FFF}]/u';
	/** Full-width and small commercial at are refused too: the text before them may be a local part. */
	private const BAD_HOST_CHAR = '/[^A-Za-z0-9._\x{80}-\x{10FFFF}-]|[\x{FE6B}\x{FF20}]/u';

	/**
	 * The host as it may leave, or the reason why there is none; exactly one of them is null.
	 * ASCII is lower-cased, a trailing dot kept, other characters are percent-encoded UTF-8.
	 *
	 * @return array{host: string|null, reason: string|null} Reasons are words of REASONS.
	 */
	public static function cut( string $address ): array {
		if ( 1 === preg_match( self::PLAIN, $address, $found ) ) {
			return array(
				'host'   => self::lower( $found[1] ),
				'reason' => null,
			);
		}
		return self::cut_carefully( $address );
	}

	/**
	 * The same without the short way for plain addresses.
	 *
	 * @return array{host: string|null, reason: string|null}
	 */
	public static function cut_carefully( string $address ): array {
		if ( strlen( $address ) > self::MAX_TEXT_OCTETS ) {
			return self::refused( 'too_long' );
		}
		if ( 1 !== preg_match( '//u', $address ) || str_contains( $address, "\u{FFFD}" ) ) {
			return self::refused( 'bad_char' );
		}
		$trimmed = self::replaced( '/^' . self::WHITESPACE . '+|' . self::WHITESPACE . '+$/uD', '', $address );
		if ( '' === $trimmed ) {
			return self::refused( 'empty' );
		}
		foreach ( array(
			'control'   => self::CONTROL,
			'bidi'      => self::BIDI,
			'invisible' => self::INVISIBLE,
		) as $reason => $pattern ) {
			if ( 1 === preg_match( $pattern, $trimmed ) ) {
				return self::refused( $reason );
			}
		}
		// A quoted string is never part of a host, so what it hides may go. A quote that is never closed quotes nothing.
		$masked = self::replaced( self::QUOTED, '""', $trimmed );
		if ( str_ends_with( $masked, '>' ) && str_contains( $masked, '<' ) ) {
			return self::refused( 'display_name' );
		}
		if ( 1 === preg_match( '/[()]/', $masked ) ) {
			return self::refused( 'comment' );
		}
		if ( 1 === preg_match( '/' . self::WHITESPACE . '/u', $masked ) ) {
			return self::refused( 'whitespace' );
		}
		return self::host_after_at( explode( '@', $masked ) );
	}

	/**
	 * Judges what stands around the at signs.
	 *
	 * @param list<string> $parts
	 * @return array{host: string|null, reason: string|null}
	 */
	private static function host_after_at( array $parts ): array {
		if ( count( $parts ) < 2 ) {
			return self::refused( 'no_at' );
		}
		if ( count( $parts ) > 2 ) {
			return self::refused( 'multiple_at' );
		}
		list( $local, $host ) = $parts;
		if ( '' === $local ) {
			return self::refused( 'empty_local' );
		}
		if ( '' === $host ) {
			return self::refused( 'empty' );
		}
		if ( '[' === $host[0] ) {
			return self::refused( 'ip_literal' );
		}
		if ( 1 === preg_match( self::BAD_HOST_CHAR, $host ) ) {
			return self::refused( 'bad_char' );
		}
		$encoded  = self::encode( $host );
		$too_long = 1 === preg_match( '/[^\x00-\x7F]/', $host )
			? strlen( $encoded ) > self::MAX_HOST_OCTETS
			: strlen( str_ends_with( $encoded, '.' ) ? substr( $encoded, 0, -1 ) : $encoded ) > self::MAX_ASCII_OCTETS;
		return $too_long ? self::refused( 'too_long' ) : array(
			'host'   => $encoded,
			'reason' => null,
		);
	}

	/** ASCII lower-cased, other bytes percent-encoded. */
	private static function encode( string $host ): string {
		return (string) preg_replace_callback(
			'/[^\x00-\x7F]+/',
			static fn ( array $found ): string => rawurlencode( $found[0] ),
			self::lower( $host )
		);
	}

	/** Lower case without the locale: strtolower() of PHP 8.1 asks it. */
	private static function lower( string $text ): string {
		return strtr( $text, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz' );
	}

	private static function replaced( string $pattern, string $by, string $text ): string {
		return preg_replace( $pattern, $by, $text ) ?? $text;
	}

	/** @return array{host: null, reason: string} */
	private static function refused( string $reason ): array {
		return array(
			'host'   => null,
			'reason' => $reason,
		);
	}
}
