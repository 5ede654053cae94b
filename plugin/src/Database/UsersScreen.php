<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/** What WordPress's Users screen shows of companies. */
final class UsersScreen {
	/** Batches in the filter. */
	private const BATCHES = 200;

	/**
	 * The best company of each of the users, in one statement.
	 *
	 * @param non-empty-list<int> $user_ids
	 * @return array<int, array{name: string, batch: string, website: string|null, others: int}> By user id; others are left out.
	 */
	public static function companies( array $user_ids ): array {
		$rows  = Sql::rows(
			'SELECT ud.user_id, c.name, c.batch, c.website_origin,
					(SELECT COUNT(*) FROM {domain_companies} o WHERE o.domain_id = ud.domain_id) AS companies
				FROM {user_domains} ud
				INNER JOIN {domains} d ON d.domain_id = ud.domain_id AND d.label = %d
				INNER JOIN {domain_companies} dc ON dc.domain_id = ud.domain_id AND dc.position = 0
				INNER JOIN {lists} l ON l.list_uid = dc.list_uid
				INNER JOIN {companies} c ON c.list_uid = dc.list_uid AND c.version = l.active_version AND c.source_id = dc.source_id
				WHERE ud.user_id IN (' . Sql::places( count( $user_ids ) ) . ')',
			Contract::number( 'LABELS', 'company' ),
			...$user_ids
		);
		$found = array();
		foreach ( $rows as $row ) {
			$found[ (int) $row['user_id'] ] = array(
				'name'    => (string) $row['name'],
				'batch'   => (string) $row['batch'],
				'website' => $row['website_origin'],
				'others'  => max( 0, (int) $row['companies'] - 1 ),
			);
		}
		return $found;
	}

	/**
	 * Batches of companies that domains of the site belong to, newest first.
	 *
	 * @return list<string>
	 */
	public static function batches(): array {
		return Sql::column(
			"SELECT c.batch FROM {domain_companies} dc
				INNER JOIN {lists} l ON l.list_uid = dc.list_uid
				INNER JOIN {companies} c ON c.list_uid = dc.list_uid AND c.version = l.active_version AND c.source_id = dc.source_id
				WHERE dc.position = 0 AND c.batch <> '' GROUP BY c.batch ORDER BY MAX(c.batch_sort) DESC, c.batch LIMIT %d",
			self::BATCHES
		);
	}

	/**
	 * Narrows a query of WordPress for users. At a listed company: few users, found by the index of domains. At none: nearly
	 * all of them, so that WordPress's own order decides which are looked at.
	 *
	 * @param 'listed'|'unlisted'|'batch' $filter
	 * @param string                      $batch Of the best company; for `batch` only.
	 */
	public static function narrow( \WP_User_Query $query, string $filter, string $batch = '' ): void {
		$users    = Table::db()->users;
		$company  = Contract::number( 'LABELS', 'company' );
		$at       = 'SELECT d.domain_id FROM {domains} d WHERE d.label = %d';
		$of_batch = 'SELECT dc.domain_id FROM {companies} c
			INNER JOIN {lists} l ON l.list_uid = c.list_uid AND l.active_version = c.version
			INNER JOIN {domain_companies} dc ON dc.list_uid = c.list_uid AND dc.source_id = c.source_id AND dc.position = 0
			INNER JOIN {domains} d ON d.domain_id = dc.domain_id AND d.label = %d
			WHERE c.batch = %s';

		[ $condition, $values ] = match ( $filter ) {
			'listed'   => array( "%i.ID IN (SELECT ud.user_id FROM {user_domains} ud WHERE ud.domain_id IN ($at))", array( $users, $company ) ),
			'unlisted' => array( 'NOT EXISTS (SELECT 1 FROM {user_domains} ud INNER JOIN {domains} d ON d.domain_id = ud.domain_id WHERE ud.user_id = %i.ID AND d.label = %d)', array( $users, $company ) ),
			'batch'    => array( "%i.ID IN (SELECT ud.user_id FROM {user_domains} ud WHERE ud.domain_id IN ($of_batch))", array( $users, $company, $batch ) ),
		};
		$query->query_where .= ' AND ' . Sql::condition( $condition, ...$values );
	}
}
