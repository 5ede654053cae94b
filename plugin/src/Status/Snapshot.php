<?php
declare( strict_types = 1 );

namespace Rollcall\Status;

use Rollcall\Contract;
use Rollcall\Database\Companions;
use Rollcall\Database\PublicMonitors;
use Rollcall\Database\VisitorReading;
use Rollcall\RollcallError;

/**
 * The one reader of what visitors may see: public active monitors with a name, a state and figures. No address, header or
 * message of a check is read at all.
 *
 * @phpstan-import-type Uptimes from PublicUptime
 * @phpstan-type PublicMonitor array{name: string, screen_state: string, since_ms: int|null, uptime_30d: float|null, response_time_ms: int|null, last_checked_ms: int|null}
 * @phpstan-type Figures array<string, int|float|null>
 * @phpstan-type Seen array{monitors: list<PublicMonitor>, figures: Figures, is_silent: bool, known_until_ms: int|null, generated_at_ms: int}
 */
final class Snapshot {
	/** States whose newest response time is of now. */
	private const ANSWERS = array( 'up', 'degraded', 'confirming' );

	/**
	 * What visitors may see, or null when it cannot be read, which the log tells: a page for visitors never fails of it.
	 *
	 * @return Seen|null
	 */
	public static function or_null( int $now_ms ): ?array {
		try {
			return VisitorReading::impatient( static fn(): array => self::read( $now_ms ) );
		} catch ( \Throwable $error ) {
			$code = $error instanceof RollcallError ? $error->error_code : get_class( $error );
			// phpcs:ignore WordPress.PHP.DevelopmentFunctions.error_log_error_log -- a visitor cannot mend it.
			error_log( "Rollcall: Public dashboard error: Status data is not available yet. $code: " . $error->getMessage() );
			return null;
		}
	}

	/**
	 * The same.
	 *
	 * @return Seen
	 * @throws RollcallError `tables_missing`, `database_busy` or `database_full`.
	 */
	public static function read( int $now_ms ): array {
		VisitorReading::check();
		$companion = Companions::current();
		$is_silent = Silence::holds( $companion, $now_ms );
		$rows      = PublicMonitors::rows();
		$ids       = array_column( $rows, 'monitor_id' );
		$uptimes   = PublicUptime::of( $ids, $now_ms );
		$counts    = array_fill_keys( array( 'up', 'degraded', 'down', 'no_reading' ), 0 );
		$monitors  = array();
		foreach ( $rows as $row ) {
			$state        = Contract::word( 'MONITOR_STATES', $row['state'] );
			$screen_state = MonitorState::screen_state( true, $state, $row['last_slot_ms'], $row['known_until_ms'], $row['interval_seconds'], $row['is_confirming'], $is_silent, $now_ms );
			// While a change is confirmed the state before it holds.
			++$counts[ 'confirming' === $screen_state ? $state : $screen_state ];
			$monitors[] = self::monitor( $row, $state, $screen_state, PublicUptime::percent( $uptimes['days'][ $row['monitor_id'] ] ?? array( 0, 0 ) ) );
		}
		$known_until_ms = max( 0, 0, ...array_column( $rows, 'known_until_ms' ) );
		return array(
			'monitors'        => $monitors,
			'figures'         => array( 'monitors' => count( $rows ) ) + $counts + self::figures( $uptimes ),
			'is_silent'       => $is_silent,
			'known_until_ms'  => Silence::since_ms( $companion, $now_ms ) ?? ( 0 === $known_until_ms ? null : $known_until_ms ),
			'generated_at_ms' => $now_ms,
		);
	}

	/**
	 * @param array{name: string, state_since_ms: int|null, known_until_ms: int, last_slot_ms: int|null, last_response_time_ms: int|null} $row
	 * @return PublicMonitor
	 */
	private static function monitor( array $row, string $state, string $screen_state, ?float $uptime_30d ): array {
		$since_ms = match ( $screen_state ) {
			'no_reading' => 'unknown' === $state ? $row['state_since_ms'] : ( 0 === $row['known_until_ms'] ? null : $row['known_until_ms'] ),
			// Since when the state before it holds would be read as its own time.
			'confirming' => null,
			default      => $row['state_since_ms'],
		};
		return array(
			'name'             => $row['name'],
			'screen_state'     => $screen_state,
			'since_ms'         => $since_ms,
			'uptime_30d'       => $uptime_30d,
			'response_time_ms' => in_array( $screen_state, self::ANSWERS, true ) ? $row['last_response_time_ms'] : null,
			'last_checked_ms'  => $row['last_slot_ms'],
		);
	}

	/**
	 * Figures of all of them together: times are added up before they are divided.
	 *
	 * @param Uptimes $uptimes
	 * @return Figures
	 */
	private static function figures( array $uptimes ): array {
		return array(
			'uptime_24h'            => PublicUptime::percent( self::sum( $uptimes['hours'] ) ),
			'uptime_30d'            => PublicUptime::percent( self::sum( $uptimes['days'] ) ),
			'response_time_p95_24h' => null === $uptimes['p95_ms'] ? null : $uptimes['p95_ms'] / 1000,
			'open_incidents'        => PublicMonitors::open_incident_count(),
		);
	}

	/**
	 * @param array<int, array{int, int}> $sums
	 * @return array{int, int}
	 */
	private static function sum( array $sums ): array {
		return array( array_sum( array_column( $sums, 0 ) ), array_sum( array_column( $sums, 1 ) ) );
	}
}
