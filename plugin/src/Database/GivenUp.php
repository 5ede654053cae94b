<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

/**
 * Domains whose verdict does not get through to this site. Until the open run ends their data_version is that of the
 * lists with a minus: they wait for a label, but not in this run. A new version of the lists makes them due again.
 */
final class GivenUp {
	/**
	 * Lets the run go on without these domains.
	 *
	 * @param list<int> $domain_ids At most 500.
	 */
	public static function note( array $domain_ids, int $data_version ): void {
		if ( array() !== $domain_ids ) {
			Sql::run(
				'UPDATE {domains} SET data_version = %d WHERE data_version <> %d AND domain_id IN (' . Sql::places( count( $domain_ids ) ) . ')',
				-$data_version,
				$data_version,
				...$domain_ids
			);
		}
	}

	/** How many were given up of this version. */
	public static function count( int $data_version ): int {
		return (int) Sql::value( 'SELECT COUNT(*) FROM {domains} WHERE data_version = %d', -$data_version );
	}

	/** Makes all of them due again, for the next run. */
	public static function release(): void {
		Sql::run( 'UPDATE {domains} SET data_version = 0 WHERE data_version < 0' );
	}
}
