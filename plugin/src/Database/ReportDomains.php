<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/**
 * The report's domains: registrable ones with users, by label; those that wait have none. A domain whose hosts have
 * different labels, such as the site's own host and its parent, is a row for each.
 *
 * @phpstan-import-type ReportDomainRow from \Rollcall\Contract\Shapes
 * @phpstan-type DomainFilters array{search: string, label: list<string>, ambiguous: bool|null}
 */
final class ReportDomains {
	/** The word of a filter for domains without a label. */
	public const WAITING = 'waiting';

	/** Words of orderby and what they sort by. */
	public const ORDER = array(
		'user_count' => 'g.users',
		'domain'     => 'g.domain',
		'label'      => 'g.label',
	);

	/**
	 * A page of domains.
	 *
	 * @param DomainFilters                                                  $filters
	 * @param array{orderby: string, order: string, limit: int, offset: int} $page
	 * @return list<ReportDomainRow>
	 */
	public static function page( array $filters, array $page ): array {
		[ $where, $values ] = self::where( $filters );
		$by                 = self::ORDER[ $page['orderby'] ] ?? self::ORDER['user_count'];
		$order              = 'asc' === $page['order'] ? 'ASC' : 'DESC';
		$rows               = Sql::rows(
			'SELECT g.domain, g.label, g.users, g.ambiguous, g.domain_id FROM ' . ReportSql::DOMAINS . " WHERE $where ORDER BY $by $order, g.domain, g.label LIMIT %d OFFSET %d",
			...array( ...$values, $page['limit'], $page['offset'] )
		);
		return self::items( $rows );
	}

	/**
	 * Rows in all.
	 *
	 * @param DomainFilters $filters
	 */
	public static function count( array $filters ): int {
		[ $where, $values ] = self::where( $filters );
		return (int) Sql::value( 'SELECT COUNT(*) FROM ' . ReportSql::DOMAINS . " WHERE $where", ...$values );
	}

	/** Users of a registrable domain, or of a host that has none. */
	public static function user_count( string $domain ): int {
		return (int) Sql::value(
			'SELECT COUNT(*) FROM {domains} d INNER JOIN {user_domains} u ON u.domain_id = d.domain_id WHERE d.registrable = %s OR (d.registrable IS NULL AND d.host = %s)',
			$domain,
			$domain
		);
	}

	/**
	 * Numbers of labels; 0 for waiting.
	 *
	 * @param list<string> $labels
	 * @return list<int>
	 */
	public static function label_numbers( array $labels ): array {
		return array_map( static fn ( string $label ): int => self::WAITING === $label ? 0 : Contract::number( 'LABELS', $label ), $labels );
	}

	/**
	 * @param DomainFilters $filters
	 * @return array{string, list<int|string>} Condition and its values.
	 */
	private static function where( array $filters ): array {
		$where  = array( '1 = 1' );
		$values = array();
		if ( array() !== $filters['label'] ) {
			$where[] = 'g.label IN (' . Sql::places( count( $filters['label'] ) ) . ')';
			$values  = self::label_numbers( $filters['label'] );
		}
		if ( null !== $filters['ambiguous'] ) {
			$where[]  = 'g.ambiguous = %d';
			$values[] = (int) $filters['ambiguous'];
		}
		if ( '' !== $filters['search'] ) {
			$where[]  = 'g.domain LIKE %s';
			$values[] = '%' . Sql::like( strtolower( $filters['search'] ) ) . '%';
		}
		return array( implode( ' AND ', $where ), $values );
	}

	/**
	 * Rule and evidence are those of the host that was seen first.
	 *
	 * @param list<array<string, string|null>> $rows
	 * @return list<ReportDomainRow>
	 */
	private static function items( array $rows ): array {
		$ids      = array_map( 'intval', array_column( $rows, 'domain_id' ) );
		$names    = ReportCompanies::names( $ids );
		$verdicts = array() === $ids ? array() : array_column(
			Sql::rows( 'SELECT domain_id, rule, evidence, typo_of, data_version FROM {domains} WHERE domain_id IN (' . Sql::places( count( $ids ) ) . ')', ...$ids ),
			null,
			'domain_id'
		);
		$items    = array();
		foreach ( $rows as $row ) {
			$verdict = $verdicts[ (string) $row['domain_id'] ] ?? array();
			$items[] = array(
				'domain'        => (string) $row['domain'],
				'user_count'    => (int) $row['users'],
				'label'         => Contract::word_or_null( 'LABELS', $row['label'] ),
				'rule'          => (string) ( $verdict['rule'] ?? '' ),
				'evidence'      => (string) ( $verdict['evidence'] ?? '' ),
				'typo_of'       => $verdict['typo_of'] ?? null,
				'ambiguous'     => '1' === $row['ambiguous'],
				'company_names' => $names[ (int) $row['domain_id'] ] ?? array(),
				'data_version'  => (int) ( $verdict['data_version'] ?? 0 ),
			);
		}
		/** @var list<ReportDomainRow> $items The words come from the contract. */
		return $items;
	}
}
