<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/**
 * Sites of companies, and the monitors that watch them. A site is a host and a port: neither the scheme nor a leading www
 * makes it another one.
 *
 * @phpstan-type CompanyKey array{list_uid: string, source_id: string}
 * @phpstan-type SiteMonitor array{monitor_id: int, monitor_uid: string, url: string, list_uid: string|null, source_id: string|null, active: bool, interval_seconds: int, state: string, known_until_ms: int, last_slot_ms: int|null, last_error_code: string|null, is_confirming: bool, mail_state: string|null}
 * @phpstan-type CompanySite array{list_uid: string, source_id: string, name: string, website_origin: string|null, website_raw: string}
 */
final class CompanySites {
	/** Companies in one statement. Of more than these every monitor is read once: asking chunk by chunk took 7 s for 5,000 companies among 10,000 monitors. */
	private const CHUNK = 100;

	private const COLUMNS = 'm.monitor_id, m.monitor_uid, m.url, m.list_uid, m.source_id, m.active, m.interval_seconds, m.state, m.known_until_ms, m.last_slot_ms, m.last_error_code, m.is_confirming, m.mail_state';

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
	 * @return array<string, SiteMonitor> By ListedCompanies::key(); companies without a monitor are left out.
	 */
	public static function monitors( array $companies ): array {
		$by_key  = array();
		$by_site = array();
		foreach ( array() === $companies ? array() : self::candidates( $companies ) as $row ) {
			/** @var SiteMonitor $monitor COLUMNS has these. */
			$monitor  = Monitors::item( $row );
			$by_key  += null === $monitor['list_uid'] ? array() : array( "$monitor[list_uid]\n$monitor[source_id]" => $monitor );
			$site     = self::site( $monitor['url'] );
			$by_site += null === $site ? array() : array( $site => $monitor );
		}
		$found = array();
		foreach ( $companies as $company ) {
			$key     = ListedCompanies::key( $company );
			$monitor = $by_key[ $key ] ?? $by_site[ (string) self::site( $company['website_origin'] ) ] ?? null;
			if ( null !== $monitor ) {
				$found[ $key ] = $monitor;
			}
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
	 * Monitors among which those of companies are, the oldest first.
	 *
	 * @param non-empty-list<array{list_uid: string, source_id: string, website_origin: string|null}> $companies
	 * @return list<array<string, string|null>>
	 */
	private static function candidates( array $companies ): array {
		$select = 'SELECT ' . self::COLUMNS . ' FROM {monitors} m WHERE m.deleted_at_ms IS NULL AND m.type = ' . Contract::number( 'CHECK_TYPES', 'http' );
		if ( count( $companies ) > self::CHUNK ) {
			return Sql::rows( "$select ORDER BY m.monitor_id" );
		}
		[ $where, $values ] = self::are( 'm', $companies );
		$urls               = array();
		foreach ( $companies as $company ) {
			$site = self::site( $company['website_origin'] );
			array_push( $urls, ...( null === $site ? array() : self::spellings( $site ) ) );
		}
		$in = array() === $urls ? '' : ' OR m.url IN (' . Sql::places( count( $urls ), '%s' ) . ')';
		return Sql::rows( "$select AND ($where$in) ORDER BY m.monitor_id", ...$values, ...$urls );
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
