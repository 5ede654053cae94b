<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

/** Which host each user of this blog has; domain_id 0 with a reason when the address gives none. */
final class UserDomains {
	/** Ids in one IN list. */
	private const CHUNK = 1000;

	/**
	 * Addresses of this blog's users, by id. The column is given by Users\EmailDomain, the only room that knows it.
	 *
	 * @return array<int, string> Address by user id, ascending.
	 */
	public static function addresses( string $column, int $after, int $limit ): array {
		[ $where, $values ] = self::of_blog();
		return Sql::pairs(
			"SELECT u.ID AS id, u.%i AS value FROM %i u WHERE u.ID > %d $where ORDER BY u.ID LIMIT %d",
			$column,
			Table::db()->users,
			$after,
			...array( ...$values, $limit )
		);
	}

	/** Users of this blog. */
	public static function user_count(): int {
		[ $where, $values ] = self::of_blog();
		return (int) Sql::value( "SELECT COUNT(*) FROM %i u WHERE 1 = 1 $where", Table::db()->users, ...$values );
	}

	/** Users that were counted. */
	public static function counted(): int {
		return (int) Sql::value( 'SELECT COUNT(*) FROM {user_domains}' );
	}

	/**
	 * Users without a usable address by number of the reason.
	 *
	 * @return array<int, int>
	 */
	public static function reasons(): array {
		$counts = array();
		foreach ( Sql::rows( 'SELECT reason, COUNT(*) AS users FROM {user_domains} WHERE domain_id = 0 GROUP BY reason ORDER BY reason' ) as $row ) {
			$counts[ (int) $row['reason'] ] = (int) $row['users'];
		}
		return $counts;
	}

	/**
	 * Those of some addresses that users of this blog have, in lower case. Compared by the caller: a collation takes
	 * `josé` and `jose` for one.
	 *
	 * @param list<string> $addresses At most 1,000.
	 * @return list<string>
	 */
	public static function known_addresses( string $column, array $addresses ): array {
		[ $where, $values ] = self::of_blog();
		return array() === $addresses ? array() : Sql::column(
			'SELECT LOWER(u.%i) FROM %i u WHERE u.%i IN (' . Sql::places( count( $addresses ), '%s' ) . ") $where",
			$column,
			Table::db()->users,
			$column,
			...array( ...$addresses, ...$values )
		);
	}

	/**
	 * What is stored of one user, or null.
	 *
	 * @return array{domain_id: int, reason: int, host: string|null}|null
	 */
	public static function of_user( int $user_id ): ?array {
		$row = Sql::row( 'SELECT u.domain_id, u.reason, d.host FROM {user_domains} u LEFT JOIN {domains} d ON d.domain_id = u.domain_id WHERE u.user_id = %d', $user_id );
		return null === $row ? null : array(
			'domain_id' => (int) $row['domain_id'],
			'reason'    => (int) $row['reason'],
			'host'      => $row['host'],
		);
	}

	/**
	 * What is stored of the users after one id, up to another.
	 *
	 * @param int|null $up_to Null is the end.
	 * @return array<int, int> packed() by user id.
	 */
	public static function stored( int $after, ?int $up_to ): array {
		return array_map(
			'intval',
			Sql::pairs(
				'SELECT user_id AS id, domain_id * 256 + reason AS value FROM {user_domains} WHERE user_id > %d AND user_id <= %d',
				$after,
				$up_to ?? PHP_INT_MAX
			)
		);
	}

	/** A host and a reason as one number: a million small arrays take 400 MiB. */
	public static function packed( int $domain_id, int $reason ): int {
		return $domain_id * 256 + $reason;
	}

	/**
	 * Stores the hosts of many users.
	 *
	 * @param array<int, int> $found packed() by user id.
	 */
	public static function store_packed( array $found ): void {
		$rows = array();
		foreach ( $found as $user_id => $packed ) {
			$rows[] = array( $user_id, intdiv( $packed, 256 ), $packed % 256 );
		}
		Sql::upsert_integers( 'user_domains', array( 'user_id', 'domain_id', 'reason' ), $rows, array( 'domain_id', 'reason' ) );
	}

	/**
	 * Stores the hosts of users.
	 *
	 * @param array<int, array{domain_id: int, reason: int}> $found By user id.
	 */
	public static function store( array $found ): void {
		$rows = array();
		foreach ( $found as $user_id => $row ) {
			$rows[] = array( 'user_id' => $user_id ) + $row;
		}
		Sql::upsert( 'user_domains', $rows, array( 'domain_id', 'reason' ) );
	}

	/**
	 * Forgets users.
	 *
	 * @param list<int> $user_ids
	 */
	public static function remove( array $user_ids ): void {
		foreach ( array_chunk( $user_ids, self::CHUNK ) as $ids ) {
			Sql::run( 'DELETE FROM {user_domains} WHERE user_id IN (' . Sql::places( count( $ids ) ) . ')', ...$ids );
		}
	}

	/**
	 * The condition that a user belongs to this blog, as WordPress itself decides it, and its values.
	 *
	 * @return array{string, list<string>}
	 */
	private static function of_blog(): array {
		return is_multisite()
			? array(
				'AND EXISTS (SELECT 1 FROM %i m WHERE m.user_id = u.ID AND m.meta_key = %s)',
				array( Table::db()->usermeta, Table::db()->get_blog_prefix() . 'capabilities' ),
			)
			: array( '', array() );
	}
}
