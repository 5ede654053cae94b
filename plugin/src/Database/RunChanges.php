<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/**
 * How the frozen figures of two runs differ. What is in both with the same figures is no change.
 *
 * @phpstan-import-type RunCompanyChange from \Rollcall\Contract\Shapes
 * @phpstan-import-type RunDomainChange from \Rollcall\Contract\Shapes
 * @phpstan-type ChangeFilters array{search: string, change: list<string>, churn: bool}
 * @phpstan-type Slice array{orderby: string, order: string, limit: int, offset: int}
 */
final class RunChanges {
	/** Words of orderby for companies; ties go by identity. */
	public const COMPANY_ORDER = array(
		'user_count' => 'g.users',
		'name'       => 'g.name',
		'change'     => 'g.change_number',
	);

	/** Words of orderby for domains. */
	public const DOMAIN_ORDER = array(
		'user_count' => 'g.users',
		'domain'     => 'g.domain',
		'change'     => 'g.change_number',
	);

	/** Columns of `run_companies` that may differ. */
	private const FIGURES = array( 'users', 'domains', 'status', 'batch', 'kind' );

	/**
	 * A page of companies.
	 *
	 * @param ChangeFilters $filters
	 * @param Slice         $page
	 * @return list<RunCompanyChange>
	 */
	public static function companies( int $before, int $after, array $filters, array $page ): array {
		[ $where, $values ] = self::where( $filters, 'g.name' );
		$by                 = self::COMPANY_ORDER[ $page['orderby'] ] ?? self::COMPANY_ORDER['user_count'];
		$order              = 'asc' === $page['order'] ? 'ASC' : 'DESC';
		$rows               = Sql::rows(
			'SELECT g.*, COALESCE(l.title, g.list_uid) AS title FROM ' . self::company_rows( $before, $after ) . " LEFT JOIN {lists} l ON l.list_uid = g.list_uid WHERE $where ORDER BY $by $order, g.list_uid, g.source_id LIMIT %d OFFSET %d",
			...array( ...$values, $page['limit'], $page['offset'] )
		);
		/** @var list<RunCompanyChange> $items The words come from the contract. */
		$items = array_map(
			static fn ( array $row ): array => array(
				'list_uid'   => (string) $row['list_uid'],
				'list_title' => (string) $row['title'],
				'source_id'  => (string) $row['source_id'],
				'name'       => (string) $row['name'],
				'change'     => Contract::word( 'RUN_CHANGES', (int) $row['change_number'] ),
				'churn'      => Contract::word_or_null( 'CHURN_SIGNS', $row['churn'] ),
				'before'     => self::figure( $row, 'before' ),
				'after'      => self::figure( $row, 'after' ),
			),
			$rows
		);
		return $items;
	}

	/**
	 * A page of domains.
	 *
	 * @param ChangeFilters $filters
	 * @param Slice         $page
	 * @return list<RunDomainChange>
	 */
	public static function domains( int $before, int $after, array $filters, array $page ): array {
		[ $where, $values ] = self::where( $filters, 'g.domain' );
		$by                 = self::DOMAIN_ORDER[ $page['orderby'] ] ?? self::DOMAIN_ORDER['user_count'];
		$order              = 'asc' === $page['order'] ? 'ASC' : 'DESC';
		$rows               = Sql::rows( 'SELECT g.* FROM ' . self::domain_rows( $before, $after ) . " WHERE $where ORDER BY $by $order, g.domain LIMIT %d OFFSET %d", ...array( ...$values, $page['limit'], $page['offset'] ) );
		/** @var list<RunDomainChange> $items The words come from the contract. */
		$items = array_map(
			static fn ( array $row ): array => array(
				'domain'            => (string) $row['domain'],
				'change'            => Contract::word( 'RUN_CHANGES', (int) $row['change_number'] ),
				'before_user_count' => (int) $row['before_users'],
				'after_user_count'  => (int) $row['after_users'],
				'before_label'      => Contract::word_or_null( 'LABELS', $row['before_label'] ),
				'after_label'       => Contract::word_or_null( 'LABELS', $row['after_label'] ),
			),
			$rows
		);
		return $items;
	}

	/**
	 * Changes in all, by word of RUN_CHANGES, and `churn`.
	 *
	 * @param 'companies'|'domains' $of
	 * @param ChangeFilters         $filters
	 * @return array{new: int, gone: int, changed: int, churn: int}
	 */
	public static function counts( string $of, int $before, int $after, array $filters ): array {
		$companies          = 'companies' === $of;
		[ $where, $values ] = self::where( $filters, $companies ? 'g.name' : 'g.domain' );
		$churn              = $companies ? 'SUM(CASE WHEN g.churn > 0 THEN 1 ELSE 0 END)' : '0';
		$counts             = array_fill_keys( array( ...Contract::words( 'RUN_CHANGES' ), 'churn' ), 0 );
		$rows               = Sql::rows( "SELECT g.change_number, COUNT(*) AS changes, $churn AS churn FROM " . ( $companies ? self::company_rows( $before, $after ) : self::domain_rows( $before, $after ) ) . " WHERE $where GROUP BY g.change_number", ...$values );
		foreach ( $rows as $row ) {
			$counts[ Contract::word( 'RUN_CHANGES', (int) $row['change_number'] ) ] = (int) $row['changes'];
			$counts['churn']                                                      += (int) $row['churn'];
		}
		/** @var array{new: int, gone: int, changed: int, churn: int} $counts */
		return $counts;
	}

