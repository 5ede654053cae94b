<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/** Companies for visitors, from the frozen figures of the newest run: cheap, and no single sign-up shows in them. */
final class CompaniesWall {
	/**
	 * Companies on lists for visitors with at least so many users that are the best match of some domain; most users first.
	 * Null before the first run over the users. People of other sources of the run do not count.
	 *
	 * @return array{companies: list<array{name: string, batch: string}>, as_of_ms: int}|null
	 */
	public static function newest( int $minimum, int $limit ): ?array {
		$run = Sql::row(
			'SELECT run_id, finished_at_ms FROM {runs} WHERE state = %d AND (sources IS NULL OR sources LIKE %s) ORDER BY run_id DESC LIMIT 1',
			Contract::number( 'RUN_STATES', 'done' ),
			'%"users"%'
		);
		if ( null === $run ) {
			return null;
		}
		$list_uids = array_column( Lists::visible_to_visitors(), 'list_uid' );
		$rows = array() === $list_uids ? array() : Sql::rows(
			// Few companies have users enough over all sources of the run; of these the users alone are added up.
			'SELECT c.name, c.batch FROM (
					SELECT rc.list_uid, rc.source_id,
						(SELECT SUM(rd.users) FROM {domain_companies} dc INNER JOIN {run_domains} rd ON rd.run_id = rc.run_id AND rd.source = %d AND rd.domain_id = dc.domain_id
							WHERE dc.list_uid = rc.list_uid AND dc.source_id = rc.source_id) AS users
					FROM {run_companies} rc WHERE rc.run_id = %d AND rc.users >= %d AND rc.list_uid IN (' . Sql::places( count( $list_uids ), '%s' ) . ')) g
				INNER JOIN {lists} l ON l.list_uid = g.list_uid
				INNER JOIN {companies} c ON c.list_uid = g.list_uid AND c.version = l.active_version AND c.source_id = g.source_id
				WHERE g.users >= %d AND EXISTS
					(SELECT 1 FROM {domain_companies} b WHERE b.list_uid = g.list_uid AND b.source_id = g.source_id AND b.position = 0)
				ORDER BY g.users DESC, c.name, g.source_id LIMIT %d',
			Contract::number( 'USER_SOURCES', 'users' ),
			(int) $run['run_id'],
			max( 1, $minimum ),
			...array( ...$list_uids, max( 1, $minimum ), $limit )
		);
		return array(
			'companies' => array_map(
				static fn ( array $row ): array => array(
					'name'  => (string) $row['name'],
					'batch' => (string) $row['batch'],
				),
				$rows
			),
			'as_of_ms'  => (int) $run['finished_at_ms'],
		);
	}
}
