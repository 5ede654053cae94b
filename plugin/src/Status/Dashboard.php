<?php
declare( strict_types = 1 );

namespace Rollcall\Status;

use Rollcall\Clock;
use Rollcall\Contract;

/**
 * Figures of the public monitors, in the order of STATS.
 *
 * @phpstan-import-type Dashboard from \Rollcall\Contract\Shapes as DashboardShape
 * @phpstan-import-type Seen from Snapshot
 */
final class Dashboard {
	/**
	 * The `dashboard` shape. Without a snapshot the same figures without any value: nothing is claimed that is not known.
	 *
	 * @param Seen|null $seen
	 * @return DashboardShape
	 */
	public static function of( ?array $seen, int $now_ms ): array {
		$stats = array();
		foreach ( Contract::words( 'STATS' ) as $key ) {
			$stats[] = array(
				'key'   => $key,
				'label' => self::label( $key ),
				'value' => $seen['figures'][ $key ] ?? null,
				'unit'  => self::unit( $key ),
			);
		}
		/** @var DashboardShape $dashboard */
		$dashboard = array(
			'stats'        => $stats,
			'is_default'   => null === $seen,
			'generated_at' => Clock::iso( $seen['generated_at_ms'] ?? $now_ms ),
		);
		return $dashboard;
	}

	/** What a figure is called. */
	private static function label( string $key ): string {
		return match ( $key ) {
			'monitors'              => __( 'Monitors', 'rollcall' ),
			'up', 'degraded', 'down', 'no_reading' => StateWords::of( $key ),
			'uptime_24h'            => __( 'Uptime, 24 hours', 'rollcall' ),
			'uptime_30d'            => __( 'Uptime, 30 days', 'rollcall' ),
			'response_time_p95_24h' => __( 'Response time of 95 % of the checks, 24 hours', 'rollcall' ),
			'open_incidents'        => __( 'Open incidents', 'rollcall' ),
			default                 => throw new \LogicException( "The dashboard has no words for $key." ),
		};
	}

	/** Word of STAT_UNITS. */
	private static function unit( string $key ): string {
		return match ( $key ) {
			'uptime_24h', 'uptime_30d' => 'percent',
			'response_time_p95_24h'    => 'seconds',
			'open_incidents'           => 'incidents',
			default                    => 'monitors',
		};
	}
}
