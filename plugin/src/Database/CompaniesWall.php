<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/** Companies for visitors, from the frozen figures of the newest run: cheap, and no single sign-up shows in them. */
final class CompaniesWall {
	/**
	 * Companies with at least so many users that are the best match of some domain; most users first. Null before the
	 * first run.
	 *
	 * @return array{companies: list<array{name: string, batch: string}>, as_of_ms: int}|null
	 */
	public static function newest( int $minimum, int $limit ): ?array {
		$run = Sql::row( 'SELECT run_id, finished_at_ms FROM {runs} WHERE state = %d ORDER BY run_id DESC LIMIT 1', Contract::number( 'RUN_STATES', 'done' ) );
		if ( null === $run ) {
			return null;
		}
		$rows = Sql::rows(
			'SELECT c.name, c.batch FROM {run_companies} rc
				INNER JOIN {lists} l ON l.list_uid = rc.list_uid AND l.enabled = 1
				INNER JOIN {companies} c ON c.list_uid = rc.list_uid AND c.version = l.active_version AND c.source_id = rc.source_id
				WHERE rc.run_id = %d AND rc.users >= %d AND EXISTS
					(SELECT 1 FROM {domain_companies} dc WHERE dc.list_uid = rc.list_uid AND dc.source_id = rc.source_id AND dc.position = 0)
				ORDER BY rc.users DESC, c.name, rc.source_id LIMIT %d',
			(int) $run['run_id'],
			max( 1, $minimum ),
			$limit
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
