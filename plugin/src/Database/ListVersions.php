<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;
use Rollcall\RollcallError;

/**
 * Versions of a list: pages are staged beside the version in use, which is switched in one update.
 * A version number is never used again. Everything here goes into the transaction of a batch.
 *
 * @phpstan-import-type CompanyRow from \Rollcall\Contract\Shapes
 * @phpstan-import-type CompanyDomain from \Rollcall\Contract\Shapes
 * @phpstan-import-type StoredList from Lists
 * @phpstan-type ListPage array{list_uid: string, sha256: string, source: string, page: int, page_count: int, row_count: int, source_updated_at_ms: int|null, fetched_at_ms: int, changes: array{added: int, changed: int, moved: int, removed: int}|null, companies: list<CompanyRow>, domains: list<CompanyDomain>}
 */
final class ListVersions {
	/** Staged domains that are read at a time. */
	private const CHUNK = 2000;

	/**
	 * Stores the next page of a version. A page that is there already changes nothing. A content that is cut into another
	 * number of pages than before is forgotten: the work of the same answer asks for page 1 of it.
	 *
	 * @param ListPage $page
	 * @throws RollcallError With not_found, list_outdated or bad_request when the page cannot be stored.
	 */
	public static function store_page( array $page, int $now_ms ): void {
		$list = Lists::find( $page['list_uid'] ) ?? throw new RollcallError( 'not_found', "There is no list {$page['list_uid']}." );
		if ( $page['sha256'] === $list['active_sha256'] ) {
			return;
		}
		if ( $page['page'] < 1 || $page['page'] > $page['page_count'] || $page['page_count'] > 10000 ) {
			throw new RollcallError( 'bad_request', "Page {$page['page']} of {$page['page_count']} is not a page." );
		}
		self::check_keys( $page );
		self::refuse_outdated( $list, $page );
		if ( 1 === $page['page'] && array( $page['sha256'], $page['page_count'] ) !== array( $list['staging_sha256'], $list['staging_page_count'] ) ) {
			$list = self::begin( $list, $page );
		}
		if ( $page['sha256'] !== $list['staging_sha256'] ) {
			throw new RollcallError( 'bad_request', "Page {$page['page']} came before page 1." );
		}
		if ( $page['page_count'] !== $list['staging_page_count'] ) {
			self::forget( $list );
			return;
		}
		if ( $page['page'] <= $list['staged_pages'] ) {
			return;
		}
		if ( $page['page'] > $list['staged_pages'] + 1 ) {
			throw new RollcallError( 'bad_request', "Page {$page['page']} of {$page['page_count']} came after page {$list['staged_pages']} of {$list['staging_page_count']}." );
		}
		self::store_companies( $list, $page['companies'], $now_ms );
		self::store_domains( $list, $page['domains'], $now_ms );
		Sql::run( 'UPDATE {lists} SET staged_pages = %d WHERE list_uid = %s', $page['page'], $page['list_uid'] );
		if ( $page['page'] === $page['page_count'] ) {
			self::refuse_incomplete( $list, $page['row_count'] );
			self::activate( $list, $page, $now_ms );
		}
	}

	/**
	 * A companion that could not fetch for a while has an older content than the one that a browser fetched meanwhile.
	 *
	 * @param StoredList $list
	 * @param ListPage   $page
	 */
	private static function refuse_outdated( array $list, array $page ): void {
		if ( 'companion' === $list['owner'] && $page['fetched_at_ms'] < ( $list['fetched_at_ms'] ?? 0 ) ) {
			throw new RollcallError( 'list_outdated', 'The pages were fetched before the version in use.' );
		}
	}

	/**
	 * A version without all of its companies would bury the others: it is forgotten.
	 *
	 * @param StoredList $list
	 */
	private static function refuse_incomplete( array $list, int $row_count ): void {
		$stored = (int) Sql::value( 'SELECT COUNT(*) FROM {companies} WHERE list_uid = %s AND version = %d', $list['list_uid'], $list['staging_version'] );
		if ( $stored !== $row_count ) {
			self::forget( $list );
			throw new RollcallError( 'bad_request', "The pages hold $stored of $row_count companies." );
		}
	}

