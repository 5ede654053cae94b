<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Clock;
use Rollcall\Contract;

/**
 * The report's companies: those of which users were found.
 *
 * @phpstan-import-type ReportCompanyRow from \Rollcall\Contract\Shapes
 * @phpstan-type CompanyFilters array{search: string, status: list<string>, batch: list<string>, industry: list<string>, ambiguous: bool|null}
 */
final class ReportCompanies {
	/** Words of orderby and what they sort by; ties go by identity, so that pages never overlap. */
	public const ORDER = array(
		'user_count' => 'g.users',
		'name'       => 'c.name',
		'batch'      => 'c.batch_sort',
		'status'     => 'c.status',
	);

	private const COLUMNS = 'g.list_uid, l.title, g.source_id, g.users, g.ambiguous, g.kind, c.name, c.former_names, c.slug, c.status, c.batch, c.industry,
		c.one_liner, c.team_size, c.logo_url, c.website_origin, c.removed_at_ms';

	/** The contract's limit of domains in a row. */
	private const DOMAINS = 20;

	/**
	 * A page of companies.
	 *
	 * @param CompanyFilters                                                        $filters
	 * @param array{orderby: string, order: string, limit: int, offset: int} $page
	 * @return list<ReportCompanyRow>
	 */
	public static function page( array $filters, array $page, ?ReportPeople $people = null ): array {
		$people           ??= ReportPeople::users();
		[ $where, $values ] = self::where( $filters, $people );
		$by                 = self::ORDER[ $page['orderby'] ] ?? self::ORDER['user_count'];
		$order              = 'asc' === $page['order'] ? 'ASC' : 'DESC';
		$rows               = Sql::rows(
			'SELECT ' . self::COLUMNS . ' FROM ' . $people->companies() . " WHERE $where ORDER BY $by $order, g.list_uid, g.source_id LIMIT %d OFFSET %d",
			...array( ...$values, $page['limit'], $page['offset'] )
		);
		return self::items( $rows, $people );
	}

	/**
	 * Companies in all.
	 *
	 * @param CompanyFilters $filters
	 */
	public static function count( array $filters, ?ReportPeople $people = null ): int {
		$people           ??= ReportPeople::users();
		[ $where, $values ] = self::where( $filters, $people );
		return (int) Sql::value( 'SELECT COUNT(*) FROM ' . $people->companies() . " WHERE $where", ...$values );
	}

	/**
	 * Names of the companies of domains, best first.
	 *
	 * @param list<int> $domain_ids
	 * @return array<int, list<string>> By domain_id; at most 20 each.
	 */
	public static function names( array $domain_ids ): array {
		return array_map( static fn ( array $of_domain ): array => array_column( $of_domain, 'name' ), self::matches( $domain_ids ) );
	}

	/**
	 * Companies of domains, best first, with the titles of their lists.
	 *
	 * @param list<int> $domain_ids
	 * @return array<int, list<array{name: string, list_title: string, kind: string}>> By domain_id; at most 20 each.
	 */
	public static function matches( array $domain_ids ): array {
		if ( array() === $domain_ids ) {
			return array();
		}
		$matches = array();
		$rows    = Sql::rows(
			'SELECT dc.domain_id, COALESCE(c.name, dc.source_id) AS name, COALESCE(l.title, dc.list_uid) AS title, dc.kind FROM {domain_companies} dc
				LEFT JOIN {lists} l ON l.list_uid = dc.list_uid
				LEFT JOIN {companies} c ON c.list_uid = dc.list_uid AND c.version = l.active_version AND c.source_id = dc.source_id
				WHERE dc.domain_id IN (' . Sql::places( count( $domain_ids ) ) . ') ORDER BY dc.domain_id, dc.position, dc.list_uid, dc.source_id',
			...$domain_ids
		);
		foreach ( $rows as $row ) {
			$matches[ (int) $row['domain_id'] ][] = array(
				'name'       => (string) $row['name'],
				'list_title' => (string) $row['title'],
				'kind'       => Contract::word( 'MATCH_KINDS', (int) $row['kind'] ),
			);
		}
		return array_map( static fn ( array $of_domain ): array => array_slice( $of_domain, 0, self::DOMAINS ), $matches );
	}

