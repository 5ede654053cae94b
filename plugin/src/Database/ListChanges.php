<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/**
 * How the version of a list in use differs from the one before, with the users of the site whom each company concerns.
 * Both versions are kept, so nothing of this is stored. KEY (list_uid, source_id) of company_domains, and registrable and
 * ascii_host of domains serve it.
 *
 * @phpstan-import-type ListChangeRow from \Rollcall\Contract\Shapes
 * @phpstan-import-type StoredList from Lists
 */
final class ListChanges {
	/** The contract's limit. */
	private const DOMAINS = 20;

	/** Fields that people see, as one text that no collation folds; the website counts as a domain. */
	private const FIELDS = "HEX(CONCAT(%1\$s.name, '|', %1\$s.former_names, '|', %1\$s.slug, '|', %1\$s.status, '|', %1\$s.batch, '|', COALESCE(%1\$s.team_size, ''), '|', %1\$s.industry, '|', %1\$s.subindustry, '|', %1\$s.regions, '|', %1\$s.tags, '|', %1\$s.one_liner, '|', COALESCE(%1\$s.logo_url, ''), '|', COALESCE(%1\$s.launched_at_ms, '')))";

	/** Users at the companies of a list, by source_id; values: list_uid and active version, twice. */
	private const PEOPLE = '(SELECT h.source_id, COUNT(*) AS users FROM (
			SELECT cd.source_id, u.user_id FROM {company_domains} cd INNER JOIN {domains} d ON d.registrable = cd.domain
				INNER JOIN {user_domains} u ON u.domain_id = d.domain_id WHERE cd.list_uid = %s AND cd.first_version <= %d
			UNION SELECT ce.source_id, w.user_id FROM {company_domains} ce INNER JOIN {domains} e ON e.ascii_host = ce.domain
				INNER JOIN {user_domains} w ON w.domain_id = e.domain_id WHERE ce.list_uid = %s AND ce.first_version <= %d
		) h GROUP BY h.source_id)';

	/**
	 * A page of the companies that differ. There are none while no version came before.
	 *
	 * @param StoredList   $list
	 * @param list<string> $changes Words of LIST_CHANGES; empty is all.
	 * @return array{items: list<ListChangeRow>, total: int}
	 */
	public static function page( array $list, array $changes, string $search, string $orderby, string $order, int $limit, int $offset ): array {
		$version  = $list['active_version'];
		$previous = (int) Sql::value( 'SELECT MAX(version) FROM {companies} WHERE list_uid = %s AND version < %d', $list['list_uid'], $version );
		if ( 0 === $previous ) {
			return array(
				'items' => array(),
				'total' => 0,
			);
		}
		$of_list           = array( $list['list_uid'], $previous, $version, $previous, $previous, $version, $previous, $list['list_uid'], $version );
		[ $where, $given ] = self::where( $changes, $search );
		$column            = 'name' === $orderby ? 'g.name' : 'user_count';
		$direction         = 'asc' === $order ? 'ASC' : 'DESC';
		$rows              = Sql::rows(
			'SELECT g.*, COALESCE(p.users, 0) AS user_count FROM ' . self::differing() . ' g LEFT JOIN ' . self::PEOPLE . " p ON p.source_id = g.source_id
			WHERE $where ORDER BY $column $direction, g.name, g.source_id LIMIT %d OFFSET %d",
			...array( ...$of_list, $list['list_uid'], $version, $list['list_uid'], $version, ...$given, $limit, $offset )
		);
		return array(
			'items' => self::items( $list['list_uid'], $version, $previous, $rows ),
			'total' => (int) Sql::value( 'SELECT COUNT(*) FROM ' . self::differing() . " g WHERE $where", ...array( ...$of_list, ...$given ) ),
		);
	}

	/** The companies that differ; change is a number of LIST_CHANGES. */
	private static function differing(): string {
		$fields = sprintf( self::FIELDS, 'c' ) . ' <> ' . sprintf( self::FIELDS, 'o' );
		return "(SELECT c.source_id, c.name, c.status, c.batch, o.name AS previous_name, o.status AS previous_status,
				CASE WHEN c.removed_at_ms IS NOT NULL THEN 4 WHEN o.source_id IS NULL OR o.removed_at_ms IS NOT NULL THEN 1
					WHEN m.source_id IS NOT NULL THEN 3 ELSE 2 END AS change_number
			FROM {companies} c
			LEFT JOIN (SELECT source_id FROM {company_domains} WHERE list_uid = %s AND first_version > 0
				AND ((first_version > %d AND first_version <= %d) OR (first_version <= %d AND last_version >= %d AND last_version < %d))
				GROUP BY source_id) m ON m.source_id = c.source_id
			LEFT JOIN {companies} o ON o.list_uid = c.list_uid AND o.version = %d AND o.source_id = c.source_id
			WHERE c.list_uid = %s AND c.version = %d
				AND ((c.removed_at_ms IS NULL AND (o.source_id IS NULL OR o.removed_at_ms IS NOT NULL OR m.source_id IS NOT NULL OR $fields))
					OR (c.removed_at_ms IS NOT NULL AND o.source_id IS NOT NULL AND o.removed_at_ms IS NULL)))";
	}

	/**
	 * @param list<string> $changes
	 * @return array{string, list<int|string>} Condition and its values.
	 */
	private static function where( array $changes, string $search ): array {
		$where  = array( '1 = 1' );
		$values = array();
		if ( array() !== $changes ) {
			$where[] = 'g.change_number IN (' . Sql::places( count( $changes ) ) . ')';
			$values  = array_map( static fn( string $word ): int => Contract::number( 'LIST_CHANGES', $word ), $changes );
		}
		if ( '' !== trim( $search ) ) {
			$like    = '%' . Sql::like( trim( $search ) ) . '%';
			$where[] = '(g.name LIKE %s OR g.previous_name LIKE %s)';
			array_push( $values, $like, $like );
		}
		return array( implode( ' AND ', $where ), $values );
	}

	/**
	 * @param list<array<string, string|null>> $rows
	 * @return list<ListChangeRow>
	 */
	private static function items( string $list_uid, int $version, int $previous, array $rows ): array {
		$domains = self::domains( $list_uid, $version, $previous, array_map( 'strval', array_column( $rows, 'source_id' ) ) );
		$items   = array();
		foreach ( $rows as $row ) {
			$source_id = (string) $row['source_id'];
			$change    = Contract::word( 'LIST_CHANGES', (int) $row['change_number'] );
			$is_known  = 'added' !== $change && null !== $row['previous_status'];
			/** @var ListChangeRow $item */
			$item    = array(
				'source_id'        => $source_id,
				'name'             => (string) $row['name'],
				'previous_name'    => $is_known && $row['previous_name'] !== $row['name'] ? $row['previous_name'] : null,
				'change'           => $change,
				'status'           => Contract::word( 'COMPANY_STATUSES', (int) $row['status'] ),
				'previous_status'  => $is_known && $row['previous_status'] !== $row['status'] ? Contract::word( 'COMPANY_STATUSES', (int) $row['previous_status'] ) : null,
				'batch'            => (string) $row['batch'],
				'domains'          => array_slice( $domains[ $source_id ]['now'] ?? array(), 0, self::DOMAINS ),
				'previous_domains' => array_slice( $domains[ $source_id ]['before'] ?? array(), 0, self::DOMAINS ),
				'user_count'       => (int) $row['user_count'],
			);
			$items[] = $item;
		}
		return $items;
	}

	/**
	 * Domains of now, and those of the version before that are gone.
	 *
	 * @param list<string> $source_ids
	 * @return array<int|string, array{now?: list<string>, before?: list<string>}> By source_id.
	 */
	private static function domains( string $list_uid, int $version, int $previous, array $source_ids ): array {
		$rows    = array() === $source_ids ? array() : Sql::rows(
			'SELECT source_id, domain, CASE WHEN last_version >= %d THEN 1 ELSE 0 END AS is_now FROM {company_domains}
			WHERE list_uid = %s AND first_version > 0 AND first_version <= %d AND last_version >= %d AND source_id IN (' . Sql::places( count( $source_ids ), '%s' ) . ')
			ORDER BY domain',
			$version,
			$list_uid,
			$version,
			$previous,
			...$source_ids
		);
		$domains = array();
		foreach ( $rows as $row ) {
			$domains[ (string) $row['source_id'] ][ '1' === (string) $row['is_now'] ? 'now' : 'before' ][] = (string) $row['domain'];
		}
		return $domains;
	}
}
