<?php
declare( strict_types = 1 );

namespace Rollcall\Users;

use Rollcall\Clock;
use Rollcall\Contract;
use Rollcall\Database\DomainVerdicts;
use Rollcall\Database\Domains;
use Rollcall\Database\DataVersion;
use Rollcall\Database\Migrator;
use Rollcall\Database\Signups as SignupRows;
use Rollcall\Database\UserDomains as Rows;
use Rollcall\Matching\SuffixWalk;
use Rollcall\RollcallError;

/**
 * Keeps `user_domains` true: in chunks for all users, and at once for a user who comes, changes or goes.
 *
 * @phpstan-import-type Verdict from \Rollcall\Contract\Shapes
 */
final class UserDomains {
	/**
	 * Reads the next users and stores their hosts; runs inside the caller's transaction, with the caller's cursor.
	 * Users who are gone are forgotten.
	 *
	 * @param int                $after Last user id of the chunk before; 0 starts.
	 * @param array<string, int> $known Numbers of hosts that an earlier transaction of this request has found.
	 * @return array{users_read: int, last_id: int, done: bool, hosts: array<string, int>} With the numbers of this chunk's hosts.
	 */
	public static function count_chunk( int $after, int $limit, int $now_ms, array $known = array() ): array {
		$addresses = Rows::addresses( EmailDomain::COLUMN, $after, $limit );
		$done      = count( $addresses ) < $limit;
		$last_id   = (int) ( array_key_last( $addresses ) ?? $after );
		$stored    = Rows::stored( $after, $done ? null : $last_id );
		$changed   = array();
		$hosts     = array();
		foreach ( array_map( array( EmailDomain::class, 'cut' ), $addresses ) as $user_id => $cut ) {
			if ( null === $cut['host'] ) {
				$changed[ $user_id ] = Rows::packed( 0, Contract::number( 'REASONS', (string) $cut['reason'] ) );
			} else {
				$hosts[ $user_id ] = $cut['host'];
			}
		}
		$of_chunk = array_fill_keys( $hosts, 0 );
		$ids      = array_intersect_key( $known, $of_chunk );
		$ids     += Domains::ids( array_map( 'strval', array_keys( array_diff_key( $of_chunk, $ids ) ) ), $now_ms );
		foreach ( $hosts as $user_id => $host ) {
			$changed[ $user_id ] = Rows::packed( $ids[ $host ], 0 );
		}
		Rows::store_packed( array_filter( $changed, static fn ( int $packed, int $user_id ): bool => ( $stored[ $user_id ] ?? -1 ) !== $packed, ARRAY_FILTER_USE_BOTH ) );
		Rows::remove( array_keys( array_diff_key( $stored, $addresses ) ) );
		return array(
			'users_read' => count( $addresses ),
			'last_id'    => $last_id,
			'done'       => $done,
			'hosts'      => $ids,
		);
	}

	/** Hook user_register and wpmu_new_user. */
	public static function registered( int $user_id ): void {
		self::follow( $user_id, true );
	}

	/** Hook profile_update: the address may be another one. */
	public static function changed( int $user_id ): void {
		self::follow( $user_id, false );
	}

	private static function follow( int $user_id, bool $signs_up ): void {
		$user  = get_userdata( $user_id );
		$blogs = is_multisite() ? array_keys( get_blogs_of_user( $user_id, true ) ) : array( get_current_blog_id() );
		foreach ( $blogs as $blog_id ) {
			self::on_blog( (int) $blog_id, static fn () => false === $user ? null : self::store( $user_id, $user->user_email, $signs_up ) );
		}
		if ( is_multisite() && ! in_array( get_current_blog_id(), $blogs, true ) ) {
			self::removed( $user_id, get_current_blog_id() );
		}
	}

	/** Hook add_user_to_blog; some plugins give no role. */
	public static function added( int $user_id, mixed $role, int $blog_id ): void {
		$user = get_userdata( $user_id );
		if ( false !== $user ) {
			self::on_blog( $blog_id, static fn () => self::store( $user_id, $user->user_email, true ) );
		}
	}

