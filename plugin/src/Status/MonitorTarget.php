<?php
declare( strict_types = 1 );

namespace Rollcall\Status;

use Rollcall\Contract;

/**
 * Whether the target of a monitor is written as its type wants it. Where it leads, and whether the companion may go there,
 * is judged where the companion runs.
 *
 * @phpstan-type CheckForm array{schemes: list<string>, example: string, interval_seconds: int, fields: list<string>, usual: list<string>}
 */
final class MonitorTarget {
	/** The contract's limit, in bytes: the column and the companion count those. */
	private const MAXIMUM_BYTES = 2048;

	/** The kinds of records that the dns probe asks for. */
	private const RECORD_TYPES = array( 'A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT' );

	/** A name, an IPv4 address or one of IPv6 in brackets; letters of any script. */
	private const HOST = '(?:\[[0-9a-f:.]{2,45}\]|[\p{L}\p{N}\p{M}._\-]{1,253})';

	/**
	 * What is wrong, as a sentence that names the target without its query; null when nothing is.
	 *
	 * @param string $type A word of CHECK_TYPES.
	 */
	public static function problem( string $type, string $url ): ?string {
		$form = self::form( $type );
		if ( array() === $form['schemes'] ) {
			return '' === $url ? null : "A $type monitor has no target: beats come in at an address of its own.";
		}
		return self::raw_problem( $url ) ?? self::scheme_problem( $type, $form, $url ) ?? match ( $type ) {
			'http'  => self::web_problem( $url ),
			'dns'   => self::dns_problem( $url, $form['example'] ),
			'rdap'  => self::plain_problem( $url, '', $form['example'] ),
			default => self::plain_problem( $url, ':(?<port>\d{1,5})', $form['example'] ),
		};
	}

	/** The target without what may be a secret, at most 200 characters, for messages and the log of changes. */
	public static function shown( string $url ): string {
		$plain = (string) preg_replace( '#^([a-z]+://)[^/?\#]*@#i', '$1', (string) preg_replace( '/[?#].*$/su', '', $url ) );
		return mb_substr( (string) preg_replace( '/[\p{C}\p{Z}]+/u', ' ', $plain ), 0, 200 );
	}

	/**
	 * What the form of a type asks for.
	 *
	 * @return CheckForm
	 */
	public static function form( string $type ): array {
		/** @var array{check_forms: array<string, CheckForm>} $file */
		$file = Contract::read( 'check-types' );
		return $file['check_forms'][ $type ] ?? throw new \LogicException( "The contract has no form of $type." );
	}

	/** What no target may hold: the companion's parser of URLs would drop or change it. */
	private static function raw_problem( string $url ): ?string {
		return match ( true ) {
			'' === $url                                   => 'There is no target.',
			strlen( $url ) > self::MAXIMUM_BYTES          => sprintf( 'The target has %d bytes; the most is %d.', strlen( $url ), self::MAXIMUM_BYTES ),
			1 !== preg_match( '//u', $url )               => 'The target is not UTF-8.',
			1 === preg_match( '/[\p{C}\p{Z}]/u', $url )   => 'The target has a space, a line break or another invisible character.',
			str_contains( $url, '\\' )                    => 'The target has a backslash.',
			default                                       => null,
		};
	}

	/** @param CheckForm $form */
	private static function scheme_problem( string $type, array $form, string $url ): ?string {
		foreach ( $form['schemes'] as $scheme ) {
			if ( str_starts_with( strtolower( $url ), "$scheme//" ) ) {
				return null;
			}
		}
		return sprintf( 'The target of a %s monitor begins with %s, as in %s; this one is %s.', $type, implode( ' or ', array_map( static fn ( string $scheme ): string => "$scheme//", $form['schemes'] ) ), $form['example'], self::shown( $url ) );
	}

	private static function web_problem( string $url ): ?string {
		preg_match( '#^[a-z]+://([^/?\#]*)#i', $url, $found );
		$authority = $found[1] ?? '';
		if ( str_contains( $authority, '@' ) ) {
			return 'The target has a user name or password; send a header instead.';
		}
		return 1 === preg_match( '#^' . self::HOST . '(?::(?<port>\d{0,5}))?\z#iu', $authority, $parts )
			? self::host_problem( $parts[0] ) ?? ( '' === ( $parts['port'] ?? '' ) ? null : self::port_problem( $parts['port'] ) )
			: self::no_host( $authority );
	}

	private static function dns_problem( string $url, string $example ): ?string {
		$written = '#^dns://(?<host>[^/?\#@:]+)/?(?:\?type=(?<type>[a-z]+))?(?:@(?<server>' . self::HOST . '|[0-9a-f:]+)(?::(?<port>\d{1,5}))?)?\z#iu';
		if ( 1 !== preg_match( $written, $url, $parts ) ) {
			return self::not_as( $url, $example );
		}
		$type = $parts['type'] ?? '';
		if ( '' !== $type && ! in_array( strtoupper( $type ), self::RECORD_TYPES, true ) ) {
			return sprintf( '%s is no type of record; those are %s.', $type, implode( ', ', self::RECORD_TYPES ) );
		}
		return self::host_problem( $parts['host'] ) ?? ( isset( $parts['port'] ) ? self::port_problem( $parts['port'] ) : null );
	}

	/** Of a target that is a host, with a port when the pattern has one, and nothing else. */
	private static function plain_problem( string $url, string $port, string $example ): ?string {
		if ( 1 === preg_match( '#^[a-z]+://[^/?\#]*@#i', $url ) ) {
			return 'The target has a user name or password.';
		}
		if ( 1 !== preg_match( '#^[a-z]+://(?<host>' . self::HOST . ')' . $port . '/?\z#iu', $url, $parts ) ) {
			return self::not_as( $url, $example );
		}
		return self::host_problem( $parts['host'] ) ?? ( isset( $parts['port'] ) ? self::port_problem( $parts['port'] ) : null );
	}

	private static function host_problem( string $host ): ?string {
		$name = str_starts_with( $host, '[' ) ? 'address' : (string) preg_replace( '/:\d*\z/', '', $host );
		return 1 === preg_match( '/^[\p{L}\p{N}\p{M}_\-]{1,63}(?:\.[\p{L}\p{N}\p{M}_\-]{1,63})*\.?\z/u', $name ) ? null : self::no_host( $name );
	}

	private static function port_problem( string $port ): ?string {
		$number = (int) $port;
		return $number >= 1 && $number <= 65535 && ! str_starts_with( $port, '0' ) ? null : "The port $port is not from 1 to 65535.";
	}

	private static function no_host( string $host ): string {
		return '' === $host ? 'The target has no host.' : sprintf( '%s is no host.', mb_substr( $host, 0, 100 ) );
	}

	private static function not_as( string $url, string $example ): string {
		return sprintf( '%s is not written as %s is.', self::shown( $url ), $example );
	}
}
