<?php
declare( strict_types = 1 );

namespace Rollcall\Users;

use Rollcall\Contract;
use Rollcall\Database\ReportPeople;
use Rollcall\RollcallError;

/**
 * Sources of other plugins, by the filter `rollcall_address_sources`. What it gives is not trusted to be what it should.
 *
 * @phpstan-type Page array{addresses: list<mixed>, next: int|null}
 */
final class PluginSources {
	public const FILTER = 'rollcall_address_sources';

	/** Addresses on one page, at most. */
	private const MAX_ADDRESSES = 10_000;

	/** Sources at most, with those of Rollcall; the contract's limit. */
	private const MAX_SOURCES = 40;

	/**
	 * Sources by name; what is no source is left out.
	 *
	 * @return array<string, array{title: string, page: callable}>
	 */
	public static function all(): array {
		try {
			/**
			 * Offers addresses to the matcher. Only their domains are kept, with the number of people at each.
			 *
			 * @param array<string, array{title: string, page: callable(int, int): array{addresses: list<string>, next: int|null}}> $sources
			 *        By name: 1 to 32 of a-z, 0-9 and _, beginning with a letter. `page( int $after, int $limit )` gives
			 *        the addresses after a cursor, 0 at first, and the next cursor, which is higher, or null at the end.
			 */
			$offered = apply_filters( 'rollcall_address_sources', array() );
		} catch ( \Throwable $thrown ) {
			// phpcs:ignore WordPress.PHP.DevelopmentFunctions.error_log_error_log -- a broken plugin must not close the Matcher screen.
			error_log( 'Rollcall: ' . self::FILTER . ' failed: ' . self::where( $thrown ) );
			return array();
		}
		$sources  = array();
		$reserved = array( ...Contract::words( 'USER_SOURCES' ), ReportPeople::ALL );
		foreach ( is_array( $offered ) ? $offered : array() as $name => $source ) {
			$known = is_string( $name ) && 1 === preg_match( '/^[a-z][a-z0-9_]{0,31}$/D', $name ) && ! in_array( $name, $reserved, true );
			if ( $known && is_array( $source ) && is_callable( $source['page'] ?? null ) && count( $sources ) < self::MAX_SOURCES ) {
				$title            = is_string( $source['title'] ?? null ) ? wp_strip_all_tags( $source['title'] ) : '';
				$sources[ $name ] = array(
					'title' => mb_substr( '' === $title ? $name : $title, 0, 200 ),
					'page'  => $source['page'],
				);
			}
		}
		return $sources;
	}

	/**
	 * A page of a source.
	 *
	 * @return Page
	 * @throws RollcallError `source_failed`: it is gone, threw, or answered something else. No address is in the message.
	 */
	public static function page( string $name, int $after, int $limit ): array {
		$source = self::all()[ $name ] ?? null;
		if ( null === $source ) {
			throw self::failed( $name, __( 'no plugin offers it any more', 'rollcall' ) );
		}
		try {
			$page = ( $source['page'] )( $after, $limit );
		} catch ( \Throwable $thrown ) {
			throw self::failed( $name, self::where( $thrown ) );
		}
		if ( ! is_array( $page ) || ! is_array( $page['addresses'] ?? null ) || ! array_key_exists( 'next', $page ) ) {
			throw self::failed( $name, __( 'its page is not array( addresses, next )', 'rollcall' ) );
		}
		$next = $page['next'];
		if ( null !== $next && ( ! is_int( $next ) || $next <= $after ) ) {
			throw self::failed( $name, __( 'its pages do not come to an end', 'rollcall' ) );
		}
		if ( count( $page['addresses'] ) > self::MAX_ADDRESSES ) {
			throw self::failed( $name, __( 'its page holds more than 10,000 addresses', 'rollcall' ) );
		}
		return array(
			'addresses' => array_values( $page['addresses'] ),
			'next'      => $next,
		);
	}

	/** The error of a source. */
	public static function failed( string $name, string $why ): RollcallError {
		/* translators: 1: name of a source of addresses, 2: what it did. */
		return new RollcallError( 'source_failed', sprintf( __( 'The source "%1$s" stopped: %2$s.', 'rollcall' ), $name, $why ) );
	}

	/** What was thrown and where; its message may hold an address. */
	private static function where( \Throwable $thrown ): string {
		return $thrown::class . ' (' . basename( $thrown->getFile() ) . ':' . $thrown->getLine() . ')';
	}
}