	/** Hook remove_user_from_blog. */
	public static function removed( int $user_id, int $blog_id ): void {
		self::on_blog(
			$blog_id,
			static function () use ( $user_id ): void {
				Rows::remove( array( $user_id ) );
				SignupRows::remove( array( $user_id ) );
			}
		);
	}

	/** Hook deleted_user; on multisite remove_user_from_blog told the other blogs. */
	public static function deleted( int $user_id ): void {
		self::removed( $user_id, get_current_blog_id() );
	}

	/**
	 * Stores the host of one user and matches it at once when it is new. No transaction: another plugin may have one
	 * open, and ours would commit it. A kill in between is mended by the next run.
	 */
	private static function store( int $user_id, string $address, bool $signs_up ): void {
		$now_ms = Clock::now_ms();
		$rows   = self::rows_of( array( $user_id => $address ), $now_ms );
		Rows::store( $rows );
		$domain_id = $rows[ $user_id ]['domain_id'];
		if ( $domain_id > 0 ) {
			$host    = (string) EmailDomain::cut( $address )['host'];
			$verdict = self::match_at_once( $domain_id, $host, $now_ms );
			if ( $signs_up && null !== $verdict ) {
				Signups::matched( $user_id, $domain_id, $host, $verdict, $now_ms );
			}
		}
	}

	/**
	 * The verdict on a host: the stored one while lists and rules are those that it was made with, else that of the lists in
	 * the tables. A host with other bytes waits for its A-label form.
	 *
	 * @return Verdict|null
	 */
	private static function match_at_once( int $domain_id, string $host, int $now_ms ): ?array {
		$stored  = DomainVerdicts::read( $domain_id );
		$version = DataVersion::current();
		if ( null !== $stored && $version === $stored['data_version'] ) {
			return $stored['verdict'];
		}
		$found = SuffixWalk::verdicts( array( $host ) )[ $host ] ?? null;
		if ( null !== $found ) {
			DomainVerdicts::write( array( $domain_id => $found ), array( $domain_id => $host ), $version, $now_ms );
		}
		return $found;
	}

	/**
	 * Rows of `user_domains`; hosts not seen before are added to `domains`.
	 *
	 * @param array<int, string> $addresses By user id.
	 * @return array<int, array{domain_id: int, reason: int}> By user id.
	 */
	private static function rows_of( array $addresses, int $now_ms ): array {
		$cuts  = array_map( array( EmailDomain::class, 'cut' ), $addresses );
		$hosts = array();
		foreach ( $cuts as $cut ) {
			if ( null !== $cut['host'] ) {
				$hosts[ $cut['host'] ] = $cut['host'];
			}
		}
		$ids  = Domains::ids( array_values( $hosts ), $now_ms );
		$rows = array();
		foreach ( $cuts as $user_id => $cut ) {
			$rows[ $user_id ] = array(
				'domain_id' => null === $cut['host'] ? 0 : $ids[ $cut['host'] ],
				'reason'    => null === $cut['reason'] ? 0 : Contract::number( 'REASONS', $cut['reason'] ),
			);
		}
		return $rows;
	}

	/** Runs work on a blog that has the tables. A failure never stops a registration; the next run mends it. */
	private static function on_blog( int $blog_id, callable $work ): void {
		$switched = is_multisite() && get_current_blog_id() !== $blog_id && switch_to_blog( $blog_id );
		try {
			if ( Migrator::is_current() ) {
				$work();
			}
		} catch ( RollcallError $error ) {
			// phpcs:ignore WordPress.PHP.DevelopmentFunctions.error_log_error_log -- the person who registers cannot mend it.
			error_log( 'Rollcall: ' . $error->error_code . ': ' . $error->getMessage() );
		} finally {
			if ( $switched ) {
				restore_current_blog();
			}
		}
	}
}
