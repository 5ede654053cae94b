<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Contract;

/**
 * What is watched. Each change of what the companion has to know raises the revision, which is one count for all monitors;
 * such methods go into a transaction, so that revisions become visible in their order.
 *
 * @phpstan-import-type MonitorOptions from \Rollcall\Contract\Shapes
 * @phpstan-type StoredMonitor array{monitor_id: int, monitor_uid: string, revision: int, url: string, name: string, active: bool, type: string, interval_seconds: int, options: MonitorOptions, is_public: bool, is_polite: bool, list_uid: string|null, source_id: string|null, push_token: string|null, last_beat_at_ms: int|null, created_at_ms: int, deleted_at_ms: int|null, state: string, state_since_ms: int|null, known_until_ms: int, last_slot_ms: int|null, last_state: string|null, last_status_code: int|null, last_response_time_ms: int|null, last_error_code: string|null, last_error_message: string|null, is_confirming: bool, mail_state: string|null}
 * @phpstan-type NewMonitor array{name: string, type: string, url: string, active: bool, is_public: bool, interval_seconds: int, options: MonitorOptions, is_polite?: bool, list_uid?: string|null, source_id?: string|null}
 */
final class Monitors {
	/** The named query of active URLs: nothing else says what is checked. Deleted monitors are not active. */
	public const ACTIVE = 'FROM {monitors} m WHERE m.active = 1';

	/** Name of the count of changes. */
	private const REVISION = 'monitors_revision';

	/** Columns that update() may set. */
	private const COLUMNS = array( 'name', 'type', 'url', 'active', 'is_public', 'is_polite', 'interval_seconds', 'options', 'list_uid', 'source_id' );

	/** Columns of words, and their vocabularies. */
	private const WORDS = array(
		'type'            => 'CHECK_TYPES',
		'state'           => 'MONITOR_STATES',
		'last_state'      => 'MONITOR_STATES',
		'last_error_code' => 'CHECK_CODES',
		'mail_state'      => 'MAIL_STATES',
	);

	private const FLAGS = array( 'active', 'is_public', 'is_polite', 'is_confirming' );

	private const TEXTS = array( 'monitor_uid', 'url', 'name', 'list_uid', 'source_id', 'push_token', 'last_error_message' );

	/**
	 * Which of these are active, in the order in which they were added.
	 *
	 * @param non-empty-list<string> $monitor_uids At most 500.
	 * @return list<string>
	 */
	public static function active_among( array $monitor_uids ): array {
		return Sql::column( 'SELECT monitor_uid ' . self::ACTIVE . ' AND monitor_uid IN (' . Sql::places( count( $monitor_uids ), '%s' ) . ') ORDER BY monitor_id', ...$monitor_uids );
	}

	/** How many are active. */
	public static function active_count(): int {
		return (int) Sql::value( 'SELECT COUNT(*) ' . self::ACTIVE );
	}

	/**
	 * Adds monitors; goes into a transaction. A push monitor gets its token here.
	 *
	 * @param list<NewMonitor> $monitors Checked before: urls and lengths.
	 * @return list<string> Their monitor_uids, in the order given.
	 */
	public static function insert( array $monitors, int $now_ms ): array {
		$revision = self::raise( count( $monitors ) ) - count( $monitors );
		$rows     = array();
		foreach ( $monitors as $monitor ) {
			$rows[] = array(
				'monitor_uid'      => bin2hex( random_bytes( 16 ) ),
				'revision'         => ++$revision,
				'url'              => $monitor['url'],
				'name'             => $monitor['name'],
				'active'           => $monitor['active'],
				'type'             => Contract::number( 'CHECK_TYPES', $monitor['type'] ),
				'interval_seconds' => $monitor['interval_seconds'],
				'options'          => self::options( $monitor['options'] ),
				'is_public'        => $monitor['is_public'],
				'is_polite'        => $monitor['is_polite'] ?? false,
				'list_uid'         => $monitor['list_uid'] ?? null,
				'source_id'        => $monitor['source_id'] ?? null,
				'push_token'       => 'push' === $monitor['type'] ? bin2hex( random_bytes( 16 ) ) : null,
				'created_at_ms'    => $now_ms,
				'state'            => Contract::number( 'MONITOR_STATES', 'unknown' ),
			);
		}
		Sql::insert( 'monitors', $rows );
		return array_column( $rows, 'monitor_uid' );
	}

