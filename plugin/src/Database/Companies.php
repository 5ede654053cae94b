<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Clock;
use Rollcall\Contract;

/**
 * Companies of the list versions in use. Search, filters, order and pages are SQL: KEY name and KEY batch serve them.
 *
 * @phpstan-import-type CompanyListItem from \Rollcall\Contract\Shapes
 * @phpstan-import-type CompanyFacets from \Rollcall\Contract\Shapes
 * @phpstan-type Filters array{status: list<string>, batch: list<string>, industry: list<string>, region: list<string>, list: list<string>}
 */
final class Companies {
	/** Words of `orderby` and what they order by; text is folded by the database. */
	public const ORDER = array(
		'name'       => 'c.name',
		'batch'      => 'c.batch_sort',
		'status'     => 'c.status',
		'industry'   => 'c.industry',
		'team_size'  => 'COALESCE(c.team_size, -1)',
		'user_count' => 'user_count',
	);

	private const IN_USE = '{companies} c INNER JOIN {lists} l ON l.list_uid = c.list_uid AND l.active_version = c.version AND l.enabled = 1';

	private const ON_LIST = '{companies} c INNER JOIN {lists} l ON l.list_uid = c.list_uid AND l.active_version = c.version WHERE c.list_uid = %s AND c.removed_at_ms IS NULL';

	private const USERS = '(SELECT dc.list_uid, dc.source_id, COUNT(*) AS users FROM {domain_companies} dc INNER JOIN {user_domains} u ON u.domain_id = dc.domain_id GROUP BY dc.list_uid, dc.source_id)';

	/**
	 * A page of companies.
	 *
	 * @param Filters $filters
	 * @return array{items: list<CompanyListItem>, total: int}
	 */
	public static function page( string $search, array $filters, string $orderby, string $order, int $limit, int $offset ): array {
		[ $where, $values ] = self::where( $search, $filters );
		$column             = self::ORDER[ $orderby ] ?? self::ORDER['name'];
		$direction          = 'desc' === $order ? 'DESC' : 'ASC';
		$rows               = Sql::rows(
			'SELECT c.*, l.title AS list_title, COALESCE(g.users, 0) AS user_count FROM ' . self::IN_USE . ' LEFT JOIN ' . self::USERS . " g ON g.list_uid = c.list_uid AND g.source_id = c.source_id
			WHERE $where ORDER BY $column $direction, c.name ASC, c.source_id ASC LIMIT %d OFFSET %d",
			...array( ...$values, $limit, $offset )
		);
		return array(
			'items' => self::items( $rows ),
			'total' => (int) Sql::value( 'SELECT COUNT(*) FROM ' . self::IN_USE . " WHERE $where", ...$values ),
		);
	}

	/**
	 * One company of the version in use, also one that has left the list.
	 *
	 * @return CompanyListItem|null
	 */
	public static function find( string $list_uid, string $source_id ): ?array {
		$rows = Sql::rows(
			'SELECT c.*, l.title AS list_title, COALESCE(g.users, 0) AS user_count FROM ' . self::IN_USE . ' LEFT JOIN ' . self::USERS . ' g ON g.list_uid = c.list_uid AND g.source_id = c.source_id
			WHERE c.list_uid = %s AND c.source_id = %s',
			$list_uid,
			$source_id
		);
		return self::items( $rows )[0] ?? null;
	}

	/**
	 * Values that occur, for filters.
	 *
	 * @return CompanyFacets
	 */
	public static function facets(): array {
		$regions = array();
		foreach ( Sql::column( 'SELECT DISTINCT c.regions FROM ' . self::IN_USE . ' WHERE c.removed_at_ms IS NULL' ) as $json ) {
			foreach ( self::texts( $json ) as $region ) {
				$regions[ $region ] = true;
			}
		}
		ksort( $regions, SORT_STRING | SORT_FLAG_CASE );
		$industries = array_unique( Sql::column( 'SELECT DISTINCT c.industry FROM ' . self::IN_USE . " WHERE c.removed_at_ms IS NULL AND c.industry <> ''" ) );
		sort( $industries, SORT_STRING | SORT_FLAG_CASE );
		$statuses = Sql::column( 'SELECT DISTINCT c.status FROM ' . self::IN_USE . ' WHERE c.removed_at_ms IS NULL ORDER BY c.status' );
		/** @var CompanyFacets $facets */
		$facets = array(
			'batches'    => array_slice( Sql::column( 'SELECT c.batch FROM ' . self::IN_USE . " WHERE c.removed_at_ms IS NULL AND c.batch <> '' GROUP BY c.batch ORDER BY MAX(c.batch_sort) DESC, c.batch" ), 0, 500 ),
			'industries' => array_slice( $industries, 0, 500 ),
			'regions'    => array_slice( array_map( 'strval', array_keys( $regions ) ), 0, 1000 ),
			'statuses'   => array_map( static fn( string $number ): string => Contract::word( 'COMPANY_STATUSES', $number ), $statuses ),
		);
		return $facets;
	}