	/**
	 * Keys are lower-case ASCII: other text compares differently on MariaDB and SQLite.
	 *
	 * @param ListPage $page
	 */
	private static function check_keys( array $page ): void {
		foreach ( array( ...$page['companies'], ...$page['domains'] ) as $row ) {
			if ( 1 !== preg_match( '/^[a-z0-9._:-]{1,64}\z/', $row['source_id'] ) ) {
				throw new RollcallError( 'bad_request', 'A source_id is not lower-case ASCII.' );
			}
		}
		foreach ( $page['domains'] as $row ) {
			if ( 1 !== preg_match( '/^[a-z0-9._-]{1,253}\z/', $row['domain'] ) ) {
				throw new RollcallError( 'bad_request', 'A domain is not in A-label form.' );
			}
		}
	}

	/**
	 * Removes what was staged.
	 *
	 * @param StoredList $list
	 */
	private static function forget( array $list ): void {
		if ( $list['staging_version'] > 0 ) {
			Sql::run( 'DELETE FROM {companies} WHERE list_uid = %s AND version = %d', $list['list_uid'], $list['staging_version'] );
			Sql::run( 'DELETE FROM {company_domains} WHERE list_uid = %s', self::staged( $list['list_uid'] ) );
			Sql::run( 'UPDATE {lists} SET staging_version = 0, staging_sha256 = NULL, staged_pages = 0, staging_page_count = 0 WHERE list_uid = %s', $list['list_uid'] );
		}
	}

	/**
	 * Begins a version; what was staged of another one goes.
	 *
	 * @param StoredList $list
	 * @param ListPage   $page
	 * @return StoredList
	 */
	private static function begin( array $list, array $page ): array {
		self::forget( $list );
		$version = $list['last_version'] + 1;
		Sql::run(
			'UPDATE {lists} SET last_version = %d, staging_version = %d, staging_sha256 = %s, staged_pages = 0, staging_page_count = %d WHERE list_uid = %s',
			$version,
			$version,
			$page['sha256'],
			$page['page_count'],
			$list['list_uid']
		);
		return array_merge(
			$list,
			array(
				'last_version'       => $version,
				'staging_version'    => $version,
				'staging_sha256'     => $page['sha256'],
				'staged_pages'       => 0,
				'staging_page_count' => $page['page_count'],
			)
		);
	}

	/**
	 * @param StoredList       $list
	 * @param list<CompanyRow> $companies
	 */
	private static function store_companies( array $list, array $companies, int $now_ms ): void {
		$first_seen = self::first_seen( $list, array_column( $companies, 'source_id' ) );
		$rows       = array();
		foreach ( $companies as $company ) {
			$rows[] = array(
				'list_uid'       => $list['list_uid'],
				'version'        => $list['staging_version'],
				'source_id'      => $company['source_id'],
				'source'         => Contract::number( 'LIST_SOURCES', $company['source'] ),
				'name'           => $company['name'],
				'former_names'   => self::json( $company['former_names'] ),
				'slug'           => $company['slug'],
				'status'         => Contract::number( 'COMPANY_STATUSES', $company['status'] ),
				'batch'          => $company['batch'],
				'batch_sort'     => min( 2147483647, $company['batch_sort'] ),
				'team_size'      => null === $company['team_size'] ? null : min( 2147483647, $company['team_size'] ),
				'industry'       => $company['industry'],
				'subindustry'    => $company['subindustry'],
				'regions'        => self::json( $company['regions'] ),
				'tags'           => self::json( $company['tags'] ),
				'one_liner'      => $company['one_liner'],
				'logo_url'       => $company['logo_url'],
				'website_raw'    => $company['website_raw'],
				'website_origin' => $company['website_origin'],
				'launched_at_ms' => $company['launched_at_ms'],
				'first_seen_ms'  => $first_seen[ $company['source_id'] ] ?? $now_ms,
				'last_seen_ms'   => $now_ms,
				'removed_at_ms'  => null,
				'raw_hash'       => $company['raw_hash'],
			);
		}
		Sql::insert( 'companies', $rows, ignore: true );
	}

