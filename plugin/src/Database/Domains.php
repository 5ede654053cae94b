<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

/**
 * The distinct hosts of the users' addresses and the verdicts on them.
 *
 * @phpstan-import-type StoredRun from Runs
 */
final class Domains {
	/** Hosts in one IN list. */
	private const LOOK_UP = 1000;

	/**
	 * Numbers of hosts; hosts not seen before are added.
	 *
	 * @param list<string> $hosts As cut, each once.
	 * @return array<string, int> domain_id by host.
	 */
	public static function ids( array $hosts, int $now_ms ): array {
		$ids     = self::known_ids( $hosts );
		$missing = array();
		foreach ( $hosts as $host ) {
			if ( ! isset( $ids[ $host ] ) ) {
				// Other columns have defaults; the SQLite layer takes its time for every value.
				$missing[] = array(
					'host'          => $host,
					'created_at_ms' => $now_ms,
				);
			}
		}
		if ( array() === $missing ) {
			return $ids;
		}
		Sql::insert( 'domains', $missing, ignore: true );
		// A locking read sees what others committed after this transaction's snapshot.
		return $ids + self::known_ids( array_column( $missing, 'host' ), 'FOR UPDATE' );
	}

	/**
	 * A page of the hosts that are due and have no verdict of this version, by domain_id, without those that were given up
	 * in the open run. This and the hosts that someone asks about are all that leaves of the users.
	 *
	 * @return list<array{domain_id: int, host: string}>
	 */
	public static function stale_page( int $data_version, int $after, int $limit ): array {
		[ $due, $values ] = DueHosts::condition();
		return array_map(
			static fn ( array $row ): array => array(
				'domain_id' => (int) $row['domain_id'],
				'host'      => (string) $row['host'],
			),
			Sql::rows(
				"SELECT d.domain_id, d.host FROM {domains} d WHERE d.data_version NOT IN (%d, %d) AND d.domain_id > %d AND $due ORDER BY d.domain_id LIMIT %d",
				...array( $data_version, -$data_version, $after, ...$values, $limit )
			)
		);
	}

	/**
	 * A page of the hosts that only the threshold keeps from leaving, and that have no verdict of this version, by domain_id.
	 *
	 * @param StoredRun $run
	 * @return list<array{domain_id: int, host: string}>
	 */
	public static function hidden_page( array $run, int $data_version, int $after, int $limit ): array {
		$hidden = DueHosts::hidden( $run );
		return null === $hidden ? array() : array_map(
			static fn ( array $row ): array => array(
				'domain_id' => (int) $row['domain_id'],
				'host'      => (string) $row['host'],
			),
			Sql::rows(
				"SELECT d.domain_id, d.host FROM {domains} d WHERE d.data_version <> %d AND d.domain_id > %d AND $hidden[0] ORDER BY d.domain_id LIMIT %d",
				...array( $data_version, $after, ...$hidden[1], $limit )
			)
		);
	}

	/** Hosts that are due and have no verdict of this version and were not given up. */
	public static function stale_count( int $data_version ): int {
		[ $due, $values ] = DueHosts::condition();
		return (int) Sql::value( "SELECT COUNT(*) FROM {domains} d WHERE d.data_version NOT IN (%d, %d) AND $due", ...array( $data_version, -$data_version, ...$values ) );
	}

	/**
	 * Hosts that are due and have no verdict of this version and were not given up, in alphabetical order.
	 *
	 * @return list<string>
	 */
	public static function stale_hosts( int $data_version, int $offset, int $limit ): array {
		[ $due, $values ] = DueHosts::condition();
		return Sql::column(
			"SELECT d.host FROM {domains} d WHERE d.data_version NOT IN (%d, %d) AND $due ORDER BY d.host LIMIT %d OFFSET %d",
			...array( $data_version, -$data_version, ...$values, $limit, $offset )
		);
	}

	/**
	 * The number of a host, or null when no user has or had it.
	 */
	public static function id_of( string $host ): ?int {
		return self::known_ids( array( $host ) )[ $host ] ?? null;
	}

	/** Removes a host that no user has, from past figures too. @return bool Whether there was one. */
	public static function forget_unused( string $host ): bool {
		return Transaction::run(
			static function () use ( $host ): bool {
				$domain_id = (int) Sql::value( 'SELECT domain_id FROM {domains} WHERE host = %s FOR UPDATE', $host );
				if ( 0 === $domain_id || null !== Sql::value( 'SELECT user_id FROM {user_domains} WHERE domain_id = %d LIMIT 1', $domain_id ) ) {
					return false;
				}
				foreach ( array( 'run_domains', 'domain_companies', 'domains' ) as $table ) {
					Sql::run( "DELETE FROM {{$table}} WHERE domain_id = %d", $domain_id );
				}
				return true;
			}
		);
	}

	/**
	 * Hosts by number.
	 *
	 * @param list<int> $ids
	 * @return array<int, string>
	 */
	public static function hosts_of( array $ids ): array {
		$hosts = array();
		foreach ( array_chunk( array_values( array_unique( $ids ) ), self::LOOK_UP ) as $chunk ) {
			$rows = Sql::rows( 'SELECT domain_id, host FROM {domains} WHERE domain_id IN (' . Sql::places( count( $chunk ) ) . ')', ...$chunk );
			foreach ( $rows as $row ) {
				$hosts[ (int) $row['domain_id'] ] = (string) $row['host'];
			}
		}
		return $hosts;
	}

	/**
	 * Numbers of the hosts that are known.
	 *
	 * @param list<string> $hosts
	 * @return array<string, int>
	 */
	private static function known_ids( array $hosts, string $lock = '' ): array {
		$ids = array();
		foreach ( array_chunk( $hosts, self::LOOK_UP ) as $chunk ) {
			$rows = Sql::rows( 'SELECT domain_id, host FROM {domains} WHERE host IN (' . Sql::places( count( $chunk ), '%s' ) . ") $lock", ...$chunk );
			foreach ( $rows as $row ) {
				$ids[ (string) $row['host'] ] = (int) $row['domain_id'];
			}
		}
		return $ids;
	}
}
