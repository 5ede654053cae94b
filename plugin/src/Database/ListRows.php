<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/**
 * The version of a list that is in use, page by page as it was stored.
 *
 * @phpstan-import-type CompanyDomain from \Rollcall\Contract\Shapes
 * @phpstan-import-type CompanyRow from \Rollcall\Contract\Shapes
 * @phpstan-import-type ListPage from ListVersions
 * @phpstan-import-type StoredList from Lists
 */
final class ListRows {
	/** Companies of a page. */
	public const SIZE = 500;

	/** Pages of the version in use; 0 when there is none. */
	public static function page_count( string $list_uid ): int {
		return (int) ceil( Companies::export_count( $list_uid ) / self::SIZE );
	}

	/**
	 * A page with the companies that are on the list, in the order of source_id, and their current domains.
	 *
	 * @param StoredList $list
	 * @return ListPage
	 */
	public static function page( array $list, int $page, int $page_count ): array {
		/** @var list<array{source_id: string}> $companies */
		$companies = Companies::export( $list['list_uid'], self::SIZE, ( $page - 1 ) * self::SIZE );
		/** @var ListPage $item */
		$item = array(
			'list_uid'             => $list['list_uid'],
			'sha256'               => (string) $list['active_sha256'],
			'source'               => $list['active_source'] ?? $list['source'],
			'page'                 => $page,
			'page_count'           => $page_count,
			'row_count'            => $list['row_count'],
			'source_updated_at_ms' => $list['source_updated_at_ms'],
			'fetched_at_ms'        => $list['fetched_at_ms'] ?? 0,
			'changes'              => $list['changes'],
			'companies'            => $companies,
			'domains'              => self::domains( $list, array_column( $companies, 'source_id' ) ),
		);
		return $item;
	}

	/**
	 * @param StoredList   $list
	 * @param list<string> $source_ids
	 * @return list<CompanyDomain>
	 */
	private static function domains( array $list, array $source_ids ): array {
		if ( array() === $source_ids ) {
			return array();
		}
		$rows = Sql::rows(
			'SELECT domain, source_id, kind FROM {company_domains} WHERE list_uid = %s AND first_version <= %d AND last_version >= %d AND kind <> %d
				AND source_id IN (' . Sql::places( count( $source_ids ), '%s' ) . ') ORDER BY domain, source_id',
			$list['list_uid'],
			$list['active_version'],
			$list['active_version'],
			Contract::number( 'MATCH_KINDS', 'former' ),
			...$source_ids
		);
		$domains = array();
		foreach ( $rows as $row ) {
			/** @var CompanyDomain $domain */
			$domain    = array(
				'domain'    => (string) $row['domain'],
				'source_id' => (string) $row['source_id'],
				'kind'      => Contract::word( 'MATCH_KINDS', (int) $row['kind'] ),
			);
			$domains[] = $domain;
		}
		return $domains;
	}
}