	/**
	 * When companies of the version in use were first seen.
	 *
	 * @param StoredList   $list
	 * @param list<string> $source_ids
	 * @return array<int|string, int> By source_id.
	 */
	private static function first_seen( array $list, array $source_ids ): array {
		$seen = array();
		foreach ( array_chunk( $source_ids, 500 ) as $chunk ) {
			$rows = Sql::rows(
				'SELECT source_id, first_seen_ms FROM {companies} WHERE list_uid = %s AND version = %d AND source_id IN (' . Sql::places( count( $chunk ), '%s' ) . ')',
				$list['list_uid'],
				$list['active_version'],
				...$chunk
			);
			foreach ( $rows as $row ) {
				$seen[ (string) $row['source_id'] ] = (int) $row['first_seen_ms'];
			}
		}
		return $seen;
	}

	/**
	 * Stages domains under a list_uid of their own, which no list has: a domain that came back would be current at once,
	 * and stay so when the staging is abandoned.
	 *
	 * @param StoredList          $list
	 * @param list<CompanyDomain> $domains
	 */
	private static function store_domains( array $list, array $domains, int $now_ms ): void {
		$current = array();
		$former  = array();
		foreach ( $domains as $domain ) {
			$version = 'former' === $domain['kind'] ? 0 : $list['staging_version'];
			$row     = array(
				'list_uid'      => self::staged( $list['list_uid'] ),
				'domain'        => $domain['domain'],
				'source_id'     => $domain['source_id'],
				'kind'          => Contract::number( 'MATCH_KINDS', $domain['kind'] ),
				'first_version' => $version,
				'last_version'  => $version,
				'first_seen_ms' => $now_ms,
				'last_seen_ms'  => $now_ms,
			);
			if ( 0 === $version ) {
				$former[] = $row;
			} else {
				$current[] = $row;
			}
		}
		Sql::upsert( 'company_domains', $current, array( 'kind', 'first_version', 'last_version' ) );
		Sql::insert( 'company_domains', $former, ignore: true );
	}

	/** The list_uid of staged domains; a list's own has no plus and may be as long as the column. */
	public static function staged( string $list_uid ): string {
		return '+' . substr( hash( 'sha256', $list_uid ), 0, 40 );
	}

	/** Takes the staged domains over. A former one is added only where the list knows nothing of it. */
	private static function activate_domains( string $list_uid ): void {
		$offset = 0;
		do {
			$staged  = Sql::rows(
				'SELECT domain, source_id, kind, first_version, last_version, first_seen_ms, last_seen_ms FROM {company_domains} WHERE list_uid = %s ORDER BY domain, source_id LIMIT %d OFFSET %d',
				self::staged( $list_uid ),
				self::CHUNK,
				$offset
			);
			$current = array();
			$former  = array();
			foreach ( $staged as $row ) {
				$numbers = array_map( 'intval', array_slice( $row, 2 ) );
				$taken   = array(
					'list_uid'  => $list_uid,
					'domain'    => (string) $row['domain'],
					'source_id' => (string) $row['source_id'],
				) + $numbers;
				if ( 0 === $numbers['first_version'] ) {
					$former[] = $taken;
				} else {
					$current[] = $taken;
				}
			}
			Sql::upsert( 'company_domains', $current, array( 'kind', 'last_version', 'last_seen_ms' ) );
			Sql::insert( 'company_domains', $former, ignore: true );
			$offset += self::CHUNK;
		} while ( count( $staged ) === self::CHUNK );
		Sql::run( 'DELETE FROM {company_domains} WHERE list_uid = %s', self::staged( $list_uid ) );
	}

