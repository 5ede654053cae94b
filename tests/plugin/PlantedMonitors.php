<?php
declare( strict_types = 1 );

namespace Rollcall\Tests;

use Rollcall\Contract;
use Rollcall\Database\Companions;
use Rollcall\Database\Sql;

/** Monitors with valid defaults; a test names only what it is about. */
final class PlantedMonitors {
	private static int $planted = 0;

	/**
	 * A public active monitor that is up; its number.
	 *
	 * @param array<string, int|string|null> $fields Columns that differ; state and last_state as words.
	 */
	public static function monitor( string $name, array $fields = array(), int $now_ms = Planted::NOW_MS ): int {
		foreach ( array( 'state', 'last_state' ) as $column ) {
			if ( isset( $fields[ $column ] ) ) {
				$fields[ $column ] = Contract::number( 'MONITOR_STATES', (string) $fields[ $column ] );
			}
		}
		Sql::insert(
			'monitors',
			array(
				array_merge(
					array(
						'monitor_uid'           => md5( $name . ++self::$planted ),
						'revision'              => self::$planted,
						'url'                   => 'https://inside.example/secret-path',
						'name'                  => $name,
						'active'                => 1,
						'type'                  => 1,
						'interval_seconds'      => 60,
						'options'               => '{"method":"GET","headers":[{"name":"X-Key","value":"secret-header"}],"body":"","assertions":[],"timeout_ms":10000,"grace_seconds":0}',
						'is_public'             => 1,
						'created_at_ms'         => $now_ms - 86_400_000,
						'state'                 => 1,
						'state_since_ms'        => $now_ms - 3_600_000,
						'known_until_ms'        => $now_ms - 30_000,
						'last_slot_ms'          => $now_ms - 30_000,
						'last_state'            => 1,
						'last_status_code'      => 200,
						'last_response_time_ms' => 412,
						'last_error_code'       => 2,
						'last_error_message'    => 'GET https://10.0.0.7/secret-message answered 503.',
					),
					$fields
				),
			)
		);
		return (int) Sql::value( 'SELECT MAX(monitor_id) FROM {monitors}' );
	}

	/** A companion that called at an instant. */
	public static function companion( int $last_seen_ms = Planted::NOW_MS ): void {
		Companions::pair( 'abcdefabcdefabcd', 'abcdefabcdefabcd-1', '0.2.0', 1, null, $last_seen_ms - 86_400_000 );
		Companions::update( 'abcdefabcdefabcd', array( 'last_seen_ms' => $last_seen_ms, 'next_expected_ms' => $last_seen_ms + 60_000 ) );
	}

	/** An hour of uptime, or with `daily` a day. */
	public static function bucket( int $monitor_id, int $bucket_ms, int $up_ms, int $down_ms = 0, int $degraded_ms = 0, string $histogram = '', string $buckets = 'hourly' ): void {
		Sql::insert(
			"uptime_$buckets",
			array(
				array(
					'monitor_id'     => $monitor_id,
					'bucket_ms'      => $bucket_ms,
					'up_ms'          => $up_ms,
					'degraded_ms'    => $degraded_ms,
					'down_ms'        => $down_ms,
					'unknown_ms'     => 0,
					'maintenance_ms' => 0,
					'check_count'    => 60,
					'failed_count'   => 0,
					'histogram'      => $histogram,
				),
			)
		);
	}

	/** An incident, open unless it was resolved at an instant. */
	public static function incident( int $monitor_id, ?int $resolved_at_ms = null, int $opened_at_ms = Planted::NOW_MS - 3_600_000 ): void {
		Sql::insert(
			'incidents',
			array(
				array(
					'incident_uid'   => bin2hex( random_bytes( 16 ) ),
					'monitor_id'     => $monitor_id,
					'judge_epoch'    => 1,
					'opened_at_ms'   => $opened_at_ms,
					'error_code'     => 2,
					'message'        => 'GET https://10.0.0.7/secret-message answered 503.',
					'resolved_at_ms' => $resolved_at_ms,
					'resolved_by'    => null === $resolved_at_ms ? null : 1,
					'group_uid'      => null,
					'is_flapping'    => 0,
					'judged_at_ms'   => $opened_at_ms,
				),
			)
		);
	}

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
