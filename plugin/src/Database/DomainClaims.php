<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/** Which companies of the lists in use claim a domain. */
final class DomainClaims {
	/** Domains in one IN list. */
	private const CHUNK = 1000;

	/**
	 * Claims by domain; KEY (domain) of company_domains serves it. A domain is current while the version in use is
	 * between its first and its last, former after that, and not yet visible before.
	 *
	 * @param list<string>      $domains
	 * @param list<string>|null $list_uids Lists to look in; null is all that are switched on.
	 * @return array<string, list<array{list_uid: string, source_id: string, kind: int, former: bool, removed: bool, status: int, batch_sort: int}>>
	 */
	public static function of( array $domains, ?array $list_uids = null ): array {
		$claims = array();
		if ( array() === $list_uids ) {
			return $claims;
		}
		$on_lists = null === $list_uids ? '' : ' AND cd.list_uid IN (' . Sql::places( count( $list_uids ), '%s' ) . ')';
		$former = Contract::number( 'MATCH_KINDS', 'former' );
		foreach ( array_chunk( $domains, self::CHUNK ) as $chunk ) {
			$rows = Sql::rows(
				'SELECT cd.domain, cd.list_uid, cd.source_id, cd.kind, cd.last_version < l.active_version AS former,
					c.removed_at_ms, c.status, c.batch_sort
					FROM {company_domains} cd
					INNER JOIN {lists} l ON l.list_uid = cd.list_uid AND l.enabled = 1 AND l.active_version > 0
					INNER JOIN {companies} c ON c.list_uid = cd.list_uid AND c.version = l.active_version AND c.source_id = cd.source_id
					WHERE cd.domain IN (' . Sql::places( count( $chunk ), '%s' ) . ') AND cd.first_version <= l.active_version' . $on_lists,
				...array( ...$chunk, ...( $list_uids ?? array() ) )
			);
			foreach ( $rows as $row ) {
				$claims[ (string) $row['domain'] ][] = array(
					'list_uid'   => (string) $row['list_uid'],
					'source_id'  => (string) $row['source_id'],
					'kind'       => (int) $row['kind'],
					'former'     => '1' === $row['former'] || $former === (int) $row['kind'],
					'removed'    => null !== $row['removed_at_ms'],
					'status'     => (int) $row['status'],
					'batch_sort' => (int) $row['batch_sort'],
				);
			}
		}
		return $claims;
	}

	/**
	 * Those of the companies that are on a list in use, also those that have left it.
	 *
	 * @param list<array{string, string}> $companies list_uid and source_id.
	 * @param list<string>|null           $list_uids Lists to look in; null is all that are switched on.
	 * @return array<string, true> By list_uid and source_id with a line break between them.
	 */
	public static function in_use( array $companies, ?array $list_uids = null ): array {
		$by_list = array();
		foreach ( $companies as [ $list_uid, $source_id ] ) {
			if ( null === $list_uids || in_array( $list_uid, $list_uids, true ) ) {
				$by_list[ $list_uid ][] = $source_id;
			}
		}
		$found = array();
		foreach ( $by_list as $list_uid => $source_ids ) {
			foreach ( array_chunk( array_values( array_unique( $source_ids ) ), self::CHUNK ) as $chunk ) {
				$rows = Sql::column(
					'SELECT c.source_id FROM {companies} c INNER JOIN {lists} l ON l.list_uid = c.list_uid AND l.active_version = c.version AND l.enabled = 1
						WHERE c.list_uid = %s AND c.source_id IN (' . Sql::places( count( $chunk ), '%s' ) . ')',
					(string) $list_uid,
					...$chunk
				);
				foreach ( $rows as $source_id ) {
					$found[ "$list_uid\n$source_id" ] = true;
				}
			}
		}
		return $found;
	}
}
