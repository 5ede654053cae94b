<?php
declare( strict_types = 1 );

namespace Rollcall\Database;

use Rollcall\Clock;
use Rollcall\Contract;
use Rollcall\Rest\Push;
use Rollcall\Status\MonitorRequest;
use Rollcall\Status\MonitorState;
use Rollcall\Status\Silence;

/**
 * Monitors as screens show them. A page costs the same number of statements however many rows it has.
 *
 * @phpstan-import-type Monitor from \Rollcall\Contract\Shapes
 * @phpstan-import-type StoredMonitor from Monitors
 * @phpstan-type MonitorFilters array{search: string, state: list<string>, type: list<string>}
 */
final class MonitorRows {
	/** Words of orderby and what they sort by; `{state}` is the screen's state. Ties go by identity, so that pages never overlap. */
	public const ORDER = array(
		'name'            => 'm.name',
		'state'           => 'CASE {state} WHEN 3 THEN 1 WHEN 2 THEN 2 WHEN 7 THEN 3 WHEN 4 THEN 4 WHEN 1 THEN 5 ELSE 6 END',
		'type'            => 'm.type',
		'response_time'   => 'm.last_response_time_ms',
		'last_checked_at' => 'm.last_slot_ms',
		'created_at'      => 'm.created_at_ms',
	);

	/**
	 * A page of monitors, deleted ones apart.
	 *
	 * @param MonitorFilters                                                 $filters
	 * @param array{orderby: string, order: string, limit: int, offset: int} $page
	 * @return array{items: list<Monitor>, total: int}
	 */
	public static function page( array $filters, array $page, bool $may_manage, int $now_ms ): array {
		$is_silent          = self::is_silent( $now_ms );
		$state              = self::state_sql( $is_silent, $now_ms );
		[ $where, $values ] = self::where( $filters, $state );
		$by                 = str_replace( '{state}', $state, self::ORDER[ $page['orderby'] ] ?? self::ORDER['name'] );
		$order              = 'desc' === $page['order'] ? 'DESC' : 'ASC';
		$total              = (int) Sql::value( "SELECT COUNT(*) FROM {monitors} m WHERE $where", ...$values );
		$rows               = Sql::rows( "SELECT m.* FROM {monitors} m WHERE $where ORDER BY $by $order, m.monitor_id $order LIMIT %d OFFSET %d", ...array( ...$values, $page['limit'], $page['offset'] ) );
		return array(
			'items' => self::items( array_map( array( Monitors::class, 'item' ), $rows ), $may_manage, $is_silent, $now_ms ),
			'total' => $total,
		);
	}

	/**
	 * One monitor as the list has it.
	 *
	 * @param StoredMonitor $monitor
	 * @return Monitor
	 */
	public static function one( array $monitor, bool $may_manage, int $now_ms ): array {
		return self::items( array( $monitor ), $may_manage, self::is_silent( $now_ms ), $now_ms )[0];
	}

	/**
	 * Monitors with a reading after a slot, in the order of their slots.
	 *
	 * @param list<string> $monitor_uids At most 500; none means all.
	 * @return list<StoredMonitor>
	 */
	public static function read_after( array $monitor_uids, int $slot_ms, int $limit ): array {
		$among = array() === $monitor_uids ? '' : ' AND m.monitor_uid IN (' . Sql::places( count( $monitor_uids ), '%s' ) . ')';
		$rows  = Sql::rows(
			"SELECT m.* FROM {monitors} m WHERE m.deleted_at_ms IS NULL AND m.last_slot_ms > %d$among ORDER BY m.last_slot_ms, m.monitor_id LIMIT %d",
			...array( $slot_ms, ...$monitor_uids, $limit )
		);
		return array_map( array( Monitors::class, 'item' ), $rows );
	}

	/**
	 * Which targets are watched already.
	 *
	 * @param list<string> $urls At most 500; an empty one is none.
	 * @return array<string, true> By type, blank and target.
	 */
	public static function watched( array $urls ): array {
		$watched = array();
		$urls    = array_values( array_filter( $urls, static fn ( string $url ): bool => '' !== $url ) );
		foreach ( array() === $urls ? array() : Sql::rows( 'SELECT type, url FROM {monitors} WHERE deleted_at_ms IS NULL AND url IN (' . Sql::places( count( $urls ), '%s' ) . ')', ...$urls ) as $row ) {
			$watched[ Contract::word( 'CHECK_TYPES', (int) $row['type'] ) . ' ' . $row['url'] ] = true;
		}
		return $watched;
	}

