<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/**
 * The figures of a run, frozen at its end for the list of runs and for comparison. No user ids.
 *
 * @phpstan-import-type StoredRun from Runs
 */
final class RunFigures {
	/**
	 * Writes people by domain and by company as they are now: users are counted here, people of other sources were while
	 * the run counted. Runs inside the caller's transaction.
	 *
	 * @param StoredRun $run
	 */
	public static function freeze( array $run ): void {
		$users = Contract::number( 'USER_SOURCES', 'users' );
		Sql::run( 'DELETE FROM {run_domains} WHERE run_id = %d AND source = %d', $run['run_id'], $users );
		Sql::run( 'DELETE FROM {run_companies} WHERE run_id = %d', $run['run_id'] );
		if ( in_array( 'users', $run['sources'], true ) ) {
			Sql::run(
				'INSERT INTO {run_domains} (run_id, source, domain_id, users, label, rule)
					SELECT %d, %d, u.domain_id, u.users, d.label, d.rule
					FROM ' . ReportSql::USERS . ' u INNER JOIN {domains} d ON d.domain_id = u.domain_id',
				$run['run_id'],
				$users
			);
		}
		Sql::run(
			'UPDATE {run_domains} SET label = (SELECT d.label FROM {domains} d WHERE d.domain_id = {run_domains}.domain_id),
				rule = COALESCE((SELECT d.rule FROM {domains} d WHERE d.domain_id = {run_domains}.domain_id), %s)
				WHERE run_id = %d AND source <> %d',
			'',
			$run['run_id'],
			$users
		);
		Sql::run(
			'INSERT INTO {run_companies} (run_id, list_uid, source_id, users, domains, status, batch, kind, ambiguous, name)
				SELECT %d, g.list_uid, g.source_id, g.users, g.domains, COALESCE(c.status, %d), COALESCE(c.batch, %s), g.kind, g.ambiguous, COALESCE(c.name, g.source_id)
				FROM ' . ReportPeople::of_run( $run )->companies(),
			$run['run_id'],
			Contract::number( 'COMPANY_STATUSES', 'unknown' ),
			''
		);
	}
}
