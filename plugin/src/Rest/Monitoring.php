<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Capabilities;
use Rollcall\Clock;
use Rollcall\Database\Companions;
use Rollcall\Database\Incidents;
use Rollcall\Database\MonitorRows;
use Rollcall\Database\Monitors;
use Rollcall\Status\Losses;
use Rollcall\Status\Silence;
use Rollcall\Status\Vitals;

/**
 * How monitoring itself does.
 *
 * @phpstan-import-type Route from Resource
 * @phpstan-import-type Monitoring from \Rollcall\Contract\Shapes as MonitoringShape
 */
final class Monitoring {
	/** @return list<Route> */
	public static function routes(): array {
		return array(
			array(
				'route'      => '/monitoring',
				'methods'    => 'GET',
				'auth'       => 'admin',
				'capability' => Capabilities::VIEW,
				'callback'   => array( self::class, 'read' ),
				'schema'     => 'monitoring',
			),
		);
	}

	/**
	 * GET /monitoring.
	 *
	 * @return MonitoringShape
	 */
	public static function read(): array {
		$now_ms    = Clock::now_ms();
		$companion = Companions::current();
		$told      = Vitals::of( $companion, $now_ms );
		return array(
			'is_connected'        => null !== $companion,
			'no_data_since'       => Clock::iso_or_null( Silence::since_ms( $companion, $now_ms ) ),
			'last_seen_at'        => Clock::iso_or_null( $companion['last_seen_ms'] ?? null ),
			'monitor_count'       => Monitors::active_count(),
			'open_incident_count' => Incidents::open_count(),
			'state_counts'        => self::state_counts( $now_ms ),
			'lost_24h'            => $told['lost'] ?? Losses::NONE,
			'vitals'              => $told['vitals'] ?? null,
		);
	}

	/** @return array{up: int, degraded: int, confirming: int, down: int, no_reading: int} */
	private static function state_counts( int $now_ms ): array {
		$counts = MonitorRows::counts( $now_ms );
		return array(
			'up'         => $counts['up'] ?? 0,
			'degraded'   => $counts['degraded'] ?? 0,
			'confirming' => $counts['confirming'] ?? 0,
			'down'       => $counts['down'] ?? 0,
			'no_reading' => $counts['no_reading'] ?? 0,
		);
	}
}
