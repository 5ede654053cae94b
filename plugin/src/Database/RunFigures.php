<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/** The figures of a run, frozen at its end for the list of runs and for comparison. No user ids. */
final class RunFigures {
	/** Writes users by domain and by company as they are now; runs inside the caller's transaction. */
	public static function freeze( int $run_id ): void {
		Sql::run( 'DELETE FROM {run_domains} WHERE run_id = %d', $run_id );
		Sql::run( 'DELETE FROM {run_companies} WHERE run_id = %d', $run_id );
		Sql::run(
			'INSERT INTO {run_domains} (run_id, source, domain_id, users, label, rule)
				SELECT %d, %d, u.domain_id, u.users, d.label, d.rule
				FROM ' . ReportSql::USERS . ' u INNER JOIN {domains} d ON d.domain_id = u.domain_id',
			$run_id,
			Contract::number( 'USER_SOURCES', 'users' )
		);
		Sql::run(
			'INSERT INTO {run_companies} (run_id, list_uid, source_id, users, domains, status, batch, kind, ambiguous)
				SELECT %d, g.list_uid, g.source_id, g.users, g.domains, COALESCE(c.status, %d), COALESCE(c.batch, %s), g.kind, g.ambiguous
				FROM ' . ReportSql::COMPANIES,
			$run_id,
			Contract::number( 'COMPANY_STATUSES', 'unknown' ),
			''
		);
	}
}
