<?php
declare( strict_types = 1 );

namespace Rollcall\Companion;

use Rollcall\Matching\OwnHosts;

/** Judges and names the origin at which a companion says that WordPress may call it. */
final class Origin {
	private const ORIGIN = '#^https?://([a-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?/?\z#i';

	/** Metadata services of clouds, which are never a companion: link-local ones, Alibaba, Azure, AWS and Google. */
	private const METADATA = '/^(?:169\.254\.|100\.100\.100\.200$|168\.63\.129\.16$|metadata(?:\.|$)|fe[89ab]|fd00:ec2::254$|fd20:ce::254$)/i';

	/** The origin when it may be called, else null: http(s), no user name, no path, no metadata service. */
	public static function usable( ?string $url ): ?string {
		if ( null === $url || strlen( $url ) > 2048 || 1 !== preg_match( self::ORIGIN, $url, $part ) ) {
			return null;
		}
		$is_named = str_starts_with( $part[1], '[' ) ? self::is_plain_ipv6( trim( $part[1], '[]' ) ) : self::is_name_or_ipv4( rtrim( $part[1], '.' ) );
		return $is_named && 1 !== preg_match( self::METADATA, rtrim( trim( $part[1], '[]' ), '.' ) ) ? untrailingslashit( $url ) : null;
	}

	/** What people call the companion at an origin: this server, its host, or just theirs when it told none. */
	public static function shown( ?string $url ): string {
		$host = null === $url ? null : wp_parse_url( $url, PHP_URL_HOST );
		if ( ! is_string( $host ) || '' === $host ) {
			return __( 'your companion', 'rollcall' );
		}
		$host = strtolower( rtrim( $host, '.' ) );
		return self::is_loopback( $host ) || in_array( $host, OwnHosts::current(), true ) ? __( 'the companion on this server', 'rollcall' ) : $host;
	}

	/** RFC 6761 and RFC 4291: the name of the own machine and names below it, 127/8 and ::1. */
	private static function is_loopback( string $host ): bool {
		$address = trim( $host, '[]' );
		$bytes   = false === filter_var( $address, FILTER_VALIDATE_IP ) ? '' : (string) inet_pton( $address );
		return 1 === preg_match( '/^(?:.+\.)?local(?:host)\z/', $host )
			|| inet_pton( '::1' ) === $bytes
			|| ( 4 === strlen( $bytes ) && "\x7f" === $bytes[0] );
	}

	/** WHATWG URL: a host whose last label is a number is an IPv4 address, also as 2852039166 or 0xa9.254.43518. */
	private static function is_name_or_ipv4( string $host ): bool {
		return 1 !== preg_match( '/(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$/i', $host ) || false !== filter_var( $host, FILTER_VALIDATE_IP, FILTER_FLAG_IPV4 );
	}

	/** No IPv4 address in the clothes of an IPv6 one: compatible, mapped, translated (RFC 4291, 6145, 6052) or 6to4. */
	private static function is_plain_ipv6( string $host ): bool {
		$bytes = false === filter_var( $host, FILTER_VALIDATE_IP, FILTER_FLAG_IPV6 ) ? '' : (string) inet_pton( $host );
		return inet_pton( '::1' ) === $bytes || 1 === preg_match( '/^(?!\0{8}|\0\x64\xff\x9b|\x20\x02).{16}\z/s', $bytes );
	}
}