	/**
	 * Names of the companies of a verdict, in its order.
	 *
	 * @param list<array{list_uid: string, source_id: string, kind: string}> $companies
	 * @return list<string>
	 */
	public static function names_of( array $companies ): array {
		$listed = ListedCompanies::of( $companies );
		return array_map( static fn ( array $company ): string => $listed[ ListedCompanies::key( $company ) ]['name'] ?? $company['source_id'], array_slice( $companies, 0, self::DOMAINS ) );
	}

	/**
	 * @param CompanyFilters $filters
	 * @return array{string, list<int|string>} Condition and its values.
	 */
	private static function where( array $filters, ReportPeople $people ): array {
		$where  = array( '1 = 1' );
		$values = array();
		foreach ( array( 'status', 'batch', 'industry' ) as $column ) {
			$words = 'status' === $column
				? array_map( static fn ( string $word ): int => Contract::number( 'COMPANY_STATUSES', $word ), $filters['status'] )
				: $filters[ $column ];
			if ( array() !== $words ) {
				$where[] = "c.$column IN (" . Sql::places( count( $words ), 'status' === $column ? '%d' : '%s' ) . ')';
				$values  = array( ...$values, ...$words );
			}
		}
		if ( null !== $filters['ambiguous'] ) {
			$where[]  = 'g.ambiguous = %d';
			$values[] = (int) $filters['ambiguous'];
		}
		if ( '' !== $filters['search'] ) {
			$like    = '%' . Sql::like( $filters['search'] ) . '%';
			$where[] = '(c.name LIKE %s OR c.one_liner LIKE %s OR (g.list_uid, g.source_id) IN (SELECT sc.list_uid, sc.source_id FROM {domain_companies} sc
				INNER JOIN {domains} sd ON sd.domain_id = sc.domain_id INNER JOIN ' . $people->of_hosts() . ' su ON su.domain_id = sd.domain_id
				WHERE sd.host LIKE %s))';
			$values  = array( ...$values, $like, $like, '%' . Sql::like_host( $filters['search'] ) . '%' );
		}
		return array( implode( ' AND ', $where ), $values );
	}

	/**
	 * @param list<array<string, string|null>> $rows
	 * @return list<ReportCompanyRow>
	 */
	private static function items( array $rows, ReportPeople $people ): array {
		$domains  = self::domains( $rows, $people );
		$monitors = self::monitors( $rows );
		$items    = array();
		foreach ( $rows as $row ) {
			$items[] = array(
				'list_uid'       => (string) $row['list_uid'],
				'list_title'     => (string) $row['title'],
				'source_id'      => (string) $row['source_id'],
				'name'           => (string) ( $row['name'] ?? $row['source_id'] ),
				'slug'           => (string) $row['slug'],
				'status'         => Contract::word_or_null( 'COMPANY_STATUSES', $row['status'] ) ?? 'unknown',
				'batch'          => (string) $row['batch'],
				'industry'       => (string) $row['industry'],
				'one_liner'      => (string) $row['one_liner'],
				'team_size'      => null === $row['team_size'] ? null : (int) $row['team_size'],
				'logo_url'       => $row['logo_url'],
				'website_origin' => $row['website_origin'],
				'user_count'     => (int) $row['users'],
				'domains'        => $domains[ "$row[list_uid]\n$row[source_id]" ]['domains'] ?? array(),
				'kind'           => Contract::word( 'MATCH_KINDS', (int) $row['kind'] ),
				'former_domains' => $domains[ "$row[list_uid]\n$row[source_id]" ]['former'] ?? array(),
				'former_names'   => self::names_in( $row['former_names'] ),
				'ambiguous'      => '1' === $row['ambiguous'],
				'removed_at'     => null === $row['removed_at_ms'] ? null : Clock::iso( (int) $row['removed_at_ms'] ),
				'monitor'        => $monitors[ "$row[list_uid]\n$row[source_id]" ] ?? null,
			);
		}
		/** @var list<ReportCompanyRow> $items The words come from the contract. */
		return $items;
	}

	/**
	 * What is known of the sites of companies.
	 *
	 * @param list<array<string, string|null>> $rows
	 * @return array<string, array{monitor_uid: string, screen_state: string, error_code: string|null, mail_state: string|null, last_checked_at: string|null}> By list_uid, line feed and source_id.
	 */
	private static function monitors( array $rows ): array {
		$now_ms    = Clock::now_ms();
		$is_silent = MonitorRows::is_silent( $now_ms );
		$companies = array_map(
			static fn ( array $row ): array => array(
				'list_uid'       => (string) $row['list_uid'],
				'source_id'      => (string) $row['source_id'],
				'website_origin' => $row['website_origin'],
			),
			$rows
		);
		return array_map(
			static fn ( array $monitor ): array => array(
				'monitor_uid'     => $monitor['monitor_uid'],
				'screen_state'    => MonitorRows::screen_state( $monitor, $is_silent, $now_ms ),
				'error_code'      => $monitor['last_error_code'],
				'mail_state'      => $monitor['mail_state'],
				'last_checked_at' => Clock::iso_or_null( $monitor['last_slot_ms'] ),
			),
			CompanySites::monitors( $companies )
		);
	}

	/** @return list<string> */
	private static function names_in( ?string $json ): array {
		$names = json_decode( (string) $json, true );
		return is_array( $names ) ? array_slice( array_values( array_filter( $names, 'is_string' ) ), 0, 50 ) : array();
	}

	/**
	 * Registrable domains of companies, most users first, at most 20 each, and those of them that they no longer use.
	 *
	 * @param list<array<string, string|null>> $companies
	 * @return array<string, array{domains: list<string>, former: list<string>}> By list_uid, line feed and source_id.
	 */
	private static function domains( array $companies, ReportPeople $people ): array {
		$ids = array();
		foreach ( $companies as $company ) {
			$ids[ (string) $company['list_uid'] ][] = (string) $company['source_id'];
		}
		$former  = (string) Contract::number( 'MATCH_KINDS', 'former' );
		$domains = array();
		foreach ( $ids as $list_uid => $source_ids ) {
			$rows = Sql::rows(
				'SELECT dc.source_id, ' . ReportSql::KEY . ' AS domain, SUM(u.users) AS users, MIN(CASE WHEN dc.kind = ' . $former . ' THEN 1 ELSE 0 END) AS former
					FROM {domain_companies} dc INNER JOIN {domains} d ON d.domain_id = dc.domain_id
					INNER JOIN ' . $people->of_hosts() . ' u ON u.domain_id = d.domain_id
					WHERE dc.list_uid = %s AND dc.source_id IN (' . Sql::places( count( $source_ids ), '%s' ) . ')
					GROUP BY dc.source_id, ' . ReportSql::KEY . ' ORDER BY users DESC, domain',
				(string) $list_uid,
				...$source_ids
			);
			foreach ( $rows as $row ) {
				$key = "$list_uid\n$row[source_id]";
				$domains[ $key ] ??= array( 'domains' => array(), 'former' => array() );
				if ( count( $domains[ $key ]['domains'] ) < self::DOMAINS ) {
					$domains[ $key ]['domains'][] = (string) $row['domain'];
					$domains[ $key ]['former']    = '1' === $row['former'] ? array( ...$domains[ $key ]['former'], (string) $row['domain'] ) : $domains[ $key ]['former'];
				}
			}
		}
		return $domains;
	}
}
