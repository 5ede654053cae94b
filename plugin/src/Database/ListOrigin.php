<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

/**
 * Whether a new version is one of the same list. Ids of another list mean other companies: the domains, tombstones,
 * aliases and matches of the old one would become those of strangers.
 *
 * @phpstan-import-type StoredList from Lists
 */
final class ListOrigin {
	private const URL = 'list_url:';

	/** Notes where the version in use was fetched. */
	public static function note( string $list_uid, string $url ): void {
		Kv::set( self::URL . $list_uid, $url );
	}

	/**
	 * Remembers, before the address of a list is changed, where the version in use came from.
	 *
	 * @param StoredList $list
	 */
	public static function before_change( array $list ): void {
		if ( $list['active_version'] > 0 && ! is_string( Kv::get( self::URL . $list['list_uid'] ) ) ) {
			self::note( $list['list_uid'], $list['url'] );
		}
	}

	/** Forgets a list that was deleted. */
	public static function delete( string $list_uid ): void {
		Kv::delete( self::URL . $list_uid );
	}

	/**
	 * Whether the staged version belongs to the list in use: its address is the same, or at least half of the companies
	 * that both have still have a domain of theirs, as when a list has moved.
	 *
	 * @param StoredList $list
	 * @param string     $staged list_uid of the staged domains.
	 */
	public static function is_same( array $list, string $staged ): bool {
		$known = Kv::get( self::URL . $list['list_uid'] );
		if ( ! is_string( $known ) || $known === $list['url'] ) {
			return true;
		}
		$shared = 'FROM {company_domains} new INNER JOIN {company_domains} old ON old.source_id = new.source_id
			WHERE new.list_uid = %s AND new.first_version > 0 AND old.list_uid = %s AND old.first_version <= %d AND old.last_version >= %d';
		$values = array( $staged, $list['list_uid'], $list['active_version'], $list['active_version'] );
		$both   = (int) Sql::value( "SELECT COUNT(DISTINCT new.source_id) $shared", ...$values );
		$kept   = (int) Sql::value( "SELECT COUNT(DISTINCT new.source_id) $shared AND old.domain = new.domain", ...$values );
		return $kept > 0 && 2 * $kept >= $both;
	}

	/** Forgets what belongs to the companies of the list that another one takes the place of, whose version is given. */
	public static function forget( string $list_uid, int $version ): void {
		Sql::run( 'DELETE FROM {company_domains} WHERE list_uid = %s AND last_version < %d', $list_uid, $version );
		Sql::run( 'UPDATE {company_domains} SET first_version = %d WHERE list_uid = %s', $version, $list_uid );
		Rules::delete_of_list( $list_uid );
		AffectedDomains::wait( array_map( 'intval', Sql::column( 'SELECT DISTINCT domain_id FROM {domain_companies} WHERE list_uid = %s', $list_uid ) ) );
	}
}
