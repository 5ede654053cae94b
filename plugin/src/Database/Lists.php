<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Clock;
use Rollcall\Contract;

/**
 * Companies lists: where each is fetched, which version is in use, which one is being staged.
 *
 * @phpstan-import-type CompanyList from \Rollcall\Contract\Shapes
 * @phpstan-import-type ListCreation from \Rollcall\Contract\Shapes
 * @phpstan-import-type Rejection from \Rollcall\Contract\Shapes
 * @phpstan-type ListStatus array{list_uid: string, checked_at_ms: int, error_code: string|null, error_message: string|null, rejected_count: int, rejections: list<Rejection>}
 * @phpstan-type StoredList array{list_uid: string, title: string, owner: string, source: string, url: string, enabled: bool, visible_to_visitors: bool, schedule_hours: int, accept_shrunk: bool, rejected_count: int, rejections: list<Rejection>, last_version: int, active_version: int, active_sha256: string|null, active_source: string|null, row_count: int, staging_version: int, staging_sha256: string|null, staged_pages: int, staging_page_count: int, source_updated_at_ms: int|null, fetched_at_ms: int|null, checked_at_ms: int|null, error_code: string|null, error_message: string|null, changes: array{added: int, changed: int, moved: int, removed: int}|null}
 */
final class Lists {
	/** The list that is there from the start. */
	public const DEFAULT_UID = 'yc';

	private const DEFAULT_URL = 'https://yc-oss.github.io/api/companies/all.json';

	/**
	 * Every list: the default one, which is always there, then the oldest first.
	 *
	 * @return list<StoredList>
	 */
	public static function all(): array {
		$select = 'SELECT * FROM {lists} ORDER BY CASE WHEN list_uid = %s THEN 0 ELSE 1 END, created_at_ms, list_uid';
		$rows   = Sql::rows( $select, self::DEFAULT_UID );
		if ( ! in_array( self::DEFAULT_UID, array_column( $rows, 'list_uid' ), true ) ) {
			self::make_default();
			$rows = Sql::rows( $select, self::DEFAULT_UID );
		}
		return array_map( array( self::class, 'stored' ), $rows );
	}

	/**
	 * Those whose companies are matched.
	 *
	 * @return list<StoredList>
	 */
	public static function enabled(): array {
		return array_values( array_filter( self::all(), static fn( array $list ): bool => $list['enabled'] ) );
	}

	/**
	 * Of these, those that the companion fetches.
	 *
	 * @return list<StoredList>
	 */
	public static function fetched(): array {
		return array_values( array_filter( self::enabled(), static fn( array $list ): bool => 'companion' === $list['owner'] ) );
	}

	/**
	 * Those in use whose companies visitors may look for.
	 *
	 * @return list<StoredList>
	 */
	public static function visible_to_visitors(): array {
		return array_values( array_filter( self::enabled(), static fn( array $list ): bool => $list['visible_to_visitors'] && $list['active_version'] > 0 ) );
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

	/**
	 * Adds a list that is switched on and that visitors do not see.
	 *
	 * @param ListCreation $list
	 * @return string Its list_uid.
	 */
	public static function create( array $list, int $now_ms ): string {
		$list_uid = 'l' . bin2hex( random_bytes( 6 ) );
		$row      = array(
			'list_uid'            => $list_uid,
			'title'               => $list['title'],
			'owner'               => Contract::number( 'LIST_OWNERS', in_array( $list['source'], array( 'upload', 'manual' ), true ) ? 'wordpress' : 'companion' ),
			'source'              => Contract::number( 'LIST_SOURCES', $list['source'] ),
			'url'                 => $list['url'],
			'enabled'             => 1,
			'visible_to_visitors' => 0,
			'schedule_hours'      => $list['schedule_hours'],
			'created_at_ms'       => $now_ms,
		);
		Sql::insert( 'lists', array( $row ) );
		return $list_uid;
	}

	/** Deletes a list with its companies, domains, aliases and staged rows. Figures of past runs stay. */
	public static function delete( string $list_uid ): void {
		Sql::run( 'DELETE FROM {lists} WHERE list_uid = %s', $list_uid );
		Sql::run( 'DELETE FROM {companies} WHERE list_uid = %s', $list_uid );
		Sql::run( 'DELETE FROM {company_domains} WHERE list_uid IN (%s, %s)', $list_uid, ListVersions::staged( $list_uid ) );
		Rules::delete_of_list( $list_uid );
		ListOrigin::delete( $list_uid );
	}

	/**
	 * Notes how the last look at a list ended.
	 *
	 * @param ListStatus $status
	 * @return bool False when there is no such list.
	 */
	public static function set_status( array $status, int $now_ms ): bool {
		if ( null === self::find( $status['list_uid'] ) ) {
			return false;
		}
		self::set(
			$status['list_uid'],
			array(
				'checked_at_ms'  => min( $now_ms, $status['checked_at_ms'] ),
				'error_code'     => $status['error_code'],
				'error_message'  => $status['error_message'],
				'rejected_count' => min( 2147483647, $status['rejected_count'] ),
				'rejections'     => array() === $status['rejections'] ? null : (string) wp_json_encode( $status['rejections'], JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE ),
			)
		);
		return true;
	}

	/**
	 * Sets columns of a list.
	 *
	 * @param array<string, int|string|bool|null> $values By column.
	 */
	public static function set( string $list_uid, array $values ): void {
		$set   = array();
		$given = array();
		foreach ( $values as $column => $value ) {
			$set[] = "`$column` = " . ( null === $value ? 'NULL' : ( is_string( $value ) ? '%s' : '%d' ) );
			if ( null !== $value ) {
				$given[] = is_bool( $value ) ? (int) $value : $value;
			}
		}
		Sql::run( 'UPDATE {lists} SET ' . implode( ', ', $set ) . ' WHERE list_uid = %s', ...array( ...$given, $list_uid ) );
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
		foreach ( self::enabled() as $list ) {
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
			'owner'             => $stored_list['owner'],
			'source'            => $stored_list['source'],
			'active_source'     => $stored_list['active_source'],
			'url'               => $stored_list['url'],
			'enabled'           => $stored_list['enabled'],
			'visible_to_visitors' => $stored_list['visible_to_visitors'],
			'schedule_hours'    => $stored_list['schedule_hours'],
			'active_version'    => $stored_list['active_version'],
			'active_sha256'     => $stored_list['active_sha256'],
			'row_count'         => $stored_list['row_count'],
			'rejected_count'    => $stored_list['rejected_count'],
			'rejections'        => $stored_list['rejections'],
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
			'owner'         => Contract::number( 'LIST_OWNERS', 'companion' ),
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
		/** @var list<Rejection> $rejections */
		$rejections = json_decode( $row['rejections'] ?? '[]', true );
		return array(
			'list_uid'             => (string) $row['list_uid'],
			'title'                => (string) $row['title'],
			'owner'                => Contract::word( 'LIST_OWNERS', (int) $row['owner'] ),
			'source'               => Contract::word( 'LIST_SOURCES', (int) $row['source'] ),
			'url'                  => (string) $row['url'],
			'enabled'              => '1' === (string) $row['enabled'],
			'visible_to_visitors'  => null === $row['visible_to_visitors'] ? self::DEFAULT_UID === $row['list_uid'] : '1' === (string) $row['visible_to_visitors'],
			'schedule_hours'       => (int) $row['schedule_hours'],
			'accept_shrunk'        => '1' === (string) $row['accept_shrunk'],
			'rejected_count'       => (int) $row['rejected_count'],
			'rejections'           => $rejections,
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