	/**
	 * Sets columns of a monitor and raises its revision; goes into a transaction. One that becomes a push monitor gets a token.
	 *
	 * @param array<string, mixed> $values By column of NewMonitor.
	 * @return bool False when there is no such monitor.
	 */
	public static function update( string $monitor_uid, array $values ): bool {
		$monitor = self::find( $monitor_uid );
		if ( null === $monitor ) {
			return false;
		}
		if ( 'push' === ( $values['type'] ?? null ) && null === $monitor['push_token'] ) {
			Sql::run( 'UPDATE {monitors} SET push_token = %s WHERE monitor_id = %d', bin2hex( random_bytes( 16 ) ), $monitor['monitor_id'] );
		}
		$set   = array( 'revision = %d' );
		$given = array( self::raise( 1 ) );
		foreach ( $values as $column => $value ) {
			if ( ! in_array( $column, self::COLUMNS, true ) ) {
				throw new \LogicException( "monitors.$column is not set here." );
			}
			$value = match ( true ) {
				is_array( $value ) => self::options( $value ),
				'type' === $column && is_string( $value ) => Contract::number( 'CHECK_TYPES', $value ),
				is_bool( $value ) => (int) $value,
				is_int( $value ), is_string( $value ), null === $value => $value,
				default => throw new \LogicException( "monitors.$column is a text, a number or a list." ),
			};
			$set[] = null === $value ? "$column = NULL" : "$column = " . ( is_int( $value ) ? '%d' : '%s' );
			if ( null !== $value ) {
				$given[] = $value;
			}
		}
		Sql::run( 'UPDATE {monitors} SET ' . implode( ', ', $set ) . ' WHERE monitor_id = %d', ...array( ...$given, $monitor['monitor_id'] ) );
		return true;
	}

	/**
	 * Deletes a monitor; goes into a transaction. Its row stays without what may be secret, so that the companion hears of it;
	 * pruning takes the rest.
	 *
	 * @return bool False when there is no such monitor.
	 */
	public static function delete( string $monitor_uid, int $now_ms ): bool {
		$monitor = self::find( $monitor_uid );
		if ( null === $monitor ) {
			return false;
		}
		$options = self::options( array( 'headers' => array(), 'body' => '' ) + $monitor['options'] );
		Sql::run( 'UPDATE {monitors} SET active = 0, is_public = 0, push_token = NULL, options = %s, deleted_at_ms = %d, revision = %d WHERE monitor_id = %d', $options, $now_ms, self::raise( 1 ), $monitor['monitor_id'] );
		return true;
	}

	/**
	 * One monitor; a deleted one is none.
	 *
	 * @return StoredMonitor|null
	 */
	public static function find( string $monitor_uid ): ?array {
		$row = Sql::row( 'SELECT * FROM {monitors} WHERE monitor_uid = %s AND deleted_at_ms IS NULL', $monitor_uid );
		return null === $row ? null : self::item( $row );
	}

	/** The count of changes; a companion that knows a higher one has it from before a backup was restored. */
	public static function revision(): int {
		return (int) Sql::value( 'SELECT value FROM {kv} WHERE name = %s', self::REVISION );
	}

	/**
	 * Monitors of which the companion has to hear, also deleted ones, in the order of their revisions.
	 *
	 * @return list<StoredMonitor>
	 */
	public static function changed_since( int $revision, int $limit ): array {
		return array_map( array( self::class, 'item' ), Sql::rows( 'SELECT * FROM {monitors} WHERE revision > %d ORDER BY revision LIMIT %d', $revision, $limit ) );
	}

