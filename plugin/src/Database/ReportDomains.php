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

	/** The word of a filter, and the rule, of domains that the threshold hides. */
	public const HIDDEN = 'below_threshold';

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
	public static function page( array $filters, array $page, ?ReportPeople $people = null ): array {
		[ $where, $values ] = self::where( $filters );
		$by                 = self::ORDER[ $page['orderby'] ] ?? self::ORDER['user_count'];
		$order              = 'asc' === $page['order'] ? 'ASC' : 'DESC';
		$sort               = "ORDER BY $by $order, g.domain, g.label";
		// The page first, then the texts of its rows: sorting all of them with their texts is slower.
		$rows = Sql::rows(
			'SELECT g.domain, g.label, g.users, g.ambiguous, g.domain_id, v.rule, v.evidence, v.typo_of, v.data_version
				FROM (SELECT g.* FROM ' . ( $people ?? ReportPeople::users() )->domains() . " WHERE $where $sort LIMIT %d OFFSET %d) g
				INNER JOIN {domains} v ON v.domain_id = g.domain_id $sort",
			...array( ...$values, $page['limit'], $page['offset'] )
		);
		return self::items( $rows );
	}

	/**
	 * Rows in all.
	 *
	 * @param DomainFilters $filters
	 */
	public static function count( array $filters, ?ReportPeople $people = null ): int {
		[ $where, $values ] = self::where( $filters );
		return (int) Sql::value( 'SELECT COUNT(*) FROM ' . ( $people ?? ReportPeople::users() )->domains() . " WHERE $where", ...$values );
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
	 * Numbers of labels; 0 for waiting, HIDDEN for those below the threshold.
	 *
	 * @param list<string> $labels
	 * @return list<int>
	 */
	public static function label_numbers( array $labels ): array {
		return array_map(
			static fn ( string $label ): int => match ( $label ) {
				self::WAITING => 0,
				self::HIDDEN  => ReportPeople::HIDDEN,
				default       => Contract::number( 'LABELS', $label ),
			},
			$labels
		);
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
			$like     = '%' . Sql::like_host( $filters['search'] ) . '%';
			$where[]  = 'g.domain LIKE %s';
			$values[] = $like;
			if ( 1 === preg_match( '/[^\x00-\x7F]/', $filters['search'] ) ) {
				// A labelled domain is shown as `xn--...`; only its hosts still hold the letters that were typed.
				$where[ array_key_last( $where ) ] = '( g.domain LIKE %s OR g.domain IN ( SELECT ' . ReportSql::KEY . ' FROM {domains} d WHERE d.host LIKE %s ) )';
				$values[]                          = $like;
			}
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
		$company = (string) Contract::number( 'LABELS', 'company' );
		$matched = array_filter( $rows, static fn ( array $row ): bool => $company === $row['label'] );
		$matches = ReportCompanies::matches( array_map( 'intval', array_values( array_column( $matched, 'domain_id' ) ) ) );
		$items   = array();
		foreach ( $rows as $row ) {
			$hidden  = (string) ReportPeople::HIDDEN === $row['label'];
			$found   = $hidden ? array() : $matches[ (int) $row['domain_id'] ] ?? array();
			$items[] = array(
				'domain'        => (string) $row['domain'],
				'user_count'    => (int) $row['users'],
				'label'         => $hidden ? null : Contract::word_or_null( 'LABELS', $row['label'] ),
				'rule'          => $hidden ? self::HIDDEN : (string) $row['rule'],
				'evidence'      => $hidden ? '' : (string) $row['evidence'],
				'typo_of'       => $row['typo_of'],
				'ambiguous'     => '1' === $row['ambiguous'],
				'company_names' => array_column( $found, 'name' ),
				'list_titles'   => array_values( array_unique( array_column( $found, 'list_title' ) ) ),
				'kind'          => $found[0]['kind'] ?? null,
				'data_version'  => max( 0, (int) $row['data_version'] ),
			);
		}
		/** @var list<ReportDomainRow> $items The words come from the contract. */
		return $items;
	}
}
