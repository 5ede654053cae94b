<?php
declare( strict_types = 1 );

namespace Rollcall\Rest;

use Rollcall\Capabilities;
use Rollcall\Clock;
use Rollcall\Database\Companions;
use Rollcall\Database\Incidents;
use Rollcall\Database\Monitors;
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
		return array(
			'is_connected'        => null !== $companion,
			'no_data_since'       => Clock::iso_or_null( Silence::since_ms( $companion, $now_ms ) ),
			'last_seen_at'        => Clock::iso_or_null( $companion['last_seen_ms'] ?? null ),
			'monitor_count'       => Monitors::active_count(),
			'open_incident_count' => Incidents::open_count(),
			'vitals'              => Vitals::of( $companion, $now_ms )['vitals'] ?? null,
		);
	}
}
