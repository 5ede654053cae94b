<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/**
 * Sites of companies, and the monitors that watch them. A site is a host and a port: neither the scheme nor a leading www
 * makes it another one.
 *
 * @phpstan-import-type StoredMonitor from Monitors
 * @phpstan-type CompanyKey array{list_uid: string, source_id: string}
 * @phpstan-type CompanySite array{list_uid: string, source_id: string, name: string, website_origin: string|null, website_raw: string}
 */
final class CompanySites {
	/** Companies in one statement. */
	private const CHUNK = 250;

	/**
	 * Companies with users in the live report, most users first.
	 *
	 * @param list<CompanyKey> $among None means all.
	 * @return list<CompanySite>
	 */
	public static function with_users( array $among ): array {
		$people = ReportPeople::users();
		$sites  = array();
		foreach ( array() === $among ? array( array() ) : array_chunk( $among, self::CHUNK ) as $chunk ) {
			[ $where, $values ] = array() === $chunk ? array( '1 = 1', array() ) : self::are( 'g', $chunk );
			$rows               = Sql::rows(
				'SELECT g.list_uid, g.source_id, c.name, c.website_origin, c.website_raw FROM ' . $people->companies() . "
					WHERE $where ORDER BY g.users DESC, g.list_uid, g.source_id",
				...$values
			);
			foreach ( $rows as $row ) {
				$sites[] = array(
					'list_uid'       => (string) $row['list_uid'],
					'source_id'      => (string) $row['source_id'],
					'name'           => (string) ( $row['name'] ?? $row['source_id'] ),
					'website_origin' => $row['website_origin'],
					'website_raw'    => (string) $row['website_raw'],
				);
			}
		}
		return $sites;
	}

	/**
	 * The monitors of companies: the one that was made for the company, else one that watches the same site, the oldest first.
	 *
	 * @param list<array{list_uid: string, source_id: string, website_origin: string|null}> $companies Any number.
	 * @return array<string, StoredMonitor> By ListedCompanies::key(); companies without a monitor are left out.
	 */
	public static function monitors( array $companies ): array {
		$found = array();
		foreach ( array_chunk( $companies, self::CHUNK ) as $chunk ) {
			$found += self::of_chunk( $chunk );
		}
		return $found;
	}

	/** The site of an origin as one text; null when it is none. */
	public static function site( ?string $origin ): ?string {
		return 1 === preg_match( '#^(https?)://(?:www\.)?([^/?\#@]+?)\.?(?::(\d+))?/?\z#i', (string) $origin, $found )
			? strtolower( $found[2] ) . ( in_array( $found[3] ?? '', array( '', '80', '443' ), true ) ? '' : ":$found[3]" )
			: null;
	}

	/**
	 * @param non-empty-list<array{list_uid: string, source_id: string, website_origin: string|null}> $companies
	 * @return array<string, StoredMonitor>
	 */
	private static function of_chunk( array $companies ): array {
		[ $where, $values ] = self::are( 'm', $companies );
		$urls               = array();
		foreach ( $companies as $company ) {
			$site = self::site( $company['website_origin'] );
			array_push( $urls, ...( null === $site ? array() : self::spellings( $site ) ) );
		}
		$in      = array() === $urls ? '' : ' OR m.url IN (' . Sql::places( count( $urls ), '%s' ) . ')';
		$rows    = Sql::rows(
			"SELECT m.* FROM {monitors} m WHERE m.deleted_at_ms IS NULL AND m.type = %d AND ($where$in) ORDER BY m.monitor_id",
			Contract::number( 'CHECK_TYPES', 'http' ),
			...$values,
			...$urls
		);
		$by_key  = array();
		$by_site = array();
		foreach ( $rows as $row ) {
			$monitor = Monitors::item( $row );
			$by_key += null === $monitor['list_uid'] ? array() : array( "$monitor[list_uid]\n$monitor[source_id]" => $monitor );
			$site    = self::site( $monitor['url'] );
			$by_site += null === $site ? array() : array( $site => $monitor );
		}
		$found = array();
		foreach ( $companies as $company ) {
			$key     = ListedCompanies::key( $company );
			$monitor = $by_key[ $key ] ?? $by_site[ (string) self::site( $company['website_origin'] ) ] ?? null;
			$found  += null === $monitor ? array() : array( $key => $monitor );
		}
		return $found;
	}

	/**
	 * How the target of a site may be written.
	 *
	 * @return list<string>
	 */
	private static function spellings( string $site ): array {
		$urls = array();
		foreach ( array( 'https://', 'https://www.', 'http://', 'http://www.' ) as $start ) {
			array_push( $urls, "$start$site", "$start$site/" );
		}
		return $urls;
	}

	/**
	 * @param non-empty-list<CompanyKey> $companies
	 * @return array{string, list<string>} Condition and its values.
	 */
	private static function are( string $table, array $companies ): array {
		$values = array();
		foreach ( $companies as $company ) {
			array_push( $values, $company['list_uid'], $company['source_id'] );
		}
		return array( '(' . implode( ' OR ', array_fill( 0, count( $companies ), "($table.list_uid = %s AND $table.source_id = %s)" ) ) . ')', $values );
	}
}
