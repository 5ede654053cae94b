<?php
declare( strict_types = 1 );

namespace Rollcall\Tests;

use Rollcall\Clock;
use Rollcall\Contract;
use Rollcall\Database\Monitors;
use Rollcall\Database\Transaction;

/** Monitors, and what a companion says of them, as the contract shapes them; only what matters is named. */
final class MonitorFactory {
	public const OPTIONS = array(
		'method'        => 'GET',
		'headers'       => array(),
		'body'          => '',
		'assertions'    => array(),
		'timeout_ms'    => 10_000,
		'grace_seconds' => 0,
	);

	/**
	 * A monitor as a person wants it.
	 *
	 * @param array<string, mixed> $changes
	 * @return array<string, mixed>
	 */
	public static function wanted( array $changes = array() ): array {
		return $changes + array(
			'name'             => '',
			'type'             => 'http',
			'url'              => 'https://www.example.com/',
			'active'           => true,
			'is_public'        => false,
			'interval_seconds' => 60,
			'options'          => self::OPTIONS,
		);
	}

	/**
	 * Stores a monitor.
	 *
	 * @param array<string, mixed> $changes
	 * @return string Its monitor_uid.
	 */
	public static function monitor( array $changes = array(), ?int $now_ms = null ): string {
		return self::monitors( 1, $changes, $now_ms )[0];
	}

	/**
	 * Stores many.
	 *
	 * @param array<string, mixed> $changes
	 * @return list<string> Their monitor_uids.
	 */
	public static function monitors( int $count, array $changes = array(), ?int $now_ms = null ): array {
		return Transaction::run( static fn (): array => Monitors::insert( array_fill( 0, $count, self::wanted( $changes ) ), $now_ms ?? Clock::now_ms() ) );
	}

	/**
	 * Checks of a monitor.
	 *
	 * @param list<string> $rows
	 * @return array<string, mixed>
	 */
	public static function checks( string $monitor_uid, array $rows, int $location_id = 1 ): array {
		return array(
			'monitor_uid' => $monitor_uid,
			'location_id' => $location_id,
			'rows'        => $rows,
		);
	}

	/** The row of a check. */
	public static function row( int $slot_ms, string $state = 'up', ?int $total_ms = 120 ): string {
		$code = array( 'up' => 'ok', 'degraded' => 'too_slow', 'down' => 'http_status', 'unknown' => 'missed' )[ $state ];
		return "$slot_ms," . Contract::number( 'MONITOR_STATES', $state ) . ',' . Contract::number( 'CHECK_CODES', $code )
			. ( 'unknown' === $state ? ',,,,,,,0,0,0' : ( 'down' === $state ? ',503' : ',200' ) . ",3,10,,80,5,$total_ms,1,0" );
	}

	/**
	 * The newest slot of a monitor.
	 *
	 * @param array<string, mixed> $changes
	 * @return array<string, mixed>
	 */
	public static function reading( string $monitor_uid, int $slot_ms, array $changes = array() ): array {
		return $changes + array(
			'monitor_uid'      => $monitor_uid,
			'slot_ms'          => $slot_ms,
			'state'            => 'up',
			'error_code'       => 'ok',
			'error_message'    => '',
			'status_code'      => 200,
			'response_time_ms' => 120,
			'is_confirming'    => false,
			'mail_state'       => null,
		);
	}

	/**
	 * A decision of the judge.
	 *
	 * @param array<string, mixed> $changes
	 * @return array<string, mixed>
	 */
	public static function change( string $monitor_uid, int $seq, int $changed_at_ms, string $state, array $changes = array() ): array {
		return $changes + array(
			'monitor_uid'   => $monitor_uid,
			'judge_epoch'   => 1,
			'seq'           => $seq,
			'changed_at_ms' => $changed_at_ms,
			'kind'          => 'confirmed',
			'state'         => $state,
			'error_code'    => array( 'up' => 'ok', 'degraded' => 'too_slow', 'down' => 'http_status', 'unknown' => 'self_offline' )[ $state ],
			'message'       => 'down' === $state ? 'GET https://www.example.com answered 503.' : '',
		);
	}

	/**
	 * An incident.
	 *
	 * @param array<string, mixed> $changes
	 * @return array<string, mixed>
	 */
	public static function incident( string $monitor_uid, int $opened_at_ms, array $changes = array() ): array {
		return $changes + array(
			'incident_uid'   => md5( "$monitor_uid $opened_at_ms" ),
			'monitor_uid'    => $monitor_uid,
			'judge_epoch'    => 1,
			'opened_at_ms'   => $opened_at_ms,
			'error_code'     => 'http_status',
			'message'        => 'GET https://www.example.com answered 503.',
			'resolved_at_ms' => null,
			'resolved_by'    => null,
			'group_uid'      => null,
			'is_flapping'    => false,
			'judged_at_ms'   => $opened_at_ms + 30_000,
		);
	}
}