	/**
	 * Normalised rows of one list, switched on or not, as the companion serves them too, in the order of source_id.
	 *
	 * @return list<array<string, mixed>> Shape `company_row`.
	 */
	public static function export( string $list_uid, int $limit = PHP_INT_MAX, int $offset = 0 ): array {
		$rows = Sql::rows( 'SELECT c.* FROM ' . self::ON_LIST . ' ORDER BY c.source_id LIMIT %d OFFSET %d', $list_uid, $limit, $offset );
		return array_map( array( self::class, 'exported' ), $rows );
	}

	/** How many of them there are. */
	public static function export_count( string $list_uid ): int {
		return (int) Sql::value( 'SELECT COUNT(*) FROM ' . self::ON_LIST, $list_uid );
	}

	/**
	 * @param Filters $filters
	 * @return array{string, list<int|string>} Condition and its values.
	 */
	private static function where( string $search, array $filters ): array {
		$where  = array( 'c.removed_at_ms IS NULL' );
		$values = array();
		if ( '' !== trim( $search ) ) {
			// Not correlated: with EXISTS a search of 5,950 companies took 11 s on SQLite.
			$like    = '%' . Sql::like( trim( $search ) ) . '%';
			$where[] = '(c.name LIKE %s OR c.slug LIKE %s OR c.one_liner LIKE %s OR c.former_names LIKE %s
				OR (c.list_uid, c.source_id) IN (SELECT cd.list_uid, cd.source_id FROM {company_domains} cd WHERE cd.domain LIKE %s))';
			array_push( $values, $like, $like, $like, $like, '%' . Sql::like_host( trim( $search ) ) . '%' );
		}
		if ( array() !== $filters['status'] ) {
			$where[] = 'c.status IN (' . Sql::places( count( $filters['status'] ) ) . ')';
			array_push( $values, ...array_map( static fn( string $word ): int => Contract::number( 'COMPANY_STATUSES', $word ), $filters['status'] ) );
		}
		// A list_uid is ASCII: MariaDB refuses to compare it with other text. No list has the empty one.
		$filters['list'] = array_map( static fn( string $uid ): string => 1 === preg_match( '/^[a-z0-9_-]+\z/', $uid ) ? $uid : '', $filters['list'] );
		foreach ( array( 'batch' => 'batch', 'industry' => 'industry', 'list' => 'list_uid' ) as $name => $column ) {
			if ( array() !== $filters[ $name ] ) {
				$where[] = "c.$column IN (" . Sql::places( count( $filters[ $name ] ), '%s' ) . ')';
				array_push( $values, ...$filters[ $name ] );
			}
		}
		if ( array() !== $filters['region'] ) {
			$where[] = '(' . implode( ' OR ', array_fill( 0, count( $filters['region'] ), 'c.regions LIKE %s' ) ) . ')';
			foreach ( $filters['region'] as $region ) {
				$values[] = '%' . Sql::like( (string) wp_json_encode( $region, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE ) ) . '%';
			}
		}
		return array( implode( ' AND ', $where ), $values );
	}

	/**
	 * @param list<array<string, string|null>> $rows
	 * @return list<CompanyListItem>
	 */
	private static function items( array $rows ): array {
		$domains = self::domains( $rows );
		$items   = array();
		foreach ( $rows as $row ) {
			/** @var CompanyListItem $item */
			$item    = array(
				'list_uid'       => (string) $row['list_uid'],
				'list_title'     => (string) $row['list_title'],
				'source_id'      => (string) $row['source_id'],
				'name'           => (string) $row['name'],
				'slug'           => (string) $row['slug'],
				'status'         => Contract::word( 'COMPANY_STATUSES', (int) $row['status'] ),
				'batch'          => (string) $row['batch'],
				'industry'       => (string) $row['industry'],
				'one_liner'      => (string) $row['one_liner'],
				'team_size'      => null === $row['team_size'] ? null : (int) $row['team_size'],
				'logo_url'       => $row['logo_url'],
				'website_origin' => $row['website_origin'],
				'former_names'   => self::texts( (string) $row['former_names'] ),
				'subindustry'    => (string) $row['subindustry'],
				'regions'        => self::texts( (string) $row['regions'] ),
				'tags'           => self::texts( (string) $row['tags'] ),
				'launched_at'    => Clock::iso_or_null( null === $row['launched_at_ms'] ? null : (int) $row['launched_at_ms'] ),
				'domains'        => $domains[ $row['list_uid'] . ' ' . $row['source_id'] ] ?? array(),
				'user_count'     => (int) $row['user_count'],
				'first_seen'     => Clock::iso( (int) $row['first_seen_ms'] ),
				'last_seen'      => Clock::iso( (int) $row['last_seen_ms'] ),
				'removed_at'     => Clock::iso_or_null( null === $row['removed_at_ms'] ? null : (int) $row['removed_at_ms'] ),
			);
			$items[] = $item;
		}
		return $items;
	}

	/**
	 * Domains that are visible, current ones first, at most 50 a company.
	 *
	 * @param list<array<string, string|null>> $companies
	 * @return array<string, list<array{domain: string, kind: string, first_seen: string, last_seen: string}>> By list_uid and source_id.
	 */
	private static function domains( array $companies ): array {
		$by_list = array();
		foreach ( $companies as $company ) {
			$by_list[ (string) $company['list_uid'] ][] = (string) $company['source_id'];
		}
		$domains = array();
		foreach ( $by_list as $list_uid => $source_ids ) {
			$rows = Sql::rows(
				'SELECT cd.source_id, cd.domain, cd.kind, cd.first_seen_ms, cd.last_seen_ms, CASE WHEN cd.last_version < l.active_version THEN 1 ELSE 0 END AS former
				FROM {company_domains} cd INNER JOIN {lists} l ON l.list_uid = cd.list_uid
				WHERE cd.list_uid = %s AND cd.first_version <= l.active_version AND cd.source_id IN (' . Sql::places( count( $source_ids ), '%s' ) . ')
				ORDER BY former, cd.last_seen_ms DESC, cd.domain',
				(string) $list_uid,
				...$source_ids
			);
			foreach ( $rows as $row ) {
				$key = $list_uid . ' ' . $row['source_id'];
				if ( count( $domains[ $key ] ?? array() ) < 50 ) {
					$domains[ $key ][] = array(
						'domain'     => (string) $row['domain'],
						'kind'       => '1' === (string) $row['former'] ? 'former' : Contract::word( 'MATCH_KINDS', (int) $row['kind'] ),
						'first_seen' => Clock::iso( (int) $row['first_seen_ms'] ),
						'last_seen'  => Clock::iso( (int) $row['last_seen_ms'] ),
					);
				}
			}
		}
		return $domains;
	}

	/**
	 * @param array<string, string|null> $row
	 * @return array<string, mixed>
	 */
	private static function exported( array $row ): array {
		return array(
			'source'         => Contract::word( 'LIST_SOURCES', (int) $row['source'] ),
			'source_id'      => (string) $row['source_id'],
			'name'           => (string) $row['name'],
			'former_names'   => self::texts( (string) $row['former_names'] ),
			'slug'           => (string) $row['slug'],
			'status'         => Contract::word( 'COMPANY_STATUSES', (int) $row['status'] ),
			'batch'          => (string) $row['batch'],
			'batch_sort'     => (int) $row['batch_sort'],
			'team_size'      => null === $row['team_size'] ? null : (int) $row['team_size'],
			'industry'       => (string) $row['industry'],
			'subindustry'    => (string) $row['subindustry'],
			'regions'        => self::texts( (string) $row['regions'] ),
			'tags'           => self::texts( (string) $row['tags'] ),
			'one_liner'      => (string) $row['one_liner'],
			'logo_url'       => $row['logo_url'],
			'website_raw'    => (string) $row['website_raw'],
			'website_origin' => $row['website_origin'],
			'launched_at_ms' => null === $row['launched_at_ms'] ? null : (int) $row['launched_at_ms'],
			'raw_hash'       => (string) $row['raw_hash'],
		);
	}

	/** @return list<string> */
	private static function texts( string $json ): array {
		$texts = json_decode( $json, true );
		return is_array( $texts ) ? array_values( array_filter( $texts, 'is_string' ) ) : array();
	}
}
