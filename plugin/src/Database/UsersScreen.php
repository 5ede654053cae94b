<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/** What WordPress's Users screen shows of companies. */
final class UsersScreen {
	/** Batches in the filter. */
	private const BATCHES = 200;

	/** Users that are looked at, in WordPress's order, for a page of those at a listed company. */
	private const STRETCH = 50_000;

	/** Query variable with a total that was counted apart. */
	private const TOTAL = 'rollcall_total';

	/** Users at a listed company, from the small table to the large one. */
	private const LISTED = ' FROM {domain_companies} dc INNER JOIN {domains} d ON d.domain_id = dc.domain_id AND d.label = %d
		INNER JOIN {user_domains} ud ON ud.domain_id = dc.domain_id WHERE dc.position = 0';

	/**
	 * The best company of each of the users, in one statement.
	 *
	 * @param non-empty-list<int> $user_ids
	 * @return array<int, array{name: string, batch: string, website: string|null, others: int}> By user id; others are left out.
	 */
	public static function companies( array $user_ids ): array {
		$rows  = Sql::rows(
			'SELECT ud.user_id, c.name, c.batch, c.website_origin,
					(SELECT COUNT(*) FROM {domain_companies} o WHERE o.domain_id = ud.domain_id) AS companies
				FROM {user_domains} ud
				INNER JOIN {domains} d ON d.domain_id = ud.domain_id AND d.label = %d
				INNER JOIN {domain_companies} dc ON dc.domain_id = ud.domain_id AND dc.position = 0
				INNER JOIN {lists} l ON l.list_uid = dc.list_uid
				INNER JOIN {companies} c ON c.list_uid = dc.list_uid AND c.version = l.active_version AND c.source_id = dc.source_id
				WHERE ud.user_id IN (' . Sql::places( count( $user_ids ) ) . ')',
			Contract::number( 'LABELS', 'company' ),
			...$user_ids
		);
		$found = array();
		foreach ( $rows as $row ) {
			$found[ (int) $row['user_id'] ] = array(
				'name'    => (string) $row['name'],
				'batch'   => (string) $row['batch'],
				'website' => $row['website_origin'],
				'others'  => max( 0, (int) $row['companies'] - 1 ),
			);
		}
		return $found;
	}

	/**
	 * Batches of companies that domains of the site belong to, newest first.
	 *
	 * @return list<string>
	 */
	public static function batches(): array {
		return Sql::column(
			"SELECT c.batch FROM {domain_companies} dc
				INNER JOIN {lists} l ON l.list_uid = dc.list_uid
				INNER JOIN {companies} c ON c.list_uid = dc.list_uid AND c.version = l.active_version AND c.source_id = dc.source_id
				WHERE dc.position = 0 AND c.batch <> '' GROUP BY c.batch ORDER BY MAX(c.batch_sort) DESC, c.batch LIMIT %d",
			self::BATCHES
		);
	}

	/**
	 * Narrows a query of WordPress for users. Where many users are left, WordPress's own order leads to a page of them at
	 * once, and they are counted apart: FOUND_ROWS() of a million users took ten seconds. Where few are left they come
	 * first, by the index of domains.
	 *
	 * @param 'listed'|'unlisted'|'batch' $filter
	 * @param string                      $batch Of the best company; for `batch` only.
	 */
	public static function narrow( \WP_User_Query $query, string $filter, string $batch = '' ): void {
		$users = Table::db()->users;
		if ( 'batch' === $filter ) {
			self::join( $query, $users, ' INNER JOIN {lists} l ON l.list_uid = dc.list_uid INNER JOIN {companies} c ON c.list_uid = dc.list_uid AND c.source_id = dc.source_id AND c.version = l.active_version AND c.batch = %s', $batch );
			return;
		}
		$listed = (int) Sql::value( 'SELECT COUNT(*)' . self::LISTED, self::company() );
		$end    = self::number( $query, 'offset' ) + self::number( $query, 'number' );
		$is_all = "FROM $users" === $query->query_from && 'WHERE 1=1' === $query->query_where;
		if ( 'listed' === $filter && ! ( $is_all && $listed * self::STRETCH > $end * self::counted() ) ) {
			self::join( $query, $users, '' );
			return;
		}
		// MariaDB turns EXISTS around and reads all domains first; a value of its own it asks for row by row.
		$label = ' AND COALESCE((SELECT d.label FROM {user_domains} ud INNER JOIN {domains} d ON d.domain_id = ud.domain_id WHERE ud.user_id = %i.ID), 0) ';
		self::append( $query, 'query_where', Sql::condition( $label . ( 'unlisted' === $filter ? '<>' : '=' ) . ' %d', $users, self::company() ) );
		if ( $is_all && is_string( $query->query_fields ) && str_contains( $query->query_fields, 'SQL_CALC_FOUND_ROWS' ) ) {
			$query->query_fields               = str_replace( 'SQL_CALC_FOUND_ROWS ', '', $query->query_fields );
			$query->query_vars[ self::TOTAL ] = 'listed' === $filter ? $listed : max( 0, (int) Sql::value( 'SELECT COUNT(*) FROM %i', $users ) - $listed );
		}
	}

	/** Filter found_users_query: the total that was counted apart. */
	public static function total( string $sql, \WP_User_Query $query ): string {
		$total = $query->query_vars[ self::TOTAL ] ?? null;
		return is_int( $total ) ? "SELECT $total" : $sql;
	}

	/** Lets the users be found by their companies first. */
	private static function join( \WP_User_Query $query, string $users, string $more, string ...$values ): void {
		self::append( $query, 'query_from', Sql::condition( ' INNER JOIN (SELECT DISTINCT ud.user_id' . str_replace( ' WHERE', "$more WHERE", self::LISTED ) . ') rollcall_found ON rollcall_found.user_id = %i.ID', ...array( self::company(), ...$values, $users ) ) );
	}

	private static function append( \WP_User_Query $query, string $part, string $sql ): void {
		$before         = $query->$part;
		$query->$part = ( is_string( $before ) ? $before : '' ) . $sql;
	}

	/** About how many users are counted; the highest number is known at once. */
	private static function counted(): int {
		return (int) Sql::value( 'SELECT MAX(user_id) FROM {user_domains}' );
	}

	private static function company(): int {
		return Contract::number( 'LABELS', 'company' );
	}

	private static function number( \WP_User_Query $query, string $name ): int {
		$value = $query->query_vars[ $name ] ?? 0;
		return is_numeric( $value ) ? max( 0, (int) $value ) : 0;
	}
}
