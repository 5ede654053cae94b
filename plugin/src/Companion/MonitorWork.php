<?php
declare( strict_types = 1 );

namespace Rollcall\Companion;

/**
 * What an exchange hands to the companion for monitoring.
 *
 * @phpstan-import-type Exchange from \Rollcall\Contract\Shapes
 * @phpstan-import-type ExchangePayload from \Rollcall\Contract\Shapes
 */
final class MonitorWork {
	/** Owners of sites may look here who calls. */
	private const CONTACT_PATH = '/';

	/**
	 * The monitoring part of `work`.
	 *
	 * @param array{domains_after: int, monitors_revision: int, beats_after_ms: int} $cursors
	 * @return array{monitors: null, beats: list<array{monitor_uid: string, beat_at_ms: int}>, heard_until_ms: int, dead_man_url: string, contact_url: string}
	 */
	public static function of( array $cursors, int $now_ms ): array {
		return array(
			'monitors'       => null,
			'beats'          => array(),
			'heard_until_ms' => $now_ms,
			'dead_man_url'   => '',
			'contact_url'    => home_url( self::CONTACT_PATH ),
		);
	}
}