	/**
	 * How many active monitors are in each screen state, by its word; states of none are left out.
	 *
	 * @return array<string, int>
	 */
	public static function counts( int $now_ms ): array {
		$counts = array();
		foreach ( Sql::rows( 'SELECT ' . self::state_sql( self::is_silent( $now_ms ), $now_ms ) . ' AS screen_state, COUNT(*) AS n ' . Monitors::ACTIVE . ' GROUP BY screen_state' ) as $row ) {
			$counts[ Contract::word( 'SCREEN_STATES', (int) $row['screen_state'] ) ] = (int) $row['n'];
		}
		return $counts;
	}

	/** The newest slot of any monitor; 0 when none was checked. */
	public static function newest_slot_ms(): int {
		return (int) Sql::value( 'SELECT MAX(last_slot_ms) FROM {monitors}' );
	}

	/** Whether nothing is known of now, since no companion calls. */
	public static function is_silent( int $now_ms ): bool {
		return Silence::holds( Companions::current(), $now_ms );
	}

	/** MonitorState::screen_state() as SQL: the number of the screen's state. */
	private static function state_sql( bool $is_silent, int $now_ms ): string {
		$number = static fn ( string $word ): int => Contract::number( 'SCREEN_STATES', $word );
		// As MonitorState::oldest_ms(): the same instant up to a length of the interval, then two intervals earlier for each more.
		$long = MonitorState::LONG_SECONDS;
		$old  = sprintf( 'm.known_until_ms < CASE WHEN m.interval_seconds > %1$d THEN %2$d - (m.interval_seconds - %1$d) * 2000 ELSE %2$d END', $long, MonitorState::oldest_ms( $long, $now_ms ) );
		return sprintf(
			'(CASE WHEN m.active = 0 THEN %d WHEN m.last_slot_ms IS NULL OR m.state = %d OR 1 = %d OR %s THEN %d WHEN m.is_confirming = 1 THEN %d WHEN m.state = %d THEN %d WHEN m.state = %d THEN %d ELSE %d END)',
			$number( 'paused' ),
			Contract::number( 'MONITOR_STATES', 'unknown' ),
			(int) $is_silent,
			$old,
			$number( 'no_reading' ),
			$number( 'confirming' ),
			Contract::number( 'MONITOR_STATES', 'up' ),
			$number( 'up' ),
			Contract::number( 'MONITOR_STATES', 'degraded' ),
			$number( 'degraded' ),
			$number( 'down' )
		);
	}

	/**
	 * @param MonitorFilters $filters
	 * @return array{string, list<int|string>} Condition and its values.
	 */
	private static function where( array $filters, string $state ): array {
		$where  = array( 'm.deleted_at_ms IS NULL' );
		$values = array();
		foreach ( array( 'type' => array( 'm.type', 'CHECK_TYPES' ), 'state' => array( $state, 'SCREEN_STATES' ) ) as $name => [ $column, $vocabulary ] ) {
			if ( array() !== $filters[ $name ] ) {
				$where[] = "$column IN (" . Sql::places( count( $filters[ $name ] ) ) . ')';
				$values  = array( ...$values, ...array_map( static fn ( string $word ): int => Contract::number( $vocabulary, $word ), $filters[ $name ] ) );
			}
		}
		if ( '' !== $filters['search'] ) {
			$like    = '%' . Sql::like( $filters['search'] ) . '%';
			$where[] = '(m.name LIKE %s OR m.url LIKE %s)';
			$values  = array( ...$values, $like, $like );
		}
		return array( implode( ' AND ', $where ), $values );
	}