	/** The push monitor that has this token; null when none has. */
	public static function of_token( string $push_token ): ?int {
		$monitor_id = 1 !== preg_match( '/^[0-9a-f]{32}$/D', $push_token ) ? null : Sql::value(
			'SELECT monitor_id FROM {monitors} WHERE push_token = %s AND type = %d AND deleted_at_ms IS NULL',
			$push_token,
			Contract::number( 'CHECK_TYPES', 'push' )
		);
		return null === $monitor_id ? null : (int) $monitor_id;
	}

	/** Notes a beat; never one that is older than the newest. */
	public static function set_beat( int $monitor_id, int $now_ms ): void {
		Sql::run( 'UPDATE {monitors} SET last_beat_at_ms = %d WHERE monitor_id = %d AND (last_beat_at_ms IS NULL OR last_beat_at_ms < %d)', $now_ms, $monitor_id, $now_ms );
	}

	/**
	 * Beats of an instant after `after_ms` and up to `until_ms`; the oldest, or the newest of them, in the order of time.
	 *
	 * @return list<array{monitor_uid: string, beat_at_ms: int}>
	 */
	public static function beats( int $after_ms, int $until_ms, int $limit, bool $newest = false ): array {
		$order = $newest ? 'DESC' : 'ASC';
		$rows  = Sql::rows(
			"SELECT monitor_uid, last_beat_at_ms FROM {monitors} WHERE last_beat_at_ms > %d AND last_beat_at_ms <= %d AND deleted_at_ms IS NULL ORDER BY last_beat_at_ms $order, monitor_id $order LIMIT %d",
			$after_ms,
			$until_ms,
			$limit
		);
		$beats = array_map(
			static fn ( array $row ): array => array(
				'monitor_uid' => (string) $row['monitor_uid'],
				'beat_at_ms'  => (int) $row['last_beat_at_ms'],
			),
			$rows
		);
		return $newest ? array_reverse( $beats ) : $beats;
	}

	/**
	 * A row of the table, with its words.
	 *
	 * @param array<string, string|null> $row Every column.
	 * @return StoredMonitor
	 */
	public static function item( array $row ): array {
		$item = array();
		foreach ( $row as $column => $value ) {
			$item[ $column ] = match ( true ) {
				'options' === $column => json_decode( (string) $value, true, 8, JSON_THROW_ON_ERROR ),
				in_array( $column, self::FLAGS, true ) => 1 === (int) $value,
				isset( self::WORDS[ $column ] ) => Contract::word_or_null( self::WORDS[ $column ], $value ),
				null === $value, in_array( $column, self::TEXTS, true ) => $value,
				default => (int) $value,
			};
		}
		/** @var StoredMonitor $item */
		return $item;
	}

	/** Keeps everyone else from changing monitors until the transaction ends; the first statement of one that looks before it adds. */
	public static function hold(): void {
		self::raise( 0 );
	}

	/** Adds to the count of changes and gives it back; who comes second waits until the first has committed. */
	private static function raise( int $by ): int {
		if ( ! Transaction::is_open() ) {
			throw new \LogicException( 'Monitors are changed in a transaction.' );
		}
		$raised = self::raised( $by );
		if ( null === $raised ) {
			$row = array(
				'name'          => self::REVISION,
				'value'         => '0',
				'updated_at_ms' => 0,
			);
			Sql::insert( 'kv', array( $row ), ignore: true );
			$raised = self::raised( $by );
		}
		return (int) $raised;
	}

	/** Updated before it is inserted: INSERT IGNORE of a row that is there takes a lock that two may share, and neither gets on. */
	private static function raised( int $by ): ?string {
		Sql::run( 'UPDATE {kv} SET value = CAST(value AS SIGNED) + %d WHERE name = %s', $by, self::REVISION );
		return Sql::value( 'SELECT value FROM {kv} WHERE name = %s', self::REVISION );
	}

	/** @param array<mixed> $options */
	private static function options( array $options ): string {
		return (string) wp_json_encode( $options, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE );
	}
}