	/**
	 * Companies that differ, named g. The sign of churn is that of the run after: a company that is not in it any more is
	 * gone from its domain when the list says that it once had it.
	 */
	private static function company_rows( int $before, int $after ): string {
		$columns = array();
		foreach ( self::FIGURES as $figure ) {
			foreach ( array( 'before' => $before, 'after' => $after ) as $side => $run_id ) {
				$columns[] = "MAX(CASE WHEN r.run_id = $run_id THEN r.$figure END) AS {$side}_$figure";
			}
		}
		$differs = implode( ' OR ', array_map( static fn ( string $figure ): string => "f.before_$figure <> f.after_$figure", self::FIGURES ) );
		return '(SELECT f.*, COALESCE(f.after_users, f.before_users) AS users, CASE
				WHEN f.after_users IS NULL AND EXISTS (SELECT 1 FROM {company_domains} cd INNER JOIN {lists} cl ON cl.list_uid = cd.list_uid
					WHERE cd.list_uid = f.list_uid AND cd.source_id = f.source_id AND cl.enabled = 1 AND cd.last_version < cl.active_version) THEN ' . self::sign( 'domain_gone' ) . '
				WHEN f.before_status <> f.after_status AND f.after_status = ' . Contract::number( 'COMPANY_STATUSES', 'inactive' ) . ' THEN ' . self::sign( 'turned_inactive' ) . '
				WHEN f.before_status <> f.after_status AND f.after_status = ' . Contract::number( 'COMPANY_STATUSES', 'acquired' ) . ' THEN ' . self::sign( 'turned_acquired' ) . '
				WHEN f.before_kind <> f.after_kind AND f.after_kind = ' . Contract::number( 'MATCH_KINDS', 'former' ) . ' THEN ' . self::sign( 'domain_gone' ) . '
				ELSE 0 END AS churn, ' . self::change() . ' AS change_number
			FROM (SELECT r.list_uid, r.source_id, MAX(r.name) AS name, ' . implode( ', ', $columns ) . "
				FROM {run_companies} r WHERE r.run_id IN ($before, $after) GROUP BY r.list_uid, r.source_id) f
			WHERE f.before_users IS NULL OR f.after_users IS NULL OR $differs) g";
	}

	/** Registrable domains that differ, named g; of hosts with different labels the first label counts. */
	private static function domain_rows( int $before, int $after ): string {
		$columns = array();
		foreach ( array( 'before' => $before, 'after' => $after ) as $side => $run_id ) {
			$columns[] = "SUM(CASE WHEN r.run_id = $run_id THEN r.users END) AS {$side}_users";
			$columns[] = "MIN(CASE WHEN r.run_id = $run_id THEN COALESCE(r.label, 0) END) AS {$side}_label";
		}
		return '(SELECT f.*, COALESCE(f.after_users, f.before_users) AS users, ' . self::change() . ' AS change_number
			FROM (SELECT ' . ReportSql::KEY . ' AS domain, ' . implode( ', ', $columns ) . "
				FROM {run_domains} r INNER JOIN {domains} d ON d.domain_id = r.domain_id
				WHERE r.run_id IN ($before, $after) GROUP BY " . ReportSql::KEY . ') f
			WHERE f.before_users IS NULL OR f.after_users IS NULL OR f.before_users <> f.after_users OR f.before_label <> f.after_label) g';
	}

	private static function change(): string {
		return sprintf(
			'CASE WHEN f.before_users IS NULL THEN %d WHEN f.after_users IS NULL THEN %d ELSE %d END',
			Contract::number( 'RUN_CHANGES', 'new' ),
			Contract::number( 'RUN_CHANGES', 'gone' ),
			Contract::number( 'RUN_CHANGES', 'changed' )
		);
	}

	private static function sign( string $word ): int {
		return Contract::number( 'CHURN_SIGNS', $word );
	}

	/**
	 * @param ChangeFilters $filters
	 * @return array{string, list<int|string>} Condition and its values.
	 */
	private static function where( array $filters, string $name ): array {
		$where  = array( $filters['churn'] ? 'g.churn > 0' : '1 = 1' );
		$values = array();
		if ( array() !== $filters['change'] ) {
			$where[] = 'g.change_number IN (' . Sql::places( count( $filters['change'] ) ) . ')';
			$values  = array_map( static fn ( string $word ): int => Contract::number( 'RUN_CHANGES', $word ), $filters['change'] );
		}
		if ( '' !== $filters['search'] ) {
			$where[]  = "$name LIKE %s";
			$values[] = '%' . ( 'g.domain' === $name ? Sql::like_host( $filters['search'] ) : Sql::like( $filters['search'] ) ) . '%';
		}
		return array( implode( ' AND ', $where ), $values );
	}

	/**
	 * @param array<string, string|null> $row
	 * @return array<string, mixed>|null
	 */
	private static function figure( array $row, string $side ): ?array {
		return null === $row[ "{$side}_users" ] ? null : array(
			'user_count'   => (int) $row[ "{$side}_users" ],
			'domain_count' => (int) $row[ "{$side}_domains" ],
			'status'       => Contract::word( 'COMPANY_STATUSES', (int) $row[ "{$side}_status" ] ),
			'batch'        => (string) $row[ "{$side}_batch" ],
			'kind'         => Contract::word( 'MATCH_KINDS', (int) $row[ "{$side}_kind" ] ),
		);
	}
}
