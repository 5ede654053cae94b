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
	 * @param list<string> $domains
	 * @return array<string, list<array{list_uid: string, source_id: string, kind: int, former: bool, removed: bool, status: int, batch_sort: int}>>
	 */
	public static function of( array $domains ): array {
		$claims = array();
		$former = Contract::number( 'MATCH_KINDS', 'former' );
		foreach ( array_chunk( $domains, self::CHUNK ) as $chunk ) {
			$rows = Sql::rows(
				'SELECT cd.domain, cd.list_uid, cd.source_id, cd.kind, cd.last_version < l.active_version AS former,
					c.removed_at_ms, c.status, c.batch_sort
					FROM {company_domains} cd
					INNER JOIN {lists} l ON l.list_uid = cd.list_uid AND l.enabled = 1 AND l.active_version > 0
					INNER JOIN {companies} c ON c.list_uid = cd.list_uid AND c.version = l.active_version AND c.source_id = cd.source_id
					WHERE cd.domain IN (' . Sql::places( count( $chunk ), '%s' ) . ') AND cd.first_version <= l.active_version',
				...$chunk
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
}
