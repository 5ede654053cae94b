<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/**
 * Companies by their identities, as the versions of their lists in use have them: what a list says, and nothing of users.
 *
 * @phpstan-type ListedCompany array{name: string, batch: string, status: string, industry: string, one_liner: string, website_origin: string|null}
 */
final class ListedCompanies {
	/** Companies in one statement. */
	private const CHUNK = 250;

	/**
	 * Companies of lists, also those that have left them; others are left out.
	 *
	 * @param list<array{list_uid: string, source_id: string}> $companies Any number; each may be there more than once.
	 * @return array<string, ListedCompany> By key().
	 */
	public static function of( array $companies ): array {
		$keys  = array_column( array_map( static fn ( array $company ): array => array( self::key( $company ), $company ), $companies ), 1, 0 );
		$found = array();
		foreach ( array_chunk( array_values( $keys ), self::CHUNK ) as $chunk ) {
			$values = array();
			foreach ( $chunk as $company ) {
				array_push( $values, $company['list_uid'], $company['source_id'] );
			}
			$rows = Sql::rows(
				'SELECT c.list_uid, c.source_id, c.name, c.batch, c.status, c.industry, c.one_liner, c.website_origin FROM {companies} c
					INNER JOIN {lists} l ON l.list_uid = c.list_uid AND l.active_version = c.version
					WHERE ' . implode( ' OR ', array_fill( 0, count( $chunk ), '(c.list_uid = %s AND c.source_id = %s)' ) ),
				...$values
			);
			foreach ( $rows as $row ) {
				$found[ "$row[list_uid]\n$row[source_id]" ] = array(
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

	/**
	 * The identity of a company as one text.
	 *
	 * @param array{list_uid: string, source_id: string} $company
	 */
	public static function key( array $company ): string {
		return "$company[list_uid]\n$company[source_id]";
	}
}
