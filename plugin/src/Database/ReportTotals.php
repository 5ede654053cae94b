<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/** Counts for the report's header and charts. */
final class ReportTotals {
	/**
	 * Users and registrable domains by number of label; 0 is waiting, HIDDEN is below the threshold.
	 *
	 * @return array<int, array{users: int, domains: int, ambiguous: int}>
	 */
	public static function by_label( ?ReportPeople $people = null ): array {
		$counts = array();
		$rows   = Sql::rows( 'SELECT g.label, SUM(g.users) AS users, COUNT(*) AS domains, SUM(g.ambiguous) AS ambiguous FROM ' . ( $people ?? ReportPeople::users() )->domains() . ' GROUP BY g.label' );
		foreach ( $rows as $row ) {
			$counts[ (int) $row['label'] ] = array(
				'users'     => (int) $row['users'],
				'domains'   => (int) $row['domains'],
				'ambiguous' => (int) $row['ambiguous'],
			);
		}
		return $counts;
	}

	/**
	 * What the charts group companies by. Grouped in PHP: a collation takes `strasse` and `straße` for one industry.
	 *
	 * @return list<array{batch: string, batch_sort: int, industry: string, status: string, best_users: int}>
	 */
	public static function companies( ?ReportPeople $people = null ): array {
		return array_map(
			static fn ( array $row ): array => array(
				'batch'      => (string) $row['batch'],
				'batch_sort' => (int) $row['batch_sort'],
				'industry'   => (string) $row['industry'],
				'status'     => null === $row['status'] ? 'unknown' : Contract::word( 'COMPANY_STATUSES', (int) $row['status'] ),
				'best_users' => (int) $row['best_users'],
			),
			Sql::rows( 'SELECT g.best_users, c.batch, c.batch_sort, c.industry, c.status FROM ' . ( $people ?? ReportPeople::users() )->companies() )
		);
	}
}