	/**
	 * @param list<StoredMonitor> $monitors
	 * @return list<Monitor>
	 */
	private static function items( array $monitors, bool $may_manage, bool $is_silent, int $now_ms ): array {
		$ids       = array_column( $monitors, 'monitor_id' );
		$uptimes   = UptimeSums::of( $ids, $now_ms );
		$day       = UptimeSums::ratios( $uptimes['hours'] );
		$month     = UptimeSums::ratios( $uptimes['days'] );
		$companies = self::companies( $monitors );
		$items     = array();
		foreach ( $monitors as $monitor ) {
			$items[] = array(
				'monitor_uid'           => $monitor['monitor_uid'],
				'name'                  => $monitor['name'],
				'type'                  => $monitor['type'],
				'url'                   => $monitor['url'],
				'active'                => $monitor['active'],
				'is_public'             => $monitor['is_public'],
				'is_polite'             => $monitor['is_polite'],
				'interval_seconds'      => $monitor['interval_seconds'],
				'options'               => $may_manage ? $monitor['options'] : MonitorRequest::masked( $monitor['options'] ),
				'push_url'              => $may_manage && 'push' === $monitor['type'] && null !== $monitor['push_token'] ? Push::url( $monitor['push_token'] ) : null,
				'last_beat_at'          => Clock::iso_or_null( $monitor['last_beat_at_ms'] ),
				'company'               => self::company( $monitor, $companies ),
				'screen_state'          => self::screen_state( $monitor, $is_silent, $now_ms ),
				'state'                 => $monitor['state'],
				'state_since'           => Clock::iso_or_null( $monitor['state_since_ms'] ),
				'known_until'           => Clock::iso_or_null( 0 === $monitor['known_until_ms'] ? null : $monitor['known_until_ms'] ),
				'last_checked_at'       => Clock::iso_or_null( $monitor['last_slot_ms'] ),
				'last_state'            => $monitor['last_state'],
				'last_status_code'      => $monitor['last_status_code'],
				'last_response_time_ms' => $monitor['last_response_time_ms'],
				'last_error_code'       => $monitor['last_error_code'],
				'last_error_message'    => (string) $monitor['last_error_message'],
				'mail_state'            => $monitor['mail_state'],
				'uptime_24h'            => $day[ $monitor['monitor_id'] ] ?? null,
				'uptime_30d'            => $month[ $monitor['monitor_id'] ] ?? null,
				'created_at'            => Clock::iso( $monitor['created_at_ms'] ),
			);
		}
		/** @var list<Monitor> $items The words come from the contract. */
		return $items;
	}

	/**
	 * What to say of a stored monitor.
	 *
	 * @param array{active: bool, state: string, last_slot_ms: int|null, known_until_ms: int, interval_seconds: int, is_confirming: bool} $monitor
	 */
	public static function screen_state( array $monitor, bool $is_silent, int $now_ms ): string {
		return MonitorState::screen_state( $monitor['active'], $monitor['state'], $monitor['last_slot_ms'], $monitor['known_until_ms'], $monitor['interval_seconds'], $monitor['is_confirming'], $is_silent, $now_ms );
	}

	/**
	 * @param list<StoredMonitor> $monitors
	 * @return array<string, array{name: string, batch: string, status: string, industry: string, one_liner: string, website_origin: string|null}>
	 */
	private static function companies( array $monitors ): array {
		$linked = array();
		foreach ( $monitors as $monitor ) {
			if ( null !== $monitor['list_uid'] && null !== $monitor['source_id'] ) {
				$linked[] = array( 'list_uid' => $monitor['list_uid'], 'source_id' => $monitor['source_id'] );
			}
		}
		return ListedCompanies::of( $linked );
	}

	/**
	 * @param StoredMonitor                      $monitor
	 * @param array<string, array{name: string, batch: string, status: string, industry: string, one_liner: string, website_origin: string|null}> $companies
	 * @return array{list_uid: string, source_id: string, name: string}|null
	 */
	private static function company( array $monitor, array $companies ): ?array {
		if ( null === $monitor['list_uid'] || null === $monitor['source_id'] ) {
			return null;
		}
		$company = array( 'list_uid' => $monitor['list_uid'], 'source_id' => $monitor['source_id'] );
		return $company + array( 'name' => $companies[ ListedCompanies::key( $company ) ]['name'] ?? $monitor['name'] );
	}
}
