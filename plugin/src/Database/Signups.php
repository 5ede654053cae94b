<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

/**
 * Users who signed up from a listed company, one row a user, and whether a mail told of it. Kept 90 days.
 *
 * @phpstan-import-type Verdict from \Rollcall\Contract\Shapes
 * @phpstan-type Company array{list_uid: string, source_id: string, name: string, batch: string, status: string, kind: string}
 * @phpstan-type Pending array{signup_id: int, user_id: int, domain: string, name: string, batch: string, tries: int}
 */
final class Signups {
	/** Sign-ups in one mail. */
	private const PAGE = 200;

	/** How long a worker has for its mail, before another one may send it. */
	private const LEASE_MS = 600_000;

	/**
	 * Notes a sign-up; the first one of a user counts.
	 *
	 * @param int|null $notified_at_ms Set when no mail is wanted.
	 * @return bool False when the user was noted before.
	 */
	public static function add( int $user_id, int $domain_id, string $list_uid, string $source_id, int $now_ms, ?int $notified_at_ms ): bool {
		$row = array(
			'user_id'        => $user_id,
			'domain_id'      => $domain_id,
			'list_uid'       => $list_uid,
			'source_id'      => $source_id,
			'matched_at_ms'  => $now_ms,
			'notified_at_ms' => $notified_at_ms,
		);
		return 1 === Sql::insert( 'signups', array( $row ), ignore: true );
	}

	/**
	 * Companies of a verdict as the lists in use have them, in its order.
	 *
	 * @param list<array{list_uid: string, source_id: string, kind: string}> $matches
	 * @return list<Company>
	 */
	public static function companies( array $matches ): array {
		$listed    = ListedCompanies::of( $matches );
		$companies = array();
		foreach ( $matches as $match ) {
			$company = $listed[ ListedCompanies::key( $match ) ] ?? null;
			if ( null !== $company ) {
				$companies[] = array(
					'list_uid'  => $match['list_uid'],
					'source_id' => $match['source_id'],
					'name'      => $company['name'],
					'batch'     => $company['batch'],
					'status'    => $company['status'],
					'kind'      => $match['kind'],
				);
			}
		}
		return $companies;
	}

	/** When a user was noted; null when not. */
	public static function matched_at_ms( int $user_id ): ?int {
		$found = Sql::value( 'SELECT matched_at_ms FROM {signups} WHERE user_id = %d', $user_id );
		return null === $found ? null : (int) $found;
	}

	/** When the oldest sign-up came that no mail told of; null when there is none. */
	public static function oldest_pending_ms(): ?int {
		$found = Sql::value( 'SELECT matched_at_ms FROM {signups} WHERE notified_at_ms IS NULL ORDER BY signup_id LIMIT 1' );
		return null === $found ? null : (int) $found;
	}

	/**
	 * Takes sign-ups that no mail told of, oldest first: no other worker gets them for ten minutes. The condition of the
	 * UPDATE decides, so that two workers never get the same one.
	 *
	 * @return list<Pending>
	 */
	public static function claim( string $token, int $now_ms ): array {
		$free = 'notified_at_ms IS NULL AND (next_try_at_ms IS NULL OR next_try_at_ms <= %d)';
		$ids  = array_map( 'intval', Sql::column( "SELECT signup_id FROM {signups} WHERE $free ORDER BY signup_id LIMIT %d", $now_ms, self::PAGE ) );
		if ( array() === $ids ) {
			return array();
		}
		$among = 'signup_id IN (' . Sql::places( count( $ids ) ) . ')';
		Sql::run( "UPDATE {signups} SET claim = %s, next_try_at_ms = %d, tries = tries + 1 WHERE $among AND $free", $token, $now_ms + self::LEASE_MS, ...array( ...$ids, $now_ms ) );
		$rows = Sql::rows(
			"SELECT s.signup_id, s.user_id, s.tries, COALESCE(d.registrable, d.host) AS domain, c.name, c.batch FROM {signups} s
				LEFT JOIN {domains} d ON d.domain_id = s.domain_id
				LEFT JOIN {lists} l ON l.list_uid = s.list_uid
				LEFT JOIN {companies} c ON c.list_uid = s.list_uid AND c.source_id = s.source_id AND c.version = l.active_version
				WHERE s.$among AND s.claim = %s ORDER BY s.signup_id",
			...array( ...$ids, $token )
		);
		return array_map(
			static fn ( array $row ): array => array(
				'signup_id' => (int) $row['signup_id'],
				'user_id'   => (int) $row['user_id'],
				'domain'    => (string) $row['domain'],
				'name'      => (string) $row['name'],
				'batch'     => (string) $row['batch'],
				'tries'     => (int) $row['tries'],
			),
			$rows
		);
	}

	/**
	 * Notes that a mail told of sign-ups, or when it is tried again.
	 *
	 * @param list<int> $signup_ids
	 * @param int|null  $retry_at_ms Null when it was sent.
	 */
	public static function settle( array $signup_ids, string $token, int $now_ms, ?int $retry_at_ms ): void {
		if ( array() !== $signup_ids ) {
			Sql::run(
				'UPDATE {signups} SET ' . ( null === $retry_at_ms ? 'notified_at_ms' : 'next_try_at_ms' ) . ' = %d WHERE signup_id IN (' . Sql::places( count( $signup_ids ) ) . ') AND claim = %s',
				$retry_at_ms ?? $now_ms,
				...array( ...$signup_ids, $token )
			);
		}
	}

	/** Lets go of what no mail told of: notices were switched off meanwhile. */
	public static function drop_pending( int $now_ms ): void {
		Sql::run( 'UPDATE {signups} SET notified_at_ms = %d WHERE notified_at_ms IS NULL', $now_ms );
	}

	/** When the next one that failed, or that a worker holds, is tried; null when none is. */
	public static function next_try_ms(): ?int {
		$found = Sql::value( 'SELECT MIN(next_try_at_ms) FROM {signups} WHERE notified_at_ms IS NULL' );
		return null === $found ? null : (int) $found;
	}

	/**
	 * Forgets users.
	 *
	 * @param non-empty-list<int> $user_ids
	 */
	public static function remove( array $user_ids ): void {
		Sql::run( 'DELETE FROM {signups} WHERE user_id IN (' . Sql::places( count( $user_ids ) ) . ')', ...$user_ids );
	}
}
