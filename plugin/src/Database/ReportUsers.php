<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Settings;

/**
 * The report's users. They come from `user_domains`, like every other figure; one whom WordPress lost since then is
 * still a row, so that the tab adds up to the header.
 *
 * @phpstan-type UserFilters array{search: string, label: list<string>, batch: list<string>}
 */
final class ReportUsers {
	/** The word of a filter for users without a usable address. */
	public const NO_ADDRESS = 'no_usable_address';

	/** Words of orderby and what they sort by. */
	public const ORDER = array(
		'registered'   => 'w.user_registered',
		'display_name' => 'w.display_name',
		'domain'       => ReportSql::KEY,
	);

	/** Joins by the letter of their table, in an order in which each finds what it needs. */
	private const JOINS = array(
		'w' => 'LEFT JOIN %i w ON w.ID = ud.user_id',
		'd' => 'LEFT JOIN {domains} d ON d.domain_id = ud.domain_id',
		'c' => 'LEFT JOIN {domain_companies} dc ON dc.domain_id = ud.domain_id AND dc.position = 0
			LEFT JOIN {lists} l ON l.list_uid = dc.list_uid
			LEFT JOIN {companies} c ON c.list_uid = dc.list_uid AND c.version = l.active_version AND c.source_id = dc.source_id',
	);

	/**
	 * A page of users.
	 *
	 * @param string                                                         $column  Column with the address.
	 * @param UserFilters                                                    $filters
	 * @param array{orderby: string, order: string, limit: int, offset: int} $page
	 * @return list<array<string, string|null>> user_id, display_name, address, user_registered, domain_id, reason, domain, label, batch.
	 */
	public static function page( string $column, array $filters, array $page ): array {
		[ $where, $values ] = self::where( $column, $filters );
		$by                 = self::ORDER[ $page['orderby'] ] ?? self::ORDER['registered'];
		$order              = 'asc' === $page['order'] ? 'ASC' : 'DESC';
		return self::rows( $column, "$where ORDER BY $by $order, ud.user_id $order LIMIT %d OFFSET %d", $by, array( ...$values, $page['limit'], $page['offset'] ) );
	}

	/**
	 * The users after one id, by id, for exports.
	 *
	 * @param UserFilters $filters
	 * @return list<array<string, string|null>>
	 */
	public static function after( string $column, array $filters, int $after, int $limit ): array {
		[ $where, $values ] = self::where( $column, $filters );
		return self::whole( $column, "$where AND ud.user_id > %d ORDER BY ud.user_id LIMIT %d", array( ...$values, $after, $limit ) );
	}

	/**
	 * Users in all.
	 *
	 * @param UserFilters $filters
	 */
	public static function count( string $column, array $filters ): int {
		[ $where, $values ] = self::where( $column, $filters );
		[ $from, $names ]   = self::from( $where );
		return (int) Sql::value( "SELECT COUNT(*) FROM $from WHERE $where", ...array( ...$names, ...$values ) );
	}

	/**
	 * Ids first, from the tables that filter and order need, then the rest of so many rows: sorting 100,000 whole rows
	 * took four times as long.
	 *
	 * @param list<int|string> $values
	 * @return list<array<string, string|null>>
	 */
	private static function rows( string $column, string $where, string $by, array $values ): array {
		[ $from, $names ] = self::from( "$where $by" );
		$ids              = array_map( 'intval', Sql::column( "SELECT ud.user_id FROM $from WHERE $where", ...array( ...$names, ...$values ) ) );
		if ( array() === $ids ) {
			return array();
		}
		$found = array_column( self::whole( $column, 'ud.user_id IN (' . Sql::places( count( $ids ) ) . ')', $ids ), null, 'user_id' );
		return array_values( array_filter( array_map( static fn ( int $id ): ?array => $found[ $id ] ?? null, $ids ) ) );
	}

	/**
	 * @param list<int|string> $values
	 * @return list<array<string, string|null>>
	 */
	private static function whole( string $column, string $where, array $values ): array {
		[ $from, $names ] = self::from( 'w. d. c.' );
		return Sql::rows(
			'SELECT ud.user_id, ud.domain_id, ud.reason, w.display_name, w.%i AS address, w.user_registered, ' . ReportSql::KEY . " AS domain, d.label, c.batch FROM $from WHERE $where",
			...array( $column, ...$names, ...$values )
		);
	}

	/**
	 * The tables that a condition names, and the names for their places.
	 *
	 * @return array{string, list<string>}
	 */
	private static function from( string $condition ): array {
		$from  = '{user_domains} ud';
		$names = array();
		foreach ( self::JOINS as $letter => $join ) {
			if ( 1 === preg_match( "/\\b$letter\\./", $condition ) ) {
				$from .= " $join";
				$names = 'w' === $letter ? array( Table::db()->users ) : $names;
			}
		}
		return array( $from, $names );
	}

	/**
	 * @param UserFilters $filters
	 * @return array{string, list<int|string>} Condition and its values.
	 */
	private static function where( string $column, array $filters ): array {
		$where  = array( '1 = 1' );
		$values = array();
		if ( array() !== $filters['label'] ) {
			$labels  = ReportDomains::label_numbers( array_values( array_diff( $filters['label'], array( self::NO_ADDRESS ) ) ) );
			$either  = array() === $labels ? array() : array( '(ud.domain_id > 0 AND ' . self::label() . ' IN (' . Sql::places( count( $labels ) ) . '))' );
			$either  = in_array( self::NO_ADDRESS, $filters['label'], true ) ? array( ...$either, 'ud.domain_id = 0' ) : $either;
			$where[] = '(' . implode( ' OR ', $either ) . ')';
			$values  = $labels;
		}
		if ( array() !== $filters['batch'] ) {
			$where[] = 'c.batch IN (' . Sql::places( count( $filters['batch'] ), '%s' ) . ')';
			$values  = array( ...$values, ...$filters['batch'] );
		}
		if ( '' !== $filters['search'] ) {
			$like    = '%' . Sql::like( $filters['search'] ) . '%';
			$where[] = '(w.display_name LIKE %s OR w.%i LIKE %s OR d.host LIKE %s OR c.name LIKE %s)';
			$values  = array( ...$values, $like, $column, $like, '%' . Sql::like_host( $filters['search'] ) . '%', $like );
		}
		return array( implode( ' AND ', $where ), $values );
	}

	/** Number of the label of a user's host, as ReportPeople::label() counts it; looks at no more users than the threshold has. */
	private static function label(): string {
		$threshold = Settings::get()['threshold'];
		return $threshold > 1
			? sprintf(
				'CASE WHEN d.data_version <> %d AND (SELECT x.user_id FROM {user_domains} x WHERE x.domain_id = d.domain_id ORDER BY x.user_id LIMIT 1 OFFSET %d) IS NULL THEN %d ELSE COALESCE(d.label, 0) END',
				DataVersion::current(),
				$threshold - 1,
				ReportPeople::HIDDEN
			)
			: 'COALESCE(d.label, 0)';
	}
}
