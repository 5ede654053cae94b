<?php
declare( strict_types = 1 );

namespace Rollcall\Status;

use Rollcall\Contract;
use Rollcall\RollcallError;

/**
 * A monitor as a person wants it: what the contract's shape cannot say of it, and what follows from the rest.
 *
 * @phpstan-import-type MonitorRequest from \Rollcall\Contract\Shapes as Shape
 * @phpstan-import-type MonitorOptions from \Rollcall\Contract\Shapes
 */
final class MonitorRequest {
	/** What is shown in the place of a value that may be a secret. */
	public const MASK = '•••';

	/** Characters of the name. */
	private const NAME = 200;

	/** Headers that belong to the connection (RFC 9110 sections 7.2, 7.6, 8.6 and 10.1, RFC 9112 section 6); the probe has the same. */
	private const NOT_OURS = array( 'host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive', 'proxy-connection', 'proxy-authorization', 'te', 'trailer', 'upgrade', 'expect', 'http2-settings' );

	/** Options of a check that asks for nothing in particular: what the types leave as it is. */
	public const PLAIN = array(
		'method'        => 'GET',
		'headers'       => array(),
		'body'          => '',
		'assertions'    => array(),
		'timeout_ms'    => 10_000,
		'grace_seconds' => 60,
	);

	/**
	 * The request as it is stored: trimmed, with a name.
	 *
	 * @param Shape $given What the contract's `monitor_request` accepted.
	 * @return Shape
	 * @throws RollcallError `monitor_url`: says what is wrong.
	 */
	public static function accepted( array $given ): array {
		$given['url']  = trim( $given['url'] );
		$given['name'] = trim( $given['name'] );
		$problem       = MonitorTarget::problem( $given['type'], $given['url'] ) ?? self::name_problem( $given['name'] ) ?? self::options_problem( $given['options'] );
		if ( null !== $problem ) {
			throw new RollcallError( 'monitor_url', $problem );
		}
		$given['name'] = '' === $given['name'] ? self::name_of( $given ) : $given['name'];
		return $given;
	}

	/**
	 * Options without the values of headers and without the body.
	 *
	 * @param MonitorOptions $options
	 * @return MonitorOptions
	 */
	public static function masked( array $options ): array {
		$options['headers'] = array_map( static fn ( array $header ): array => array( 'value' => self::MASK ) + $header, $options['headers'] );
		$options['body']    = '' === $options['body'] ? '' : self::MASK;
		return $options;
	}

	/** How often a site of a company of the report is asked at most. */
	public static function polite_interval_seconds(): int {
		/** @var array{polite_interval_seconds: int} $file */
		$file = Contract::read( 'check-types' );
		return $file['polite_interval_seconds'];
	}

	/**
	 * Refuses to have a polite monitor ask more often than it may; one that does so already may stay as it is.
	 *
	 * @param array{is_polite: bool, interval_seconds: int} $stored
	 * @throws RollcallError `monitor_interval`.
	 */
	public static function refuse_impolite( array $stored, int $interval_seconds ): void {
		$least = min( self::polite_interval_seconds(), $stored['interval_seconds'] );
		if ( $stored['is_polite'] && $interval_seconds < $least ) {
			throw new RollcallError( 'monitor_interval', "A site of a company is asked every $least s at most, not every $interval_seconds s." );
		}
	}

	private static function name_problem( string $name ): ?string {
		return match ( true ) {
			mb_strlen( $name ) > self::NAME                     => sprintf( 'The name has %d characters; the most is %d.', mb_strlen( $name ), self::NAME ),
			1 === preg_match( '/[\p{Cc}\p{Cs}]/u', $name )      => 'The name has a line break or another control character.',
			default                                             => null,
		};
	}

	/** @param array{headers: list<array{name: string, value: string}>, assertions: list<string>} $options */
	private static function options_problem( array $options ): ?string {
		foreach ( $options['headers'] as $header ) {
			if ( in_array( strtolower( $header['name'] ), self::NOT_OURS, true ) ) {
				return "The header $header[name] belongs to the connection and cannot be set.";
			}
			if ( self::MASK === $header['value'] ) {
				return "The value of the header $header[name] is the mark of a hidden one; write it out.";
			}
			if ( 1 !== preg_match( '/^[\t\x20-\x7e\x{a0}-\x{ff}]*\z/u', $header['value'] ) ) {
				return "The value of the header $header[name] has a line break or a character beyond Latin-1.";
			}
		}
		foreach ( $options['assertions'] as $assertion ) {
			if ( '' === trim( $assertion ) || 1 === preg_match( '/[\p{Cc}\p{Cs}]/u', $assertion ) ) {
				return 'An assertion is empty or has a control character.';
			}
		}
		return null;
	}

	/**
	 * The target, or what it is for one that has none.
	 *
	 * @param Shape $given
	 */
	private static function name_of( array $given ): string {
		return '' === $given['url'] ? __( 'Heartbeat', 'rollcall' ) : mb_substr( $given['url'], 0, self::NAME );
	}
}