	/**
	 * Switches to the staged version; keeps it and the one before. Verdicts of the companion are made on its own lists only,
	 * so those of others leave them as they are.
	 *
	 * @param StoredList $list
	 * @param ListPage   $page
	 */
	private static function activate( array $list, array $page, int $now_ms ): void {
		$version = $list['staging_version'];
		$same    = $list['active_source'] === $page['source'] && ListOrigin::is_same( $list, self::staged( $list['list_uid'] ) );
		self::activate_domains( $list['list_uid'] );
		if ( $list['active_version'] > 0 && $same ) {
			self::copy_tombstones( $list, $now_ms );
		} elseif ( $list['active_version'] > 0 ) {
			ListOrigin::forget( $list['list_uid'], $version );
		}
		ListOrigin::note( $list['list_uid'], $list['url'] );
		$changes = null === $page['changes'] ? null : (string) wp_json_encode( $page['changes'] );
		Sql::run(
			'UPDATE {lists} SET active_version = %d, active_sha256 = %s, active_source = %d, row_count = %d, staging_version = 0, staging_sha256 = NULL, staged_pages = 0, staging_page_count = 0, fetched_at_ms = %d, checked_at_ms = %d, error_code = NULL, error_message = NULL, accept_shrunk = 0, '
			. 'source_updated_at_ms = ' . ( null === $page['source_updated_at_ms'] ? 'NULL' : '%d' ) . ', changes = ' . ( null === $changes ? 'NULL' : '%s' ) . ' WHERE list_uid = %s',
			...array_values(
				array_filter(
					array(
						$version,
						$page['sha256'],
						Contract::number( 'LIST_SOURCES', $page['source'] ),
						min( 2147483647, $page['row_count'] ),
						// A clock that is ahead would refuse the next versions.
						min( $page['fetched_at_ms'], $now_ms ),
						$now_ms,
						$page['source_updated_at_ms'],
						$changes,
						$list['list_uid'],
					),
					static fn( int|string|null $value ): bool => null !== $value
				)
			)
		);
		Sql::run( 'DELETE FROM {companies} WHERE list_uid = %s AND version NOT IN (%d, %d)', $list['list_uid'], $version, $same ? $list['active_version'] : $version );
		if ( 'companion' === $list['owner'] ) {
			DataVersion::raise();
		}
	}

	/**
	 * Companies that the new version lacks stay as tombstones with the instant at which they left.
	 *
	 * @param StoredList $list
	 */
	private static function copy_tombstones( array $list, int $now_ms ): void {
		$columns = 'source_id, source, name, former_names, slug, status, batch, batch_sort, team_size, industry, subindustry, regions, tags, one_liner, logo_url, website_raw, website_origin, launched_at_ms, first_seen_ms, last_seen_ms';
		$copied  = 'old.' . str_replace( ', ', ', old.', $columns );
		Sql::run(
			"INSERT INTO {companies} (list_uid, version, $columns, removed_at_ms, raw_hash)
			SELECT old.list_uid, %d, $copied, COALESCE(old.removed_at_ms, %d), old.raw_hash
			FROM {companies} old LEFT JOIN {companies} new ON new.list_uid = old.list_uid AND new.version = %d AND new.source_id = old.source_id
			WHERE old.list_uid = %s AND old.version = %d AND new.source_id IS NULL",
			$list['staging_version'],
			$now_ms,
			$list['staging_version'],
			$list['list_uid'],
			$list['active_version']
		);
	}

	/**
	 * JSON of texts that fits into a column of 64 KiB; more than that loses its last texts.
	 *
	 * @param list<string> $texts
	 */
	private static function json( array $texts ): string {
		do {
			$json = (string) wp_json_encode( $texts, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE );
		} while ( strlen( $json ) > 65000 && null !== array_pop( $texts ) );
		return $json;
	}
}
