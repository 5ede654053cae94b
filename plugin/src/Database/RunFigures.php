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
	/** Domains in one question. */
	private const LOOK_UP = 1000;

	/** The largest number that the column holds. */
	private const MAX_USERS = 2_147_483_647;

	/**
	 * Adds people of a source to what was counted of it; runs inside the caller's transaction, which holds the run.
	 *
	 * @param array<int, int> $users_by_domain
	 */
	public static function add( int $run_id, string $source, array $users_by_domain ): void {
		$number = RunSources::number( $source );
		foreach ( array_chunk( $users_by_domain, self::LOOK_UP, true ) as $chunk ) {
			$known = array_column(
				Sql::rows( 'SELECT domain_id, users FROM {run_domains} WHERE run_id = %d AND source = %d AND domain_id IN (' . Sql::places( count( $chunk ) ) . ')', $run_id, $number, ...array_keys( $chunk ) ),
				'users',
				'domain_id'
			);
			$rows  = array();
			foreach ( $chunk as $domain_id => $users ) {
				$rows[] = array(
					'run_id'    => $run_id,
					'source'    => $number,
					'domain_id' => $domain_id,
					'users'     => min( self::MAX_USERS, $users + (int) ( $known[ $domain_id ] ?? 0 ) ),
				);
			}
			Sql::upsert( 'run_domains', $rows, array( 'users' ) );
		}
	}

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
