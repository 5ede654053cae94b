<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/** What visitors are told of a company: what its list says, and nothing of the site's users. */
final class VisitorCompanies {
	/** Companies in one statement. */
	private const CHUNK = 250;

	/**
	 * Companies of the lists in use.
	 *
	 * @param list<array{list_uid: string, source_id: string}> $matches
	 * @return array<string, array{name: string, batch: string, status: string, industry: string, one_liner: string, website_origin: string|null}> By list_uid and source_id with a line break between them.
	 */
	public static function of( array $matches ): array {
		$found = array();
		foreach ( array_chunk( $matches, self::CHUNK ) as $chunk ) {
			$keys = array();
			foreach ( $chunk as $match ) {
				array_push( $keys, $match['list_uid'], $match['source_id'] );
			}
			$rows = Sql::rows(
				'SELECT c.list_uid, c.source_id, c.name, c.batch, c.status, c.industry, c.one_liner, c.website_origin FROM {companies} c
					INNER JOIN {lists} l ON l.list_uid = c.list_uid AND l.active_version = c.version
					WHERE ' . implode( ' OR ', array_fill( 0, count( $chunk ), '(c.list_uid = %s AND c.source_id = %s)' ) ),
				...$keys
			);
			foreach ( $rows as $row ) {
				$found[ $row['list_uid'] . "\n" . $row['source_id'] ] = array(
					'name'           => (string) $row['name'],
					'batch'          => (string) $row['batch'],
					'status'         => Contract::word( 'COMPANY_STATUSES', (int) $row['status'] ),
					'industry'       => (string) $row['industry'],
					'one_liner'      => (string) $row['one_liner'],
					'website_origin' => $row['website_origin'],
				);
			}
		}
		return $found;
	}
}
