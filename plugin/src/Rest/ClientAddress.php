<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

/** Whose request it is, for limits: the address that the web server saw, or what a configured proxy says. */
final class ClientAddress {
	/**
	 * An IPv4 address, or the /64 of an IPv6 one, which one client has as a whole; hexadecimal.
	 * X-Forwarded-For counts only when the request came from a proxy named in the constant ROLLCALL_TRUSTED_PROXIES
	 * (addresses or CIDR blocks, by comma or in an array): anyone may write that header.
	 */
	public static function current(): string {
		$trusted = defined( 'ROLLCALL_TRUSTED_PROXIES' ) ? constant( 'ROLLCALL_TRUSTED_PROXIES' ) : array();
		$trusted = is_string( $trusted ) ? explode( ',', $trusted ) : $trusted;
		return self::of( self::server( 'REMOTE_ADDR' ), self::server( 'HTTP_X_FORWARDED_FOR' ), is_array( $trusted ) ? array_values( array_filter( $trusted, 'is_string' ) ) : array() );
	}

	/**
	 * The same for given headers: of the addresses that were forwarded the right-most one that is no trusted proxy.
	 *
	 * @param list<string> $trusted Addresses or CIDR blocks.
	 */
	public static function of( string $remote, string $forwarded, array $trusted ): string {
		$client = self::bytes( $remote );
		$hops   = '' === $forwarded ? array() : array_reverse( explode( ',', $forwarded ) );
		foreach ( $hops as $hop ) {
			$address = self::bytes( self::without_port( trim( $hop ) ) );
			if ( ! self::is_trusted( $client, $trusted ) || '' === $address ) {
				break;
			}
			$client = $address;
		}
		return bin2hex( 16 === strlen( $client ) ? substr( $client, 0, 8 ) : $client );
	}

	/** @param list<string> $trusted */
	private static function is_trusted( string $address, array $trusted ): bool {
		foreach ( $trusted as $block ) {
			$part   = explode( '/', trim( $block ), 2 );
			$base   = self::bytes( $part[0] );
			$length = isset( $part[1] ) && ctype_digit( $part[1] ) ? min( (int) $part[1], 8 * strlen( $base ) ) : 8 * strlen( $base );
			if ( '' !== $base && strlen( $base ) === strlen( $address ) && self::bits( $base, $length ) === self::bits( $address, $length ) ) {
				return true;
			}
		}
		return false;
	}

	/** The first bits of an address as text of 0 and 1. */
	private static function bits( string $bytes, int $length ): string {
		$bits = '';
		foreach ( str_split( $bytes ) as $byte ) {
			$bits .= str_pad( decbin( ord( $byte ) ), 8, '0', STR_PAD_LEFT );
		}
		return substr( $bits, 0, $length );
	}

	/** `192.0.2.1:8080` and `[2001:db8::1]:8080` as some proxies write them. */
	private static function without_port( string $hop ): string {
		return 1 === preg_match( '/^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+))(?::[0-9]{1,5})?\z/', $hop, $part ) ? $part[1] . ( $part[2] ?? '' ) : $hop;
	}

	/** Four or sixteen bytes; four for an IPv4 address that is mapped into IPv6; none for what is no address. */
	private static function bytes( string $address ): string {
		$bytes = false !== filter_var( $address, FILTER_VALIDATE_IP ) ? (string) inet_pton( $address ) : '';
		return 16 === strlen( $bytes ) && str_starts_with( $bytes, str_repeat( "\0", 10 ) . "\xff\xff" ) ? substr( $bytes, 12 ) : $bytes;
	}

	private static function server( string $name ): string {
		// phpcs:ignore WordPress.Security.ValidatedSanitizedInput -- only what inet_pton() takes is used of it.
		$value = $_SERVER[ $name ] ?? '';
		// Proxies write at the end: what is left out is the client's.
		return is_string( $value ) ? substr( $value, -1000 ) : '';
	}
}
