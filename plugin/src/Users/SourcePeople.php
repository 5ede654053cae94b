<?php
declare( strict_types = 1 );

namespace Rollcall\Users;

use Rollcall\Contract;
use Rollcall\Database\Domains;
use Rollcall\Database\RunAddresses;
use Rollcall\Database\UserDomains as Rows;

/**
 * Turns addresses of a source into people by domain, each address once a run. Addresses never leave this room.
 *
 * @phpstan-type Counted array{users_by_domain: array<int, int>, reasons: array<int, int>, read: int}
 */
final class SourcePeople {
	/** Addresses in one question for users. */
	private const LOOK_UP = 1000;

	/**
	 * Counts a page; runs inside the caller's transaction.
	 *
	 * @param list<mixed> $addresses What is no text is a person without a usable address.
	 * @param bool        $with_users Whether the run counts the users too: then their addresses are left out.
	 * @return Counted
	 */
	public static function count( array $addresses, int $run_id, bool $with_users, int $now_ms ): array {
		$texts  = array_filter( $addresses, 'is_string' );
		$people = self::distinct( array_values( $texts ), $run_id );
		if ( $with_users ) {
			$people = array_values( array_diff_key( $people, self::of_users( $people ) ) );
		}
		$cuts   = array_map( array( EmailDomain::class, 'cut' ), array_values( $people ) );
		$broken = count( $addresses ) - count( $texts );
		return self::by_domain( $cuts, $broken > 0 ? array( Contract::number( 'REASONS', 'not_string' ) => $broken ) : array(), $now_ms );
	}

	/**
	 * Counts hosts that a browser cut, with the number of people at each; what is no host as cut here is refused with
	 * the reason, and nothing of it is kept.
	 *
	 * @param list<array{host: string, user_count: int}> $rows
	 * @return Counted
	 */
	public static function count_hosts( array $rows, int $now_ms ): array {
		$counted = array(
			'users_by_domain' => array(),
			'reasons'         => array(),
			'read'            => 0,
		);
		$hosts   = array();
		foreach ( $rows as $row ) {
			$cut              = EmailDomain::cut( 'x@' . rawurldecode( $row['host'] ) );
			$counted['read'] += $row['user_count'];
			if ( $cut['host'] === $row['host'] ) {
				$hosts[ $row['host'] ] = ( $hosts[ $row['host'] ] ?? 0 ) + $row['user_count'];
			} else {
				$reason                        = Contract::number( 'REASONS', $cut['reason'] ?? 'bad_char' );
				$counted['reasons'][ $reason ] = ( $counted['reasons'][ $reason ] ?? 0 ) + $row['user_count'];
			}
		}
		foreach ( Domains::ids( array_map( 'strval', array_keys( $hosts ) ), $now_ms ) as $host => $domain_id ) {
			$counted['users_by_domain'][ $domain_id ] = $hosts[ $host ];
		}
		return $counted;
	}

	/**
	 * Addresses that this run has not counted yet, by lower-case spelling.
	 *
	 * @param list<string> $addresses
	 * @return array<string, string>
	 */
	private static function distinct( array $addresses, int $run_id ): array {
		$key    = RunAddresses::key();
		$people = array();
		$hashes = array();
		foreach ( $addresses as $address ) {
			$spelling              = self::spelling( $address );
			$people[ $spelling ] ??= $address;
			$hashes[ $spelling ]   = substr( hash_hmac( 'sha256', $spelling, $key ), 0, 32 );
		}
		$new = array_flip( RunAddresses::add( $run_id, array_values( $hashes ) ) );
		return array_filter( $people, static fn ( string $spelling ): bool => isset( $new[ $hashes[ $spelling ] ] ), ARRAY_FILTER_USE_KEY );
	}

	/**
	 * @param array<string, string> $people
	 * @return array<string, int>
	 */
	private static function of_users( array $people ): array {
		$known = array();
		// WordPress refuses a statement with text that is no UTF-8; no user has such an address.
		$texts = array_filter( array_map( 'trim', array_keys( $people ) ), static fn ( string $text ): bool => 1 === preg_match( '//u', $text ) );
		foreach ( array_chunk( $texts, self::LOOK_UP ) as $chunk ) {
			foreach ( Rows::known_addresses( EmailDomain::COLUMN, $chunk ) as $address ) {
				$known[ self::spelling( $address ) ] = 1;
			}
		}
		return $known;
	}

	/** Two spellings that differ in case or in space around them are one person. The space keeps PHP from taking it for a number. */
	private static function spelling( string $address ): string {
		return ' ' . strtr( trim( $address ), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz' );
	}

	/**
	 * @param list<array{host: string|null, reason: string|null}> $cuts
	 * @param array<int, int>                                     $reasons
	 * @return Counted
	 */
	private static function by_domain( array $cuts, array $reasons, int $now_ms ): array {
		$hosts = array();
		foreach ( $cuts as $cut ) {
			if ( null !== $cut['host'] ) {
				$hosts[ $cut['host'] ] = ( $hosts[ $cut['host'] ] ?? 0 ) + 1;
			} else {
				$reason             = Contract::number( 'REASONS', (string) $cut['reason'] );
				$reasons[ $reason ] = ( $reasons[ $reason ] ?? 0 ) + 1;
			}
		}
		$users_by_domain = array();
		foreach ( Domains::ids( array_map( 'strval', array_keys( $hosts ) ), $now_ms ) as $host => $domain_id ) {
			$users_by_domain[ $domain_id ] = $hosts[ $host ];
		}
		return array(
			'users_by_domain' => $users_by_domain,
			'reasons'         => $reasons,
			'read'            => array_sum( $hosts ) + array_sum( $reasons ),
		);
	}
}
