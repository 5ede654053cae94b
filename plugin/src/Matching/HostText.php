<?php
declare( strict_types = 1 );

namespace Rollcall\Matching;

use Rollcall\Database\Sql;
use Rollcall\Users\EmailDomain;
use WpOrg\Requests\IdnaEncoder;

/** The host in a text that a person typed: a domain, an address or a URL. Nothing else of the text is used. */
final class HostText {
	/**
	 * The host as it would leave, or the reason why there is none; exactly one of them is null.
	 *
	 * @return array{host: string|null, reason: string|null}
	 */
	public static function cut( string $text ): array {
		$text = trim( $text );
		if ( 1 === preg_match( '#^[a-z][a-z0-9+.-]*://#i', $text ) ) {
			$host = wp_parse_url( $text, PHP_URL_HOST );
			return is_string( $host ) && '' !== $host ? EmailDomain::cut( "x@$host" ) : array(
				'host'   => null,
				'reason' => 'bad_url',
			);
		}
		if ( '' === $text || str_contains( $text, '@' ) ) {
			return EmailDomain::cut( $text );
		}
		return EmailDomain::cut( 'x@' . (string) preg_replace( '#(?::[0-9]+)?(?:[/?\#].*)?$#sD', '', ltrim( $text, '/' ) ) );
	}

	/**
	 * A host as it would leave, in A-label form and without a trailing dot; null when it cannot be. Where the companion
	 * has told the form, that one; else that of WordPress's encoder, which cannot fold capitals outside ASCII.
	 */
	public static function ascii( string $host ): ?string {
		$host = str_ends_with( $host, '.' ) ? substr( $host, 0, -1 ) : $host;
		if ( ! str_contains( $host, '%' ) ) {
			return $host;
		}
		$known = Sql::value( 'SELECT ascii_host FROM {domains} WHERE host = %s', $host );
		if ( null !== $known ) {
			return $known;
		}
		$text = rawurldecode( $host );
		if ( 1 === preg_match( '/\p{Lu}/u', $text ) ) {
			return null;
		}
		try {
			return strtolower( IdnaEncoder::encode( $text ) );
		} catch ( \WpOrg\Requests\Exception ) {
			return null;
		}
	}
}
