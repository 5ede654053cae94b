<?php
declare( strict_types = 1 );

namespace Rollcall\Tests;

/** Monitors with valid defaults; a test names only what it is about. */
final class PlantedMonitors {
	/**
	 * Vitals of a companion that does well.
	 *
	 * @param array<string, mixed> $fields
	 * @return array<string, mixed>
	 */
	public static function vitals( array $fields = array() ): array {
		return array_merge(
			array(
				'started_at_ms'       => Planted::NOW_MS,
				'monitor_count'       => 3,
				'running_count'       => 0,
				'waiting_count'       => 0,
				'stalled_count'       => 0,
				'unsent_count'        => 0,
				'oldest_unsent_at_ms' => null,
				'dropped_count'       => 0,
				'dead_letter_count'   => 0,
				'quarantine_count'    => 0,
				'disk_full'           => false,
				'offline_since_ms'    => null,
				'clock_jumped_at_ms'  => null,
				'suspended_at_ms'     => null,
				'loop_lag_ms'         => 1,
				'dead_man_at_ms'      => null,
				'dead_man_error'      => null,
			),
			$fields
		);
	}
}
