<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Clock;
use Rollcall\Contract;

/**
 * Companies lists: where each is fetched, which version is in use, which one is being staged.
 *
 * @phpstan-import-type CompanyList from \Rollcall\Contract\Shapes
 * @phpstan-type StoredList array{list_uid: string, title: string, source: string, url: string, last_version: int, active_version: int, active_sha256: string|null, active_source: string|null, row_count: int, staging_version: int, staging_sha256: string|null, staged_pages: int, staging_page_count: int, source_updated_at_ms: int|null, fetched_at_ms: int|null, checked_at_ms: int|null, error_code: string|null, error_message: string|null, changes: array{added: int, changed: int, moved: int, removed: int}|null}
 */
final class Lists {
	/** The list that is there from the start. */
	public const DEFAULT_UID = 'yc';

	private const DEFAULT_URL = 'https://yc-oss.github.io/api/companies/all.json';

	/**
	 * Every list that is switched on; makes the default one when there is none.
	 *
	 * @return list<StoredList>
	 */
	public static function all(): array {
		$rows = Sql::rows( 'SELECT * FROM {lists} WHERE enabled = 1 ORDER BY created_at_ms, list_uid LIMIT 50' );
		if ( array() === $rows ) {
			self::make_default();
			$rows = Sql::rows( 'SELECT * FROM {lists} WHERE enabled = 1 ORDER BY created_at_ms, list_uid LIMIT 50' );
		}
		return array_map( array( self::class, 'stored' ), $rows );
	}

	/**
	 * One list, locked until the end of the transaction when there is one.
	 *
	 * @return StoredList|null
	 */
	public static function find( string $list_uid ): ?array {
		$row = Sql::row( 'SELECT * FROM {lists} WHERE list_uid = %s FOR UPDATE', $list_uid );
		if ( null === $row && self::DEFAULT_UID === $list_uid ) {
			self::make_default();
			$row = Sql::row( 'SELECT * FROM {lists} WHERE list_uid = %s FOR UPDATE', $list_uid );
		}
		return null === $row ? null : self::stored( $row );
	}

	/** Changes where a list is fetched. The version in use stays until another one is there. */
	public static function set_url( string $list_uid, string $url ): void {
		Sql::run( 'UPDATE {lists} SET url = %s, error_code = NULL, error_message = NULL WHERE list_uid = %s', $url, $list_uid );
	}

	/** Notes how the last look at a list ended. @return bool False when there is no such list. */
	public static function set_status( string $list_uid, int $checked_at_ms, ?string $error_code, ?string $error_message ): bool {
		if ( null === self::find( $list_uid ) ) {
			return false;
		}
		$nulls  = array( null === $error_code ? 'NULL' : '%s', null === $error_message ? 'NULL' : '%s' );
		$values = array_filter( array( $error_code, $error_message ), 'is_string' );
		Sql::run(
			"UPDATE {lists} SET checked_at_ms = %d, error_code = {$nulls[0]}, error_message = {$nulls[1]} WHERE list_uid = %s",
			$checked_at_ms,
			...array( ...array_values( $values ), $list_uid )
		);
		return true;
	}

	/** Companies in use over all lists. */
	public static function company_count(): int {
		return (int) Sql::value( 'SELECT SUM(row_count) FROM {lists} WHERE enabled = 1' );
	}

	/** Whether a version of any list is in use. */
	public static function any_active(): bool {
		return null !== Sql::value( 'SELECT 1 FROM {lists} WHERE enabled = 1 AND active_version > 0 LIMIT 1' );
	}

	/** Whether a list is in use that was asked for: the built-in sample also stands in for one that cannot be fetched. */
	public static function any_wanted(): bool {
		foreach ( self::all() as $list ) {
			if ( $list['active_version'] > 0 && ( 'sample' !== $list['active_source'] || str_starts_with( $list['url'], 'sample:' ) ) ) {
				return true;
			}
		}
		return false;
	}

	/**
	 * A list as REST shows it.
	 *
	 * @param StoredList $stored_list
	 * @return CompanyList
	 */
	public static function item( array $stored_list ): array {
		$job = Jobs::open_update( $stored_list['list_uid'] );
		/** @var CompanyList $item */
		$item = array(
			'list_uid'          => $stored_list['list_uid'],
			'title'             => $stored_list['title'],
			'source'            => $stored_list['source'],
			'active_source'     => $stored_list['active_source'],
			'url'               => $stored_list['url'],
			'active_version'    => $stored_list['active_version'],
			'active_sha256'     => $stored_list['active_sha256'],
			'row_count'         => $stored_list['row_count'],
			'source_updated_at' => Clock::iso_or_null( $stored_list['source_updated_at_ms'] ),
			'fetched_at'        => Clock::iso_or_null( $stored_list['fetched_at_ms'] ),
			'checked_at'        => Clock::iso_or_null( $stored_list['checked_at_ms'] ),
			'error_code'        => $stored_list['error_code'],
			'error_message'     => $stored_list['error_message'],
			'changes'           => $stored_list['changes'],
			'open_job'          => null === $job ? null : Jobs::item( $job ),
		);
		return $item;
	}

	private static function make_default(): void {
		$row = array(
			'list_uid'      => self::DEFAULT_UID,
			'title'         => 'Y Combinator companies',
			'owner'         => 1,
			'source'        => Contract::number( 'LIST_SOURCES', 'yc' ),
			'url'           => self::DEFAULT_URL,
			'enabled'       => 1,
			'created_at_ms' => Clock::now_ms(),
		);
		Sql::insert( 'lists', array( $row ), ignore: true );
	}

	/**
	 * @param array<string, string|null> $row
	 * @return StoredList
	 */
	private static function stored( array $row ): array {
		$instant = static fn( string $column ): ?int => null === $row[ $column ] ? null : (int) $row[ $column ];
		/** @var array{added: int, changed: int, moved: int, removed: int}|null $changes */
		$changes = null === $row['changes'] ? null : json_decode( $row['changes'], true );
		return array(
			'list_uid'             => (string) $row['list_uid'],
			'title'                => (string) $row['title'],
			'source'               => Contract::word( 'LIST_SOURCES', (int) $row['source'] ),
			'url'                  => (string) $row['url'],
			'last_version'         => (int) $row['last_version'],
			'active_version'       => (int) $row['active_version'],
			'active_sha256'        => $row['active_sha256'],
			'active_source'        => Contract::word_or_null( 'LIST_SOURCES', $row['active_source'] ),
			'row_count'            => (int) $row['row_count'],
			'staging_version'      => (int) $row['staging_version'],
			'staging_sha256'       => $row['staging_sha256'],
			'staged_pages'         => (int) $row['staged_pages'],
			'staging_page_count'   => (int) $row['staging_page_count'],
			'source_updated_at_ms' => $instant( 'source_updated_at_ms' ),
			'fetched_at_ms'        => $instant( 'fetched_at_ms' ),
			'checked_at_ms'        => $instant( 'checked_at_ms' ),
			'error_code'           => $row['error_code'],
			'error_message'        => $row['error_message'],
			'changes'              => $changes,
		);
	}
}
